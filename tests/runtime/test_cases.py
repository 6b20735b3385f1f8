"""The acceptance cases give the same result on CPython, on MicroPython and on Pyodide, as they ship to browsers."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import pressrun
from generator.demos import pyodide, runtime_files
from generator.demos.engines import MICROPYTHON, PYODIDE, Engine
from generator.demos.shipping import RUNTIME, extras_of
from generator.demos.travel import travelling
from pressrun.state import State
from pressrun.tracked import plain
from tests.runtime import cases
from tests.runtime.stage import Stage

IMMUTABLE = (
    "Background task StateProxy is immutable outside of a context manager. "
    "Use `async with self` to modify state."
)
EXPECTED: dict[str, Any] = {
    "T1": [420, [], 0],
    "T2": [620, 620, []],
    "T3": [2, ["ImmutableStateError: The state is already mutable. Do not nest `async with self` blocks."]],
    "T4": [12, 13, 4, []],
    "T5": [2, [], [["counter"], ["counter"]]],
    "T6": [1000, []],
    "T8": [["background_task:start", "other", "background_task:stop", "own", "private"], 4, [IMMUTABLE], [1], []],
    "T9": [9, 5, [f"ImmutableStateError: {IMMUTABLE}"]],
    "T10": [
        2,
        [
            ("RuntimeError: Cannot directly call background task 'run', use `yield Refused.run` or "
            "`return Refused.run` instead."),
            "TypeError: Background task must use `async with self` to modify state.",
            ("TypeError: Your handler Refused.bad must only return/yield: None, Events or other EventHandlers "
            "referenced by their class (i.e. using `type(self)` or other class references). "
            "Returned events of types <class 'int'>."),
            "ValueError: crashed",
        ],
    ],
    "T12": ["Background task must be async function or generator."],
    "T13": [
        [["items"]] * 12 + [["words"]] * 8 + [["marks"]] * 6 + [["deep"]] * 3,
        True, [], [{"k": [1, 2]}, {"n": [1]}], 0, [],
    ],
    "T14": [
        [[1], [7, 8, 9], [0, 1, 2, 3, 10, 11, 12], [20, 21, 22, 31, 32], [[5], 1]],
        [["log", "here"]], "interim", "final", [["text"], ["text"]], [],
    ],
    "T15": [True, 10, []],
    "endless": [True, True, []],
    "supersedes": [3, []],
    "computed": [
        [0, 0, 1], [0, 1], [2, 2], [["evaluations"], ["ticks", "twice"]],
        [("AttributeError: The state variable 'nonsense' has not been defined in 'Restarted'. "
         "All state variables must be declared before they can be set.")],
    ],
}  # fmt: skip
ROOT = Path(os.path.abspath(__file__)).parents[2]


def test_every_case_is_played() -> None:
    """No case is forgotten here."""
    assert list(EXPECTED) == list(cases.CASES)


@pytest.mark.parametrize("name", cases.CASES)
def test_on_cpython(name: str) -> None:
    """The result stands in the contract."""

    async def play() -> Any:
        async with asyncio.timeout(20):
            return plain(await cases.CASES[name](Stage()))

    assert json.loads(json.dumps(asyncio.run(play()))) == EXPECTED[name]


def engine_file(name: str) -> Path:
    """The script of an engine, as it ships."""
    second = pyodide()
    assert second is not None, "Pyodide is not installed: pip install -e engines/pyodide"
    return {
        MICROPYTHON: ROOT / "generator/engines/micropython.mjs",
        PYODIDE: Path(second.folder, "pyodide.mjs"),
    }[name]


def played(name: str, folder: Path) -> dict[str, Any]:
    """All cases played in one engine under Node, with the runtime and the module as they travel."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on PATH: the engines' WebAssembly needs one here")
    second = pyodide()
    engine = Engine(name, second.modules if second else frozenset())
    states = [cls for cls in State.__subclasses__() if cls.__module__ == cases.__name__]
    names = {(cases.__name__, "CASES")} | {(cases.__name__, cls.__name__) for cls in states}
    names |= {("tests.runtime.stage", "Stage")}
    files = {**runtime_files(), "pressrun/sets.py": extras_of({}, ["set()"])["pressrun.sets"]}
    for module in travelling(names, ROOT, "", "", engine):
        files[module.name.replace(".", "/") + ".py"] = module.source
    manifests = [{**cls.__dict__["_manifest"], "name": cls.__name__} for cls in states]
    for manifest in manifests:
        if engine.is_small:  # which has no async generators
            manifest["handlers"] = [[n, min(kind, 1) if kind != 2 else 2] for n, kind in manifest["handlers"]]
        for field in manifest["fields"]:
            assert field[1] == []
    main = f"""
import asyncio, json
from pressrun import plain, setup
from tests.runtime import cases, stage
_sleep = asyncio.sleep
async def sleep(seconds, result=None):
    await _sleep(max(seconds, 0.001))
asyncio.sleep = sleep
for manifest in json.loads({json.dumps(manifests)!r}):
    setup(getattr(cases, manifest["name"]), manifest)
async def main():
    for name in {list(cases.CASES)!r}:
        try:
            result = plain(await cases.CASES[name](stage.Stage()))
        except Exception as error:
            import sys
            print(error, file=sys.stderr)
            result = repr(error)
        print(json.dumps([name, result]))
asyncio.create_task(main())
"""
    (folder / "scene.json").write_text(json.dumps({"files": files, "main": main}))
    done = subprocess.run(
        [node, str(ROOT / "tests/runtime/play.mjs"), str(engine_file(name)), str(folder / "scene.json")],
        check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    sys.stderr.write(done.stderr)
    return dict(json.loads(line) for line in done.stdout.splitlines() if line.startswith("["))


@pytest.fixture(scope="module", params=[MICROPYTHON, PYODIDE])
def engine_results(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What each engine made of the cases."""
    return played(str(request.param), tmp_path_factory.mktemp("scene"))


@pytest.mark.parametrize("name", cases.CASES)
def test_in_the_browsers_engines(name: str, engine_results: dict[str, Any]) -> None:
    """The result is CPython's."""
    assert engine_results.get(name) == EXPECTED[name]


def test_every_file_that_travels_is_python_that_micropython_reads(tmp_path: Path) -> None:
    """As it is written, and as it travels. Components and expressions stay at home: views are compiled by CPython."""
    folder = Path(os.path.abspath(pressrun.__file__)).parent
    sources = {name: (folder / f"{name}.py").read_text() for name in RUNTIME}
    sources.update(runtime_files())
    assert "live" in sources
    assert "pressrun/__init__.py" in sources
    main = f"""
import json
wrong = []
for name, source in json.loads({json.dumps(sources)!r}).items():
    try:
        compile(source, name, "exec")
    except SyntaxError as error:
        wrong.append([name, str(error)])
print(json.dumps(wrong))
"""
    (tmp_path / "scene.json").write_text(json.dumps({"files": {}, "main": main}))
    done = subprocess.run(
        ["node", str(ROOT / "tests/runtime/play.mjs"), str(engine_file(MICROPYTHON)), str(tmp_path / "scene.json")],
        check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert json.loads(done.stdout) == []
