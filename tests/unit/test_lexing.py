"""Joined rules give exactly the tokens that Pygments gives."""

import warnings
from pathlib import Path

import pytest
from pygments.lexer import RegexLexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, String

from generator import lexing

ROOT = Path(__file__).parents[2]
SHOWN = (
    "generator/lexing.py",
    "generator/browser/demo.js",
    "generator/theme/assets/theme.css",
    "pyproject.toml",
    "blog/background_tasks.md",
    "Makefile",
)
ODD = 'a \'b\n"c\\\n/* x # y\n<a b="c">{{ d }}</a> $e @f 0x1F 1.5e-3 \t\r\n é ∑ 😀 \x00 ]})>~`'
LEXERS = sorted(aliases[0] for _, aliases, _, _ in get_all_lexers() if aliases)


def own(lexer, text):
    return [(kind, part) for _, kind, part in lexer.get_tokens_unprocessed(text)]


def joined(lexer, text):
    lexing.joined_of(lexer).blocks = lexing.WORTH_JOINING
    return list(lexing.tokens(lexer, text))


def outcome(function, *arguments):
    try:
        return function(*arguments)
    except Exception as wrong:  # noqa: BLE001  (some lexers fail on some texts; both ways must)
        return type(wrong)


def check(aliases, texts):
    compared = 0
    for alias in aliases:
        with warnings.catch_warnings():  # old expressions in Pygments' own lexers
            warnings.simplefilter("ignore", FutureWarning)
            lexer = get_lexer_by_name(alias)
            for text in texts:
                assert outcome(joined, lexer, text) == outcome(own, lexer, text), alias
                compared += isinstance(lexer, RegexLexer)
    return compared


def test_joined_rules_give_the_tokens_of_pygments():
    """The languages of this project, and some of every kind, on code that fits and on code that does not."""
    texts = [(ROOT / path).read_text("utf-8")[:1500] for path in SHOWN]
    assert check(["python", "bash", "javascript", "css", "toml", *LEXERS[::25]], [*texts, ODD, ""]) > 100


@pytest.mark.long
def test_joined_rules_give_the_tokens_of_pygments_in_every_language():
    texts = [(ROOT / path).read_text("utf-8")[:1500] for path in SHOWN]
    assert check(LEXERS, [*texts, ODD]) > 2000


def test_rules_are_joined_only_where_that_pays():
    """Compiling the joined rules costs time, so the first blocks of a language take Pygments' own road."""
    lexer = get_lexer_by_name("python")
    lexing.joined_of(lexer).blocks = 0
    for _ in range(lexing.WORTH_JOINING):
        list(lexing.tokens(lexer, "x = 1\n"))
    assert not lexing.joined_of(lexer).states
    list(lexing.tokens(lexer, "x = 1\n"))
    assert len(lexing.joined_of(lexer).states["root"]) < 5
    assert len(lexer._tokens["root"]) > 40


def test_rules_that_refer_to_groups_stay_alone():
    """`\\1` and `(?P=name)` would mean another group in a longer expression."""

    class Quoted(RegexLexer):
        name = "Quoted"
        tokens = {
            "root": [
                (r"a+", Name),
                (r"(['\"])x\1", String),
                (r"(?P<q>[|])y(?P=q)", Comment),
                (r"b+", Keyword),
                (r"c", Number),
            ]
        }

    lexer = Quoted()
    text = "aab'x'|y|cbb'x|"
    assert joined(lexer, text) == own(lexer, text)
    assert len(lexing.joined_of(lexer).states["root"]) == 4
