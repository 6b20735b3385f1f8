"""What a built site holds of the browser's engines: what its demos use, and nothing else."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

from harness import Project

DEMO = "---\ntitle: {0}\n---\n# {0}\n\n```python demo exec{1}\nfrom pressrun import State, text\n\n\nclass {0}(State):\n    n: int = 0\n\n    def act(self):\n        {2}\n\n\ndef view():\n    return text({0}.n)\n```\n"
GREAT = "match self.n:\n            case _:\n                pass"


def files(project: Project) -> set[str]:
    """The assets, without their digests."""
    return {
        re.sub(r"\.[0-9a-f]{10}(?=[./])", "", path) for path in project.tree() if path.startswith("assets/")
    }


SHARED = {"assets/demo.js", "assets/demo.css"}
MICROPYTHON = {"assets/worker.js", "assets/micropython.wasm"}
PYODIDE = {
    "assets/pyodide.js", "assets/pyodide/pyodide.mjs", "assets/pyodide/pyodide.asm.mjs", "assets/pyodide/pyodide.asm.wasm",
    "assets/pyodide/python_stdlib.zip",
}  # fmt: skip


def test_a_site_without_demos_ships_no_engine(project: Project) -> None:
    project.write("content/index.md", "# Nothing\n").build()
    assert not files(project) & (SHARED | MICROPYTHON | PYODIDE)


def test_a_site_ships_the_engines_of_its_demos_alone(project: Project) -> None:
    project.write("content/one.md", DEMO.format("One", "", "pass")).build()
    assert project.problems == []
    assert files(project) >= SHARED | MICROPYTHON
    assert not files(project) & PYODIDE
    project.write("content/one.md", DEMO.format("One", "", GREAT)).build()
    assert files(project) >= SHARED | PYODIDE
    assert not files(project) & MICROPYTHON
    project.write("content/two.md", DEMO.format("Two", " engine=micropython", "pass")).build()
    assert files(project) >= SHARED | PYODIDE | MICROPYTHON
    scripts = {url: re.findall(r'data-workers="([^"]*)"', project.html(url)) for url in ("/one/", "/two/")}
    assert scripts == {"/one/": ["pyodide:1"], "/two/": ["micropython:1"]}
    assert "pyodide" not in project.html("/two/")


def test_the_choice_is_told_at_its_line_and_is_no_problem(project: Project) -> None:
    """Told again when the page comes from the cache; neither an error nor, with --strict, a warning."""
    project.write("content/one.md", DEMO.format("One", "", GREAT))
    for _ in range(2):
        project.build()
        problem = project.problem()
        assert (problem.path, problem.line, problem.level) == ("content/one.md", 14, "info")
        assert problem.message == (
            "`match` does not exist in MicroPython, so this demo runs on Pyodide, which readers wait longer for "
            "(3.8 MB instead of 0.2)"
        )
        assert not project.last.failed(strict=True)
    assert project.last.written == ()


def test_the_site_can_settle_the_engine(project: Project) -> None:
    project.write("content/one.md", DEMO.format("One", "", "pass"))
    project.write("pyproject.toml", '[tool.pressrun.demos]\nengine = "pyodide"\nlimit = 50\n').build()
    assert project.problems == []
    assert 'data-workers="pyodide:1"' in project.html("/one/")
    project.write("pyproject.toml", '[tool.pressrun.demos]\nengine = "pyodid"\n').build()
    assert project.problems == [
        "pyproject.toml:2:1: error: “engine” must be one of auto, micropython, pyodide, not 'pyodid'"
    ]
    assert project.hints == ["did you mean “pyodide”?"]


def test_flags_of_a_demo_stand_alone(project: Project) -> None:
    """`isolated` and `pause_hidden` are words; elsewhere they mean nothing."""
    project.write("content/one.md", DEMO.format("One", " isolated pause_hidden", "pass")).build()
    assert project.problems == []
    assert 'data-workers="micropython:1:p"' in project.html("/one/")
    project.write("content/one.md", "# One\n\n```python exec isolated\n1\n```\n").build()
    assert project.problems == ["content/one.md:3: error: “isolated” means nothing on a block that runs"]


PACKED = """---
title: One
---
# One

```python demo exec
import iniconfig
from pressrun import State, text


class One(State):
    n: int = 0

    def act(self):
        self.n = len(list(iniconfig.IniConfig("x", data="[a]")))


def view():
    return text(One.n)
```
"""


def wheel(text: str) -> bytes:
    """A wheel of one module, which the page's code knows as an installed one."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as files:
        files.writestr(zipfile.ZipInfo("iniconfig.py"), text)
    return made.getvalue()


def test_a_package_travels_with_the_demos_that_import_it(project: Project, tmp_path: Path) -> None:
    """With these alone; an edit of its wheel concerns the pages with demos, whose imports are looked at anew, and gives a clean build's bytes."""
    name = "wheels/iniconfig-1-py3-none-any.whl"
    project.write("pyproject.toml", f'[tool.pressrun.demos]\npackages = ["{name}"]\n').write(
        name, wheel("word = 1\n")
    )
    project.write("content/one.md", PACKED).write("content/two.md", DEMO.format("Two", "", GREAT))
    project.write("content/three.md", "# Three\n").build()
    assert [problem.split(": ")[1] for problem in project.problems] == ["info", "info"]

    def travels(url: str) -> dict[str, str]:
        payload = re.search(r'data-payload="/([^"]+)"', project.html(url))
        assert payload
        [group] = json.loads(project.file(payload[1]))
        return {module: source for module, _, source in group["modules"]}

    assert travels("/one/")["iniconfig"] == "word = 1\n"
    assert "iniconfig" not in travels("/two/")
    project.write(name, wheel("word = 2\n")).build()
    assert project.ran("compose") == ["content/one.md", "content/two.md"]
    assert travels("/one/")["iniconfig"] == "word = 2\n"
    assert project.tree() == project.clean_tree(tmp_path / "clean")
    project.delete(name).build()
    assert [problem for problem in project.problems if "error" in problem] == [
        f"content/one.md:7: error: there is no package {name}",
        f"content/two.md:7: error: there is no package {name}",
    ]


def test_engine_files_are_not_written_again(project: Project) -> None:
    """An edit of the page leaves the 14 MB alone."""
    project.write("content/one.md", DEMO.format("One", "", GREAT)).build()
    before = {path for path in project.written if "pyodide" in path}
    assert len(before) == 5
    project.write("content/one.md", DEMO.format("One", "", GREAT) + "\nMore.\n").build()
    assert "one/index.html" in project.written
    assert not [path for path in project.written if path.startswith("assets/")]
    data = json.loads(project.file(next(p for p in project.tree() if p.startswith("assets/demos/"))))
    assert [part["engine"] for part in data] == ["pyodide"]
