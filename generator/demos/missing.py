"""What a statement of an author's module would miss in the browser's Python, by the tables of `library`.

`missing` walks over the statement with the names in scope, and gives each thing that is not there, with the remedy where
there is one, and each thing that a stand-in of ours replaces.
"""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .library import ERASED, KEYWORDS, LIBRARY, METHODS, REMEDIES, UNUSABLE
from .shims import NAMES as SHIMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PATTERN = re.compile(
    r"\\(?P<letter>[0-9A-Za-z])|\\.|(?P<group>\(\?(?!:)\S?)|(?P<count>\{\d+(?:,\d*)?\})", re.DOTALL
)
"""Parts of a regular expression that mean something else to MicroPython, or nothing."""


MODULES = frozenset(name for name in LIBRARY if name != "builtins" and not name.startswith("datetime."))
"""What can be imported: the table has built-in names and classes as well."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that the browser's Python has not."""

    node: ast.AST
    """Where it is used."""
    what: str
    """What it is, in backticks."""
    remedy: str = ""
    """What to write instead."""
    useless: bool = False
    """It exists, but cannot do its work in a browser."""


@dataclass(frozen=True, slots=True)
class Shim:
    """A use of something that a module of ours stands in for."""

    node: ast.AST
    """The expression or the import."""
    name: str
    """Its dotted name in CPython: `random.shuffle`."""


def remedy_for(name: str) -> str:
    """Give what to write instead of a dotted name; empty when nobody knows better."""
    return REMEDIES.get(name) or REMEDIES.get(name.split(".", maxsplit=1)[0], "")


def imported(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> Iterator[Missing | Shim]:
    """Give what one name of an absolute import asks for in vain: all but the project's own modules pass through here."""
    module = alias.name if isinstance(node, ast.Import) else node.module or ""
    if module in ERASED:
        return
    if module not in MODULES:
        yield Missing(node, f"`import {module}`", remedy_for(module))
    elif isinstance(node, ast.ImportFrom):
        yield from _looked_up(node, f"{module}.{alias.name}", f"`from {module} import {alias.name}`")


def _looked_up(node: ast.AST, name: str, what: str) -> Iterator[Missing | Shim]:
    """Give what is wrong with a dotted name of which all but the last part is in the table."""
    holder, _, last = name.rpartition(".")
    if last == "*" or last.startswith("__") or last in LIBRARY[holder]:
        return
    yield Shim(node, name) if name in SHIMS else Missing(node, what, remedy_for(name), name in UNUSABLE)


def aliases(node: ast.AST) -> dict[str, str]:
    """Give the names that the imports of a statement bind: name → dotted name in the table."""
    found = {}
    for one in ast.walk(node):
        if isinstance(one, ast.Import):
            for alias in one.names:
                found[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(one, ast.ImportFrom) and not one.level:
            found.update({alias.asname or alias.name: f"{one.module}.{alias.name}" for alias in one.names})
    return found


def missing(tree: ast.Module, statement: ast.stmt) -> Iterator[Missing | Shim]:
    """Give what a statement of a module uses of the standard library that is not there, and what is stood in for."""
    known: dict[str, str] = {}
    for one in tree.body:
        if isinstance(one, (ast.Import, ast.ImportFrom, ast.Try, ast.If)):
            known.update(aliases(one))
    bound = {name for one in tree.body for name in _bound(one, deep=False)}
    starred = any("*" in aliases(one) for one in tree.body)
    methods = {one.name for one in ast.walk(tree) if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))}
    walker = _Walker(methods)
    if not starred:
        walker.builtin = frozenset(dir(builtins)) - bound - known.keys()
    walker.walk(statement, {name: path for name, path in known.items() if name not in bound})
    yield from walker.found


def _bound(node: ast.AST, *, deep: bool) -> Iterator[str]:
    """Give the names that are bound here by anything but an import; `deep`: also in the functions and classes inside."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
            yield one.id
        elif isinstance(one, ast.arg):
            yield one.arg
        elif isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler)):
            yield one.name or ""
        if deep or not isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(one))


class _Walker:
    """Goes through a statement with the names in scope; annotations are passed over, for they do not travel."""

    def __init__(self, methods: set[str]) -> None:
        self.methods = methods
        """Names of functions that the module defines: a method so called is taken for the author's."""
        self.builtin: frozenset[str] = frozenset()
        """Names that mean built-in things in this module."""
        self.found: list[Missing | Shim] = []

    def walk(self, node: ast.AST, scope: Mapping[str, str]) -> None:
        """Look at a node and what is inside it. `scope`: name → dotted name of what was imported under it."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            inside = set(_bound(node, deep=True))
            own = {}
            for one in node.body if isinstance(node.body, list) else []:
                own.update(aliases(one))
            scope = {name: path for name, path in {**scope, **own}.items() if name not in inside}
            before, self.builtin = self.builtin, self.builtin - inside - own.keys()
            self.inside(node, scope)
            self.builtin = before
            return
        self.look(node, scope)
        name = self.dotted(node, scope) if isinstance(node, ast.Attribute) else None
        if name is None or not self.resolves(node, name):
            self.inside(node, scope)

    def inside(self, node: ast.AST, scope: Mapping[str, str]) -> None:
        """Walk over the parts of a node."""
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "type_params"):
                continue
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, ast.AST):
                    self.walk(part, scope)

    def dotted(self, node: ast.AST, scope: Mapping[str, str]) -> str | None:
        """Give the dotted name that an expression stands for, if it begins with something imported or built in."""
        if isinstance(node, ast.Attribute):
            holder = self.dotted(node.value, scope)
            return f"{holder}.{node.attr}" if holder else None
        if isinstance(node, ast.Name):
            if node.id in scope:
                return scope[node.id]
            return f"builtins.{node.id}" if node.id in self.builtin else None
        return None

    def resolves(self, node: ast.AST, name: str) -> bool:
        """Note what is missing of a dotted name; say whether it was one of the table's."""
        if name.rpartition(".")[0] not in LIBRARY:
            return False
        self.found.extend(_looked_up(node, name, f"`{name.removeprefix('builtins.')}`"))
        return True

    def look(self, node: ast.AST, scope: Mapping[str, str]) -> None:
        """Note what is missing at a node itself."""
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            if node.id in self.builtin and not node.id.startswith("__"):
                self.resolves(node, f"builtins.{node.id}")
        elif isinstance(node, ast.Attribute):
            if node.attr.startswith("tm_"):
                self.found.append(Missing(node, f"`.{node.attr}`", "Use the index: `time.localtime()[0]`."))
            elif isinstance(node.value, ast.Name) and node.value.id == "str" and node.attr in METHODS:
                self.found.append(Missing(node, f"`.{node.attr}()`", METHODS[node.attr]))
        elif isinstance(node, ast.Call):
            self.look_at_call(node, scope)
        elif isinstance(node, ast.FormattedValue) and node.format_spec:
            first = node.format_spec.values[0] if isinstance(node.format_spec, ast.JoinedStr) else None
            if isinstance(first, ast.Constant) and str(first.value).startswith("%"):
                self.found.append(Missing(node, f"`{{…:{first.value!s}}}`", METHODS["strftime"]))

    def look_at_call(self, node: ast.Call, scope: Mapping[str, str]) -> None:
        """Note a method, a keyword, a number of arguments or a pattern that will not do."""
        function = node.func
        name = self.dotted(function, scope) or ""
        in_table = name.rpartition(".")[0] in LIBRARY
        if isinstance(function, ast.Attribute) and not in_table:
            name = f".{function.attr}"
            own = function.attr in self.methods or (
                isinstance(function.value, ast.Name) and function.value.id == "str"
            )
            if function.attr in METHODS and not own:
                self.found.append(Missing(node, f"`{name}()`", METHODS[function.attr]))
            if function.attr == "group" and not (node.args or node.keywords or own):
                self.found.append(Missing(node, "`.group()` without a number", "Use `.group(0)`."))
        if name in KEYWORDS:
            for keyword in node.keywords:
                if keyword.arg and keyword.arg not in KEYWORDS[name]:
                    what = f"`{keyword.arg}=` of `{name.removeprefix('builtins.')}()`"
                    positional = name.startswith(".") or name in ("builtins.int", "builtins.sum", "re.sub")
                    remedy = "Give it by position." if positional else "Leave it out."
                    self.found.append(Missing(node, what, remedy))
        if name == "collections.deque" and len(node.args) < 2:
            remedy = "Say how many it keeps: `deque((), 100)`; or use a list."
            self.found.append(Missing(node, "`collections.deque()` without a length", remedy))
        if name in ("builtins.isinstance", "builtins.issubclass") and isinstance(node.args[-1], ast.BinOp):
            self.found.append(
                Missing(node, "`|` between classes", "Use a tuple: `isinstance(x, (int, str))`.")
            )
        if name in ("re.compile", "re.match", "re.search", "re.sub") and node.args:
            pattern = node.args[0]
            if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str):
                self.look_at_pattern(pattern, pattern.value)

    def look_at_pattern(self, node: ast.AST, pattern: str) -> None:
        """Note the first part of a regular expression that MicroPython does not understand."""
        for part in PATTERN.finditer(pattern):
            if part["letter"] and part["letter"] not in "dDsSwW":
                remedy = "In patterns `\\d`, `\\s`, `\\w` and their opposites are known."
            elif part["group"]:
                remedy = "Groups `(…)` and `(?:…)` are known."
            elif part["count"]:
                remedy = "Write the part as many times as it may come, or use `*`, `+`, `?`."
            else:
                continue
            self.found.append(Missing(node, f"`{part[0]}` in a regular expression", remedy))
            return
