"""The site as templates see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.cache import Reads
from generator.data import Data, Recorded
from generator.editions import words_in
from generator.taxonomies import SINGULAR, place_of
from generator.views.addresses import site_url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


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
    canonical_url = shared(lambda self: self._config["canonical_url"])
    """The beginning of canonical addresses: `url`, or that of the lasting place of all versions."""
    version = shared(lambda self: self._config["version"])
    """The version that the site documents: `name`, `title`, `list` (URL of `versions.json`), `all` (URL of the list for readers), `hidden` (from search engines); None when it has none."""
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
    def menu(self) -> list[dict[str, str]]:
        """The pages whose front matter asks for a link in the header: `title`, `url`."""
        name = f"menu:{self._edition}" if self._edition else "menu"
        made: list[dict[str, str]] = of_all(self._reads, name, lambda reads: menu(reads, name))
        return made

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

    @kept
    def feeds(self) -> list[dict[str, str]]:
        """The feeds of the site and of its collections in the page's language: `title`, `url`, `type`, and `of`: a collection or nothing."""
        made: list[dict[str, str]] = of_all(
            self._reads, f"feeds:{self._edition}", lambda reads: feeds(reads, self._edition)
        )
        return made

    @kept
    def named_feeds(self) -> list[dict[str, str]]:
        """Those that every page's head names: of the site, and of its collections when there are several."""
        whole = [feed for feed in self.feeds if not feed["of"]]
        parts = [feed for feed in self.feeds if feed["of"]]
        return [*whole, *parts] if not whole or len({feed["of"] for feed in parts}) > 1 else whole

    @kept
    def tags_url(self) -> str:
        """URL of the list of all tags, in the page's language when there is one; empty without tags."""
        return next((one["url"] for one in self.taxonomies if one["name"] == "tags"), "")

    @kept
    def taxonomies(self) -> list[dict[str, str]]:
        """The taxonomies that some page has a term of: `name`, `title`, `url` of the list of all terms, in the page's language when there is one."""
        made: list[dict[str, str]] = of_all(
            self._reads, f"taxonomies:{self._edition}", lambda reads: taxonomies(reads, self._edition)
        )
        return made

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


def feeds(reads: Reads, edition: str) -> list[dict[str, str]]:
    """Give the feeds in a language; those of the site when that has none."""
    own = reads.fact(f"feeds:{edition}") if edition else None
    return [feed_entry(reads, row) for row in own or reads.fact("feeds")]


def taxonomies(reads: Reads, edition: str) -> list[dict[str, str]]:
    """Give the taxonomies, each with its list in a language, else that of the site."""
    own = (edition and reads.fact(f"taxonomies:{edition}")) or {}
    rows = {**reads.fact("taxonomies"), **own}
    return [
        {
            "name": name,
            "title": title_in(reads, name, rows[name][1], edition),
            "url": site_url(reads, f"/{place_of(name, edition if name in own else '')}/"),
        }
        for name in sorted(rows)
    ]


def title_in(reads: Reads, taxonomy: str, title: str, edition: str) -> str:
    """Give the title of a taxonomy in a language; one that is configured is the same in all."""
    is_ours = edition and taxonomy in SINGULAR and title == words_in(reads).text(taxonomy)
    return words_in(reads, edition).text(taxonomy) if is_ours else title


def lists(reads: Reads, edition: str) -> list[dict[str, str]]:
    """Give the collections that have a list page."""
    return [list_entry(reads, row, edition) for row in reads.fact("lists")]


def menu(reads: Reads, name: str) -> list[dict[str, str]]:
    """Give the links of the header that pages have asked for."""
    return [{"title": title, "url": site_url(reads, url)} for title, url in reads.fact(name) or ()]


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


def canonical(reads: Reads, path: str) -> str:
    """Give the absolute URL that search engines are to know a path by; nothing when the site has no `base_url`."""
    base = SiteView(reads).canonical_url
    return f"{base}/{path.removeprefix('/')}" if base else ""


def absolute(reads: Reads, path: str) -> str:
    """Give the absolute URL of a path; nothing when the site has no `base_url`."""
    base = SiteView(reads).url
    return f"{base}/{path.removeprefix('/')}" if base else ""
