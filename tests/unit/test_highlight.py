"""Highlight: colours are added, and not a character of the code is lost, moved or let loose as markup."""

from __future__ import annotations

import re
from html import unescape

import pytest

from generator.highlight import MOST_HIGHLIGHTED, highlight

CODES = [
    "", "\n", "\n\n\nx = 1\n\n\n", "x = 1", "x\r\ny\r\n", "\tx\n", "if a < b & c > d: '</code><script>alert(1)</script>'\n",
    "'''\nmany\nlines\n'''\n", "def f(:\n  ((((\n", "\0\x01\x7f", "é 日本 💥 \u202e", "# trailing space   \n   ", "'unclosed\n",
]  # fmt: skip
LANGUAGES = [
    "python",
    "pycon",
    "html",
    "js",
    "json",
    "bash",
    "console",
    "yaml",
    "toml",
    "diff",
    "css",
    "text",
    "nonsense",
    "",
    "../x",
    "c++",
]


def text_of(html: str) -> str:
    """Give what a reader sees."""
    return unescape(re.sub(r"</?span[^>]*>", "", html).replace("&lt;", "&lt;"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_is_exactly_the_code(language: str) -> None:
    for code in CODES:
        html = highlight(code, language)
        assert text_of(html) == code
        assert "<script" not in html


def test_spans_never_cross_a_line_end() -> None:
    for row in highlight("x = '''\nmany\nlines\n'''\n", "python").split("\n"):
        assert row.count("<span") == row.count("</span>")


def test_code_without_end_is_shown_plain() -> None:
    assert "<span" not in highlight("x = 1\n" * (MOST_HIGHLIGHTED // 6 + 1), "python")


def test_a_page_shown_as_an_example_is_highlighted_as_yaml_python_and_markdown() -> None:
    """Two lines of hyphens are no headings there; the text stays exact."""
    code = "---\ntitle: A\n---\n---\nimport a\n---\n# Head\n"
    html = highlight(code, "markdown")
    assert re.sub(r"<[^>]+>", "", html) == code
    assert '<span class="nt">title</span>' in html
    assert '<span class="kn">import</span>' in html
    assert '<span class="gh"># Head</span>' in html
