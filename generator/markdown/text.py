"""Text: what stands in tokens, for those who look at pages as readers do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

HTML_IDS = re.compile(r"""<[a-zA-Z][^<>]*?\s(?:id|name)\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s"'<>]+))""")


def walk(tokens: Sequence[Token]) -> Iterator[Token]:
    """Give all tokens, children after their parent."""
    for token in tokens:
        yield token
        if token.children:
            yield from walk(token.children)


def plain_text(token: Token, *, images: bool = True) -> str:
    """Give the text of an inline token as a reader sees it; with `images` what is said in the place of those."""
    parts = []
    for child in token.children or ():
        if child.type in ("text", "code_inline", "text_special", "math"):
            parts.append(child.content)
        elif child.type == "image" and images:
            parts.append(plain_text(child) if child.children else child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)


def ids_in(html: str) -> list[str]:
    """Give the anchors in a piece of raw HTML."""
    return [a or b or c for a, b, c in HTML_IDS.findall(html)] if "<" in html else []
