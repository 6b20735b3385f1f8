"""Sources: what the scan finds, and what it leaves out with a word."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.config import load_config
from generator.sources import scan


def scanned(root: Path) -> tuple[list[str], list[str]]:
    """Give the paths that a scan finds, and the problems."""
    found = scan(load_config(root, environ={}))
    sources, problems = found.sources, found.problems
    return [s.path for s in sources], [str(p) for p in problems]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A site with one page."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content/ok.md").write_text("x")
    return tmp_path


def test_hidden_files_code_and_leftovers_are_never_published(root: Path) -> None:
    for name in (
        ".env",
        ".git",
        "a.py",
        "a.pyc",
        "a.md~",
        ".a.md.swp",
        "a.bak",
        "id.pem",
        "a.key",
        "app.js.map",
    ):
        (root / "content" / name).write_text("secret")
    (root / "content/__pycache__").mkdir()
    (root / "content/__pycache__/x.md").write_text("x")
    (root / "content/.well-known").mkdir()
    (root / "content/.well-known/security.txt").write_text("x")
    assert scanned(root) == (["content/.well-known/security.txt", "content/ok.md"], [])


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("x.md", "is a symbolic link that leads nowhere or to itself; it was left out"),
        ("nothing.md", "is a symbolic link that leads nowhere or to itself; it was left out"),
        ("/etc/passwd", "is a symbolic link that leaves the site; it was left out"),
        ("../../outside.md", "is a symbolic link that leaves the site; it was left out"),
        (".", "is a symbolic link to a folder that contains it; it was left out"),
        ("../.secret", "is a symbolic link to a hidden file; it was left out"),
    ],
)
def test_a_link_that_is_no_way_to_a_page_is_left_out(root: Path, target: str, message: str) -> None:
    (root.parent / "outside.md").write_text("outside")
    (root / ".secret").write_text("secret")
    (root / "content/x.md").symlink_to(target)
    assert scanned(root) == (["content/ok.md"], [f"content/x.md: error: {message}"])


def test_a_folder_beside_the_site_with_the_same_beginning_is_outside(tmp_path: Path) -> None:
    (tmp_path / "site_secret").mkdir()
    (tmp_path / "site_secret/a.md").write_text("secret")
    root = tmp_path / "site"
    (root / "content").mkdir(parents=True)
    (root / "content/x").symlink_to("../../site_secret")
    assert scanned(root) == (
        [],
        ["content/x: error: is a symbolic link that leaves the site; it was left out"],
    )


def test_links_inside_the_site_are_followed(root: Path) -> None:
    (root / "content/again.md").symlink_to("ok.md")
    (root / "shared").mkdir()
    (root / "shared/b.md").write_text("b")
    (root / "content/more").symlink_to("../shared")
    assert scanned(root) == (["content/again.md", "content/more/b.md", "content/ok.md"], [])


def test_what_is_no_regular_file_is_left_out_and_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "content/fifo.md")
    (root / "content/folder.md").mkdir()
    found = ["content/fifo.md: warning: is not a regular file; it was left out"]
    assert scanned(root) == (["content/ok.md"], found)


def test_names_that_no_url_can_be_made_of_are_named_printably(root: Path) -> None:
    for name in (b"\xff.md", b"a\nb.md", b"a\\b.md", b"a\x7f.md"):
        Path(os.fsdecode(os.fsencode(root) + b"/content/" + name)).write_text("x")
    found, problems = scanned(root)
    assert found == ["content/ok.md"]
    letters = "the file's name has control characters or a backslash; rename it"
    assert problems == [
        "content/\\udcff.md: error: the file's name is not UTF-8; rename it",
        f"content/a\\\\b.md: error: {letters}",
        f"content/a\\nb.md: error: {letters}",
        f"content/a\\x7f.md: error: {letters}",
    ]


def test_output_cache_and_environments_are_no_sources(root: Path) -> None:
    (root / "content").rename(root / "docs")
    for folder in ("site", ".pressrun", "node_modules", "env"):
        (root / folder).mkdir()
        (root / folder / "x.md").write_text("x")
    (root / "env/pyvenv.cfg").write_text("")
    assert scanned(root)[0] == ["docs/ok.md"]


def test_excluded_paths_are_no_sources(root: Path) -> None:
    (root / "pyproject.toml").write_text('[tool.pressrun]\nexclude = ["content/o*"]\n')
    assert scanned(root) == ([], [])


def test_a_collection_without_its_folder_is_said(root: Path) -> None:
    (root / "pyproject.toml").write_text('[tool.pressrun.collections.docs]\nfolder = "dcos"\n')
    message = "pyproject.toml: warning: the collection “docs” has no pages: there is no folder “dcos”"
    assert scanned(root) == (["content/ok.md"], [message])
