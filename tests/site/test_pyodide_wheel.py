"""The second engine's wheel: built from the repository's sources alone, and used as `pip install "pressrun[pyodide]"` gives it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from environments import fresh_environ, fresh_tools, wheel_of

ROOT = Path(__file__).parents[2]
PAGE = """\
# One

```python demo exec
from dataclasses import dataclass

from pressrun import State, text


@dataclass
class Pair:
    one: int
    two: int


class Sum(State):
    n: int = 3

    def act(self):
        self.n = Pair(self.n, 4).two


def view():
    return text(Sum.n)
```
"""
SCENE = """
import json, sys
from dataclasses import dataclass
from statistics import mean
print(json.dumps([sys.platform, sys.version_info[:2], mean([1, 3]), [name for name in ("tkinter", "sqlite3") if name in sys.modules]]))
"""


@pytest.mark.long
def test_the_second_engine_works_from_its_wheel_in_a_fresh_environment(tmp_path: Path) -> None:
    """No file that an earlier build left behind is used: npm fetches the engine, its own Python trims the library."""
    source = tmp_path / "source"
    shutil.copytree(
        ROOT / "engines/pyodide", source, ignore=shutil.ignore_patterns("engine", "__pycache__", "*.egg-info")
    )
    assert not (source / "pressrun_pyodide/engine").exists()
    wheel = wheel_of([ROOT, source], tmp_path / "wheels")
    tools = fresh_tools(tmp_path / "venv", tmp_path / "wheels", f"{wheel}[pyodide]")
    environ = fresh_environ()

    site = tmp_path / "project"
    (site / "content").mkdir(parents=True)
    (site / "content/index.md").write_text(PAGE)
    done = subprocess.run(
        [tools / "pressrun", "build", "--json", str(site)],
        env=environ,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [problem] = json.loads(done.stdout)["problems"]
    assert (problem["level"], problem["line"]) == ("info", 4)
    assert "`import dataclasses`" in problem["message"] or "`dataclasses" in problem["message"]

    [engine] = (tmp_path / "venv").glob("lib/python*/site-packages/pressrun_pyodide/engine")
    record = json.loads((engine / "engine.json").read_text())
    published = next((site / "site/assets").glob("pyodide.*/"))
    assert {path.name for path in published.iterdir()} == set(record["files"])
    for name in record["files"]:
        assert (published / name).read_bytes() == (engine / name).read_bytes()

    (tmp_path / "scene.json").write_text(json.dumps({"files": {}, "main": SCENE}))
    node = shutil.which("node")
    assert node is not None
    play = [
        node,
        str(ROOT / "tests/runtime/play.mjs"),
        str(engine / "pyodide.mjs"),
        str(tmp_path / "scene.json"),
    ]
    done = subprocess.run(play, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == ["emscripten", [3, 14], 2, []]
