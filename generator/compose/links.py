"""Links: what each destination of a page leads to, and where it stands."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from generator import markdown, pictures
from generator.config import Images
from generator.content import Link
from generator.errors import error, warning
from generator.pages import INDEX_NAMES
from generator.pictures import Picture
from generator.routes import as_url
from generator.site import name_key
from generator.sources import variant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

    from generator.cache import Reads
    from generator.compose.work import Work

DESTINATIONS = ("href", "src", "poster", "captions")
"""Attributes of components that lead somewhere: resolved and checked as links are."""
ELSEWHERE = ("https://", "http://")
"""How most destinations begin that lead out of the site; the others take a closer look."""
HTML_LINK = re.compile(
    r"""(<(?:a|area|link)\b[^<>]*?\shref|<(?:img|source|video|audio|iframe|embed|track)\b[^<>]*?\ssrc)(\s*=\s*)("[^"]*"|'[^']*')""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Resolver:
    """Finds what a destination in one page leads to."""

    path: str
    url: str
    reads: Reads
    page: str = ""
    """The page that includes `path`; empty when that is the page itself."""

    def resolve(self, written: str) -> tuple[str, Link] | None:
        """Give the destination's final URL and what is known of it; None for what leads out of the site."""
        if written.startswith(ELSEWHERE):
            return None
        try:
            parts = urlsplit(written)
        except ValueError:
            return None
        if parts.scheme in ("id", "wiki"):
            return self.by_name(written, parts.scheme)
        if parts.scheme == "api":
            return self.object(written, parts.path)
        if parts.scheme or parts.netloc or written.startswith("//"):
            return None
        fragment = unquote(parts.fragment)
        tail = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
        if not parts.path:
            return written, Link(written, 0, 0, self.page or self.path, fragment)
        for source in self.translated(self.candidates(unquote(parts.path))):
            url = self.reads.fact(f"route:{source}", str)
            if url is not None:
                base = self.reads.fact("config:base_path", str)
                return base + url.removeprefix("/") + tail, Link(written, 0, 0, source, fragment)
            why = self.reads.fact(f"withheld:{source}", str)
            if why is not None:
                return written, Link(written, 0, 0, source, fragment, found=False, withheld=why)
        target = as_url(urljoin(self.url, parts.path))
        for candidate in (target, target + "/", target.removesuffix("index.html")):
            source = self.reads.fact(f"url:{candidate}", str)
            if source is not None:
                base = self.reads.fact("config:base_path", str)
                return base + candidate.removeprefix("/") + tail, Link(written, 0, 0, source, fragment)
        beyond = self.reads.fact("config:beyond", str)
        if beyond and parts.path.startswith("/"):
            return beyond.rstrip("/") + written, Link(written, 0, 0)
        there = next((s for s in self.candidates(unquote(parts.path)) if self.reads.exists(s)), "")
        why = "it exists, but is no part of the site" if there else ""
        return written, Link(written, 0, 0, "", fragment, found=False, withheld=why)

    def translated(self, sources: Iterator[str]) -> Iterator[str]:
        """Give sources, and before them all their translations into the page's own language that are published."""
        language = self.reads.fact(f"language:{self.path}", str)
        if not language:
            return sources
        every = [*sources]
        own = [variant(source, language) for source in every]
        return iter([*(one for one in own if self.reads.fact(f"route:{one}", str) is not None), *every])

    def by_name(self, written: str, scheme: str) -> tuple[str, Link]:
        """Resolve `id:NAME#anchor` and what `[[NAME#anchor]]` became; the name is that of one page."""
        name, mark, anchor = written[len(scheme) + 1 :].partition("#")
        shown = f"[[{name}{mark}{anchor}]]" if scheme == "wiki" else written
        key = name_key(name) if scheme == "wiki" else name
        if not key:
            return f"#{anchor}", Link(shown, 0, 0, self.path, unquote(anchor))
        owners = self.reads.fact(f"{scheme}:{key}") or []
        if scheme == "id" and not owners and (found := self.object(shown, name))[1].found:
            return found
        if len(owners) != 1:
            return "", Link(shown, 0, 0, "", unquote(anchor), found=False, meant=tuple(owners))
        source, own_mark, own_anchor = owners[0].partition("#")
        source = next(self.translated(iter([source])))
        fragment = unquote(anchor or own_anchor)
        url = self.reads.fact(f"route:{source}", str)
        if url is None:
            why = self.reads.fact(f"withheld:{source}", str) or ""
            return "", Link(shown, 0, 0, source, fragment, found=False, withheld=why)
        base = self.reads.fact("config:base_path", str)
        tail = f"#{anchor or own_anchor}" if mark or own_mark else ""
        return base + url.removeprefix("/") + tail, Link(shown, 0, 0, source, fragment)

    def object(self, written: str, name: str) -> tuple[str, Link]:
        """Give the URL of a documented object (`api:package.name`), of the site or of an inventory."""
        from generator.compose.reference import object_url

        url = object_url(self.reads, name)
        return url or written, Link(written, 0, 0, "", "", found=bool(url))

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
    letters = 0
    for token in tokens:
        if token.type == "inline":  # with the titles of components among them
            first = work.header.body_line + (token.map[0] if token.map else 0)
            for child in markdown.walk(token.children) if token.children else ():
                if child.type == "link_open":
                    resolve_attribute(work, child, "href", resolver, first)
                elif child.type == "image":
                    before = len(work.links)
                    resolve_attribute(work, child, "src", resolver, first)
                    if len(work.links) > before:  # an image of another site adds none
                        show(work, token, child, resolver, early=letters < pictures.ABOVE_THE_FOLD)
                elif child.type == "html_inline":
                    child.content = resolve_html(work, child.content, resolver, first)
            letters += len(token.content)
        elif token.type == "component_open":
            resolve_component(work, token, resolver)
        elif token.type == "html_block":
            first = work.header.body_line + (token.map[0] if token.map else 0)
            token.content = resolve_html(work, token.content, resolver, first)


def resolve_component(work: Work, token: Token, resolver: Resolver) -> None:
    """Rewrite the destinations among a component's attributes."""
    given = token.meta["attributes"]
    first = work.header.body_line + (token.map[0] if token.map else 0)
    found = {
        key: safe_url(work, value, resolve_one(work, value, resolver, first, is_image=key != "href"), first)
        for key, value in given.values.items()
        if key in DESTINATIONS
    }
    if found:
        token.meta["attributes"] = replace(given, values={**given.values, **found})


def resolve_attribute(work: Work, token: Token, name: str, resolver: Resolver, first: int) -> None:
    """Rewrite one destination of Markdown."""
    written = str(token.attrs.get(name, ""))
    final = resolve_one(work, written, resolver, first, is_image=name == "src")
    token.attrs[name] = safe_url(work, written, final, first)


def safe_url(work: Work, written: str, final: str, first: int) -> str:
    """Encode a destination; one with an unsafe scheme is taken out."""
    safe = markdown.finish_url(final)
    if final and not safe:
        line, column = place_of(work, written, first)
        message = f"the link “{written}” has an unsafe scheme; it was removed"
        work.problems.append(error(work.path, message, line=line, column=column))
    return safe


def show(work: Work, block: Token, image: Token, resolver: Resolver, *, early: bool) -> None:
    """Write an image of the site with its size, its copies and how it is to be loaded."""
    link = work.links[-1]
    picture = picture_of(work, link, resolver)
    if picture is None:
        return
    attributes = {name: str(value) for name, value in image.attrs.items()}
    attributes["alt"] = markdown.plain_text(image)
    options = resolver.reads.fact("config:images", Images)
    base = resolver.reads.fact("config:base_path", str)
    alone = len(block.children or ()) == 1
    image.meta = {"html": pictures.html(picture, attributes, options, base, early=early, block=alone)}


def picture_of(work: Work, link: Link, resolver: Resolver) -> Picture | None:
    """Give what is known of the image that a link leads to, and note that the page shows it; None when it is none of the site's."""
    picture: Picture | None = resolver.reads.fact(f"picture:{link.source}", Picture) if link.source else None
    if picture is None:
        return None
    if picture.trouble:
        message = f"the image “{link.written}” cannot be read: {picture.trouble}"
        work.problems.append(warning(work.path, message, line=link.line, column=link.column))
    work.pictures[link.source] = None
    return picture


def sized(html: str, match: re.Match[str], picture: Picture) -> str:
    """Give the size of an image as attributes, unless its tag says one."""
    tag = html[match.start() : html.find(">", match.end())]
    if re.search(r"\s(?:width|height)\s*=", tag) or not picture.width or not picture.height:
        return ""
    return f' width="{picture.width}" height="{picture.height}"'


def resolve_html(work: Work, html: str, resolver: Resolver, first: int) -> str:
    """Rewrite the destinations in raw HTML; what does not resolve stays as written."""

    def one(match: re.Match[str]) -> str:
        quote, written = match[3][0], match[3][1:-1]
        if "&" in written or not written:
            return match[0]
        final = resolve_one(work, written, resolver, first, is_image=not match[1].lower().endswith("href"))
        size = ""
        if match[1][:4].lower() == "<img" and work.links and work.links[-1].written == written:
            picture = picture_of(work, work.links[-1], resolver)
            size = sized(html, match, picture) if picture else ""
        return f"{match[1]}{match[2]}{quote}{escape(final) if final != written else written}{quote}{size}"

    return HTML_LINK.sub(one, html)


def resolve_one(work: Work, written: str, resolver: Resolver, first: int, *, is_image: bool) -> str:
    """Resolve a destination and note the link with its place."""
    found = resolver.resolve(written)
    if found is None:
        return written
    final, link = found
    if not link.found or link.fragment:
        sought = link.written.removesuffix("]]") if link.written.startswith("[[") else written
        line, column = place_of(work, sought, first)
        work.links.append(replace(link, line=line, column=column, is_image=is_image))
    elif link.source:
        work.links.append(replace(link, line=first, is_image=is_image))
    return final


def place_of(work: Work, written: str, first: int) -> tuple[int, int]:
    """Find where a destination stands, from its block on; each occurrence is found once."""
    starts = work.line_starts()
    start = work.searched.get(written, -1)
    if start < 0:
        start = starts[max(0, min(first - work.header.body_line, len(starts) - 1))]
    at = work.body.find(written, start)
    if at < 0:
        at = work.body.find(written)
    if at < 0:
        return first, 0
    work.searched[written] = at + 1
    return work.place(at)
