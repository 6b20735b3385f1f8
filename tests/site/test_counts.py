"""Counts: an edit rebuilds exactly what depends on it."""

from __future__ import annotations

import re

import pytest
from harness import Project

MODULE = "def shown():\n    return {number}\n\n\ndef other():\n    return {other}\n"


def post(number: int, *, title: str = "", tags: str = "", extra: str = "", body: str = "Text") -> str:
    """A post with a description of its own, so that lists show nothing of its body."""
    head = f"title: {title or f'T{number}'}\ndate: 2026-01-{number + 10}\ndescription: d{number}\n"
    return f"---\n{head}tags: [{tags}]\n{extra}---\n{body}\n"


@pytest.fixture
def site(project: Project) -> Project:
    """Five posts in a row of time, two tags, a page of documentation."""
    for number in range(5):
        project.write(f"blog/p{number}.md", post(number, tags="odd" if number % 2 else "even"))
    project.write("content/index.md", "# Home\n").write("content/guide.md", "---\ntitle: Guide\n---\nText\n")
    return project.build()


def ran(project: Project) -> dict[str, list[str]]:
    """Kind → what ran of it."""
    kinds = sorted({unit.partition(":")[0] for unit in project.last.ran})
    return {kind: project.ran(kind) for kind in kinds}


def test_a_second_build_runs_nothing_and_writes_nothing(site: Project) -> None:
    assert site.build().last.ran == {}
    assert site.written == []


def test_the_body_of_one_post(site: Project) -> None:
    """One load, one compose, one render."""
    site.write("blog/p2.md", post(2, tags="even", body="Other text")).build()
    assert ran(site) == {kind: ["blog/p2.md"] for kind in ("load", "compose", "render")}
    assert site.written == ["blog/p2/index.html"]


def test_the_body_of_a_post_whose_beginning_lists_show(site: Project) -> None:
    """Without a description, the lists show its first words: they follow these and nothing else of it."""
    site.write("blog/p2.md", "---\ntitle: T2\ndate: 2026-01-12\ntags: [even]\n---\nFirst\n\nSecond\n").build()
    site.write("blog/p2.md", "---\ntitle: T2\ndate: 2026-01-12\ntags: [even]\n---\nFirst\n\nThird\n").build()
    assert ran(site) == {kind: ["blog/p2.md"] for kind in ("load", "compose", "render")}
    site.write("blog/p2.md", "---\ntitle: T2\ndate: 2026-01-12\ntags: [even]\n---\nOther\n\nThird\n").build()
    assert ran(site)["list"] == ["/blog/", "/tags/even/"]


def test_the_title_of_a_post(site: Project) -> None:
    """Its lists, its year, its tags, its neighbours, the posts that name it as related, and nothing else."""
    site.write("blog/p2.md", post(2, title="New", tags="even")).build()
    assert ran(site) == {
        "load": ["blog/p2.md"],
        "compose": ["blog/p2.md"],
        "render": [f"blog/p{n}.md" for n in range(5)],
        "list": ["/blog/", "/blog/2026/", "/tags/even/"],
    }


def test_the_tags_of_a_post(site: Project) -> None:
    """The lists of the tags that it had and has, the list of all, and the posts that it was or is related to."""
    site.write("blog/p2.md", post(2, tags="odd")).build()
    assert ran(site) == {
        "load": ["blog/p2.md"],
        "compose": ["blog/p2.md"],
        "render": [f"blog/p{n}.md" for n in range(5)],
        "kin": [""],
        "list": ["/blog/", "/tags/", "/tags/even/", "/tags/odd/"],
    }


def test_a_touched_file(site: Project) -> None:
    (site.root / "blog/p2.md").touch()
    (site.root / "content/guide.md").touch()
    assert site.build().last.ran == {}


def test_another_function_of_a_shown_module(site: Project) -> None:
    """The page is composed again, comes out the same, and is not rendered again."""
    site.write("blog/shared.py", MODULE.format(number=1, other=0))
    site.write(
        "blog/code.md", "---\nfrom blog.shared import shown\n---\n```python source=shown\n```\n"
    ).build()
    site.write("blog/shared.py", MODULE.format(number=1, other=5)).build()
    assert ran(site) == {"compose": ["blog/code.md"]}
    assert site.written == []
    site.write("blog/shared.py", MODULE.format(number=2, other=5)).build()
    assert ran(site) == {"compose": ["blog/code.md"], "render": ["blog/code.md"]}
    assert site.written == ["blog/code/index.html"]


def test_an_override_of_a_partial(site: Project) -> None:
    """Every page is rendered again, none is composed."""
    site.write("templates/components/footer.html", "<footer>own</footer>\n").build()
    assert set(ran(site)) == {"overrides", "render", "list", "page404"}
    assert len(site.ran("render")) == 7
    assert all("<footer>own</footer>" in site.file(path) for path in site.tree() if path.endswith(".html"))


def test_an_override_of_a_template_that_only_lists_use(site: Project) -> None:
    site.write("templates/tags.html", "{{ tags | length }}\n").build()
    assert ran(site) == {"overrides": [""], "list": ["/tags/"]}


def test_a_new_draft(site: Project) -> None:
    """It is read; nothing is composed or rendered."""
    site.write("blog/new.md", post(9, extra="draft: true\n")).build()
    assert ran(site) == {"load": ["blog/new.md"]}
    assert site.written == []


def test_a_deleted_post(site: Project) -> None:
    """Its lists, its neighbours, the posts that were related to it."""
    site.delete("blog/p2.md").build()
    assert ran(site) == {
        "render": ["blog/p0.md", "blog/p1.md", "blog/p3.md", "blog/p4.md"],
        "kin": [""],
        "list": ["/blog/", "/blog/2026/", "/tags/", "/tags/even/"],
    }
    assert site.last.removed == ("blog/p2/index.html",)


def test_a_new_post(site: Project) -> None:
    """Itself, the lists, the post that was the last, the posts with its tag."""
    site.write("blog/p5.md", post(5, tags="odd")).build()
    assert ran(site) == {
        "load": ["blog/p5.md"],
        "compose": ["blog/p5.md"],
        "render": ["blog/p1.md", "blog/p3.md", "blog/p4.md", "blog/p5.md"],
        "kin": [""],
        "list": ["/blog/", "/blog/2026/", "/tags/", "/tags/odd/"],
    }


def test_a_page_that_others_link_to_is_renamed(site: Project) -> None:
    """Those that link to it are composed again; nobody else."""
    site.write("blog/p0.md", post(0, tags="even", body="[x](p4.md)")).build()
    site.write("blog/p4.md", post(4, tags="even", extra="slug: four\n")).build()
    assert site.ran("compose") == ["blog/p0.md", "blog/p4.md"]
    assert re.search(r'href="/blog/four/">x', site.html("/blog/p0/"))


def test_a_file_that_was_changed_in_the_output_is_written_again(site: Project) -> None:
    """Only it is rendered."""
    (site.root / "site/blog/p1/index.html").write_text("changed")
    assert site.build().written == ["blog/p1/index.html"]
    assert ran(site) == {"render": ["blog/p1.md"]}
