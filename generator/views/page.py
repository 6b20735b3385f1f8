"""A page as templates see it: one that an author wrote, or one that the build made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup

from generator import found, pictures
from generator.config import Images
from generator.editions import name_of, words_for, words_in
from generator.frontmatter import instant
from generator.pages import picture_source
from generator.pictures import Picture
from generator.taxonomies import place_of, term_slug, terms_of
from generator.views.addresses import origin, picture_url, site_url
from generator.views.site import SiteView, absolute, canonical, feed_entry, kept, list_entry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from generator.cache import Reads
    from generator.content import Content
    from generator.pages import Page
    from generator.words import Words


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
            if (url := reads.fact(f"term-url:{self._place('tags')}:{t}", str))
        ]

    def _place(self, taxonomy: str) -> str:
        return place_of(taxonomy, self._page.language)

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
        urls = {n: self._reads.fact(f"term-url:{self._place('authors')}:{n}", str) for n in self.author}
        return [{"name": n, "url": site_url(self._reads, url) if url else ""} for n, url in urls.items()]

    @kept
    def terms(self) -> dict[str, list[dict[str, str]]]:
        """Taxonomy → what the page says of it, as far as it is listed: `name`, `url`."""
        listed = {}
        language = self._page.language
        rows = self._reads.fact(f"taxonomies:{language}" if language else "taxonomies")
        for name, (key, *_) in (rows or {}).items():
            place = self._place(name)
            said = terms_of(self._page, key, self.site.author if key == "author" else "")
            urls = {t: self._reads.fact(f"term-url:{place}:{t}", str) for t in said}
            listed[name] = [{"name": t, "url": site_url(self._reads, url)} for t, url in urls.items() if url]
        return listed

    @kept
    def parts(self) -> list[dict[str, Any]]:
        """The parts of its series, in order: `title`, `url`, `current`; empty without a series."""
        rows = self._reads.fact(f"series:{self._place(term_slug(self.series))}") if self.series else None
        return [
            {"title": r["title"], "url": site_url(self._reads, r["url"]), "current": r["url"] == self._path}
            for r in rows or ()
        ]

    @kept
    def series_url(self) -> str:
        """URL of the list of its series' parts; may be empty."""
        key = f"term-url:{self._place('series')}:{self.series}"
        url = self._reads.fact(key, str) if self.series else None
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
        return picture_url(self._reads, self._matter.image, self._page.path)

    @kept
    def card(self) -> str:
        """Absolute URL of the page's social card; empty for pages with a picture of their own, and where there are no such cards."""
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
    def words(self) -> Words:
        """What the theme itself says, in the page's language; templates call it as `say`."""
        return words_for(self._reads, self._page.path)

    @kept
    def edition(self) -> str:
        """The further language of the site that it belongs to; empty in the site's own."""
        return self._page.language

    @kept
    def translations(self) -> list[dict[str, Any]]:
        """The site's languages: `lang`, `name`, `url`, `absolute`, `exact` (else the URL is that of the language's home), `current`."""
        return translations(self._reads, self._page.path, self._page.language)

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
        return own if isinstance(own, str) and "://" in own else canonical(self._reads, self._path)

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
        return found.ways(self.site.share, self.title, self.canonical, self.words.text("by_email"))

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
        self.canonical = canonical(reads, path) if kind != "404" else ""
        self.lang = edition or str(SiteView(reads).language)
        self.edition = edition
        self.words = words_in(reads, edition)
        self.translations = translations(reads, path, edition) if kind == "list" else []
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
        self.feeds = [*own, *SiteView(reads, edition=edition).named_feeds]


def translations(reads: Reads, member: str, edition: str) -> list[dict[str, Any]]:
    """Give the languages in which there is a page (by its source) or a list (by its URL), and where."""
    own = edition or str(SiteView(reads).language)
    return [
        {
            "lang": language,
            "name": name_of(language),
            "url": site_url(reads, url),
            "absolute": absolute(reads, url) or site_url(reads, url),
            "exact": exact,
            "current": language == own,
        }
        for language, url, exact in reads.fact(f"switch:{member}") or ()
    ]


def moment(text: str) -> datetime | None:
    """Give an ISO date or time as Python knows it."""
    return instant(text) if text else None


def count(toc: Sequence[Any]) -> int:
    """Count the entries of a table of contents."""
    return sum(1 + count(entry.children) for entry in toc)
