"""Finishing: what rules have left for later, on pages that use it: attributes of blocks, abbreviations, math."""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from generator.config import CONFIG_FILE
from generator.errors import did_you_mean, error, warning
from generator.markdown.attributes import Attributes, give
from generator.markdown.headings import SLUGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from markdown_it.token import Token

    from generator.compose.work import Work
    from generator.config import Markdown

WORD = re.compile(r"\w+")
LATEX_ERROR = re.compile(r"(\d+): (.*)", re.DOTALL)
ICONS = (
    "those that say no more than ✓, ✗ or an arrow become that sign; a plug-in of Markdown can write others"
)
MARKUP = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*_`]+(?=\S)|(?<=\S)[*_`]+")
"""What of an explanation's Markdown a tooltip leaves out."""
LINKING = ("paragraph_open", "td_open", "dd_open")
"""Where the first of a word is a link to the glossary: prose, and not headings or titles."""
ABBREVIATED = re.compile(r"^[ \t]*\*\[([^\[\]]+)\]:[ \t]*(.*)$", re.MULTILINE)


def finish(work: Work, tokens: list[Token], env: dict[str, Any], options: Markdown) -> list[Token]:
    """Do what is left; a page that uses none of it is not looked at."""
    if "attribute lines" in env:
        tokens = place_attributes(work, tokens, env)
    report_refused(work, env)
    if "icons" in env:  # each page says the same, which a build prints once
        message = "short codes of icons are left out: no icons come with Pressrun"
        work.problems.append(warning(CONFIG_FILE, message, hint=ICONS))
    shared = site_abbreviations(work, options.glossary)
    words = {**shared, **env.get("abbreviations", {})}
    if words:
        places = anchors_of(shared, SLUGS[options.slugs][0])
        if "glossary" in env:
            anchor_terms(tokens, places)
        listed = bool(shared) and work.reads.fact(f"route:{options.glossary}", str) is not None
        at = f"/{options.glossary}#" if listed and "glossary" not in env else ""
        abbreviate(tokens, words, {word: at + anchor for word, anchor in places.items()} if at else {})
    if "captions" in env:
        tokens = place_captions(tokens)
    if "math" in env:
        for token in tokens:
            for child in token.children or () if token.type == "inline" else ():
                if child.type == "math":
                    child.meta["html"] = math_html(work, token, child.content, block=child.markup == "$$")
    return tokens


def report_refused(work: Work, env: dict[str, Any]) -> None:
    """Report the attributes, since the last report, that no page may have."""
    for key in dict.fromkeys(env.pop("refused", ())):
        message = (
            f"the attribute “{key}” was left out: the page's Content-Security-Policy forbids what it does"
        )
        work.problems.append(warning(work.path, message, line=line_of(work, key + "=")))


def line_of(work: Work, text: str) -> int:
    """Find the line on which a text stands first."""
    return work.header.body_line + work.body.count("\n", 0, max(0, work.body.find(text)))


# ---------------------------------------------------------------- attributes of blocks


def place_attributes(work: Work, tokens: list[Token], env: dict[str, Any]) -> list[Token]:
    """Give each line of attributes to the block that it touches: the one above, else the one below."""
    rows = work.body.split("\n")
    made: list[Token] = []
    opened: list[Token] = []
    above: Token | None = None
    waiting: Attributes | None = None
    for token in tokens:
        if token.type == "attributes":
            start = token.map[0] if token.map else 0
            if above is not None and start and rows[start - 1].strip(" \t>"):
                give_to(above, token.meta["attributes"], env)
            else:
                waiting = token.meta["attributes"]
            continue
        if waiting is not None and token.nesting >= 0 and token.type != "inline":
            give_to(token, waiting, env)
            waiting = None
        if token.nesting > 0:
            opened.append(token)
            above = None
        elif token.nesting < 0:
            above = opened.pop()
            above = opened[-1] if above.hidden and opened else above
        elif token.type != "inline":
            above = token
        made.append(token)
    return made


def give_to(token: Token, given: Attributes, env: dict[str, Any]) -> None:
    """Give attributes to a block; code has its own way to carry them."""
    if token.type == "fence":
        words = [f"#{given.id}"] if given.id else []
        words += [f".{name}" for name in given.classes]
        token.info += f" {{{' '.join(words)}}}" if words else ""
    elif token.type == "component_open":
        own: Attributes = token.meta["attributes"]
        values = {**own.values, **given.values}
        token.meta["attributes"] = Attributes(own.id or given.id, (*own.classes, *given.classes), values)
    else:
        give(token, given, env)


# ---------------------------------------------------------------- captions


def place_captions(tokens: list[Token]) -> list[Token]:
    """Make figures of images that stand alone and have a title, and put the captions of tables into them."""
    made: list[Token] = []
    waiting: list[Token] = []
    for token in tokens:
        caption = token.meta.get("caption") if token.type == "inline" else None
        if caption == "before":
            waiting = captioned(token)
        elif caption == "behind":
            start = next(i for i in range(len(made) - 1, -1, -1) if made[i].type == "table_open")
            made[start + 1 : start + 1] = captioned(token)
        else:
            made.append(token)
            if token.type == "table_open":
                made += waiting
                waiting = []
            elif token.type == "paragraph_close" and len(made) > 2 and is_figure(made[-2]):
                make_figure(made)
    return made


def captioned(inline: Token) -> list[Token]:
    """Give the caption of a table."""
    kind = type(inline)
    return [
        kind("caption_open", "caption", 1, block=True),
        inline,
        kind("caption_close", "caption", -1, block=True),
    ]


def is_figure(inline: Token) -> bool:
    """Say whether a paragraph holds one image with a title and nothing else."""
    children = inline.children or []
    return len(children) == 1 and children[0].type == "image" and bool(children[0].attrs.get("title"))


def make_figure(made: list[Token]) -> None:
    """Turn the paragraph at the end into a figure; the image's title is its caption."""
    opening, inline, closing = made[-3:]
    if opening.hidden:
        return
    opening.tag = closing.tag = "figure"
    opening.type, closing.type = "figure_open", "figure_close"
    kind = type(inline)
    words = str((inline.children or [])[0].attrs.pop("title"))
    text = kind("inline", "", 0, content=words, children=[kind("text", "", 0, content=words)])
    caption = [
        kind("figcaption_open", "figcaption", 1, block=True),
        text,
        kind("figcaption_close", "figcaption", -1, block=True),
    ]
    made[-1:] = [*caption, closing]


# ---------------------------------------------------------------- abbreviations


def site_abbreviations(work: Work, glossary: str) -> Mapping[str, str]:
    """Give the abbreviations that the whole site knows."""
    if not glossary:
        return {}
    data = work.reads.file(glossary)
    if data is None:  # each page says the same, which a build prints once
        near = did_you_mean(posixpath.basename(glossary), work.reads.names(posixpath.dirname(glossary)))
        message = f"“glossary”: there is no file “{glossary}”"
        work.problems.append(error(CONFIG_FILE, message, hint=near))
        return {}
    found = ABBREVIATED.findall(data.decode("utf-8", "replace"))
    return {word.strip(): text.strip() for word, text in reversed(found) if word.strip()}


def anchors_of(terms: Mapping[str, str], rule: Callable[[str], str]) -> dict[str, str]:
    """Give each term of the glossary its anchor there: `term-html`."""
    made: dict[str, str] = {}  # anchor → term
    for term in reversed([*terms]):
        anchor = f"term-{rule(term) or 'x'}"
        made[anchor if anchor not in made else f"{anchor}-{len(made)}"] = term
    return {term: anchor for anchor, term in made.items()}


def anchor_terms(tokens: list[Token], places: Mapping[str, str]) -> None:
    """Give the terms of the glossary their anchors."""
    waiting = dict(places)
    for opening, inline in zip(tokens, tokens[2:], strict=False):
        if opening.type == "dt_open" and opening.markup == "*[" and inline.content in waiting:
            opening.attrSet("id", waiting.pop(inline.content))


def abbreviate(tokens: list[Token], words: Mapping[str, str], links: Mapping[str, str]) -> None:
    """Explain words wherever they stand in prose; where a word stands first, it leads to the glossary."""
    words = {word: MARKUP.sub(r"\1", text) for word, text in words.items()}
    waiting = dict(links)
    first: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        begin = WORD.search(word)
        if begin and begin.start() == 0:
            first.setdefault(begin[0], []).append(word)
    for opening, token in pairwise(tokens):
        if token.type == "inline" and token.children and opening.type != "dfn_open":
            usable = waiting if opening.type in LINKING else {}
            made: list[Token] = []
            depth = 0
            for child in token.children:
                depth += child.nesting if child.tag == "a" else 0
                made += explained(child, first, words, {} if depth else usable)
            token.children = made


def explained(
    token: Token, first: Mapping[str, list[str]], words: Mapping[str, str], links: dict[str, str]
) -> Iterator[Token]:
    """Give the tokens that take the place of one; a link is taken out of `links` when it is used."""
    at, text = 0, token.content
    for found in WORD.finditer(text) if token.type == "text" else ():
        for word in first.get(found[0], ()) if found.start() >= at else ():
            end = found.start() + len(word)
            if text.startswith(word, found.start()) and not (
                text[end : end + 1].isalnum() and word[-1].isalnum()
            ):
                if at < found.start():
                    yield type(token)("text", "", 0, content=text[at : found.start()])
                href = links.pop(word, "")
                if href:
                    yield type(token)("link_open", "a", 1, attrs={"href": href, "class": "term"})
                yield type(token)("abbr_open", "abbr", 1, attrs={"title": words[word]})
                yield type(token)("text", "", 0, content=word)
                yield type(token)("abbr_close", "abbr", -1)
                if href:
                    yield type(token)("link_close", "a", -1)
                at = end
                break
    if at:
        token.content = text[at:]
    if token.content or not at:
        yield token


# ---------------------------------------------------------------- math


def math_html(work: Work, token: Token, latex: str, *, block: bool) -> str:
    """Write LaTeX as MathML; what cannot be read is a problem at its place, and stays as it was written."""
    from math_core import LatexError, LatexToMathML

    converter = LatexToMathML(fancy_error=False)
    try:
        return str(converter.convert_with_local_state(latex, displaystyle=block))
    except LatexError as wrong:
        match = LATEX_ERROR.fullmatch(str(wrong))
        offset, message = (int(match[1]), match[2]) if match else (0, str(wrong))
        line, column = math_place(work, token, latex, offset)
        work.problems.append(error(work.path, f"math: {message.rstrip('.')}", line=line, column=column))
        return ""


def math_place(work: Work, token: Token, latex: str, offset: int) -> tuple[int, int]:
    """Find the place of a letter of a formula."""
    first = token.map[0] if token.map else 0
    at = work.body.find(latex, work.line_starts()[first])
    if at < 0:
        return work.header.body_line + first, 0
    return work.place(at + offset)
