"""Expressions over state, as views write them.

In a view `Counter.count + 1` is not a number but a `Var`: a small tree, which the build turns into JSON and `values`
evaluates. Views are made when the site is built, so this module does not travel: browsers get a class without operators.
"""

from __future__ import annotations

import json
from typing import Any

BINARY = (
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "&",
    "|",
    "in",
    "split",
    "join",
)
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Around a tree inside an f-string: private-use characters, which no text means."""
REPR = "<Var\xa0"
"""How `repr` of a Var begins, with a space that cannot break: a text that holds this was made of a Var by mistake."""


class VarTypeError(TypeError):
    """A Var was used as if it were a value."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message} {hint}")
        self.message = message
        """What is wrong, in one sentence."""
        self.hint = hint
        """What to write instead."""


def tree(value: Any) -> list[Any]:
    """The JSON tree of anything a view may write: a Var, or a value that JSON knows."""
    if isinstance(value, Var):
        return value._tree
    if isinstance(value, str) and _OPEN in value:
        return ["join", pieces(value)]
    if isinstance(value, (list, tuple)):
        items = [tree(item) for item in value]
        if all(item[0] == "=" for item in items):
            return ["=", [item[1] for item in items]]
        return ["list", items]
    return ["=", value]


def pieces(text: str) -> list[Any]:
    """The parts of a text that may hold Vars (an f-string in a view): their trees, in order."""
    parts = []
    for part in text.split(_OPEN):
        before, mark, after = part.partition(_CLOSE)
        if mark:
            parts.append(json.loads(before))
            before = after
        if before:
            parts.append(["=", before])
    return parts


class Var:
    """An expression over state: what `State.field` is inside a view, and whatever is computed from it there."""

    def __init__(self, node: list[Any]) -> None:
        self._tree = node

    def __getattr__(self, name: str) -> Var:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, key: str) -> Var:
        return Var(["get", self._tree, tree(key)])

    def __bool__(self) -> bool:
        name = describe(self._tree)
        raise VarTypeError(
            "`%s` has no value while the view is made, so `if`, `and`, `or`, `not` cannot ask it." % name,
            "Use `cond(%s, …, …)`, and `&`, `|`, `~` between conditions." % name,
        )

    def __iter__(self) -> Any:
        name = describe(self._tree)
        raise VarTypeError(
            "`%s` has no items while the view is made." % name, "Use `foreach(%s, lambda item: …)`." % name
        )

    def __contains__(self, item: Any) -> bool:
        name = describe(self._tree)
        raise VarTypeError(
            "`in` cannot ask `%s` while the view is made." % name, "Use `%s.contains(…)`." % name
        )

    def __len__(self) -> int:
        name = describe(self._tree)
        raise VarTypeError("`%s` has no length while the view is made." % name, "Use `%s.length()`." % name)

    def __hash__(self) -> int:
        return id(self)

    def __str__(self) -> str:
        name = describe(self._tree)
        raise VarTypeError(
            "`%s` has no text while the view is made, so `str()` and `%%s` cannot ask it." % name,
            'Give it as it is, or in an f-string: `f"… {%s}"`.' % name,
        )

    def __repr__(self) -> str:
        return REPR + describe(self._tree) + ">"

    def __index__(self, digits: Any = None) -> int:
        name = describe(self._tree)
        raise VarTypeError(
            "`%s` is no number while the view is made, so `int()`, `%%d` and the like cannot ask it." % name,
            "Calculate with operators, or in a computed var: `@var def …`.",
        )

    __int__ = __float__ = __round__ = __index__

    def __format__(self, spec: str) -> str:
        if spec:
            raise VarTypeError(
                "`{%s:%s}`: an f-string in a view cannot format." % (describe(self._tree), spec),
                "Make a computed var of it: `@var def …`.",
            )
        return _OPEN + json.dumps(self._tree) + _CLOSE

    def length(self) -> Var:
        return Var(["length", self._tree])

    def upper(self) -> Var:
        return Var(["upper", self._tree])

    def lower(self) -> Var:
        return Var(["lower", self._tree])

    def reverse(self) -> Var:
        return Var(["reverse", self._tree])

    def bool(self) -> Var:
        return Var(["bool", self._tree])

    def to_string(self) -> Var:
        return Var(["json", self._tree])

    def contains(self, item: Any) -> Var:
        return Var(["in", self._tree, tree(item)])

    def split(self, separator: str | None = None) -> Var:
        return Var(["split", self._tree, ["=", separator]])

    def join(self, separator: str = "") -> Var:
        return Var(["join", self._tree, ["=", separator]])

    def __neg__(self) -> Var:
        return Var(["-", self._tree])

    def __invert__(self) -> Var:
        return Var(["~", self._tree])

    def __abs__(self) -> Var:
        return Var(["abs", self._tree])


def _operator(sign: str, swapped: bool) -> Any:
    def combine(self: Var, other: Any) -> Any:
        sides = [self._tree, tree(other)]
        if swapped:
            sides.reverse()
        return Var([sign, *sides])

    return combine


def _operators() -> None:
    """Give Var Python's operators: each makes a larger tree."""
    named = (
        "add + sub - mul * truediv / floordiv // mod % pow ** and & or | eq == ne != lt < le <= gt > ge >="
    ).split()
    for name, sign in zip(named[::2], named[1::2], strict=True):
        setattr(Var, "__%s__" % name, _operator(sign, False))
        if sign[0] not in "=!<>":
            setattr(Var, "__r%s__" % name, _operator(sign, True))


_operators()


def describe(node: list[Any]) -> str:
    """The tree as its author wrote it, nearly: for messages."""
    kind = node[0]
    if kind == "=":
        return repr(node[1])
    if kind == "field":
        return "%s.%s" % (node[1].split(".")[-1], node[2])
    if kind == "loop":
        return "item"
    if kind == "get":
        key = node[2][1] if node[2][0] == "=" else None
        if isinstance(key, str):
            return describe(node[1]) + "." + key
        return "%s[%s]" % (describe(node[1]), describe(node[2]))
    if len(node) == 3 and kind in BINARY:
        return "%s %s %s" % (describe(node[1]), kind, describe(node[2]))
    return "%s(%s)" % (kind, ", ".join([describe(part) for part in node[1:] if isinstance(part, list)]))
