"""Compose: one page's Markdown and Python to HTML, with its table of contents, links and problems.

The order is: mark `{{ … }}`, parse, collect what must run, run it (in another process), put the results in,
resolve links, write. Markdown never sees a value, so no value can turn into markup by accident.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from generator import markdown
from generator.cache import digest
from generator.compose.blocks import fence_html
from generator.compose.expressions import fill_holes, mark_holes
from generator.compose.links import Resolver, resolve_links
from generator.compose.running import run_code
from generator.compose.twin import markdown_of
from generator.compose.work import Work
from generator.config import Execute, Markdown
from generator.content import Content, Summary, is_early, workers_of
from generator.fences import read_fence
from generator.pages import header_and_body

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from generator.cache import Reads
    from generator.execute import Runner
    from generator.highlighter import Highlighter

RUNS_SOMETHING = re.compile(
    r"^[ \t>]*(?:`{3,}|~{3,})[ \t]*(?:python|py)\b[^\n]*\b(?:exec|demo)\b", re.MULTILINE
)
RUNS = re.compile(r"\b(?:exec|eval|demo)\b")
"""In the words of a block: its HTML is what code made, which may have anchors."""
EXCERPT_LENGTH = 200
WORDS_A_MINUTE = 220


def compose(path: str, reads: Reads, runner: Runner, url: str, highlighter: Highlighter) -> Content:
    """Compose one page. `url` is where it comes out (a fact of its own: `route:PATH`)."""
    options = reads.fact("config:markdown", Markdown)
    execution = reads.fact("config:execute", Execute)
    header, body = header_and_body(path, reads, typed=False)
    if options.preset == "commonmark":
        return plain_content(path, body)
    work = Work(path, header, body, highlighter)
    asks = bool(header.python) or bool(RUNS_SOMETHING.search(body))
    parser = markdown.make_parser(options.preset, wikilinks=options.wikilinks)
    env: dict[str, Any] = {}
    marked = mark_holes(work) if asks else body
    tokens = parser.parse(marked, env)
    report, left = run_code(work, tokens, execution, reads, runner, allowed=execution.enabled)
    fill_holes(work, tokens, report)
    for token in tokens:
        if token.type == "fence":
            fence = work.fences.get(id(token)) or read_fence(token.info)
            token.meta["html"] = fence_html(work, token, fence, report, highlighted=options.highlight)
    plain = markdown_of(work, tokens, marked, report) if asks and reads.fact(f"twin-at:{path}", str) else ""
    markdown.mark_tasks(tokens)
    markdown.mark_alerts(tokens)
    toc = markdown.anchor_headings(tokens, options.toc_depth)
    resolve_links(work, tokens, Resolver(path, url, reads))
    html = parser.renderer.render(tokens, parser.options, env)
    text = [markdown.plain_text(t) for t in tokens if t.type == "inline"]
    summary = Summary(
        path,
        ids=tuple(dict.fromkeys(all_ids(tokens, env))),
        links=tuple(work.links),
        problems=tuple(sorted({*work.problems, *report.problems})),
        excerpt=excerpt_of(tokens),
        minutes=max(1, round(sum(len(t.split()) for t in text) / WORDS_A_MINUTE)),
        demos=digest(report.payload) if report.payload else "",
        workers=workers_of(report.payload) if report.payload else "",
        early=bool(report.payload) and is_early(html),
        style=digest(report.style) if report.style else "",
        left=left,
        pictures=tuple(work.pictures),
    )
    return Content(summary, html, toc, report.payload, report.style, plain)


def plain_content(path: str, body: str) -> Content:
    """Compose by the bare specification."""
    html = markdown.commonmark(body)
    return Content(Summary(path, ids=tuple(markdown.ids_in(html))), html)


def all_ids(tokens: list[Token], env: dict[str, Any]) -> Iterator[str]:
    """Give every anchor of the page: headings, raw HTML, footnotes, demos' elements."""
    for token in tokens:
        if token.type == "inline":
            for child in token.children or ():
                if child.type == "html_inline":
                    yield from markdown.ids_in(child.content)
        elif token.type == "html_block":
            yield from markdown.ids_in(token.content)
        elif token.type == "fence":
            yield from markdown.ids_in(str(token.meta.get("html", ""))) if RUNS.search(token.info) else ()
        elif "id" in token.attrs:
            yield str(token.attrs["id"])
    for number in range(1, len(env.get("footnotes", {}).get("list", {})) + 1):
        yield f"fn{number}"
        yield f"fnref{number}"


def excerpt_of(tokens: Sequence[Token]) -> str:
    """Give the beginning of the first paragraph."""
    for opening, inline in pairwise(tokens):
        if opening.type == "paragraph_open" and opening.level == 0:
            text = " ".join(markdown.plain_text(inline).split())
            if text:
                return (
                    text
                    if len(text) <= EXCERPT_LENGTH
                    else text[: EXCERPT_LENGTH - 1].rsplit(" ", 1)[0] + "…"
                )
    return ""
