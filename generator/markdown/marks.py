"""Marks: task lists and GitHub's alerts, which are ordinary lists and quotations until one looks at their first words."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

    from generator.words import Words

TASK = re.compile(r"\[([ xX])\](?=[ \t\u00a0]|$)")
ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*", re.IGNORECASE)


def mark_tasks(tokens: list[Token], words: Words) -> None:
    """Turn list items that begin with `[ ]` or `[x]` into tasks."""
    for item, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if item.type != "list_item_open" or paragraph.type != "paragraph_open" or not inline.children:
            continue
        first = inline.children[0]
        match = TASK.match(first.content) if first.type == "text" and inline.content.startswith("[") else None
        if match:
            done = match[1] != " "
            first.content = first.content[match.end() :]
            item.attrJoin("class", "task")
            box = type(first)("html_inline", "", 0)
            state, label = (" checked", "done") if done else ("", "to_do")
            box.content = f'<input type="checkbox" disabled{state} aria-label="{escape(words.text(label))}">'
            inline.children.insert(0, box)


def mark_alerts(tokens: list[Token], words: Words) -> None:
    """Turn quotations that begin with `[!NOTE]` and its like into alerts, as GitHub does."""
    for at, quote in enumerate(tokens):
        if quote.type != "blockquote_open" or tokens[at + 1].type != "paragraph_open":
            continue
        children = tokens[at + 2].children or []
        unescaped = children and children[0].type == "text" and tokens[at + 2].content.startswith("[")
        match = ALERT.fullmatch(children[0].content) if unescaped else None
        if not match or (len(children) > 1 and children[1].type not in ("softbreak", "hardbreak")):
            continue
        kind = match[1].lower()
        close = next(t for t in tokens[at + 1 :] if t.type == "blockquote_close" and t.level == quote.level)
        quote.tag = close.tag = "div"
        quote.attrSet("class", f"alert {kind}")
        words_of_kind = escape(words.kind(kind), quote=False)
        title = type(quote)("html_block", "", 0, content=f'<p class="alert-title">{words_of_kind}</p>\n')
        del children[:2]
        tokens[at + 1 : at + 1 if children else at + 4] = [title]
