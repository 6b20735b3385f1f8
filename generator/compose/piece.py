"""Piece: the Markdown of one file, a page or one that a page includes, on its way from text to finished tokens."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from generator import markdown, tables
from generator.compose import components
from generator.compose.blocks import fence_html
from generator.compose.files import included
from generator.compose.finishing import finish
from generator.compose.lines import annotated, place_notes
from generator.compose.policy import apply_policy
from generator.compose.running import fence_line
from generator.diagrams import OPENING
from generator.fences import read_fence

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    from generator.cache import Reads
    from generator.compose.work import Work
    from generator.config import Markdown
    from generator.execute import Report

SNIPPET = re.compile(r"^([ \t]*);?-+8<-+[ \t]+[\"']([^\"'\n]+)[\"'][ \t]*$", re.MULTILINE)
"""A line of code in whose place MkDocs' snippets put a file; a semicolon before it keeps it as it is."""


def parser_of(options: Markdown, reads: Reads, doors: tuple[Callable[[Any], object], ...] = ()) -> MarkdownIt:
    """Give the parser that a site's configuration asks for, changed by plug-ins."""
    quotes = str(reads.fact("config:site")["language"]) if options.smart_quotes else ""
    return markdown.make_parser(options.preset, options.dialect, quotes, doors)


def parsed(work: Work, text: str, options: Markdown, env: dict[str, Any]) -> list[Token]:
    """Parse a text, and do what its constructs have left to do."""
    if work.path == options.glossary:
        env["glossary"] = True
    tokens = components.pair(work, parser_of(options, work.reads, work.doors).parse(text, env), env)
    apply_policy(tokens, options.html)
    return finish(work, tokens, env, options)


def write_fences(work: Work, tokens: list[Token], report: Report, options: Markdown) -> None:
    """Write all blocks of code."""
    noted = False
    for at, token in enumerate(tokens):
        if token.type == "fence":
            fence = work.fences.get(id(token)) or read_fence(token.info)
            if options.dialect == "mkdocs":
                fill_snippets(work, token)
                fence = annotated(fence, token, tokens[at + 1 : at + 2])
            noted |= "notes" in fence.options
            if fence.language == "api":
                from generator.compose.reference import reference_html

                token.meta["html"] = reference_html(work, token, fence, work.reads)
                continue
            writer = work.plugins.fence(fence.language)
            made = work.plugins.call(writer, token.content, fence) if writer and not fence.runs else None
            work.diagrams |= bool(made) and str(made).startswith(OPENING)
            if made is not None and fence.language in tables.DELIMITERS:
                made = str(made).replace(f'"{tables.LABEL}"', f'"{escape(work.words.text("table"))}"', 1)
            if made is None:
                made = fence_html(work, token, fence, report, highlighted=options.highlight)
            token.meta["html"] = str(made)
    if noted:
        place_notes(work, tokens)


def fill_snippets(work: Work, token: Token) -> None:
    """Put files into a block where lines `--8<-- "file:region"` ask for it."""

    def filled(match: re.Match[str]) -> str:
        if ";" in match[0].partition("8<")[0]:
            return match[0].replace(";", "", 1)
        name, _, region = match[2].partition(":")
        line = fence_line(work, token) + token.content.count("\n", 0, match.start()) + 1
        found = included(work, name, {"region": region}, line)
        rows = found[1].rstrip("\n").split("\n") if found else [match[0].strip()]
        return "\n".join(match[1] + row if row else row for row in rows)

    if "8<" in token.content:
        token.content = SNIPPET.sub(filled, token.content)
