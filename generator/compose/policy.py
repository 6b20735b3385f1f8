"""Policy: what becomes of raw HTML in Markdown: left as it is, shown as text, or cleaned until it can do nothing but look.

Each tag is cleaned by itself, since a block of raw HTML may open what another one closes. So every `<` of the result is one that the
cleaner wrote, and what it does not know is text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from markdown_it.common.html_re import HTML_TAG_RE

from generator.markdown import walk

if TYPE_CHECKING:
    from markdown_it.token import Token

TAG = re.compile(HTML_TAG_RE.pattern.removeprefix("^"))
NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
WRITTEN = re.compile(r'<([a-z0-9]+)(?: [\w-]+="[^"<>]*")*>')
"""A tag as the cleaner writes it."""
UNSEEN = re.compile(
    r"<(script|style|template|title|textarea|iframe|noscript)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
"""Elements whose content is no text for readers."""
ATTRIBUTES = {
    "class",
    "id",
    "title",
    "lang",
    "dir",
    "align",
    "open",
    "width",
    "height",
    "colspan",
    "rowspan",
    "alt",
}
TAGS = {
    "details",
    "summary",
    "section",
    "figure",
    "figcaption",
    "picture",
    "source",
    "video",
    "audio",
    "track",
}
OF_TAGS = {
    "a": {"href"}, "img": {"src", "srcset", "loading"}, "source": {"src", "srcset", "media", "type"}, "video": {"src", "poster", "controls"},
    "audio": {"src", "controls"}, "track": {"src", "kind", "srclang", "label"}, "blockquote": {"cite"}, "q": {"cite"}, "time": {"datetime"},
    "ol": {"start", "reversed"}, "li": {"value"}, "th": {"scope"}, "col": {"span"}, "data": {"value"},
}  # fmt: skip
"""Tag → what it may say beside `ATTRIBUTES`; nothing there runs script or holds style."""
SCHEMES = {"http", "https", "mailto", "tel"}


AROUND = {
    "tr": "<table><tbody>", "td": "<table><tbody><tr>", "th": "<table><tbody><tr>", "tbody": "<table>", "thead": "<table>", "tfoot": "<table>",
    "caption": "<table>", "colgroup": "<table>", "col": "<table><colgroup>",
}  # fmt: skip
"""Tags that mean something within others alone → those."""


def apply_policy(tokens: list[Token], policy: str) -> None:
    """Do with a page's raw HTML what its collection, or the site, says."""
    if policy == "allow":
        return
    for token in walk(tokens):
        if token.type == "html_inline":
            token.content = escape(token.content) if policy == "escape" else cleaned(token.content)
        elif token.type == "html_block":
            shown = f"<p>{escape(token.content.strip())}</p>\n"
            token.content = shown if policy == "escape" else cleaned(token.content)


def cleaned(html: str) -> str:
    """Give harmless HTML."""
    html, made, at = UNSEEN.sub("", html), [], 0
    for match in TAG.finditer(html):
        made += [as_text(html[at : match.start()]), clean_tag(match[0])]
        at = match.end()
    return "".join([*made, as_text(html[at:])])


def as_text(text: str) -> str:
    """Give text that cannot begin a tag; entities stay."""
    return text.replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=1024)
def clean_tag(tag: str) -> str:
    """Clean one tag; nothing of it stays when it is not one for text."""
    import nh3

    allowed = nh3.ALLOWED_TAGS | TAGS
    name = NAME.match(tag)
    if not name or name[1].lower() not in allowed:
        return ""
    if tag.startswith("</"):
        return f"</{name[1].lower()}>"
    found = nh3.clean(
        in_its_place(tag, name[1].lower()),
        tags=allowed,
        attributes={"*": ATTRIBUTES, **OF_TAGS},
        url_schemes=SCHEMES,
        link_rel=None,
    )
    written = WRITTEN.search(found, found.find(f"<{name[1].lower()}"))
    return written[0] if written and written[1] == name[1].lower() else ""


def in_its_place(tag: str, name: str) -> str:
    """Put a tag where an HTML parser accepts it."""
    return AROUND.get(name, "") + tag
