"""Output: only files of ours are ever written over or removed, whatever stands in the output folder."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from generator.config import Config, load_config
from generator.errors import ProblemError
from generator.output import Output, Release, open_release, remove_release


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A site with a folder of pages and a folder of templates."""
    root = tmp_path / "project"
    for folder in ("content", "templates"):
        (root / folder).mkdir(parents=True)
    return root


def config(root: Path, out: Path | None = None) -> Config:
    """The configuration of a site with this output folder."""
    return load_config(root, out=out, environ={})


def publish(root: Path, out: Path | None = None, **files: str) -> Release:
    """Write a release of files named like `a__b` for a/b."""
    release = open_release(config(root, out))
    for name, text in files.items():
        path = name.replace("__", "/")
        release.write(Output(path, f"content/{name}.md", text.encode()))
    release.finish()
    return release


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder with its text, and every link with its target."""
    return {
        p.relative_to(folder).as_posix(): f"→ {os.readlink(p)}"
        if p.is_symlink()
        else p.read_text("utf-8", "replace")
        for p in sorted(folder.rglob("*"))
        if p.is_file() or p.is_symlink()
    }


def litter(root: Path, out: Path | None = None) -> list[str]:
    """What builds left that is neither the site, nor the spare tree, nor a record of one of them."""
    (home,) = (root / ".pressrun/releases").iterdir()
    alive = [f"{s.st_dev:x}-{s.st_ino:x}" for s in [p.stat() for p in [out or root / "site"]]]
    alive += [f"{s.st_dev:x}-{s.st_ino:x}" for s in [p.stat() for p in home.glob("spare")]]
    names = {"spare", *(f"{one}.{kind}" for one in alive for kind in ("json", "seen"))}
    left = [p.name for p in home.iterdir() if p.name not in names]
    return left + [p.name for p in root.rglob(".pressrun-*")]


def refused(root: Path, out: Path) -> str:
    """Give the problem of an output folder, which must come before anything is touched."""
    before = tree(root.parent)
    with pytest.raises(ProblemError) as caught:
        open_release(config(root, out))
    assert tree(root.parent) == before
    (problem,) = caught.value.problems
    assert problem.level == "error"
    return problem.message


AMONG = "lies among the site's sources, so it cannot be its output folder"
CONTAINS = "contains the site's sources, so it cannot be its output folder"


def test_folders_that_can_never_be_an_output_folder_are_refused(root: Path) -> None:
    assert refused(root, Path("/")) == "cannot be an output folder"
    assert refused(root, Path.home()) == "cannot be an output folder"
    assert refused(root, root) == CONTAINS
    assert refused(root, root / "content/..") == CONTAINS
    assert refused(root, root.parent) == CONTAINS
    for inside in ("content", "content/x", "templates/x", "static", "blog", ".pressrun", ".pressrun/x"):
        assert refused(root, root / inside) == AMONG


def test_a_git_work_tree_is_refused(root: Path) -> None:
    (root.parent / "tree/.git").mkdir(parents=True)
    assert refused(root, root.parent / "tree") == "is a git work tree, so it cannot be an output folder"
    inside = "lies inside a git repository's own folder, so it cannot be an output folder"
    assert refused(root, root.parent / "tree/.git/site") == inside
    (root.parent / "linked").mkdir()
    (root.parent / "linked/.git").write_text("gitdir: elsewhere")
    assert refused(root, root.parent / "linked") == "is a git work tree, so it cannot be an output folder"


def test_a_link_is_refused(root: Path) -> None:
    (root.parent / "elsewhere").mkdir()
    for target in ("elsewhere", "nothing"):
        link = root.parent / f"to-{target}"
        link.symlink_to(target)
        assert refused(root, link) == "is a symbolic link; an output folder must be a folder of its own"


def test_what_is_no_folder_is_refused(root: Path) -> None:
    (root / "file").write_text("x")
    assert refused(root, root / "file") == "is no folder; expected the output folder of a site"
    assert refused(root, root / "file/site").endswith("file is no folder")


@pytest.mark.parametrize("kind", ["file", "nested file", "link", "link to a folder"])
def test_a_folder_with_foreign_files_is_refused(root: Path, kind: str) -> None:
    out = root / "site"
    (out / "d").mkdir(parents=True)
    name = {"nested file": "d/mine"}.get(kind, "mine")
    if kind.startswith("link"):
        (out / name).symlink_to("d" if kind.endswith("folder") else "/etc/passwd")
    else:
        (out / name).write_text("mine")
    assert refused(root, out) == f"holds files that Pressrun did not write ({name}); nothing was touched"


def test_an_empty_folder_is_taken(root: Path) -> None:
    (root / "site").mkdir()
    publish(root, a="1")
    assert tree(root / "site") == {"a": "1"}


def test_a_folder_that_was_put_in_the_place_of_ours_is_refused(root: Path) -> None:
    publish(root, a="1")
    (root / "site").rename(root / "old")
    (root / "site").mkdir()
    (root / "site/mine").write_text("mine")
    assert "did not write (mine)" in refused(root, root / "site")


def test_foreign_files_stay_and_files_that_are_no_longer_made_go(root: Path) -> None:
    publish(root, a__x="1", b="2")
    (root / "site/a/mine").write_text("mine")
    release = publish(root, b="2")
    assert (release.written, release.removed) == ([], ["a/x"])
    assert tree(root / "site") == {"a/mine": "mine", "b": "2"}


def test_a_foreign_file_is_never_overwritten(root: Path) -> None:
    publish(root, b="2")
    (root / "site/a").write_text("mine")
    with pytest.raises(ProblemError) as caught:
        publish(root, a="1", b="2")
    (problem,) = caught.value.problems
    assert (
        problem.message == "was not written by Pressrun, and a page wants this path; nothing was overwritten"
    )
    assert problem.hint == "move it away, or rename content/a.md"
    assert tree(root / "site") == {"a": "mine", "b": "2"}


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_foreign_file_in_the_place_of_a_folder_is_never_removed(root: Path, kind: str) -> None:
    publish(root, b="2")
    (root / "outside").mkdir()
    if kind == "file":
        (root / "site/a").write_text("mine")
    else:
        (root / "site/a").symlink_to("../outside")
    with pytest.raises(ProblemError, match="a: error: was not written by Pressrun"):
        publish(root, a__x="1", b="2")
    assert tree(root / "outside") == {}
    assert os.path.lexists(root / "site/a")


def test_nothing_is_removed_through_a_link(root: Path) -> None:
    publish(root, a__x="1", b="2")
    (root / "outside").mkdir()
    (root / "outside/x").write_text("mine")
    (root / "site/a/x").unlink()
    (root / "site/a").rmdir()
    (root / "site/a").symlink_to("../outside")
    publish(root, b="2")
    assert tree(root / "outside") == {"x": "mine"}


def test_a_file_becomes_a_folder_and_a_folder_a_file(root: Path) -> None:
    publish(root, x="1")
    publish(root, x__y__z="2")
    assert tree(root / "site") == {"x/y/z": "2"}
    publish(root, x="3")
    assert tree(root / "site") == {"x": "3"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": "1"}, {"a": "1", "x": "2", "x__y__z": "3"}),
        ({"x": "1"}, {"x": "1", "x__y__z": "2"}),
        ({"x__y__z": "1"}, {"x": "2", "x__y__z": "1"}),
    ],
)
def test_a_path_cannot_be_file_and_folder_at_once(
    root: Path, before: dict[str, str], after: dict[str, str]
) -> None:
    publish(root, **before)
    stood = tree(root / "site")
    with pytest.raises(ProblemError) as wrong:
        publish(root, **after)
    assert str(wrong.value.problems[0]) == (
        "x: error: would be a file of the site, and a folder in which “x/y/z” lies; the site was not published\n"
        "    give one of them another name"
    )
    assert tree(root / "site") == stood
    publish(root, a="3")
    assert tree(root / "site") == {"a": "3"}


def test_a_folder_with_foreign_files_does_not_become_a_file(root: Path) -> None:
    publish(root, x__y="1")
    (root / "site/x/mine").write_text("mine")
    with pytest.raises(ProblemError, match="x: error: was not written by Pressrun"):
        publish(root, x="2")
    assert tree(root / "site") == {"x/mine": "mine", "x/y": "1"}


def test_a_file_of_ours_that_was_changed_is_written_again(root: Path) -> None:
    publish(root, a="1")
    (root / "site/a").write_text("edited")
    assert publish(root, a="1").written == ["a"]
    assert tree(root / "site") == {"a": "1"}


def test_a_build_that_was_cut_short_changed_nothing_and_leaves_nothing(root: Path) -> None:
    publish(root, a="1")
    release = open_release(config(root))
    release.write(Output("a", "a.md", b"2"))
    release.write(Output("b/c", "b.md", b"2"))
    assert tree(root / "site") == {"a": "1"}
    assert publish(root, a="3").removed == []
    assert tree(root / "site") == {"a": "3"}
    assert litter(root) == []


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b'{"format": 1, "folder": [1, 2], "files": {"../x": [1, 2, 3]}}',
        b"[" * 9999,
    ],
)
def test_with_damaged_manifests_nothing_is_touched(root: Path, damage: bytes) -> None:
    for manifest in publish(root, a="1").manifest.parent.glob("*.json"):
        manifest.write_bytes(damage)
    (root / "x").write_text("outside")
    assert refused(root, root / "site") == "holds files that Pressrun did not write (a); nothing was touched"


def test_one_damaged_manifest_is_made_up_for_by_the_other(root: Path) -> None:
    publish(root, a="1", b="1").manifest.write_bytes(b"{")
    assert publish(root, a="1", b="2").written == ["b"]
    assert tree(root / "site") == {"a": "1", "b": "2"}


@pytest.mark.parametrize("name", ["change", "seen"])
@pytest.mark.parametrize(
    "damage", [b"", b"[]", b"\xff", b'{"folder": [1, 2], "names": ["../x"]}', b"[" * 9999]
)
def test_other_damaged_records_cost_time_alone(root: Path, name: str, damage: bytes) -> None:
    home = publish(root, a="1", b__c="1").manifest.parent
    (root / "x").write_text("outside")
    for path in [home / "change"] if name == "change" else list(home.glob("*.seen")):
        path.write_bytes(damage)
    publish(root, a="2", b__c="1")
    assert tree(root / "site") == {"a": "2", "b/c": "1"}
    assert (root / "x").read_text() == "outside"
    assert litter(root) == []


def test_a_copied_project_keeps_its_site(root: Path) -> None:
    """Other inodes and other times, the same bytes: nothing is refused, nothing is written."""
    publish(root, a="1", b__c="2")
    publish(root, a="1", b__c="3")
    copy = root.parent / "copy"
    shutil.copytree(root, copy, copy_function=shutil.copyfile)
    assert publish(copy, a="1", b__c="3").written == []
    assert publish(copy, a="4", b__c="3").written == ["a"]
    assert tree(copy / "site") == {"a": "4", "b/c": "3"}
    assert litter(copy) == []


def test_a_file_of_the_authors_in_a_new_folder_is_not_taken_for_ours(root: Path) -> None:
    publish(root, a="1")
    (root / "site").rename(root / "old")
    (root / "site").mkdir()
    (root / "site/a").write_text("mine")
    assert "did not write (a)" in refused(root, root / "site")


# ------------------------------------------------------------ two trees


def inodes(root: Path) -> dict[str, int]:
    """The inode of every file of the site."""
    return {path: (root / "site" / path).lstat().st_ino for path in tree(root / "site")}


def test_the_site_is_exchanged_and_unchanged_files_are_shared(root: Path) -> None:
    publish(root, a="1", b__c="2", d="3")
    before, folder = inodes(root), (root / "site").stat().st_ino
    release = publish(root, a="1", b__c="new", e="4")
    assert (release.written, release.removed) == (["b/c", "e"], ["d"])
    assert (root / "site").stat().st_ino != folder
    assert inodes(root)["a"] == before["a"]
    assert tree(root / "site") == {"a": "1", "b/c": "new", "e": "4"}
    publish(root, a="1", b__c="newer", e="4")
    assert (root / "site").stat().st_ino == folder
    assert tree(root / "site") == {"a": "1", "b/c": "newer", "e": "4"}


def test_with_nothing_changed_nothing_is_exchanged_or_written(root: Path) -> None:
    publish(root, a="1", b__c="2")
    before = {p: p.lstat().st_mtime_ns for p in [root, *root.rglob("*")]}
    publish(root, a="1", b__c="2")
    assert {p: p.lstat().st_mtime_ns for p in [root, *root.rglob("*")]} == before


def test_a_publication_costs_what_changed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file that is the same is linked, opened or removed again."""
    site = {f"p{number}__index": "1" for number in range(200)}
    publish(root, **site)
    time.sleep(0.15)  # younger folders may have changed since they were listed
    publish(root, **{**site, "p1__index": "2"})
    time.sleep(0.15)
    publish(root, **{**site, "p2__index": "2"})
    calls: Counter[str] = Counter()
    for name in ("link", "open", "unlink", "rename", "mkdir", "rmdir", "scandir"):
        real = getattr(os, name)

        def counted(*given: object, name: str = name, real: Any = real, **more: object) -> object:
            calls[name] += 1
            return real(*given, **more)

        monkeypatch.setattr(os, name, counted)
    publish(root, **{**site, "p3__index": "2"})
    assert calls["link"] <= 3, calls
    assert sum(calls.values()) < 60, calls


def test_an_edit_in_place_of_a_shared_file_does_not_come_back(root: Path) -> None:
    """Both trees have the edited file; neither keeps it."""
    publish(root, a="1", b="1")
    publish(root, a="1", b="2")
    (root / "site/a").write_text("9")
    for text in ("3", "4", "5"):
        publish(root, a="1", b=text)
        assert tree(root / "site") == {"a": "1", "b": text}


@pytest.mark.parametrize("what", ["spare", "site"])
def test_trees_that_were_removed_are_made_again(root: Path, what: str) -> None:
    publish(root, a="1", b="1")
    home = publish(root, a="1", b="2").manifest.parent
    shutil.rmtree(home / "spare" if what == "spare" else root / "site")
    for text in ("3", "4"):
        publish(root, a="1", b=text)
        assert tree(root / "site") == {"a": "1", "b": text}


def test_foreign_things_of_all_kinds_go_along(root: Path) -> None:
    """Files, links, folders, empty and full, deep and hidden; also those that come, change and go later."""
    site, number = root / "site", iter(range(100))

    def build() -> None:
        publish(root, a__x="1", b=f"{next(number)}")

    build()
    (site / "CNAME").write_text("example.org")
    (site / "a/mine").write_text("mine")
    (site / "a/link").symlink_to("/nowhere")
    (site / "own/deep").mkdir(parents=True)
    (site / "own/deep/file").write_text("deep")
    (site / "empty").mkdir(mode=0o700)
    os.mkfifo(site / ".pipe")
    kept = {"CNAME": "example.org", "a/mine": "mine", "a/link": "→ /nowhere", "own/deep/file": "deep"}
    inode = (site / "CNAME").stat().st_ino
    for _ in range(4):
        build()
        assert {p: t for p, t in tree(site).items() if p not in ("a/x", "b")} == kept
        assert (site / "CNAME").stat().st_ino == inode
        assert (site / ".pipe").is_fifo()
        assert (site / "empty").stat().st_mode & 0o777 == 0o700
    for remove in ("CNAME", "a/mine", "own/deep/file", ".pipe"):
        (site / remove).unlink()
        kept.pop(remove, None)
        for _ in range(3):
            build()
            assert {p: t for p, t in tree(site).items() if p not in ("a/x", "b")} == kept
            assert not os.path.lexists(site / remove)
    (site / "empty").rmdir()
    (site / "CNAME").write_text("first")
    build()
    (site / "new").write_text("second")
    (site / "new").replace(site / "CNAME")
    for _ in range(3):
        build()
        assert (site / "CNAME").read_text() == "second"
        assert not (site / "empty").exists()


def test_a_file_that_a_shell_left_in_the_spare_tree_is_published(root: Path) -> None:
    """It stood in the folder while that was exchanged, and wrote where it stood."""
    publish(root, a="1")
    handle = os.open(root / "site", os.O_RDONLY)
    publish(root, a="2")
    os.close(os.open("CNAME", os.O_CREAT | os.O_WRONLY, dir_fd=handle))
    os.close(handle)
    for text in ("3", "4", "5"):
        publish(root, a=text)
        assert tree(root / "site") == {"a": text, "CNAME": ""}


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_the_umask_does_not_matter(root: Path, umask: int) -> None:
    old = os.umask(umask)
    try:
        publish(root, a__b__c="1", d="1")
        publish(root, a__b__c="1", d="2", e__f="1")
    finally:
        os.umask(old)
    modes = {p.stat().st_mode & 0o777 for p in (root / "site").rglob("*") if p.is_file()}
    assert modes == {0o644}
    assert {p.stat().st_mode & 0o777 for p in [root / "site", root / "site/a/b", root / "site/e"]} == {0o755}


# ------------------------------------------------------------ where trees cannot be exchanged


def refuse(number: int) -> Any:
    """A system call that answers with an error."""

    def call(*given: object, **more: object) -> None:
        raise OSError(number, os.strerror(number), str(given[0]))

    return call


@pytest.mark.parametrize("why", ["no call", "exchange", "rename", "link"])
def test_elsewhere_files_are_replaced_one_by_one(
    root: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    if why == "no call":
        monkeypatch.setattr("generator.output.calls.can_exchange", lambda: False)
    elif why == "exchange":
        monkeypatch.setattr("generator.output.calls.exchange", refuse(errno.EINVAL))
    else:
        monkeypatch.setattr(os, why, refuse(errno.EXDEV))
    publish(root, a="1", b__c="2", x="1")
    folder = (root / "site").stat().st_ino
    (root / "site/b/mine").write_text("mine")
    release = publish(root, a="1", b__c="3", x__y="1")
    assert (release.written, release.removed) == (["b/c", "x/y"], ["x"])
    assert tree(root / "site") == {"a": "1", "b/c": "3", "b/mine": "mine", "x/y": "1"}
    assert (root / "site").stat().st_ino == folder
    assert litter(root) == []
    monkeypatch.undo()
    for text in ("4", "5"):
        publish(root, a=text, x__y="1")
        assert tree(root / "site") == {"a": text, "b/mine": "mine", "x/y": "1"}


def test_a_folder_on_another_file_system_is_brought_up_to_date(root: Path) -> None:
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == root.stat().st_dev:
        pytest.skip("no second file system here")
    with tempfile.TemporaryDirectory(dir=shared) as other:
        out = Path(other) / "site"
        publish(root, out, a="1", b__c="1")
        assert publish(root, out, a="1", b__c="2").written == ["b/c"]
        assert tree(out) == {"a": "1", "b/c": "2"}
        assert publish(root, out, a="1").removed == ["b/c"]
        assert litter(root, out) == []


def test_one_by_one_what_was_made_before_a_crash_is_known_as_ours(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.output.calls.can_exchange", lambda: False)
    publish(root, a="1", b="1", c__d="1")
    real = os.replace

    def die_at(source: str, target: str) -> None:
        if target.endswith("/b"):
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(os, "replace", die_at)
    with pytest.raises(KeyboardInterrupt):
        publish(root, a="2", b="2", c__d="2", aa__new="2")
    monkeypatch.setattr(os, "replace", real)
    assert set(publish(root, a="3", b="1").removed) >= {"c/d"}
    assert tree(root / "site") == {"a": "3", "b": "1"}
    assert litter(root) == []


def test_clean_removes_our_files_alone(root: Path) -> None:
    publish(root, a__b="1", c="2")
    (root / "site/a/mine").write_text("mine")
    assert remove_release(config(root)) == ["a/b", "c"]
    assert tree(root / "site") == {"a/mine": "mine"}
    assert remove_release(config(root, root / "other")) == []


def test_files_are_readable_by_a_web_server(root: Path) -> None:
    publish(root, a="1")
    assert (root / "site/a").stat().st_mode & 0o777 == 0o644
