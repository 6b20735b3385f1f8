"""Lines: how the lines of a code block look: numbered, marked, folded away, tied to notes. The text stays exactly the source."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from generator.compose.running import fence_line
from generator.errors import error, warning
from generator.fences import line_numbers
from generator.markdown import code_html

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markdown_it.token import Token

    from generator.compose.work import Work
    from generator.fences import Fence

MARKS = ("hl", "ins", "del")
"""Options that name lines → classes of the same name."""
ANNOTATION = re.compile(r"(?:#|//|/\*|<!--|--|;|%)\s*\((\d{1,3})\)!?\s*(?:\*/|-->)?\s*$")
"""A comment that ties a line to a note, as Material for MkDocs knows it."""


def code_with_looks(work: Work, token: Token, fence: Fence, inner: str, language: str) -> str:
    """Write a code block whose words say how its lines are to look."""
    options, rows = fence.options, inner.split("\n")
    count = len(rows) - (rows[-1] == "")
    names: dict[int, list[str]] = {}
    for mark in MARKS:
        for number in numbers(work, token, mark, options, count):
            names.setdefault(number, []).append(mark)
    focus = numbers(work, token, "focus", options, count)
    for number in range(1, count + 1) if focus else ():
        if number not in focus:
            names.setdefault(number, []).append("dim")
    first = whole_number(work, token, fence, "linenos", 1)
    rows = [row_html(row, number, names.get(number, ()), first) for number, row in enumerate(rows[:count], 1)]
    tie_notes(work, token, fence, rows)
    looks = ["numbered"] if first is not None else []
    looks += ["wrap"] if options.get("wrap", "false") != "false" else []
    fold = whole_number(work, token, fence, "collapse", None)
    foot = ""
    if fold and fold < count:
        rows[fold - 1 :] = [rows[fold - 1] + '<span class="rest">\n' + "\n".join(rows[fold:]) + "</span>"]
        foot = f'<label class="unfold"><input type="checkbox"> All {count} lines</label>'
    html = "\n".join(rows) + "\n" * (inner.endswith("\n"))
    return code_html(
        html, language, options.get("title", ""), fence.classes, looks, options.get("id", ""), foot
    )


def row_html(row: str, number: int, names: Sequence[str], first: int | None) -> str:
    """Write one line with its classes and, where lines are numbered, its number, which is no text."""
    if first is not None:
        return f'<span class="{" ".join(["line", *names])}" data-n="{first + number - 1}">{row}</span>'
    return f'<span class="{" ".join(names)}">{row}</span>' if names else row


def numbers(work: Work, token: Token, key: str, options: Mapping[str, str], most: int) -> set[int]:
    """Give the lines that an option names."""
    if not options.get(key):
        return set()
    try:
        named = line_numbers(options[key], most)
    except ValueError as wrong:
        work.problems.append(warning(work.path, f"{key}: {wrong}", line=fence_line(work, token)))
        return set()
    beyond = next((one for one in re.findall(r"\d+", options[key]) if not 0 < int(one) <= most), "")
    if beyond:
        message = f"{key}: there is no line {beyond}; the block has {most} line{'s' if most != 1 else ''}"
        work.problems.append(warning(work.path, message, line=fence_line(work, token)))
    return named


def whole_number(work: Work, token: Token, fence: Fence, key: str, alone: int | None) -> int | None:
    """Give the number that an option holds; `alone` when it stands without one, None when it is absent or wrong."""
    value = fence.options.get(key, "")
    if value == "true" and alone is not None:
        return alone
    if not value or value == "false":
        return None
    if re.fullmatch(r"\d{1,6}", value) and int(value):
        return int(value)
    message = f"{key}={value}: expected a number of lines" + (", or the word alone" if alone else "")
    work.problems.append(warning(work.path, message, line=fence_line(work, token)))
    return None


# ---------------------------------------------------------------- notes


def tie_notes(work: Work, token: Token, fence: Fence, rows: list[str]) -> None:
    """Put a link to its note at the end of each line that `notes` names; the list behind the block holds the notes."""
    spec = fence.options.get("notes", "")
    if not spec:
        return
    try:
        lines = [min(line_numbers(part, len(rows))) for part in re.split(r"[,\s]+", spec.strip())]
    except (ValueError, IndexError):
        message = f"notes={spec}: expected the numbers of lines of this block, for example 1,4"
        work.problems.append(warning(work.path, message, line=fence_line(work, token)))
        return
    work.number += 1
    token.meta["notes"] = [f"note-{work.number}-{number}" for number in range(1, len(lines) + 1)]
    for number, (line, name) in enumerate(zip(lines, token.meta["notes"], strict=True), 1):
        label = escape(work.words.text("note_number", number=number))
        rows[line - 1] += f'<a class="ref" href="#{name}" data-note="{number}" aria-label="{label}"></a>'


def place_notes(work: Work, tokens: list[Token]) -> None:
    """Make the numbered lists behind blocks their notes."""
    for at, token in enumerate(tokens):
        names = token.meta.get("notes") if token.type == "fence" else None
        if not names:
            continue
        opening = tokens[at + 1] if at + 1 < len(tokens) else None
        items = items_of(tokens, at + 1) if opening and opening.type == "ordered_list_open" else []
        if len(items) != len(names):
            found = (
                f"the list behind the block has {len(items)}"
                if items
                else "no numbered list follows the block"
            )
            message = f"notes names {len(names)} lines, but {found}"
            work.problems.append(error(work.path, message, line=fence_line(work, token)))
        elif opening:
            opening.attrJoin("class", "notes")
        for item, name in zip(items, names, strict=False):
            item.attrSet("id", name)


def items_of(tokens: list[Token], start: int) -> list[Token]:
    """Give the items of the list that begins at a token."""
    found = []
    for token in tokens[start + 1 :]:
        if token.type == "ordered_list_close" and token.level == tokens[start].level:
            break
        if token.type == "list_item_open" and token.level == tokens[start].level + 1:
            found.append(token)
    return found


def annotated(fence: Fence, token: Token, after: Sequence[Token]) -> Fence:
    """Tie a block to the list behind it when comments in it ask for that as Material for MkDocs has it."""
    spec = commented_lines(token.content) if after and after[0].type == "ordered_list_open" else ""
    if not spec or "notes" in fence.options:
        return fence
    return replace(fence, options={**fence.options, "notes": spec})


def commented_lines(code: str) -> str:
    """Give the value of `notes` that Material's comments in a block stand for; nothing without any."""
    found = {}
    for number, row in enumerate(code.split("\n"), 1):
        match = ANNOTATION.search(row)
        if match:
            found[int(match[1])] = number
    in_order = sorted(found) == list(range(1, len(found) + 1))
    return ",".join(str(found[n]) for n in sorted(found)) if found and in_order else ""
