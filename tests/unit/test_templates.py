"""Templates: overrides win, and what is wrong with one is said once, at the template's own line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from harness import Project


@pytest.fixture
def site(project: Project) -> Project:
    """Two pages."""
    return project.write("content/a.md", "# A\n").write("content/b.md", "# B\n")


def test_an_unknown_template_is_named_at_the_line_that_asks_for_it(site: Project) -> None:
    site.write("templates/special.html", "{{ content }}")
    for name, hint in (("pots", "did you mean “post”?"), ("speciel", "did you mean “special”?"), ("zzz", "")):
        site.write("content/a.md", f"---\ntitle: A\ntemplate: {name}\n---\n").build()
        assert site.problems == [f"content/a.md:3: error: there is no template “{name}.html”"]
        assert site.hints == [hint]
        assert site.html("/b/")


@pytest.mark.parametrize("name", ["../secret.html", "/etc/passwd", "..%2fsecret.html", '"a\\0b"'])
def test_a_template_outside_the_folder_of_templates_is_none(site: Project, name: str) -> None:
    site.write("secret.html", "secret").write("content/a.md", f"---\ntemplate: {name}\n---\n").build()
    assert len(site.problems) == 1
    assert "secret" not in "".join(k for k, v in site.tree().items() if v == b"secret")


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("page.html", "a\nb\n{{ 1 / 0 }}\n", ":3: error: template: ZeroDivisionError: division by zero"),
        ("page.html", "a\n{{ nope }}\n", ":2: error: template: UndefinedError: 'nope' is undefined"),
        ("page.html", "a\n{{ asset('thme.css') }}\n",
         ":2: error: template: KeyError: 'no asset “thme.css” did you mean “theme.css”?'"),
        ("page.html", "a\nb\n{% if %}\n", ":3: error: template: Expected an expression, got 'end of statement block'"),
        ("page.html", "a\n{% fi %}\n", ":2: error: template: Encountered unknown tag 'fi'."),
        ("page.html", "a\n{{ 1 | nope }}\n", ":2: error: template: No filter named 'nope'."),
        ("page.html", "a\n{% include 'nope.html' %}\n", ":2: error: there is no template “nope.html”"),
        ("components/footer.html", "a\n{{ 1 / 0 }}\n", ":2: error: template: ZeroDivisionError: division by zero"),
        ("components/footer.html", "a\n{% foo %}\n", ":2: error: template: Encountered unknown tag 'foo'."),
        ("page.html", "é\nü é".encode("latin-1"), ":1:1: error: not UTF-8: byte 0xe9"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_template_is_said_once_for_all_its_pages(
    site: Project, path: str, text: str | bytes, message: str
) -> None:
    site.write(f"templates/{path}", text).build()
    assert site.problems == [f"templates/{path}{message}"]


def test_a_template_that_raises_says_for_which_pages(site: Project) -> None:
    site.write("content/c.md", "# C\n").write("templates/page.html", "{{ 1 / 0 }}").build()
    assert site.hints == ["while rendering content/a.md and 2 more"]


def test_a_template_that_includes_itself_is_a_problem(site: Project) -> None:
    site.write("templates/page.html", "x\n{% include 'page.html' %}").build()
    assert site.problem().place() == "templates/page.html:2"
    words = "template: RecursionError: templates that take each other in without end"
    assert site.problem().message == words  # Python's own depend on how deep the stack was


def test_a_page_whose_template_fails_keeps_its_last_file(site: Project) -> None:
    site.build()
    before = site.html("/a/")
    site.write("templates/page.html", "{{ 1 / 0 }}").build()
    assert (len(site.problems), site.html("/a/")) == (1, before)
    site.write("templates/page.html", "mended").build()
    assert (site.problems, site.html("/a/")) == ([], "mended")


def test_a_page_whose_template_asks_for_a_broken_data_file_keeps_its_last_file(site: Project) -> None:
    site.write("templates/page.html", "{{ site.data.get('team') }}").write("data/team.json", "1").build()
    assert site.html("/a/") == "1"
    site.write("data/team.json", "{").build()
    wrong = "data/team.json:1:2: error: not valid JSON: expecting property name enclosed in double quotes"
    assert (site.problems, site.html("/a/")) == ([wrong], "1")
    site.write("data/team.json", "2").build()
    assert (site.problems, site.html("/a/")) == ([], "2")


def test_a_template_that_is_no_regular_file_is_a_problem_and_not_waited_for(site: Project) -> None:
    (site.root / "templates").mkdir()
    os.mkfifo(site.root / "templates/page.html")
    assert site.build().problems == ["templates/page.html: error: cannot be read: not a regular file"]


def test_a_template_that_is_a_link_out_of_the_site_is_not_read(site: Project) -> None:
    (site.root / "templates").mkdir()
    (site.root / "templates/page.html").symlink_to("/etc/passwd")
    assert site.build().problems == ["templates/page.html: error: is a symbolic link that leaves the site"]


def test_a_folder_in_the_place_of_a_template_is_no_override(site: Project) -> None:
    site.write("templates/page.html/x", "x").build()
    assert (site.problems, "<h1" in site.html("/a/")) == ([], True)


def test_a_byte_order_mark_is_no_part_of_a_template(site: Project) -> None:
    site.write("templates/page.html", "\ufeffmine").build()
    assert site.html("/a/") == "mine"


def test_what_authors_write_is_escaped(site: Project) -> None:
    title = "</title><script>alert(1)</script>"
    site.write("content/a.md", f"---\ntitle: {title!r}\ndescription: '\"><b>'\n---\nx\n").build()
    assert "<script>alert" not in site.html("/a/")
    assert '"><b>' not in site.html("/a/")


def test_an_override_and_its_removal_are_noticed(site: Project) -> None:
    before = site.build().html("/a/")
    site.write("templates/components/footer.html", "<footer>mine</footer>").build()
    assert "<footer>mine</footer>" in site.html("/a/")
    assert site.delete("templates/components/footer.html").build().html("/a/") == before


def test_a_template_named_in_a_list_is_recorded(project: Project) -> None:
    """`include` with several names tries each in turn; the first may come to be later."""
    footer = "{% include ['first.html', 'second.html'] %}"
    project.write("templates/components/footer.html", footer).write("templates/second.html", "SECOND")
    project.write("content/a.md", "# A\n").build()
    assert "SECOND" in project.html("/a/")
    assert "FIRST" in project.write("templates/first.html", "FIRST").build().html("/a/")


def test_what_an_imported_template_imports_is_recorded_for_every_page(project: Project) -> None:
    """The module of an imported template is made once; each page that uses it depends on what went into it."""
    project.write("templates/components/footer.html", "{% from 'outer.html' import foot %}{{ foot() }}")
    project.write(
        "templates/outer.html",
        "{% from 'inner.html' import text %}{% macro foot() %}{{ text }}{% endmacro %}",
    )
    project.write("templates/inner.html", "{% set text = 'OLD' %}").write("content/a.md", "# A\n").write(
        "content/b.md", "# B\n"
    )
    project.build()
    project.write("templates/inner.html", "{% set text = 'NEW' %}").build()
    assert "NEW" in project.html("/a/")
    assert "NEW" in project.html("/b/")
