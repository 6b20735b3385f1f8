"""Diagrams: what a site publishes for them, and when; how they look in a browser is tested there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from harness import Project

from generator import diagrams

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = "```mermaid\nflowchart LR\n  A --> B\n```\n"
ICONS = (
    "pyproject.toml: warning: short codes of icons are left out: no icons come with Pressrun"
    "\n    those that say no more than ✓, ✗ or an arrow become that sign; a plug-in of Markdown can write others"
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "site")


def of_diagrams(project: Project) -> list[str]:
    """What is published for diagrams alone."""
    return sorted(path for path in project.tree() if re.match(r"assets/(mermaid|diagram)\.", path))


def test_only_a_site_with_diagrams_publishes_what_draws_them(project: Project, tmp_path: Path) -> None:
    project.write("pyproject.toml", '[tool.pressrun]\ntitle = "T"\n').write("content/b.md", "# B\n")
    project.write("content/a.md", "# A\n\nWords.\n").build()
    assert of_diagrams(project) == []
    project.write("content/a.md", f"# A\n\nWords.\n\n{BLOCK}").build()
    assert project.problems == []
    published = of_diagrams(project)
    folder = diagrams.folder()
    assert {path for path in published if path.startswith(folder)} == {
        f"{folder}/{name}" for name in diagrams.files()
    }
    assert f"{folder}/{diagrams.ENTRY}" in published
    assert len(published) == len(diagrams.files()) + 1
    assert f'data-mermaid="/{folder}/{diagrams.ENTRY}"' in project.html("/a/")
    assert "diagram" not in project.html("/b/")
    assert project.tree() == project.clean_tree(tmp_path / "clean")
    project.write("content/a.md", f"# A\n\nWords.\n\n{BLOCK}\nMore.\n").build()
    assert project.written == ["a/index.html"]
    project.write("content/a.md", "# A\n\nWords.\n").build()
    assert of_diagrams(project) == []


def test_a_diagram_of_an_included_file_is_drawn_too(project: Project) -> None:
    project.write("parts/d.md", BLOCK).write("content/a.md", "# A\n\n:::include /parts/d.md\n").build()
    assert project.problems == []
    assert "data-mermaid" in project.html("/a/")


def test_a_plug_in_that_writes_diagrams_itself_needs_no_script(project: Project) -> None:
    project.write("own.py", "def fences():\n    return {'mermaid': lambda code, fence: '<p>own</p>'}\n")
    project.write("pyproject.toml", '[tool.pressrun]\nplugins = ["own"]\n').write(
        "content/a.md", BLOCK
    ).build()
    assert project.problems == []
    assert "<p>own</p>" in project.main("/a/")
    assert of_diagrams(project) == []


def test_in_feeds_and_in_markdown_a_diagram_is_its_source(project: Project) -> None:
    project.write(
        "pyproject.toml",
        '[tool.pressrun]\nbase_url = "https://x.example"\nllms = true\n[tool.pressrun.feeds]\nfull = true\n',
    )
    project.write("blog/a.md", f"---\ntitle: A\ndate: 2026-01-02\n---\n{BLOCK}").build()
    assert project.problems == []
    assert BLOCK in project.file("blog/a/index.md")
    feed = next(path for path in project.tree() if path.endswith("feed.xml"))
    assert "A --&amp;gt; B" in project.file(feed)


def test_icons_that_are_left_out_are_told_of_once(project: Project) -> None:
    project.write("pyproject.toml", '[tool.pressrun.markdown]\ndialect = "mkdocs"\n')
    for name in "ab":
        project.write(f"content/{name}.md", f"# {name}\n\nx :material-{name}:{{ .big }} y\n")
    project.build()
    assert [str(problem) for problem in project.last.problems] == [ICONS]
    assert "<p>x  y</p>" in project.main("/a/")
