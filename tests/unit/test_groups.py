"""Which engine a demo gets, which demos share an interpreter, and what the author is told."""

from __future__ import annotations

import importlib
import json
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from generator.config import Demos
from generator.content import workers_of
from generator.demos import DemoCompiler, DemoError, groups

Make = Callable[[str], ModuleType]
AUTO = Demos()
HEAD = "from pressrun import State, text\n\n\n"
SMALL = (
    HEAD
    + "class Small(State):\n    n: int = 0\n\n    def act(self):\n        self.n += 1\n\n\ndef small():\n    return text(Small.n)\n"
)
GREAT = SMALL + (
    "\n\nclass Great(State):\n    n: int = 0\n\n    def act(self):\n        match self.n:\n            case 0:\n"
    "                pass\n\n\ndef great():\n    return text(Great.n)\n\n\ndef both():\n    return text(Great.n, Small.n)\n"
)


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Write a module into a project and import it."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(source: str) -> ModuleType:
        (tmp_path / "grouped_demos.py").write_text(source)
        importlib.invalidate_caches()
        return importlib.import_module("grouped_demos")

    yield make
    sys.modules.pop("grouped_demos", None)


def compiled(
    root: Path, *views: Any, settings: Demos = AUTO, options: dict[int, dict[str, str]] | None = None
) -> tuple[str, list[str], list[dict[str, Any]]]:
    """What a page with these demos, at lines 10, 20 …, starts; its problems; its payload."""
    made = DemoCompiler(root, "page.md", "", settings)
    for number, view in enumerate(views):
        made.add(view, (options or {}).get(number, {}), 10 + 10 * number)
    payload = made.finish()
    assert payload is not None
    return workers_of(payload), [str(problem) for problem in made.problems], json.loads(payload)


def refused(root: Path, *views: Any, **how: Any) -> tuple[str, str, str | None, int | None]:
    with pytest.raises(DemoError) as caught:
        compiled(root, *views, **how)
    return caught.value.message, caught.value.hint, caught.value.path, caught.value.line


def test_what_keeps_to_the_subset_runs_on_micropython_without_a_word(module: Make, tmp_path: Path) -> None:
    assert compiled(tmp_path, module(SMALL).small)[:2] == ("micropython:1", [])


def test_what_needs_more_runs_on_pyodide_and_the_build_says_why_and_where(
    module: Make, tmp_path: Path
) -> None:
    workers, problems, _ = compiled(tmp_path, module(GREAT).great)
    assert workers == "pyodide:1"
    assert problems == [
        (
            "grouped_demos.py:19: info: `match` does not exist in MicroPython, so this demo runs on Pyodide, which readers wait "
            "longer for (3.8 MB instead of 0.2)\n    To stay with MicroPython: Write it without, or compute it when the page is "
            "built. To settle it: `engine=pyodide`. The demo stands at page.md:10."
        )
    ]


def test_an_author_who_asked_for_it_is_told_nothing(module: Make, tmp_path: Path) -> None:
    made = module(GREAT)
    assert compiled(tmp_path, made.great, options={0: {"engine": "pyodide"}})[:2] == ("pyodide:1", [])
    assert compiled(tmp_path, made.small, settings=Demos(engine="pyodide"))[:2] == ("pyodide:1", [])
    settled = compiled(
        tmp_path, made.small, settings=Demos(engine="pyodide"), options={0: {"engine": "auto"}}
    )
    assert settled[:2] == ("micropython:1", [])


def test_engine_micropython_is_a_promise(module: Make, tmp_path: Path) -> None:
    assert refused(tmp_path, module(GREAT).great, options={0: {"engine": "micropython"}}) == (
        "`match` does not exist in the browser's Python (MicroPython)",
        "Write it without, or compute it when the page is built.",
        "grouped_demos.py",
        19,
    )


def test_without_pyodide_the_remedies_are_named(
    module: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "pyodide", lambda: None)
    made = module(GREAT)
    assert refused(tmp_path, made.great) == (
        "`match` does not exist in the browser's small Python (MicroPython), and Pyodide, which has all, is not installed",
        "Write it without, or compute it when the page is built. Or install Pyodide: `pip install 'pressrun[pyodide]'`.",
        "grouped_demos.py",
        19,
    )
    assert refused(tmp_path, made.small, options={0: {"engine": "pyodide"}}) == (
        "Pyodide is not installed",
        "Install it: `pip install 'pressrun[pyodide]'`.",
        "page.md",
        10,
    )
    assert compiled(tmp_path, made.small)[0] == "micropython:1"


def test_an_unknown_engine_is_refused(module: Make, tmp_path: Path) -> None:
    assert refused(tmp_path, module(SMALL).small, options={0: {"engine": "pyodid"}}) == (
        "engine=pyodid is unknown; expected one of auto, micropython, pyodide",
        "did you mean “pyodide”?",
        "page.md",
        10,
    )


def test_demos_that_share_a_state_share_an_engine(module: Make, tmp_path: Path) -> None:
    """One page has one instance of a State class, so the greater engine takes those along that share one with it."""
    made = module(GREAT)
    assert compiled(tmp_path, made.small, made.great)[0] == "micropython:1 pyodide:2"
    assert compiled(tmp_path, made.small, made.great, made.both)[0] == "pyodide:1,2,3"
    alone = compiled(tmp_path, made.small, made.both, options={1: {"isolated": "true"}})
    assert alone[0] == "micropython:1 pyodide:2"


def test_two_engines_cannot_share_a_state(module: Make, tmp_path: Path) -> None:
    made = module(GREAT)
    assert refused(tmp_path, made.small, made.both, options={0: {"engine": "micropython"}}) == (
        "this demo is to run on MicroPython, and shares Small with the one at line 20, which runs on Pyodide",
        "Give both the same engine, or make one of them `isolated`.",
        "page.md",
        10,
    )


def test_isolated_demos_and_those_that_pause_have_workers_of_their_own(module: Make, tmp_path: Path) -> None:
    small = module(SMALL).small
    options = {1: {"isolated": "true"}, 2: {"pause_hidden": "true"}, 3: {"isolated": "false"}}
    workers, _, parts = compiled(tmp_path, small, small, small, small, options=options)
    assert workers == "micropython:1,4 micropython:2 micropython:3:p"
    assert [sorted(part["views"]) for part in parts] == [["1", "4"], ["2"], ["3"]]


def test_pyodide_gets_statements_as_they_are_and_nothing_else(module: Make, tmp_path: Path) -> None:
    """Dataclasses need their annotations; async generators need no help; what is not used stays at home all the same."""
    made = module(
        "import inspect\nfrom dataclasses import dataclass\nfrom typing import NamedTuple\nfrom pressrun import State, text\n"
        "class Kind(NamedTuple):\n    name: str\n@dataclass\nclass Thing:\n    kind: Kind\n    size: int = 4  # cm\n"
        "UNUSED = inspect.__name__\nclass Mine(State):\n    n: int = Thing(Kind('x')).size\n    async def act(self):\n"
        "        yield\n        self.n += 1\ndef view(): return text(Mine.n)\n"
    )
    _, _, parts = compiled(tmp_path, made.view)
    assert parts[0]["modules"][0][2].split("\n") == [
        "", "from dataclasses import dataclass", "from typing import NamedTuple", "from pressrun import State",
        "class Kind(NamedTuple):", "    name: str", "@dataclass", "class Thing:", "    kind: Kind", "    size: int = 4",
        "", "class Mine(State):", "    n: int = Thing(Kind('x')).size", "    async def act(self):", "        yield",
        "        self.n += 1", "",
    ]  # fmt: skip
    assert parts[0]["states"][0]["handlers"] == [["act", 3]]


def test_a_package_of_the_site_travels_with_those_who_import_it(module: Make, tmp_path: Path) -> None:
    """It can be imported on Pyodide, which the demo therefore runs on; other demos' workers do not get it."""
    with zipfile.ZipFile(tmp_path / "iniconfig-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("iniconfig.py", "word = 1\n")
    made = module(SMALL.replace("from pressrun", "import iniconfig\nfrom pressrun", 1).replace("self.n += 1", "self.n = iniconfig.word")
                  + "\n\nclass Other(State):\n    n: int = 0\n\n    def act(self):\n        self.n += 1\n\n\ndef other():\n    return text(Other.n)\n")  # fmt: skip
    settings = Demos(packages=("iniconfig-1-py3-none-any.whl",))
    workers, notes, parts = compiled(tmp_path, made.small, made.other, settings=settings)
    assert workers == "pyodide:1 micropython:2"
    assert len(notes) == 1
    assert "`import iniconfig` does not exist in MicroPython, so this demo runs on Pyodide" in notes[0]
    assert [[name for name, _, _ in part["modules"]] for part in parts] == [
        ["grouped_demos", "iniconfig"],
        ["grouped_demos"],
    ]
    assert parts[0]["modules"][1] == ["iniconfig", "iniconfig-1-py3-none-any.whl/iniconfig.py", "word = 1\n"]
    assert refused(tmp_path, made.small, settings=Demos(engine="pyodide")) == (
        "`import iniconfig` does not exist in the browser's Python (Pyodide)",
        "Write it without, or compute it when the page is built.", "grouped_demos.py", 1,
    )  # fmt: skip


def test_what_pyodide_has_not_either_is_refused(module: Make, tmp_path: Path) -> None:
    made = module(
        "import sqlite3\n" + GREAT.replace("                pass\n", "                sqlite3.connect('x')\n")
    )
    assert refused(tmp_path, made.great) == (
        "`import sqlite3` does not exist in the browser's Python (Pyodide)",
        "Write it without, or compute it when the page is built.",
        "grouped_demos.py",
        1,
    )


def test_a_name_of_typing_that_runs_is_no_annotation(module: Make, tmp_path: Path) -> None:
    """Imports for annotations are removed for MicroPython; what a class is made of cannot be."""
    made = module("from typing import NamedTuple\n" + SMALL.replace("class Small", "class Pair(NamedTuple):\n    a: int\n\n\nclass Small").replace("n: int = 0", "n: int = Pair(0).a"))  # fmt: skip
    _, problems, _ = compiled(tmp_path, made.small)
    assert problems[0].startswith(
        "grouped_demos.py:1: info: `typing.NamedTuple` outside annotations does not exist in MicroPython, "
    )


def test_a_page_whose_demos_are_great_gets_the_figure(module: Make, tmp_path: Path) -> None:
    made = module(SMALL.replace("n: int = 0", "n: str = 'x' * 120_000"))
    _, problems, _ = compiled(tmp_path, made.small)
    assert problems == [
        (
            "page.md:10: warning: the page's demos load 120 kB of code and values, more than 100 kB\n"
            "    Keep great tables out of State classes, or raise limit in [tool.pressrun.demos]."
        )
    ]
    assert compiled(tmp_path, made.small, settings=Demos(limit=121))[1] == []


def test_half_a_character_does_no_harm(module: Make, tmp_path: Path) -> None:
    """It is shown as what cannot be shown, and travels as JSON can write it."""
    made = DemoCompiler(tmp_path, "page.md", "")
    html = made.add(module(SMALL.replace("n: int = 0", "n: str = '\\ud800'")).small, {}, 1)
    assert "\ufffd" in html
    html.encode()
    payload = made.finish() or b""
    assert json.loads(payload)[0]["first"]["1"]["1"] == "\ud800"
