"""Templates: Jinja with a recording loader, and the views of site and page that templates see.

A template reads the site only through these views, and each attribute is a fact; so what a page's
render depends on is exactly what its templates asked for.
"""

from __future__ import annotations

import os
import re
import traceback
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from generator.cache import Reads, Unreadable
from generator.errors import Problem, ProblemError, did_you_mean, error
from generator.frontmatter import instant
from generator.sources import PAGE_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.cache import Facts
    from generator.content import Content
    from generator.pages import Page
    from generator.site import Listing

THEME = Path(__file__).parent / "theme" / "templates"
FOR_PAGES = ("base.html", "page.html", "post.html", "list.html")
"""The theme's templates that a page can ask for; the others want arguments that a page has not."""
THEME_PREFIX = "theme/"
"""`{% extends "theme/post.html" %}` means the theme's own file, so that an override can extend what it overrides."""
OVERRIDES = "templates"
"""Folder of the site whose files win over the theme's."""
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Loader(jinja2.BaseLoader):
    """Finds a template in the site, else in the theme; both places are recorded by `Environment`."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, None]:
        """Give text and file name of a template."""
        if ".." in template.split("/") or template.startswith("/") or "\0" in template:
            raise jinja2.TemplateNotFound(template)
        own = (
            None
            if template.startswith(THEME_PREFIX)
            else read_override(self.facts, f"{OVERRIDES}/{template}")
        )
        if own is not None:
            return own, os.path.join(self.facts.root, OVERRIDES, template), None
        path = THEME / template.removeprefix(THEME_PREFIX)
        if not path.is_file():
            raise jinja2.TemplateNotFound(template)
        return path.read_text("utf-8"), str(path), None


def read_override(facts: Facts, path: str) -> str | None:
    """Give the text of a template of the site; None when it has none. Raises ProblemError when it cannot be read."""
    real, root = os.path.realpath(os.path.join(facts.root, path)), os.path.realpath(facts.root)
    if not real.startswith(root + os.sep):
        raise ProblemError(error(path, "is a symbolic link that leaves the site"))
    try:
        data = facts.file(path)
        return None if data is None else data.decode("utf-8-sig")
    except Unreadable as wrong:
        raise ProblemError(error(path, f"cannot be read: {wrong}")) from None
    except UnicodeDecodeError as wrong:
        line, start = (
            wrong.object.count(b"\n", 0, wrong.start) + 1,
            wrong.object.rfind(b"\n", 0, wrong.start) + 1,
        )
        message = f"not UTF-8: byte 0x{wrong.object[wrong.start]:02x}"
        column = len(wrong.object[start : wrong.start].decode("utf-8", "replace")) + 1
        raise ProblemError(error(path, message, line=line, column=column, hint="save it as UTF-8")) from None


class Template(jinja2.Template):
    """A template; each unit that imports from it learns what making its module has looked at, made for it or not."""

    looked_at: Mapping[str, str] = MappingProxyType({})

    def _get_default_module(self, ctx: jinja2.runtime.Context | None = None) -> Any:
        environment: Any = self.environment
        asker = environment.reads
        if self._module is None:
            environment.reads = Reads(asker.facts)
            try:
                return super()._get_default_module(ctx)
            finally:
                self.looked_at = environment.reads.keys
                asker.note(self.looked_at)
                environment.reads = asker
        asker.note(self.looked_at)
        return super()._get_default_module(ctx)


class Environment(jinja2.Environment):
    """Jinja's environment, which tells the unit being rendered about every template asked for."""

    reads: Reads
    template_class = Template

    def _load_template(self, name: str, globals: Any) -> jinja2.Template:  # noqa: A002
        """Record the place of an override, whether there is one or not, then load; each name of a list comes here too."""
        if not name.startswith(THEME_PREFIX):
            self.reads.exists(f"{OVERRIDES}/{name}")
        return super()._load_template(name, globals)


class Renderer:
    """Renders pages and lists of one build in one process; templates are compiled once."""

    def __init__(self, facts: Facts) -> None:
        self.environment = Environment(
            loader=Loader(facts),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
        )
        self.environment.filters.update(date=long_date, isodate=iso_date)

    def page(self, reads: Reads, page: Page, content: Content, template: str, front: Listing | None) -> bytes:
        """Render one page of the author's; with `front`, the list that it introduces stands below its words."""
        name = list_template(front) if front else template
        view = PageView(reads, page, content, "list" if front else name.partition(".")[0])
        arguments = {
            **(template_arguments(reads, front) if front else {}),
            "heading": page.front_matter.title,
        }
        body = Markup(content.html)  # noqa: S704  (the author's own HTML, composed by us)
        return self.render(reads, name, page.path, **{**arguments, "page": view, "content": body})

    def listing(self, reads: Reads, listing: Listing) -> bytes:
        """Render one page of a list."""
        return self.render(reads, list_template(listing), listing.url, **template_arguments(reads, listing))

    def plain(self, reads: Reads, template: str, **values: Any) -> bytes:
        """Render a page that is neither: the 404 page, a redirect."""
        return self.render(reads, template, template, **values)

    def render(self, reads: Reads, name: str, asker: str, **values: Any) -> bytes:
        """Render a template. Raises ProblemError with the template's own line."""
        self.environment.reads = reads
        helpers = {
            "asset": lambda file: asset_url(reads, file),
            "url": lambda path: site_url(reads, path),
            "site": SiteView(reads, asker.rpartition("/")[0]),
            "page_head": Markup(""),
        }
        if values.get("page") and values["page"].has_demo:
            helpers["page_head"] = demo_head(reads, values["page"].content.summary.demos)
        try:
            return self.environment.get_template(name).render({**helpers, **values}).encode("utf-8")
        except jinja2.TemplateNotFound as wrong:
            missing = str(wrong.name or wrong.message)
            place, line = template_place(wrong, reads)
            hint = did_you_mean(missing.removesuffix(".html"), template_names(reads))
            raise ProblemError(
                error(place or asker, f"there is no template “{missing}”", line=line, hint=hint)
            ) from None
        except jinja2.TemplateSyntaxError as wrong:
            place = template_path(wrong.filename or wrong.name or name, reads)
            raise ProblemError(error(place, f"template: {wrong.message}", line=wrong.lineno)) from None
        except ProblemError:
            raise
        except Exception as wrong:  # noqa: BLE001  (templates are code of the author's; whatever they raise is a problem)
            place, line = template_place(wrong, reads)
            message = f"template: {type(wrong).__name__}: {wrong}"
            raise ProblemError(
                error(place or name, message, line=line, hint=f"while rendering {asker}")
            ) from None


def template_name(name: str) -> str:
    """Allow `template: post` for `post.html`."""
    return name if not name or "." in name else f"{name}.html"


def asked_for(reads: Reads, page: Page) -> tuple[str, Problem | None]:
    """Give the template that a page's front matter asks for; when there is none of that name, nothing and a problem."""
    name = template_name(page.front_matter.template)
    if name in FOR_PAGES or reads.exists(f"{OVERRIDES}/{name}"):
        return name, None
    hint = did_you_mean(name.removesuffix(".html"), template_names(reads))
    line = key_line(reads, page.path, "template")
    return "", error(page.path, f"there is no template “{name}”", line=line, hint=hint)


def template_names(reads: Reads) -> list[str]:
    """Give the templates that there are, without their suffix, for did-you-means."""
    folders = (THEME, Path(reads.facts.root, OVERRIDES))
    return sorted(
        {
            p.relative_to(folder).with_suffix("").as_posix()
            for folder in folders
            for p in folder.rglob("*.html")
        }
    )


def key_line(reads: Reads, path: str, key: str) -> int:
    """Find the line of a page's front matter that sets a key; 0 when none does."""
    data = reads.facts.file(path) if path.endswith(PAGE_SUFFIXES) else None
    rows = (data or b"").decode("utf-8", "replace").split("\n")
    return next((number for number, row in enumerate(rows, 1) if re.match(rf"[\"']?{key}[\"']?\s*:", row)), 0)


def template_path(file: str, reads: Reads) -> str:
    """Give a template's path as an author knows it."""
    path = Path(file)
    if path.is_relative_to(THEME):
        return THEME_PREFIX + path.relative_to(THEME).as_posix()
    if path.is_relative_to(reads.facts.root):
        return path.relative_to(reads.facts.root).as_posix()
    return file


def template_place(wrong: Exception, reads: Reads) -> tuple[str, int]:
    """Find the template line that an exception came from."""
    for frame in reversed(traceback.extract_tb(wrong.__traceback__)):
        path = Path(frame.filename)
        if path.suffix in (".html", ".xml", ".txt") or path.is_relative_to(THEME):
            return template_path(frame.filename, reads), frame.lineno or 0
    return "", 0


# ---------------------------------------------------------------- what templates see


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


def demo_head(reads: Reads, payload: str) -> Markup:
    """Give what a page with live demos needs in its head; nothing of it is fetched before a demo is near."""
    data = {
        "payload": site_url(reads, f"/assets/demos/{payload}.json"),
        "worker": asset_url(reads, "worker.js"),
        "engine": asset_url(reads, "micropython.mjs"),
        "wasm": asset_url(reads, "micropython.wasm"),
        "runtime": asset_url(reads, "runtime.json"),
    }
    attributes = Markup("").join(Markup(' data-{}="{}"').format(k, v) for k, v in data.items())
    style = Markup('<link rel="stylesheet" href="{}">\n').format(asset_url(reads, "demo.css"))
    return style + Markup('<script type="module" src="{}"{}></script>\n').format(
        asset_url(reads, "demo.js"), attributes
    )


class SiteView:
    """The site as templates see it."""

    def __init__(self, reads: Reads, folder: str = "") -> None:
        self._reads, self._folder = reads, folder

    @cached_property
    def _config(self) -> dict[str, Any]:
        return dict(self._reads.fact("config:site"))

    title = property(lambda self: self._config["title"])
    description = property(lambda self: self._config["description"])
    language = property(lambda self: self._config["language"])
    author = property(lambda self: self._config["author"])
    copyright = property(lambda self: self._config["copyright"] or self._config["author"])
    repository = property(lambda self: self._config["repository"])
    url = property(lambda self: self._config["base_url"].rstrip("/"))
    year = property(lambda self: self._reads.fact("year"))
    home = property(lambda self: site_url(self._reads, "/"))

    @cached_property
    def nav(self) -> list[dict[str, Any]]:
        """The tree of documentation pages, as far as pages of this folder show it."""
        tree = self._reads.fact(f"nav:{self._folder}")
        return with_urls(self._reads, self._reads.fact("nav:") if tree is None else tree)

    @cached_property
    def collections(self) -> list[dict[str, str]]:
        """The collections that have a list page."""
        return [list_entry(self._reads, row) for row in self._reads.fact("lists")]

    @cached_property
    def feeds(self) -> list[dict[str, str]]:
        """The site's feeds."""
        return [{"title": t, "url": site_url(self._reads, u)} for t, u in self._reads.fact("feeds")]

    @cached_property
    def tags_url(self) -> str:
        """URL of the list of all tags; empty without tags."""
        return site_url(self._reads, "/tags/") if self._reads.fact("url:/tags/", str) else ""

    @cached_property
    def newsletter(self) -> dict[str, str] | None:
        """The newsletter's form; None unless it has an action."""
        made = self._reads.fact("config:newsletter")
        return made if made["action"] else None


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


def list_entry(reads: Reads, row: Sequence[str]) -> dict[str, str]:
    """Give one collection as templates see it."""
    return {"name": row[0], "title": row[1], "url": site_url(reads, row[2])}


class PageView:
    """One page as templates see it."""

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
            {"name": t, "url": site_url(reads, str(reads.fact(f"tag-url:{t}", str)))}
            for t in self._listed_tags()
        ]

    def _listed_tags(self) -> Sequence[str]:
        return [t for t in self._matter.tags if self._reads.fact(f"tag-url:{t}", str)]

    @property
    def author(self) -> list[str]:
        """The page's authors, or the site's."""
        site = SiteView(self._reads).author
        return list(self._matter.author) or ([site] if site else [])

    @property
    def lang(self) -> str:
        """The page's language."""
        return self._matter.lang or str(SiteView(self._reads).language)

    @property
    def image(self) -> str:
        """URL of the page's picture."""
        written = self._matter.image
        if not written or "://" in written:
            return written
        folder = self._page.path.rpartition("/")[0]
        source = os.path.normpath(os.path.join(folder, written)).replace(os.sep, "/")
        found = None if written.startswith("/") else self._reads.fact(f"route:{source}", str)
        return site_url(self._reads, found or written)

    @property
    def previous(self) -> dict[str, str] | None:
        """The page before this one in its collection."""
        return self._neighbour(0)

    @property
    def next(self) -> dict[str, str] | None:
        """The page after this one."""
        return self._neighbour(1)

    def _neighbour(self, which: int) -> dict[str, str] | None:
        around = self._reads.fact(f"neighbours:{self._page.path}")
        found = around[which] if around else None
        return {"title": found["title"], "url": site_url(self._reads, found["url"])} if found else None

    @property
    def collection(self) -> dict[str, str] | None:
        """The page's collection, when it has a list page."""
        row = next((r for r in self._reads.fact("lists") if r[0] == self._page.collection), None)
        return list_entry(self._reads, row) if row else None

    @property
    def canonical(self) -> str:
        """The page's absolute URL, when the site has one."""
        return absolute(self._reads, self._path)


class MadePage:
    """A page that no author wrote: a list, the 404 page."""

    def __init__(self, reads: Reads, kind: str, title: str, path: str, description: str = "") -> None:
        self.kind, self.title, self.description = kind, title, description
        self.url = site_url(reads, path)
        self.canonical = absolute(reads, path) if kind != "404" else ""
        self.lang = str(SiteView(reads).language)
        self.date = self.updated = self.previous = self.next = self.collection = None
        self.author: list[str] = []
        self.tags: list[Any] = []
        self.toc: tuple[Any, ...] = ()
        self.image = self.series = ""
        self.extra: dict[str, Any] = {}
        self.draft = self.has_demo = self.hide_title = False
        self.reading_minutes = 0


def list_template(listing: Listing) -> str:
    """Give the template of a list."""
    return "tags.html" if listing.key == "tags" else "list.html"


def template_arguments(reads: Reads, listing: Listing) -> dict[str, Any]:
    """Give what a list template gets."""
    number, total = listing.number, listing.total
    heading = listing.heading if number == 1 else f"{listing.heading}, page {number}"
    page = MadePage(reads, "list", heading, listing.url)
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
    rows = reads.fact(listing.key)
    if listing.key == "tags":
        made["tags"] = [{"name": n, "url": site_url(reads, u), "count": c} for n, u, c in rows]
    else:
        start = (number - 1) * listing.page_size
        made["entries"] = [entry(reads, row) for row in rows[start : start + listing.page_size]]
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
        "reading_minutes": about["minutes"],
    }


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
