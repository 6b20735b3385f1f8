"""Views: the site and its pages as templates see them.

A template reads the site only through these views, and each attribute is a fact; so what a page's
render depends on is exactly what its templates asked for.
"""

from __future__ import annotations

import os
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup

from generator import found, pictures
from generator.cache import Reads
from generator.config import Images
from generator.content import engines_of
from generator.data import Data, Recorded
from generator.editions import name_of
from generator.errors import did_you_mean
from generator.frontmatter import instant
from generator.pages import picture_source
from generator.pictures import Picture
from generator.plates import plate
from generator.taxonomies import term_slug, terms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jinja2 import Environment

    from generator.content import Content, Summary
    from generator.pages import Page
    from generator.site import Listing

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


ENGINE_FILES = {
    "micropython": "worker.js",
    "micropython-engine": "micropython.mjs",
    "micropython-wasm": "micropython.wasm",
    "pyodide": "pyodide.js",
    "pyodide-folder": "pyodide/",
}
"""Attribute of the page's script → the file whose address it holds."""


def site_url(reads: Reads, path: str) -> str:
    """Give the root-relative URL of a path of the site; whole URLs stay."""
    if "://" in path or path.startswith(("//", "#", "data:")):
        return path
    return str(reads.fact("config:base_path", str)) + path.removeprefix("/")


def asset_url(reads: Reads, name: str) -> str:
    """Give the fingerprinted URL of a file of the theme. Raises KeyError with a did-you-mean."""
    path = reads.fact(f"asset:{name}", str)
    if path is None:
        known = [key.removeprefix("asset:") for key in reads.facts.known if key.startswith("asset:")]
        raise KeyError(f"no asset “{name}” {did_you_mean(name, known)}".strip())
    return site_url(reads, path)


def integrity_of(reads: Reads, name: str) -> str:
    """Give what a browser is to compare a file of the theme with, for the attribute `integrity`."""
    return str(reads.fact(f"integrity:{name}", str) or "")


def published_url(reads: Reads, path: str) -> str:
    """Give the root-relative URL of what the site publishes at a path (`/custom.css`); nothing when there is no such thing."""
    return site_url(reads, path) if reads.fact(f"url:{path}", str) else ""


def demo_head(reads: Reads, summary: Summary) -> Markup:
    """Give what a page with live demos needs in its head; no engine is fetched before a demo is near."""
    data = {
        "workers": summary.workers,
        "payload": site_url(reads, f"/assets/demos/{summary.demos}.json"),
        "runtime": asset_url(reads, "runtime.json"),
        "parts": asset_url(reads, "parts.js"),
    }
    for attribute, name in ENGINE_FILES.items():
        if attribute.partition("-")[0] in engines_of(summary.workers):
            data[attribute] = asset_url(reads, name)
    attributes = Markup("").join(Markup(' data-{}="{}"').format(k, v) for k, v in data.items())
    sheets = [asset_url(reads, "demo.css")]
    if summary.style:
        sheets.append(site_url(reads, f"/assets/demos/{summary.style}.css"))
    styles = Markup("").join(Markup('<link rel="stylesheet" href="{}">\n').format(sheet) for sheet in sheets)
    script = asset_url(reads, "demo.js")
    if not summary.early:
        return styles + Markup('<script type="module" src="{}"{}></script>\n').format(script, attributes)
    # The first tag starts the worker while the page is still being read; the second, of the same module, which runs
    # once, keeps DOMContentLoaded until all is bound.
    return (
        Markup('<script type="module" async fetchpriority="high" src="{}"{} data-early></script>\n').format(
            script, attributes
        )
        + styles
        + Markup('<script type="module" src="{}"></script>\n').format(script)
    )


class kept:  # noqa: N801
    """An attribute that is made when it is first asked for; quicker than the standard library's, which takes a lock in Python 3.11."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function, self.name, self.__doc__ = function, "", function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, one: Any, owner: type) -> Any:
        made = one.__dict__[self.name] = self.function(one)
        return made


class shared(kept):  # noqa: N801
    """An attribute of the site that all pages see alike: made once in a process; who asks notes what making it has looked at."""

    def __get__(self, one: Any, owner: type) -> Any:
        made = one.__dict__[self.name] = of_all(
            one._reads, self.name, lambda reads: self.function(SiteView(reads))
        )
        return made


def of_all(reads: Reads, name: str, make: Callable[[Reads], Any]) -> Any:
    """Give what is the same for all pages of a build, made by the first that asks; its keys are those of each."""
    found = reads.facts.shared.get(name)
    if found is None:
        own = Reads(reads.facts)
        found = reads.facts.shared[name] = (own.keys, make(own))
    reads.note(found[0])
    return found[1]


class SiteView:
    """The site as templates see it."""

    def __init__(self, reads: Reads, folder: str = "", edition: str = "") -> None:
        self._reads, self._folder, self._edition = reads, folder, edition

    @shared
    def _config(self) -> dict[str, Any]:
        return dict(self._reads.fact("config:site"))

    title = shared(lambda self: self._config["title"])
    """As configured."""
    description = shared(lambda self: self._config["description"])
    """As configured."""
    language = shared(lambda self: self._config["language"])
    """As configured."""
    author = shared(lambda self: self._config["author"])
    """As configured."""
    copyright = shared(lambda self: self._config["copyright"] or self._config["author"])
    """As configured, else the author."""
    repository = shared(lambda self: self._config["repository"])
    """As configured."""
    edit_url = shared(lambda self: self._config["edit_url"])
    """As configured."""
    share = shared(lambda self: self._config["share"])
    """As configured."""
    url = shared(lambda self: self._config["base_url"].rstrip("/"))
    """`base_url` without its last slash; may be empty."""
    year = shared(lambda self: self._reads.fact("year"))
    """The year of the build."""

    @kept
    def home(self) -> str:
        """URL of the home page, in the page's language when there is one."""
        made: str = of_all(self._reads, f"home:{self._edition}", lambda reads: home_url(reads, self._edition))
        return made

    paper = shared(lambda self: self._config["paper"])
    """The colours of light and dark paper, for the browser's own bars."""

    @shared
    def logo(self) -> str:
        """URL of the logo that is configured; may be empty."""
        path = self._config["logo"]
        return site_url(self._reads, path) if path else ""

    @shared
    def fonts(self) -> list[str]:
        """URLs of the configured fonts that are to be preloaded."""
        return [site_url(self._reads, path) for path in self._config["fonts"]]

    @shared
    def docs_url(self) -> str:
        """URL of the first page of documentation; empty without any."""
        first = self._reads.fact("docs", str)
        return site_url(self._reads, first) if first else ""

    @kept
    def nav(self) -> list[dict[str, Any]]:
        """The tree of documentation pages, as far as this page shows it: `title`, `url` (may be empty), `children`."""
        name = f"{self._edition}:{self._folder}" if self._edition else self._folder
        made: list[dict[str, Any]] = of_all(
            self._reads, f"nav:{name}", lambda reads: navigation(reads, self._folder, self._edition)
        )
        return made

    @kept
    def collections(self) -> list[dict[str, str]]:
        """The collections that have a list page: `name`, `title`, `url`."""
        made: list[dict[str, str]] = of_all(
            self._reads, f"collections:{self._edition}", lambda reads: lists(reads, self._edition)
        )
        return made

    @shared
    def feeds(self) -> list[dict[str, str]]:
        """The feeds of the site and of its collections: `title`, `url`, `type`, and `of`: the name of the collection or nothing."""
        return [feed_entry(self._reads, row) for row in self._reads.fact("feeds")]

    @shared
    def named_feeds(self) -> list[dict[str, str]]:
        """Those that every page's head names: of the site, and of its collections when there are several."""
        whole = [feed for feed in self.feeds if not feed["of"]]
        parts = [feed for feed in self.feeds if feed["of"]]
        return [*whole, *parts] if not whole or len({feed["of"] for feed in parts}) > 1 else whole

    @shared
    def tags_url(self) -> str:
        """URL of the list of all tags; empty without tags."""
        return site_url(self._reads, "/tags/") if self._reads.fact("url:/tags/", str) else ""

    @shared
    def taxonomies(self) -> list[dict[str, str]]:
        """The taxonomies that some page has a term of: `name`, `title`, `url` of the list of all terms."""
        rows = self._reads.fact("taxonomies").items()
        return [{"name": n, "title": t, "url": site_url(self._reads, f"/{n}/")} for n, (_, t) in rows]

    @kept
    def data(self) -> Data:
        """The site's data files: `site.data.team` is what `data/team.yml` (`.json`, `.toml`, `.csv`) holds."""
        return Data(Recorded(self._reads))

    @shared
    def search(self) -> bool:
        """Whether the site has search."""
        return bool(self._reads.fact("config:search")["enabled"])

    @shared
    def newsletter(self) -> dict[str, str] | None:
        """The newsletter's form (`action`, `title`, `text`); None unless it has an action."""
        made = self._reads.fact("config:newsletter")
        return made if made["action"] else None


def home_url(reads: Reads, edition: str) -> str:
    """Give the URL of the home page in a language; the site's own when that has none."""
    own = f"/{edition}/"
    return site_url(reads, own if edition and reads.fact(f"url:{own}", str) else "/")


def lists(reads: Reads, edition: str) -> list[dict[str, str]]:
    """Give the collections that have a list page."""
    return [list_entry(reads, row, edition) for row in reads.fact("lists")]


def navigation(reads: Reads, folder: str, edition: str = "") -> list[dict[str, Any]]:
    """Give the tree of documentation pages that a page of a folder shows, in a language."""
    begin = f"nav:{edition}:" if edition else "nav:"
    tree = reads.fact(begin + folder)
    return with_urls(reads, reads.fact(begin) if tree is None else tree)


def with_urls(reads: Reads, tree: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Prefix the URLs of a navigation tree."""
    return [
        {
            "title": entry["title"],
            "url": site_url(reads, entry["url"]) if entry["url"] else "",
            "children": with_urls(reads, entry["children"]),
        }
        for entry in tree
    ]


def feed_entry(reads: Reads, row: Sequence[str]) -> dict[str, str]:
    """Give one feed as templates see it."""
    return {"title": row[0], "url": site_url(reads, row[1]), "type": row[2], "of": row[3]}


def list_entry(reads: Reads, row: Sequence[str], edition: str = "") -> dict[str, str]:
    """Give one collection as templates see it, with its list in a further language where there is one."""
    own = f"/{edition}{row[2]}" if edition else ""
    url = own if own and reads.fact(f"url:{own}", str) else row[2]
    return {"name": row[0], "title": row[1], "url": site_url(reads, url)}


class PageView:
    """One page as templates see it."""

    kind: str
    """The name of its template: `page`, `post`, `list`; made pages have `list`, `404` or `redirect`."""
    title: str
    """From the front matter, else its heading or its file's name."""
    url: str
    """Root-relative, with the path of `base_url`."""
    date: datetime | None
    """None when it has none."""
    updated: datetime | None
    """None when it has none."""
    description: str
    """From the front matter, else the beginning of its text."""
    series: str
    """From the front matter."""
    draft: bool
    """Whether it is a draft; drafts are shown by the dev server and with `--drafts` alone."""
    extra: dict[str, Any]
    """What else the front matter says."""
    toc: Sequence[Any]
    """Its headings: `id`, `title`, `level`, `children`; empty when there are fewer than two, or with `toc: false`."""
    reading_minutes: int
    """At 200 words a minute."""
    has_demo: bool
    """Whether there is a live demo on it."""
    hide_title: bool
    """Whether its text brings its own heading."""
    tags: list[dict[str, str]]
    """Its tags: `name`, `url`."""

    def __init__(self, reads: Reads, page: Page, content: Content, kind: str) -> None:
        self._reads, self._page, self.content, self.kind = reads, page, content, kind
        self._matter = page.front_matter
        self._path = str(reads.fact(f"route:{page.path}", str))
        self.title = self._matter.title
        self.url = site_url(reads, self._path)
        self.date = moment(self._matter.date)
        self.updated = moment(self._matter.updated)
        self.description = self._matter.description or content.summary.excerpt
        self.series, self.draft, self.extra = self._matter.series, self._matter.draft, self._matter.extra
        self.toc = content.toc if self._matter.toc and count(content.toc) >= 2 else ()
        self.reading_minutes = content.summary.minutes
        self.has_demo = bool(content.summary.demos)
        self.hide_title = page.has_heading
        self.tags = [
            {"name": t, "url": site_url(reads, url)}
            for t in self._matter.tags
            if (url := reads.fact(f"term-url:tags:{t}", str))
        ]

    @kept
    def future(self) -> bool:
        """Whether its date is later than the build; such pages are shown like drafts."""
        return bool(self._reads.fact(f"future:{self._page.path}"))

    @kept
    def author(self) -> list[str]:
        """A list: the page's authors, or the site's."""
        site = self.site.author
        return list(self._matter.author) or ([site] if site else [])

    @property
    def authors(self) -> list[dict[str, str]]:
        """The same with their pages: `name`, `url`; the URL is empty unless the collection has the taxonomy `authors`."""
        urls = {name: self._reads.fact(f"term-url:authors:{name}", str) for name in self.author}
        return [{"name": n, "url": site_url(self._reads, url) if url else ""} for n, url in urls.items()]

    @kept
    def terms(self) -> dict[str, list[dict[str, str]]]:
        """Taxonomy → what the page says of it, as far as it is listed: `name`, `url`."""
        listed = {}
        for name, (key, _) in self._reads.fact("taxonomies").items():
            urls = {t: self._reads.fact(f"term-url:{name}:{t}", str) for t in terms_of(self._page, key)}
            listed[name] = [{"name": t, "url": site_url(self._reads, url)} for t, url in urls.items() if url]
        return listed

    @kept
    def parts(self) -> list[dict[str, Any]]:
        """The parts of its series, in order: `title`, `url`, `current`; empty without a series."""
        rows = self._reads.fact(f"series:{term_slug(self.series)}") if self.series else None
        return [
            {"title": r["title"], "url": site_url(self._reads, r["url"]), "current": r["url"] == self._path}
            for r in rows or ()
        ]

    @kept
    def series_url(self) -> str:
        """URL of the list of its series' parts; may be empty."""
        url = self._reads.fact(f"term-url:series:{self.series}", str) if self.series else None
        return site_url(self._reads, url) if url else ""

    @property
    def unlisted(self) -> bool:
        """Whether it stands in no list, feed, sitemap or navigation; search engines are asked to leave it out too."""
        return self._matter.unlisted

    @kept
    def lang(self) -> str:
        """The page's language."""
        return self._matter.lang or self._page.language or str(self.site.language)

    @kept
    def image(self) -> str:
        """URL of the page's picture; may be empty."""
        source = picture_source(self._page)
        place = self._reads.fact(f"route:{source}", str) if source else None
        return site_url(self._reads, place or self._matter.image) if self._matter.image else ""

    @kept
    def card(self) -> str:
        """Absolute URL of the page's generated card; empty for pages with a picture of their own, and where there are no cards."""
        card = None if self._matter.image else self._reads.fact(f"share:{self._page.path}", str)
        return absolute(self._reads, f"/{card}") if card else ""

    @kept
    def picture(self) -> Markup:
        """`<img>` of the page's picture, with its size, its smaller copies and `image_alt` of the front matter as its text; may be empty."""
        source = picture_source(self._page)
        known = self._reads.fact(f"picture:{source}", Picture) if source else None
        if not self.image:
            return Markup("")
        options = self._reads.fact("config:images", Images)
        attributes = {"src": self.image, "alt": str(self.extra.get("image_alt", ""))}
        base = str(self._reads.fact("config:base_path", str))
        made = pictures.html(known or Picture(), attributes, options, base, early=True, block=True)
        return Markup(made)  # noqa: S704  (attributes are escaped there)

    @kept
    def previous(self) -> dict[str, str] | None:
        """The page before this one in its collection: `title`, `url`; None for the first."""
        return self._neighbour(0)

    @kept
    def next(self) -> dict[str, str] | None:
        """The page after this one: `title`, `url`; None for the last."""
        return self._neighbour(1)

    def _neighbour(self, which: int) -> dict[str, str] | None:
        around = self._reads.fact(f"neighbours:{self._page.path}")
        beside = around[which] if around else None
        return {"title": beside["title"], "url": site_url(self._reads, beside["url"])} if beside else None

    @kept
    def edition(self) -> str:
        """The further language of the site that it belongs to; empty in the site's own."""
        return self._page.language

    @kept
    def translations(self) -> list[dict[str, Any]]:
        """The site's languages: `lang`, `name`, `url`, `absolute`, `exact` (else the URL is that of the language's home), `current`."""
        rows = self._reads.fact(f"switch:{self._page.path}") or ()
        own = self._page.language or self.site.language
        return [
            {
                "lang": t,
                "name": name_of(t),
                "url": site_url(self._reads, url),
                "absolute": absolute(self._reads, url) or site_url(self._reads, url),
                "exact": exact,
                "current": t == own,
            }
            for t, url, exact in rows
        ]

    @kept
    def breadcrumbs(self) -> list[dict[str, str]]:
        """The sections that it stands in, from the outermost on: `title`, `url` (may be empty)."""
        rows = self._reads.fact(f"crumbs:{self._page.path}") or ()
        return [{"title": t, "url": site_url(self._reads, u) if u else ""} for t, u in rows]

    @kept
    def collection(self) -> dict[str, str] | None:
        """The page's collection, when it has a list page: `name`, `title`, `url`; else None."""
        row = next((r for r in self._reads.fact("lists") if r[0] == self._page.collection), None)
        return list_entry(self._reads, row, self._page.language) if row else None

    @kept
    def canonical(self) -> str:
        """The page's absolute URL, or the one that its front matter gives (`canonical`); empty when the site has no `base_url`."""
        own = self.extra.get("canonical")
        return own if isinstance(own, str) and "://" in own else absolute(self._reads, self._path)

    @kept
    def dir(self) -> str:
        """`rtl` when the page's language is written from right to left, else `ltr`."""
        return found.direction(self.lang)

    @kept
    def deck(self) -> str:
        """The description, when the text does not begin with the same words."""
        return found.deck_of(self._matter.description, self.content.html) if self._matter.description else ""

    @kept
    def feeds(self) -> Any:
        """The feeds that the page's head names: those of the site, and those of its collections when there are several."""
        return self.site.named_feeds

    @kept
    def site(self) -> SiteView:
        """The site, as this page sees it."""
        return SiteView(self._reads, self._page.path.rpartition("/")[0], self._page.language)

    @kept
    def modified(self) -> datetime | None:
        """The day of the last commit that changed its file; None outside a git repository."""
        return moment(self._reads.fact(f"modified:{self._page.path}", str) or "")

    @kept
    def edit_url(self) -> str:
        """Where its source can be changed; empty without `edit_url` in the configuration."""
        pattern = self.site.edit_url
        return pattern.replace("{path}", quote(self._page.path)) if pattern else ""

    @kept
    def markdown(self) -> str:
        """URL of the page as Markdown; empty unless the configuration asks for it (`llms`)."""
        made = self._reads.fact(f"twin-at:{self._page.path}", str)
        return site_url(self._reads, made) if made else ""

    @kept
    def related(self) -> list[dict[str, str]]:
        """The posts that have most in common with it: `title`, `url`, `description`."""
        made = []
        for path in self._reads.fact(f"related:{self._page.path}") or ():
            row = self._reads.fact(f"card:{path}")
            made.append({**row, "url": site_url(self._reads, row["url"])})
        return made

    @kept
    def share(self) -> list[dict[str, str]]:
        """Links that hand its address on: `title`, `url`; none without `base_url`, none for drafts."""
        if not self.canonical or self.draft or self.future:
            return []
        return found.ways(self.site.share, self.title, self.canonical)

    @kept
    def structured(self) -> Markup:
        """What the page is about, for search engines (JSON-LD); empty without `base_url`."""
        own = absolute(self._reads, self._path)
        if not own or self.kind not in ("page", "post"):
            return Markup("")
        if self.url == self.site.home:
            about = {"@type": "WebSite", "name": self.site.title, "url": own}
            return found.json_ld([{**about, "description": self.description} if self.description else about])
        image = self.image
        changed = (
            self._matter.updated
            or (self.kind == "page" and self._reads.fact(f"modified:{self._page.path}", str))
            or ""
        )
        parts = [
            found.article(
                "BlogPosting" if self.kind == "post" else "TechArticle",
                title=self.title,
                url=own,
                description=self.description,
                image=image if "://" in image or not image else origin(own) + image,
                published=self._matter.date,
                changed=changed,
                authors=self.author,
                lang=self.lang,
                words=[tag["name"] for tag in self.tags],
            )
        ]
        above = self.collection if self.kind == "post" else None
        steps = [(one["title"], one["url"]) for one in ([above] if above else self.breadcrumbs) if one["url"]]
        if steps:
            parts.append(found.breadcrumbs([*((t, origin(own) + u) for t, u in steps), (self.title, own)]))
        asked = found.questions(self.extra.get("faq"))
        return found.json_ld([*parts, asked] if asked else parts)


class MadePage:
    """A page that no author wrote: a list, the 404 page."""

    def __init__(
        self, reads: Reads, kind: str, title: str, path: str, description: str = "", edition: str = ""
    ) -> None:
        self.kind, self.title, self.description = kind, title, description
        self.url = site_url(reads, path)
        self.canonical = absolute(reads, path) if kind != "404" else ""
        self.lang = edition or str(SiteView(reads).language)
        self.edition = edition
        self.translations: list[Any] = []
        self.date = self.updated = self.previous = self.next = None
        self.collection: dict[str, str] | None = None
        self.author: list[str] = []
        self.authors: list[Any] = []
        self.tags: list[Any] = []
        self.parts: list[Any] = []
        self.breadcrumbs: list[Any] = []
        self.terms: dict[str, Any] = {}
        self.toc: tuple[Any, ...] = ()
        self.image = self.card = self.series = self.series_url = ""
        self.extra: dict[str, Any] = {}
        self.draft = self.future = self.unlisted = self.has_demo = self.hide_title = False
        self.reading_minutes = 0
        self.dir = found.direction(self.lang)
        self.deck = self.edit_url = self.markdown = ""
        self.structured = Markup("")
        self.modified = None
        self.related: list[Any] = []
        self.share: list[Any] = []
        own = [feed_entry(reads, row) for row in reads.fact(f"feeds-of:{path}") or ()]
        self.feeds = [*own, *SiteView(reads).named_feeds]


def origin(url: str) -> str:
    """Give scheme and host of an absolute URL."""
    return "/".join(url.split("/", 3)[:3])


def list_template(listing: Listing) -> str:
    """Give the template of a list."""
    if listing.key.startswith("year:"):
        return "archive.html"
    return "tags.html" if listing.key.startswith("terms:") else "list.html"


def template_arguments(reads: Reads, listing: Listing) -> dict[str, Any]:
    """Give what a list template gets."""
    number, total = listing.number, listing.total
    heading = listing.heading if number == 1 else f"{listing.heading}, page {number}"
    page = MadePage(reads, "list", heading, listing.url, edition=listing.language)
    whole = next((row for row in reads.fact("lists") if row[0] == listing.collection), None)
    if listing.key.startswith("year:") and whole:
        page.collection = list_entry(reads, whole)
    first = listing.url if number == 1 else listing.url.rpartition("page/")[0]

    def at(n: int) -> str | None:
        if not 1 <= n <= total:
            return None
        return site_url(reads, first if n == 1 else f"{first}page/{n}/")

    pager = {"previous_url": at(number - 1), "next_url": at(number + 1), "number": number, "count": total}
    made: dict[str, Any] = {
        "page": page,
        "heading": heading,
        "content": Markup(""),
        "pager": pager if total > 1 else None,
    }
    if listing.key.startswith("terms:"):
        rows = reads.fact(listing.key)
        made["tags"] = [{"name": n, "url": site_url(reads, u), "count": c} for n, u, c in rows]
        return made
    shown = line if listing.key.startswith("year:") else entry
    made["entries"] = [shown(reads, row) for row in reads.fact(f"slice:{listing.url}")]
    years = reads.fact(f"years:{listing.collection}") if listing.collection else None
    made["years"] = [{"title": title, "url": site_url(reads, url)} for title, url in years or ()]
    cut = total == 1 and listing.count > listing.page_size
    made["more"] = list_entry(reads, whole) if whole and cut else None
    return made


def entry(reads: Reads, row: Mapping[str, Any]) -> dict[str, Any]:
    """Give one page as a list shows it."""
    about = reads.fact(f"about:{row['path']}") or {"excerpt": "", "minutes": 1}
    site_author = SiteView(reads).author
    return {
        "title": row["title"],
        "url": site_url(reads, row["url"]),
        "date": moment(row["date"]),
        "updated": moment(row["updated"]),
        "description": row["description"] or about["excerpt"],
        "tags": [{"name": name, "url": site_url(reads, url)} for name, url in row["tags"]],
        "author": row["author"] or ([site_author] if site_author else []),
        "draft": row["draft"],
        "future": row["future"],
        "reading_minutes": about["minutes"],
        "image": picture_url(reads, row["image"], row["path"]),
    }


def line(reads: Reads, row: Mapping[str, Any]) -> dict[str, Any]:
    """Give one page as the archive of a year shows it."""
    shown = {key: row[key] for key in ("title", "draft", "future")}
    return {
        **shown,
        "url": site_url(reads, row["url"]),
        "date": moment(row["date"]),
        "month": row["date"][:7],
    }


def picture_url(reads: Reads, written: str, page: str) -> str:
    """Give the URL of the picture that a page's front matter names: a URL, or a path beside the page."""
    if not written or "://" in written:
        return written
    source = os.path.normpath(os.path.join(page.rpartition("/")[0], written)).replace(os.sep, "/")
    found_at = None if written.startswith("/") else reads.fact(f"route:{source}", str)
    return site_url(reads, found_at or written)


def absolute(reads: Reads, path: str) -> str:
    """Give the absolute URL of a path; nothing when the site has no `base_url`."""
    base = SiteView(reads).url
    return f"{base}/{path.removeprefix('/')}" if base else ""


def moment(text: str) -> datetime | None:
    """Give an ISO date or time as Python knows it."""
    return instant(text) if text else None


def count(toc: Sequence[Any]) -> int:
    """Count the entries of a table of contents."""
    return sum(1 + count(entry.children) for entry in toc)


def long_date(value: date) -> str:
    """Write a date for readers: 21 November 2026."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def iso_date(value: date) -> str:
    """Write a date for machines."""
    return (
        value.strftime("%Y-%m-%d")
        if value.year >= 1000
        else f"{value.year:04}-{value.month:02}-{value.day:02}"
    )


def plate_of(reads: Reads, url: str) -> Markup:
    """Give the drawing that stands for a page without a picture: three inks, composed by its address."""
    return plate(url)


def month_name(value: date) -> str:
    """Write the month of a date for readers: November 2026."""
    return f"{MONTHS[value.month - 1]} {value.year}"


FUNCTIONS: dict[str, Callable[[Reads, str], str]] = {
    "asset": asset_url,
    "plate": plate_of,
    "integrity": integrity_of,
    "url": site_url,
    "published": published_url,
}
"""What templates can call; each call is recorded."""
FILTERS: dict[str, Callable[[date], str]] = {"date": long_date, "isodate": iso_date, "month": month_name}
"""What templates can write behind a bar: `{{ page.date | date }}`."""


def templates(env: Environment) -> None:
    """Add our own filters to the Jinja environment, as plug-ins add theirs."""
    env.filters.update(FILTERS)
