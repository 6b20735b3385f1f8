"""Wikilinks: `[[Page]]`, by the name, title or path of a page; a plug-in of Markdown for sites that ask for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

LINK = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]+))?\]\]")


def markdown(md: MarkdownIt) -> None:
    """Teach the parser the links."""
    md.inline.ruler.before("link", "wikilink", wikilink)


def wikilink(state: StateInline, silent: bool) -> bool:
    """Read `[[Page]]`, `[[Page#anchor]]`, `[[Page|words]]`: a link whose destination begins with `wiki:`."""
    match = LINK.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        state.push("link_open", "a", 1).attrs = {"href": f"wiki:{match[1].strip()}"}
        state.push("text", "", 0).content = (match[2] or match[1]).strip()
        state.push("link_close", "a", -1)
    state.pos = match.end()
    return True
