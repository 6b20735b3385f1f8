"""`pressrun deploy --init`: workflows that a machine can read, and of which each step does its work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner, Result
from targets import write_first

from generator import __version__
from generator.cli import main

if TYPE_CHECKING:
    from harness import Project

ROOT = Path(__file__).parents[2]


def run(site: Project, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["deploy", "--root", str(site.root), *arguments], catch_exceptions=False)


def git(where: Path, *arguments: str) -> str:
    command = ["git", "-C", str(where), "-c", "user.name=U", "-c", "user.email=u@example.org", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def site(project: Project) -> Project:
    write_first(project).write(".gitignore", "site/\n.pressrun/\n")
    git(project.root, "init", "--quiet", "--initial-branch=main")
    return project


def read(site: Project, path: str) -> Any:
    return yaml.safe_load((site.root / path).read_text())


@pytest.mark.parametrize(
    ("remote", "written"),
    [
        ("https://github.com/u/p.git", {".github/workflows/deploy.yml"}),
        ("git@gitlab.com:u/p.git", {".gitlab-ci.yml"}),
        ("https://codeberg.org/u/p", {".github/workflows/deploy.yml", ".gitlab-ci.yml"}),
        ("", {".github/workflows/deploy.yml", ".gitlab-ci.yml"}),
    ],
)
def test_the_remote_decides_whose_workflow_is_written(site: Project, remote: str, written: set[str]) -> None:
    if remote:
        git(site.root, "remote", "add", "origin", remote)
    before = site.tree(".").keys()
    done = run(site, "--init")
    assert done.exit_code == 0
    assert {p for p in site.tree(".").keys() - before if not p.startswith(".git/")} == written
    assert done.output == "".join(f"wrote {path}\n" for path in sorted(written))
    assert run(site, "--init").output == "nothing to write: all is there already\n"


def test_a_file_that_is_there_is_never_overwritten(site: Project) -> None:
    site.write(".gitlab-ci.yml", "mine: 1\n")
    done = run(site, "--init")
    assert done.exit_code == 1
    assert done.output == (
        ".gitlab-ci.yml: error: is there already and says something else; nothing was written\n"
        "    move it away\n1 error, 0 warnings\n"
    )
    assert not (site.root / ".github").exists()


def test_the_steps_for_github_build_check_deploy_and_keep_the_ledger(site: Project, tmp_path: Path) -> None:
    """Each `run` of the workflow is carried out in a fresh, shallow clone, with a shell as the host has it."""
    origin = tmp_path / "origin.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(origin)], check=True)
    run(site, "--init")
    git(site.root, "add", ".")
    git(site.root, "commit", "--quiet", "-m", "First")
    git(site.root, "push", "--quiet", str(origin), "main")
    work = tmp_path / "work"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{origin}", str(work))
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "pressrun").write_text(f'#!/bin/sh\nexec {sys.executable} -m generator "$@"\n')
    (tools / "pip").write_text(f'#!/bin/sh\necho "$@" > {tools}/installed\n')
    for tool in tools.iterdir():
        tool.chmod(0o755)
    workflow = read(site, ".github/workflows/deploy.yml")
    assert workflow["permissions"] == {"contents": "write"}
    steps = [step["run"] for step in workflow["jobs"]["deploy"]["steps"] if "run" in step]
    environ = {
        **os.environ,
        "PATH": f"{tools}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
    }
    for script in steps:
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script],
            cwd=work,
            env=environ,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, (script, done.stdout, done.stderr)
    assert (tools / "installed").read_text() == f"install pressrun=={__version__}\n"
    names = git(origin, "ls-tree", "-r", "--name-only", "gh-pages").split("\n")
    assert {"index.html", "guide/index.html", ".nojekyll"} <= set(names)
    assert "/guide/" in git(origin, "show", "main:permalinks.json")
    caches = [
        step["with"]["path"]
        for step in workflow["jobs"]["deploy"]["steps"]
        if "cache" in step.get("uses", "")
    ]
    assert caches == [".pressrun"]


def test_the_job_for_gitlab_hands_over_the_site(site: Project) -> None:
    git(site.root, "remote", "add", "origin", "https://gitlab.com/u/p.git")
    run(site, "--init")
    job = read(site, ".gitlab-ci.yml")["pages"]
    assert job["script"] == [
        f"pip install 'pressrun=={__version__}'",
        "pressrun build --strict",
        "cp --recursive site public",
    ]
    assert job["artifacts"] == {"paths": ["public"]}
    assert job["cache"] == {"key": "pressrun", "paths": [".pressrun"]}


@pytest.mark.parametrize(
    ("target", "packages", "secrets"),
    [
        (
            'kind = "store"\nto = "s3://b"',
            f"'pressrun[deploy]=={__version__}'",
            {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"},
        ),
        (
            'kind = "store"\nto = "gs://b"',
            f"'pressrun[deploy]=={__version__}'",
            {"GOOGLE_SERVICE_ACCOUNT_KEY"},
        ),
        (
            'kind = "rsync"\nto = "h:/w"\ntwins = ["brotli"]',
            f"'pressrun[deploy]=={__version__}'",
            {"SSH_KEY", "SSH_KNOWN_HOSTS"},
        ),
        (
            'kind = "rsync"\nto = "h:/w"\ntwins = ["gzip"]',
            f"'pressrun=={__version__}'",
            {"SSH_KEY", "SSH_KNOWN_HOSTS"},
        ),
        ('kind = "rsync"\nto = "rsync://h/w"', f"'pressrun=={__version__}'", set()),
    ],
)
def test_a_target_gets_what_it_needs(site: Project, target: str, packages: str, secrets: set[str]) -> None:
    site.write(
        "pyproject.toml", f"[tool.pressrun]\npermalinks = false\n[tool.pressrun.deploy.there]\n{target}\n"
    )
    site.write("requirements.txt", "rich\n")
    run(site, "there", "--init")
    steps = read(site, ".github/workflows/deploy.yml")["jobs"]["deploy"]["steps"]
    assert [step["run"] for step in steps if "run" in step and "SSH_KEY" not in step.get("env", {})] == [
        f"pip install {packages} --requirement requirements.txt", "pressrun build --strict", "pressrun deploy there",
    ]  # fmt: skip
    assert {name for step in steps for name in step.get("env", {})} == secrets
    assert "pressrun deploy there" in read(site, ".gitlab-ci.yml")["pages"]["script"]


def test_rsync_finds_its_program_its_key_and_the_servers_name(site: Project, tmp_path: Path) -> None:
    site.write("pyproject.toml", '[tool.pressrun.deploy.there]\nkind = "rsync"\nto = "me@h:/w"\n')
    run(site, "there", "--init")
    script = read(site, ".gitlab-ci.yml")["pages"]["script"]
    assert script[2] == "apt-get update && apt-get install --yes rsync"
    assert script[-1] == "pressrun deploy there"
    steps = read(site, ".github/workflows/deploy.yml")["jobs"]["deploy"]["steps"]
    (opens,) = [step["run"] for step in steps if "SSH_KEY" in step.get("env", {})]
    for name, commands in (("github", opens), ("gitlab", "\n".join(script[3:-1]))):
        home = tmp_path / name
        home.mkdir()
        environ = {
            **os.environ,
            "HOME": str(home),
            "SSH_KEY": "a key\nin lines",
            "SSH_KNOWN_HOSTS": "h ssh-ed25519 A",
        }
        subprocess.run(["bash", "-e", "-c", commands], env=environ, check=True)
        assert (home / ".ssh/id_ed25519").read_text() == "a key\nin lines\n"
        assert (home / ".ssh/id_ed25519").stat().st_mode & 0o777 == 0o600
        assert (home / ".ssh").stat().st_mode & 0o777 == 0o700
        assert (home / ".ssh/known_hosts").read_text() == "h ssh-ed25519 A\n"


def test_gitlab_takes_over_the_folder_that_a_deploy_writes(site: Project) -> None:
    site.write("pyproject.toml", '[tool.pressrun.deploy.there]\nkind = "folder"\nto = "public"\n')
    run(site, "there", "--init")
    job = read(site, ".gitlab-ci.yml")["pages"]
    assert job["script"][-1] == "pressrun deploy there"
    assert job["artifacts"] == {"paths": ["public"]}


def test_hosts_that_build_by_themselves_get_their_file(site: Project) -> None:
    import tomllib

    site.write("pyproject.toml", '[tool.pressrun]\ntitle = "My Site!"\n[tool.pressrun.deploy.n]\nkind = "folder"\nto = "dist"\nhost = "netlify"\n'
               '[tool.pressrun.deploy.c]\nkind = "folder"\nto = "dist"\nhost = "cloudflare"\n')  # fmt: skip
    run(site, "n", "--init")
    site.delete(".github/workflows/deploy.yml").delete(".gitlab-ci.yml")
    run(site, "c", "--init")
    build = tomllib.loads((site.root / "netlify.toml").read_text())["build"]
    assert build == {
        "command": f"pip install 'pressrun=={__version__}' && pressrun deploy n --yes",
        "publish": "dist",
    }
    wrangler = tomllib.loads((site.root / "wrangler.toml").read_text())
    assert wrangler == {"name": "my-site", "pages_build_output_dir": "dist"}


def test_a_folder_target_is_no_source_of_the_site(project: Project) -> None:
    """Where the whole folder is one collection, what was deployed into it is not published again."""
    project.write("pyproject.toml", '[tool.pressrun.deploy.d]\nkind = "folder"\nto = "dist"\n').write(
        "a.md", "# A\n"
    )
    assert run(project, "d").exit_code == 0
    assert run(project, "d", "--dry-run").output.startswith("d: nothing to do, ")
