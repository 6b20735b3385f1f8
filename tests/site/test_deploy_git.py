"""Deploys to a branch: a real remote whose hook refuses, neighbours who push meanwhile, a work tree that is not touched."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from harness import EPOCH, Project
from targets import config_of, deploy, write_first, write_second

from generator.cli import main
from generator.config import load_config
from generator.deploy import prepared
from generator.deploy.address import address_of
from generator.errors import ProblemError
from generator.targets import Target

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def own_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's settings but git's own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in [name for name in os.environ if name.startswith("GIT_") and name != "GIT_CONFIG_NOSYSTEM"]:
        monkeypatch.delenv(name)


def git(where: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(where), *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def push_all(clone: Path) -> None:
    """Commit what is new in a clone as somebody else, and push it."""
    git(clone, "add", ".")
    git(clone, "-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", "Theirs")
    git(clone, "push", "--quiet")


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    made = tmp_path / "origin.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(made)], check=True)
    return made


@pytest.fixture
def site(project: Project, remote: Path) -> Project:
    """A site in a repository with one commit, and a remote `origin`."""
    write_first(project).write(".gitignore", "site/\n.pressrun/\n")
    git(project.root, "init", "--quiet", "--initial-branch=main")
    git(project.root, "remote", "add", "origin", str(remote))
    git(project.root, "add", ".")
    git(
        project.root,
        "-c",
        "user.name=U",
        "-c",
        "user.email=u@example.org",
        "commit",
        "--quiet",
        "-m",
        "First",
    )
    return project


def branch(remote: Path, name: str = "gh-pages") -> dict[str, bytes]:
    """All files of a branch but the record."""
    names = git(remote, "ls-tree", "-r", "-z", "--name-only", name).split("\0")[:-1]
    read = lambda path: (
        subprocess.run(
            ["git", "-C", str(remote), "show", f"{name}:{path}"], capture_output=True, check=True
        ).stdout
    )
    return {path: read(path) for path in names if path != ".pressrun.json"}


def hook(remote: Path, script: str) -> None:
    place = remote / "hooks/pre-receive"
    place.write_text(f"#!/bin/sh\n{script}\n")
    place.chmod(0o755)


def commits(remote: Path) -> int:
    return int(git(remote, "rev-list", "--count", "gh-pages"))


def test_pages_needs_no_configuration_and_a_second_deploy_pushes_nothing(site: Project, remote: Path) -> None:
    deploy(site)
    assert branch(remote) == {**site.tree(), ".nojekyll": b""}
    assert git(remote, "log", "--format=%s", "gh-pages") == "Deploy T\n"
    assert deploy(site).plan.steps == ()
    assert commits(remote) == 1


def test_neither_the_work_tree_nor_the_index_nor_a_branch_is_touched(site: Project, remote: Path) -> None:
    site.write("content/guide.md", "# Guide\n\n## Usage\n")
    site.write("staged.txt", "s")
    git(site.root, "add", "staged.txt")
    site.build()

    def state() -> tuple[object, ...]:
        files = {
            path: data
            for path, data in site.tree(".").items()
            if not path.startswith((".git/", ".pressrun/"))
        }
        index = (site.root / ".git/index").read_bytes()
        heads = git(site.root, "for-each-ref", "refs/heads"), (site.root / ".git/HEAD").read_text()
        return files, index, heads

    site.write("pyproject.toml", (site.root / "pyproject.toml").read_text() + "permalinks = false\n").build()
    before = state()
    deploy(site)
    assert state() == before
    assert "guide/index.html" in branch(remote)


def test_a_push_that_is_refused_once_is_made_again(
    site: Project, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.deploy.git.FIRST_PAUSE", 0.01)
    hook(remote, 'echo x >> pushes; [ "$(wc -l < pushes)" -gt 1 ] || { echo "come back later" >&2; exit 1; }')
    deploy(site)
    assert (remote / "pushes").read_text() == "x\nx\n"
    assert branch(remote) == {**site.tree(), ".nojekyll": b""}


def test_a_push_that_is_always_refused_leaves_the_old_site_and_says_what_the_host_said(
    site: Project, remote: Path
) -> None:
    deploy(site)
    before = branch(remote)
    hook(remote, 'echo "no more room, ask https://user:hunter2hunter2@example.org" >&2; exit 1')
    write_second(site)
    with pytest.raises(ProblemError) as wrong:
        deploy(site, Target("pages", patience=0))
    (problem,) = wrong.value.problems
    assert problem.path == "pages"
    assert problem.message.startswith("git push failed: ")
    assert "no more room, ask https://example.org" in problem.message
    assert "hunter2" not in problem.message
    assert branch(remote) == before
    (remote / "hooks/pre-receive").unlink()
    deploy(site)
    assert branch(remote).keys() >= site.tree().keys()
    assert commits(remote) == 2


def test_a_host_that_forbids_pushes_is_asked_once(site: Project, remote: Path) -> None:
    hook(remote, 'echo x >> pushes; echo "Permission denied to you" >&2; exit 1')
    with pytest.raises(ProblemError) as wrong:
        deploy(site)
    assert "Permission denied to you" in wrong.value.problems[0].message
    assert (remote / "pushes").read_text() == "x\n"


def test_what_somebody_else_pushes_meanwhile_is_never_overwritten(
    site: Project, remote: Path, tmp_path: Path
) -> None:
    deploy(site)
    write_second(site)
    with prepared(config_of(site), Target("pages"), jobs=1) as ready:
        git(tmp_path, "clone", "--quiet", "--branch=gh-pages", str(remote), "theirs")
        (tmp_path / "theirs/theirs.txt").write_text("hello")
        push_all(tmp_path / "theirs")
        with pytest.raises(ProblemError) as wrong:
            ready.carry_out()
    assert [str(p) for p in wrong.value.problems] == [
        "pages: error: the branch gh-pages was changed by somebody else meanwhile\n"
        "    look at what was pushed there, then deploy again"
    ]
    assert not (site.root / "permalinks.json").read_text().count("/new%20page/"), "nothing was published"
    deploy(site)
    assert branch(remote)["theirs.txt"] == b"hello", "what is foreign stays"


def test_a_domain_and_foreign_files(site: Project, remote: Path, tmp_path: Path) -> None:
    deploy(site, Target("pages", domain="www.example.org"))
    assert branch(remote)["CNAME"] == b"www.example.org\n"
    git(tmp_path, "clone", "--quiet", "--branch=gh-pages", str(remote), "theirs")
    (tmp_path / "theirs/google1234.html").write_text("proof")
    (tmp_path / "theirs/new page").mkdir()
    (tmp_path / "theirs/new page/index.html").write_text("in the way")
    push_all(tmp_path / "theirs")
    write_second(site)
    with pytest.raises(ProblemError) as wrong:
        deploy(site)
    assert [str(p) for p in wrong.value.problems] == [
        "pages: error: holds files that Pressrun did not put there (new page/index.html); nothing was touched\n"
        "    deploy with --adopt to replace them"
    ]
    done = deploy(site, adopt=True)
    assert sorted(done.plan.paths("delete")) == ["CNAME", "old.png", "old/index.html"], (
        "no domain is configured any more"
    )
    assert branch(remote) == {**site.tree(), ".nojekyll": b"", "google1234.html": b"proof"}


def test_without_history_the_branch_has_one_commit_and_foreign_files_stay(
    site: Project, remote: Path
) -> None:
    target = Target("pages", history=False)
    deploy(site, target)
    write_second(site)
    deploy(site, target)
    assert commits(remote) == 1
    assert branch(remote) == {**site.tree(), ".nojekyll": b""}
    files = json.loads(git(remote, "show", "gh-pages:.pressrun.json"))["files"]
    assert files.keys() == {*site.tree(), ".nojekyll"}


def test_from_a_shallow_clone_as_continuous_integration_makes_it(
    site: Project, remote: Path, tmp_path: Path
) -> None:
    git(site.root, "push", "--quiet", "origin", "main")
    deploy(site)
    git(
        site.root,
        "-c",
        "user.name=U",
        "-c",
        "user.email=u@example.org",
        "commit",
        "--allow-empty",
        "--quiet",
        "-m",
        "Second",
    )
    git(site.root, "push", "--quiet", "origin", "main")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{remote}", "ci", "--branch=main")
    clone = Project(tmp_path / "ci")
    assert (clone.root / ".git/shallow").exists()
    clone.write("content/guide.md", "# Guide\n\n## Usage\n\nFrom elsewhere\n")
    deploy(clone)
    assert b"From elsewhere" in branch(remote)["guide/index.html"]
    assert commits(remote) == 2


@pytest.mark.parametrize(
    ("prepare", "told"),
    [
        ("none", "pages: error: project is in no git repository; a git target needs one\n    git init"),
        (
            "no remote",
            "pages: error: there is no remote “origin” to deploy to\n"
            "    git remote add origin URL, or set “to” in [tool.pressrun.deploy.pages]",
        ),
    ],
)
def test_what_is_missing_is_said(project: Project, prepare: str, told: str) -> None:
    write_first(project)
    if prepare == "no remote":
        git(project.root, "init", "--quiet")
    with pytest.raises(ProblemError) as wrong:
        deploy(project)
    assert [str(p) for p in wrong.value.problems] == [told]


UNADDRESSED = (
    "pyproject.toml: warning: the site does not know its address: without “base_url” it has no sitemap and no feeds, "
    "and where it stands below a path, as at https://NAME.github.io/REPOSITORY/, its links and styles lead nowhere\n"
    '    add base_url = "{}" to [tool.pressrun]'
)


def test_a_site_that_does_not_know_its_address_is_published_with_a_warning(
    site: Project, remote: Path
) -> None:
    site.write("pyproject.toml", '[tool.pressrun]\ntitle = "T"\n')
    done = CliRunner().invoke(main, ["deploy", "--root", str(site.root), "--dry-run"])
    assert (done.exit_code, done.stderr) == (0, UNADDRESSED.format("https://…/") + "\n0 errors, 1 warning\n")
    told = json.loads(CliRunner().invoke(main, ["deploy", "--root", str(site.root), "--json"]).stdout)
    assert [(one["level"], one["hint"]) for one in told["problems"]] == [
        ("warning", 'add base_url = "https://…/" to [tool.pressrun]')
    ]
    assert "index.html" in branch(remote)
    site.write("pyproject.toml", '[tool.pressrun]\nbase_url = "https://x.example/"\n')
    assert CliRunner().invoke(main, ["deploy", "--root", str(site.root), "--dry-run"]).stderr == ""


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://github.com/Me/tools.git", "https://me.github.io/tools/"),
        ("https://token@github.com/me/Tools", "https://me.github.io/Tools/"),
        ("git@github.com:me/tools.git", "https://me.github.io/tools/"),
        ("ssh://git@github.com:22/me/tools.git", "https://me.github.io/tools/"),
        ("git@github.com:me/me.github.io.git", "https://me.github.io/"),
        ("https://codeberg.org/me/pages.git", "https://me.codeberg.page/"),
        ("https://git.example.org/me/tools.git", ""),
        ("../origin.git", ""),
    ],
)
def test_the_address_is_guessed_from_the_remote(url: str, address: str) -> None:
    assert address_of(Target("pages"), url) == address
    assert address_of(Target("pages", domain="x.example"), url) == "https://x.example/"


@pytest.mark.parametrize("history", [True, False])
def test_a_branch_keeps_all_versions(site: Project, remote: Path, history: bool) -> None:
    """A version replaces itself alone, and deploying one again pushes nothing."""
    site.write("pyproject.toml", '[tool.pressrun]\nbase_url = "https://x.example/"\npermalinks = false\n')
    target = Target("pages", domain="x.example", history=history)

    def publish(version: str) -> tuple[str, ...]:
        config = load_config(site.root, version=version, environ={"SOURCE_DATE_EPOCH": EPOCH})
        with prepared(config, target, jobs=1) as ready:
            ready.carry_out()
            return tuple(step.path for step in ready.plan.steps)

    publish("1.0")
    first = {path: data for path, data in branch(remote).items() if path.startswith("1.0/")}
    write_second(site)
    site.write("pyproject.toml", '[tool.pressrun]\nbase_url = "https://x.example/"\npermalinks = false\n')
    publish("2.0")
    there = branch(remote)
    assert {path: data for path, data in there.items() if path.startswith("1.0/")} == first
    assert {path.partition("/")[0] for path in there} == {
        "1.0", "2.0", ".nojekyll", "CNAME", "404.html", "index.html", "robots.txt", "versions", "versions.json",
    }  # fmt: skip
    assert publish("2.0") == ()
