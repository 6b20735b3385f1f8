"""Values of expressions, on all three interpreters: the trees that views are made of, and the text readers see.

The build and the browser evaluate the same trees with this code, so the first paint is what the browser would show.
"""

from __future__ import annotations

import sys
from typing import Any

if sys.platform in ("webassembly", "emscripten"):
    import js  # type: ignore[import-not-found]

    number, quoted = js.String, js.JSON.stringify
else:
    from .numbers import number, quoted


def _item(value: Any, key: Any) -> Any:
    if isinstance(key, str) and not isinstance(value, dict):
        return getattr(value, key)
    return value[key]


def evaluate(node: list[Any], runtime: Any, loops: dict[int, Any]) -> Any:
    """The value of a tree: fields come from the runtime's states, loop items from `loops` (number → item)."""
    kind = node[0]
    if kind == "=":
        return node[1]
    if kind == "field":
        return runtime.read(node[1], node[2])
    if kind == "loop":
        return loops[node[1]]
    if kind == "?":
        return evaluate(node[2] if evaluate(node[1], runtime, loops) else node[3], runtime, loops)
    if kind == "list":
        return [evaluate(item, runtime, loops) for item in node[1]]
    if kind == "join" and len(node) == 2:
        return "".join([shown(evaluate(item, runtime, loops)) for item in node[1]])
    left = evaluate(node[1], runtime, loops)
    if kind in METHODS:
        from .methods import method

        return method(kind, left, [evaluate(arg, runtime, loops) for arg in node[2:]])
    if len(node) == 2:
        return _UNARY[kind](left)
    if (kind == "&" and not left) or (kind == "|" and left):
        return left
    return _BINARY[kind](left, evaluate(node[2], runtime, loops))


def shown(value: Any) -> str:
    """The text a reader sees: numbers as JavaScript writes them, True as true, None as nothing."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return number(value) if isinstance(value, float) else as_json(value)


def as_json(value: Any) -> str:
    """JSON as a browser writes it: `3.0` is `3`; a set is a list; text keeps its letters."""
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number(value) if value - value == 0 else "null"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        pairs = [quoted(shown(key)) + ":" + as_json(item) for key, item in value.items()]
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([as_json(item) for item in value]) + "]"
    if isinstance(value, (set, frozenset)):
        return as_json(sorted(value, key=shown))
    raise TypeError("a view cannot show a %s; give it text, numbers, lists or dicts" % type(value).__name__)


METHODS = ("call", "cut", "items", "split", "join", "upper", "lower", "abs", "round", "**")
"""Kinds of nodes for which `methods` is needed."""
_UNARY: dict[str, Any] = {
    "-": lambda a: -a,
    "~": lambda a: not a,
    "length": len,
    "text": shown,
    "json": as_json,
}
_BINARY: dict[str, Any] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "&": lambda a, b: a and b,
    "|": lambda a, b: a or b,
    "get": _item,
    "in": lambda a, b: b in a,
}
