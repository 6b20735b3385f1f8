"""Expressions: `{{ … }}` in prose, marked before Markdown is parsed and replaced by values afterwards."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from generator.flexdown import unescaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

    from generator.compose.work import Work
    from generator.execute import Report, Result

OPEN, CLOSE = "\U000f5000", "\U000f5001"
"""Private-use letters around the number of an expression; Markdown treats them as letters of a word."""
HOLE = re.compile(rf"{OPEN}(\d+){CLOSE}|%F3%B5%80%80(\d+)%F3%B5%80%81", re.IGNORECASE)


def mark_holes(work: Work) -> str:
    """Put a numbered mark in the place of each `{{ expression }}`; which of them count is known after parsing."""
    if work.dialect == "flexdown":
        return mark_single(work)
    if OPEN in work.body or "{{" not in work.body:
        return work.body
    rows = work.body.split("\n")
    for index, row in enumerate(rows):
        if "{{" in row:
            rows[index] = mark_row(work, row, work.header.body_line + index)
    return "\n".join(rows)


def mark_row(work: Work, row: str, line: int) -> str:
    """Mark the expressions of one line."""
    made, at = [], 0
    while (start := row.find("{{", at)) >= 0:
        end = closing(row, start + 2)
        escaped = start > 0 and row[start - 1] == "\\"
        if end < 0 or escaped or not row[start + 2 : end].strip():
            made.append(row[at : start + 2])
            at = start + 2
            continue
        inner = row[start + 2 : end]
        column = start + 3 + len(inner) - len(inner.lstrip())
        made += [row[at:start], OPEN, str(len(work.holes)), CLOSE]
        work.holes.append((row[start : end + 2], inner.strip(), line, column))
        at = end + 2
    return "".join([*made, row[at:]])


def mark_single(work: Work) -> str:
    """Do the same in the older dialect, for `{ expression }`; what is no expression of Python stays."""
    if OPEN in work.body or "{" not in work.body:
        return work.body
    rows = work.body.split("\n")
    for index, row in enumerate(rows):
        at = row.find("{")
        while at >= 0:
            end = single_closing(row, at + 1) if not row[:at].endswith("\\") else -1
            if end < 0:
                at = row.find("{", at + 1)
                continue
            mark = f"{OPEN}{len(work.holes)}{CLOSE}"
            inner = row[at + 1 : end]
            column = at + 2 + len(inner) - len(inner.lstrip())
            work.holes.append((row[at : end + 1], inner.strip(), work.header.body_line + index, column))
            row = row[:at] + mark + row[end + 1 :]  # noqa: PLW2901  (the row grows as it is marked)
            at = row.find("{", at + len(mark))
        rows[index] = row
    return "\n".join(rows)


def single_closing(row: str, start: int) -> int:
    """Find the brace before which an expression is whole; -1 when there is none (the first hundred are looked at)."""
    end = row.find("}", start)
    for _ in range(100):
        if end < 0 or is_expression(row[start:end]):
            return end
        end = row.find("}", end + 1)
    return -1


def closing(row: str, start: int) -> int:
    """Find the `}}` that closes an expression: the first before which it is whole Python, else the first."""
    first = end = row.find("}}", start)
    while end >= 0:
        for shift in (0, 1):  # `}}}`: the expression may end in a brace of its own
            if row.startswith("}}", end + shift) and is_expression(row[start : end + shift]):
                return end + shift
        end = row.find("}}", end + 2)
    return first


def is_expression(text: str) -> bool:
    """Say whether a text is one Python expression."""
    try:
        compile("(" + text.strip() + "\n)", "", "eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(text.strip())


def holes_in(work: Work, text: str) -> Iterator[int]:
    """Give the numbers of the expressions that a text holds."""
    for match in HOLE.finditer(text):
        number = int(match[1] or match[2])
        if number < len(work.holes):
            yield number


def verbatim(work: Work, text: str) -> str:
    """Put back what the author wrote."""
    return HOLE.sub(lambda m: work.holes[int(m[1] or m[2])][0], text) if work.holes else text


def fill_holes(work: Work, tokens: list[Token], report: Report) -> None:
    """Replace the marks: by values in prose, by what was written in code."""
    if not work.holes and work.dialect != "flexdown":
        return
    for token in tokens:
        if token.children:
            token.children = [new for child in token.children for new in filled(work, child, report)]
        elif token.type == "component_open":
            given = token.meta["attributes"]
            values = {k: HOLE.sub(lambda m: value_text(work, report, m), v) for k, v in given.values.items()}
            token.meta["attributes"] = replace(given, values=values)
        elif token.type == "html_block":
            token.content = HOLE.sub(lambda m: value_html(work, report, m), token.content)
        elif token.type in ("fence", "code_block"):
            fence = work.fences.get(id(token))
            if not (fence and fence.interpolates):
                token.content = verbatim(work, token.content)
            token.info = verbatim(work, token.info)


def filled(work: Work, token: Token, report: Report) -> list[Token]:
    """Give the tokens that take the place of one inline token."""
    for name, value in token.attrs.items():
        if isinstance(value, str) and HOLE.search(value):
            token.attrs[name] = HOLE.sub(lambda m: value_text(work, report, m), value)
    if token.children:
        token.children = [new for child in token.children for new in filled(work, child, report)]
    if token.type == "code_inline" and work.dialect == "flexdown":
        token.content = unescaped(token.content)
    if not HOLE.search(token.content):
        return [token]
    if token.type == "code_inline" and work.dialect != "flexdown":
        token.content = verbatim(work, token.content)
    elif token.type == "html_inline":
        token.content = HOLE.sub(lambda m: value_html(work, report, m), token.content)
    elif token.type in ("text", "text_special"):
        return split_text(work, token, report)
    else:
        token.content = HOLE.sub(lambda m: value_text(work, report, m), token.content)
    return [token]


def split_text(work: Work, token: Token, report: Report) -> list[Token]:
    """Replace marks in text; values that are HTML become tokens of their own."""
    made: list[Token] = []
    at = 0
    for match in HOLE.finditer(token.content):
        made.append(type(token)("text", "", 0, content=token.content[at : match.start()], level=token.level))
        result = hole_result(work, report, match)
        if result is not None and result.is_html:
            made.append(type(token)("html_inline", "", 0, content=result.html, level=token.level))
        else:
            made.append(
                type(token)("text", "", 0, content=value_text(work, report, match), level=token.level)
            )
        at = match.end()
    made.append(type(token)("text", "", 0, content=token.content[at:], level=token.level))
    return [t for t in joined(made) if t.content]


def joined(tokens: list[Token]) -> list[Token]:
    """Join neighbouring text, so that what looks at the beginning or end of a text sees all of it."""
    made: list[Token] = []
    for token in tokens:
        if made and token.type == made[-1].type == "text":
            made[-1].content += token.content
        else:
            made.append(token)
    return made


def hole_result(work: Work, report: Report, match: re.Match[str]) -> Result | None:
    """Give the result of the expression that a mark stands for; None when it did not run or failed."""
    index = work.places.get(int(match[1] or match[2]))
    return report.results[index] if index is not None and report.results[index].ran else None


def value_text(work: Work, report: Report, match: re.Match[str]) -> str:
    """Give a value as text; what could not be computed stays as written."""
    result = hole_result(work, report, match)
    if result is None:
        return work.holes[int(match[1] or match[2])][0]
    return re.sub(r"<[^>]*>", "", result.html) if result.is_html else result.text


def value_html(work: Work, report: Report, match: re.Match[str]) -> str:
    """Give a value as HTML, safe inside attributes too."""
    result = hole_result(work, report, match)
    if result is not None and result.is_html:
        return result.html
    return escape(value_text(work, report, match))
