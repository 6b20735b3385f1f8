"""Deploys by rsync: to a real daemon, and to a folder of this machine."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest
from targets import deploy, folder_reader, rsync_daemon, write_first, write_second

from generator.errors import ProblemError
from generator.targets import Target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from harness import Project


@pytest.fixture
def www(tmp_path: Path) -> Path:
    """What the daemon's module shows."""
    made = tmp_path / "www"
    made.mkdir()
    return made


@pytest.fixture
def daemon(tmp_path: Path, www: Path) -> Iterator[str]:
    with rsync_daemon(www, tmp_path / "rsyncd.conf") as url:
        yield url


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".pressrun.json"
    }


def test_a_site_arrives_foreign_files_stay_and_a_second_deploy_sends_nothing(
    project: Project, www: Path, daemon: str
) -> None:
    (www / "blog").mkdir()
    (www / "blog/theirs one.txt").write_text("not ours")
    target = Target("server", "rsync", daemon)
    write_first(project)
    deploy(project, target)
    assert files(www) == {**project.tree(), "blog/theirs one.txt": b"not ours"}
    stamps = {path: path.stat().st_mtime_ns for path in www.rglob("*")}
    assert deploy(project, target).plan.steps == ()
    assert {path: path.stat().st_mtime_ns for path in www.rglob("*")} == stamps
    write_second(project)
    plan = deploy(project, target).plan
    assert plan.paths("delete") == ["old.png", "old/index.html"]
    assert "a.png" in plan.paths("change"), "its size is not that of the first, and no time is looked at"
    assert files(www) == {**project.tree(), "blog/theirs one.txt": b"not ours"}


def test_the_same_size_and_time_do_not_hide_another_content(project: Project, www: Path, daemon: str) -> None:
    target = Target("server", "rsync", daemon)
    write_first(project)
    deploy(project, target)
    page = www / "guide/index.html"
    status, data = page.stat(), page.read_bytes()
    page.write_bytes(data.replace(b"Guide", b"Glide"))
    os.utime(page, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert deploy(project, target).plan.paths("change") == ["guide/index.html"]
    assert page.read_bytes() == data


def test_a_folder_that_is_not_there_yet_is_made(project: Project, www: Path, daemon: str) -> None:
    write_first(project)
    deploy(project, Target("server", "rsync", f"{daemon}/a/new folder"))
    assert files(www / "a/new folder") == project.tree()


def test_a_dry_run_changes_nothing(project: Project, www: Path, daemon: str) -> None:
    write_first(project)
    plan = deploy(project, Target("server", "rsync", daemon), dry=True).plan
    assert sorted(plan.paths("add")) == sorted(project.tree())
    assert list(www.iterdir()) == []


def test_compressed_twins_stand_beside_texts(project: Project, www: Path, daemon: str) -> None:
    import gzip

    import brotli

    write_first(project)
    target = Target("server", "rsync", daemon, twins=("gzip", "brotli"))
    deploy(project, target)
    data = (www / "guide/index.html").read_bytes()
    assert gzip.decompress((www / "guide/index.html.gz").read_bytes()) == data
    assert brotli.decompress((www / "guide/index.html.br").read_bytes()) == data
    assert not list(www.rglob("*.png.gz"))
    assert deploy(project, target).plan.steps == ()
    deploy(project, Target("server", "rsync", daemon, keep_pages=9, keep_assets=9))
    assert files(www) == project.tree(), "a twin never outlives the hour in which its page may change"


@pytest.mark.long
def test_cut_short_between_any_two_transfers_it_is_finished_by_the_next_run(
    project: Project, www: Path, daemon: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`rsync` on the path is a script that fails from its nth run on, as it does when the connection breaks."""
    import shutil

    real = shutil.which("rsync")
    tools = tmp_path / "tools"
    tools.mkdir()
    script = tools / "rsync"
    script.write_text(
        f'#!/bin/sh\necho x >> {tools}/runs\n[ "$(wc -l < {tools}/runs)" -lt "$(cat {tools}/limit)" ] || exit 12\nexec {real} "$@"\n'
    )
    script.chmod(0o755)
    path = os.environ["PATH"]
    target = Target("server", "rsync", daemon, patience=0)
    cut = 0
    for limit in range(1, 14):
        monkeypatch.setenv("PATH", path)
        for one in (project.root / "permalinks.json",):
            one.unlink(missing_ok=True)
        shutil.rmtree(www)
        www.mkdir()
        for one in ("content", "blog", "static"):
            shutil.rmtree(project.root / one, ignore_errors=True)
        deploy(write_first(project), target)
        write_second(project)
        (tools / "limit").write_text(str(limit))
        (tools / "runs").unlink(missing_ok=True)
        monkeypatch.setenv("PATH", f"{tools}:{path}")
        try:
            deploy(project, target)
        except ProblemError as wrong:
            cut += 1
            assert [str(p) for p in wrong.problems] == ["server: error: rsync failed: status 12"]
        monkeypatch.setenv("PATH", path)
        reader = folder_reader(www).crawl()
        assert reader.missing == [], limit
        deploy(project, target)
        assert files(www) == project.tree(), limit
    assert 8 <= cut < 13, "the last limits are beyond the last transfer"


def test_a_daemon_that_is_away_for_a_moment_is_asked_again(
    project: Project, www: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from targets import free_port

    monkeypatch.setattr("generator.deploy.rsync.FIRST_PAUSE", 0.05)
    write_first(project)
    port, done = free_port(), []
    target = Target("server", "rsync", f"rsync://127.0.0.1:{port}/www", patience=30)
    work = threading.Thread(target=lambda: done.append(deploy(project, target)))
    monkeypatch.setattr("targets.free_port", lambda: port)
    work.start()
    work.join(0.7)
    assert work.is_alive(), "nobody listens yet"
    with rsync_daemon(www, tmp_path / "later.conf"):
        work.join(30)
    assert done
    assert files(www) == project.tree()
