"""Compose: expressions, sources and links of one page."""

from __future__ import annotations

import re
from html import unescape

import pytest
from harness import Project

MODULE = '''class Shown:
    """A class."""

    value = 1

    def method(self):
        return "<b>"

    @property
    def prop(self):
        return 2

    @staticmethod
    def static():
        return 3


def function():
    return 4
'''
HEADER = "---\ntitle: A\n---\n---\nfrom blog.mod import Shown, function\n---\n"


def codes(project: Project, url: str = "/a/") -> list[str]:
    """The text of every code block of a page."""
    found = re.findall(r"<pre[^>]*><code[^>]*>(.*?)</code></pre>", project.main(url), re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", code)) for code in found]


def build(project: Project, page: str, **options: bool) -> Project:
    """Build a page beside the module."""
    return project.write("blog/mod.py", MODULE).write("content/a.md", page).build(**options)


def test_braces_stay_on_pages_that_never_asked(project: Project) -> None:
    page = "---\ntitle: '{{ 1 }}'\n---\n{{ 1 + 1 }} `{{ 2 }}` [{{ 3 }}](#x){#x}\n\n```text\n{{ 4 }}\n```\n\n# H {{ 5 }} {#x}\n"
    build(project, page)
    assert project.problems == []
    assert {n for n in "12345" if f"{{{{ {n}" in project.main("/a/")} == set("12345")


def test_expressions_hold_chains_quotes_and_braces(project: Project) -> None:
    rows = {
        "{{ ' a b '.strip().replace('a', 'c').partition(' ')[2] }}": "b",
        """{{ "it's" }} {{ 'x"y' }}""": "it's x\"y",
        "{{ {'k': {'v': 1}}['k']['v'] }}": "1",
        "{{ {'k': 2} }}": "{'k': 2}",
        "{{ '}}' }}": "}}",
        "{{ '<b>&' }}": "<b>&",
        "{{ '*x* [y](z) `c`' }}": "*x* [y](z) `c`",
        "{{ None }}.": ".",
        r"\{{ 1 }}": "{{ 1 }}",
        "{{ [n for n in range(3) if n] }}": "[1, 2]",
        "a{{ 1 }}{{ 2 }}b": "a12b",
        "`{{ 1 }}`": "{{ 1 }}",
    }
    build(project, HEADER + "\n\n".join(rows))
    assert project.problems == []
    shown = re.findall(r"<p>(.*?)</p>", project.main("/a/"), re.DOTALL)
    assert [unescape(re.sub(r"</?code>", "", row)).strip() for row in shown[: len(rows)]] == list(
        rows.values()
    )


SOURCES = {
    "source=function": "def function():\n    return 4\n",
    "source=Shown.method": 'def method(self):\n    return "<b>"\n',
    "source=Shown.prop": "@property\ndef prop(self):\n    return 2\n",
    "source=Shown.static": "@staticmethod\ndef static():\n    return 3\n",
    "source=blog.mod:function": "def function():\n    return 4\n",
    "source=blog.mod:Shown.method lines=2": 'return "<b>"\n',
    "source=function lines=2": "return 4\n",
    'source=function replace="4->5" title="T" hl=2': "def function():\n    return 5\n",
    "source=Shown lines=1,4": "class Shown:\n    value = 1\n",
    "source=blog.mod: lines=1-2": 'class Shown:\n    """A class."""\n',
}


def test_source_fills_a_block_in_all_its_shapes(project: Project) -> None:
    build(project, HEADER + "".join(f"```python {info}\n```\n\n" for info in SOURCES))
    assert project.problems == []
    assert codes(project) == list(SOURCES.values())
    assert "code-title" in project.main("/a/")
    assert 'class="hl"' in project.main("/a/")


def test_a_block_is_filled_without_a_header_too(project: Project) -> None:
    build(project, "```python source=blog.mod:function\n```\n")
    assert (project.problems, codes(project)) == ([], ["def function():\n    return 4\n"])


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A page with every mistake that a block can have."""
    project = Project(tmp_path_factory.mktemp("wrong"))
    return build(project, HEADER + "".join(f"```python {info}\n```\n\n" for info in WRONG))


WRONG = {
    "source=functoin": "source=functoin: no “functoin” in the page's namespace | did you mean “function”?",
    "source=Shown.metod": "source=Shown.metod: no “metod” in “Shown” | did you mean “method”?",
    "source=blog.mod:Shwon": "source=blog.mod:Shwon: no “Shwon” in module blog.mod | did you mean “Shown”?",
    "source=blog.nomod:x": "ModuleNotFoundError: No module named 'blog.nomod'",
    "source=../blog/mod:x": "source=../blog/mod:x: “../blog/mod” is no name of a module; expected for example blog.tasks:Task",
    "source=/elsewhere/mod:x": "source=/elsewhere/mod:x: “/elsewhere/mod” is no name of a module; expected for example blog.tasks:Task",
    "source=Shown.__doc__": "source=Shown.__doc__: Python knows no source of it; expected a module, class, function, method or attribute",
    "source=function region=x": "there is no region “x” in the source of function | mark one with “--8<-- [start:NAME]” and “--8<-- [end:NAME]”",
    "source=../blog/mdo.py": "there is no file “../blog/mdo.py”; looked for blog/mdo.py | did you mean “mod.py”?",
    "source=../../etc/passwd": "“../../etc/passwd” is no file of this site",
    "source=/blog/mod.py region=a": "there is no region “a” in blog/mod.py | mark one with “--8<-- [start:NAME]” and “--8<-- [end:NAME]”",
    "source=function lines=x": "lines: “x” is no line number or range; expected for example 1,3-5",
    'source=function replace="9->5"': "replace: “9” does not stand in the code",
    "source=function replace=9": 'replace: expected replace="old->new"',
    "source=function hl=x": "hl: “x” is no line number or range; expected for example 1,3-5",
    "exec show=bth": "show=bth is unknown; expected one of both, code, output, nothing | did you mean “both”?",
}


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_a_block_that_cannot_be_made_says_why_at_its_line(wrong: Project, number: int) -> None:
    line = 7 + 3 * number
    message = list(WRONG.values())[number].partition(" | ")
    level = "warning" if message[0].startswith("hl:") else "error"
    found = [p for p in wrong.last.problems if p.line == line]
    assert [str(p).splitlines()[0] for p in found] == [f"content/a.md:{line}: {level}: {message[0]}"]
    assert found[0].hint.partition("\n")[0] == message[2]


@pytest.mark.parametrize("name", ["{outside}", "blog/../../secret/outside"])
def test_a_module_outside_the_project_is_not_imported_by_a_path(name: str, project: Project) -> None:
    """Whatever text `importlib` is given: joined to the project's folder, a path would lead out of it."""
    secret = project.root.parent / "secret"
    secret.mkdir()
    (secret / "outside.py").write_text(f"open({str(secret / 'ran')!r}, 'w')\n")
    path = name.format(outside=secret / "outside")
    build(project, f"---\nfrom importlib import import_module\nimport_module({path!r})\n---\n{{{{ 1 }}}}\n")
    assert [p.message.partition(":")[0] for p in project.last.problems] == ["ModuleNotFoundError"]
    assert not (secret / "ran").exists()


def test_without_exec_no_code_runs_and_the_pages_are_named(project: Project) -> None:
    project.write("content/plain.md", "plain {{ 1 }}")
    build(
        project,
        HEADER + "{{ open('ran', 'w') }}\n\n```python exec show=code\nopen('ran', 'w')\n```\n",
        execute=False,
    )
    message = "the page's code was not run (--no-exec); its blocks are shown as they stand"
    assert project.problems == [f"content/a.md:5: warning: {message}"]
    assert project.last.left == ("content/a.md",)
    assert not (project.root / "ran").exists()
    assert codes(project) == ["open('ran', 'w')\n"]
    build(project, HEADER + "text")
    assert (project.problems, project.last.left) == ([], ())


LINKS = {
    "b.md": "/b/", "./b.md#h": "/b/#h", "/content/b.md": "/b/", "a%20b.md": "/a%20b/", "<a b.md>": "/a%20b/", "é.md": "/%C3%A9/",
    "%C3%A9.md": "/%C3%A9/", "a%23b.md": "/a%23b/", "a%3Fb.md": "/a%3Fb/", "100%25.md": "/100%25/", "a%2520b.md": "/a%2520b/",
    "/b/": "/b/", "https://x.example/b.md": "https://x.example/b.md", "#own": "#own", "b.md?q=1": "/b/?q=1",
}  # fmt: skip


def test_links_to_source_files_lead_to_their_urls(project: Project) -> None:
    for name in ("b", "a b", "é", "a#b", "a?b", "100%", "a%20b"):
        project.write(f"content/{name}.md", f"# {name}\n\n## H\n")
    build(project, "# A\n\n## Own\n\n" + "\n".join(f"- [x]({link})" for link in LINKS))
    assert project.problems == []
    assert re.findall(r'<li>\s*<a href="([^"]*)"', project.main("/a/"))[-len(LINKS) :] == list(LINKS.values())


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("c.md", "broken link “c.md”: no such page or file"),
        ("b.md#no", "broken link “b.md#no”: content/b.md has no anchor “no”"),
        ("../../etc/passwd", "broken link “../../etc/passwd”: no such page or file"),
        ("%2e%2e/%2e%2e/etc/passwd", "broken link “%2e%2e/%2e%2e/etc/passwd”: no such page or file"),
        ("draft.md", "broken link “draft.md”: its target is not published (draft)"),
    ],
)
def test_a_link_that_leads_nowhere_is_named_at_its_place(project: Project, link: str, message: str) -> None:
    project.write("content/b.md", "# B\n").write("content/draft.md", "---\ndraft: true\n---\n")
    build(project, f"# A\n\nword [x]({link})\n")
    assert project.problems == [f"content/a.md:3:10: error: {message}"]


def test_a_word_that_is_nearly_one_that_runs_is_a_warning(project: Project) -> None:
    project.write("a.md", "text\n\n```python evl\n1 + 1\n```\n").build()
    assert project.problems == [
        "a.md:3: warning: “evl” means nothing on a Python block, which is shown as it stands"
    ]
    assert project.hints == ["did you mean “eval”?"]


def test_a_heading_may_have_another_name_in_the_table_of_contents(project: Project) -> None:
    """As MkDocs' pages say it, with an id or without."""
    build(
        project,
        '# T\n\n## `very.long(name)` { data-toc-label="Short" }\n\n## Two {#two data-toc-label="2 > 1"}\n',
    )
    assert project.problems == []
    entry = re.compile(r'<li><a href="#([^"]*)">(.*?)</a>')
    assert entry.findall(project.html("/a/").partition('class="rail toc"')[2]) == [
        ("verylongname", "Short"),
        ("two", "2 &gt; 1"),
    ]
    assert "data-toc-label" not in project.main("/a/")
