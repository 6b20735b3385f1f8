"""Twin: the Markdown of a page that runs code, as a reader of plain text wants it: code and values in the place of what asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.compose.blocks import default_show, shaped
from generator.compose.expressions import HOLE, value_text, verbatim

if TYPE_CHECKING:
    from markdown_it.token import Token

    from generator.compose.work import Work
    from generator.execute import Report
    from generator.fences import Fence


def markdown_of(work: Work, tokens: list[Token], marked: str, report: Report) -> str:
    """Give a page's Markdown; `marked` is its text with marks in the place of expressions."""
    rows = marked.split("\n")
    for token in reversed(tokens):
        fence = work.fences.get(id(token))
        if token.type == "fence" and token.map and fence:
            start, end = token.map
            indent = rows[start][: len(rows[start]) - len(rows[start].lstrip())]
            rows[start:end] = [indent + row if row else row for row in block(work, token, fence, report)]
    return HOLE.sub(lambda m: value_text(work, report, m), "\n".join(rows))


def block(work: Work, token: Token, fence: Fence, report: Report) -> list[str]:
    """Give the lines that take the place of a code block."""
    index = work.places.get(id(token))
    result = report.results[index] if index is not None else None
    code = verbatim(work, token.content)
    if fence.interpolates:
        code = HOLE.sub(lambda m: value_text(work, report, m), token.content)
    if "source" in fence.options and result is not None and result.ran:
        code = result.text
    known = len(work.problems)
    code = shaped(work, token, fence, code)
    del work.problems[known:]  # the HTML has told of them
    verbs = set(fence.verbs)
    shown = fenced(fence.language or ("python" if "source" in fence.options else ""), code)
    if result is None or not result.ran or not verbs & {"exec", "eval", "demo"}:
        return shown
    wanted = fence.options.get("show", default_show(verbs))
    lines = shown if wanted in ("both", "code") else []
    if wanted not in ("both", "output"):
        return lines
    if "demo" in verbs:
        return [f"*({work.words.text('demo_here')})*", "", *lines]
    if "exec" in verbs:
        return [*lines, *([""] if lines else []), *(fenced("text", result.output) if result.output else [])]
    return [*lines, *(result.html if result.is_html else result.text).split("\n")]


def fenced(language: str, code: str) -> list[str]:
    """Write a block of code, with a fence that is longer than any in it."""
    ticks = "```"
    while ticks in code:
        ticks += "`"
    return [ticks + language, *code.rstrip("\n").split("\n"), ticks]
