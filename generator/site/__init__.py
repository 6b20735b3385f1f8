"""Site: the published pages in order, with their routes, tags and neighbours; made serially from front matter."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.config import CONFIG_FILE
from generator.editions import Edition, pages_in, terms_of_language
from generator.errors import Problem, did_you_mean, error
from generator.frontmatter import instant
from generator.navigation import Navigation, grown
from generator.pages import INDEX_NAMES, Page
from generator.routes import Route, conflicts, file_route, output_at, route, route_of, wishes
from generator.site.facts import is_future
from generator.site.listings import Listing, collection_url, make_listings
from generator.site.ordering import in_order, ordered
from generator.taxonomies import asks_for, sorted_by, spellings, term_slug, terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.config import Collection, Config
    from generator.navigation import Order
    from generator.sources import Source


@dataclass(frozen=True, slots=True)
class Site:
    """All that is published, and where."""

    def of(self, path: str) -> Page:
        """Give a published page by its path."""
        return self.pages[bisect_left(self.pages, path, key=lambda page: page.path)]

    pages: tuple[Page, ...]
    """Published pages, sorted by path."""
    ids: dict[str, list[str]]
    """Id → the page that has it, published or not."""
    names: dict[str, list[str]]
    """Name by which `[[…]]` may mean a page → the pages; empty unless the configuration asks for such links."""
    withheld: dict[str, str]
    """Path → why it is not published (draft, future, expired)."""
    routes: dict[str, Route]
    """Source path → route, of pages and of files published as they are."""
    urls: dict[str, str]
    """URL → source path, or the name of what makes that URL."""
    collections: dict[str, tuple[Page, ...]]
    """Name → pages in the collection's order, without the folder's own page."""
    navigation: Navigation
    """The tree of the pages of collections without a list page."""
    editions: dict[str, Edition]
    """Further language → the site in it; languages without any page are left out."""
    terms: dict[str, dict[str, tuple[Page, ...]]]
    """Taxonomy → term → pages in its order; sorted by term."""
    listings: tuple[Listing, ...]
    """Every list page that no author wrote."""
    fronts: dict[str, Listing]
    """Page → the list that it shows below its own words (`blog/index.md`)."""
    apart: frozenset[str]
    """Pages that are no part of the documentation's contents: those in the header's menu, and those that introduce a list."""
    redirects: tuple[Route, ...]
    """Old URLs; the owner is the page that they lead to."""
    destinations: dict[str, str]
    """URL → where it leads to, of the redirects that the configuration asks for."""
    problems: tuple[Problem, ...]
    """What does not fit together."""


def assemble(
    config: Config, sources: Sequence[Source], loaded: Iterable[Page], orders: Iterable[Order] = ()
) -> Site:
    """Put the pages in order and decide all URLs; `orders` are those that authors have written for the navigation."""
    published, withheld = [], {}
    every = sorted(loaded, key=lambda p: p.path)
    for page in every:
        reason = held_back(page, config)
        if reason and not config.drafts:
            withheld[page.path] = reason
        else:
            published.append(page)
    by_name = {c.name: c for c in config.collections}
    bundles = {path.rpartition("/")[0]: why for path, why in withheld.items() if is_bundle(path)}
    for source in sources if bundles else ():
        if not source.is_page and (why := withheld_with(source.path, bundles)):
            withheld[source.path] = why
    assets = {s.path: asset_route(s, by_name) for s in sources if not s.is_page and s.path not in withheld}
    indexes = {page.path.rpartition("/")[0] for page in published if page.stem == "index"}
    routes = {
        page.path: route_of(
            page,
            by_name[page.collection],
            readme_is_index=page.path.rpartition("/")[0] not in indexes,
        )
        for page in published
    }
    wished = {one: why for page in published if page.wishes for one, why in wishes(page, routes[page.path])}
    problems, losers = conflicts([*routes.values(), *assets.values()], wished)
    routes = {path: one for path, one in {**routes, **assets}.items() if one not in losers}
    published = [page for page in published if page.path in routes]
    every_listed = [page for page in published if not page.front_matter.unlisted]
    listed = [page for page in every_listed if not page.language]
    apart = apart_from_contents(config, listed, every_listed, routes)
    contents = [page for page in listed if page.path not in apart]
    tree = grown(config, contents, routes, orders, withheld)
    collections = {
        c.name: ordered([p for p in listed if p.collection == c.name], c, routes, tree)
        for c in config.collections
    }
    made_editions = {}
    for language in config.languages:
        own, aliases = pages_in(every_listed, language)
        if aliases:
            its_contents = [page for page in own if page.path not in apart]
            its_tree = grown(config, its_contents, routes, orders, withheld, aliases)
            its_pages = {
                c.name: ordered([p for p in own if p.collection == c.name], c, routes, its_tree)
                for c in config.collections
            }
            its_terms = terms_of_language(terms_among(config, its_pages), language)
            made_editions[language] = Edition(language, its_tree, its_pages, its_terms)
    terms = terms_among(config, collections)
    written = {routes[page.path].url: page.path for page in published}
    lists = list(make_listings(config, collections, terms, made_editions, set(written)))
    listings = tuple(one for one in lists if one.url not in written)
    fronts = {written[one.url]: one for one in lists if one.url in written}
    asked = {route(old, CONFIG_FILE): new for old, new in config.redirects}
    redirects = (
        *(found for page in published for found in redirects_of(page, routes[page.path])),
        *asked,
    )
    made = [Route(one.url, output_at(one.url), f"the list “{one.heading}”") for one in listings]
    found, losers = conflicts([*routes.values(), *made, *redirects], wished)
    listings = tuple(one for one, its in zip(listings, made, strict=True) if its not in losers)
    redirects = tuple(r for r in redirects if r not in losers)
    urls = {r.url: r.owner for r in (*redirects, *made, *routes.values()) if r not in losers}
    problems = [
        *problems,
        *found,
        *spellings(terms),
        *(found for edition in made_editions.values() for found in spellings(edition.terms)),
        *same_ids(published),
        *tree.problems,
        *astray(asked, urls),
        *missing_of_look(config, urls),
    ]
    return Site(
        tuple(published),
        {
            page.front_matter.id: [page.path]
            for page in reversed(every)
            if page.front_matter.id and not page.language
        },
        names_of([p for p in every if not p.language]) if config.markdown.wikilinks else {},
        withheld,
        routes,
        urls,
        collections,
        tree,
        made_editions,
        terms,
        listings,
        fronts,
        apart,
        redirects,
        {one.url: new for one, new in asked.items()},
        tuple(sorted(set(problems))),
    )


def apart_from_contents(
    config: Config, listed: Sequence[Page], every: Iterable[Page], routes: Mapping[str, Route]
) -> frozenset[str]:
    """Name the pages that are no part of the documentation's contents: of the menu, and at the URL of a list that they introduce."""
    kept = {c.name for c in config.collections if not c.list}
    folders = {f"/{t.name}/" for t in config.taxonomies}
    lists = {collection_url(c) for c in config.collections if c.list}
    terms: dict[str, set[str]] = {}
    found = set()
    for page in every:
        if page.collection not in kept:
            continue
        url = "/" + routes[page.path].url.removeprefix(f"/{page.language}/" if page.language else "/")
        folder = url[: url.find("/", 1) + 1]
        if page.front_matter.menu or url in lists:
            found.add(page.path)
        elif folder in folders:
            terms = terms or term_urls(config, listed)
            if url in terms[folder]:
                found.add(page.path)
    return frozenset(found)


def term_urls(config: Config, listed: Sequence[Page]) -> dict[str, set[str]]:
    """Give the folder of each taxonomy, and the URLs of its lists."""
    urls = {}
    for taxonomy in config.taxonomies:
        asking = {*asks_for(taxonomy, config.collections)}
        terms = {
            term for page in listed if page.collection in asking for term in terms_of(page, taxonomy.key)
        }
        folder = f"/{taxonomy.name}/"
        urls[folder] = {folder, *(route(f"{folder}{term_slug(term)}/", "").url for term in terms)}
    return urls


def terms_among(
    config: Config, collections: Mapping[str, tuple[Page, ...]]
) -> dict[str, dict[str, tuple[Page, ...]]]:
    """Sort the pages of collections by the terms of each taxonomy that these have."""
    terms = {}
    for taxonomy in config.taxonomies:
        asking = asks_for(taxonomy, config.collections)
        pages = in_order([p for name in asking for p in collections[name]], taxonomy.order)
        terms[taxonomy.name] = sorted_by(taxonomy, pages, config.author)
    return terms


def missing_of_look(config: Config, urls: dict[str, str]) -> Iterable[Problem]:
    """Report fonts and a logo that the configuration names and the site does not have."""
    for key, path, line in config.look_files:
        if path not in urls:
            message = f"“{key}” leads to “{path}”, which is no file of the site"
            hint = did_you_mean(path, urls) or f"put it into static{path}"
            yield error(CONFIG_FILE, message, line=line, column=1 if line else 0, hint=hint)


def astray(asked: dict[Route, str], urls: dict[str, str]) -> Iterable[Problem]:
    """Report redirects of the configuration that lead nowhere."""
    for one, new in asked.items():
        path = new.partition("#")[0].partition("?")[0]
        if path.startswith("/") and path not in urls:
            message = f"broken link: the redirect of {one.url} leads to “{new}”, which is no page or file"
            yield error(CONFIG_FILE, message, hint=did_you_mean(path, urls))


def redirects_of(page: Page, own: Route) -> Iterable[Route]:
    """Give the routes of a page's older URLs, each once; its present URL needs no redirect."""
    found = {one.output: one for one in (route(alias, page.path) for alias in page.front_matter.aliases)}
    return [one for output, one in found.items() if output != own.output]


def held_back(page: Page, config: Config) -> str:
    """Say why a page must not reach a production build; nothing when it may."""
    matter = page.front_matter
    if matter.draft:
        return "draft"
    if is_future(page, config):
        return "future"
    if matter.expires and instant(matter.expires) <= config.now:
        return "expired"
    return ""


def is_bundle(path: str) -> bool:
    """Say whether a page has a folder to itself, with the files that belong to it (`post/index.md`)."""
    return path.rpartition("/")[2].rpartition(".")[0] == "index"


def withheld_with(path: str, bundles: dict[str, str]) -> str:
    """Say why a file is not published: because the page to whose bundle it belongs is not; nothing when it is."""
    while path:
        path = path.rpartition("/")[0]
        if path in bundles:
            return bundles[path]
    return ""


def same_ids(pages: Iterable[Page]) -> Iterable[Problem]:
    """Report ids that two pages have."""
    owners: dict[str, str] = {}
    for page in pages:
        name = "" if page.language else page.front_matter.id
        if name and owners.setdefault(name, page.path) != page.path:
            yield error(page.path, f"the id “{name}” is that of {owners[name]} already")


def name_key(name: str) -> str:
    """Give what two spellings of a page's name have in common."""
    return " ".join(name.strip().strip("/").removesuffix(".md").casefold().replace("-", " ").split())


def names_of(pages: Iterable[Page]) -> dict[str, list[str]]:
    """Give name → pages: by file name, by title, and by each end of the path."""
    found: dict[str, dict[str, None]] = {}
    for page in pages:
        path = page.path.rpartition(".")[0]
        parts = (path.rpartition("/")[0] if page.stem.lower() in INDEX_NAMES else path).split("/")
        names = {"/".join(parts[start:]) for start in range(len(parts))}
        for name in (page.front_matter.title, page.stem, *sorted(names)):
            if name.lower() not in INDEX_NAMES:
                found.setdefault(name_key(name), {})[page.path] = None
    return {name: [*owners] for name, owners in found.items()}


def asset_route(source: Source, collections: dict[str, Collection]) -> Route:
    """Decide where a file beside pages is published: under its collection's URL, at its own path."""
    if source.collection == "static":
        below = source.path.removeprefix("static/")
        prefix = "/"
    else:
        collection = collections[source.collection]
        below = source.path if collection.folder == "." else source.path[len(collection.folder) + 1 :]
        prefix = collection_url(collection)
    return file_route(prefix[1:] + below, source.path)
