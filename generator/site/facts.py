"""Facts of the site: what units may ask about it, under its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator import looks, themes, words
from generator.editions import Edition, switches
from generator.frontmatter import instant
from generator.navigation import first_page, rank
from generator.site.listings import list_place, year_key, years_of
from generator.site.ordering import in_order, newest_first
from generator.taxonomies import by_slug, place_of, term_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.cache import Facts
    from generator.config import Config
    from generator.pages import Page
    from generator.site import Site


OF_ARCHIVES = ("path", "url", "title", "date", "draft", "future")
"""What the list of a year shows of a page."""


def is_future(page: Page, config: Config) -> bool:
    """Say whether a page is dated later than the moment of the build."""
    return bool(page.front_matter.date) and instant(page.front_matter.date) > config.now


def state_facts(config: Config, site: Site, facts: Facts) -> None:
    """Put what units may ask about the site under its keys (`route:`, `slice:`, `nav:` …)."""
    summaries = {page.path: summary(page, site, config) for page in site.pages}
    state_addresses(config, site, facts)
    state_pages(config, site, facts, summaries)
    listed = state_collections(config, site, facts)
    listed |= state_terms(config, site, facts)
    for key, newest in feed_pages(config, site, listed).items():
        facts.put(f"feed:{key}", [summaries[p.path] for p in newest])
    state_listings(site, facts, listed, summaries)
    state_navigation(config, site, facts)
    state_words(config, site, facts)
    state_settings(config, facts)


def state_addresses(config: Config, site: Site, facts: Facts) -> None:
    """Put where all is published, and the names by which it can be found."""
    for path, one in site.routes.items():
        facts.put(f"route:{path}", one.url)
    for url, owner in site.urls.items():
        facts.put(f"url:{url}", owner)
    for language, sorted_pages in terms_by_language(site).items():
        for name, terms in sorted_pages.items():
            place = place_of(name, language)
            for term in terms:
                facts.put(f"term-url:{place}:{term}", term_url(place, term))
    for kind, names in (("id", site.ids), ("wiki", site.names)):
        for name, owners in names.items():
            facts.put(f"{kind}:{name}", owners)
    for path, why in site.withheld.items():
        facts.put(f"withheld:{path}", why)
    if config.llms and config.base_url:
        for page in site.pages:
            facts.put(f"twin-at:{page.path}", site.routes[page.path].url.rpartition("/")[0] + "/index.md")


def state_pages(config: Config, site: Site, facts: Facts, summaries: dict[str, dict[str, Any]]) -> None:
    """Put what holds for single pages."""
    for path, shown in summaries.items():
        if shown["future"]:
            facts.put(f"future:{path}", True)
    policies = {collection.name: collection.html for collection in config.collections if collection.html}
    for page in site.pages if policies else ():
        if page.collection in policies:
            facts.put(f"html:{page.path}", policies[page.collection])
    dialects = {c.name: c.dialect for c in config.collections}
    for page in site.pages:
        dialect = page.front_matter.dialect or dialects[page.collection]
        if dialect:
            facts.put(f"dialect:{page.path}", dialect)
    if site.editions:
        for member, choices in switches_of(config, site, site.pages):
            facts.put(f"switch:{member}", choices)


def switches_of(config: Config, site: Site, pages: Sequence[Page]) -> Iterator[tuple[str, list[list[Any]]]]:
    """Give pages and lists with their translations."""
    lists = {one.url: one.language for one in (*site.listings, *site.fronts.values())}
    return switches(pages, site.routes, lists, config.language, [*site.editions], site.urls)


def terms_by_language(site: Site) -> dict[str, dict[str, dict[str, tuple[Page, ...]]]]:
    """Give language → taxonomy → term → pages; the site's own language is nameless."""
    return {"": site.terms, **{one.language: one.terms for one in site.editions.values()}}


def state_collections(config: Config, site: Site, facts: Facts) -> dict[str, Sequence[Page]]:
    """Put collections, years and neighbours; give the pages of each key that a list may have."""
    listed: dict[str, Sequence[Page]] = {}
    for collection in config.collections:
        facts.put(f"template:{collection.name}", collection.template)
    by_name = {c.name: c for c in config.collections}
    urls = {one.key: one.url for one in site.listings}
    for edition in site.editions.values():
        state_edition(edition, site, config, facts)
        for name, pages in edition.collections.items():
            listed[f"collection:{name}:{edition.language}"] = pages
            if by_name[name].list and edition.has(name):
                listed |= state_years(name, pages, edition.language, urls, facts)
    for name, pages in site.collections.items():
        listed[f"collection:{name}"] = pages
        if by_name[name].list:
            listed |= state_years(name, pages, "", urls, facts)
        inside = [page for page in pages if page.path not in site.apart]
        for before, page, after in zip((None, *inside), inside, (*inside[1:], None), strict=False):
            around = [neighbour(before, site), neighbour(after, site)]
            if by_name[name].order == "newest":  # "next" leads forward in time, whatever order lists have
                around.reverse()
            facts.put(f"neighbours:{page.path}", around)
    facts.put("lists", [[c.name, *list_place(c)] for c in config.collections if c.list])
    return listed


def state_years(
    collection: str, pages: Sequence[Page], language: str, urls: dict[str, str], facts: Facts
) -> dict[str, Sequence[Page]]:
    """Put the years of a collection that have a list; give the pages of each."""
    found = {year: (year_key(collection, year, language), tuple(p)) for year, p in years_of(pages).items()}
    shown = [[year, urls[key]] for year, (key, _) in found.items() if key in urls]
    facts.put(f"years:{place_of(collection, language)}", shown)
    return dict(found.values())


def state_terms(config: Config, site: Site, facts: Facts) -> dict[str, Sequence[Page]]:
    """Put taxonomies, their terms and series, for each language; give the pages of each term."""
    listed: dict[str, Sequence[Page]] = {}
    every = [*site.listings, *site.fronts.values()]
    for language, sorted_pages in terms_by_language(site).items():
        used = {t.name: [t.key, t.title, t.one] for t in config.taxonomies if sorted_pages[t.name]}
        facts.put(f"taxonomies:{language}" if language else "taxonomies", used)
        for taxonomy in config.taxonomies:
            terms, place = sorted_pages[taxonomy.name], place_of(taxonomy.name, language)
            for slug, written in by_slug(terms).items():
                pages = tuple({p.path: p for term in written for p in terms[term]}.values())
                pages = pages if len(written) == 1 else in_order([*pages], taxonomy.order)
                listed[f"term:{place}:{slug}"] = pages
                if taxonomy.name == "series":
                    facts.put(f"series:{place_of(slug, language)}", [neighbour(page, site) for page in pages])
            begin = f"term:{place}:"
            counted = [
                [t.heading, t.url, t.count] for t in every if t.key.startswith(begin) and t.number == 1
            ]
            facts.put(f"terms:{place}", counted)
    return listed


def state_listings(
    site: Site, facts: Facts, listed: dict[str, Sequence[Page]], summaries: dict[str, dict[str, Any]]
) -> None:
    """Put the list pages, and for each of them its own rows alone."""
    for listing in [*site.listings, *site.fronts.values()]:
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


def state_navigation(config: Config, site: Site, facts: Facts) -> None:
    """Put the tree of the documentation, and the way to each of its pages."""
    for folder, tree in site.navigation.shown().items():
        facts.put(f"nav:{folder}", tree)
        if not folder:
            facts.put("docs", first_page(tree) or first_document(config, site))
    facts.put("menu", menu_of([page for page in site.pages if not page.language], site))
    for path, above in site.navigation.crumbs():
        facts.put(f"crumbs:{path}", above)


def state_words(config: Config, site: Site, facts: Facts) -> None:
    """Put the theme's words in the languages of the site and of pages that name another one; the site's own under an empty name."""
    home = config.language
    spoken = {
        page.path: language
        for page in site.pages
        if (language := page.front_matter.lang or page.language) and language != home
    }
    for path, language in spoken.items():
        facts.put(f"speaks:{path}", language)
    layers = themes.layers(config.theme_folder)
    for language in sorted({"", *site.editions, *spoken.values()}):
        facts.put(f"wording:{language}", words.words(layers, language or home, config.words, home))


def state_settings(config: Config, facts: Facts) -> None:
    """Put those parts of the configuration that units may ask for."""
    look = {
        "title": config.title, "description": config.description, "base_url": config.base_url,
        "language": config.language, "author": config.author, "copyright": config.copyright,
        "repository": config.repository, "edit_url": config.edit_url, "share": config.look.share, "logo": config.look.logo,
        "fonts": looks.preloaded(config.look), "paper": looks.papers(config.look),
        "version": version_shown(config), "canonical_url": config.canonical_url,
    }  # fmt: skip
    facts.put("year", config.now.year)
    facts.put("config:site", look)
    facts.put("config:look", config.look)
    if config.theme_folder:
        facts.put(themes.FACT, config.theme_folder)
    facts.put("config:beyond", config.links.beyond)
    facts.put("config:newsletter", config.newsletter)
    facts.put("config:markdown", config.markdown)
    facts.put("config:execute", config.execute)
    facts.put("config:demos", config.demos)
    facts.put("config:images", config.images)
    facts.put("config:search", config.search)
    facts.put("config:api", config.api)
    facts.put("config:base_path", config.base_path)


def version_shown(config: Config) -> dict[str, Any] | None:
    """Give what templates know of the site's version; None when it has none."""
    if not config.place:
        return None
    return {
        "name": config.version,
        "title": config.versions.title or config.version,
        "list": f"{config.whole_path}versions.json",
        "all": f"{config.whole_path}versions/",
        "hidden": not config.versions.index and config.place != config.versions.canonical,
    }


def feed_pages(config: Config, site: Site, listed: dict[str, Sequence[Page]]) -> dict[str, Sequence[Page]]:
    """Give the pages of each feed: of the site, of collections, of the terms that have feeds."""
    if not config.base_url:
        return {}
    found: dict[str, Sequence[Page]] = {
        "site": [page for c in config.collections if c.list for page in site.collections[c.name]]
    }
    for language, edition in site.editions.items():
        found[f"site:{language}"] = [
            p for c in config.collections if c.list for p in edition.collections[c.name]
        ]
    for key, pages in listed.items():
        kind, _, name = key.partition(":")
        if kind == "collection" or (kind == "term" and taxonomy_of(name) in config.feeds.of):
            found[key] = pages
    return {
        key: newest_first(p for p in pages if p.front_matter.date and belongs(p, key))[: config.feeds.length]
        for key, pages in found.items()
    }


def belongs(page: Page, key: str) -> bool:
    """Say whether a page is in the language of a feed: in that of a further one originals do not stand in."""
    kind, _, name = key.partition(":")
    parts = name.partition(":")
    language = {"site": name, "collection": parts[2], "term": parts[0].rpartition("/")[0]}[kind]
    return not language or page.language == language


def taxonomy_of(term: str) -> str:
    """Name the taxonomy of a list's key: `fr/tags:paper` → `tags`."""
    return term.partition(":")[0].rpartition("/")[2]


def state_edition(edition: Edition, site: Site, config: Config, facts: Facts) -> None:
    """Put what the pages of one further language ask for."""
    language = edition.language
    for folder, tree in edition.navigation.shown().items():
        facts.put(f"nav:{language}:{folder}", tree)
    for path, above in edition.navigation.crumbs():
        if site.of(path).language == language:
            facts.put(f"crumbs:{path}", above)
    orders = {c.name: c.order for c in config.collections}
    facts.put(f"menu:{language}", menu_of([p for pages in edition.collections.values() for p in pages], site))
    for name, pages in edition.collections.items():
        inside = [page for page in pages if page.path not in site.apart]
        for before, page, after in zip((None, *inside), inside, (*inside[1:], None), strict=False):
            if page.language == language:
                around = [neighbour(before, site), neighbour(after, site)]
                facts.put(f"neighbours:{page.path}", around[::-1] if orders[name] == "newest" else around)
    for page in site.pages:
        if page.language == language:
            facts.put(f"language:{page.path}", language)


def menu_of(pages: Iterable[Page], site: Site) -> list[list[str]]:
    """Give title and URL of the pages that stand in the header, by weight and title."""
    shown = [page for page in pages if page.front_matter.menu and not page.front_matter.unlisted]
    shown.sort(key=lambda page: (rank(page.front_matter.weight), page.front_matter.title, page.path))
    return [[page.front_matter.title, site.routes[page.path].url] for page in shown]


def first_document(config: Config, site: Site) -> str:
    """Give the URL of the first page of documentation besides the home page, for a site that is too large for a tree."""
    every = [page for c in config.collections if not c.list for page in site.collections[c.name]]
    pages = [page for page in every if page.path not in site.apart]
    return next((url for page in pages if (url := site.routes[page.path].url) != "/"), "")


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
        "tags": [[tag, term_url(place_of("tags", page.language), tag)] for tag in matter.tags],
        "author": list(matter.author),
        "image": matter.image,
        "draft": matter.draft,
        "future": is_future(page, config),
        "series": matter.series,
    }


def neighbour(page: Page | None, site: Site) -> dict[str, str] | None:
    """Give what a previous/next link shows."""
    return {"title": page.front_matter.title, "url": site.routes[page.path].url} if page else None
