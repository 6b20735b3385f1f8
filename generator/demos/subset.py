"""The Python that MicroPython speaks: what a statement of an author's module may not hold when it is to run there.

An allow-list over the syntax tree: what is not there, and what is there and silently does something else.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .missing import Missing, missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .missing import Shim

NODES: tuple[tuple[type[ast.AST], str], ...] = (
    (ast.Match, "`match`"),
    (ast.TryStar, "`except*`"),
)
SPECIAL = frozenset(
    [
        "__init_subclass__",
        "__getattribute__",
        "__class_getitem__",
        "__prepare__",
        "__format__",
        "__set_name__",
    ]
)
"""Methods that MicroPython never calls."""


def outside(tree: ast.Module, statement: ast.stmt) -> Iterator[Missing | Shim]:
    """Give what a statement of a module needs beyond MicroPython, and what is stood in for."""
    handlers = {id(function) for function in methods(statement)}
    for node in ast.walk(statement):
        what = _lacking(node)
        if what:
            yield Missing(node, what)
        elif isinstance(node, ast.AsyncFunctionDef) and id(node) not in handlers and yields(node):
            yield Missing(node, f"the async generator `{node.name}`")
    yield from missing(tree, statement)


def _lacking(node: ast.AST) -> str:
    for kind, what in NODES:
        if isinstance(node, kind):
            return what
    if isinstance(node, ast.arguments) and node.posonlyargs:
        return "a positional-only parameter"
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)) and isinstance(
        getattr(node, "ctx", ast.Load()), ast.Load
    ):
        return "`*` inside a display" if any(isinstance(item, ast.Starred) for item in node.elts) else ""
    if isinstance(node, ast.Dict) and None in node.keys:
        return "`**` inside a dict"
    if isinstance(node, ast.comprehension) and node.is_async:
        return "an async comprehension"
    if isinstance(node, ast.ClassDef) and node.keywords:
        return "a class keyword"
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name in SPECIAL:
        return f"`{node.name}`"
    if isinstance(node, ast.Attribute) and node.attr.startswith("__") and not node.attr.endswith("__"):
        return f"the mangled name `{node.attr}`"
    if type(node).__name__ in ("TypeAlias", "TypeVar", "TemplateStr"):
        return "syntax newer than Python 3.11"
    return ""


def methods(statement: ast.stmt) -> list[ast.AsyncFunctionDef]:
    """Give the async methods of a class: as handlers they may yield."""
    if not isinstance(statement, ast.ClassDef):
        return []
    return [node for node in statement.body if isinstance(node, ast.AsyncFunctionDef) and node.args.args]


def yields(function: ast.AsyncFunctionDef) -> list[ast.Yield]:
    """Give the yields of a function itself, not of those inside it."""
    found: list[ast.Yield] = []
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Yield):
            found.append(node)
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))
    return found
