"""Headings: their anchors, and the table of contents made of them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from generator.content import TocEntry
from generator.markdown.text import plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

HEADING_ATTRIBUTE = r"""(?:[#.][\w:.-]+|[\w:-]+=(?:"[^"{}]*"|[^\s"{}]+))"""
HEADING_ATTRIBUTES = re.compile(rf"\s*\{{:?\s*((?:{HEADING_ATTRIBUTE}(?:\s+|(?=\}})))+)\}}\s*$")
SLUG_KEPT = ("L", "M", "Nd", "Nl", "Pc")
"""Unicode categories of the letters that stay in anchors; marks too, which are vowels in the scripts of India."""


def slugify(text: str) -> str:
    """Make an anchor by GitHub's rule: lower case, punctuation dropped, spaces to hyphens."""
    kept = (c for c in text.strip().lower() if c in "- " or unicodedata.category(c).startswith(SLUG_KEPT))
    return "".join(kept).replace(" ", "-")


def anchor_headings(tokens: list[Token], depth: int) -> tuple[TocEntry, ...]:
    """Give each heading its id (explicit ones first) and return the table of contents."""
    headings = [
        (opening, tokens[i + 1] if opening.nesting else opening)
        for i, opening in enumerate(tokens)
        if opening.type == "heading_open" or (opening.type == "fence" and "toc" in opening.meta)
    ]
    taken: set[str] = set()
    for opening, inline in headings:
        take_attributes(opening, inline)
        if opening.attrs.get("id"):
            taken.add(str(opening.attrs["id"]))
    flat: list[TocEntry] = []
    counts: dict[str, int] = {}
    for opening, inline in headings:
        if not opening.nesting:  # a block that brings headings of its own
            flat += opening.meta["toc"]
            continue
        text = plain_text(inline).strip()
        if not opening.attrs.get("id"):
            base = slugify(text) or "section"
            slug = base
            while slug in taken:
                counts[base] = counts.get(base, 0) + 1
                slug = f"{base}-{counts[base]}"
            taken.add(slug)
            opening.attrSet("id", slug)
        level = int(opening.tag[1:])
        if 2 <= level <= depth and text and opening.level == 0:
            flat.append(TocEntry(str(opening.attrs["id"]), text, level))
    return nested(flat)


def take_attributes(opening: Token, inline: Token) -> None:
    """Take `{#id .class}` off the end of a heading; `key=value` beside them, which other tools know, goes too."""
    children = inline.children or []
    if not children or children[-1].type != "text":
        return
    match = HEADING_ATTRIBUTES.search(children[-1].content)
    words = re.findall(HEADING_ATTRIBUTE, match[1]) if match else []
    if not match or not any(word[0] in "#." for word in words):
        return
    children[-1].content = children[-1].content[: match.start()]
    for word in words:
        if word[0] == "#":
            opening.attrSet("id", word[1:])
        elif word[0] == ".":
            opening.attrJoin("class", word[1:])


def nested(flat: Sequence[TocEntry]) -> tuple[TocEntry, ...]:
    """Put deeper headings below the shallower ones before them."""
    made: list[TocEntry] = []
    position = 0
    while position < len(flat):
        entry = flat[position]
        end = position + 1
        while end < len(flat) and flat[end].level > entry.level:
            end += 1
        made.append(TocEntry(entry.id, entry.title, entry.level, nested(flat[position + 1 : end])))
        position = end
    return tuple(made)
