"""The files that every page with a demo shares: scripts, engine, and the runtime as it travels.

The runtime is written to be read, and sent to be small: annotations and docstrings are left out, local names are short,
and its modules become one.
"""

from __future__ import annotations

import ast
import builtins
import json
import os
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pressrun
from pressrun.values import METHODS

from .engines import pyodide
from .glue import glued
from .scripts import smaller
from .travel import DemoError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RUNTIME = ("values", "tracked", "events", "runtime", "state", "live", "__init__")
"""The modules of `pressrun` that travel, each behind those it imports: views and manifests are made when the site is built."""
EXTRAS = ("methods", "rows", "sets", "toasts")
"""Those that travel with the pages that need them, and stay modules of their own."""
UNCALLED = ("__init_subclass__", "__getattr__", "__reduce__", "kind_of")
"""Functions that only CPython calls."""
UNREAD = ("__all__", "OPTIONS")
"""Names that only CPython reads."""
OWN = ("async_vars", "check", "compute_async", "current", "dirty", "drain", "enter", "holder", "inline", "known", "later",
       "leave", "origin", "prepare", "show_now", "unsaved", "yielded", "ticket", "computed", "queue", "busy", "states", "listener",
       "calls", "classes", "views", "readers", "handling")  # fmt: skip
"""Methods and attributes that nobody outside the runtime knows, and no built-in thing has: they travel under short names."""
INSIDE = re.compile(r"^from \.\w+ import", re.MULTILINE)
"""How such a module asks for what became one."""
IN_TEMPLATE, MASKED = re.compile(r"[\\`]|\$(?=\{)"), r"\\\g<0>"
"""What is not itself in a template of JavaScript, and how it is written there."""
BARE_VAR = "class Var:\n def __init__(self, tree):\n  self._tree = tree\n"
"""What stands for `pressrun.expr` in a browser, where nobody writes expressions."""


@cache
def browser_files() -> dict[str, bytes]:
    """Give the files that pages with demos share, by name: the page's scripts, the workers, MicroPython.

    Pyodide's own files are none of them: they are too large to be handled like these (see `generator.assets`).
    """
    files = {name: smaller(_script(name)).encode() for name in ("demo.js", "parts.js")}
    files["worker.js"] = _worker("micropython.js") + engine_script().encode()
    files["micropython.wasm"] = _engine("micropython.wasm")
    second = pyodide()
    if second:
        lock = json.dumps(second.lock, sort_keys=True, separators=(",", ":"))
        files["pyodide.js"] = _worker("pyodide.js").replace(b"LOCK", lock.encode())
    return files


def runtime_files() -> dict[str, str]:
    """Give the Python of ours that every worker has: path → text."""
    return {"pressrun/__init__.py": _joined([BARE_VAR, *(_runtime()[name] for name in RUNTIME)])}


def _worker(engine: str) -> bytes:
    """Give a worker's script, with the runtime in it."""
    files = ",".join(f'"{path}":`{IN_TEMPLATE.sub(MASKED, text)}`' for path, text in runtime_files().items())
    return smaller(_script(engine) + _script("worker.js")).replace("RUNTIME", "{" + files + "}").encode()


def engine_script() -> str:
    """Give what is MicroPython's own in its worker's script."""
    return glued(smaller(_script("glue.js"), rename=False), _engine("micropython.mjs").decode())


def _engine(name: str) -> bytes:
    try:
        with open(os.path.join(HERE, "engines", name), "rb") as stream:
            return stream.read()
    except FileNotFoundError:
        raise DemoError(
            f"the browser engine {name} is not installed",
            "It comes with the wheel; in a working copy, run `pip install -e .` once.",
        ) from None


def _joined(sources: Iterable[str]) -> str:
    """Give one module instead of several: the engine has fewer files to find, and names are not imported twice."""
    lines = [line for source in sources for line in source.splitlines() if not line.startswith("from .")]
    return "\n".join(lines) + "\n"


@cache
def _runtime() -> dict[str, str]:
    """Give the runtime's modules as they travel, by name."""
    sources = {name: _source_of(name) for name in (*RUNTIME, *EXTRAS)}
    private = _private_names(sources.values())
    return {name: shortened(source, private) for name, source in sources.items()}


def extras_of(table: Mapping[str, Any], sources: Iterable[str] = ()) -> dict[str, str]:
    """Give the modules of the runtime that a view and its modules need and others do not, by name."""
    texts = list(sources)
    found = {"toasts"} if any("toast" in text for text in texts) else set()
    if any(_makes_sets(text) for text in texts):
        found.add("sets")
    for kind, loop in _kinds(table):
        if kind in METHODS:
            found.add("methods")
        if kind == "each" and loop:
            found.add("rows")
    return {
        f"pressrun.{name}": INSIDE.sub("from pressrun import", _runtime()[name]) for name in sorted(found)
    }


def _makes_sets(source: str) -> bool:
    """Say whether code has any way to a set: `set(…)`, or one that is written out."""
    return any(
        isinstance(node, (ast.Set, ast.SetComp)) or (isinstance(node, ast.Name) and node.id == "set")
        for node in ast.walk(ast.parse(source))
    )


def _kinds(node: Any) -> Iterator[tuple[str, Any]]:
    """Give the kinds of all nodes of a table, with what stands third in them."""
    if isinstance(node, dict):
        for part in node.values():
            yield from _kinds(part)
    elif isinstance(node, list) and node and node[0] != "=":
        if isinstance(node[0], str) and (node[0] != "join" or len(node) == 3):
            yield node[0], node[2] if len(node) > 2 else None
        for part in node:
            yield from _kinds(part)


def _script(name: str) -> str:
    with open(os.path.join(HERE, "browser", name), encoding="utf-8") as stream:
        return stream.read()


def _source_of(name: str) -> str:
    with open(
        os.path.join(os.path.dirname(str(pressrun.__file__)), name + ".py"), encoding="utf-8"
    ) as stream:
        return stream.read()


def _taken(node: ast.stmt) -> list[ast.stmt]:
    """Give what is left of a statement that asks on which interpreter it is: what travels is in a browser."""
    asks = isinstance(node, ast.If) and "sys.platform" in ast.unparse(node.test)
    return node.body if asks and isinstance(node, ast.If) else [node]


class _Stripper(ast.NodeTransformer):
    """Takes out what only readers and type checkers need."""

    def visit(self, node: ast.AST) -> Any:
        node = self.generic_visit(node)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            body = [
                one
                for given in node.body
                for one in _taken(given)
                if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
                and not (isinstance(one, ast.ImportFrom) and one.module in ("__future__", "typing"))
                and not (isinstance(one, ast.If) and "TYPE_CHECKING" in ast.unparse(one.test))
                and getattr(one, "name", "") not in UNCALLED
                and not (isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) in UNREAD)
            ]
            node.body = body or ([] if isinstance(node, ast.Module) else [ast.Pass()])
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.AnnAssign):
            return ast.Assign([node.target], node.value, lineno=node.lineno) if node.value else ast.Pass()
        return node


def _private_names(sources: Iterable[str]) -> dict[str, str]:
    """Shorter names for what is private to the runtime: not for what an author's State class could meet."""
    trees = [ast.parse(source) for source in sources]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    kept = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for node in nodes:
        if isinstance(node, ast.ClassDef) and node.name == "State":
            kept |= {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
            kept |= {
                part.name
                for part in ast.walk(node)
                if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))
            }
    names = [
        getattr(node, "attr", None) or getattr(node, "name", None) or getattr(node, "id", None)
        for node in nodes
    ]
    private = sorted(
        {str(n) for n in names if n and str(n).startswith("_") and not str(n).startswith("__")} - kept
    )
    return dict(zip(private, (f"_{short}" for short in _short_names()), strict=False))


def shortened(source: str, private: Mapping[str, str]) -> str:
    """Give a module of the runtime as it travels: the same program in fewer letters."""
    tree = _Stripper().visit(ast.parse(source))
    for node in ast.walk(tree):
        for attribute in ("attr", "id", "name"):
            if getattr(node, attribute, None) in private:
                setattr(node, attribute, private[getattr(node, attribute)])
            elif attribute != "id" and getattr(node, attribute, None) in OWN:
                setattr(node, attribute, f"_{OWN.index(getattr(node, attribute))}")
    keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg}
    outside = set(dir(builtins)) | set(_bound(tree, deep=False)) | keywords | {"self"}
    for function in _functions(tree):
        used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        local = [name for name in dict.fromkeys(_bound(function, deep=True)) if name not in outside]
        spare = (name for name in _short_names() if name not in used and name not in outside)
        _rename(function, dict(zip(local, spare, strict=False)))
    text = ast.unparse(ast.fix_missing_locations(tree))
    return "\n".join(_dedented(line) for line in text.split("\n") if line.strip()) + "\n"


def _functions(tree: ast.Module) -> Iterator[ast.AST]:
    """Give the functions and methods that stand at module and class level; what is inside them belongs to them."""
    for statement in tree.body:
        for node in statement.body if isinstance(statement, ast.ClassDef) else [statement]:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield node


def _bound(tree: ast.AST, *, deep: bool) -> Iterator[str]:
    """Give the names that are bound in a module (not deep) or anywhere in a function (deep)."""
    for node in ast.walk(tree) if deep else ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node is not tree:
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)) and not deep:
            yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg) and deep:
            yield node.arg
        elif isinstance(node, ast.ExceptHandler) and node.name and deep:
            yield node.name
        elif isinstance(node, ast.Assign) and not deep:
            yield from (part.id for part in ast.walk(node) if isinstance(part, ast.Name))


def _short_names() -> Iterator[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    yield from letters
    yield from (
        one + two for one in letters for two in letters if one + two not in ("as", "if", "in", "is", "or")
    )


def _rename(function: ast.AST, names: dict[str, str]) -> None:
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = names.get(node.arg, node.arg)
        elif (
            isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ExceptHandler))
            and node is not function
        ):
            node.name = names.get(node.name or "", node.name or "") or None


def _dedented(line: str) -> str:
    """One space a level instead of four."""
    bare = line.lstrip(" ")
    return " " * ((len(line) - len(bare)) // 4) + bare
