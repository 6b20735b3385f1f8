"""The Flexdown dialect: sites that were written for it build as they are."""

from __future__ import annotations

import re

import pytest
from harness import Project

CONFIG = "[tool.pressrun.collections.content]\nfolder = 'content'\nurl = '/{path}/'\ndialect = 'flexdown'\n"


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path).write("pyproject.toml", CONFIG)


def prose(project, body, header="---\nimport pressrun as rx\n---\n"):
    project.write("content/a.md", header + body + "\n").build()
    return re.search(
        r'<div class="prose">\n(?:<h1>A</h1>\n)?(.*?)\n?</div>\n(?:<nav class="pager|</main>)',
        project.html("/a/"),
        re.DOTALL,
    )[1]


def test_single_braces_are_replaced_in_prose_code_and_spans(project):
    shown = prose(
        project,
        "```python exec\nname = 'Ada'\nwords = {'a': 1}\n```\n\n"
        "I am {name}, {words['a']} of {{name}}. \\{name} `{name}` `\\{name}` [x](#{name.lower()}) {no python!}\n\n"
        "```bash\necho {name} \\{name\\} $\\{HOME}\n```\n\n## Ada\n",
    )
    assert project.problems == []
    assert "I am Ada, 1 of {'Ada'}." in shown
    assert "{name} <code>Ada</code> <code>{name}</code>" in shown
    assert '<a href="#ada">x</a> {no python!}' in shown
    assert "echo Ada {name} ${HOME}" in re.sub(r"<[^>]+>", "", shown)


def test_a_plain_page_of_another_collection_keeps_its_braces(project):
    project.write("blog/b.md", "---\nimport math\n---\n{1 + 1}\n")
    project.write("pyproject.toml", CONFIG + "[tool.pressrun.collections.blog]\n")
    prose(project, "{1 + 1}")
    assert "<p>{1 + 1}</p>" in project.html("/blog/b/")
    assert "<p>2</p>" in project.html("/a/")


def test_a_page_can_choose_the_dialect_by_itself(project):
    project.write("pyproject.toml", "")
    assert "<p>2</p>" in prose(project, "{1 + 1}", "---\ndialect: flexdown\n---\n")


def test_code_that_runs_keeps_its_braces(project):
    shown = prose(project, "```python exec\nx = f\"{1 + 1}\"\n```\n\n{x} {[f'{n}' for n in range(2)]}\n")
    assert project.problems == []
    assert "<p>2 ['0', '1']</p>" in shown


DEMOS = {
    "python demo\nrx.text('hello')": (True, True),
    "python demo\n(rx.text('hello'),)": (True, True),
    "python demo exec\ndef first():\n    return rx.text('no')\n\ndef view():\n    return rx.text('hello')": (
        True,
        True,
    ),
    "python demo graphing\ndata = [1]\n\ndef view():\n    return rx.text('hello')": (True, True),
    "python demo exec toggle id=x\ndef view():\n    return rx.text('hello')": (True, True),
    "python demo box\nrx.text('hello')": (True, False),
    "python demo-only\nrx.text('hello')": (True, False),
    "python demo-only\ndef view():\n    return rx.text('hello')": (True, False),
    "reflex\nrx.text('hello')": (True, False),
    "python exec\ndef view():\n    return rx.text('hello')": (False, False),
    "python\nrx.text('hello')": (False, True),
}


@pytest.mark.parametrize("block", DEMOS)
@pytest.mark.parametrize("marks", ["```", "````"])
def test_every_form_of_code_block_is_recognised(project, block, marks):
    shown = prose(project, f"{marks}{block}\n{marks}\n")
    live, code = DEMOS[block]
    assert project.problems == []
    assert ("data-demo" in shown, "<pre" in shown) == (live, code)
    assert not live or re.search(r"data-demo.*hello", shown, re.DOTALL)


def test_eval_puts_html_into_the_page(project):
    assert "<p><b>2</b>" in prose(project, "```python eval\n'<p><b>' + str(1 + 1) + '</b>'\n```")


ALERT = """```md alert warning
# Take *care*
Of **ink**, see [below](#below) and {1 + 1}.
```
"""


def test_alerts_have_kind_title_and_markdown_of_their_own(project):
    shown = prose(
        project,
        ALERT
        + "\n## Below\n\n```md alert\nJust words.\n```\n\n````md alert error\n# `x`\n\n```python\ny = 1\n```\n````\n",
    )
    assert project.problems == []
    assert (
        '<div class="alert warning">\n<p class="alert-title">Take <em>care</em></p>\n'
        '<p>Of <strong>ink</strong>, see <a href="#below">below</a> and 2.</p>\n</div>\n' in shown
    )
    assert '<div class="alert note">\n<p class="alert-title">Note</p>\n<p>Just words.</p>\n</div>' in shown
    assert re.search(
        r'<div class="alert caution">\n<p class="alert-title"><code>x</code></p>\n<div class="code".*?</div>\n</div>',
        shown,
        re.DOTALL,
    )
    assert "<h1" not in shown


def test_a_broken_link_in_an_alert_has_its_own_line(project):
    prose(project, ALERT.replace("#below", "gone.md"))
    assert project.problems == ["content/a.md:6:25: error: broken link “gone.md”: no such page or file"]


OTHERS = {
    "```md video https://films.example/x?a=1&b=2\n# Video: ink\n```": (
        '<figure class="video">\n<figcaption><a href="https://films.example/x?a=1&amp;b=2">Video: ink</a></figcaption>\n</figure>'
    ),
    "```md video /ink.mp4\n```": (
        '<figure class="video">\n<video src="/ink.mp4" controls preload="none"></video>\n<figcaption>Video</figcaption>\n</figure>'
    ),
    "```md quote\nInk *is* all.\n- name: Ada\n- role: printer\n```": (
        '<figure class="quote">\n<blockquote>\n<p>Ink <em>is</em> all.</p>\n</blockquote>\n'
        "<figcaption>Ada, printer</figcaption>\n</figure>"
    ),
    "```md definition\n# Ink\nWhat *prints*.\n# Pot\nHolds it.\n```": (
        "<dl>\n<dt>Ink</dt>\n<dd>\n<p>What <em>prints</em>.</p>\n</dd>\n<dt>Pot</dt>\n<dd>\n<p>Holds it.</p>\n</dd>\n</dl>"
    ),
    "```md section\n# One\nA\n# Two\nB\n```": (
        '<div class="sections">\n<p class="section-title"><strong>One</strong></p>\n<p>A</p>\n'
        '<p class="section-title"><strong>Two</strong></p>\n<p>B</p>\n</div>'
    ),
    "````md tabs\n## One\nA\n\n```python\n# no tab\n```\n## Two\nB\n````": (
        '<div class="tab-list">\n<details class="tab" open="">\n<summary>One</summary>\n<p>A</p>\n'
    ),
    "---md tabs\n\n--tab One\n## Heading\nA\n--\n\n--tab Two\nB\n--\n---": (
        '<details class="tab" open="">\n<summary>Two</summary>\n<p>B</p>\n</details>\n</div>'
    ),
    "<!-- faqs-start -->\n\n### Why?\n\nSo.\n\n<!-- faqs-end -->": '<section class="faq">\n<h3 id="why">Why?',
}


@pytest.mark.parametrize("block", OTHERS, ids=lambda block: block[:14])
def test_every_other_block_is_recognised(project, block):
    project.write("static/ink.mp4", "x")
    shown = prose(project, f"Before\n\n{block}\n\nAfter")
    assert project.problems == []
    assert OTHERS[block] in shown
    assert "<p>Before</p>" in shown
    assert "<p>After</p>" in shown


def test_a_block_that_is_never_closed_ends_with_the_page(project):
    assert '<p class="alert-title">T</p>\n<p>x</p>\n</div>' in prose(project, "```md alert\n# T\n\nx\n")


def test_md_with_an_unknown_word_is_shown_as_code_with_a_hint(project):
    prose(project, "```md warning info\n# T\n```\n\n```md alrt\nx\n```")
    assert project.problems == [
        "content/a.md:4: warning: “md warning info” is no block of Flexdown; it is shown as code",
        "content/a.md:8: warning: “md alrt” is no block of Flexdown; it is shown as code",
    ]
    assert project.hints == ["did you mean “md alert warning”?", "did you mean “alert”?"]


def test_an_expression_that_fails_is_an_error_or_by_option_left_as_it_is(project):
    shown = prose(project, "A {gone} b\n\n```bash\nmkdir {app_name}\n```\n")
    assert project.problems == [
        "content/a.md:4: error: NameError: name 'gone' is not defined",
        "content/a.md:7: error: NameError: name 'app_name' is not defined",
    ]
    project.write("pyproject.toml", CONFIG + "[tool.pressrun.execute]\nkeep_failing = true\n")
    shown = prose(project, "A {gone} b\n\n```bash\nmkdir {app_name}\n```\n")
    assert project.problems == [
        "content/a.md:4: warning: NameError: name 'gone' is not defined",
        "content/a.md:7: warning: NameError: name 'app_name' is not defined",
    ]
    assert "<p>A {gone} b</p>" in shown
    assert "mkdir {app_name}" in re.sub(r"<[^>]+>", "", shown)
