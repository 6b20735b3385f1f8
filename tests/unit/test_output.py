"""Output: only files of ours are ever written over or removed, whatever stands in the output folder."""

from __future__ import annotations

import os
from pathlib import Path

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


def test_a_folder_with_foreign_files_does_not_become_a_file(root: Path) -> None:
    publish(root, x__y="1")
    (root / "site/x/mine").write_text("mine")
    with pytest.raises(ProblemError, match="x: error: was not written by Pressrun"):
        publish(root, x="2")
    assert tree(root / "site") == {"x/mine": "mine"}


def test_a_file_of_ours_that_was_changed_is_written_again(root: Path) -> None:
    publish(root, a="1")
    (root / "site/a").write_text("edited")
    assert publish(root, a="1").written == ["a"]
    assert tree(root / "site") == {"a": "1"}


def test_a_build_that_was_cut_short_is_taken_up_again(root: Path) -> None:
    """What it wrote is known as ours, though it never came to write its manifest."""
    release = open_release(config(root))
    release.write(Output("a", "a.md", b"1"))
    release.write(Output("b/c", "b.md", b"2"))
    release.close()
    assert publish(root, a="3").removed == ["b/c"]
    assert tree(root / "site") == {"a": "3"}
    assert not list((root / ".pressrun").rglob("*.journal"))


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
def test_with_a_damaged_manifest_nothing_is_touched(root: Path, damage: bytes) -> None:
    manifest = publish(root, a="1").manifest
    manifest.write_bytes(damage)
    (root / "x").write_text("outside")
    assert refused(root, root / "site") == "holds files that Pressrun did not write (a); nothing was touched"


def test_a_damaged_journal_counts_for_nothing(root: Path) -> None:
    manifest = publish(root, a="1").manifest
    (root / "x").write_text("outside")
    for damage in (b"\xff", b"{", b'"../x"\n', b'["a"]\n', b'"a'):
        manifest.with_suffix(".journal").write_bytes(damage)
        publish(root, a="1")
    assert (root / "x").read_text() == "outside"


def test_clean_removes_our_files_alone(root: Path) -> None:
    publish(root, a__b="1", c="2")
    (root / "site/a/mine").write_text("mine")
    assert remove_release(config(root)) == ["a/b", "c"]
    assert tree(root / "site") == {"a/mine": "mine"}
    assert remove_release(config(root, root / "other")) == []


def test_files_are_readable_by_a_web_server(root: Path) -> None:
    publish(root, a="1")
    assert (root / "site/a").stat().st_mode & 0o777 == 0o644
