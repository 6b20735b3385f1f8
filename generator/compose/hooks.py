"""Hooks: elements that a site writes its own way, by templates `markdown/<element>.html`.

Which there are is one question for a page: what stands in that folder. A site without it pays for nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from generator.errors import ProblemError, did_you_mean, warning
from generator.markdown import plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    from generator.compose.work import Work

FOLDER = "templates/markdown"
BLOCKS = {"heading_open": "heading", "table_open": "table", "blockquote_open": "blockquote"}
"""Token that begins a block → the element that it is."""
ELEMENTS = ("blockquote", "code", "heading", "image", "link", "table")


def hooks_of(work: Work) -> set[str]:
    """Name the elements that the site writes itself; a template for none of them is a problem."""
    names = work.reads.names(FOLDER)
    for name in names:
        stem, _, suffix = name.rpartition(".")
        if suffix == "html" and stem not in ELEMENTS:
            message = f"is never used; expected one of {', '.join(ELEMENTS)}"
            work.problems.append(warning(f"{FOLDER}/{name}", message, hint=did_you_mean(stem, ELEMENTS)))
    return {name.removesuffix(".html") for name in names if name.endswith(".html")} & {*ELEMENTS}


def hook(work: Work, tokens: list[Token], parser: MarkdownIt, env: dict[str, Any]) -> list[Token]:
    """Let the site's templates write the elements that they are for."""
    hooks = hooks_of(work)
    if not hooks:
        return tokens
    writer = Writer(work, parser, env, hooks)
    for token in tokens:
        if token.type == "inline" and token.children and hooks & {"link", "image"}:
            token.children = writer.inlines(token.children)
    return writer.blocks(tokens)


class Writer:
    """Writes the elements of one page."""

    def __init__(self, work: Work, parser: MarkdownIt, env: dict[str, Any], hooks: set[str]) -> None:
        self.work, self.parser, self.env, self.hooks = work, parser, env, hooks
        self.line = 0

    def fill(self, element: str, values: dict[str, Any]) -> str:
        """Render the template of an element; when that fails, nothing, and the problem is noted."""
        asker = f"{self.work.path}:{self.line}" if self.line else self.work.path
        values["say"] = self.work.words
        try:
            return str(self.work.templates.part(self.work.reads, f"markdown/{element}.html", asker, values))
        except ProblemError as wrong:
            self.work.problems += wrong.problems
            return ""

    def html(self, tokens: Sequence[Token]) -> Markup:
        """Write tokens as usual."""
        return Markup(self.parser.renderer.render(tokens, self.parser.options, self.env))  # noqa: S704

    def inlines(self, children: list[Token]) -> list[Token]:
        """Give the tokens of a line with its links and images written."""
        made: list[Token] = []
        links: list[int] = []
        for child in children:
            if child.type == "image" and "image" in self.hooks:
                alt = plain_text(child)
                values = {"src": "", "title": "", **child.attrs, "alt": alt, "attributes": child.attrs}
                values["content"] = self.html([type(child)("inline", "", 0, children=[child])])
                child = type(child)("html_inline", "", 0, content=self.fill("image", values))  # noqa: PLW2901
            made.append(child)
            if child.type == "link_open":
                links.append(len(made) - 1)
            elif child.type == "link_close" and "link" in self.hooks and links:
                opening, inner = made[links[-1]], made[links[-1] + 1 : -1]
                content = self.html([type(child)("inline", "", 0, children=inner)])
                values = {
                    "href": "",
                    "title": "",
                    **opening.attrs,
                    "content": content,
                    "attributes": opening.attrs,
                }
                made[links.pop() :] = [type(child)("html_inline", "", 0, content=self.fill("link", values))]
        return made

    def blocks(self, tokens: list[Token]) -> list[Token]:
        """Give the page's tokens with its blocks written, innermost first."""
        made: list[Token] = []
        opened: list[int] = []
        for token in tokens:
            if token.map:
                self.line = self.work.header.body_line + token.map[0]
            if token.type == "fence" and "code" in self.hooks and "code" in token.meta:
                values = {**token.meta["code"], "default": Markup(token.meta["html"])}  # noqa: S704
                token.meta["html"] = self.fill("code", values)
            made.append(token)
            if token.nesting > 0:
                opened.append(len(made) - 1)
            elif token.nesting < 0 and opened:
                start = opened.pop()
                element = BLOCKS.get(made[start].type, "")
                if element in self.hooks and made[start].tag != "div":  # an alert is no quotation any more
                    made[start:] = [
                        type(token)("html_block", "", 0, content=self.block(element, made[start:]))
                    ]
        return made

    def block(self, element: str, tokens: list[Token]) -> str:
        """Write one block."""
        opening, inner = tokens[0], tokens[1:-1]
        values: dict[str, Any] = {"content": self.html(inner), "attributes": opening.attrs}
        if element == "heading":
            values |= {"level": int(opening.tag[1:]), "id": opening.attrs.get("id", "")}
        return self.fill(element, values)
