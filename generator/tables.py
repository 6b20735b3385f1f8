"""Tables: a block of CSV that asks for it (```` ```csv table ````) is shown as a table; a plug-in of code blocks."""

from __future__ import annotations

import csv
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.fences import Fence

DELIMITERS = {"csv": ",", "tsv": "\t"}
"""Language → what stands between two values."""

LABEL = "Table"
"""Of the group that scrolls; a page in another language has its own word."""


def fences() -> dict[str, Callable[[str, Fence], str | None]]:
    """Give what writes the blocks of these languages."""
    return dict.fromkeys(DELIMITERS, table)


def table(code: str, fence: Fence) -> str | None:
    """Write a table whose first row has the headings; None for a block that does not ask for it."""
    if "table" not in fence.classes:
        return None
    rows = [row for row in csv.reader(code.splitlines(), delimiter=DELIMITERS[fence.language]) if row]
    if not rows:
        return ""
    width = max(map(len, rows))
    head, *body = [[escape(cell.strip()) for cell in row] + [""] * (width - len(row)) for row in rows]
    title = fence.options.get("title", "")
    caption = f"<caption>{escape(title)}</caption>\n" if title else ""
    headings = "".join(f"<th>{cell}</th>" for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in body)
    return (
        f'<div class="table" tabindex="0" role="group" aria-label="{LABEL}">\n<table>\n{caption}'
        f"<thead>\n<tr>{headings}</tr>\n</thead>\n<tbody>\n{lines}</tbody>\n</table></div>\n"
    )
