"""The glossary: a page that lists its terms, to which the first of each word on other pages leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from harness import Project

if TYPE_CHECKING:
    from pathlib import Path

TERMS = "# Terms\n\n*[HTML]: The *language* of [pages](a.md).\n*[C]: A language.\n*[C#]: Another, beside C.\n\nWords.\n\n*[URL]: An address.\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path / "site")
    return made.write(
        "pyproject.toml",
        '[tool.pressrun]\ntitle = "T"\n[tool.pressrun.markdown]\nglossary = "content/terms.md"\n',
    )


def test_a_glossary_that_is_a_page_lists_its_terms(project: Project) -> None:
    project.write("content/terms.md", TERMS).write("content/a.md", "# A\n").build()
    assert project.problems == []
    assert (
        '<dl class="glossary">\n'
        '<dt id="term-html"><dfn>HTML</dfn></dt>\n'
        '<dd>The <em>language</em> of <a href="/a/">pages</a>.</dd>\n'
        '<dt id="term-c"><dfn>C</dfn></dt>\n<dd>A language.</dd>\n'
        '<dt id="term-c-2"><dfn>C#</dfn></dt>\n<dd>Another, beside <abbr title="A language.">C</abbr>.</dd>\n'
        "</dl>\n<p>Words.</p>\n"
        '<dl class="glossary">\n<dt id="term-url"><dfn>URL</dfn></dt>\n<dd>An address.</dd>\n</dl>\n'
    ) in project.main("/terms/")


def test_the_first_of_each_word_in_prose_leads_to_the_glossary(project: Project) -> None:
    text = "# HTML\n\n[HTML](terms.md), `HTML`, HTML and HTML.\n\n| C# |\n|--|\n| C# |\n"
    project.write("content/terms.md", TERMS).write("content/a.md", text).build()
    assert project.problems == []
    html, abbr = project.main("/a/"), '<abbr title="The language of pages.">HTML</abbr>'
    assert f'<a href="/terms/">{abbr}</a>' in html
    assert f'<code>HTML</code>, <a href="/terms/#term-html" class="term">{abbr}</a> and {abbr}.' in html
    assert (
        '<td><a href="/terms/#term-c-2" class="term"><abbr title="Another, beside C.">C#</abbr></a></td>'
        in html
    )
    assert '<th><abbr title="Another, beside C.">C#</abbr></th>' in html


def test_a_glossary_that_is_a_draft_or_no_page_explains_without_links(project: Project) -> None:
    project.write("content/terms.md", "---\ndraft: true\n---\n" + TERMS).write(
        "content/a.md", "# A\n\nHTML\n"
    ).build()
    assert '<p><abbr title="The language of pages.">HTML</abbr></p>' in project.main("/a/")


def test_after_edits_of_the_glossary_pages_are_those_of_a_clean_build(
    project: Project, tmp_path: Path
) -> None:
    project.write("content/terms.md", TERMS).write("content/a.md", "# A\n\nHTML, C and URL.\n").build()
    edits = [
        TERMS.replace("C#", "D"),
        TERMS.replace("*[URL]", "*[URI]"),
        "---\ndraft: true\n---\n" + TERMS,
        "---\nslug: words\n---\n" + TERMS,
    ]
    for number, text in enumerate(edits):
        project.write("content/terms.md", text).build()
        assert project.tree() == project.clean_tree(tmp_path / str(number)), text
