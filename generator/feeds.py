"""Feeds: Atom, RSS and JSON Feed of the site, its collections, tags and other terms; the sitemap and robots.txt; all need `base_url`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape, unescape
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import msgspec

from generator.content import Content
from generator.editions import name_of, words_for
from generator.frontmatter import instant
from generator.site.facts import switches_of, taxonomy_of
from generator.site.listings import collection_url, list_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from generator.cache import Reads
    from generator.config import Config
    from generator.plugins import Published
    from generator.site import Site

SECTION = re.compile(r'<h2 id="(?P<id>[^"]*)"[^>]*>(?P<title>.*?)</h2>', re.DOTALL)
TAG = re.compile(r"<[^>]*>")
DATE = re.compile(r"\b\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b")
EXCERPT = 280
"""Letters."""
LONG_AGO = "1970-01-01"
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


def outputs(published: Published) -> Iterator[tuple[str, bytes]]:
    """Give robots.txt and the sitemap; they need the site's own URL."""
    if published.config.base_url:
        yield "robots.txt", robots(published.config)
        yield "sitemap.xml", sitemap(published.config, published.site, published.changed)


@dataclass(frozen=True, slots=True)
class Feed:
    """One file of a feed."""

    key: str
    """Whose pages it has: `site`, `site:LANGUAGE`, `collection:NAME`, `collection:NAME:LANGUAGE`, `term:TAXONOMY:SLUG`,
    `term:LANGUAGE/TAXONOMY:SLUG`; sections of a page have `page:PATH`."""
    title: str
    """Name of the feed."""
    url: str
    """Its own path below the site's root."""
    home: str
    """Path of the page that shows the same."""
    format: str
    """`atom`, `rss` or `json`."""
    language: str = ""
    """Of its pages, where that is not the site's own."""


@dataclass(frozen=True, slots=True)
class About:
    """What feeds tell of their site; a part of the fact `config:site`."""

    title: str
    """As configured."""
    description: str
    """As configured."""
    language: str
    """As configured."""
    author: str
    """As configured."""
    base_url: str
    """As configured; never empty where there are feeds."""

    def absolute(self, path: str) -> str:
        """Give the absolute URL of a path of the site."""
        return self.base_url.removesuffix("/") + "/" + path.removeprefix("/")


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in a feed."""

    title: str
    """Its heading."""
    link: str
    """Its absolute URL."""
    published: str
    """ISO date or time."""
    updated: str
    """ISO date or time; the same when it was never changed."""
    authors: Sequence[str]
    """Names."""
    tags: Sequence[str]
    """Words."""
    summary: str
    """Its description, else how it begins."""
    content: str = ""
    """The whole text as HTML, when the feed has it."""


def write(reads: Reads, feed: Feed, entries: Sequence[Entry]) -> bytes:
    """Write a feed in its format."""
    return WRITERS[feed.format](reads.fact("config:site", About), feed, entries).encode()


def entries_of(reads: Reads, rows: Iterable[Mapping[str, Any]], *, full: bool) -> list[Entry]:
    """Give the pages of a feed as its readers see them; `full` with their whole text."""
    about = reads.fact("config:site", About)
    return [
        Entry(
            row["title"],
            about.absolute(row["url"]),
            row["date"],
            row["updated"] or row["date"],
            row["author"] or [about.author or about.title],
            [name for name, _ in row["tags"]],
            row["description"] or (reads.fact(f"about:{row['path']}") or {}).get("excerpt", ""),
            whole(reads, about, body_of(reads, row["path"]), row["path"], row["url"]) if full else "",
        )
        for row in rows
    ]


def body_of(reads: Reads, path: str) -> str:
    """Give a page's own HTML."""
    found = reads.fact(f"compose:{path}", Content)
    return found.html if found else ""


def sections(reads: Reads, path: str, url: str) -> list[Entry]:
    """Give the second-level sections of a page as entries: those whose heading has a date, as in a changelog, the newest first."""
    about = reads.fact("config:site", About)
    html = body_of(reads, path)
    starts = [*SECTION.finditer(html)]
    made = []
    for this, after in zip_longest(starts, starts[1:]):
        title = unescape(TAG.sub("", this["title"])).strip()
        if date := DATE.search(title):
            part = html[this.end() : after.start() if after else len(html)].strip()
            body = whole(reads, about, part, path, url)
            words = " ".join(unescape(TAG.sub(" ", body)).split())
            short = words if len(words) <= EXCERPT else words[: EXCERPT - 1].rsplit(" ", 1)[0] + "…"
            link = f"{about.absolute(url)}#{unescape(this['id'])}"
            authors = [about.author or about.title]
            made.append(Entry(title, link, date[0], date[0], authors, (), short, body))
    return sorted(made, key=lambda entry: entry.published, reverse=True)


def whole(reads: Reads, about: About, html: str, path: str, url: str) -> str:
    """Give a page's HTML for readers that do not stand on the page."""
    from generator.afar import from_afar

    return from_afar(html, about.absolute(url), words_for(reads, path).text("try_demo"))


def atom(about: About, feed: Feed, entries: Sequence[Entry]) -> str:
    """Write Atom (RFC 4287)."""
    newest = max((stamp(e.updated) for e in entries), default=stamp(LONG_AGO))
    own, home = about.absolute(feed.url), about.absolute(feed.home)
    parts = [
        f'{HEAD}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoted(feed.language or about.language)}>',
        element("title", feed.title),
        element("id", own),
        f'<link rel="self" type="application/atom+xml" href={quoted(own)}/>',
        f'<link rel="alternate" type="text/html" href={quoted(home)}/>',
        element("updated", newest),
        "<generator>Pressrun</generator>",
    ]
    for entry in entries:
        parts += [
            "<entry>",
            element("title", entry.title),
            element("id", entry.link),
            f'<link rel="alternate" type="text/html" href={quoted(entry.link)}/>',
            element("published", stamp(entry.published)),
            element("updated", stamp(entry.updated)),
            *(f"<author>{element('name', name)}</author>" for name in entry.authors),
            *(f"<category term={quoted(tag)}/>" for tag in entry.tags),
            element("summary", entry.summary),
            *([f'<content type="html">{text(entry.content)}</content>'] if entry.content else []),
            "</entry>",
        ]
    return "\n".join([*parts, "</feed>\n"])


def rss(about: About, feed: Feed, entries: Sequence[Entry]) -> str:
    """Write RSS 2.0."""
    spaces = 'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    newest = max((instant(e.updated) for e in entries), default=instant(LONG_AGO))
    parts = [
        f'{HEAD}<rss version="2.0" {spaces}>\n<channel>',
        element("title", feed.title),
        element("link", about.absolute(feed.home)),
        element("description", about.description or feed.title),
        element("language", feed.language or about.language),
        element("lastBuildDate", format_datetime(newest)),
        f'<atom:link rel="self" type="application/rss+xml" href={quoted(about.absolute(feed.url))}/>',
    ]
    for entry in entries:
        parts += [
            "<item>",
            element("title", entry.title),
            element("link", entry.link),
            f'<guid isPermaLink="true">{text(entry.link)}</guid>',
            element("pubDate", format_datetime(instant(entry.published))),
            *(element("dc:creator", name) for name in entry.authors),
            *(element("category", tag) for tag in entry.tags),
            element("description", entry.summary),
            *([element("content:encoded", entry.content)] if entry.content else []),
            "</item>",
        ]
    return "\n".join([*parts, "</channel>\n</rss>\n"])


def json_feed(about: About, feed: Feed, entries: Sequence[Entry]) -> str:
    """Write JSON Feed 1.1."""
    items = []
    for entry in entries:
        item = {
            "id": entry.link,
            "url": entry.link,
            "title": entry.title,
            "summary": entry.summary,
            "date_published": stamp(entry.published),
            "date_modified": stamp(entry.updated),
            "authors": [{"name": name} for name in entry.authors],
            "tags": list(entry.tags),
        }
        # one of the two is required
        item |= {"content_html": entry.content} if entry.content else {"content_text": entry.summary}
        items.append(item)
    whole_feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": about.absolute(feed.home),
        "feed_url": about.absolute(feed.url),
        "language": feed.language or about.language,
        "items": items,
    }
    return msgspec.json.format(msgspec.json.encode(whole_feed), indent=1).decode() + "\n"


WRITERS: dict[str, Callable[[About, Feed, Sequence[Entry]], str]] = {
    "atom": atom,
    "rss": rss,
    "json": json_feed,
}
FILES = {"atom": "feed.xml", "rss": "rss.xml", "json": "feed.json"}
"""Format → the name of its file."""
TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
"""Format → its media type."""


def feeds_of(config: Config, site: Site) -> Iterator[Feed]:
    """Give all feeds of a site that knows its own address: of all its posts, of collections, and of terms as configured."""
    listed = [c for c in config.collections if c.list]
    if not config.base_url:
        return
    places: list[tuple[str, str, str]] = []
    languages: dict[str, str] = {}
    if "collections" in config.feeds.of:
        for one in listed:
            name, url = one.title or one.name.capitalize(), collection_url(one)
            places.append((f"collection:{one.name}", f"{config.title}: {name}", url))
    if "site" in config.feeds.of and listed:
        places.append(("site", config.title, "/"))
    for language, edition in site.editions.items():
        front, own = f"/{language}", [one for one in listed if edition.has(one.name)]
        made = [(f"collection:{c.name}:{language}", f": {list_place(c)[0]}", collection_url(c)) for c in own]
        made = made if "collections" in config.feeds.of else []
        made += (
            [(f"site:{language}", "", "/")]
            if "site" in config.feeds.of and own and f"{front}/" in site.urls
            else []
        )
        places += [
            (key, f"{config.title}{words} ({name_of(language)})", front + url) for key, words, url in made
        ]
        languages |= {key: language for key, _, _ in made}
    for shown in (*site.listings, *site.fronts.values()):
        kind, _, name = shown.key.partition(":")
        if kind == "term" and shown.number == 1 and taxonomy_of(name) in config.feeds.of:
            words = f" ({name_of(shown.language)})" if shown.language else ""
            places.append((shown.key, f"{config.title}: {shown.heading}{words}", shown.url))
            languages[shown.key] = shown.language
    places += [
        (f"page:{p.path}", f"{config.title}: {p.front_matter.title}", site.routes[p.path].url)
        for p in site.pages
        if p.front_matter.extra.get("feed") is True
    ]
    taken = set()
    for key, title, url in places:
        if url not in taken:
            taken.add(url)
            language = languages.get(key, "")
            yield from (
                Feed(key, title, url + FILES[kind], url, kind, language) for kind in config.feeds.formats
            )


def element(name: str, words: str) -> str:
    """Write one element with text."""
    return f"<{name}>{text(words)}</{name}>"


def text(words: str) -> str:
    """Write text for XML 1.0; letters that it cannot hold are dropped."""
    return escape(
        "".join(
            c
            for c in words
            if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
        )
    )


def quoted(words: str) -> str:
    """Write an attribute's value with its quotes."""
    return f'"{text(words)}"'


def stamp(date: str) -> str:
    """Write an ISO date as a moment of RFC 3339."""
    moment = instant(date).isoformat(timespec="seconds")
    return moment.replace("+00:00", "Z")


def sitemap(config: Config, site: Site, changed: Mapping[str, str]) -> bytes:
    """Write the URLs of all pages and lists, for search engines; `changed`: page → day of its last commit."""
    dates = {
        site.routes[p.path].url: p.front_matter.updated or changed.get(p.path) or p.front_matter.date
        for p in site.pages
        if not p.front_matter.unlisted
    }
    urls = sorted({**dict.fromkeys((one.url for one in site.listings), ""), **dates}.items())
    links = alternates(config, site)
    rows = [
        f"<url><loc>{escape(config.absolute(url))}</loc>"
        + (f"<lastmod>{when[:10]}</lastmod>" if when else "")
        + links.get(url, "")
        + "</url>"
        for url, when in urls
    ]
    spaces = ' xmlns:xhtml="http://www.w3.org/1999/xhtml"' if links else ""
    head = f'{HEAD}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"{spaces}>'
    return "\n".join([head, *rows, "</urlset>\n"]).encode()


def alternates(config: Config, site: Site) -> dict[str, str]:
    """Give the URL of each page and list that there is in several languages, and the links that say so in the sitemap, to itself too."""
    if not site.editions:
        return {}
    found: dict[str, str] = {}
    for _, rows in switches_of(config, site, [p for p in site.pages if not p.front_matter.unlisted]):
        own = [(language, url) for language, url, exact in rows if exact]
        if len(own) > 1:
            links = "".join(
                f'<xhtml:link rel="alternate" hreflang={quoted(language)} href={quoted(config.absolute(url))}/>'
                for language, url in own
            )
            found |= {url: links for _, url in own}
    return found


def robots(config: Config) -> bytes:
    """Write robots.txt: everything may be read; here is the sitemap."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {config.absolute('/sitemap.xml')}\n".encode()
