"""Going by letters changes what parsing costs, never what it gives."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from generator import letters, markdown

SPEC = Path(__file__).parents[1] / "node_modules" / "commonmark-spec"


@pytest.fixture
def slow(monkeypatch):
    """The same parser without the short cut."""
    monkeypatch.setattr(markdown, "go_by_letters", lambda parser: None)
    return markdown.make_parser.__wrapped__("gfm")


def tokens(parser, text):
    env = {}
    made = [token.as_dict() for token in parser.parse(text, env)]
    if not any(
        env.get("footnotes", {}).values()
    ):  # the rule of footnotes makes room for them wherever it is tried
        env.pop("footnotes", None)
    return made, env


PIECES = st.sampled_from(
    ["a", "word ", "\n", "\n\n", "    ", "\t", "* ", "- ", "1. ", "12) ", "> ", "# ", "```", "~~~", "===\n", "---\n", "***",
     "| a | b |\n", "|--|--|\n", "[x](y)", '![i](j "t")', "[^1]", "[^1]: n\n", "^[in]", "[r]: /u\n", "<b>", "</b>", "<!-- c -->",
     "<http://a.b>", "&amp;", "&#35;", "\\*", "\\\n", "`c`", "**s**", "__", "~~d~~", ": def\n", "http://a.example", "www.a.example",
     "{#id}", "{.a}\n", ":::note\n", ":::tab[a]{b=c}\n", ":::\n", "::card{a=b}\n", "*[a]: b\n", "==m==", "x~2~", "x^2^", "++ctrl+k++", ":tada:", "$a$", "$$",
     '!!! note "T"\n', "??? tip\n", '=== "T"\n', '--8<-- "f"\n', "^^i^^", "{++a++}", "{~~a~>b~~}", "{==\n", "==}\n", ":material-x:", "[!NOTE]", "[ ] ", "é", "\u00a0", "١. "]
)  # fmt: skip


@given(text=st.lists(PIECES, max_size=30).map("".join))
def test_any_text_gives_the_same_tokens(text):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown, "go_by_letters", lambda parser: None)
        slow = markdown.make_parser.__wrapped__("gfm", "mkdocs")
    assert tokens(markdown.make_parser("gfm", "mkdocs"), text) == tokens(slow, text)


def test_every_example_of_the_specification_gives_the_same_tokens(slow):
    example = re.compile(r"^`{32} example\n(.*?)^\.\n", re.DOTALL | re.MULTILINE)
    texts = [found.replace("→", "\t") for found in example.findall((SPEC / "spec.txt").read_text("utf-8"))]
    assert len(texts) > 600
    for text in texts:
        assert tokens(markdown.make_parser("gfm"), text) == tokens(slow, text)


def test_each_rule_with_letters_is_one_that_the_parser_has(monkeypatch):
    monkeypatch.setattr(markdown, "go_by_letters", lambda parser: None)
    slow = markdown.make_parser.__wrapped__("gfm", "mkdocs")
    elsewhere = {"flexdown", "doctest"}  # of a dialect, of docstrings
    assert letters.BLOCKS.keys() - elsewhere <= set(slow.block.ruler.get_active_rules())
    assert letters.INLINES.keys() - {"footnote_inline", "wikilink"} <= set(
        slow.inline.ruler.get_active_rules()
    )


def test_a_rule_without_letters_is_tried_everywhere():
    """A plug-in's rule is not in the tables, and must not be lost."""
    parser, seen = MarkdownIt("commonmark"), []

    def everywhere(state, silent):
        seen.append(state.src[state.pos])
        return False

    parser.inline.ruler.push("everywhere", everywhere)
    letters.go_by_letters(parser)
    parser.parse("a & b < c")
    assert {"&", "<"} <= set(seen)


@given(
    st.sampled_from(
        ["https://", "http://", "https://a.b", "http://a1-b.example.com/x", "", "../x", "//a/", "http:"]
    ),
    st.text("abz019./#-_:?aé%&@ \\[", max_size=9),
)
def test_destinations_that_are_left_alone_are_those_that_the_library_leaves_alone(
    begin: str, end: str
) -> None:
    plain, url = markdown.make_parser("commonmark"), begin + end
    encoded = plain.normalizeLink(url)
    assert markdown.finish_url(url) == (encoded if plain.validateLink(encoded) else "")
