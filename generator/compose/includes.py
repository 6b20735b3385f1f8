"""Includes: another file's Markdown in the place of `:::include file.md`, its headings a level deeper, its links still right.

The code of an included file is shown and never run: it belongs to no page. Places in problems are those of the file itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from generator.compose.files import included, lines_of
from generator.compose.links import Resolver, resolve_links
from generator.compose.piece import parsed, write_fences
from generator.compose.running import fence_line
from generator.compose.work import Work
from generator.errors import did_you_mean, error, warning
from generator.execute import Report
from generator.fences import Fence, read_fence
from generator.frontmatter import Header
from generator.markdown import walk
from generator.pages import split

if TYPE_CHECKING:
    from markdown_it.token import Token

    from generator.config import Markdown

OPTIONS = ("file", "lines", "region", "shift")
NOTES = ("footnote_ref", "footnote_open", "footnote_anchor")
"""Tokens that carry the number of a footnote."""


@dataclass(frozen=True, slots=True)
class Includer:
    """Takes other files into one page."""

    page: str
    """The page."""
    url: str
    """Where it comes out."""
    options: Markdown
    env: dict[str, Any]
    """What parsing the page has left; footnotes are counted there."""

    def splice(self, work: Work, tokens: list[Token], chain: tuple[str, ...] = ()) -> list[Token]:
        """Give the tokens with those of included files in their places."""
        made: list[Token] = []
        level = 0
        for token in tokens:
            if token.type == "heading_open":
                level = int(token.tag[1:])
            if token.type == "include":
                made += self.taken_in(work, token, level, (*chain, work.path))
            else:
                made.append(token)
        return made

    def taken_in(self, work: Work, token: Token, level: int, chain: tuple[str, ...]) -> list[Token]:
        """Give the finished tokens of one included file."""
        given = dict(token.meta["attributes"].values)
        line = fence_line(work, token)
        for key in given.keys() - {*OPTIONS}:
            message = f"“include” has no attribute “{key}”; expected one of {', '.join(OPTIONS)}"
            work.problems.append(error(work.path, message, line=line, hint=did_you_mean(key, OPTIONS)))
        name, colon, region = given.get("file", "").partition(":")
        if colon and self.options.dialect == "mkdocs":
            given |= {"file": name, "region": region}
        found = included(work, given.get("file", ""), given, line)
        if found is None:
            return []
        path, text, first = found
        if path in chain:
            way = " → ".join([*chain[chain.index(path) :], path])
            work.problems.append(error(work.path, f"“{path}” includes itself: {way}", line=line))
            return []
        if "lines" in given:
            try:
                text = lines_of(text, given["lines"])
            except ValueError as wrong:
                work.problems.append(error(work.path, f"lines: {wrong}", line=line))
        inner = self.work_of(work, path, text, first)
        env: dict[str, Any] = {}
        tokens = parsed(inner, inner.body, self.options, env)
        leave_code_alone(inner, tokens)
        write_fences(inner, tokens, Report([], [], {}), self.options)
        resolve_links(inner, tokens, Resolver(path, self.url, work.reads, self.page))
        self.shift(work, tokens, given.get("shift", ""), level, line)
        tokens = self.count_footnotes(tokens, env)
        tokens = self.splice(inner, tokens, chain)
        work.number = inner.number
        work.diagrams |= inner.diagrams
        work.problems += inner.problems
        work.links += [one if one.file else replace(one, file=path) for one in inner.links]
        return tokens

    def work_of(self, work: Work, path: str, text: str, first: int) -> Work:
        """Begin to compose an included file; its front matter is not shown."""
        header = split(path, text, typed=False) if first == 1 else None
        body = text[header.body :] if header else text
        kept = header or Header(work.header.front_matter, "", 0, 0, first, ())
        ended = body if body.endswith("\n") else body + "\n"
        return Work(
            path,
            kept,
            ended,
            work.highlighter,
            work.reads,
            work.find_templates,
            plugins=work.plugins,
            doors=work.doors,
            number=work.number,
            said=work.words,
        )

    def shift(self, work: Work, tokens: list[Token], wanted: str, level: int, line: int) -> None:
        """Put the headings of an included file below that under which it stands, or as many levels deeper as is said."""
        headings = [t for t in tokens if t.type in ("heading_open", "heading_close")]
        if wanted and not wanted.lstrip("-").isdigit():
            message = f"shift={wanted}: expected a number of levels, for example 1"
            work.problems.append(error(work.path, message, line=line))
            wanted = ""
        top = min((int(t.tag[1:]) for t in headings), default=1)
        by = int(wanted) if wanted else max(0, level + 1 - top)
        for token in headings:
            token.tag = f"h{min(6, max(1, int(token.tag[1:]) + by))}"

    def count_footnotes(self, tokens: list[Token], env: dict[str, Any]) -> list[Token]:
        """Number the footnotes of an included file behind those of the page, and put them where the page's stand."""
        own = env.get("footnotes", {}).get("list", {})
        if not own:
            return tokens
        notes = self.env.setdefault("footnotes", {}).setdefault("list", {})
        before = len(notes)
        notes.update({before + number: note for number, note in own.items()})
        for token in walk(tokens):
            if token.type in NOTES:
                token.meta = {**token.meta, "id": token.meta["id"] + before}
        start = next((i for i, t in enumerate(tokens) if t.type == "footnote_block_open"), len(tokens))
        self.env.setdefault("included footnotes", []).extend(tokens[start + 1 : -1])
        return tokens[:start]


def leave_code_alone(work: Work, tokens: list[Token]) -> None:
    """Show the blocks of an included file that would run as they stand."""
    for token in tokens:
        if token.type == "fence":
            fence = read_fence(token.info)
            if fence.runs or fence.wrong:
                message = "the code of an included file is not run; the block is shown as it stands"
                work.problems.append(warning(work.path, message, line=fence_line(work, token)))
                work.fences[id(token)] = Fence(fence.language)


def gather_footnotes(tokens: list[Token], env: dict[str, Any]) -> list[Token]:
    """Put the footnotes of included files behind those of the page."""
    gathered = env.get("included footnotes")
    if not gathered:
        return tokens
    kind = type(tokens[0]) if tokens else type(gathered[0])
    if tokens and tokens[-1].type == "footnote_block_close":
        return [*tokens[:-1], *gathered, tokens[-1]]
    return [*tokens, kind("footnote_block_open", "", 1), *gathered, kind("footnote_block_close", "", -1)]
