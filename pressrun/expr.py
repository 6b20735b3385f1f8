"""Expressions over state, as views write them.

In a view `Counter.count + 1` is not a number but a `Var`: a small tree, which the build turns into JSON and `values`
evaluates. Views are made when the site is built, so this module does not travel: browsers get a class without operators.
"""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

BINARY = frozenset(("+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">=", "&", "|"))
"""Operators between two things, as Python writes them."""
BLANKS = " \t\n\r\v\f"
"""What `strip()` takes off: the blanks that all interpreters know."""
METHODS: dict[str, tuple[int, int, Callable[..., list[Any]]]] = {
    "length": (0, 0, lambda a: ["length", a]),
    "to_string": (0, 0, lambda a: ["json", a]),
    "bool": (0, 0, lambda a: ["~", ["~", a]]),
    "to": (1, 1, lambda a, kind: a),
    "equals": (1, 1, lambda a, b: ["==", a, b]),
    "is_none": (0, 0, lambda a: ["==", a, ["=", None]]),
    "is_not_none": (0, 0, lambda a: ["!=", a, ["=", None]]),
    "abs": (0, 0, lambda a: ["abs", a]),
    "round": (0, 0, lambda a: ["round", a]),
    "floor": (0, 0, lambda a: ["//", a, ["=", 1]]),
    "ceil": (0, 0, lambda a: ["-", ["//", ["-", a], ["=", 1]]]),
    "contains": (1, 1, lambda a, b: ["in", a, b]),
    "reverse": (0, 0, lambda a: ["cut", a, ["=", None], ["=", None], ["=", -1]]),
    "join": (0, 1, lambda a, by=["=", ""]: ["join", a, by]),
    "split": (0, 1, lambda a, by=["=", None]: ["split", a, by]),
    "upper": (0, 0, lambda a: ["upper", a]),
    "lower": (0, 0, lambda a: ["lower", a]),
    "capitalize": (0, 0, lambda a: ["+", ["upper", _cut(a, 0, 1)], ["lower", _cut(a, 1, None)]]),
    "strip": (0, 1, lambda a, off=["=", BLANKS]: ["call", a, ["=", "strip"], off]),
    "lstrip": (0, 1, lambda a, off=["=", BLANKS]: ["call", a, ["=", "lstrip"], off]),
    "rstrip": (0, 1, lambda a, off=["=", BLANKS]: ["call", a, ["=", "rstrip"], off]),
    "startswith": (1, 1, lambda a, b: ["call", a, ["=", "startswith"], b]),
    "endswith": (1, 1, lambda a, b: ["call", a, ["=", "endswith"], b]),
    "replace": (2, 2, lambda a, old, new: ["call", a, ["=", "replace"], old, new]),
    "find": (1, 1, lambda a, b: ["call", a, ["=", "find"], b]),
    "count": (1, 1, lambda a, b: ["call", a, ["=", "count"], b]),
    "index": (1, 1, lambda a, b: ["call", a, ["=", "index"], b]),
    "get": (1, 2, lambda a, key, other=["=", None]: ["call", a, ["=", "get"], key, other]),
    "keys": (0, 0, lambda a: ["cut", ["call", a, ["=", "keys"]]]),
    "values": (0, 0, lambda a: ["cut", ["call", a, ["=", "values"]]]),
    "items": (0, 0, lambda a: ["items", a]),
    "entries": (0, 0, lambda a: ["items", a]),
}  # fmt: skip
"""Method of an expression → the fewest and the most arguments, and the tree of the call.

Only what CPython and the browser's Python agree on, to the letter; a test holds both to it.
"""
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Around a tree inside an f-string: private-use characters, which no text means."""
REPR = "<Var\xa0"
"""How `repr` of a Var begins, with a space that cannot break: a text that holds this was made of a Var by mistake."""


class VarTypeError(Exception):
    """A Var was used as if it were a value. Not a TypeError, whose words `str.join` would replace by its own."""

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
    if isinstance(value, dict) and any(tree(item)[0] != "=" for pair in value.items() for item in pair):
        raise VarTypeError(
            "A dict in a view cannot hold expressions.", "Make a computed var of it: `@var def …`."
        )
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
        return Var(["get", self._tree, ["=", name]])

    def __getitem__(self, key: Any) -> Var:
        if isinstance(key, slice):
            return Var(["cut", self._tree, tree(key.start), tree(key.stop), tree(key.step)])
        return Var(["get", self._tree, tree(key)])

    def __call__(self, *args: Any, **kwargs: Any) -> Var:
        """`State.name.upper()`: until it is called, an attribute is an attribute, so `item.title` is a key as well."""
        node = self._tree
        name = node[2][1] if node[0] == "get" and node[2][0] == "=" else None
        if not isinstance(name, str):
            raise VarTypeError(
                "`%s` cannot be called." % describe(node), "Events are given to a prop such as `on_click=`."
            )
        return Var(_method(node[1], name, args, kwargs))

    def __bool__(self) -> bool:
        name = describe(self._tree)
        raise VarTypeError(
            "`%s` has no value while the view is made, so `if`, `and`, `or`, `not` cannot ask it." % name,
            "Use `cond(%s, …, …)`, and `&`, `|`, `~` between conditions." % name,
        )

    def __iter__(self) -> Any:
        name = describe(self._tree)
        raise VarTypeError(
            "`%s` has no items while the view is made, so a loop, `sorted`, `sum` and the like cannot ask it."
            % name,
            "Use `foreach(%s, lambda item: …)`; to make one text of them, `%s.join(…)`; to calculate, a computed var."
            % (name, name),
        )

    __reversed__ = __iter__

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

    __int__ = __float__ = __index__

    def __format__(self, spec: str) -> str:
        if spec:
            raise VarTypeError(
                "`{%s:%s}`: an f-string in a view cannot format." % (describe(self._tree), spec),
                "Make a computed var of it: `@var def …`.",
            )
        return _OPEN + json.dumps(self._tree) + _CLOSE

    def __neg__(self) -> Var:
        return Var(["-", self._tree])

    def __pos__(self) -> Var:
        return self

    def __invert__(self) -> Var:
        return Var(["~", self._tree])

    def __abs__(self) -> Var:
        return Var(["abs", self._tree])

    def __round__(self, digits: int | None = None) -> Var:
        return Var(["round", self._tree]) if digits is None else Var(["=", self.__index__()])


def _cut(node: list[Any], start: int | None, stop: int | None) -> list[Any]:
    return ["cut", node, ["=", start], ["=", stop], ["=", None]]


def _method(node: list[Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
    """The tree of a method's call."""
    if name not in METHODS:
        near = difflib.get_close_matches(name, METHODS, 1, 0.6)
        raise VarTypeError(
            "`%s` has no method `%s()` in a view." % (describe(node), name),
            "Did you mean `%s()`?" % near[0] if near else "Make a computed var of it: `@var def …`.",
        )
    fewest, most, make = METHODS[name]
    if kwargs or not fewest <= len(args) <= most:
        wanted = str(fewest) if fewest == most else "%d or %d" % (fewest, most)
        raise VarTypeError(
            "`%s.%s()` takes %s argument%s, by position."
            % (describe(node), name, wanted, "s" * (wanted != "1")),
            "More is work for a computed var: `@var def …`.",
        )
    return make(node, *[tree(arg) if not isinstance(arg, type) else [] for arg in args])


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
    if kind == "cut" and len(node) == 5:
        return "%s[%s]" % (describe(node[1]), ":".join(_bound(part) for part in node[2:4]))
    if kind == "call":
        return "%s.%s(%s)" % (describe(node[1]), node[2][1], ", ".join(describe(part) for part in node[3:]))
    if kind == "~":
        return "~" + describe(node[1])
    return "%s(%s)" % (kind, ", ".join([describe(part) for part in node[1:] if isinstance(part, list)]))


def _bound(node: list[Any]) -> str:
    return "" if node == ["=", None] else describe(node)
