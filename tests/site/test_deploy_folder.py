"""Deploys to a folder of this machine: the whole new site at once, foreign files moved along."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from targets import deploy, dot, folder_reader, write_first, write_second

from generator.errors import ProblemError
from generator.targets import Target

if TYPE_CHECKING:
    from pathlib import Path

    from harness import Project


@pytest.fixture
def www(tmp_path: Path) -> Path:
    return tmp_path / "www"


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".pressrun.json"
    }


def to(www: Path, **more: object) -> Target:
    return Target("folder", "folder", str(www), **more)  # type: ignore[arg-type]


def test_a_site_arrives_and_a_second_deploy_writes_nothing(project: Project, www: Path) -> None:
    deploy(write_first(project), to(www))
    assert files(www) == project.tree()
    stamps = {path: path.stat().st_mtime_ns for path in www.rglob("*")}
    assert deploy(project, to(www)).plan.steps == ()
    assert {path: path.stat().st_mtime_ns for path in www.rglob("*")} == stamps


def test_foreign_files_stay_and_dropped_ones_go(project: Project, www: Path) -> None:
    www.mkdir()
    (www / "theirs.txt").write_text("not ours")
    deploy(write_first(project), to(www))
    assert deploy(write_second(project), to(www)).plan.paths("delete") == ["old.png", "old/index.html"]
    assert files(www) == {**project.tree(), "theirs.txt": b"not ours"}
    assert not (www / "old").exists()


def test_another_machine_goes_on_from_the_record_that_stands_there(project: Project, www: Path) -> None:
    deploy(write_first(project), to(www, keep_assets=0))
    (www / "theirs.txt").write_text("not ours")
    shutil.rmtree(project.root / ".pressrun")
    shutil.rmtree(project.root / "site")
    deploy(write_second(project), to(www, keep_assets=0))
    assert files(www) == {**project.tree(), "theirs.txt": b"not ours"}


def test_foreign_files_in_the_way_are_left_alone_unless_adopted(project: Project, www: Path) -> None:
    (www / "guide").mkdir(parents=True)
    (www / "guide/index.html").write_text("theirs")
    write_first(project)
    with pytest.raises(
        ProblemError,
        match=r"holds files that Pressrun did not put there \(guide/index.html\); nothing was touched",
    ):
        deploy(project, to(www))
    assert files(www) == {"guide/index.html": b"theirs"}
    deploy(project, to(www), adopt=True)
    assert files(www) == project.tree()


def test_kept_files_stay_for_their_hours(project: Project, www: Path) -> None:
    deploy(write_first(project), to(www, keep_pages=5))
    assert deploy(write_second(project), to(www, keep_pages=5)).plan.staying.keys() == {
        "old.png",
        "old/index.html",
    }
    assert (www / "old/index.html").exists()
    deploy(project, to(www))
    assert files(www) == project.tree()


def test_a_reader_meanwhile_sees_the_old_site_or_the_new_one(project: Project, www: Path) -> None:
    deploy(write_first(project), to(www))
    stop, missing, rounds = threading.Event(), list[str](), [0]

    def read() -> None:
        while not stop.is_set():
            missing.extend(folder_reader(www).crawl().missing)
            rounds[0] += 1

    thread = threading.Thread(target=read)
    thread.start()
    try:
        for number in range(12):
            project.write("content/guide.md", f"# Guide\n\n![a](a.png)\n\n## Usage\n\nText {number}\n")
            project.write("content/a.png", dot(number % 256))
            deploy(project, to(www))
    finally:
        stop.set()
        thread.join()
    assert missing == []
    assert rounds[0] > 3


@pytest.mark.parametrize("place", [".", "content", "..", "~"])
def test_a_dangerous_folder_is_refused(
    project: Project, place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    before = write_first(project).build().tree(".")
    with pytest.raises(ProblemError, match=r"cannot be (its|an) output folder"):
        deploy(project, to(place))  # type: ignore[arg-type]
    after = project.tree(".")
    assert {p: d for p, d in after.items() if not p.startswith((".pressrun/", "site/"))} == {
        p: d for p, d in before.items() if not p.startswith((".pressrun/", "site/"))
    }
