"""Blocks: a code block as HTML: its code, its output, its demo, as its words say."""

from __future__ import annotations

import posixpath
import re
import textwrap
from html import escape
from typing import TYPE_CHECKING

from markupsafe import Markup

from generator.compose.expressions import HOLE, value_text
from generator.compose.files import included, known_regions, lines_of, region, regions, without_markers
from generator.compose.finishing import math_html
from generator.compose.lines import code_with_looks
from generator.compose.running import fence_column, fence_line
from generator.errors import did_you_mean, error, warning
from generator.fences import LOOKS
from generator.markdown import code_html

if TYPE_CHECKING:
    from markdown_it.token import Token

    from generator.compose.work import Work
    from generator.execute import Report
    from generator.fences import Fence

NUMBER = re.compile(r'data-demo="(\d+)"')
"""The number of a demo in its page."""


def fence_html(work: Work, token: Token, fence: Fence, report: Report, *, highlighted: bool) -> str:
    """Write a code block: its code, its output, its demo, as its words say."""
    index = work.places.get(id(token))
    result = report.results[index] if index is not None else None
    code, language = token.content, fence.language
    if fence.interpolates:
        code = HOLE.sub(lambda m: value_text(work, report, m), code)
    if fence.file:
        found = included(work, fence.file, fence.options, fence_line(work, token))
        language = language or posixpath.splitext(fence.file)[1].removeprefix(".").lower()
        code = found[1] if found else code
    elif "source" in fence.options and result is not None:
        language = language or "python"
        code = (
            named_region(work, token, fence, result.text)
            if result.ran
            else code or f"# {fence.options['source']}\n"
        )
    code = shaped(work, token, fence, code)
    if language == "math" and result is None:
        return f'<div class="math">{math_html(work, token, code, block=True) or escape(code, quote=False)}</div>\n'

    def shown() -> str:
        inner = coloured(work, token, code, language) if highlighted else escape(code, quote=False)
        token.meta["code"] = {
            "code": code,
            "html": Markup(inner),  # noqa: S704
            "language": language,
            "title": fence.options.get("title", ""),
            "classes": " ".join(fence.classes),
        }
        if fence.options.keys().isdisjoint(LOOKS):
            return code_html(inner, language, "", fence.classes)
        return code_with_looks(work, token, fence, inner, language)

    verbs = set(fence.verbs)
    if result is None or not result.ran or not verbs & {"exec", "eval", "demo"}:
        return shown()
    wanted = fence.options.get("show", default_show(verbs))
    made = result.html if result.is_html else escape(result.text, quote=False)
    if "exec" in verbs and "demo" not in verbs:
        made = output_html(work, result.output)
    parts = [shown()] if wanted in ("both", "code") else []
    parts += [made] if wanted in ("both", "output") else []
    if "demo" in verbs and wanted == "both":
        return f'<div class="example">\n{leaves(work, made)}{"".join(parts)}</div>\n'
    return "".join(parts)


def named_region(work: Work, token: Token, fence: Fence, code: str) -> str:
    """Give the region of an object's source that `region=` names."""
    name = fence.options.get("region", "")
    found = region(code, name) if name else None
    if name and not found:
        message = f"there is no region “{name}” in the source of {fence.options['source']}"
        names = [one for one, _, _ in regions(code)]
        hint = did_you_mean(name, names) or known_regions(names)
        work.problems.append(error(work.path, message, line=fence_line(work, token), hint=hint))
    return without_markers(found[0], every=True) if found else code


def leaves(work: Work, demo: str) -> str:
    """Write the choice of demo or code, for screens that are too narrow for both; it needs no script."""
    found = NUMBER.search(demo)
    name = f"example-{found[1] if found else 0}"
    choices = "".join(
        f'<label><input type="radio" name="{name}" value="{value}"{checked}> {work.words(f"show_{value}")}</label>'
        for value, checked in (("view", " checked"), ("code", ""))
    )
    label = escape(work.words.text("show"))
    return f'<div class="leaves" role="radiogroup" aria-label="{label}">{choices}</div>\n'


def coloured(work: Work, token: Token, code: str, language: str) -> str:
    """Highlight the code of a block; code that no lexer is done with in time stays plain, with a warning."""
    html, given_up = work.highlighter.highlight(code, language)
    if not given_up:
        return html
    message = f"highlighting this {language} {given_up}; the block is shown plain"
    line, column = fence_line(work, token), fence_column(work, token)
    work.problems.append(warning(work.path, message, line=line, column=column))
    return escape(code, quote=False)


def default_show(verbs: set[str]) -> str:
    """Say what of a block is shown when it does not say so itself."""
    if {"demo", "exec"} <= verbs:
        return "both"
    return "nothing" if "exec" in verbs else "output"


def output_html(work: Work, text: str) -> str:
    """Write what a block printed."""
    if not text:
        return ""
    label = escape(work.words.text("code_output"))
    code = f'<pre tabindex="0"><code>{escape(text, quote=False)}</code></pre>'
    return f'<div class="output" data-label="{label}">{code}</div>\n'


def shaped(work: Work, token: Token, fence: Fence, code: str) -> str:
    """Apply `lines=`, `dedent` and `replace=` to the text of a block."""
    if "lines" in fence.options:
        try:
            code = lines_of(code, fence.options["lines"])
        except ValueError as wrong:
            work.problems.append(error(work.path, f"lines: {wrong}", line=fence_line(work, token)))
    if "dedent" in fence.verbs or "source" in fence.options:
        code = textwrap.dedent(code)
    if "replace" in fence.options:
        old, arrow, new = fence.options["replace"].partition("->")
        if arrow and old and old in code:
            code = code.replace(old, new)
        else:
            what = f"“{old}” does not stand in the code" if arrow else 'expected replace="old->new"'
            work.problems.append(error(work.path, f"replace: {what}", line=fence_line(work, token)))
    return code
