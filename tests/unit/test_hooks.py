"""Hooks: a template `markdown/<element>.html` writes that element, and pages depend on it."""

from __future__ import annotations

import pytest
from harness import Project

HOOKS = {
    "link": ("[a *b*](https://a.example/ 't')", "<L {{ href }} {{ title }}>{{ content }}</L>", "<p><L https://a.example/ t>a <em>b</em></L></p>"),
    "image": ("![a *b*](https://a.example/b.png)", "<I {{ src }} {{ alt }}>", "<p><I https://a.example/b.png a b></p>"),
    "heading": ("## A *b* {#c .d}", "<H{{ level }} {{ id }} {{ attributes.get('class') }}>{{ content }}</H>", "<H2 c d>A <em>b</em></H>"),
    "code": ("```text title=t x\na<\n```", "<C {{ language }} {{ title }} {{ classes }}>{{ html }}{{ code | length }}</C>", "<C text t x>a&lt;\n3</C>"),
    "table": ("|a|\n|-|\n|b|", "<T>{{ content }}</T>", "<T><thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</T>"),
    "blockquote": ("> a\n>\n> > b", "<Q>{{ content }}</Q>", "<Q><p>a</p>\n<Q><p>b</p>\n</Q></Q>"),
}  # fmt: skip


@pytest.mark.parametrize("element", HOOKS)
def test_a_template_writes_its_element_and_only_that(project: Project, element: str) -> None:
    text, template, html = HOOKS[element]
    project.write("content/a.md", f"# A\n\n{text}\n").build()
    before = project.main("/a/")
    project.write(f"templates/markdown/{element}.html", template).build()
    assert (project.problems, project.ran("compose")) == ([], ["content/a.md"])
    assert html in project.main("/a/")
    project.delete(f"templates/markdown/{element}.html").build()
    assert project.main("/a/") == before


def test_an_edited_template_makes_the_page_anew(project: Project) -> None:
    project.write("content/a.md", "# A\n\n[x](https://a.example/)\n").write(
        "templates/markdown/link.html", "1"
    ).build()
    project.write("templates/markdown/link.html", "2").build()
    assert (project.ran("compose"), "<p>2</p>" in project.main("/a/")) == (["content/a.md"], True)


def test_an_alert_is_no_quotation(project: Project) -> None:
    project.write("content/a.md", "# A\n\n> [!NOTE]\n> x\n").write(
        "templates/markdown/blockquote.html", "Q"
    ).build()
    assert 'class="alert note"' in project.main("/a/")


def test_a_template_that_fails_or_is_for_nothing_is_a_problem(project: Project) -> None:
    project.write("content/a.md", "# A\n\n[x](https://a.example/)\n\n## B\n").write(
        "templates/markdown/heading.html", "\n{{ 1 / 0 }}"
    )
    project.write("templates/markdown/links.html", "").build()
    assert [str(problem) for problem in project.last.problems] == [
        "templates/markdown/heading.html:2: error: template: ZeroDivisionError: division by zero\n    while rendering content/a.md:1 and 1 more",
        "templates/markdown/links.html: warning: is never used; expected one of blockquote, code, heading, image, link, table\n    did you mean “link”?",
    ]
