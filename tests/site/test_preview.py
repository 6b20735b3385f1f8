"""Previews: what the dev server shows before a build has the bytes that the build gives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from harness import EPOCH, Project

from generator.config import load_config
from generator.context import Context
from generator.serve.preview import Desk, desk

SITE = '[tool.pressrun]\ntitle = "T"\nbase_url = "https://site.example/below/"\n'
POST = "---\ntitle: Post {number}\ndate: 2026-01-0{number}\n{extra}tags: [ink]\n---\nWords of {number}.\n\nMore.\n"
OPEN = [
    "blog/index.html",
    "tags/ink/index.html",
    "blog/2026/index.html",
    "blog/p2/index.html",
    "blog/p4/index.html",
]


@pytest.fixture
def context() -> Iterator[Context]:
    made = Context()
    yield made
    made.close()


@pytest.fixture
def site(project: Project) -> Project:
    """Five posts, one of them with a description."""
    for number in range(1, 6):
        extra = "description: Told\n" if number == 5 else ""
        project.write(f"blog/p{number}.md", POST.format(number=number, extra=extra))
    return project.write("content/index.md", "# Home\n").write("pyproject.toml", SITE)


def laid(site: Project, context: Context) -> Desk:
    """Build the site as the dev server does."""
    site.build(drafts=True)
    found = desk(load_config(site.root, drafts=True, environ={"SOURCE_DATE_EPOCH": EPOCH}), context)
    assert found is not None
    return found


EDITS = {
    "a title": (3, "title: Post 3", "title: Another"),
    "an excerpt": (3, "Words of 3.", "Other words."),
    "a description": (5, "description: Told", "description: Retold"),
    "an author": (3, "tags:", "author: Ada\ntags:"),
    "reading time": (3, "More.", "More. " * 900),
}


@pytest.mark.parametrize("what", EDITS)
def test_opened_pages_show_an_edit_before_the_build(what: str, site: Project, context: Context) -> None:
    number, old, new = EDITS[what]
    table = laid(site, context)
    path = f"blog/p{number}.md"
    site.write(path, (site.root / path).read_text().replace(old, new))
    before = site.tree()
    seen = table.edited([path])
    assert seen is not None
    made, alone = {one.path: one.data for one in [*seen[0], *table.showing(OPEN)]}, seen[1]
    assert not alone
    assert site.tree() == before, "nothing is written"
    site.build(drafts=True)
    after = site.tree()
    assert made == {name: after[name] for name in made}
    assert {name for name in OPEN if after[name] != before[name]} <= made.keys()
    assert "blog/index.html" in made


def test_the_front_page_of_a_list_is_shown_too(site: Project, context: Context) -> None:
    site.write("content/blog.md", "---\ntitle: All\nslug: /blog/\n---\nMine\n")
    table = laid(site, context)
    site.write("blog/p3.md", POST.format(number=3, extra="").replace("Post 3", "Another"))
    assert table.edited(["blog/p3.md"]) is not None
    [shown] = table.showing(["blog/index.html"])
    site.build(drafts=True)
    assert shown.data == site.tree()["blog/index.html"]
    assert b"Another" in shown.data


def test_pages_that_do_not_show_it_are_left_alone(site: Project, context: Context) -> None:
    table = laid(site.write("content/other.md", "# Other\n"), context)
    site.write("blog/p3.md", POST.format(number=3, extra="").replace("Post 3", "Another"))
    assert table.edited(["blog/p3.md"]) is not None
    assert table.showing(["index.html", "other/index.html", "404.html", "nothing/index.html"]) == []
    site.write("content/other.md", "# Other\n\nWords\n")
    assert table.edited(["content/other.md"]) is not None
    assert table.showing(OPEN) == []


def test_getting_ready_changes_nothing(site: Project, context: Context) -> None:
    table = laid(site, context)
    before = site.tree()
    table.warm()
    assert table.edited(["blog/p1.md"]) == ([], True)
    assert site.tree() == before
    assert site.build(drafts=True).last.ran == {}
