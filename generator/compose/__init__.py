"""Compose: one page's Markdown and Python to HTML, with its table of contents, links and problems.

The order is: mark `{{ … }}`, parse, collect what must run, run it (in another process), put the results in,
resolve links, write. Markdown never sees a value, so no value can turn into markup by accident.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from generator import markdown
from generator.cache import digest
from generator.compose import components
from generator.compose.expressions import fill_holes, mark_holes
from generator.compose.finishing import report_refused
from generator.compose.hooks import hook
from generator.compose.includes import Includer, gather_footnotes
from generator.compose.links import Resolver, resolve_links
from generator.compose.older import read_older
from generator.compose.piece import parsed, parser_of, write_fences
from generator.compose.running import run_code
from generator.compose.twin import markdown_of
from generator.compose.work import Work
from generator.config import Execute, Markdown
from generator.content import Content, Summary, workers_of
from generator.pages import header_and_body
from generator.plugins import NO_PLUGINS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from markdown_it.token import Token

    from generator.cache import Facts, Reads
    from generator.execute import Runner
    from generator.highlighter import Highlighter
    from generator.plugins import Plugins

RUNS_SOMETHING = re.compile(
    r"^[ \t>]*(?:`{3,}|~{3,})[ \t]*(?:python|py)\b[^\n]*\b(?:exec|demo)\b", re.MULTILINE
)
RUNS = re.compile(r"\b(?:exec|eval|demo)\b")
"""In the words of a block: its HTML is what code made, which may have anchors."""
EXCERPT_LENGTH = 200
WORDS_A_MINUTE = 220


def compose(
    path: str,
    reads: Reads,
    runner: Runner,
    url: str,
    highlighter: Highlighter,
    templates: Callable[[Facts], Any],
    plugins: Plugins = NO_PLUGINS,
) -> Content:
    """Compose one page. `url` is where it comes out (a fact of its own: `route:PATH`)."""
    options = reads.fact("config:markdown", Markdown)
    execution = reads.fact("config:execute", Execute)
    header, body = header_and_body(path, reads, typed=False)
    if options.preset == "commonmark":
        return plain_content(path, body)
    policy = reads.fact(f"html:{path}", str)
    options = replace(options, html=policy) if policy else options
    dialect = reads.fact(f"dialect:{path}", str) or options.dialect
    options = options if dialect == options.dialect else replace(options, dialect=dialect)
    older = dialect == "flexdown"
    doors = plugins.markdown({"generator.flexdown": older, "generator.wikilinks": options.wikilinks})
    work = Work(path, header, body, highlighter, reads, templates, dialect, plugins, doors)
    asks = older or bool(header.python) or bool(RUNS_SOMETHING.search(body))
    env: dict[str, Any] = {"words": work.words}
    marked = mark_holes(work) if asks else body
    tokens = parsed(work, marked, options, env)
    if older:
        read_older(work, tokens)
    report, left = run_code(work, tokens, execution, reads, runner, allowed=execution.enabled)
    fill_holes(work, tokens, report)
    write_fences(work, tokens, report, options)
    plain = markdown_of(work, tokens, marked, report) if asks and reads.fact(f"twin-at:{path}", str) else ""
    resolve_links(work, tokens, Resolver(path, url, reads))
    if "includes" in env:
        tokens = gather_footnotes(Includer(path, url, options, env).splice(work, tokens), env)
    markdown.mark_tasks(tokens, work.words)
    markdown.mark_alerts(tokens, work.words)
    toc = markdown.anchor_headings(tokens, options.toc_depth, options.slugs, env)
    report_refused(work, env)
    text = [markdown.plain_text(t) for t in tokens if t.type == "inline"]
    ids, excerpt = tuple(dict.fromkeys(all_ids(tokens, env))), excerpt_of(tokens)
    parser = parser_of(options, reads, doors)
    html = components.write(work, parser, hook(work, tokens, parser, env), env)
    summary = Summary(
        path,
        ids=ids,
        links=tuple(work.links),
        problems=tuple(sorted({*work.problems, *report.problems})),
        excerpt=excerpt,
        minutes=max(1, round(sum(len(t.split()) for t in text) / WORDS_A_MINUTE)),
        demos=digest(report.payload) if report.payload else "",
        workers=workers_of(report.payload) if report.payload else "",
        style=digest(report.style) if report.style else "",
        left=left,
        pictures=tuple(work.pictures),
        diagrams=work.diagrams,
    )
    return Content(summary, html, toc, report.payload, report.style, plain)


def plain_content(path: str, body: str) -> Content:
    """Compose by the bare specification."""
    html = markdown.commonmark(body)
    return Content(Summary(path, ids=tuple(markdown.ids_in(html))), html)


def all_ids(tokens: list[Token], env: dict[str, Any]) -> Iterator[str]:
    """Give every anchor of the page: headings, raw HTML, footnotes, what code has made."""
    for token in tokens:
        if token.type == "inline":
            for child in token.children or ():
                if child.type == "html_inline":
                    yield from markdown.ids_in(child.content)
                elif "id" in child.attrs:
                    yield str(child.attrs["id"])
        elif token.type == "html_block":
            yield from markdown.ids_in(token.content)
        elif token.type == "component_open":
            yield from [token.meta["attributes"].id] if token.meta["attributes"].id else []
        elif token.type == "fence":
            made = str(token.meta.get("html", ""))
            yield from markdown.ids_in(made) if " id=" in made else ()
        elif "id" in token.attrs:
            yield str(token.attrs["id"])
    for number in range(1, len(env.get("footnotes", {}).get("list", {})) + 1):
        yield f"fn{number}"
        yield f"fnref{number}"


def excerpt_of(tokens: Sequence[Token]) -> str:
    """Give the beginning of the first paragraph that has words of its own; what an image shows is said of the image alone."""
    for opening, inline in pairwise(tokens):
        if opening.type == "paragraph_open" and opening.level == 0:
            text = " ".join(markdown.plain_text(inline, images=False).split())
            if text:
                return (
                    text
                    if len(text) <= EXCERPT_LENGTH
                    else text[: EXCERPT_LENGTH - 1].rsplit(" ", 1)[0] + "…"
                )
    return ""
