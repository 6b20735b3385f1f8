"""Schemas: front matter against the site's own models: all mistakes at once, and JSON Schema for editors."""

from __future__ import annotations

import ast
import inspect
import json
from dataclasses import MISSING, dataclass, field, fields
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec

from generator import frontmatter
from generator.config import CONFIG_FILE, Execute
from generator.errors import Problem, did_you_mean, error, warning
from generator.execute import Job, Step
from generator.frontmatter import FrontMatter
from generator.pages import FIELDS, Loaded

if TYPE_CHECKING:
    from generator.cache import Reads
    from generator.config import Collection
    from generator.execute import Runner
    from generator.pages import Page

DATES = ("date", "updated", "expires")
TYPES: dict[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "tuple[str, ...]": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
}
"""Type of a key of front matter → what JSON Schema says of it."""


@dataclass(frozen=True, slots=True)
class Schema:
    """What is known of a collection's model; the value of a unit `schema:COLLECTION`."""

    known: tuple[str, ...] = ()
    """Its keys."""
    open: bool = True
    """Whether other keys are welcome."""
    text: str = ""
    """It as JSON Schema; empty when there is none, or when it cannot be used."""
    problems: tuple[Problem, ...] = ()
    """Why it cannot be used."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a unit has to know of a collection: the value of the fact `model:COLLECTION`."""

    model: str
    """`module:Class`."""
    pages: tuple[str, ...] = ()
    """Its pages."""
    words: tuple[str, ...] = field(default=())
    """Keys of taxonomies."""


def schema_of(name: str, reads: Reads, runner: Runner) -> Schema:
    """Describe the model of a collection, by importing it in a process of its own."""
    ask = reads.fact(f"model:{name}", Ask)
    execution = reads.fact("config:execute", Execute)
    line = setting_line(reads, ask.model)
    if not execution.enabled:
        message = f"the front matter of “{name}” was not compared with {ask.model} (--no-exec)"
        return Schema(problems=(warning(CONFIG_FILE, message, line=line),))
    step = Step("schema", ask.model, line)
    report = runner.run(Job(reads.facts.root, CONFIG_FILE, "", [step], execution.timeout))
    reads.note(report.keys)
    result = report.results[0]
    if not result.ran:
        return Schema(problems=tuple(report.problems))
    found = json.loads(result.text)
    return Schema(tuple(found["known"]), found["open"], json.dumps(found["schema"]), tuple(report.problems))


def mistakes(name: str, reads: Reads, runner: Runner) -> list[Problem]:
    """Compare all pages of a collection with its model."""
    ask, schema = reads.fact(f"model:{name}", Ask), reads.fact(f"schema:{name}", Schema)
    execution = reads.fact("config:execute", Execute)
    values: dict[str, dict[str, Any]] = {}
    for path in ask.pages:
        loaded = reads.fact(f"load:{path}", Loaded)
        if loaded and loaded.page:
            values[path] = values_of(loaded.page)
    known = [*schema.known, *ask.words, *FIELDS]
    problems: list[Problem] = []
    asked = {}
    for path, one in values.items():
        asked[path] = json.dumps({key: value for key, value in one.items() if key in schema.known})
        for key in one if not schema.open else ():
            if key not in known:
                what = f"“{key}” is no key that Pressrun or {ask.model} knows"
                problems.append(placed(reads, path, [key], what, did_you_mean(key, known), at_key=True))
    step = Step("validate", ask.model, setting_line(reads, ask.model), asked)
    report = runner.run(Job(reads.facts.root, CONFIG_FILE, "", [step], execution.timeout))
    reads.note(report.keys)
    found = json.loads(report.results[0].text) if report.results[0].ran else {}
    for path, rows in found.items():
        for where, what, hint in rows:
            key = ".".join(map(str, where))
            problems.append(placed(reads, path, where, f"“{key}” {joined(what)}" if key else what, hint))
    return sorted({*report.problems, *problems})


def joined(what: str) -> str:
    """Put a colon before words that do not go on with the name of a key."""
    return what if what.startswith(("is ", "must ")) else f"does not fit: {what}"


def values_of(page: Page) -> dict[str, Any]:
    """Give what a page's front matter says, as plain data."""
    said: dict[str, Any] = {}
    for one in fields(FrontMatter):
        value = getattr(page.front_matter, one.name)
        default = one.default if one.default is not MISSING else {}
        if one.name != "extra" and value != default:
            said[one.name] = list(value) if isinstance(value, tuple) else value
    return {**said, **page.front_matter.extra}


def placed(
    reads: Reads, path: str, where: list[str | int], message: str, hint: str, *, at_key: bool = False
) -> Problem:
    """Make a problem at the place of a value (or of its key) in a page's front matter."""
    from generator.frontmatter.values import Wrong, compose_yaml

    data = reads.file(path) or b""
    rows = data.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    first = next((number for number, row in enumerate(rows) if row.rstrip() == "---"), None)
    if first is None:
        return error(path, message, hint=hint)
    end = next((n for n in range(first + 1, len(rows)) if rows[n].rstrip() == "---"), len(rows))
    try:
        node = compose_yaml("\n".join(rows[first + 1 : end]))
    except Wrong:
        return error(path, message, hint=hint)
    mark = mark_of(node, where, at_key=at_key)
    line, column = (first + 2 + mark.line, mark.column + 1) if mark else (first + 1, 1)
    return error(path, message, line=line, column=column, hint=hint)


def mark_of(node: Any, where: list[str | int], *, at_key: bool) -> Any:
    """Find a value in a graph of YAML; that of what holds it when it is missing, None when nothing is there."""
    import yaml

    mark = None
    for part in where:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == part), None)
            if pair is None:
                return mark
            node = pair[1]
            mark = pair[0].start_mark if at_key or isinstance(node, yaml.MappingNode) else node.start_mark
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            mark = node.start_mark
    return mark


def setting_line(reads: Reads, model: str) -> int:
    """Find the line of the configuration that names a model."""
    rows = (reads.file(CONFIG_FILE) or b"").decode("utf-8", "replace").split("\n")
    return next((number for number, row in enumerate(rows, 1) if "schema" in row and model in row), 0)


def json_schema(collection: Collection | None, own: Schema | None) -> dict[str, Any]:
    """Give the JSON Schema of a collection's front matter: Pressrun's keys, and those of the site's model."""
    described = descriptions()
    properties: dict[str, Any] = {}
    for one in fields(FrontMatter):
        if one.name != "extra":
            kind = {"type": "string", "format": "date"} if one.name in DATES else TYPES[str(one.type)]
            properties[one.name] = {**kind, "description": described[one.name]}
    made: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Front matter of {collection.name}" if collection else "Front matter",
        "type": "object",
        "properties": properties,
    }
    if own and own.text:
        schema = json.loads(own.text)
        definitions = schema.pop("$defs", {})
        if "$ref" in schema:
            schema = definitions.pop(schema["$ref"].rpartition("/")[2])
        made["properties"] = {**properties, **schema.get("properties", {})}
        made["required"] = [key for key in schema.get("required", []) if key != "title"]
        made["additionalProperties"] = own.open
        if definitions:
            made["$defs"] = definitions
    return made


def descriptions() -> dict[str, str]:
    """Give the docstrings that stand below the keys of front matter."""
    tree = ast.parse(inspect.getsource(frontmatter.FrontMatter)).body[0]
    assert isinstance(tree, ast.ClassDef)
    return {
        one.target.id: inspect.cleandoc(str(text.value.value))
        for one, text in pairwise(tree.body)
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
    }


decode_problems = msgspec.msgpack.Decoder(list[Problem]).decode
