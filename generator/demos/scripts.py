"""Our own scripts as they travel: without comments, spaces and long local names.

This is no minifier for any script: it knows the few habits in which ours are written (statements end with semicolons, no
regular expression stands behind a value, templates hold no templates, names taken out of an object have no defaults), and a test compares what it makes with the original.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

TOKEN = re.compile(
    r"""
      (?P<space>\s+|//[^\n]*)
    | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<template>`(?:[^`\\]|\\.)*`)
    | (?P<pattern>(?<=[(,=])\s*/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\]|\\.)*\])+/[a-z]*|(?<=[(,=]\s)/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\]|\\.)*\])+/[a-z]*)
    | (?P<word>[\w$]+)
    | (?P<sign>\.\.\.|\?\.|=>|[^\w\s])
    """,
    re.VERBOSE,
)
DECLARES = re.compile(r"\b(?:const|let)\s+([\w$]+)|([\w$]+)\s*=>|\(([\w$,\s]*)\)\s*=>|\blet\s+([\w$,\s]+);")
"""Names that a script binds: single ones, parameters, several at once."""
OWN = {
    "element": "E",
    "table": "T",
    "rounds": "R",
    "missed": "M",
    "entries": "N",
    "host": "H",
    "demoRound": "D",
}
"""Properties of our own things → their names in all scripts that travel."""
PROPERTY = re.compile(rf"(?<![\w$-])(?:{'|'.join(OWN)})(?![\w$-])")
HOLE = re.compile(r"(?<=\$\{)[^{}]*(?=\})")
"""An expression in a template."""


def smaller(script: str, *, rename: bool = True) -> str:
    """Give the same program in fewer letters; its names stay when others know them (not `rename`)."""
    script = PROPERTY.sub(lambda name: OWN[name[0]], script) if rename else script
    tokens = list(_tokens(script))
    names = _short_names(script, tokens) if rename else {}
    out: list[str] = []
    for kind, text in _declared_together(tokens):
        if kind == "word":
            new = names.get(text, text) if not (out and out[-1] in (".", "?.")) else text
            out += [" ", new] if out and re.match(r"[\w$]", out[-1][-1]) else [new]
        elif kind == "template":
            out.append(HOLE.sub(lambda hole: _renamed(hole[0], names), text))
        else:
            if out and (out[-1] + text in (";}", ",}", ",)", ",]")):
                out.pop()
            out.append(text)
    return "".join(out) + "\n"


def _declared_together(tokens: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Give the tokens with one `let` for declarations that follow each other: `const a = 1; let b;` is `let a = 1, b;`."""
    declaring = [False]  # in each bracket that is open: whether the statement is a declaration
    held: list[tuple[str, str]] = []  # the end of a declaration, until it is known what follows
    before = ";"
    for kind, text in tokens:
        if kind == "word" and text in ("const", "let"):
            if held:
                yield ("sign", ",")
                held.clear()
            else:
                yield ("word", "let")
            declaring[-1] = True
        else:
            yield from held
            held.clear()
            if before in (";", "}") and kind == "word":
                declaring[-1] = False
            if text == ";" and declaring[-1]:
                held.append((kind, text))
            else:
                yield (kind, text)
            if text in ("(", "[", "{"):
                declaring.append(False)
            elif text in (")", "]", "}"):
                declaring.pop()
        before = text
    yield from held


def _tokens(script: str) -> Iterator[tuple[str, str]]:
    for match in TOKEN.finditer(script):
        if match.lastgroup != "space":
            yield str(match.lastgroup), match[0].strip()


def _renamed(expression: str, names: dict[str, str]) -> str:
    return re.sub(r"(?<![\w$.])[A-Za-z_$][\w$]*", lambda word: names.get(word[0], word[0]), expression)


def _short_names(script: str, tokens: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Choose a letter for each name that is bound here and is nowhere a property, the most used ones first."""
    code = re.sub(r"//[^\n]*", "", script)
    bound = {
        name.strip()
        for groups in DECLARES.findall(code)
        for group in groups
        for name in group.split(",")
        if name.strip()
    }
    properties = set(_properties(tokens))
    uses = Counter(
        text for kind, text in tokens if kind == "word" and text in bound - properties and len(text) > 1
    )
    taken = {text for kind, text in tokens if kind == "word"}
    letters = [
        a + b for a in ("", *"abcdefghij") for b in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    ]
    spare = (name for name in letters if name not in taken | {"as", "do", "if", "in", "is", "of"})
    return {name: next(spare) for name, _ in sorted(uses.items(), key=lambda use: (-use[1], use[0]))}


def _properties(tokens: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Give the words that are, somewhere, the name of a property: `x.name`, `{name: 1}`, `{name, other}` (but not `{name = 1}`)."""
    inside = [""]
    ends = [*(text for _, text in tokens[1:]), ""]
    before = ""
    for (kind, text), after in zip(tokens, ends, strict=True):
        if kind == "word":
            short = inside[-1] == "{" and before in ("{", ",") and after in (",", "}")
            if short or before in (".", "?.") or after == ":":
                yield text
        elif text in ("(", "[", "{"):
            inside.append(text)
        elif text in (")", "]", "}"):
            inside.pop()
        before = text
