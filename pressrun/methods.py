"""Methods of expressions: what few views need, and what travels with those alone."""

from __future__ import annotations

import sys
from typing import Any

from .values import shown


def method(kind: str, value: Any, args: list[Any]) -> Any:
    """The value of a node of one of `values.METHODS`, from those of its parts."""
    if kind == "call":
        return getattr(value, args[0])(*args[1:])
    if kind == "cut":
        part = list(value)
        if args:
            part = part[args[0] : args[1] : args[2]]
        return "".join(part) if isinstance(value, str) else part
    if kind == "items":
        return [list(pair) for pair in value.items()]
    if kind == "split":
        return [word.decode() for word in value.encode().split(args[0] and args[0].encode())]
    if kind == "join":
        return args[0].join([shown(item) for item in value])
    if kind == "**":
        return value ** args[0]
    if kind == "abs":
        return abs(value)
    if kind == "round":
        return round(value)
    if sys.implementation.name != "micropython":
        return value.upper() if kind == "upper" else value.lower()
    import js  # type: ignore[import-not-found]

    # MicroPython's own knows ASCII alone; the JavaScript around it knows the rest.
    letters = js.String.prototype
    return (letters.toUpperCase if kind == "upper" else letters.toLowerCase).call(value)
