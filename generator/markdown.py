"""Markdown: the parser with its extensions, heading anchors, the table of contents, and the writing of HTML."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import table
from markdown_it.rules_core.linkify import linkify
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from generator.content import TocEntry
from generator.letters import go_by_letters

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping, Sequence

    from linkify_it.main import LinkifyIt, Match  # type: ignore[import-untyped]
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

HEADING_ATTRIBUTE = r"""(?:[#.][\w:.-]+|[\w:-]+=(?:"[^"{}]*"|[^\s"{}]+))"""
HEADING_ATTRIBUTES = re.compile(rf"\s*\{{:?\s*((?:{HEADING_ATTRIBUTE}(?:\s+|(?=\}})))+)\}}\s*$")
TASK = re.compile(r"\[([ xX])\](?=[ \t\u00a0]|$)")
WIKILINK = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]+))?\]\]")
ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*", re.IGNORECASE)
SLUG_KEPT = ("L", "M", "Nd", "Nl", "Pc")
"""Unicode categories of the letters that stay in anchors; marks too, which are vowels in the scripts of India."""
TOP_LEVEL_DOMAIN = r"[^\W\d_]{2,63}"
BEFORE_WWW = "*_~(\"'[<>"
"""Punctuation that may stand before a bare `www.`; what follows a slash, a hyphen, an at sign is part of a word."""
BARE_ADDRESS = re.compile(r"://|www\.|@|mailto:", re.IGNORECASE)
"""What every address that is linked by itself holds."""
PLAIN_URL = re.compile(r"[\w./#-]*", re.ASCII)
"""Destinations that nothing is done to: no scheme, nothing to encode."""
HTML_IDS = re.compile(r"""<[a-zA-Z][^<>]*?\s(?:id|name)\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s"'<>]+))""")


@lru_cache(maxsize=4)
def make_parser(preset: str, *, wikilinks: bool = False) -> MarkdownIt:
    """Give the parser of a preset. In `commonmark` nothing is added to the specification."""
    if preset == "commonmark":
        return MarkdownIt("commonmark")
    parser = MarkdownIt("commonmark", {"linkify": True}, renderer_cls=Renderer)
    parser.enable(["strikethrough", "linkify"])
    # A row that begins a list, a heading or a quote is no table's header: tables come where paragraphs would.
    parser.block.ruler.before("lheading", "gfm_table", table, {"alt": ["paragraph", "reference"]})
    parser.use(footnote_plugin).use(deflist_plugin)
    for rule in (Renderer.footnote_block_open, Renderer.footnote_block_close):
        parser.add_render_rule(rule.__name__, rule)
    if parser.linkify:
        link_as_github_does(parser.linkify)
        parser.core.ruler.at("linkify", link_bare_addresses)
    # Destinations stay as written until links are resolved; `finish_url` encodes them afterwards.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    if wikilinks:
        parser.inline.ruler.before("link", "wikilink", wikilink)
    go_by_letters(parser)
    return parser


def wikilink(state: StateInline, silent: bool) -> bool:
    """Read `[[Page]]`, `[[Page#anchor]]`, `[[Page|words]]`: a link whose destination begins with `wiki:`."""
    match = WIKILINK.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        state.push("link_open", "a", 1).attrs = {"href": f"wiki:{match[1].strip()}"}
        state.push("text", "", 0).content = (match[2] or match[1]).strip()
        state.push("link_close", "a", -1)
    state.pos = match.end()
    return True


def link_bare_addresses(state: StateCore) -> None:
    """Let the library look for addresses only where one can be: its search costs half as much as all the parsing."""
    every = state.tokens
    state.tokens = [
        token
        for token in every
        if token.type == "inline"
        and any(c.type == "text" and BARE_ADDRESS.search(c.content) for c in token.children or ())
    ]
    linkify(state)
    state.tokens = every


def link_as_github_does(linkify: LinkifyIt) -> None:
    """Link whole URLs, `www.` and e-mail addresses; bare words such as README.md and `//comments` stay words."""
    linkify.set({"fuzzy_link": False, "fuzzy_email": True, "fuzzy_ip": False})
    linkify.tlds([TOP_LEVEL_DOMAIN])  # the library's own list is shorter than the world's
    linkify.add("//", None)
    linkify.add("www.", {"validate": www_length, "normalize": add_scheme})


def www_length(linkify: LinkifyIt, text: str, at: int) -> int:
    """Give how many characters behind `www.` belong to the address; none inside a path or a word."""
    before = text[at - len("www.") - 1 : at - len("www.")]
    if before and not before.isspace() and before not in BEFORE_WWW:
        return 0
    match = re.compile(linkify.re["src_host_port_strict"] + linkify.re["src_path"], re.IGNORECASE).match(
        text, at
    )
    return len(match[0]) if match and "." in match[0].partition("/")[0] else 0


def add_scheme(linkify: LinkifyIt, match: Match) -> None:
    """Make a URL of what begins with `www.`."""
    match.url = f"http://{match.url}"


def commonmark(text: str) -> str:
    """Convert by the bare CommonMark specification."""
    return str(make_parser("commonmark").render(text))


def finish_url(url: str) -> str:
    """Percent-encode a destination as markdown-it would have done; unsafe schemes come out empty."""
    if PLAIN_URL.fullmatch(url):
        return url
    plain = make_parser("commonmark")
    encoded = plain.normalizeLink(url)
    return encoded if plain.validateLink(encoded) else ""


def walk(tokens: Sequence[Token]) -> Iterator[Token]:
    """Give all tokens, children after their parent."""
    for token in tokens:
        yield token
        if token.children:
            yield from walk(token.children)


def plain_text(token: Token) -> str:
    """Give the text of an inline token as a reader sees it."""
    parts = []
    for child in token.children or ():
        if child.type in ("text", "code_inline", "text_special"):
            parts.append(child.content)
        elif child.type == "image":
            parts.append(plain_text(child) if child.children else child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)


# ---------------------------------------------------------------- what is done to tokens


def slugify(text: str) -> str:
    """Make an anchor by GitHub's rule: lower case, punctuation dropped, spaces to hyphens."""
    kept = (c for c in text.strip().lower() if c in "- " or unicodedata.category(c).startswith(SLUG_KEPT))
    return "".join(kept).replace(" ", "-")


def anchor_headings(tokens: list[Token], depth: int) -> tuple[TocEntry, ...]:
    """Give each heading its id (explicit ones first) and return the table of contents."""
    headings = [
        (opening, tokens[i + 1]) for i, opening in enumerate(tokens) if opening.type == "heading_open"
    ]
    taken: set[str] = set()
    for opening, inline in headings:
        take_attributes(opening, inline)
        if opening.attrs.get("id"):
            taken.add(str(opening.attrs["id"]))
    flat = []
    counts: dict[str, int] = {}
    for opening, inline in headings:
        text = plain_text(inline).strip()
        if not opening.attrs.get("id"):
            base = slugify(text) or "section"
            slug = base
            while slug in taken:
                counts[base] = counts.get(base, 0) + 1
                slug = f"{base}-{counts[base]}"
            taken.add(slug)
            opening.attrSet("id", slug)
        level = int(opening.tag[1:])
        if 2 <= level <= depth and text and opening.level == 0:
            flat.append(TocEntry(str(opening.attrs["id"]), text, level))
    return nested(flat)


def take_attributes(opening: Token, inline: Token) -> None:
    """Take `{#id .class}` off the end of a heading; `key=value` beside them, which other tools know, goes too."""
    children = inline.children or []
    if not children or children[-1].type != "text":
        return
    match = HEADING_ATTRIBUTES.search(children[-1].content)
    words = re.findall(HEADING_ATTRIBUTE, match[1]) if match else []
    if not match or not any(word[0] in "#." for word in words):
        return
    children[-1].content = children[-1].content[: match.start()]
    for word in words:
        if word[0] == "#":
            opening.attrSet("id", word[1:])
        elif word[0] == ".":
            opening.attrJoin("class", word[1:])


def nested(flat: Sequence[TocEntry]) -> tuple[TocEntry, ...]:
    """Put deeper headings below the shallower ones before them."""
    made: list[TocEntry] = []
    position = 0
    while position < len(flat):
        entry = flat[position]
        end = position + 1
        while end < len(flat) and flat[end].level > entry.level:
            end += 1
        made.append(TocEntry(entry.id, entry.title, entry.level, nested(flat[position + 1 : end])))
        position = end
    return tuple(made)


def mark_tasks(tokens: list[Token]) -> None:
    """Turn list items that begin with `[ ]` or `[x]` into tasks."""
    for item, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if item.type != "list_item_open" or paragraph.type != "paragraph_open" or not inline.children:
            continue
        first = inline.children[0]
        match = TASK.match(first.content) if first.type == "text" and inline.content.startswith("[") else None
        if match:
            done = match[1] != " "
            first.content = first.content[match.end() :]
            item.attrJoin("class", "task")
            box = type(first)("html_inline", "", 0)
            state = ' checked aria-label="done"' if done else ' aria-label="to do"'
            box.content = f'<input type="checkbox" disabled{state}>'
            inline.children.insert(0, box)


def mark_alerts(tokens: list[Token]) -> None:
    """Turn quotations that begin with `[!NOTE]` and its like into alerts, as GitHub does."""
    for at, quote in enumerate(tokens):
        if quote.type != "blockquote_open" or tokens[at + 1].type != "paragraph_open":
            continue
        children = tokens[at + 2].children or []
        unescaped = children and children[0].type == "text" and tokens[at + 2].content.startswith("[")
        match = ALERT.fullmatch(children[0].content) if unescaped else None
        if not match or (len(children) > 1 and children[1].type not in ("softbreak", "hardbreak")):
            continue
        kind = match[1].lower()
        close = next(t for t in tokens[at + 1 :] if t.type == "blockquote_close" and t.level == quote.level)
        quote.tag = close.tag = "div"
        quote.attrSet("class", f"alert {kind}")
        title = type(quote)("html_block", "", 0, content=f'<p class="alert-title">{kind.capitalize()}</p>\n')
        del children[:2]
        tokens[at + 1 : at + 1 if children else at + 4] = [title]


def ids_in(html: str) -> list[str]:
    """Give the anchors in a piece of raw HTML."""
    return [a or b or c for a, b, c in HTML_IDS.findall(html)] if "<" in html else []


# ---------------------------------------------------------------- writing


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
        return str(tokens[idx].meta.get("html", "")) or code_html(escape(tokens[idx].content, quote=False))

    def image(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Write an image, as composing made it where its file is known."""
        made = tokens[idx].meta.get("html") if tokens[idx].meta else None
        return str(made) if made else super().image(tokens, idx, options, env)

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
        return (
            f'<a class="anchor" href="#{anchor}" aria-label="Link to this section"></a></{tokens[idx].tag}>\n'
        )

    def table_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Write the beginning of a table, which scrolls inside itself."""
        return f'<div class="table" tabindex="0" role="group" aria-label="Table">\n{self.renderToken(tokens, idx, options, env)}'

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

    def footnote_block_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Write the beginning of the footnotes."""
        return '<section class="footnotes" aria-label="Footnotes">\n<ol>\n'

    def footnote_block_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """Write the end of the footnotes."""
        return "</ol>\n</section>\n"


def code_html(inner: str, language: str = "", title: str = "", classes: Sequence[str] = ()) -> str:
    """Write a code block; the text of `<code>` is exactly the source."""
    names = escape(" ".join([f"language-{language}", *classes] if language else classes))
    code = f'<code class="{names}">' if names else "<code>"
    head = f'<div class="code-title">{escape(title)}</div>' if title else ""
    lang = f' data-lang="{escape(language)}"' if language else ""
    return f'<div class="code"{lang}>{head}<pre tabindex="0">{code}{inner}</code></pre></div>\n'
