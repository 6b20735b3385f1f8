"""Markdown: the parser with its extensions; what is done to tokens and how they are written is in the files beside.

Which rule is tried at which letter stands in `letters.py`. A page that does not use a construct pays nothing for it: rules that
leave work for later put a word into `env`, and only then is the page walked through again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.rules_block import table
from markdown_it.rules_core.linkify import linkify
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from generator.letters import go_by_letters
from generator.markdown.blocks import BLOCK_RULES, INTERRUPTING
from generator.markdown.headings import anchor_headings
from generator.markdown.inlines import INLINE_RULES, image, pair_marks
from generator.markdown.marks import mark_alerts, mark_tasks
from generator.markdown.mkdocs import MKDOCS_INLINES, MKDOCS_RULES
from generator.markdown.text import ids_in, plain_text, walk
from generator.markdown.writing import Renderer, code_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkify_it.main import LinkifyIt, Match  # type: ignore[import-untyped]
    from markdown_it.rules_core import StateCore

__all__ = [
    "anchor_headings",
    "code_html",
    "commonmark",
    "finish_url",
    "ids_in",
    "make_parser",
    "mark_alerts",
    "mark_tasks",
    "plain_text",
    "walk",
]

TOP_LEVEL_DOMAIN = r"[^\W\d_]{2,63}"
BEFORE_WWW = "*_~(\"'[<>"
"""Punctuation that may stand before a bare `www.`; what follows a slash, a hyphen, an at sign is part of a word."""
BARE_ADDRESS = re.compile(r"://|www\.|@|mailto:", re.IGNORECASE)
"""What every address that is linked by itself holds."""
PLAIN_URL = re.compile(
    r"(?:https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[\w./-]*)?)?[\w./-]*(?:#[\w./-]*)?", re.ASCII
)
"""Destinations that nothing is done to: no scheme that is unsafe, nothing to encode."""
QUOTES = {
    "de": "„“\u201a\u2018", "cs": "„“\u201a\u2018", "pl": "„”\u201a\u2019", "fr": ["«\u202f", "\u202f»", "\u2039\u202f", "\u202f\u203a"], "es": "«»“”", "it": "«»“”", "pt": "«»“”",
    "ru": "«»„“", "uk": "«»„“", "sv": "””\u2019\u2019", "fi": "””\u2019\u2019", "da": "»«\u203a\u2039", "nl": "“”\u2018\u2019", "ja": "「」『』",
}  # fmt: skip
"""Language → its quotation marks, outer and inner; all others have those of English."""


@lru_cache(maxsize=16)
def make_parser(
    preset: str, dialect: str = "", quotes: str = "", doors: tuple[Callable[[MarkdownIt], object], ...] = ()
) -> MarkdownIt:
    """Give the parser of a preset, changed by plug-ins. In `commonmark` nothing is added to the specification.

    With a language in `quotes`, straight quotation marks become that language's.
    """
    if preset == "commonmark":
        return MarkdownIt("commonmark")
    parser = MarkdownIt("commonmark", {"linkify": True}, renderer_cls=Renderer)
    parser.enable(["strikethrough", "linkify"])
    # A row that begins a list, a heading or a quote is no table's header: tables come where paragraphs would.
    parser.block.ruler.before("lheading", "gfm_table", table, {"alt": ["paragraph", "reference"]})
    parser.use(footnote_plugin).use(deflist_plugin)
    for rule in (Renderer.footnote_block_open, Renderer.footnote_block_close):
        parser.add_render_rule(rule.__name__, rule)
    for name, block in {**BLOCK_RULES, **(MKDOCS_RULES if dialect == "mkdocs" else {})}.items():
        parser.block.ruler.after("code", name, block, {"alt": INTERRUPTING})
    for name, inline in {**(MKDOCS_INLINES if dialect == "mkdocs" else {}), **INLINE_RULES}.items():
        parser.inline.ruler.push(name, inline)
    parser.inline.ruler.at("image", image)
    parser.inline.ruler2.after("strikethrough", "mark", pair_marks)
    if quotes:
        parser.options.update(
            {"typographer": True, "quotes": QUOTES.get(quotes.partition("-")[0], "“”\u2018\u2019")}
        )
        parser.enable("smartquotes")
    if parser.linkify:
        link_as_github_does(parser.linkify)
        parser.core.ruler.at("linkify", link_bare_addresses)
    # Destinations stay as written until links are resolved; `finish_url` encodes them afterwards.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    for door in doors:
        door(parser)
    go_by_letters(parser)
    return parser


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
