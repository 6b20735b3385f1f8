"""The model: the dataclasses that a configuration is, with their defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from generator.looks import Look
from generator.targets import Target

CONFIG_FILE = "pyproject.toml"
LEDGER_FILE = "permalinks.json"
"""The list of all that was ever published (permalinks.py); beside the configuration."""
STATE_FOLDER = ".pressrun"
"""Cache and spare trees; beside the site's sources, never published."""
SERVED = f"{STATE_FOLDER}/served/site"
"""What the dev server shows: drafts too, so it never stands where production builds do."""
ORDERS = ("newest", "oldest", "path", "title", "weight")
DIALECTS = ("pressrun", "mkdocs", "flexdown")
"""Of Markdown: our own, and those of sites that were written for other tools."""
PRESETS = ("default", "commonmark")
HTML_POLICIES = ("allow", "escape", "sanitize")
SLUG_STYLES = ("github", "python-markdown", "mdn")
ENGINES = ("auto", "micropython", "pyodide")
FORMATS = ("avif", "webp")


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder of pages that share a route, an order and a template."""

    name: str
    """The key in the configuration; templates ask for it by this name."""
    folder: str
    """POSIX path below the root; `.` is the root itself."""
    url: str
    """Route pattern: `{path}` (the page's own path) and `{slug}` are filled in."""
    order: str = "path"
    """How lists show the pages: `newest`, `oldest`, `path`, `title` or `weight`."""
    template: str = "page.html"
    """The template of a page whose front matter names none."""
    title: str = ""
    """Heading of the list page; the name with a capital when empty."""
    list: bool = False
    """Whether the collection has a list page, tags and a feed (a blog has)."""
    html: str = ""
    """What becomes of raw HTML in its pages, when that is not what `[tool.pressrun.markdown]` says for all: see `html` there."""
    page_size: int = 20
    """Entries on one list page."""
    taxonomies: tuple[str, ...] = ()
    """By what else its pages are listed: `tags`, `series`, `authors` or any key of their front matter. With a list page: `tags`, `series`."""
    dialect: str = ""
    """The dialect of its pages' Markdown, where it is not that of the site; a page's own `dialect` wins."""
    schema: str = ""
    """The site's own model of the front matter, `module:Class`: a dataclass or a pydantic model."""
    defaults: tuple[tuple[str, str, int], ...] = ()
    """What pages say whose front matter does not: key, value as JSON, line; a table in the configuration."""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """One way in which pages are sorted into lists: by tag, by author …"""

    name: str
    """Its part of URLs: `/NAME/TERM/`; collections ask for it by this name."""
    key: str
    """The key of the front matter that holds a page's terms: one text or a list of texts."""
    title: str
    """Heading of the list of all its terms; when empty the theme's word for it, else the name with a capital."""
    order: str = "newest"
    """How the pages of a term are listed: `newest`, `oldest`, `path`, `title` or `weight`."""
    one: str = ""
    """What one of its terms is called, above the heading of a term's list; when empty the theme's word for it (“Tag”), else the title."""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One line of a navigation that an author has written."""

    title: str
    """What the reader sees; the page's own title when empty."""
    target: str
    """Path of a page or folder, a URL, or `...` for the rest; empty when it has children."""
    children: tuple[NavItem, ...] = ()
    """What stands below it."""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Markdown:
    """How Markdown is read."""

    preset: str = "default"
    """`default`, or `commonmark`: the bare specification, nothing added."""
    highlight: bool = True
    """Whether code is highlighted when the site is built."""
    toc_depth: int = 3
    """The deepest heading level in tables of contents."""
    wikilinks: bool = False
    """Whether `[[Page]]`, `[[Page#anchor]]` and `[[Page|words]]` are links, by the name, title or path of a page."""
    dialect: str = "pressrun"
    """`mkdocs` or `flexdown` where pages are written for these tools; collections and pages can have another one."""
    html: str = "allow"
    """What becomes of raw HTML: `allow`, `escape` (it is shown as text) or `sanitize` (what could run script is left out)."""
    slugs: str = "github"
    """The rule of anchors: `github`, `python-markdown` or `mdn`; explicit ids win."""
    glossary: str = ""
    """File of the site whose lines `*[HTML]: Hypertext Markup Language` hold on every page; words link to it when it is a page."""
    smart_quotes: bool = False
    """Whether straight quotation marks become those of the site's language."""


@dataclass(frozen=True, slots=True)
class Execute:
    """How a page's own Python is run."""

    enabled: bool = True
    """False (`--no-exec`) for content that one does not trust."""
    timeout: float = 30.0
    """Seconds that all the code of one page may take together."""
    keep_failing: bool = False
    """Whether an expression of the older dialect that fails stays as written, with a warning; else it is an error."""


@dataclass(frozen=True, slots=True)
class Demos:
    """How live demos are made."""

    engine: str = "auto"
    """The engine of demos that name none: `micropython`, `pyodide`, or `auto`, which takes the smaller one where it will do."""
    limit: int = 100
    """Kilobytes of code and first values beyond which a page's demos get a warning."""
    packages: tuple[str, ...] = ()
    """Wheels of pure Python among the site's files, whose modules travel with the demos on Pyodide that import them."""


@dataclass(frozen=True, slots=True)
class Links:
    """What is known of links that lead to nothing of this site."""

    beyond: str = ""
    """URL that a link beginning with `/` is put behind when it leads to no page or file; without it such a link is broken."""
    ignore: tuple[str, ...] = ()
    """Glob patterns of destinations that another tool makes (`*.cpp`, `/api/*`): they stay as written and are not checked."""


@dataclass(frozen=True, slots=True)
class Check:
    """What `pressrun check` looks at beyond what each build checks."""

    external: bool = False
    """Whether links to other sites are tried (`--external` does so once)."""
    ignore: tuple[str, ...] = ()
    """Glob patterns of URLs that are not tried."""
    timeout: float = 10.0
    """Seconds to wait for an answer."""
    retries: int = 2
    """How often a URL is tried again when its server is busy or silent."""
    interval: float = 0.5
    """Seconds between two requests to one host."""
    keep_days: int = 7
    """Days for which a good answer is remembered."""
    title_length: int = 70
    """Characters of a title beyond which there is a warning."""


@dataclass(frozen=True, slots=True)
class Images:
    """What is made of the images beside pages."""

    formats: tuple[str, ...] = ("avif", "webp")
    """Formats of the smaller copies that browsers choose from, the best first; none: images are shown as they are."""
    strip: bool = True
    """Whether EXIF (places, cameras), IPTC, XMP and comments are taken out of what is published; the pixels stay as they are."""


@dataclass(frozen=True, slots=True)
class Search:
    """Search in the site itself."""

    enabled: bool = False
    """Whether the header has a search button, and builds make an index."""


@dataclass(frozen=True, slots=True)
class Versions:
    """The documentation of several versions side by side; it means nothing unless the site has a `version`."""

    title: str = ""
    """What readers see of this version in the list of all; the version itself when empty."""
    canonical: str = ""
    """The place, such as `latest`, that pages of all versions name to search engines as their lasting address."""
    index: bool = True
    """Whether search engines may list pages that stand elsewhere than at `canonical`."""


@dataclass(frozen=True, slots=True)
class Api:
    """Where pages of API reference find what they show."""

    folders: tuple[str, ...] = (".", "src")
    """Folders below the root in which modules are looked for."""
    source: str = ""
    """URL of a source file, with `{path}`, `{first}` and `{last}` for its path and lines; without one sources are not linked."""


@dataclass(frozen=True, slots=True)
class Cards:
    """The pictures that are shown where somebody shares a link to a page."""

    enabled: bool = False
    """Whether each page without a picture of its own gets one, drawn by the build; the site needs a `base_url`."""
    paper: str = ""
    """Colour of the ground; that of `[tool.pressrun.look]` when empty, as the others."""
    ink: str = ""
    """Colour of the words."""
    accent: str = ""
    """Colour of the bar."""
    font: str = ""
    """A font of the site's own, a file (TTF, OTF, WOFF2) below the root; Source Serif when empty."""


@dataclass(frozen=True, slots=True)
class Newsletter:
    """The form at the foot of posts; absent unless it has an action."""

    action: str = ""
    """URL that the form is sent to."""
    title: str = ""
    """Heading of the form; when empty the theme's word `newsletter`."""
    text: str = ""
    """One sentence above the field; when empty the theme's words `newsletter_text`."""


@dataclass(frozen=True, slots=True)
class Serve:
    """What the dev server does for its author; nothing of the site depends on it."""

    editor: str = "vscode://file{path}:{line}:{column}"
    """The URL that opens a place in the editor; `{path}` is absolute. Empty: problems have no links."""


@dataclass(frozen=True, slots=True)
class Feeds:
    """Which feeds there are, of collections with a list page."""

    formats: tuple[str, ...] = ("atom", "rss", "json")
    """`atom` (`feed.xml`), `rss` (`rss.xml`), `json` (`feed.json`)."""
    of: tuple[str, ...] = ("site", "collections")
    """What has feeds of its own: `site`, `collections`, and names of taxonomies, such as `tags` and `authors`."""
    full: bool = False
    """Whether feeds hold the whole text of a post, not its description alone."""
    length: int = 20
    """Posts in a feed."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that decides what a build makes, apart from the sources themselves."""

    root: Path
    """Absolute folder of the site."""
    title: str = ""
    """Name of the site; the folder's name when not configured."""
    description: str = ""
    """One sentence for search engines and feeds, and below the title of a home page that has no text of its own."""
    base_url: str = ""
    """Absolute URL of the published site; its path prefixes all links."""
    version: str = ""
    """What version of something the site documents, such as `2.1`: it then stands at `/2.1/`, beside the others; needs `base_url`."""
    theme: str = ""
    """An installed package whose templates, assets and settings come before the built-in ones."""
    language: str = "en"
    """BCP 47 tag of pages that name none."""
    languages: tuple[str, ...] = ()
    """Further languages: with `fr` among them, `page.fr.md` is the French `page.md`, below `/fr/`."""
    author: str = ""
    """Author of pages that name none."""
    copyright: str = ""
    """Holder named in the footer; the author when empty."""
    repository: str = ""
    """URL of the source, linked in the header."""
    llms: bool = False
    """Whether each page is published as Markdown too (`…/index.md`), with `llms.txt` and `llms-full.txt`; needs `base_url`."""
    related: int = 3
    """How many related posts stand below a post; 0: none."""
    edit_url: str = ""
    """Where a page's source can be changed: a URL with `{path}`, such as `https://github.com/me/site/edit/main/{path}`."""
    exclude: tuple[str, ...] = ()
    """Glob patterns of paths below the root that are no part of the site."""
    plugins: tuple[str, ...] = ()
    """Modules of the site's own, or installed ones, that add to what Pressrun does."""
    permalinks: bool = True
    """Whether deploys record all URLs and anchors in `permalinks.json`, and builds that lose one fail."""
    collections: tuple[Collection, ...] = ()
    """In order of name."""
    nav: tuple[NavItem, ...] = ()
    """The navigation of the documentation, when it is to be another one than folders and weights give."""
    taxonomies: tuple[Taxonomy, ...] = ()
    """Those that a collection asks for, in order of name."""
    markdown: Markdown = field(default_factory=Markdown)
    """See there."""
    execute: Execute = field(default_factory=Execute)
    """See there."""
    demos: Demos = field(default_factory=Demos)
    """See there."""
    images: Images = field(default_factory=Images)
    """See there."""
    api: Api = field(default_factory=Api)
    """See there."""
    cards: Cards = field(default_factory=Cards)
    """See there."""
    search: Search = field(default_factory=Search)
    """See there."""
    versions: Versions = field(default_factory=Versions)
    """See there."""
    newsletter: Newsletter = field(default_factory=Newsletter)
    """See there."""
    serve: Serve = field(default_factory=Serve)
    """See there."""
    feeds: Feeds = field(default_factory=Feeds)
    """See there."""
    look: Look = field(default_factory=Look)
    """See there."""
    look_files: tuple[tuple[str, str, int], ...] = ()
    """Key, path and line of the fonts and the logo that are to be files of the site."""
    words: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Language, in small letters → key → what the theme shall say there; see `words.py`."""
    links: Links = field(default_factory=Links)
    """See there."""
    check: Check = field(default_factory=Check)
    """See there."""
    redirects: tuple[tuple[str, str], ...] = ()
    """Old path → new path or URL, beside the pages' own aliases."""
    inventories: tuple[tuple[str, str], ...] = ()
    """URL of other documentation → its `objects.inv`, a file of the site."""
    deploy: tuple[Target, ...] = ()
    """In order of name; the target `pages` is always among them."""
    out: Path = Path("site")
    """Absolute folder that the site is written to."""
    drafts: bool = False
    """Whether drafts, future and expired pages are shown (the dev server does)."""
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    """The moment of the build; pages dated later are not published yet."""

    theme_folder: str = ""
    """Absolute folder of `theme`."""
    place: str = ""
    """The folder below `whole_url` that this version stands in: the version itself, or an alias such as `latest`."""
    whole_url: str = ""
    """The URL that was configured, when `base_url` is that of one version."""
    serving: bool = False
    """Whether the dev server builds: into a folder of its own, with a cache of its own, because it shows drafts."""

    @property
    def state(self) -> Path:
        """The folder of cache and locks."""
        return self.root / STATE_FOLDER / "served" if self.serving else self.root / STATE_FOLDER

    @property
    def base_path(self) -> str:
        """The path that all of the site's URLs begin with; ends in a slash."""
        path = urlsplit(self.base_url).path
        return path if path.endswith("/") else path + "/"

    @property
    def whole_path(self) -> str:
        """The path below which all versions stand; `base_path` without versions."""
        path = urlsplit(self.whole_url or self.base_url).path
        return path if path.endswith("/") else path + "/"

    @property
    def canonical_url(self) -> str:
        """The absolute URL that pages name as the beginning of their lasting address."""
        place = self.versions.canonical
        return f"{self.whole_url.rstrip('/')}/{place}" if self.place and place else self.base_url.rstrip("/")

    def url(self, path: str) -> str:
        """Give the root-relative URL of a path of the site (`/blog/`)."""
        return self.base_path + path.removeprefix("/")

    def absolute(self, path: str) -> str:
        """Give the absolute URL of a path of the site, or its root-relative one when no `base_url` is set."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}{self.url(path)}" if parts.netloc else self.url(path)


LISTED_BY = ("tags", "series")
"""The taxonomies of collections that have a list page and name none."""
TAXONOMIES = {
    "authors": Taxonomy("authors", "author", "Authors"),
    "series": Taxonomy("series", "series", "Series", "oldest"),
    "tags": Taxonomy("tags", "tags", "Tags"),
}
"""Those that are known without configuration; any other one has the key of its name."""
DEFAULT_COLLECTIONS = {
    "content": Collection("content", "content", "/{path}/"),
    "blog": Collection(
        "blog", "blog", "/blog/{slug}/", "newest", "post.html", "Blog", list=True, taxonomies=LISTED_BY
    ),
}
WHOLE_FOLDER = Collection("pages", ".", "/{path}/")
"""The one collection of a folder that has neither `content` nor `blog`."""
