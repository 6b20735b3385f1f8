"""Feeds: Atom for each collection with a list, the sitemap, robots.txt; made when the site knows its own URL."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from generator.frontmatter import instant

if TYPE_CHECKING:
    from generator.cache import Reads
    from generator.config import Collection, Config
    from generator.site import Site


def atom(config: Config, collection: Collection, url: str, reads: Reads) -> bytes:
    """Write the newest pages of a collection as Atom (RFC 4287); `url` is the feed's own path."""
    rows = reads.fact(f"feed:{collection.name}")
    site = reads.fact("config:site")
    newest = max((stamp(row["updated"] or row["date"]) for row in rows), default="1970-01-01T00:00:00Z")
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">',
        element("title", f"{site['title']}: {collection.title or collection.name.capitalize()}"),
        element("id", config.absolute(url)),
        f'<link rel="self" href={quoted(config.absolute(url))}/>',
        f"<link href={quoted(config.absolute('/'))}/>",
        element("updated", newest),
    ]
    for row in rows:
        link = config.absolute(row["url"])
        about = reads.fact(f"about:{row['path']}") or {}
        names = row["author"] or [site["author"] or site["title"]]
        parts += [
            "<entry>",
            element("title", row["title"]),
            element("id", link),
            f"<link href={quoted(link)}/>",
            element("published", stamp(row["date"])),
            element("updated", stamp(row["updated"] or row["date"])),
            *(f"<author>{element('name', name)}</author>" for name in names),
            *(f"<category term={quoted(tag)}/>" for tag, _ in row["tags"]),
            element("summary", row["description"] or about.get("excerpt", "")),
            "</entry>",
        ]
    return ("\n".join([*parts, "</feed>"]) + "\n").encode()


def element(name: str, text: str) -> str:
    """Write one element with text; letters that XML 1.0 cannot hold are dropped."""
    clean = "".join(
        c for c in text if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
    return f"<{name}>{escape(clean)}</{name}>"


def quoted(text: str) -> str:
    """Write an attribute's value with its quotes."""
    return f'"{escape(text)}"'


def stamp(text: str) -> str:
    """Write an ISO date as a moment of RFC 3339."""
    moment = instant(text).isoformat(timespec="seconds")
    return moment.replace("+00:00", "Z")


def sitemap(config: Config, site: Site) -> bytes:
    """Write the URLs of all pages and lists, for search engines."""
    shown = [page for page in site.pages if not page.front_matter.unlisted]
    dates = {site.routes[p.path].url: p.front_matter.updated or p.front_matter.date for p in shown}
    urls = sorted({**dict.fromkeys((one.url for one in site.listings), ""), **dates}.items())
    rows = [
        f"<url><loc>{escape(config.absolute(url))}</loc>"
        + (f"<lastmod>{when[:10]}</lastmod>" if when else "")
        + "</url>"
        for url, when in urls
    ]
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    )
    return "\n".join([head, *rows, "</urlset>\n"]).encode()


def robots(config: Config) -> bytes:
    """Write robots.txt: everything may be read; here is the sitemap."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {config.absolute('/sitemap.xml')}\n".encode()
