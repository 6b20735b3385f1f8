"""The modules that travel to the browser: what the State classes need, and nothing else.

CPython inspects, the browser obeys: the author's module is cut down at module level to the State classes and what they
reference. For MicroPython annotations and docstrings go too, and `yield` inside `async def` becomes an awaited call, for there
are no async generators; Pyodide takes statements as they are. All of it by edits of the text, so that every line keeps its
number and tracebacks stay true.
"""

from __future__ import annotations

import ast
import io
import linecache
import os
import sys
import tokenize
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .engines import MICROPYTHON, NAMES, Engine
from .library import ERASED
from .missing import Missing, Shim, imported, remedy_for
from .shims import MODULE, local, shims_source
from .shims import NAMES as STOOD_IN
from .subset import methods, outside, yields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class DemoError(Exception):
    """A demo cannot be made as it is written; the place is the author's."""

    def __init__(
        self, message: str, hint: str = "", path: str | None = None, line: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        """What is wrong."""
        self.hint = hint
        """What to write instead."""
        self.path = path
        """The file, below the site's root; None: unknown."""
        self.line = line
        """The line in it; None: unknown."""


class LackingError(DemoError):
    """The engine has not what the demo uses."""

    def __init__(self, what: str, engine: str, remedy: str, path: str, line: int | None) -> None:
        super().__init__(f"{what} in the browser's Python ({NAMES[engine]})", remedy, path, line)
        self.what = what
        """What is missing, as a sentence without its end: "`match` does not exist"."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module that travels."""

    name: str
    """Its dotted name."""
    path: str
    """Its file, as tracebacks show it: below the site's root."""
    source: str
    """What is left of it, every line where it was."""


@dataclass(slots=True)
class _Text:
    """A module's text and tree while it is cut down."""

    name: str
    path: str
    text: str
    tree: ast.Module
    needed: set[str]
    statements: set[ast.stmt]
    shims: list[Shim]
    engine: Engine


def travelling(
    names: set[tuple[str, str]],
    root: Path,
    page_path: str,
    page_source: str,
    engine: Engine = Engine(MICROPYTHON),  # noqa: B008 - it is frozen
) -> list[Module]:
    """Give the modules in which these (module, name) pairs live, and those that they import, each cut to what is needed.

    Raises LackingError for what the engine cannot run.
    """
    texts: dict[str, _Text] = {}
    waiting = sorted(names)
    while waiting:
        module, name = waiting.pop()
        if module not in texts:
            texts[module] = _read(module, root, page_path, page_source, engine)
        text = texts[module]
        if name not in text.needed:
            text.needed.add(name)
            waiting.extend(_need(text, name, root))
    modules = [_cut(text) for _, text in sorted(texts.items())]
    stood_in = {shim.name for text in texts.values() for shim in text.shims}
    return [*modules, *([Module(MODULE, "", shims_source(stood_in))] if stood_in else [])]


def _read(module: str, root: Path, page_path: str, page_source: str, engine: Engine) -> _Text:
    if module == "__page__":
        path, source = page_path, page_source
    else:
        file = getattr(sys.modules.get(module), "__file__", None) or ""
        path = Path(os.path.relpath(file, root)).as_posix() if file else module
        source = "".join(linecache.getlines(file))
        if not source and file:
            with open(file, encoding="utf-8") as stream:
                source = stream.read()
    if not source:
        raise DemoError(
            f"the source of the module {module!r} cannot be read, so it cannot travel to the browser"
        )
    return _Text(module, path, source, ast.parse(source, path), set(), set(), [], engine)


def _need(text: _Text, name: str, root: Path) -> Iterator[tuple[str, str]]:
    """Keep the statements that define a name; give the names they need in turn, here and elsewhere."""
    for statement in text.tree.body:
        if statement in text.statements or (name != "*" and not _defines(statement, name)):
            continue
        if _only_for_types(statement):
            continue
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            yield from _imported(text, statement, name, root)
            continue
        text.statements.add(statement)
        if text.engine.is_small:
            _take(text, outside(text.tree, statement))
        for inner in ast.walk(statement):
            if isinstance(inner, (ast.Import, ast.ImportFrom)):
                yield from _imported(text, inner, None, root)
        for reference in references(statement, annotations=not text.engine.is_small):
            if any(_defines(other, reference) for other in text.tree.body):
                yield text.name, reference


def _defines(statement: ast.stmt, name: str) -> bool:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return statement.name == name
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return any((alias.asname or alias.name.split(".")[0]) == name for alias in statement.names)
    return name in {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    } or (_root_of(statement) == name)


def _root_of(statement: ast.stmt) -> str | None:
    """`TABLE["x"] = 1`, `TABLE.update(…)`: the name that such a statement changes."""
    node: ast.AST | None = None
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        node = statement.value.func
    elif isinstance(statement, ast.Assign):
        node = statement.targets[0]
    elif isinstance(statement, ast.AugAssign):
        node = statement.target
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _only_for_types(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test)


def references(node: ast.AST, *, annotations: bool = False) -> set[str]:
    """Give the names that running this would look up."""
    found: set[str] = set()
    waiting: list[ast.AST] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Name):
            found.add(one.id)
        for name, value in ast.iter_fields(one):
            if not annotations and name in ("annotation", "returns", "type_params"):
                continue
            waiting.extend(
                part for part in (value if isinstance(value, list) else [value]) if isinstance(part, ast.AST)
            )
    return found


def _imported(
    text: _Text, statement: ast.Import | ast.ImportFrom, name: str | None, root: Path
) -> Iterator[tuple[str, str]]:
    for alias in statement.names:
        if name not in (None, "*", alias.asname or alias.name.split(".")[0]):
            continue
        module = alias.name
        if isinstance(statement, ast.ImportFrom):
            package = text.name.split(".")
            above = package[: len(package) - statement.level] if statement.level else []
            module = ".".join([*above, *([statement.module] if statement.module else [])])
        if module.split(".")[0] == "pressrun":
            continue
        if module in ERASED and text.engine.is_small:
            if name not in (None, "*", "annotations", "TYPE_CHECKING"):
                what = f"`{module}.{alias.name}` outside annotations"
                _take(text, [Missing(statement, what, remedy_for(f"{module}.{alias.name}"))])
            continue
        if _is_ours(module, root):
            submodule = f"{module}.{alias.name}"
            if isinstance(statement, ast.Import):
                yield module, "*"
            elif _is_ours(submodule, root):
                yield submodule, "*"
            else:
                yield module, alias.name
        elif text.engine.is_small:
            _take(text, imported(statement, alias))
        elif module not in text.engine.modules and module.split(".")[0] not in text.engine.packages:
            _take(text, [Missing(statement, f"`import {module}`")])


def _is_ours(module: str, root: Path) -> bool:
    file = getattr(sys.modules.get(module), "__file__", None)
    return (
        bool(file)
        and Path(str(file)).resolve().is_relative_to(root.resolve())
        and "site-packages" not in str(file)
    )


def _take(text: _Text, found: Iterable[Missing | Shim]) -> None:
    """Refuse the first thing that is missing; remember what is stood in for."""
    for one in sorted(found, key=lambda one: getattr(one.node, "lineno", 0)):
        if isinstance(one, Missing):
            what = f"{one.what} {'is of no use' if one.useless else 'does not exist'}"
            remedy = one.remedy or "Write it without, or compute it when the page is built."
            raise LackingError(what, text.engine.name, remedy, text.path, getattr(one.node, "lineno", None))
        text.shims.append(one)


class _Editor:
    """Edits of a text by the positions that the syntax tree gives (columns in UTF-8 bytes)."""

    def __init__(self, text: str) -> None:
        self.data = text.encode()
        self.starts = [0]
        for line in self.data.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.edits: list[tuple[int, int, bytes]] = []

    def at(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column

    def span(self, node: ast.AST) -> tuple[int, int]:
        place: Callable[[str], int] = lambda name: getattr(node, name)  # noqa: E731
        return self.at(place("lineno"), place("col_offset")), self.at(
            place("end_lineno"), place("end_col_offset")
        )

    def replace(self, start: int, end: int, new: str) -> None:
        """Replace a span; its line breaks stay, so that what follows keeps its line."""
        self.edits.append((start, end, new.encode() + b"\n" * self.data[start:end].count(b"\n")))

    def result(self) -> str:
        out, last = [], 0
        for start, end, new in sorted(self.edits):
            if start < last:
                continue
            out += [self.data[last:start], new]
            last = end
        text = b"".join([*out, self.data[last:]]).decode()
        return "\n".join(line.rstrip() for line in text.split("\n")).rstrip() + "\n"


def _cut(text: _Text) -> Module:
    editor = _Editor(text.text)
    for statement in text.tree.body:
        first = min([statement.lineno, *(node.lineno for node in getattr(statement, "decorator_list", []))])
        start, end = editor.at(first, 0), editor.span(statement)[1]
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            start = editor.span(statement)[0]
            editor.replace(start, end, _import_text(statement, text.needed, text.engine))
        elif statement not in text.statements:
            editor.replace(min(start, editor.span(statement)[0]), end, "")
        elif text.engine.is_small:
            _strip(editor, statement, text.engine)
            for shim in text.shims:
                if isinstance(shim.node, ast.Attribute) and any(shim.node is n for n in ast.walk(statement)):
                    editor.replace(*editor.span(shim.node), f'__import__("{MODULE}").{local(shim.name)}')
    for token in tokenize.generate_tokens(io.StringIO(text.text).readline):
        if token.type == tokenize.COMMENT:
            line = text.text.split("\n")[token.start[0] - 1]
            start = editor.at(token.start[0], len(line[: token.start[1]].encode()))
            editor.replace(start, start + len(token.string.encode()), "")
    return Module(text.name, text.path, editor.result())


def _import_text(statement: ast.Import | ast.ImportFrom, needed: set[str], engine: Engine) -> str:
    """Give the import with the names that are needed, or nothing."""
    everything = "*" in needed
    erased = ERASED if engine.is_small else frozenset()
    stood_in = STOOD_IN if engine.is_small else frozenset()
    kept = [
        alias
        for alias in statement.names
        if everything or (alias.asname or alias.name.split(".")[0]) in needed
    ]
    if isinstance(statement, ast.ImportFrom):
        if not kept or statement.module in erased or statement.module == "pressrun.components":
            return ""
        ours = [
            alias for alias in kept if f"{statement.module}.{alias.name}" in stood_in and not statement.level
        ]
        theirs = [alias for alias in kept if alias not in ours]
        # The runtime travels as one module (see `shipping`).
        module = "pressrun" if str(statement.module).startswith("pressrun.") else statement.module
        lines = [ast.unparse(ast.ImportFrom(module, theirs, statement.level))] if theirs else []
        for alias in ours:
            name = local(f"{statement.module}.{alias.name}")
            lines.append(f"from {MODULE} import {name} as {alias.asname or alias.name}")
        return "; ".join(lines)
    kept = [alias for alias in kept if alias.name not in erased]
    return ast.unparse(ast.Import(kept)) if kept else ""


def _strip(editor: _Editor, statement: ast.stmt, engine: Engine) -> None:
    """Take annotations and docstrings out of a statement; turn async yields into awaited calls."""
    for node in ast.walk(statement):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            editor.replace(*editor.span(node), _import_text(node, {"*"}, engine) or "pass")
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            body = node.body
            if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
                editor.replace(*editor.span(body[0]), "" if len(body) > 1 else "pass")
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.returns is not None:
            start, end = editor.span(node.returns)
            arrow = editor.data.rindex(b"->", 0, start)
            before = len(editor.data[:arrow].rstrip())
            editor.replace(before, end, "")
        elif isinstance(node, ast.arg) and node.annotation is not None:
            start, _ = editor.span(node)
            editor.replace(start + len(node.arg.encode()), editor.span(node.annotation)[1], "")
        elif isinstance(node, ast.AnnAssign):
            if node.value is None:
                editor.replace(*editor.span(node), "pass")
            else:
                editor.replace(editor.span(node.target)[1], editor.span(node.annotation)[1], "")
    for method in methods(statement):
        me = method.args.args[0].arg
        for one in yields(method):
            start, end = editor.span(one)
            if one.value is None:
                editor.replace(start, end, f"await {me}._yield()")
            else:
                editor.replace(start, editor.span(one.value)[0], f"await {me}._yield((")
                editor.edits.append((end, end, b"))"))
