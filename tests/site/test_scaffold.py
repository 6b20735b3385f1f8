"""`pressrun new`: a site, a post, a page; a new site builds without a warning, and its own tests pass."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from environments import fresh_environ, fresh_tools, wheel_of
from harness import EPOCH, Project

from generator import __version__
from generator.cli import main

ROOT = Path(__file__).parents[2]
EVERY = {
    "pyproject.toml", ".gitignore", "README.md", "tests/test_hello.py", ".github/workflows/deploy.yml",
}  # fmt: skip
FILES = {
    "blog": {"blog/hello.md", "blog/hello.py"},
    "docs": {"content/index.md", "content/start.md", "content/hello.py"},
    "both": {"blog/hello.md", "blog/hello.py", "content/index.md", "content/start.md"},
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, on the day of the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


def new(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["new", *arguments], catch_exceptions=False)


def command(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a module of Python in a folder."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=cwd, env=environ, capture_output=True, text=True, timeout=120
    )


@pytest.mark.long
@pytest.mark.parametrize("template", FILES)
def test_a_new_site_builds_strictly_and_its_own_tests_pass(template: str, tmp_path: Path) -> None:
    done = new("my-notes", "--template", template)
    assert done.exit_code == 0
    wanted = sorted(EVERY | FILES[template])
    assert (
        done.output
        == "".join(f"wrote {path}\n" for path in wanted)
        + f"\nA site of the template “{template}” (blog, docs, both).\nNow look at it:  pressrun serve my-notes --open\n"
    )
    root = tmp_path / "my-notes"
    assert sorted(Project(root).tree(".")) == wanted
    built = command("generator", "build", "--strict", cwd=root)
    assert (built.returncode, built.stderr) == (0, ""), built.stderr
    pages = [html for path, html in Project(root).tree("site").items() if path.endswith(".html")]
    assert [b"data-demo" in html for html in pages].count(True) == (2 if template == "both" else 1)
    tested = command("pytest", "-q", "-p", "no:cacheprovider", "-W", "error", cwd=root)
    assert "1 passed" in tested.stdout, tested.stdout
    assert not [path for path in wanted if "«" in (root / path).read_text()]


def test_what_a_new_site_says_of_itself(tmp_path: Path) -> None:
    """The package, its requirements, the workflow and what git leaves out can be read by their tools."""
    new("My_notes: part “2”", "--template", "both")
    root = tmp_path / "My_notes: part “2”"
    made = tomllib.loads((root / "pyproject.toml").read_text())
    assert made["project"]["name"] == "my-notes-part-2"
    assert made["project"]["dependencies"] == [f"pressrun=={__version__}"]
    assert made["tool"]["pressrun"] == {
        "title": "My notes: part “2”",
        "description": "About My notes: part “2”.",
        "search": {"enabled": True},
    }
    workflow = yaml.safe_load((root / ".github/workflows/deploy.yml").read_text())
    assert workflow["jobs"]["deploy"]["steps"][-2]["run"] == "pressrun deploy pages"
    assert "date: 2026-11-21\n" in (root / "blog/hello.md").read_text()
    built = command("generator", "build", "--strict", cwd=root)
    assert built.returncode == 0, built.stderr
    assert "<h1" in Project(root).html("/blog/hello/")
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    told = subprocess.run(
        ["git", "status", "--porcelain", "-uall"], cwd=root, capture_output=True, text=True, check=True
    )
    assert {row[3:].strip('"') for row in told.stdout.splitlines()} == EVERY | FILES["both"]


def test_its_code_is_as_formatters_and_linters_want_it(tmp_path: Path) -> None:
    for template in FILES:
        new(template, "--template", template)
        for words in (["check", "--isolated"], ["format", "--isolated", "--check"]):
            done = subprocess.run(
                [Path(sys.executable).with_name("ruff"), *words, "."],
                cwd=tmp_path / template,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stdout


def test_a_terminal_is_asked_what_it_shall_be(tmp_path: Path) -> None:
    """Nobody else is: without a terminal it is both."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "generator", "new", "asked"],
        stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    os.close(theirs)
    told = os.read(ours, 1000).decode()
    assert told.startswith("What shall it be (blog, docs, both) [both]: ")
    os.write(ours, b"docs\n")
    with open(ours, "rb", buffering=0) as terminal:
        try:
            while terminal.read(1000):
                pass
        except OSError:  # the other side is closed
            pass
    assert process.wait(timeout=60) == 0
    assert (tmp_path / "asked/content/start.md").is_file()
    assert not (tmp_path / "asked/blog").exists()
    assert new("unasked").exit_code == 0
    assert (tmp_path / "unasked/content").is_dir()
    assert (tmp_path / "unasked/blog").is_dir()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    Project(tmp_path).write("there/notes.txt", "mine")
    done = new("there")
    assert done.exit_code == 1
    assert (
        done.output
        == "there: error: is not empty; nothing was written\n    choose a new name, or an empty folder\n1 error, 0 warnings\n"
    )
    assert Project(tmp_path).tree("there") == {"notes.txt": b"mine"}
    assert (
        new("there/notes.txt").output
        == "there/notes.txt: error: is a file; a site needs a folder\n1 error, 0 warnings\n"
    )


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A new site, in whose folder commands run."""
    new("site-of-mine", "--template", "both")
    monkeypatch.chdir(tmp_path / "site-of-mine")
    return Project(tmp_path / "site-of-mine")


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("A first try", "blog/a-first-try.md"),
        ("What's new: 2.0 & more", "blog/whats-new-2-0-more.md"),
        ("Über die Schrift", "blog/über-die-schrift.md"),
        ("日本語の題", "blog/日本語の題.md"),
        ("true", "blog/true.md"),
        ("x" * 300, f"blog/{'x' * 100}.md"),
        ('He said "- no: #1"', "blog/he-said-no-1.md"),
    ],
)
def test_a_new_post_is_dated_today_and_has_its_title(site: Project, title: str, path: str) -> None:
    done = new("post", title)
    assert (done.exit_code, done.output) == (0, f"wrote {path}\n")
    head = yaml.safe_load(site.root.joinpath(path).read_text().split("---\n")[1])
    day = datetime.fromtimestamp(int(EPOCH), UTC).date()
    assert head == {"title": title, "date": day, "description": "", "tags": []}
    assert site.build().problems == []
    assert "<h1" in site.html(f"/blog/{Path(path).stem}/")
    again = new("post", title)
    assert again.exit_code == 1
    assert again.output == f"{path}: error: is there already; nothing was written\n1 error, 0 warnings\n"


@pytest.mark.parametrize(
    ("asked", "path", "title"),
    [
        ("guide/install", "content/guide/install.md", "Install"),
        ("content/how_to/read-me.md", "content/how_to/read-me.md", "Read me"),
        ("guide/index", "content/guide/index.md", "Guide"),
    ],
)
def test_a_new_page_stands_at_its_path(site: Project, asked: str, path: str, title: str) -> None:
    assert new("page", asked).output == f"wrote {path}\n"
    assert site.root.joinpath(path).read_text() == f'---\ntitle: {title}\ndescription: ""\n---\n'
    assert site.build().problems == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["page", "../out"], "../out: error: is no path of a page; expected one such as guide/install"),
        (["page", "a//b"], "a//b: error: is no path of a page; expected one such as guide/install"),
        (["page", "a/.git/b"], "a/.git/b: error: is no path of a page; expected one such as guide/install"),
        (["page", "a\\b"], "a\\b: error: is no path of a page; expected one such as guide/install"),
        (["page", "index"], "content/index.md: error: is there already; nothing was written"),
        (["post", " "], "' ': error: is not a post's title; expected one line of text"),
        (["post", "a\nb"], "'a\\nb': error: is not a post's title; expected one line of text"),
        (["post", "?!"], "?!: error: no file name can be made of this title; expected some letters"),
    ],
)
def test_what_cannot_be_made_is_said_in_one_line(site: Project, arguments: list[str], message: str) -> None:
    before = site.tree(".")
    done = new(*arguments)
    assert done.exit_code == 1
    assert done.output == f"{message}\n1 error, 0 warnings\n"
    assert site.tree(".") == before


def test_the_first_post_begins_a_blog_and_the_first_page_a_manual(tmp_path: Path) -> None:
    """A folder of that name is a collection by itself; what the site has already stays as it was."""
    for template, arguments, path, old, new_url in (
        ("docs", ["post", "A"], "blog/a.md", "/start/", "/blog/a/"),
        ("blog", ["page", "a"], "content/a.md", "/blog/hello/", "/a/"),
    ):
        new(template, "--template", template)
        done = new(*arguments, "--root", template)
        assert done.output == f"wrote {path}\n"
        project = Project(tmp_path / template).build()
        assert "<h1" in project.html(new_url)
        assert "<h1" in project.html(old)


def test_a_site_without_such_a_collection_says_what_is_missing(tmp_path: Path) -> None:
    """The whole folder is one collection, and its pages are of the other kind."""
    for listed, arguments, message in (
        (
            "false",
            ["post", "A"],
            "the site has no collection of posts\n    give a collection `list = true` in pyproject.toml",
        ),
        (
            "true",
            ["page", "a"],
            "the site has no collection of pages\n    make a collection without `list = true` in pyproject.toml",
        ),
    ):
        rows = f'[tool.pressrun.collections.all]\nfolder = "."\nlist = {listed}\n'
        Project(tmp_path).write("pyproject.toml", rows)
        assert new(*arguments).output == f"pyproject.toml: error: {message}\n1 error, 0 warnings\n"


@pytest.mark.parametrize("arguments", [["post", "A"], ["page", "a"]])
def test_outside_a_site_nothing_is_written(tmp_path: Path, arguments: list[str]) -> None:
    """A folder with the project's file and no table of ours is no site yet, one with a page is."""
    Project(tmp_path).write("elsewhere/pyproject.toml", "[project]\nname = 'x'\n").write("pages/a.md")
    done = new(*arguments, "--root", "elsewhere")
    assert done.exit_code == 1
    assert done.output == (
        "elsewhere: error: is no site: it has no [tool.pressrun] in a pyproject.toml, and no folder “content” or “blog”\n"
        "    go to the site's folder, or name it with --root; `pressrun new NAME` makes a new site\n1 error, 0 warnings\n"
    )
    assert Project(tmp_path).tree("elsewhere").keys() == {"pyproject.toml"}
    assert new("page", "b", "--root", "pages").output == "wrote b.md\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["post"], 'a new post needs a title: pressrun new post "A title"'),
        (["page"], "a new page needs a path: pressrun new page guide/install"),
        (["pots", "A"], "“new” knows “post TITLE” and “page PATH”, not “pots A”"),
        (["post", "A", "--template", "blog"], "--template is for new sites alone"),
    ],
)
def test_what_is_not_understood_is_2(arguments: list[str], message: str) -> None:
    done = new(*arguments)
    assert done.exit_code == 2
    assert done.output.endswith(f"Error: {message}\n")


@pytest.mark.long
def test_a_fresh_environment_needs_the_wheel_and_pytest_alone(tmp_path: Path) -> None:
    """As the README of a new site says: a virtual environment, `pip install pressrun pytest`, build, test."""
    wheel = wheel_of([ROOT], tmp_path / "wheels")
    tools = fresh_tools(tmp_path / "venv", tmp_path / "wheels", str(wheel), "pytest")
    environ = fresh_environ()
    for words in (
        ["pressrun", "new", "fresh", "--template", "both"],
        ["pressrun", "build", "--strict", "fresh"],
        ["pytest", "-q", "fresh"],
    ):
        done = subprocess.run(
            [tools / words[0], *words[1:]],
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            text=True,
            timeout=200,
        )
        assert done.returncode == 0, done.stdout + done.stderr
