"""Linear: twice the text costs twice the time, whatever the text is."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from generator import compose as composing
from generator.cache import Facts, Reads
from generator.config import Execute, Links, Markdown
from generator.context import Context
from generator.execute import Runner
from generator.highlight import MOST_HIGHLIGHTED, highlight
from generator.highlighter import LONGEST, Apart, InPlace

pytestmark = pytest.mark.long

MOST = 2.6
"""Times that twice the text may cost: linear is 2, n log n little more, quadratic is 4."""
SHORTEST = 0.1
"""Seconds below which a measurement says nothing: the text is made longer until it takes that long."""

MARKDOWN: dict[str, Callable[[int], str]] = {
    "opening brackets": lambda n: "[" * n,
    "brackets in brackets": lambda n: "[" * n + "a" + "]" * n,
    "closing brackets": lambda n: "]" * n,
    "links that do not end": lambda n: "[a](" * n,
    "links with brackets": lambda n: "[a](<b" * n,
    "images that do not end": lambda n: "![" * n,
    "links in links": lambda n: "[" * n + "a](b)" * n,
    "unknown references": lambda n: "[a][b] " * n,
    "definitions": lambda n: "".join(f"[a{i}]: b\n" for i in range(n)),
    "parentheses in a destination": lambda n: "[a](" + "(" * n,
    "emphasis that does not end": lambda n: "*a " * n,
    "emphasis that does not begin": lambda n: "a* " * n,
    "emphasis of two kinds": lambda n: "*a_ " * n,
    "strong and emphasis": lambda n: "*a **a " * n,
    "emphasis in emphasis": lambda n: "*" * n + "a" + "*" * n,
    "underscores": lambda n: "_" * n + "a",
    "strikethrough that does not end": lambda n: "~~a " * n,
    "one run of tildes": lambda n: "a " + "~" * n,
    "code of every length": lambda n: "".join("e" + "`" * i for i in range(int((n * 2) ** 0.5))),
    "code that does not end": lambda n: "`a``" * n,
    "less-than signs": lambda n: "<" * n,
    "tags that do not end": lambda n: "<a b " * n,
    "attributes that do not end": lambda n: "a <a " + 'b="c" ' * n,
    "comments that do not end": lambda n: "a <!--" * n,
    "instructions that do not end": lambda n: "a <?" * n,
    "declarations that do not end": lambda n: "a <!A " * n,
    "character data that does not end": lambda n: "a <![CDATA[" * n,
    "addresses in angles that do not end": lambda n: "<http://a" * n,
    "entities that do not end": lambda n: "&a" * n,
    "backslashes": lambda n: "\\" * n,
    "bare schemes": lambda n: "http://" * n,
    "bare hosts": lambda n: "www." * n,
    "bare hosts and words": lambda n: "www.a.b " * n,
    "bare addresses": lambda n: "a@b.c " * n,
    "at signs": lambda n: "a@" * n,
    "dots before an at sign": lambda n: "a." * n + "@",
    "an address with a long path": lambda n: "https://a.b/" + "(a" * n,
    "quotes in quotes": lambda n: "> " * n + "a",
    "quotes that go on lazily": lambda n: "> a\n" + "b\n" * n,
    "lists in a row": lambda n: "- " * n + "a",
    "lists in lists": lambda n: "".join("  " * i + "- a\n" for i in range(int(n**0.5))),
    "items": lambda n: "- a\n" * n,
    "items with blank lines": lambda n: "- a\n\n" * n,
    "numbers": lambda n: "1. a\n" * n,
    "headings of one name with a number": lambda n: "# a\n\n# a-1\n" * n,
    "braces behind a heading": lambda n: "# a " + "{#" * n,
    "attributes behind a heading": lambda n: "# a {" + "#b " * n,
    "spaces before a brace behind a heading": lambda n: "# a" + " " * n + "}",
    "attributes in quotes behind a heading": lambda n: "# a" + '{b="c"' * n + "}",
    "rules that are none": lambda n: "- " * n + "-a",
    "fences that do not end": lambda n: "```a\n" * n,
    "one fence that does not end": lambda n: "```\n" + "a\n" * n,
    "an info string": lambda n: "```a " + 'b="c ' * n,
    "indented code": lambda n: "    a\n" * n,
    "columns": lambda n: "|" + "a|" * n + "\n|" + "-|" * n + "\n",
    "rows": lambda n: "|a|\n|-|\n" + "|b|\n" * n,
    "rows that are no table": lambda n: "|a\n" * n,
    "footnotes": lambda n: "".join(f"a[^{i}]\n\n[^{i}]: b\n\n" for i in range(n)),
    "one footnote named often": lambda n: "[^a] " * n + "\n\n[^a]: b\n",
    "footnotes without text": lambda n: "[^a]" * n,
    "footnotes that do not end": lambda n: "^[" * n,
    "definition lists": lambda n: "a\n: b\n\n" * n,
    "definitions of one term": lambda n: "a\n" + ": b\n" * n,
    "braces": lambda n: "{{" * n,
    "raw blocks that do not end": lambda n: "<div>\n" * n,
    "comments in blocks that do not end": lambda n: "<!--\n" * n,
    "attributes with links": lambda n: '<a href="b">' * n,
    "sources that do not end": lambda n: "<img " * n + 'src="a',
    "identifiers that do not end": lambda n: "<a id=" * n,
    "blank lines": lambda n: "\n" * n,
    "spaces": lambda n: "a" + " " * n + "b",
    "spaces at line ends": lambda n: "a  \n" * n,
    "carriage returns": lambda n: "a\r\n" * n,
    "one long word": lambda n: "a" * n,
    "alerts": lambda n: "> [!NOTE]\n> a\n\n" * n,
    "tasks": lambda n: "- [ ] a\n" * n,
    "links to one place that is not there": lambda n: "[a](b.md)\n\n" * n,
    "links to many places that are not there": lambda n: "".join(f"[a](b{i}.md)\n\n" for i in range(n)),
    "headings of one name": lambda n: "# a\n" * n,
    "components that do not end": lambda n: ":::note\n" * n,
    "components of no name": lambda n: ":::nothing\n" * n,
    "components in components": lambda n: ":::note\n" * n + ":::\n" * n,
    "components with ends of others": lambda n: ":::note\n" * n + "::::\n" * n,
    "ends of components": lambda n: ":::note\n" + ":::\n" * n,
    "components": lambda n: ":::note\na\n:::\n" * n,
    "titles that do not end": lambda n: ":::note[" + "[" * n,
    "attributes of a component": lambda n: ":::note{" + 'a="b" ' * n + "}\n:::\n",
    "attributes of a component that do not end": lambda n: ":::note{" + 'a="b ' * n + "}\n:::\n",
    "lines of attributes": lambda n: "a\n{.b}\n\n" * n,
    "attributes behind code": lambda n: "`a`{.b" + "{.b" * n,
    "attributes behind a link": lambda n: "[a](#b){.c} " * n,
    "marked text that does not end": lambda n: "==a " * n,
    "marked text": lambda n: "==a== " * n,
    "equals signs": lambda n: "a " + "=" * n,
    "subscripts that do not end": lambda n: "a~b" * n + " ",
    "superscripts that do not end": lambda n: "a^(" * n,
    "keys that do not end": lambda n: "++a+" * n,
    "short codes that do not end": lambda n: ":a" * n,
    "math that does not end": lambda n: "$a " * n,
    "displayed math that does not end": lambda n: "$$a " * n,
    "math that is wrong": lambda n: "$$\n\\nothing{\n$$\n\n" * n,
    "math in a line that is wrong": lambda n: "a $\\nothing{$ b\n" * n,
    "blocks with options that are none": lambda n: "``` {.python nothing=1}\na\n```\n\n" * n,
    "files that are not there": lambda n: "```python source=a.b:c\n```\n\n" * n,
    "nested notes": lambda n: "::::note\n:::tip\na\n:::\n::::\n" * n,
    "notes in a list": lambda n: "- :::note\n  a\n  :::\n" * n,
    "attributes that are refused": lambda n: 'a {style="b"}\n\n' * n,
    "wiki links": lambda n: "[[a]] " * n,
    "captions before no table": lambda n: "Table: a\n" * n,
    "captions behind a table": lambda n: "|a|\n|-|\n" + "Table: a\n" * n,
    "figures": lambda n: '![a](b "c")\n\n' * n,
    "MkDocs: insertions that do not end": lambda n: "^^a " * n,
    "MkDocs: changes that do not end": lambda n: "{++a " * n,
    "MkDocs: changes in changes": lambda n: "{++" * n + "a" + "++}" * n,
    "MkDocs: changes of blocks that do not end": lambda n: "{++\n" * n,
    "MkDocs: changes of blocks in each other": lambda n: "{++\n" * n + "++}\n" * n,
    "MkDocs: icons that do not end": lambda n: ":material-a" * n,
    "MkDocs: icons in a link": lambda n: "[" + ":material-a: " * n + "b](c)",
    "abbreviations": lambda n: "".join(f"*[a{i}]: b\n" for i in range(n)) + "\n" + "a1 " * n,
}  # fmt: skip
"""What it is → a text of a length that grows with the number."""

CODE: dict[str, Callable[[int], tuple[str, str]]] = {
    "python that opens brackets": lambda n: ("python", "f(" * n),
    "python of text that does not end": lambda n: ("python", "'a\n" * n),
    "python of long text that does not end": lambda n: ("python", "'''a\n" * n),
    "python of formatted text that does not end": lambda n: ("python", "f'{a" * n),
    "python decorators": lambda n: ("python", "@a\n" * n),
    "javascript of templates that do not end": lambda n: ("js", "`${a" * n),
    "javascript of expressions that do not end": lambda n: ("js", "/a" * n),
    "html that does not end": lambda n: ("html", "<a b='" * n),
    "json that does not end": lambda n: ("json", '{"a": [' * n),
    "yaml that goes deep": lambda n: ("yaml", "- " * n),
    "toml of text that does not end": lambda n: ("toml", '"""a\n' * n),
    "shell of substitutions that do not end": lambda n: ("bash", "$(a " * n),
    "shell of text that does not end": lambda n: ("bash", 'echo "$a\n' * n),
    "c that opens braces": lambda n: ("c", "if (a) {\n" * n),
    "c comments that do not end": lambda n: ("c", "/* a\n" * n),
    "css that does not end": lambda n: ("css", "a { b: c;\n" * n),
    "differences": lambda n: ("diff", "+ a\n- b\n" * n),
    "a session": lambda n: ("pycon", ">>> a\nb\n" * n),
    "a console": lambda n: ("console", "$ a\nb\n" * n),
    "markdown of emphasis that does not end": lambda n: ("markdown", "*a **b " * n),
}  # fmt: skip
"""What it is → a language, and code whose length grows with the number."""

NOT_LINEAR = {"html": "<!-- a ", "markdown": "```a\n"}
"""Language → what Pygments looks for an end of from each place anew: there only the limit helps."""


def seconds(work: Callable[[str], object], text: str, times: int) -> float:
    """Measure a computation by its processor time; the shortest of several, which others disturbed least."""
    found = []
    for _ in range(times):
        gc.collect()
        gc.disable()
        began = time.process_time()
        work(text)
        found.append(time.process_time() - began)
        gc.enable()
    return min(found)


def growth(work: Callable[[str], object], make: Callable[[int], str]) -> float:
    """Say how many times as long twice the text takes; measured again, more often, when the answer is a bad one."""
    number = 64
    while seconds(work, make(number), 1) < SHORTEST:
        number *= 2
    ratio, tries = MOST, 0
    while ratio >= MOST and tries < 4:
        tries += 1
        ratio = seconds(work, make(2 * number), 2 * tries) / seconds(work, make(number), 2 * tries)
    return ratio


@pytest.mark.parametrize("name", MARKDOWN)
def test_twice_the_markdown_takes_twice_the_time(name: str, tmp_path: Path) -> None:
    """Composing as a whole: marks, parser, links, HTML."""
    facts = Facts(tmp_path)
    facts.put("config:markdown", Markdown(dialect="mkdocs" if name.startswith("MkDocs") else ""))
    facts.put("config:execute", Execute(enabled=False))
    facts.put("config:links", Links())

    def compose(text: str) -> None:
        (tmp_path / "a.md").write_text(text)
        composing.compose("a.md", Reads(facts), Runner(), "/a/", InPlace(), Context().renderer)

    assert growth(compose, MARKDOWN[name]) < MOST


@pytest.mark.parametrize("name", CODE)
def test_twice_the_code_takes_twice_the_time_to_highlight(name: str) -> None:
    language, _ = CODE[name](1)
    assert growth(lambda code: highlight(code, language), lambda n: CODE[name](n)[1]) < MOST


@pytest.mark.parametrize("language", NOT_LINEAR)
def test_where_a_lexer_is_not_linear_the_limit_holds(language: str) -> None:
    """The longest code that is highlighted at all."""
    part = NOT_LINEAR[language]
    apart = Apart()
    try:
        made = apart.highlight(part * (MOST_HIGHLIGHTED // len(part)), language)
    finally:
        apart.close()
    assert made == ("", f"took longer than {LONGEST:g} s")
