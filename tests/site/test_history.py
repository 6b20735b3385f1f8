"""The day of the last commit: from a real repository, noticed when `HEAD` moves."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from harness import Project


def git(folder: Path, *arguments: str, day: str = "2026-01-02") -> None:
    """Run git, with a clock that stands on a day."""
    date = f"{day}T12:00:00+00:00"
    who = {
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@site.example",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@site.example",
    }
    environment = {
        **os.environ,
        **who,
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_DATE": date,
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True, timeout=60
    )


@pytest.fixture
def site(project: Project) -> Project:
    """A repository with two pages."""
    project.write("content/a.md", "# A\n").write("content/bä c.md", "# B\n").write(
        ".gitignore", "site/\n.pressrun/\n"
    )
    project.write("pyproject.toml", '[tool.pressrun]\nbase_url = "https://site.example/"\n')
    git(project.root, "init", "-q", "-b", "main")
    git(project.root, "add", "-A")
    git(project.root, "commit", "-q", "-m", "One")
    return project


def told(project: Project, url: str) -> str:
    """What a page says of its last change."""
    return project.main(url).partition("Last updated")[2].partition("</time>")[0].partition(">")[2]


def test_a_page_says_when_it_was_last_committed(site: Project) -> None:
    site.build()
    assert told(site, "/a/") == told(site, "/bä c/") == "2 January 2026"
    assert site.file("sitemap.xml").count("<lastmod>2026-01-02</lastmod>") == 2


def test_a_commit_changes_the_pages_that_are_in_it_and_no_other(site: Project) -> None:
    site.build()
    site.write("content/a.md", "# A\n\nMore\n").build()
    assert told(site, "/a/") == "2 January 2026"
    git(site.root, "commit", "-q", "-a", "-m", "Two", day="2026-03-04")
    site.build()
    assert site.ran("render") == ["content/a.md"]
    assert told(site, "/a/") == "4 March 2026"
    assert site.build().last.ran == {}


def test_a_site_in_a_folder_of_a_repository_and_packed_branches_work(site: Project, tmp_path: Path) -> None:
    (site.root / "docs").mkdir()
    git(site.root, "mv", "content", "docs/content")
    git(site.root, "mv", "pyproject.toml", "docs/pyproject.toml")
    git(site.root, "commit", "-q", "-m", "Moved", day="2026-05-06")
    git(site.root, "pack-refs", "--all")
    inner = Project(site.root / "docs").build()
    assert told(inner, "/a/") == "6 May 2026"


def test_a_linked_worktree_works(site: Project, tmp_path: Path) -> None:
    git(site.root, "worktree", "add", "-q", str(tmp_path / "tree"), "-b", "other")
    tree = Project(tmp_path / "tree").build()
    assert told(tree, "/a/") == "2 January 2026"
    tree.write("content/a.md", "# A2\n")
    git(tree.root, "commit", "-q", "-a", "-m", "Three", day="2026-07-08")
    assert told(tree.build(), "/a/") == "8 July 2026"


def test_a_shallow_clone_says_nothing(site: Project, tmp_path: Path) -> None:
    """Its one commit would claim all pages."""
    site.write("content/a.md", "# A2\n")
    git(site.root, "commit", "-q", "-a", "-m", "Two", day="2026-03-04")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{site.root}", "clone")
    assert "Last updated" not in Project(tmp_path / "clone").build().html("/a/")


def test_without_a_repository_or_a_commit_nothing_is_said(project: Project) -> None:
    project.write("content/a.md", "# A\n").build()
    assert "Last updated" not in project.html("/a/")
    git(project.root, "init", "-q")
    assert "Last updated" not in project.build().html("/a/")


def test_updated_in_the_front_matter_wins_and_edit_links_name_the_file(site: Project) -> None:
    site.write("content/a.md", "---\nupdated: 2026-09-09\n---\n# A\n")
    site.write("pyproject.toml", '[tool.pressrun]\nedit_url = "https://git.example/edit/{path}"\n').build()
    assert told(site, "/a/") == "9 September 2026"
    assert (
        '<a href="https://git.example/edit/content/b%C3%A4%20c.md" rel="external">Edit this page</a>'
        in site.main("/bä c/")
    )
