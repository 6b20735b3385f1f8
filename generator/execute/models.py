"""Models: a site's own model of front matter, as the child sees it: described as JSON Schema, and asked what is wrong."""

from __future__ import annotations

import dataclasses
import enum
import importlib
import re
import typing
from typing import Any

import msgspec

from generator.errors import did_you_mean

MISSING = "is missing, and the schema asks for it"


class ModelError(Exception):
    """A model that cannot be used, said in one sentence."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def model_of(name: str) -> Any:
    """Import the class that `module:Class` names. Raises ModelError when it is no model."""
    module_name, _, class_name = name.partition(":")
    module = importlib.import_module(module_name)
    model = getattr(module, class_name, None)
    if model is None:
        raise ModelError(
            f"schema: no “{class_name}” in module {module_name}", did_you_mean(class_name, dir(module))
        )
    if not (isinstance(model, type) and (dataclasses.is_dataclass(model) or is_pydantic(model))):
        raise ModelError(f"schema: {name} is neither a dataclass nor a pydantic model")
    return model


def is_pydantic(model: Any) -> bool:
    """Say whether a class is a model of pydantic, which is imported only by sites that use it."""
    return hasattr(model, "model_validate") and hasattr(model, "model_json_schema")


def described(name: str) -> dict[str, Any]:
    """Give `schema` (JSON Schema), `known` (keys) and `open` (whether other keys are welcome) of a model."""
    model = model_of(name)
    if is_pydantic(model):
        fields = model.model_fields
        known = [
            one.validation_alias if isinstance(one.validation_alias, str) else one.alias or key
            for key, one in fields.items()
        ]
        return {
            "schema": model.model_json_schema(),
            "known": known,
            "open": model.model_config.get("extra") == "allow",
        }
    try:
        schema = msgspec.json.schema(model)
    except (TypeError, NotImplementedError) as wrong:
        raise ModelError(f"schema: {name} has a type that cannot be described: {wrong}") from None
    return {"schema": schema, "known": [one.name for one in dataclasses.fields(model)], "open": False}


def mistakes(model: Any, values: dict[str, Any]) -> list[tuple[list[str | int], str, str]]:
    """Give all that is wrong with the values of a page: where (key, index …), what, hint."""
    return pydantic_mistakes(model, values) if is_pydantic(model) else dataclass_mistakes(model, values)


def pydantic_mistakes(model: Any, values: dict[str, Any]) -> list[tuple[list[str | int], str, str]]:
    """Ask a model of pydantic."""
    import pydantic

    try:
        model.model_validate(values)
    except pydantic.ValidationError as wrong:
        return [told(one) for one in wrong.errors(include_url=False)]
    return []


def told(found: Any) -> tuple[list[str | int], str, str]:
    """Put one error of pydantic into our words."""
    where = [*found["loc"]]
    if found["type"] == "missing":
        return where, MISSING, ""
    what = str(found["msg"])
    choices = re.findall(r"'([^']*)'", str(found.get("ctx", {}).get("expected", "")))
    hint = did_you_mean(str(found["input"]), choices) if choices else ""
    return where, what[:1].lower() + what[1:], hint


def dataclass_mistakes(model: Any, values: dict[str, Any], above: tuple[str, ...] = ()) -> list[Any]:
    """Compare values with the fields of a dataclass, and with those of dataclasses inside of it."""
    hints = typing.get_type_hints(model)
    found: list[tuple[list[str | int], str, str]] = []
    good: dict[str, Any] = {}
    for one in dataclasses.fields(model):
        where = (*above, one.name)
        if one.name not in values:
            if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING and one.init:
                found.append(([*where], MISSING, ""))
            continue
        value, hint = values[one.name], hints[one.name]
        if dataclasses.is_dataclass(hint) and isinstance(value, dict):
            known = [inner.name for inner in dataclasses.fields(hint)]
            wrong = "is no key that the schema knows"
            found += [([*where, k], wrong, did_you_mean(str(k), known)) for k in value if k not in known]
            inside = dataclass_mistakes(hint, value, where)
            found += inside
            if inside:
                continue
        try:
            good[one.name] = converted(value, hint)
        except msgspec.ValidationError as refused:
            path = [int(n) for n in re.findall(r"\[(\d+)\]", str(refused).partition(" - at ")[2])]
            found.append(([*where, *path], *in_words(str(refused), value, hint)))
    if not found:
        try:
            model(**good)
        except (ValueError, AssertionError) as wrong:  # its own __post_init__
            found.append(([*above], str(wrong) or type(wrong).__name__, ""))
    return found


def converted(value: Any, hint: Any) -> Any:
    """Give a value as a type wants it; a number is good where text is asked for, since that is what was written."""
    try:
        return msgspec.convert(value, hint, strict=False)
    except msgspec.ValidationError:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return msgspec.convert(str(value), hint, strict=False)
        raise


def in_words(message: str, value: Any, hint: Any) -> tuple[str, str]:
    """Say what was expected, and what may have been meant."""
    choices = choices_of(hint)
    if choices and not isinstance(value, list | dict):
        return f"must be one of {', '.join(choices)}, not {value!r}", did_you_mean(str(value), choices)
    text = message.partition(" - at ")[0]
    if text.startswith("Invalid RFC3339 encoded"):
        return f"must be a {text.rpartition(' ')[2]} such as 2026-11-21, not {value!r}", ""
    return text[:1].lower() + text[1:], ""


def choices_of(hint: Any) -> list[str]:
    """Give the words that a type allows, when it allows only some."""
    if typing.get_origin(hint) is typing.Literal:
        return [str(one) for one in typing.get_args(hint)]
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return [str(one.value) for one in hint]
    inner = [choices_of(one) for one in typing.get_args(hint) if one is not type(None)]
    return [word for words in inner for word in words]
