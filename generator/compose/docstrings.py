"""Docstrings: what they write that Markdown does not know: doctests, literal blocks and roles of reStructuredText."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from generator.markdown import make_parser
from generator.markdown.blocks import INTERRUPTING, line_at

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

ROLE = re.compile(r":(?:py:)?(?:mod|class|func|meth|attr|data|exc|obj|const):`([~!]?)([^`<>]+)`")
REFERENCE = re.compile(r"\[([^\[\]\n]+)\]\[([A-Za-z_][\w.]*)\]")
FENCE = re.compile(r"\s*(`{3,}|~{3,})")
LITERAL = re.compile(r"(?P<before>\s*(?:[-*+]\s+|\d+[.)]\s+)?)(?P<text>|.*[^:])::\s*")
"""A line whose `::` says that a literal block follows; what stands before its text is a bullet."""
DIRECTIVE = re.compile(r"(?P<before>\s*)\.\. (?:code|code-block|sourcecode)::\s*(?P<language>[\w+-]*)\s*")
OPTION = re.compile(r"\s+:[\w-]+:.*")
PROMPT = re.compile(r">>>(?: |$)")
FLAG = re.compile(r"\s*#\s*doctest:.*$")
"""What only the runner of doctests wants to know."""


def parse_docstring(text: str, env: dict[str, object]) -> tuple[MarkdownIt, list[Token]]:
    """Give the tokens of a docstring's text and their parser; names that it refers to are links to `api:NAME`."""
    parser = make_parser("default", doors=(know_doctests,))
    text = ROLE.sub(role_link, literal_blocks(text))
    text = REFERENCE.sub(lambda match: f"[{match[1]}](api:{match[2]})", text)
    tokens = parser.parse(text, env)
    for token in tokens:
        if token.type == "code_block" and PROMPT.match(token.content):
            token.type, token.info, token.tag = "fence", "pycon", "code"
            token.content = cleaned(token.content)
    return parser, tokens


def role_link(match: re.Match[str]) -> str:
    """Turn a role of Sphinx into a link; `~` shows the last word alone, `!` makes none."""
    name = match[2].strip().removesuffix("()")
    shown = name.rpartition(".")[2] if match[1] == "~" else name
    return f"`{shown}`" if match[1] == "!" else f"[`{shown}`](api:{name})"


def know_doctests(parser: MarkdownIt) -> None:
    """Let a parser take a paragraph that begins with `>>>` for a session of Python, wherever it stands."""
    parser.block.ruler.before("blockquote", "doctest", doctest, {"alt": INTERRUPTING})


def doctest(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A session of Python: from `>>>` to the next blank line, as the module `doctest` has it."""
    if not PROMPT.match(line_at(state, start)):
        return False
    if silent:
        return True
    last = start + 1
    while last < end and not state.isEmpty(last) and state.sCount[last] >= state.blkIndent:
        last += 1
    token = state.push("fence", "code", 0)
    token.info, token.map = "pycon", [start, last]
    token.content = cleaned(state.getLines(start, last, state.sCount[start], keepLastLF=True))
    state.line = last
    return True


def cleaned(session: str) -> str:
    """Leave out of a session what is said to the runner of doctests alone."""
    rows = session.rstrip("\n").split("\n")
    rows = [FLAG.sub("", row) if row.startswith((">>>", "...")) else row for row in rows]
    return "\n".join("" if row.strip() == "<BLANKLINE>" else row for row in rows) + "\n"


def literal_blocks(text: str) -> str:
    """Write literal blocks (`Use it like this::`) and `.. code-block::` as Markdown does: as a colon and a fence.

    A session that is indented below `Example:` gets the blank line without which it would be a part of that paragraph.
    """
    if "::" not in text and ">>>" not in text:
        return text
    rows, made, at, fence = text.split("\n"), list[str](), 0, ""
    while at < len(rows):
        row = rows[at]
        at += 1
        if (
            not fence
            and made
            and made[-1].strip()
            and PROMPT.match(row.lstrip())
            and depth(made[-1]) < depth(row)
        ):
            made.append("")
        if mark := FENCE.match(row):
            closes = fence and mark[1].startswith(fence) and row.strip() == mark[1]
            fence = "" if closes else fence or mark[1]
        opening = None if fence else DIRECTIVE.fullmatch(row) or LITERAL.fullmatch(row)
        end = block_end(rows, at, opening) if opening else at
        if opening is None or end == at:
            made.append(row)
            continue
        code = [*rows[at:end]]
        while opening.re is DIRECTIVE and code and OPTION.fullmatch(code[0]):
            del code[0]
        made += fenced(opening, textwrap.dedent("\n".join(code)).strip("\n"))
        at = end
    return "\n".join(made)


def block_end(rows: list[str], at: int, opening: re.Match[str]) -> int:
    """Give where the indented block behind a line ends; `at` itself when there is none."""
    end = at
    if opening.re is LITERAL and at < len(rows) and rows[at].strip():
        return at  # the paragraph goes on
    for number in range(at, len(rows)):
        row = rows[number]
        if row.strip():
            if depth(row) <= depth(opening[0]):
                break
            end = number + 1
    return end


def depth(row: str) -> int:
    """Give how far a row is indented."""
    return len(row) - len(row.lstrip())


def fenced(opening: re.Match[str], code: str) -> list[str]:
    """Give the rows of the paragraph that announces a block of code, and of the block."""
    found = opening.groupdict()
    language = "pycon" if PROMPT.match(code) else found.get("language") or "python"
    marks = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`{3,}", code)), 3)
    head = [found["before"] + found["text"].rstrip() + ":", ""] if found.get("text") else []
    margin = " " * len(found["before"])
    return [*head, *(margin + row if row else "" for row in [marks + language, *code.split("\n"), marks]), ""]
