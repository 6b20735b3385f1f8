"""Cli: exit statuses, what is printed where, and the object that `--json` prints."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

import generator
from generator.cli import main
from generator.locks import lock

if TYPE_CHECKING:
    from harness import Project

ROOT = Path(__file__).parents[2]


def run(*arguments: str | Path) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)


def command(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as users do."""
    return subprocess.run(
        [sys.executable, "-m", "generator", *map(str, arguments)],
        cwd=cwd, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture
def site(project: Project) -> Project:
    """A site of one page."""
    return project.write("content/a.md", "# A\n")


def test_a_build_without_problems_is_0(site: Project) -> None:
    done = command("build", cwd=site.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 page in site: ")
    assert "<h1" in site.html("/a/")


def test_problems_are_1_and_stand_on_standard_error(site: Project) -> None:
    site.write("content/b.md", "---\ntitle: [\n---\n")
    done = command("build", ".", cwd=site.root)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0].startswith("content/b.md:")
    assert done.stderr.splitlines()[-1] == "1 error, 0 warnings"
    assert "Traceback" not in done.stderr


def test_warnings_are_1_only_with_strict(site: Project) -> None:
    os.mkfifo(site.root / "content/fifo.md")
    assert run("build", site.root, "--jobs", "1").exit_code == 0
    assert run("build", site.root, "--jobs", "1", "--strict").exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["bild"],
        ["build", "--nope"],
        ["build", "--jobs", "0"],
        ["build", "a", "b"],
        ["serve", "--port", "x"],
        ["--nope"],
    ],
)
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_root_that_is_no_folder_is_1(tmp_path: Path) -> None:
    done = run("build", tmp_path / "nothing")
    assert done.exit_code == 1
    assert "no such folder; expected the root of a site" in done.output


def test_a_build_while_another_one_holds_the_lock_is_75(
    site: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.build.PATIENCE", 0.1)
    with lock(site.root / ".pressrun", 0):
        done = run("build", site.root)
    assert done.exit_code == 75
    assert f"another build holds the lock of this site: process {os.getpid()}" in done.output


def release_later(path: Path, ready: object) -> None:
    """Hold the lock for a moment."""
    with lock(path, 0):
        ready.set()  # type: ignore[attr-defined]
        time.sleep(0.5)


def test_a_second_build_waits_for_the_first(site: Project) -> None:
    context = multiprocessing.get_context("fork")
    ready = context.Event()
    other = context.Process(target=release_later, args=(site.root / ".pressrun", ready))
    other.start()
    assert ready.wait(20)
    assert run("build", site.root, "--jobs", "1").exit_code == 0
    other.join()


def test_json_is_one_object_with_everything(site: Project) -> None:
    site.write("content/b.md", "---\ntitle: B\n---\n[x](nope.md)\n")
    done = command("build", "--json", "--jobs", "1", cwd=site.root)
    assert (done.returncode, done.stderr) == (1, "")
    found = json.loads(done.stdout)
    assert list(found) == ["pages", "outputs", "written", "removed", "ran", "problems", "seconds"]
    assert found["pages"] == 2
    assert found["outputs"] == len(found["written"]) == len(site.tree())
    assert found["removed"] == []
    assert found["ran"]["compose:content/a.md"] == "new"
    assert isinstance(found["seconds"], float)
    (problem,) = found["problems"]
    assert list(problem) == ["path", "line", "column", "level", "message", "hint"]
    assert (problem["path"], problem["line"], problem["column"], problem["level"]) == (
        "content/b.md",
        4,
        5,
        "error",
    )
    assert "link" in problem["message"]
    assert "nope.md" in problem["message"]
    site.delete("content/b.md")
    found = json.loads(run("build", site.root, "--json").output)
    assert (found["removed"], found["problems"], found["pages"]) == (["b/index.html"], [], 1)


def test_json_is_printed_when_nothing_can_be_built(site: Project) -> None:
    site.write("pyproject.toml", "[tool.pressrun]\ntitel = 1\n")
    done = run("build", site.root, "--json")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["pages"], len(found["problems"])) == (1, 0, 1)


def test_explain_says_why_each_unit_ran(site: Project) -> None:
    run("build", site.root, "--jobs", "1")
    site.write("content/a.md", "# Other\n")
    done = run("build", site.root, "--explain", "--jobs", "1")
    assert "content/a.md: load ran because content/a.md changed" in done.output.splitlines()
    assert "ran because" not in run("build", site.root, "--explain").output


def test_no_exec_names_the_pages_that_it_left(site: Project) -> None:
    site.write("content/b.md", "---\nopen('ran', 'w')\n---\n{{ 1 }}\n")
    done = run("build", site.root, "--no-exec", "--jobs", "1")
    assert (
        "code not run (--no-exec), so its blocks are shown as they stand: content/b.md"
        in done.output.splitlines()
    )
    assert not (site.root / "ran").exists()


def test_drafts_are_shown_on_request(site: Project) -> None:
    site.write("content/d.md", "---\ndraft: true\n---\n")
    assert ", 1 not published (content/d.md: draft):" in run("build", site.root, "--jobs", "1").output
    assert "2 pages in" in run("build", site.root, "--drafts", "--jobs", "1").output


def test_an_output_folder_that_is_not_ours_is_refused_untouched(site: Project) -> None:
    (site.root / "mine").mkdir()
    (site.root / "mine/x").write_text("mine")
    for out in ("mine", ".", "..", "/", "content"):
        done = command("build", "--out", out, cwd=site.root)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert site.tree("mine") == {"x": b"mine"}
    assert site.tree("content") == {"a.md": b"# A\n"}


def test_an_output_folder_that_cannot_be_written_is_one_sentence(site: Project) -> None:
    site.build()
    (site.root / ".pressrun/lock").unlink()
    (site.root / ".pressrun/lock").mkdir()
    done = run("build", site.root)
    assert done.exit_code == 1
    assert done.output.startswith("pressrun: Is a directory: ")


def test_clean_removes_what_builds_made(site: Project) -> None:
    run("build", site.root, "--jobs", "1")
    site.write("site/mine", "mine")
    done = run("clean", site.root)
    assert (done.exit_code, done.output.startswith("removed ")) == (0, True)
    assert (site.tree(), (site.root / ".pressrun").exists()) == ({"mine": b"mine"}, False)
    assert run("clean", site.root).exit_code in (0, 1)
    assert site.tree() == {"mine": b"mine"}


def test_clean_of_a_folder_that_was_never_built_is_fine(site: Project) -> None:
    assert run("clean", site.root).exit_code == 0
    assert site.tree("content") == {"a.md": b"# A\n"}


def test_the_version_is_printed() -> None:
    assert run("--version").output == f"pressrun, version {generator.__version__}\n"


def test_every_command_explains_itself() -> None:
    for arguments in ([], *([name] for name in main.commands)):
        done = run(*arguments, "--help")
        assert done.exit_code == 0
        assert done.output.startswith("Usage: ")


def test_a_build_with_nothing_to_do_loads_neither_markdown_nor_templates(site: Project) -> None:
    run("build", site.root, "--jobs", "1")
    code = (
        "import sys; sys.argv = ['pressrun', 'build']\n"
        "from generator.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: status = end.code\n"
        "heavy = {'markdown_it', 'jinja2', 'pygments', 'starlette', 'uvicorn', 'yaml', 'rich'} & set(sys.modules)\n"
        "sys.exit(f'{status} {sorted(heavy)}')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=site.root, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stderr.strip().splitlines()[-1].startswith("0 ")
    assert not {"markdown_it", "jinja2", "pygments", "starlette", "uvicorn"} & set(
        done.stderr.replace("'", " ").split()
    )
