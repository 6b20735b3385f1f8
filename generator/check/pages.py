"""Pages: what `pressrun check` finds in the finished site: missing texts, doubled anchors, pages that nothing leads to."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin

from generator.errors import Problem, warning
from generator.pages import INDEX_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.config import Config
    from generator.site import Site

EMPTY_IMAGE = re.compile(r"!\[\s*\]\(\s*<?([^)\s>]*)")
BARE_LINK = re.compile(
    r"\[(?:[\s*_]|!\[\s*\]\([^()\n]*\)|\{[^{}\n]*\}|:[a-z]+(?:-\w+)+:)*\]\(\s*<?([^)\s>]*)"
    r"|<a\b[^>]*?\shref\s*=\s*[\"']?([^\"'\s>]+)[^>]*>(?:\s|<(?!/a)[^<>]*>)*</a>",
    re.IGNORECASE,
)
"""A link that may have no text, and where it leads."""
NAMES = frozenset(("aria-label", "aria-labelledby", "title"))
"""Attributes that name an element."""
HTML_IMAGE = re.compile(r"""<img\b[^>]*?\ssrc\s*=\s*["']?([^"'\s>]+)[^>]*>""", re.IGNORECASE)


@dataclass(slots=True)
class Seen:
    """What stands in one finished page."""

    ids: dict[str, int] = field(default_factory=dict)
    """Anchor → how often."""
    links: list[str] = field(default_factory=list)
    """All destinations, as they stand."""
    own: list[str] = field(default_factory=list)
    """Those within the page's own words."""
    without_alt: list[str] = field(default_factory=list)
    """Sources of the images within its own words that have no alternative text at all."""
    nameless: list[str] = field(default_factory=list)
    """Destinations of the links within its own words that have neither text nor another name."""


@dataclass(slots=True)
class OpenLink:
    """A link that is being read."""

    to: str
    """Its destination."""
    images: int
    """How many images without alternative text stand before it."""
    named: bool
    """Whether it has a name already."""


class Reader(HTMLParser):
    """Reads a finished page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen = Seen()
        self.inside = 0
        self.link: OpenLink | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element says."""
        given = {name: value or "" for name, value in attrs}
        if tag == "main":
            self.inside += 1
        if given.get("id"):
            self.seen.ids[given["id"]] = self.seen.ids.get(given["id"], 0) + 1
        if tag in ("a", "area") and "href" in given:
            self.seen.links.append(given["href"])
            if self.inside:
                self.seen.own.append(given["href"])
                named = not NAMES.isdisjoint(given) or given.get("aria-hidden") == "true"
                self.link = OpenLink(given["href"], len(self.seen.without_alt), named) if tag == "a" else None
        elif self.link and (given.get("alt") or not NAMES.isdisjoint(given)):
            self.link.named = True
        if tag == "img" and self.inside and not given.get("alt") and given.get("role") != "presentation":
            self.seen.without_alt.append(given.get("src", ""))

    def handle_data(self, data: str) -> None:
        """Note that a link has words."""
        if self.link and data.strip():
            self.link.named = True

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a link, and of the page's own words."""
        self.inside -= tag == "main"
        if tag == "a" and self.link:
            if not self.link.named:
                self.seen.nameless.append(self.link.to)
                # the link wants a name; a text for its image is one way to it
                del self.seen.without_alt[self.link.images :]
            self.link = None


def read(html: str) -> Seen:
    """Read a finished page."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.seen


def finished_pages(config: Config, site: Site) -> dict[str, Seen]:
    """Read all pages of the built site: source, or URL of a made page → what stands there."""
    found = {}
    outputs = {page.path: site.routes[page.path].output for page in site.pages}
    outputs |= {one.url: one.url[1:] + "index.html" for one in site.listings}
    for name, output in outputs.items():
        try:
            with open(config.out / output, encoding="utf-8") as file:
                found[name] = read(file.read())
        except OSError:  # a page that could not be built; its own problem says why
            continue
    return found


def findings(config: Config, site: Site, seen: Mapping[str, Seen]) -> list[Problem]:
    """Report what a reader or a search engine would miss."""
    problems: list[Problem] = []
    reached = reached_pages(config, site, seen)
    for page in site.pages:
        text = source_text(config, page.path)
        matter, found = page.front_matter, seen.get(page.path)
        if found is None:
            continue
        problems += doubled(page.path, found)
        problems += silent_images(page.path, found, text)
        problems += silent_links(page.path, found, text)
        if len(matter.title) > config.check.title_length:
            message = f"the title has {len(matter.title)} characters; more than {config.check.title_length} are cut off in search results"
            problems.append(warning(page.path, message, line=line_of(text, r"title\s*:|#\s")))
        if not matter.description and not matter.unlisted:
            message = "has no description; search engines and previews show one"
            problems.append(warning(page.path, message, hint="add description: to its front matter"))
        if page.path not in reached and not matter.unlisted and site.routes[page.path].url != "/":
            message = "is an orphan: no other page of the site leads to it"
            problems.append(warning(page.path, message, hint="link to it, or set unlisted: true"))
    return problems


def reached_pages(config: Config, site: Site, seen: Mapping[str, Seen]) -> set[str]:
    """Give the sources of all pages that another page leads to."""
    reached = set()
    for name, found in seen.items():
        url = site.routes[name].url if name in site.routes else name
        for link in found.links:
            target = urldefrag(urljoin(config.url(url), link)).url
            owner = site.urls.get("/" + target.removeprefix(config.base_path))
            if owner and owner != name:
                reached.add(owner)
    return reached


def doubled(path: str, found: Seen) -> Iterable[Problem]:
    """Report anchors that stand on a page more than once."""
    for name, count in found.ids.items():
        if count > 1:
            yield warning(
                path, f"the id “{name}” stands {count} times on this page; links lead to the first one"
            )


def silent_images(path: str, found: Seen, text: str) -> Iterable[Problem]:
    """Report images that a reader who cannot see them does not learn of."""
    if not found.without_alt:
        return
    stems = {stem_of(source) for source in found.without_alt}
    for pattern in (EMPTY_IMAGE, HTML_IMAGE):
        for match in pattern.finditer(text):
            if pattern is HTML_IMAGE and re.search(r"\salt\s*=", match[0]):
                continue
            name = os.path.basename(match[1])
            if stem_of(name) in stems:
                line = text.count("\n", 0, match.start()) + 1
                column = match.start() - text.rfind("\n", 0, match.start())
                message = f"the image “{name}” has no alternative text"
                yield warning(
                    path, message, line=line, column=column, hint="say what it shows: ![A pot of ink](…)"
                )


def silent_links(path: str, found: Seen, text: str) -> Iterable[Problem]:
    """Report links that say nothing to a reader who cannot see the page: they hold an icon or a bare image alone, or nothing."""
    if not found.nameless:
        return
    bare = [(match.start(), match[1] or match[2] or "") for match in BARE_LINK.finditer(text)]
    for to in found.nameless:
        at, written = next((one for one in bare if ends_of(one[1]) == ends_of(to)), (-1, to))
        if at >= 0:
            bare.remove((at, written))
        line = text.count("\n", 0, at) + 1 if at >= 0 else 0
        message = f"the link to “{written}” has no text: who cannot see it does not learn where it leads"
        hint = "give it words, or its image an alternative text: [Install](…), [![Install](…)](…)"
        yield warning(path, message, line=line, column=at - text.rfind("\n", 0, at) if line else 0, hint=hint)


def ends_of(to: str) -> tuple[str, str]:
    """Give what a destination in a page has in common with that of its source: the name of its file, and the anchor."""
    whole, _, anchor = to.partition("#")
    name = stem_of(whole.removesuffix("/"))
    return "" if name.lower() in INDEX_NAMES else name, anchor


def stem_of(source: str) -> str:
    """Give what the name of an image in a page has in common with that of its source: smaller copies have longer names."""
    return os.path.basename(source.partition("?")[0]).partition(".")[0]


def source_text(config: Config, path: str) -> str:
    """Give the text of a page, for places."""
    try:
        return (config.root / path).read_text("utf-8", "replace")
    except OSError:
        return ""


def line_of(text: str, pattern: str) -> int:
    """Find the first line that begins with something; 0 when none does."""
    rows = text.split("\n")
    return next((number for number, row in enumerate(rows, 1) if re.match(pattern, row)), 0)


def place_of(text: str, sought: str) -> tuple[int, int]:
    """Find where something stands in a page; (0, 0) when it does not."""
    at = text.find(sought)
    return (text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)) if at >= 0 else (0, 0)
