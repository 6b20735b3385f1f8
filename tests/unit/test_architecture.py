"""The plan of the house: which room may know which, and who may print, read the clock, or run code."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
ROOMS = [
    "errors", "targets", "looks", "themes", "words", "config", "cache", "fingerprint", "locks", "processes", "workers", "units", "output",
    "sources", "frontmatter", "data", "pages", "routes", "taxonomies", "folders", "navigation", "editions", "site",
    "content", "fences", "lexing", "highlight", "highlighter", "execute", "schemas", "demos", "testing", "letters",
    "flexdown", "wikilinks", "tables", "plugins", "markdown", "diagrams", "pictures", "cards", "reference",
    "compose", "check",
    "found", "plates", "views", "templates", "overrides", "history", "related", "twins", "afar", "feeds", "search", "assets",
    "inventory", "permalinks", "finished", "context", "copies", "finding", "objects", "stages", "edits", "build",
    "terminal", "serve", "deploy", "scaffold", "cli", "__main__",
]  # fmt: skip
"""In import order: a room knows only those before it."""
PRINTING = {"terminal", "serve", "cli"}
CLOCK_AND_ENVIRONMENT = {"config"}
FILES = sorted(path for folder in ("generator", "pressrun") for path in (ROOT / folder).rglob("*.py"))
DOOR = ROOT / "pressrun/testing.py"
"""What authors' tests import: the one way from there to the engine. It never travels to a browser."""
RUNS_CODE = {"execute", "demos"}


def room_of(path: Path) -> str:
    """Name the room that a file of the engine belongs to; empty for the package itself."""
    first = path.relative_to(ROOT / "generator").parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def engine() -> list[Path]:
    """Give the files of the engine."""
    return [path for path in FILES if path.is_relative_to(ROOT / "generator")]


def tree(path: Path) -> ast.Module:
    """Parse a file."""
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Give the absolute dotted names that a file imports anywhere, also in functions, with their lines."""
    package = list(path.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((f"{module}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from (
                (str(part.value), node.lineno) for part in node.args[:1] if isinstance(part, ast.Constant)
            )


def test_every_file_of_the_engine_is_a_room_of_the_plan() -> None:
    assert {room_of(path) for path in engine()} - {""} <= set(ROOMS)


@pytest.mark.parametrize("path", engine(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_room_imports_only_what_stands_before_it(path: Path) -> None:
    room = room_of(path)
    own = ROOMS.index(room) if room else 0
    for name, line in imports(path):
        parts = name.split(".")
        if parts[0] == "generator" and len(parts) > 1 and parts[1] in ROOMS:
            assert ROOMS.index(parts[1]) < own or parts[1] == room, f"{path.name}:{line} imports {name}"


@pytest.mark.parametrize(
    "path",
    [p for p in FILES if p.is_relative_to(ROOT / "pressrun") and p != DOOR],
    ids=lambda path: path.name,
)
def test_what_examples_import_knows_nothing_of_the_engine(path: Path) -> None:
    assert not [name for name, _ in imports(path) if name.split(".")[0] == "generator"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_room_says_what_it_is_for(path: Path) -> None:
    assert (ast.get_docstring(tree(path)) or "").strip()


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """Give the dotted names that a file calls or subscripts, with their lines."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


@pytest.mark.parametrize(
    "path",
    [p for p in engine() if room_of(p) not in PRINTING],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_only_terminal_serve_and_cli_print(path: Path) -> None:
    for name, line in calls(path):
        assert name not in ("print", "click.echo", "sys.stdout.write", "sys.stderr.write"), (
            f"{path.name}:{line}"
        )


CLOCK = (
    "time.time",
    "time.time_ns",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.localtime",
    "time.gmtime",
)
ENVIRONMENT = ("os.environ", "os.getenv")


@pytest.mark.parametrize(
    "path",
    [p for p in engine() if room_of(p) not in CLOCK_AND_ENVIRONMENT],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_only_config_reads_the_clock_and_the_environment(path: Path) -> None:
    """A process that is started inherits the environment as a whole (`{**os.environ, …}`); nothing is read from it."""
    for name, line in calls(path):
        assert not name.endswith(CLOCK), f"{path.name}:{line} calls {name}"
        assert not name.startswith(ENVIRONMENT), f"{path.name}:{line} calls {name}"
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Subscript):
            assert ast.unparse(node.value) not in ENVIRONMENT, f"{path.name}:{node.lineno}"


@pytest.mark.parametrize(
    "path",
    [p for p in engine() if room_of(p) not in RUNS_CODE],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_only_execute_runs_the_authors_code(path: Path) -> None:
    for name, line in calls(path):
        assert name not in ("exec", "eval", "__import__", "runpy.run_path"), (
            f"{path.name}:{line} calls {name}"
        )


@pytest.mark.parametrize("path", engine(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_there_is_no_global_state(path: Path) -> None:
    assert not [node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.Global)]
