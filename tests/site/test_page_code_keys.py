"""Page code: whatever it looks at is a fact, found or not, opened or only asked for; a later build notices."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from harness import Project
from parity import install

PAGE = "---\nimport os\nfrom pathlib import Path\n---\n{{ %s }}\n"


def path_of(project: Project, name: str) -> Path:
    return project.root / name


def swap_file_for_folder(project: Project) -> None:
    project.delete("data/a").write("data/a/b", "")


LOOKS: dict[str, tuple[str, Callable[[Project], object]]] = {
    "os.path.exists": ("os.path.exists('data/new')", lambda p: p.write("data/new")),
    "Path.exists": ("Path('data/new').exists()", lambda p: p.write("data/new")),
    "Path.is_file": ("Path('data/a').is_file()", swap_file_for_folder),
    "os.path.isdir": ("os.path.isdir('data/a')", swap_file_for_folder),
    "os.access": ("os.access('data/new', os.R_OK)", lambda p: p.write("data/new")),
    "os.path.getsize": ("os.path.getsize('data/a')", lambda p: p.write("data/a", "longer")),
    "Path.stat": ("Path('data/a').stat().st_size", lambda p: p.write("data/a", "longer")),
    "mtime": ("int(os.path.getmtime('data/a'))", lambda p: os.utime(path_of(p, "data/a"), (9, 9))),
    "os.readlink": ("os.readlink('data/link')", lambda p: (path_of(p, "data/link").unlink(), path_of(p, "data/link").symlink_to("b"))),
    "Path.resolve": ("Path('data/link').resolve().name", lambda p: (path_of(p, "data/link").unlink(), path_of(p, "data/link").symlink_to("b"))),
    "glob": ("sorted(Path('data').glob('*'))", lambda p: p.write("data/new")),
    "glob of hidden names": ("sorted(os.listdir('data'))", lambda p: p.write("data/.new")),
    "os.walk": ("[names for _, _, names in os.walk('data')]", swap_file_for_folder),
    "glob of a folder that is not there": ("sorted(Path('new').glob('*'))", lambda p: p.write("new/a")),
    "rglob": ("sorted(Path('data').rglob('*.x'))", lambda p: p.write("data/deep/a.x")),
    "glob.glob": ("__import__('glob').glob('data/n*')", lambda p: p.write("data/new")),
    "a hidden file": ("Path('.hidden').read_text()", lambda p: p.write(".hidden", "new")),
    "a file outside": ("Path('../outside').read_text()", lambda p: path_of(p, "../outside").write_text("new")),
    "another working folder": ("os.chdir('data') or open('a').read()", lambda p: p.write("data/a", "new")),
    "reading and writing": ("open('data/a', 'r+').read()", lambda p: p.write("data/a", "new")),
    "a database": (
        "__import__('sqlite3').connect('file:data/x.db?mode=ro', uri=True).execute('pragma user_version').fetchone()",
        lambda p: database(p, 2),
    ),
    "a variable": ("os.environ.get('PRESSRUN_TEST')", lambda p: os.environ.update(PRESSRUN_TEST="new")),
    "all variables": ("dict(os.environ).get('PRESSRUN_TEST')", lambda p: os.environ.update(PRESSRUN_TEST="new")),
    "another program": ("__import__('subprocess').check_output(['cat', 'data/a'])", lambda p: p.write("data/a", "new")),
    "a module that is not there": (
        "__import__('importlib.util').util.find_spec('new_module') is None",
        lambda p: p.write("new_module/part.py"),
    ),
}  # fmt: skip


def database(project: Project, version: int) -> None:
    """Write a database that bears a number."""
    import sqlite3

    connection = sqlite3.connect(project.root / "data/x.db")
    connection.execute(f"pragma user_version = {version}")
    connection.close()


@pytest.mark.parametrize("name", LOOKS)
def test_what_page_code_looks_at_is_noticed_when_it_changes(
    project: Project, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The page shows the answer; when the answer changes, so does the page, as in a clean build."""
    monkeypatch.setenv("PRESSRUN_TEST", "old")
    expression, change = LOOKS[name]
    project.write("data/a", "a").write("data/b", "b").write(".hidden", "h")
    path_of(project, "data/link").symlink_to("a")
    path_of(project, "../outside").write_text("old")
    database(project, 1)
    project.write("content/a.md", PAGE % expression).write(
        "content/b.md", "---\nx = 1\n---\n{{ x }}\n"
    ).build()
    assert project.problems == []
    before = project.main("/a/")
    change(project)
    project.build()
    assert project.problems == []
    assert project.main("/a/") != before
    assert project.ran("compose") == ["content/a.md"]


def test_a_page_that_asks_only_whether_a_file_is_there_does_not_mind_its_content(project: Project) -> None:
    """Another text, another time: neither is what the code asked for."""
    project.write("data/a", "a").write("content/a.md", PAGE % "Path('data/a').is_file()").build()
    project.write("data/a", "another text").build()
    assert project.last.ran == {}


@pytest.mark.parametrize("module", ["fancytext", "fancy_text"])
def test_another_version_of_an_installed_distribution_is_noticed(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    """A module of the distribution's own name, or of another one; nothing runs when nothing changed."""
    folder = tmp_path / "lib" / "site-packages"
    install(folder, 1, module=module)
    monkeypatch.setattr(sys, "path", [*sys.path, str(folder)])
    project.write("content/a.md", f"---\nimport {module}\n---\nV{{{{ {module}.version }}}}\n").build()
    assert "V1" in project.main("/a/")
    assert project.build().last.ran == {}
    install(folder, 2, module=module)
    assert "V2" in project.build().main("/a/")
    assert project.last.ran["compose:content/a.md"] == "dist:Fancy_Text"


def test_a_distribution_that_is_installed_later_is_noticed(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`try: import … except ImportError` is a question too."""
    folder = tmp_path / "lib" / "site-packages"
    folder.mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [*sys.path, str(folder)])
    code = "try:\n    import fancytext\nexcept ImportError:\n    fancytext = None\n"
    project.write(
        "content/a.md", f"---\ntitle: A\n---\n---\n{code}---\n{{{{ fancytext is None }}}}\n"
    ).build()
    assert "True" in project.main("/a/")
    assert project.build().last.ran == {}
    install(folder, 1)
    assert "False" in project.build().main("/a/")


def test_a_module_outside_the_project_and_of_no_distribution_is_noticed_by_its_bytes(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editable installation, a folder of `PYTHONPATH`."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "outer.py").write_text("version = 1\n")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "lib")])
    project.write("content/a.md", "---\nimport outer\n---\nV{{ outer.version }}\n").build()
    (tmp_path / "lib" / "outer.py").write_text("version = 22\n")
    assert "V22" in project.build().main("/a/")


def test_code_that_ended_its_process_is_run_again(project: Project) -> None:
    """It could not say what it had looked at; the module that is mended now may be the cause."""
    project.write("blog/wrong.py", "import os\nos._exit(3)\n").write(
        "blog/a.md", "---\nimport blog.wrong\n---\nText\n"
    )
    assert len(project.build().problems) == 1
    project.write("blog/wrong.py", "x = 1\n").build()
    assert project.problems == []


def test_a_package_that_comes_to_be_is_noticed(project: Project) -> None:
    """A folder without `__init__.py` is a package too, at the top and below another one."""
    project.write("blog/a.md", "---\nimport blog.parts.one\n---\nText\n")
    project.write("blog/b.md", "---\nimport parts.one\n---\nText\n").build()
    assert len(project.problems) == 2
    project.write("blog/parts/one.py", "").write("parts/one.py", "").build()
    assert project.problems == []


def test_files_that_the_code_makes_itself_are_no_reason_to_run_again(project: Project) -> None:
    """A temporary folder has another name each time."""
    code = "import tempfile\nwith tempfile.TemporaryDirectory() as d:\n    open(d + '/x', 'w').write('y')\n    x = open(d + '/x').read()\n"
    project.write("content/a.md", f"---\n{code}---\n{{{{ x }}}}\n").build()
    assert project.problems == []
    assert project.build().last.ran == {}


LEAVES = """from pressrun import State
from pressrun.components import button


class Leaf(State):
    count: int = 0

    def grow(self):
        self.count += 1


def leaf():
    return button("Grow", on_click=Leaf.grow)
"""


def test_packages_in_src_are_the_projects_own(project: Project) -> None:
    """Shown, run, noticed, and sent to the browser, as a module beside the pages is."""
    page = "---\nfrom trees.leaves import Leaf, leaf\n---\nC{{ Leaf.__name__ }}\n\n```python source=Leaf.grow\n```\n"
    project.write("src/trees/__init__.py").write("src/trees/leaves.py", LEAVES)
    project.write("content/a.md", page).write(
        "content/b.md", "---\nimport trees.leaves\n---\n```python demo\ntrees.leaves.leaf()\n```\n"
    )
    project.build()
    assert project.problems == []
    assert "+=" in project.main("/a/")
    assert any(b"class Leaf" in path.read_bytes() for path in (project.root / "site").rglob("demos/*.json"))
    project.write("src/trees/leaves.py", LEAVES.replace("+= 1", "+= 2")).build()
    assert project.ran("compose") == ["content/a.md", "content/b.md"]
    assert "2" in project.main("/a/")
    project.write("trees.py", "class leaves: pass").build()  # the root comes first
    assert project.problems[0].startswith(
        "content/a.md:2: error: ModuleNotFoundError: No module named 'trees.leaves'"
    )


def test_a_package_that_comes_to_stand_in_src_is_noticed(project: Project) -> None:
    project.write("content/a.md", "---\nimport trees\n---\n{{ trees.__name__ }}\n").build()
    message = "content/a.md:2: error: ModuleNotFoundError: No module named 'trees'"
    assert project.problems == [message]
    hint = "modules are looked for below the site's root, in src/, and where Pressrun is installed"
    assert project.last.problems[0].hint == hint
    project.write("src/trees/__init__.py").build()
    assert project.problems == []
    assert "trees" in project.main("/a/")
