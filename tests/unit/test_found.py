"""What real Markdown and an independent parser brought to light; each docstring states the rule."""

from __future__ import annotations

import pytest


def test_a_wrong_word_on_a_block_that_runs_is_a_problem_and_the_code_is_shown(project):
    """A fence that cannot be understood is reported with its place; the page comes out, its code with it."""
    project.write("page.md", "# T\n\n```python demo grapsh\nx = 1\n```\n").build()
    problem = project.problem()
    assert (problem.path, problem.line, problem.level) == ("page.md", 3, "error")
    assert "<code" in project.main("/page/")
    assert project.main("/page/").count("<pre") == 1


@pytest.mark.parametrize("fence", ["```", "~~~"])
@pytest.mark.parametrize("start", ["", "- ", "> "])
def test_code_at_the_end_of_a_file_without_a_last_line_end_is_whole(project, fence, start):
    """A block that is never closed ends with the file, and its last line ends as if the file did so properly."""
    indent = start.replace("-", " ")
    project.write("open.md", f"# T\n\n{start}{fence}\n{indent}x").write(
        "closed.md", f"# T\n\n{start}{fence}\n{indent}x\n"
    ).build()
    assert project.main("/open/").count("<code>x\n</code>") == 1
    assert project.main("/closed/").count("<code>x\n</code>") == 1


@pytest.mark.parametrize(
    ("text", "url", "shown"),
    [
        ("see www.a.example, too", "http://www.a.example", "www.a.example"),
        ("*www.a.example/b_(c)*", "http://www.a.example/b_(c)", "www.a.example/b_(c)"),
        ("mail me@b.example.dev.", "mailto:me@b.example.dev", "me@b.example.dev"),
        ("https://a.example/x?y=1.", "https://a.example/x?y=1", "https://a.example/x?y=1"),
    ],
)
def test_bare_addresses_become_links_as_on_github(project, text, url, shown):
    """Whole URLs, `www.` addresses and e-mail addresses of any top-level domain; the sentence's own stop stays out."""
    project.write("page.md", f"# T\n\n{text}\n").build()
    assert f'<a href="{url}">{shown}</a>' in project.main("/page/")


@pytest.mark.parametrize(
    "text", ["README.md", "// a.example", "docs/www.a.example", "`www.a.example`", "x@y", "e.g. a.b", "www.x"]
)
def test_bare_words_with_dots_and_slashes_stay_words(project, text):
    """File names, comments and paths are no addresses."""
    project.write("page.md", f"# T\n\nSee {text} here\n").build()
    assert "<p>See " in project.main("/page/")
    assert "<a href" not in project.main("/page/")


def test_a_row_that_begins_another_block_is_no_header_of_a_table(project):
    """`- a|b` is a list and `# a|b` a heading, whatever the next line looks like; a paragraph's last line may be a header."""
    project.write("page.md", "# T\n\n- a|b\n---|---\n\n## c|d\n--|--\n\ntext\ne|f\n-|-\n1|2\n").build()
    main = project.main("/page/")
    assert main.count("<table>") == 1
    assert "<li>a|b" in main
    assert '<h2 id="cd">c|d' in main
    assert "<p>text</p>" in main


def test_anchors_keep_the_marks_of_letters(project):
    """Vowel signs of Indic scripts and the variation selector of an emoji stay in anchors, as GitHub keeps them."""
    project.write(
        "page.md", "# T\n\n## दिशानिर्देश\n\n## Builds ❤️ x²\n\n[a](#दिशानिर्देश) [b](#builds-%EF%B8%8F-x)\n"
    ).build()
    assert project.problems == []
    assert 'id="दिशानिर्देश"' in project.main("/page/")
    assert 'id="builds-\ufe0f-x"' in project.main("/page/")


@pytest.mark.parametrize(
    "written",
    [
        "{#two .wide}",
        "{ #two .wide }",
        "{: #two .wide}",
        '{ #two data-label="a b" .wide}',
        "{data-label='a b' #two .wide}",
    ],
)
def test_heading_attributes_are_taken_off_in_every_common_spelling(project, written):
    """Id, classes and `key=value` become attributes, and are no text of the heading."""
    project.write("page.md", f"# One {written.replace('two', 'one')}\n\n## Two {written}\n").build()
    more = ' data-label="a b"' * ("label" in written)
    assert f'<h2 id="two" class="wide"{more}>Two<' in project.main("/page/")
    assert f'<h1 id="one" class="wide"{more}>One</h1>' in project.main("/page/")
    assert "<title>One ·" in project.html("/page/")


@pytest.mark.parametrize("written", ["{}", "{x}", "{key=1}", "{#a#}", "{ .b"])
def test_other_braces_at_the_end_of_a_heading_are_text(project, written):
    """Only what names an id or a class is taken off."""
    project.write("page.md", f"# T\n\n## Two {written}\n").build()
    assert f">Two {written}<" in project.main("/page/")


def test_an_escaped_bracket_begins_neither_a_task_nor_an_alert(project):
    """`\\[ ]` and `\\[!NOTE]` are text: a backslash takes the meaning away, here as everywhere."""
    project.write("page.md", "# T\n\n- \\[ ] none\n- [ ] one\n\n> \\[!NOTE]\n> text\n").build()
    main = project.main("/page/")
    assert main.count("<input") == 1
    assert "<li>[ ] none</li>" in main
    assert "<blockquote>" in main
