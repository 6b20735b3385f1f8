"""Listings: the pages that list other pages, one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.site.ordering import newest_first
from generator.taxonomies import by_slug, place_of, term_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.config import Collection, Config, Taxonomy
    from generator.editions import Edition
    from generator.pages import Page


@dataclass(frozen=True, slots=True)
class Listing:
    """A page that lists other pages: a blog's index, a tag."""

    url: str
    """Path below the site's root; further list pages are `URL/page/2/` …"""
    heading: str
    """What is listed."""
    key: str
    """What it lists: `collection:NAME`, `year:NAME:YEAR`, `term:PLACE:TERM`, or `terms:PLACE` for the list of all terms of a taxonomy."""
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
    language: str = ""
    """Of an edition's list; empty in the site's own language."""


def make_listings(
    config: Config,
    collections: dict[str, tuple[Page, ...]],
    terms: dict[str, dict[str, tuple[Page, ...]]],
    editions: dict[str, Edition],
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
            yield from archives(collection, pages, "", taken)
    for language, edition in editions.items():
        for one in (c for c in config.collections if c.list and edition.has(c.name)):
            (heading, url), own = list_place(one), edition.collections[one.name]
            key = f"collection:{one.name}:{language}"
            top = Listing(f"/{language}{url}", heading, key, one.name, len(own), one.page_size)
            yield from paged(replace(top, language=language))
            yield from archives(one, own, language, taken)
    for language, sorted_pages in {"": terms, **{e.language: e.terms for e in editions.values()}}.items():
        for taxonomy in config.taxonomies:
            for one_list in lists_of_terms(taxonomy, sorted_pages[taxonomy.name], language, size):
                yield replace(one_list, language=language)
    if "/" not in taken:
        first = next((c for c in config.collections if c.list), config.collections[0])
        pages = collections[first.name]
        size = first.page_size if first.list else max(1, len(pages))  # the rest has a list of its own
        yield Listing("/", config.title, f"collection:{first.name}", first.name, len(pages), size)


def archives(
    collection: Collection, pages: Iterable[Page], language: str, taken: set[str]
) -> Iterable[Listing]:
    """Give the list of each year of a collection, in a further language where one is given."""
    heading, url = list_place(collection)
    front = f"/{language}" if language else ""
    for year, found in years_of(pages).items():
        if (place := f"{front}{url}{year}/") not in taken:
            key, count = year_key(collection.name, year, language), len(found)
            yield Listing(place, f"{heading}, {year}", key, collection.name, count, count, language=language)


def year_key(collection: str, year: str, language: str) -> str:
    """Give the key of a year's list."""
    return f"year:{collection}:{year}" + (f":{language}" if language else "")


def lists_of_terms(
    taxonomy: Taxonomy, found: dict[str, tuple[Page, ...]], language: str, size: int
) -> Iterable[Listing]:
    """Give the list of all terms of a taxonomy, and the lists of each."""
    place, slugs = place_of(taxonomy.name, language), by_slug(found)
    if slugs:
        yield Listing(f"/{place}/", taxonomy.title, f"terms:{place}", "", len(slugs), len(slugs))
    for slug, written in slugs.items():
        count = len({p.path for term in written for p in found[term]})
        url = term_url(place, written[0])
        yield from paged(Listing(url, written[0], f"term:{place}:{slug}", "", count, size))


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


def list_place(collection: Collection) -> tuple[str, str]:
    """Give title and URL of a collection's list page."""
    return collection.title or collection.name.capitalize(), collection_url(collection)


def collection_url(collection: Collection) -> str:
    """Give the fixed beginning of a collection's URLs, which ends in a slash."""
    return collection.url.partition("{")[0].rpartition("/")[0] + "/"
