"""Headings: their anchors, and the table of contents made of them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from generator.content import TocEntry
from generator.markdown.attributes import LIST, Attributes, give, read_attributes
from generator.markdown.text import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping, Sequence

    from markdown_it.token import Token

LIST_AT_END = re.compile(rf"{LIST.pattern}\s*$")
STRAIGHT = str.maketrans("“”„«»\u2018\u2019", '"' * 5 + "'" * 2)
"""Smart quotes are made before attributes are read."""
LABEL = "data-toc-label"
"""The attribute that says what a heading is called in the table of contents, as in MkDocs."""
SLUG_KEPT = ("L", "M", "Nd", "Nl", "Pc")
"""Unicode categories of the letters that stay in anchors; marks too, which are vowels in the scripts of India."""


def slugify(text: str) -> str:
    """Make an anchor by GitHub's rule: lower case, punctuation dropped, spaces to hyphens."""
    kept = (c for c in text.strip().lower() if c in "- " or unicodedata.category(c).startswith(SLUG_KEPT))
    return "".join(kept).replace(" ", "-")


def slug_of_python_markdown(text: str) -> str:
    """Make an anchor as Python-Markdown and so MkDocs do: ASCII letters, one hyphen between words."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def slug_of_mdn(text: str) -> str:
    """Make an anchor as MDN does: underscores between words, punctuation of URLs dropped."""
    return re.sub(r"""["#$%&+,/:;=?@\[\]^`{|}~'()\\]""", "", text.strip().lower()).replace(" ", "_")


SLUGS: dict[str, tuple[Callable[[str], str], str, int]] = {
    "github": (slugify, "-", 1),
    "python-markdown": (slug_of_python_markdown, "_", 1),
    "mdn": (slug_of_mdn, "_", 2),
}
"""Style → its rule, what stands before the number of an anchor that is there already, and the first such number."""


def anchor_headings(
    tokens: list[Token], depth: int, style: str = "github", env: MutableMapping[str, Any] | None = None
) -> tuple[TocEntry, ...]:
    """Give each heading its id (explicit ones first) and return the table of contents; `env` learns of attributes that are refused."""
    headings = [
        (opening, tokens[i + 1] if opening.nesting else opening)
        for i, opening in enumerate(tokens)
        if opening.type == "heading_open" or (opening.type == "fence" and "toc" in opening.meta)
    ]
    taken: set[str] = set()
    for opening, inline in headings:
        take_attributes(opening, inline, {} if env is None else env)
        if opening.attrs.get("id"):
            taken.add(str(opening.attrs["id"]))
    flat: list[TocEntry] = []
    counts: dict[str, int] = {}
    rule, joint, first = SLUGS[style]
    for opening, inline in headings:
        if not opening.nesting:  # a block that brings headings of its own
            flat += opening.meta["toc"]
            continue
        text = plain_text(inline).strip()
        if not opening.attrs.get("id"):
            base = rule(text) or "section"
            slug = base
            while slug in taken:
                counts[base] = counts.get(base, first - 1) + 1
                slug = f"{base}{joint}{counts[base]}"
            taken.add(slug)
            opening.attrSet("id", slug)
        level, text = int(opening.tag[1:]), str(opening.attrs.pop(LABEL, "")) or text
        if 2 <= level <= depth and text and opening.level == 0:
            flat.append(TocEntry(str(opening.attrs["id"]), text, level))
    return nested(flat)


def take_attributes(opening: Token, inline: Token, env: MutableMapping[str, Any]) -> None:
    """Take `{#id .class key="value"}` off the end of a heading; `{key=value}` alone, without quotes, may be its words."""
    children = inline.children or []
    if not children or children[-1].type != "text" or not children[-1].content.rstrip().endswith("}"):
        return
    match = LIST_AT_END.search(children[-1].content.translate(STRAIGHT))
    given = read_attributes(match[1]) if match else Attributes()
    if match and (given.id or given.classes or '"' in match[1] or "'" in match[1]):
        children[-1].content = children[-1].content[: match.start()].rstrip()
        give(opening, given, env)


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
