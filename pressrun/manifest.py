"""What only CPython can read off a State class: its fields in order, and the kinds of its handlers.

CPython inspects, the other interpreters obey: the build hands these manifests over as data. This module does not
travel to browsers.
"""

from __future__ import annotations

import sys
from typing import Any

from .events import ASYNC, ASYNC_GENERATOR, EventHandler, kind_of

DEFAULTS: dict[str, object] = {
    "int": 0, "float": 0.0, "str": "", "bool": False,
    "list": [], "List": [], "dict": {}, "Dict": {}, "set": set(), "Set": set(), "tuple": (), "Tuple": (),
}  # fmt: skip
"""The default of a field that gives none, by the name its annotation begins with; None for any other."""


def annotations_of(cls: type) -> dict[str, Any]:
    """The class body's own annotations, in order, never evaluated in a way that can fail."""
    if sys.version_info >= (3, 14):
        import annotationlib

        return dict(annotationlib.get_annotations(cls, format=annotationlib.Format.FORWARDREF))
    return dict(cls.__dict__.get("__annotations__", {}))  # noqa: RUF063 - the class's own, before 3.14


def manifest_of(cls: type) -> dict[str, Any]:
    """The manifest of a State class that is being made: see `state.setup`."""
    from .state import ComputedVar

    body = dict(cls.__dict__)
    fields = []
    for name, annotation in annotations_of(cls).items():
        head = _head(annotation)
        if name.startswith("__") or head == "ClassVar":
            continue
        fields.append((name, [] if name in body else [DEFAULTS.get(head)]))
    handlers, computed = [], []
    for name, value in body.items():
        if isinstance(value, EventHandler):
            handlers.append((name, kind_of(value.function)))
        elif isinstance(value, ComputedVar):
            computed.append((name, kind_of(value._function) in (ASYNC, ASYNC_GENERATOR)))
        elif not name.startswith("_") and type(value) is type(manifest_of):
            handlers.append((name, kind_of(value)))
    return {
        "key": f"{cls.__module__}.{cls.__qualname__}",
        "fields": fields,
        "handlers": handlers,
        "vars": computed,
    }


def _head(annotation: Any) -> str:
    """`list[int]`, `"list[int]"`, `typing.List[int]`, `list` → "list"; `int | None` → "" (its default is None)."""
    text = (
        annotation
        if isinstance(annotation, str)
        else getattr(annotation, "__name__", None) or str(annotation)
    )
    if (not isinstance(annotation, str) and "|" in str(annotation)) or "|" in text:
        return ""
    return str(text).split("[")[0].split(".")[-1].strip()
