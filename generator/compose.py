"""Compose: one page's Markdown and Python to HTML, with its table of contents, links and problems.

The order is: mark `{{ … }}`, parse, collect what must run, run it (in another process), put the results in,
resolve links, write. Markdown never sees a value, so no value can turn into markup by accident.
"""

from __future__ import annotations

import posixpath
import re
import textwrap
from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

import msgspec

from generator import markdown
from generator.config import Execute, Markdown
from generator.errors import Problem, error, warning
from generator.execute import Job, Report, Result, Step
from generator.fences import PYTHON_NAMES, Fence, line_numbers, read_fence
from generator.frontmatter import Header
from generator.highlight import highlight
from generator.markdown import TocEntry, code_html
from generator.pages import INDEX_NAMES, header_and_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from markdown_it.token import Token

    from generator.cache import Reads
    from generator.execute import Runner

OPEN, CLOSE = "\U000f5000", "\U000f5001"
"""Private-use letters around the number of an expression; Markdown treats them as letters of a word."""
HOLE = re.compile(rf"{OPEN}(\d+){CLOSE}|%F3%B5%80%80(\d+)%F3%B5%80%81", re.IGNORECASE)
RUNS_SOMETHING = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[ \t]*(?:python|py)\b[^\n]*\b(?:exec|demo)\b", re.MULTILINE)
HTML_LINK = re.compile(r"""(<(?:a|area|link)\b[^<>]*?\shref|<(?:img|source|video|audio|iframe|embed|track)\b[^<>]*?\ssrc)(\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)
EXCERPT_LENGTH = 200
WORDS_A_MINUTE = 220
DEMO_COMPILER = "generator.demos:DemoCompiler"


@dataclass(frozen=True, slots=True)
class Link:
    """One destination in a page, as far as this page alone can resolve it."""

    written: str
    """As the author wrote it."""
    line: int
    column: int
    source: str = ""
    """Path of the page or file that it leads to; empty when none was found."""
    fragment: str = ""
    """Anchor within that page, decoded."""
    is_image: bool = False
    found: bool = True
    """Whether the path leads anywhere (the anchor is checked when all pages are composed)."""
    withheld: str = ""
    """Why the target is not published, when it is not."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What other stages may know of a composed page without its HTML."""

    path: str
    """The page."""
    ids: tuple[str, ...] = ()
    """All anchors in it."""
    links: tuple[Link, ...] = ()
    """All internal links and images."""
    problems: tuple[Problem, ...] = ()
    """What its author should know."""
    excerpt: str = ""
    """Beginning of its text, for lists without a description."""
    minutes: int = 1
    """Reading time."""
    demos: str = ""
    """Digest of its demos' payload; empty without demos."""
    left: bool = False
    """Whether it holds code that was not run (`--no-exec`)."""


@dataclass(frozen=True, slots=True)
class Content:
    """The value of a `compose` unit."""

    summary: Summary
    """See there."""
    html: str
    """The page's own body."""
    toc: tuple[TocEntry, ...] = ()
    """Its headings from the second level on."""
    payload: bytes = b""
    """What its demos need in the browser."""


@dataclass(slots=True)
class Work:
    """One page while it is composed."""

    path: str
    header: Header
    body: str
    fences: dict[int, Fence] = field(default_factory=dict)
    """`id(token)` → its fence."""
    holes: list[tuple[str, str, int, int]] = field(default_factory=list)
    """Number → (as written, expression, line, column)."""
    steps: list[Step] = field(default_factory=list)
    places: dict[object, int] = field(default_factory=dict)
    """`id(token)` of a fence, or number of a hole → index of its step."""
    problems: list[Problem] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    searched: dict[str, int] = field(default_factory=dict)
    """Destination → offset in the body up to which it was found already."""


def compose(path: str, reads: Reads, runner: Runner, url: str) -> Content:
    """Compose one page. `url` is where it comes out (a fact of its own: `route:PATH`)."""
    options = reads.fact("config:markdown", Markdown)
    execution = reads.fact("config:execute", Execute)
    header, body = header_and_body(path, reads)
    if options.preset == "commonmark":
        return plain_content(path, body)
    work = Work(path, header, body)
    asks = bool(header.python) or bool(RUNS_SOMETHING.search(body))
    parser = markdown.make_parser(options.preset)
    env: dict[str, Any] = {}
    tokens = parser.parse(mark_holes(work) if asks else body, env)
    report, left = run_code(work, tokens, execution, reads, runner, allowed=execution.enabled)
    fill_holes(work, tokens, report)
    for token in markdown.walk(tokens):
        if token.type == "fence":
            fence = work.fences.get(id(token)) or read_fence(token.info)
            token.meta["html"] = fence_html(work, token, fence, report, highlighted=options.highlight)
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
        demos=digest_of(report.payload),
        left=left,
    )
    return Content(summary, html, toc, report.payload)


def plain_content(path: str, body: str) -> Content:
    """Compose by the bare specification."""
    html = markdown.commonmark(body)
    return Content(Summary(path, ids=tuple(markdown.ids_in(html))), html)


def digest_of(payload: bytes) -> str:
    """Name a payload by its content."""
    from generator.cache import digest

    return digest(payload) if payload else ""


# ---------------------------------------------------------------- expressions in prose


def mark_holes(work: Work) -> str:
    """Put a numbered mark in the place of each `{{ expression }}`; which of them count is known after parsing."""
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
    if not work.holes:
        return
    for token in tokens:
        if token.children:
            token.children = [new for child in token.children for new in filled(work, child, report)]
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
    if not HOLE.search(token.content):
        return [token]
    if token.type == "code_inline":
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
            made.append(type(token)("text", "", 0, content=value_text(work, report, match), level=token.level))
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


# ---------------------------------------------------------------- running


def run_code(
    work: Work, tokens: list[Token], execution: Execute, reads: Reads, runner: Runner, *, allowed: bool
) -> tuple[Report, bool]:
    """Collect what the page wants to run, and run it; also say whether anything was left alone."""
    collect_steps(work, tokens)
    if not work.steps:
        return Report([], [], {}), False
    failed = [Result() for _ in work.steps]
    if not allowed:
        message = "the page's code was not run (--no-exec); its blocks are shown as they stand"
        work.problems.append(warning(work.path, message, line=work.steps[0].line))
        return Report(failed, [], {}), True
    if any(p.line and p.level == "error" for p in work.header.problems):
        return Report(failed, [], {}), False  # the header's own problem was reported when it was loaded
    job = Job(reads.facts.root, work.path, python_of(work, tokens), work.steps, execution.timeout, DEMO_COMPILER)
    report = runner.run(job)
    reads.note(report.keys)
    return report, False


def collect_steps(work: Work, tokens: list[Token]) -> None:
    """List header, fences and expressions in the order of the page."""
    if work.header.python.strip():
        work.steps.append(Step("exec", work.header.python, work.header.python_line))
    for token in tokens:
        if token.type == "fence":
            collect_fence(work, token)
        elif token.type == "html_block":
            collect_holes(work, token.content)
        elif token.type == "inline":
            for child in markdown.walk(token.children or []):
                if child.type != "code_inline":
                    collect_holes(work, child.content)
                for value in child.attrs.values():
                    collect_holes(work, str(value))


def collect_holes(work: Work, text: str) -> None:
    """Add the expressions of one text."""
    for number in holes_in(work, text):
        _, expression, line, _ = work.holes[number]
        work.places[number] = len(work.steps)
        work.steps.append(Step("interpolate", expression, line))


def collect_fence(work: Work, token: Token) -> None:
    """Add what a code block wants to run."""
    fence = work.fences[id(token)] = read_fence(verbatim(work, token.info))
    line = fence_line(work, token)
    if fence.wrong:
        work.problems.append(error(work.path, fence.wrong, line=line, hint=fence.hint))
        work.fences[id(token)] = Fence(fence.language)
        return
    if not fence.runs:
        return
    code = verbatim(work, token.content)
    verbs = set(fence.verbs)
    if fence.interpolates and not verbs & {"exec", "eval", "demo"}:
        collect_holes(work, token.content)
    if "source" in fence.options:
        kind, code = "source", fence.options["source"]
        line -= 1
    elif {"demo", "exec"} <= verbs:
        kind = "demo-exec"
    else:
        kind = next((verb for verb in ("exec", "eval", "demo") if verb in verbs), "")
    if kind:
        work.places[id(token)] = len(work.steps)
        work.steps.append(Step(kind, code, line + 1, dict(fence.options)))


def fence_line(work: Work, token: Token) -> int:
    """Give the line of the file on which a block begins."""
    return work.header.body_line + (token.map[0] if token.map else 0)


def python_of(work: Work, tokens: list[Token]) -> str:
    """Give the page's own Python at its true lines, all else blank: what `inspect` sees of the page."""
    rows = [""] * (work.header.body_line + work.body.count("\n") + 2)
    pieces = [(work.header.python_line, work.header.python)] if work.header.python else []
    for token in tokens:
        fence = work.fences.get(id(token))
        if fence and "exec" in fence.verbs and fence.language in PYTHON_NAMES:
            pieces.append((fence_line(work, token) + 1, verbatim(work, token.content)))
    for line, text in pieces:
        for offset, row in enumerate(text.rstrip("\n").split("\n")):
            if line - 1 + offset < len(rows):
                rows[line - 1 + offset] = row
    return "\n".join(rows) + "\n"


# ---------------------------------------------------------------- code blocks


def fence_html(work: Work, token: Token, fence: Fence, report: Report, *, highlighted: bool) -> str:
    """Write a code block: its code, its output, its demo, as its words say."""
    index = work.places.get(id(token))
    result = report.results[index] if index is not None else None
    code, language = token.content, fence.language
    if fence.interpolates:
        code = HOLE.sub(lambda m: value_text(work, report, m), code)
    if "source" in fence.options and result is not None:
        language = language or "python"
        code = result.text if result.ran else code or f"# {fence.options['source']}\n"
    code = shaped(work, token, fence, code)

    def shown() -> str:
        marked = marked_lines(work, token, fence, code)
        inner = highlight(code, language, marked) if highlighted else escape(code, quote=False)
        return code_html(inner, language, fence.options.get("title", ""), fence.classes)

    verbs = set(fence.verbs)
    if result is None or not result.ran or not verbs & {"exec", "eval", "demo"}:
        return shown()
    wanted = fence.options.get("show", default_show(verbs))
    made = result.html if result.is_html else escape(result.text, quote=False)
    if "exec" in verbs and "demo" not in verbs:
        made = output_html(result.output)
    parts = [shown()] if wanted in ("both", "code") else []
    parts += [made] if wanted in ("both", "output") else []
    if "demo" in verbs and wanted == "both":
        return f'<div class="example">\n{"".join(parts)}</div>\n'
    return "".join(parts)


def default_show(verbs: set[str]) -> str:
    """Say what of a block is shown when it does not say so itself."""
    if {"demo", "exec"} <= verbs:
        return "both"
    return "nothing" if "exec" in verbs else "output"


def output_html(text: str) -> str:
    """Write what a block printed."""
    if not text:
        return ""
    return f'<div class="output"><pre tabindex="0"><code>{escape(text, quote=False)}</code></pre></div>\n'


def shaped(work: Work, token: Token, fence: Fence, code: str) -> str:
    """Apply `lines=`, `dedent` and `replace=` to the text of a block."""
    if "lines" in fence.options:
        rows = code.splitlines(keepends=True)
        try:
            wanted = line_numbers(fence.options["lines"], len(rows))
            code = "".join(row for number, row in enumerate(rows, 1) if number in wanted)
        except ValueError as wrong:
            work.problems.append(error(work.path, f"lines: {wrong}", line=fence_line(work, token)))
    if "dedent" in fence.verbs or "source" in fence.options:
        code = textwrap.dedent(code)
    if "replace" in fence.options:
        old, arrow, new = fence.options["replace"].partition("->")
        if arrow and old and old in code:
            code = code.replace(old, new)
        else:
            what = f"“{old}” does not stand in the code" if arrow else "expected replace=\"old->new\""
            work.problems.append(error(work.path, f"replace: {what}", line=fence_line(work, token)))
    return code


def marked_lines(work: Work, token: Token, fence: Fence, code: str) -> set[int]:
    """Give the lines that `hl=` names."""
    spec = fence.options.get("hl") or fence.options.get("hl_lines")
    if not spec:
        return set()
    try:
        return line_numbers(spec, code.count("\n") + 1)
    except ValueError as wrong:
        work.problems.append(warning(work.path, f"hl: {wrong}", line=fence_line(work, token)))
        return set()


# ---------------------------------------------------------------- links


@dataclass(frozen=True, slots=True)
class Resolver:
    """Finds what a destination in one page leads to."""

    path: str
    url: str
    reads: Reads

    def resolve(self, written: str) -> tuple[str, Link] | None:
        """Give the destination's final URL and what is known of it; None for what leads out of the site."""
        try:
            parts = urlsplit(written)
        except ValueError:
            return None
        if parts.scheme or parts.netloc or written.startswith("//"):
            return None
        fragment = unquote(parts.fragment)
        tail = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
        if not parts.path:
            return written, Link(written, 0, 0, self.path, fragment)
        for source in self.candidates(unquote(parts.path)):
            url = self.reads.fact(f"route:{source}", str)
            if url is not None:
                base = self.reads.fact("config:base_path", str)
                return base + url.removeprefix("/") + tail, Link(written, 0, 0, source, fragment)
            why = self.reads.fact(f"withheld:{source}", str)
            if why is not None:
                return written, Link(written, 0, 0, source, fragment, found=False, withheld=why)
        target = urljoin(self.url, parts.path)
        for candidate in (target, target + "/", target.removesuffix("index.html")):
            source = self.reads.fact(f"url:{candidate}", str)
            if source is not None:
                base = self.reads.fact("config:base_path", str)
                return base + candidate.removeprefix("/") + tail, Link(written, 0, 0, source, fragment)
        return written, Link(written, 0, 0, "", fragment, found=False)

    def candidates(self, path: str) -> Iterator[str]:
        """Give the sources that a path may mean, relative to the page's folder or, with a slash, to the root."""
        if path.startswith("/"):
            target = posixpath.normpath(path.lstrip("/") or ".")
        else:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), path))
        if target.startswith(".."):
            return
        if not path.endswith("/"):
            yield target
        if not posixpath.splitext(target)[1] or path.endswith("/"):
            folder = "" if target == "." else target + "/"
            if folder and not path.endswith("/"):
                yield target + ".md"
            for name in INDEX_NAMES:
                yield f"{folder}{name}.md"
            yield f"{folder}README.md"


def resolve_links(work: Work, tokens: list[Token], resolver: Resolver) -> None:
    """Rewrite the destinations of all links and images, and note them for the check."""
    for token in tokens:
        if token.type == "inline":
            first = work.header.body_line + (token.map[0] if token.map else 0)
            for child in markdown.walk(token.children or []):
                if child.type == "link_open":
                    resolve_attribute(work, child, "href", resolver, first)
                elif child.type == "image":
                    resolve_attribute(work, child, "src", resolver, first)
                elif child.type == "html_inline":
                    child.content = resolve_html(work, child.content, resolver, first)
        elif token.type == "html_block":
            first = work.header.body_line + (token.map[0] if token.map else 0)
            token.content = resolve_html(work, token.content, resolver, first)


def resolve_attribute(work: Work, token: Token, name: str, resolver: Resolver, first: int) -> None:
    """Rewrite one destination of Markdown."""
    written = str(token.attrs.get(name, ""))
    final = resolve_one(work, written, resolver, first, is_image=name == "src")
    safe = markdown.finish_url(final)
    if final and not safe:
        line, column = place_of(work, written, first)
        work.problems.append(error(work.path, f"the link “{written}” has an unsafe scheme; it was removed", line=line, column=column))
    token.attrs[name] = safe


def resolve_html(work: Work, html: str, resolver: Resolver, first: int) -> str:
    """Rewrite the destinations in raw HTML; what does not resolve stays as written."""

    def one(match: re.Match[str]) -> str:
        quote, written = match[3][0], match[3][1:-1]
        if "&" in written or not written:
            return match[0]
        final = resolve_one(work, written, resolver, first, is_image=not match[1].lower().endswith("href"))
        return f"{match[1]}{match[2]}{quote}{escape(final) if final != written else written}{quote}"

    return HTML_LINK.sub(one, html)


def resolve_one(work: Work, written: str, resolver: Resolver, first: int, *, is_image: bool) -> str:
    """Resolve a destination and note the link with its place."""
    found = resolver.resolve(written)
    if found is None:
        return written
    final, link = found
    if not link.found or link.fragment:
        line, column = place_of(work, written, first)
        work.links.append(replace(link, line=line, column=column, is_image=is_image))
    elif link.source:
        work.links.append(replace(link, line=first, is_image=is_image))
    return final


def place_of(work: Work, written: str, first: int) -> tuple[int, int]:
    """Find where a destination stands, from its block on; each occurrence is found once."""
    start = work.searched.get(written, -1)
    if start < 0:
        offset = 0
        for _ in range(first - work.header.body_line):
            offset = work.body.find("\n", offset) + 1
        start = offset
    at = work.body.find(written, start)
    if at < 0:
        at = work.body.find(written)
    if at < 0:
        return first, 0
    work.searched[written] = at + 1
    line = work.body.count("\n", 0, at) + work.header.body_line
    return line, at - work.body.rfind("\n", 0, at)


# ---------------------------------------------------------------- summary


def all_ids(tokens: list[Token], env: dict[str, Any]) -> Iterator[str]:
    """Give every anchor of the page: headings, raw HTML, footnotes, demos' elements."""
    for token in markdown.walk(tokens):
        if token.attrs.get("id"):
            yield str(token.attrs["id"])
        if token.type in ("html_inline", "html_block"):
            yield from markdown.ids_in(token.content)
        elif token.type == "fence":
            yield from markdown.ids_in(str(token.meta.get("html", ""))) if "demo" in token.info else ()
    for number in range(1, len(env.get("footnotes", {}).get("list", {})) + 1):
        yield f"fn{number}"
        yield f"fnref{number}"


def excerpt_of(tokens: Sequence[Token]) -> str:
    """Give the beginning of the first paragraph."""
    for opening, inline in zip(tokens, tokens[1:], strict=False):
        if opening.type == "paragraph_open" and opening.level == 0:
            text = " ".join(markdown.plain_text(inline).split())
            if text:
                return text if len(text) <= EXCERPT_LENGTH else text[: EXCERPT_LENGTH - 1].rsplit(" ", 1)[0] + "…"
    return ""


