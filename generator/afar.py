"""Afar: a page's text for readers that do not stand on the page, as those of feeds: whole addresses, and nothing that needs our styles and scripts."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import urljoin

ADDRESSES = frozenset(
    ("href", "src", "poster", "cite", "action", "data", "background", "longdesc", "xlink:href")
)
"""Attributes that hold an address."""
ONLY_THERE = frozenset(("tabindex", "role", "class"))
"""Attributes that say nothing without our styles and scripts; so do `data-…` and `aria-…`."""
OF_OUR_IMAGES = frozenset(("srcset", "sizes", "loading", "decoding", "fetchpriority"))
"""Attributes of images and sources that stay behind: the one file in `src` is shown."""
UNWRAPPED = frozenset(("picture", "label"))
"""Elements of which only what is in them is shown."""
LEFT_OUT = frozenset(("button", "form", "select", "textarea", "template", "script", "style", "dialog"))
"""Elements that are left out with all that is in them."""
CLASSES_LEFT_OUT = frozenset(("anchor", "leaves", "newsletter", "pr-sprite", "unfold"))
"""Classes of more of them: links to headings, choices of what is shown, a place to subscribe."""
VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
"""Elements without an end."""
IMPRESSION = re.compile(r'<span class="picture"><svg\b.*?</svg>', re.DOTALL)
"""What stands behind a picture until it is there: our style blurs it; elsewhere it is a mosaic."""
SPAN = re.compile(r"""</span>|<span\b(?:[^>"']|"[^"]*"|'[^']*')*>""")
"""Most tags of a page with code: they are taken out before it is read, since reading is slow."""
TITLE = "<p><strong>"
"""How the title of a tab begins, above what the tab shows."""
ATTRIBUTE = re.compile(r"""\s+([^\s"'>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")


@lru_cache(maxsize=256)
def from_afar(html: str, page: str, live_demo: str) -> str:
    """Give a page's HTML as it can be read anywhere; `page` is its URL, `live_demo` what is said, as a link to it, in place of a demo.

    Several feeds, each in several formats, have the same page.
    """
    reader = Reader(page, f'<p><a href="{escape(page)}">{escape(live_demo, quote=False)}</a></p>')
    reader.feed(SPAN.sub("", IMPRESSION.sub("", html)))
    reader.close()
    return "".join(reader.made)


class Reader(HTMLParser):
    """Copies HTML, letter by letter where nothing is to be changed."""

    def __init__(self, page: str, demo: str) -> None:
        super().__init__(convert_charrefs=False)
        self.page, self.demo = page, demo
        self.made: list[str] = []
        self.left_out, self.depth = "", 0
        self.choice = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        if self.left_out:
            self.depth += tag == self.left_out
            return
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        if tag == "div" and "data-demo" in given:
            self.made.append(self.demo)
        elif tag == "input":
            if given.get("type") == "checkbox" and "disabled" in given:  # of a list of tasks
                self.made.append("☑" if "checked" in given else "☐")
            return
        elif tag == "label" and "tab" in classes:
            self.choice = True
            self.made.append(TITLE)
            return
        elif tag not in LEFT_OUT and not CLASSES_LEFT_OUT.intersection(classes):
            if tag not in UNWRAPPED and not (tag == "source" and "src" not in given):
                self.made.append(self.changed(tag, self.get_starttag_text() or ""))
            return
        if tag not in VOID:
            self.left_out, self.depth = tag, 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element that ends where it begins, as in a drawing."""
        self.handle_starttag(tag, attrs)
        if self.left_out == tag and tag not in VOID:
            self.leave()

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        if self.left_out:
            if tag == self.left_out:
                self.leave()
        elif tag == "label" and self.choice:
            self.choice = False
            self.made.append("</strong></p>")
        elif tag not in UNWRAPPED:
            self.made.append(f"</{tag}>")

    def leave(self) -> None:
        """Come to the end of an element that may be the one that is left out."""
        self.depth -= 1
        if not self.depth:
            self.left_out = ""

    def changed(self, tag: str, text: str) -> str:
        """Give a start tag with whole addresses and without what only our pages have a use for."""

        def attribute(found: re.Match[str]) -> str:
            name, value = found[1].lower(), unescape((found[2] or "").strip("\"'"))
            ours = name in ONLY_THERE or name.startswith(("data-", "aria-"))
            if ours or (tag in ("img", "source") and name in OF_OUR_IMAGES):
                return ""
            if found[2] and name in ADDRESSES:
                return f' {found[1]}="{escape(self.whole(value))}"'
            return found[0]

        return ATTRIBUTE.sub(attribute, text)

    def whole(self, address: str) -> str:
        """Give an address as one that leads to the same from everywhere."""
        try:
            return address if SCHEME.match(address.strip()) else urljoin(self.page, address)
        except ValueError:
            return address

    def handle_data(self, data: str) -> None:
        """Copy text."""
        if not self.left_out:
            self.made.append(data.lstrip() if self.made[-1:] == [TITLE] else data)

    def handle_entityref(self, name: str) -> None:
        """Copy a letter that has a name."""
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Copy a letter that has a number."""
        self.handle_data(f"&#{name};")
