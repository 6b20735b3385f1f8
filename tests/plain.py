"""Plain: pages of other dialects as plain Markdown, so that a parser which knows none of them can be compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MKDOCS = re.compile(r'( *)(?:!!!|\?\?\?\+?|===[!+]*(?= +")) *\S')
"""A line of MkDocs' syntax behind which an indented body stands."""
FLEXDOWN = re.compile(r"( *)(`{3,}) *md +(alert|video|quote|definition|section|tabs)\b *(\S*)")
"""The first line of a block of the Flexdown dialect that holds Markdown."""
ONE_TITLE = ("alert", "video")
"""Blocks whose first line alone may be a title; in the others each `#` line is one."""
RULED = re.compile(r"--- *md +tabs *")
"""The first line of tabs between rules."""
QUOTED = re.compile(r"- *(?:(?:name|role) *:(.*)|(?:image|variant) *:.*)")


def from_mkdocs(body: str) -> str:
    """Turn boxes, folds and tabs of MkDocs into plain Markdown: their own lines go, their bodies lose their indentation."""
    made: list[str] = []
    inner: list[int] = []
    fence, deep = "", 0
    for row in body.split("\n"):
        indent = len(row) - len(row.lstrip(" "))
        while row.strip() and inner and indent < inner[-1]:
            inner.pop()
            if fence:  # what a body opens ends with it, before the empty lines behind it
                filled = next((at for at in range(len(made), 0, -1) if made[at - 1].strip()), 0)
                made.insert(filled, fence)
            fence = ""
        plain = row[4 * len(inner) :]
        marker = re.match(r" *(`{3,}|~{3,})", plain)
        if fence:
            ends = marker and marker[1].startswith(fence) and not plain.strip(" `~") and indent < deep + 4
            fence = "" if ends else fence
        elif marker:
            fence, deep = marker[1], indent
        elif match := MKDOCS.match(row):
            inner.append(len(match[1]) + 4)
            title = re.search(r'"(.+)"\s*$', row)  # Markdown too
            plain = f"\n{' ' * (indent - 4 * len(inner) + 4)}{title[1]}\n" if title else ""
        made.append(plain)
    return "\n".join(made)


def from_flexdown(body: str) -> str:
    """Turn blocks of the Flexdown dialect into plain Markdown: their own lines go, their titles become paragraphs."""
    made: list[str] = []
    fence = block = ""
    first = False
    for row in body.split("\n"):
        plain = row
        marker = re.match(r" *(`{3,}|~{3,})", row)
        closes = bool(marker) and not row.strip(" `~")
        if fence:  # code, in a block or not
            fence = "" if closes and marker and marker[1].startswith(fence) else fence
        elif block and is_end(block, row):
            block, plain = "", ""
        elif not block and RULED.fullmatch(row):
            block, plain = "--- tabs", ""
        elif match := None if block else FLEXDOWN.match(row):
            block, first = f"{match[2]} {match[3]}", True
            plain = f"\n[film]({match[4]})\n" if match[3] == "video" else ""
            made.append(plain)
            continue
        elif block and (title := re.match(r"(?:#+|--tab +) *(.*)", row)) and (first or not one_title(block)):
            plain = f"\n{title[1]}\n"
        elif block.endswith("quote") and (said := QUOTED.fullmatch(row)):
            plain = f"\n{said[1] or ''}\n"
        elif block.endswith("tabs") and row.strip() == "--":
            plain = ""
        elif marker:
            fence = marker[1]
        first = False
        made.append(plain)
    return "\n".join(made)


def is_end(block: str, row: str) -> bool:
    """Say whether a line ends a block."""
    mark = block.partition(" ")[0]
    return row.strip().startswith(mark) and not row.strip(" `" if mark[0] == "`" else " -")


def one_title(block: str) -> bool:
    """Say whether a block has at most one title."""
    return block.endswith(ONE_TITLE)


PLAIN: dict[str, Callable[[str], str]] = {"": str, "mkdocs": from_mkdocs, "flexdown": from_flexdown}
"""Dialect → what makes plain Markdown of its pages."""
