"""Writing: tokens to HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from markdown_it.renderer import RendererHTML

from generator.words import english, escaped

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence

    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict


class Renderer(RendererHTML):
    """Writes tokens as HTML; fences come with their finished HTML in `token.meta["html"]`."""

    def renderToken(  # noqa: N802  (the library's name)
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Write a tag as the library does; most have no attributes, and are written the short way."""
        token = tokens[idx]
        if token.attrs or token.nesting == 0:
            return super().renderToken(tokens, idx, options, env)
        if token.hidden:
            return ""
        if token.nesting < 0:
            return f"</{token.tag}>\n" if token.block else f"</{token.tag}>"
        if not token.block:
            return f"<{token.tag}>"
        lead = "\n" if idx and tokens[idx - 1].hidden else ""
        after = tokens[idx + 1] if idx + 1 < len(tokens) else None
        joined = after and (
            after.type == "inline" or after.hidden or (after.nesting == -1 and after.tag == token.tag)
        )
        return f"{lead}<{token.tag}>" if joined else f"{lead}<{token.tag}>\n"

    def fence(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Write what composing made of a fence."""
        made = tokens[idx].meta.get("html")  # empty for a block that runs and shows nothing
        return code_html(escape(tokens[idx].content, quote=False)) if made is None else str(made)

    def code_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Write an indented code block."""
        return code_html(escape(tokens[idx].content, quote=False))

    def heading_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Write the end of a heading, with the link to itself."""
        anchor = escape(str(tokens[idx - 2].attrs.get("id", "")))
        if not anchor or tokens[idx].tag == "h1":
            return f"</{tokens[idx].tag}>\n"
        return f'<a class="anchor" href="#{anchor}" aria-label="{label(env, "link_to_section")}"></a></{tokens[idx].tag}>\n'

    def image(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Write an image, as composing made it where its file is known."""
        made = tokens[idx].meta.get("html") if tokens[idx].meta else None
        return str(made) if made else super().image(tokens, idx, options, env)

    def table_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Write the beginning of a table, which scrolls inside itself."""
        return f'<div class="table" tabindex="0" role="group" aria-label="{label(env, "table")}">\n{self.renderToken(tokens, idx, options, env)}'

    def table_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Write the end of a table."""
        return f"{self.renderToken(tokens, idx, options, env)}</div>\n"

    def th_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Write a header cell; alignment is a class, since style attributes break a strict CSP."""
        return self.cell(tokens[idx])

    td_open = th_open

    def cell(self, token: Token) -> str:
        """Write the beginning of a cell."""
        align = str(token.attrs.get("style", "")).partition(":")[2]
        return f'<{token.tag} class="{align}">' if align else f"<{token.tag}>"

    def math(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Write math: what composing made of it, else what the author wrote."""
        token = tokens[idx]
        return str(token.meta.get("html", "")) or escape(
            token.markup + token.content + token.markup, quote=False
        )

    def component_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Write nothing: what lies between is written by a template."""
        return ""

    component_close = include = attributes = component_open

    def footnote_block_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Write the beginning of the footnotes."""
        return f'<section class="footnotes" aria-label="{label(env, "footnotes")}">\n<ol>\n'

    def footnote_block_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Write the end of the footnotes."""
        return "</ol>\n</section>\n"


def label(env: MutableMapping[str, Any], key: str) -> str:
    """Give words of the theme in the language that `env` names, for an attribute."""
    return escaped((env.get("words") or english())[key])


def code_html(
    inner: str,
    language: str = "",
    title: str = "",
    classes: Sequence[str] = (),
    looks: Sequence[str] = (),
    identifier: str = "",
    foot: str = "",
) -> str:
    """Write a code block; the text of `<code>` is exactly the source. `looks` are classes of the frame, `foot` stands below."""
    names = escape(" ".join([f"language-{language}", *classes] if language else classes))
    code = f'<code class="{names}">' if names else "<code>"
    head = f'<div class="code-title">{escape(title)}</div>' if title else ""
    lang = f' data-lang="{escape(language)}"' if language else ""
    lang += f' id="{escape(identifier)}"' if identifier else ""
    return f'<div class="{" ".join(["code", *looks])}"{lang}>{head}<pre tabindex="0">{code}{inner}</code></pre>{foot}</div>\n'
