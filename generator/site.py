"""Site: the published pages in order, with their routes, tags and neighbours; made serially from front matter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from generator import looks
from generator.config import CONFIG_FILE
from generator.errors import Problem, did_you_mean, error
from generator.frontmatter import instant
from generator.navigation import Navigation, first_page, grown, rank
from generator.pages import INDEX_NAMES, Page
from generator.routes import Route, conflicts, file_route, route, route_of
from generator.taxonomies import asks_for, by_slug, sorted_by, spellings, term_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.cache import Facts
    from generator.config import Collection, Config
    from generator.navigation import Order
    from generator.sources import Source

OF_ARCHIVES = ("path", "url", "title", "date", "draft", "future")
"""What the list of a year shows of a page."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page that lists other pages: a blog's index, a tag."""

    url: str
    """Path below the site's root; further list pages are `URL/page/2/` …"""
    heading: str
    """What is listed."""
    key: str
    """What it lists: `collection:NAME`, `term:TAXONOMY:TERM`, or `terms:TAXONOMY` for the list of all its terms."""
    collection: str
    """Collection that it belongs to; empty for the site's own lists."""
    count: int
    """How many pages it lists."""
    page_size: int
    """How many of them stand on one list page."""
    number: int = 1
    """Which page of the list this is."""
    total: int = 1
    """How many pages the list has."""


@dataclass(frozen=True, slots=True)
class Site:
    """All that is published, and where."""

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
    terms: dict[str, dict[str, tuple[Page, ...]]]
    """Taxonomy → term → pages in its order; sorted by term."""
    listings: tuple[Listing, ...]
    """Every list page that no author wrote."""
    fronts: dict[str, Listing]
    """Page → the list that it shows below its own words (`blog/index.md`)."""
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
    problems, losers = conflicts([*routes.values(), *assets.values()])
    routes = {path: one for path, one in {**routes, **assets}.items() if one not in losers}
    published = [page for page in published if page.path in routes]
    listed = [page for page in published if not page.front_matter.unlisted]
    tree = grown(config, listed, routes, orders, withheld)
    collections = {
        c.name: ordered([p for p in listed if p.collection == c.name], c, routes, tree)
        for c in config.collections
    }
    terms = {}
    for taxonomy in config.taxonomies:
        asking = asks_for(taxonomy, config.collections)
        pages = in_order([p for name in asking for p in collections[name]], taxonomy.order)
        terms[taxonomy.name] = sorted_by(taxonomy, pages)
    written = {routes[page.path].url: page.path for page in published}
    lists = list(make_listings(config, collections, terms, set(written)))
    listings = tuple(one for one in lists if one.url not in written)
    fronts = {written[one.url]: one for one in lists if one.url in written}
    asked = {route(old, CONFIG_FILE): new for old, new in config.redirects}
    redirects = (
        *(found for page in published for found in redirects_of(page, routes[page.path])),
        *asked,
    )
    made = [Route(one.url, one.url[1:] + "index.html", f"the list “{one.heading}”") for one in listings]
    found, losers = conflicts([*routes.values(), *made, *redirects])
    listings = tuple(one for one, its in zip(listings, made, strict=True) if its not in losers)
    redirects = tuple(r for r in redirects if r not in losers)
    urls = {r.url: r.owner for r in (*redirects, *made, *routes.values()) if r not in losers}
    problems = [
        *problems,
        *found,
        *spellings(terms),
        *same_ids(published),
        *tree.problems,
        *astray(asked, urls),
    ]
    return Site(
        tuple(published),
        {page.front_matter.id: [page.path] for page in reversed(every) if page.front_matter.id},
        names_of(every) if config.markdown.wikilinks else {},
        withheld,
        routes,
        urls,
        collections,
        tree,
        terms,
        listings,
        fronts,
        redirects,
        {one.url: new for one, new in asked.items()},
        tuple(sorted(set(problems))),
    )


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
        name = page.front_matter.id
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


def is_future(page: Page, config: Config) -> bool:
    """Say whether a page is dated later than the moment of the build."""
    return bool(page.front_matter.date) and instant(page.front_matter.date) > config.now


def is_folder_page(page: Page, collection: Collection) -> bool:
    """Say whether a page is the collection's own front page (`blog/index.md`)."""
    top = "" if collection.folder == "." else collection.folder
    return page.path.rpartition("/")[0] == top and page.stem.lower() in INDEX_NAMES


def ordered(
    pages: list[Page], collection: Collection, routes: dict[str, Route], tree: Navigation
) -> tuple[Page, ...]:
    """Order the pages of a collection."""
    if collection.list:
        pages = [page for page in pages if not is_folder_page(page, collection)]
    if collection.order != "path":
        return in_order(pages, collection.order)
    if collection.list:
        return tuple(sorted(pages, key=lambda p: (rank(p.front_matter.weight), routes[p.path].url)))
    return tree.in_order(pages, routes)


def in_order(pages: list[Page], order: str) -> tuple[Page, ...]:
    """Sort pages by a word of the configuration."""
    if order == "title":
        return tuple(sorted(pages, key=lambda p: (p.front_matter.title.casefold(), p.path)))
    if order == "weight":
        return tuple(sorted(pages, key=lambda p: (rank(p.front_matter.weight), p.path)))
    if order == "path":
        return tuple(sorted(pages, key=lambda p: p.path))
    newest = newest_first(pages)
    return newest if order == "newest" else tuple(reversed(newest))


def newest_first(pages: Iterable[Page]) -> tuple[Page, ...]:
    """Sort by date, the newest first; pages of one moment, and those without a date (last), by path."""
    by_path = sorted(pages, key=lambda p: p.path)
    return tuple(sorted(by_path, key=lambda p: -instant(p.front_matter.date or "0001-01-01").timestamp()))


def make_listings(
    config: Config,
    collections: dict[str, tuple[Page, ...]],
    terms: dict[str, dict[str, tuple[Page, ...]]],
    taken: set[str],
) -> Iterable[Listing]:
    """Decide which list pages there are."""
    size = 20
    for collection in config.collections:
        pages = collections[collection.name]
        if collection.list:
            size = collection.page_size
            heading, url = list_place(collection)
            yield from paged(
                Listing(url, heading, f"collection:{collection.name}", collection.name, len(pages), size)
            )
            for year, found_pages in years_of(pages).items():
                key, count = f"year:{collection.name}:{year}", len(found_pages)
                if (place := f"{url}{year}/") not in taken:
                    yield Listing(place, f"{heading}, {year}", key, collection.name, count, count)
    for taxonomy in config.taxonomies:
        name, found = taxonomy.name, terms[taxonomy.name]
        slugs = by_slug(found)
        if slugs:
            yield Listing(f"/{name}/", taxonomy.title, f"terms:{name}", "", len(slugs), len(slugs))
        for slug, written in slugs.items():
            count = len({p.path for term in written for p in found[term]})
            url = term_url(name, written[0])
            yield from paged(Listing(url, written[0], f"term:{name}:{slug}", "", count, size))
    if "/" not in taken:
        first = next((c for c in config.collections if c.list), config.collections[0])
        pages = collections[first.name]
        size = first.page_size if first.list else max(1, len(pages))  # the rest has a list of its own
        yield Listing("/", config.title, f"collection:{first.name}", first.name, len(pages), size)


def years_of(pages: Iterable[Page]) -> dict[str, list[Page]]:
    """Give the dated pages of each year, the newest first."""
    found: dict[str, list[Page]] = {}
    for page in newest_first(p for p in pages if p.front_matter.date):
        found.setdefault(page.front_matter.date[:4], []).append(page)
    return found


def paged(listing: Listing) -> Iterable[Listing]:
    """Give a listing's further pages too: `URL/page/2/` …"""
    total = max(1, -(-listing.count // listing.page_size))
    yield replace(listing, total=total)
    for number in range(2, total + 1):
        yield replace(listing, url=f"{listing.url}page/{number}/", number=number, total=total)


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


def state_facts(config: Config, site: Site, facts: Facts) -> None:
    """Put what units may ask about the site under its keys (DESIGN: `route:`, `collection:`, `tag:` …)."""
    summaries = {page.path: summary(page, site, config) for page in site.pages}
    for path, shown in summaries.items():
        if shown["future"]:
            facts.put(f"future:{path}", True)
    for path, one in site.routes.items():
        facts.put(f"route:{path}", one.url)
    for url, owner in site.urls.items():
        facts.put(f"url:{url}", owner)
    for name, terms in site.terms.items():
        for term in terms:
            facts.put(f"term-url:{name}:{term}", term_url(name, term))
    facts.put("taxonomies", {t.name: [t.key, t.title] for t in config.taxonomies if site.terms[t.name]})
    for kind, names in (("id", site.ids), ("wiki", site.names)):
        for name, owners in names.items():
            facts.put(f"{kind}:{name}", owners)
    if config.llms and config.base_url:
        for page in site.pages:
            facts.put(f"twin-at:{page.path}", site.routes[page.path].url.rpartition("/")[0] + "/index.md")
    for collection in config.collections:
        facts.put(f"template:{collection.name}", collection.template)
    for path, why in site.withheld.items():
        facts.put(f"withheld:{path}", why)
    orders = {c.name: c.order for c in config.collections}
    listed: dict[str, Sequence[Page]] = {}
    for name, pages in site.collections.items():
        listed[f"collection:{name}"] = pages
        if any(c.name == name and c.list for c in config.collections):
            by_year = years_of(pages)
            listed |= {f"year:{name}:{year}": tuple(found) for year, found in by_year.items()}
            keys = {one.key: one.url for one in site.listings}
            years = [[year, keys[key]] for year in by_year if (key := f"year:{name}:{year}") in keys]
            facts.put(f"years:{name}", years)
        for before, page, after in zip((None, *pages), pages, (*pages[1:], None), strict=False):
            around = [neighbour(before, site), neighbour(after, site)]
            if orders[name] == "newest":  # "next" leads forward in time, whatever order lists have
                around.reverse()
            facts.put(f"neighbours:{page.path}", around)
    every = [*site.listings, *site.fronts.values()]
    for taxonomy in config.taxonomies:
        terms = site.terms[taxonomy.name]
        for slug, written in by_slug(terms).items():
            pages = tuple({p.path: p for term in written for p in terms[term]}.values())
            pages = pages if len(written) == 1 else in_order([*pages], taxonomy.order)
            listed[f"term:{taxonomy.name}:{slug}"] = pages
            if taxonomy.name == "series":
                facts.put(f"series:{slug}", [neighbour(page, site) for page in pages])
        begin = f"term:{taxonomy.name}:"
        counted = [[t.heading, t.url, t.count] for t in every if t.key.startswith(begin) and t.number == 1]
        facts.put(f"terms:{taxonomy.name}", counted)
    for key, newest in feed_pages(config, site, listed).items():
        facts.put(f"feed:{key}", [summaries[p.path] for p in newest])
    for listing in every:  # each list page asks for its own rows alone
        start = (listing.number - 1) * listing.page_size
        rows = listed.get(listing.key, ())[start : start + listing.page_size]
        cards = [summaries[p.path] for p in rows]
        if listing.key.startswith("year:"):  # one line each: what the line has not is nothing to an archive
            cards = [{key: card[key] for key in OF_ARCHIVES} for card in cards]
        facts.put(f"slice:{listing.url}", cards)
    for listing in site.listings:
        facts.put(f"listing:{listing.url}", listing)
    for path, listing in site.fronts.items():
        facts.put(f"front:{path}", listing)
    for folder, tree in site.navigation.shown().items():
        facts.put(f"nav:{folder}", tree)
        if not folder:
            facts.put("docs", first_page(tree) or first_document(config, site))
    for path, above in site.navigation.crumbs():
        facts.put(f"crumbs:{path}", above)
    lists = [[c.name, *list_place(c)] for c in config.collections if c.list]
    facts.put("lists", lists)
    facts.put("year", config.now.year)
    look = {
        "title": config.title, "description": config.description, "base_url": config.base_url,
        "language": config.language, "author": config.author, "copyright": config.copyright,
        "repository": config.repository, "edit_url": config.edit_url, "share": config.look.share, "logo": config.look.logo,
        "fonts": looks.preloaded(config.look), "paper": looks.papers(config.look),
    }  # fmt: skip
    facts.put("config:site", look)
    facts.put("config:links", config.links)
    facts.put("config:look", config.look)
    facts.put("config:newsletter", config.newsletter)
    facts.put("config:markdown", config.markdown)
    facts.put("config:execute", config.execute)
    facts.put("config:demos", config.demos)
    facts.put("config:images", config.images)
    facts.put("config:search", config.search)
    facts.put("config:api", config.api)
    facts.put("config:base_path", config.base_path)


def feed_pages(config: Config, site: Site, listed: dict[str, Sequence[Page]]) -> dict[str, Sequence[Page]]:
    """Give the pages of each feed: of the site, of collections, of the terms that have feeds."""
    if not config.base_url:
        return {}
    found: dict[str, Sequence[Page]] = {
        "site": [page for c in config.collections if c.list for page in site.collections[c.name]]
    }
    for key, pages in listed.items():
        kind, _, name = key.partition(":")
        if kind == "collection" or (kind == "term" and name.partition(":")[0] in config.feeds.of):
            found[key] = pages
    return {
        key: newest_first(p for p in pages if p.front_matter.date)[: config.feeds.length]
        for key, pages in found.items()
    }


def first_document(config: Config, site: Site) -> str:
    """Give the URL of the first page of documentation besides the home page, for a site that is too large for a tree."""
    pages = [page for c in config.collections if not c.list for page in site.collections[c.name]]
    return next((url for page in pages if (url := site.routes[page.path].url) != "/"), "")


def list_place(collection: Collection) -> tuple[str, str]:
    """Give title and URL of a collection's list page."""
    return collection.title or collection.name.capitalize(), collection_url(collection)


def collection_url(collection: Collection) -> str:
    """Give the fixed beginning of a collection's URLs, which ends in a slash."""
    return collection.url.partition("{")[0].rpartition("/")[0] + "/"


def summary(page: Page, site: Site, config: Config) -> dict[str, Any]:
    """Give what lists may show of a page."""
    matter = page.front_matter
    return {
        "path": page.path,
        "url": site.routes[page.path].url,
        "title": matter.title,
        "date": matter.date,
        "updated": matter.updated,
        "description": matter.description,
        "tags": [[tag, term_url("tags", tag)] for tag in matter.tags],
        "author": list(matter.author),
        "image": matter.image,
        "draft": matter.draft,
        "future": is_future(page, config),
        "series": matter.series,
    }


def neighbour(page: Page | None, site: Site) -> dict[str, str] | None:
    """Give what a previous/next link shows."""
    return {"title": page.front_matter.title, "url": site.routes[page.path].url} if page else None
