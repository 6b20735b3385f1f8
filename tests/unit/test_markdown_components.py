"""Components of pages: what is wrong with them is said at its place, and their templates are what a page depends on."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from harness import Project


def build(project: Project, page: str) -> Project:
    """Build a page whose text begins on line 4."""
    return project.write("content/a.md", f"---\ntitle: A\n---\n{page}").build()


WRONG = {
    ":::nte\nx\n:::\n": (
        "4:1: error: there is no component “nte”; expected a template components/nte.html",
        "did you mean “note”?",
    ),
    "x\n\n> :::note\n> x\n\ny\n": ("6:3: error: “:::note” is not closed; expected a line “:::” after it", ""),
    ":::note\nx\n": ("4:1: error: “:::note” is not closed; expected a line “:::” after it", ""),
    "::::tip\n:::note\nx\n::::\n": (
        "5:1: error: “:::note” is not closed; expected a line “:::” after it",
        "",
    ),
    ":::note\nx\n:::\n\n:::\n": ("8:1: error: “:::” ends nothing; no component has begun here", ""),
    ":::note\n- x\n  :::\n:::\n": ("6:3: error: “:::” ends nothing; no component has begun here", ""),
    ":::card{hrf=#x}\nx\n:::\n": (
        "4:1: error: “card” has no attribute “hrf”; expected one of href, title",
        "did you mean “href”?",
    ),
    ":::steps[T]\n1. x\n:::\n": ("4:1: error: “steps” has no title", ""),
    ':::note{a="b}\nx\n:::\n': (
        '4:1: error: the attributes of “note” cannot be read from “a="b”; expected for example {#id .class key="value"}',
        "",
    ),
    ":::note{onclick=x}\nx\n:::\n": (
        "4:1: error: “note” has no attribute “onclick”; expected one of fold, kind, open, title, untitled",
        "",
    ),
    "::video{loop}\n": ("4:1: error: “video” needs “src”; expected for example {src=…}", ""),
    "::video{src=javascript:x}\n": (
        "4:13: error: the link “javascript:x” has an unsafe scheme; it was removed",
        "",
    ),
    "::video{src=no.mp4}\n": ("4:13: error: broken image link “no.mp4”: no such page or file", ""),
    "## H {#h onclick=y}\n": (
        "4: warning: the attribute “onclick” was left out: the page's Content-Security-Policy forbids what it does",
        "",
    ),
    "[x](/a/){onclick=y}\n": (
        "4: warning: the attribute “onclick” was left out: the page's Content-Security-Policy forbids what it does",
        "",
    ),
    "x $a\n\\frac{1}{$ y\n": ('5:10: error: math: Expected closing token "}", but reached end of input', ""),
    "é $\\fooo$\n": ('4:4: error: math: Unknown command "\\fooo"', ""),
    "```text hl=x\na\n```\n": (
        "4: warning: hl: “x” is no line number or range; expected for example 1,3-5",
        "",
    ),
    "```text hl=22\na\nb\nc\n```\n": ("4: warning: hl: there is no line 22; the block has 3 lines", ""),
    "```text focus=1,2-4\na\n```\n": ("4: warning: focus: there is no line 2; the block has 1 line", ""),
    "```text ins=0\na\nb\n```\n": ("4: warning: ins: there is no line 0; the block has 2 lines", ""),
    "```text titel=x\na\n```\n": (
        "4: warning: “titel=” means nothing on a block of code",
        "did you mean “title”?",
    ),
    "```text collapse=x\na\n```\n": ("4: warning: collapse=x: expected a number of lines", ""),
    "```text linenos=x\na\n```\n": (
        "4: warning: linenos=x: expected a number of lines, or the word alone",
        "",
    ),
    "```text notes=9\na\n```\n": (
        "4: warning: notes=9: expected the numbers of lines of this block, for example 1,4",
        "",
    ),
    "```text notes=1\na\n```\n": (
        "4: error: notes names 1 lines, but no numbered list follows the block",
        "",
    ),
    "```text notes=1\na\n```\n1. x\n2. y\n": (
        "4: error: notes names 1 lines, but the list behind the block has 2",
        "",
    ),
    "x\n\n```math\na &\n```\n": (
        '7:3: error: math: Found "&", which may only appear in a table-like environment',
        "",
    ),
    ":::note\n" * 17 + ":::\n" * 17: ("20:1: error: more than 16 components within each other", ""),
}


@pytest.mark.parametrize("page", WRONG, ids=[p.splitlines()[0] + str(n) for n, p in enumerate(WRONG)])
def test_what_is_wrong_is_said_at_its_place(project: Project, page: str) -> None:
    message, hint = WRONG[page]
    build(project, page)
    assert (project.problems, project.hints) == ([f"content/a.md:{message}"], [hint])


def test_a_template_of_the_site_is_a_component(project: Project) -> None:
    project.write(
        "templates/components/box.html",
        "<div{{ element('box') }}>{{ name }} {{ size }} {{ content }}</div>\n",
    )
    build(project, ":::box{size=3 .wide}\n*x*\n:::\n")
    assert project.problems == []
    assert '<div class="box wide">box 3 <p><em>x</em></p>\n</div>' in project.main("/a/")


def test_a_template_that_comes_changes_and_goes_makes_the_page_anew(project: Project) -> None:
    project.write("content/b.md", "# B\n")
    build(project, ":::note\nx\n:::\n")
    before = project.main("/a/")
    project.write("templates/components/note.html", "<b>{{ content }}</b>").build()
    assert ("<b><p>x</p>\n</b>" in project.main("/a/"), project.ran("compose")) == (True, ["content/a.md"])
    project.write("templates/components/note.html", "<i>{{ content }}</i>").build()
    assert ("<i><p>x</p>\n</i>" in project.main("/a/"), project.ran("compose")) == (True, ["content/a.md"])
    project.delete("templates/components/note.html").build()
    assert (project.main("/a/"), project.ran("compose")) == (before, ["content/a.md"])


def test_a_component_that_was_missing_is_there_once_its_template_is(project: Project) -> None:
    build(project, ":::box\nx\n:::\n")
    assert project.problems == [
        "content/a.md:4:1: error: there is no component “box”; expected a template components/box.html"
    ]
    project.write("templates/components/box.html", "[{{ content }}]").build()
    assert (project.problems, "[<p>x</p>\n]" in project.main("/a/")) == ([], True)


@pytest.mark.parametrize(
    ("template", "message", "hint"),
    [
        (
            "a\n{{ 1 / 0 }}\n",
            "2: error: template: ZeroDivisionError: division by zero",
            "while rendering content/a.md:4",
        ),
        ("a\n{% foo %}\n", "2: error: template: Encountered unknown tag 'foo'.", ""),
        ("{% include 'nothing.html' %}", "1: error: there is no template “nothing.html”", ""),
    ],
)
def test_a_template_that_fails_names_its_line_and_the_page(
    project: Project, template: str, message: str, hint: str
) -> None:
    project.write("templates/components/box.html", template)
    build(project, ":::box\nx\n:::\n")
    assert (project.problems, project.hints) == ([f"templates/components/box.html:{message}"], [hint])


def test_a_part_of_the_themes_pages_is_no_component(project: Project) -> None:
    build(project, ":::pager\nx\n:::\n")
    assert project.problems == [
        "content/a.md:4:1: error: there is no component “pager”; expected a template components/pager.html"
    ]


def test_links_in_attributes_are_followed_and_values_replaced(project: Project) -> None:
    project.write("content/b.md", "# B\n").write("templates/components/box.html", "[{{ size }}]")
    page = "---\ntitle: A\n---\n---\nn = 3\n---\n:::card[Card {{ n }}]{href=b.md#b}\nx\n:::\n\n::box{size={{n}}}\n"
    project.write("content/a.md", page).build()
    assert project.problems == []
    assert '<a href="/b/#b">Card 3</a>' in project.main("/a/")
    assert "[3]" in project.main("/a/")


def test_the_newsletters_form_can_stand_in_a_page(project: Project) -> None:
    project.write("pyproject.toml", '[tool.pressrun.newsletter]\naction = "https://a.example/"\n')
    build(project, "::newsletter{}\n")
    assert project.problems == []
    assert '<form action="https://a.example/" method="post">' in project.main("/a/")


def test_a_collection_can_have_a_policy_of_its_own(project: Project) -> None:
    project.write(
        "pyproject.toml",
        '[tool.pressrun.collections.content]\n[tool.pressrun.collections.guests]\nhtml = "sanitize"\n',
    )
    for folder in ("content", "guests"):
        project.write(f"{folder}/a.md", "# A\n\n<b onclick=x>b</b>\n")
    project.build()
    assert project.problems == []
    assert "<p><b onclick=x>b</b></p>" in project.main("/a/")
    assert "<p><b>b</b></p>" in project.main("/guests/a/")
    project.write(
        "pyproject.toml", "[tool.pressrun.collections.content]\n[tool.pressrun.collections.guests]\n"
    ).build()
    assert (project.ran("compose"), "onclick" in project.main("/guests/a/")) == (["guests/a.md"], True)


PAYLOADS = [
    "<script>alert(1)</script>", "<scr<script>ipt>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<a href=' javascript:alert(1)'>x</a>", "<a href='java&#115;cript:alert(1)'>x</a>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<b title='\"><img src=x onerror=alert(1)>'>", "<!--><img src=x onerror=alert(1)>-->", "<div\nonclick\n=alert(1)>", "<form action=javascript:alert(1)><button>x",
    "<x onpointerenter=alert(1)>", "<base href=//evil.example>", "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<object data=javascript:alert(1)>",
    "[x](javascript:alert(1))", "![x](javascript:alert(1))", "<javascript:alert(1)>", "[x](#a){onclick=alert(1)}", "## H {onclick=alert(1) #h}",
    "{onclick=alert(1)}\npara", "::video{src=javascript:alert(1)}", ":::card[<img src=x onerror=alert(1)>]{href=javascript:alert(1)}\n:::",
    "```{.x onclick=alert(1)}\n```", '``` title="<img src=x onerror=alert(1)>"\n```', ":::tabs\n:::tab[<script>alert(1)</script>]\n:::\n:::", "$\\href{javascript:alert(1)}{x}$",
    '*[x]: "><script>alert(1)</script>\n\nx', "x[^1]\n\n[^1]: <script>alert(1)</script>", "==<script>alert(1)</script>==", '![a](https://a.example/b.png "<script>alert(1)</script>")',
]  # fmt: skip
"""What a contributor might write."""


class Danger(HTMLParser):
    """Collects what could run script, as a browser's parser sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in (
            "script",
            "iframe",
            "object",
            "embed",
            "base",
            "meta",
            "form",
            "svg",
            "style",
            "template",
            "noscript",
            "x",
        ):
            self.found.append(tag)
        self.found += [
            f"{tag} {name}={value}"
            for name, value in attrs
            if name.startswith("on")
            or name in ("style", "srcdoc")
            or "script:" in re.sub(r"\s", "", value or "").lower()
        ]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_contributor_writes_cannot_run_script(project: Project, payload: str) -> None:
    project.write("pyproject.toml", '[tool.pressrun.markdown]\nhtml = "sanitize"\n')
    build(project, payload + "\n")
    danger = Danger()
    danger.feed(project.main("/a/"))
    assert danger.found == []


def test_settings_of_markdown_that_do_not_exist_are_named(project: Project) -> None:
    project.write(
        "pyproject.toml",
        '[tool.pressrun.markdown]\nhtml = "sanitise"\nslugs = "githb"\ndialect = "mkdoc"\n[tool.pressrun.collections.content]\nhtml = "none"\n',
    )
    build(project, "x")
    assert [str(problem) for problem in project.last.problems] == [
        "pyproject.toml:2:1: error: “html” must be one of allow, escape, sanitize, not 'sanitise'\n    did you mean “sanitize”?",
        "pyproject.toml:3:1: error: “slugs” must be one of github, python-markdown, mdn, not 'githb'\n    did you mean “github”?",
        "pyproject.toml:4:1: error: “dialect” must be one of pressrun, mkdocs, flexdown, not 'mkdoc'\n    did you mean “mkdocs”?",
        "pyproject.toml:6:1: error: “html” must be one of allow, escape, sanitize, not 'none'",
    ]
