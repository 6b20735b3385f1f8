"""Taxonomies: the terms (tags, series, authors …) that pages are sorted by, and the URLs of their lists."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from generator.errors import Problem, warning
from generator.pages import FIELDS
from generator.routes import file_route

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.config import Collection, Taxonomy
    from generator.pages import Page

    Terms = Mapping[str, Mapping[str, tuple[Page, ...]]]

PUNCTUATION = "/\\?#%"
"""What stands in a term and must not stand in its URL."""
SINGULAR = {"tags": "tag", "series": "series", "authors": "author"}
"""Taxonomy → what one of its terms is called."""


def terms_of(page: Page, key: str, author: str = "") -> tuple[str, ...]:
    """Give the terms that a page's front matter holds under a key; a page that names no author is by the site's `author`."""
    matter = page.front_matter
    found = getattr(matter, key) if key in FIELDS else matter.extra.get(key)
    if key == "author" and not found:
        found = author
    if isinstance(found, list | tuple):
        return tuple(one for one in found if isinstance(one, str))
    return (found,) if found and isinstance(found, str) else ()


def sorted_by(taxonomy: Taxonomy, pages: Iterable[Page], author: str = "") -> dict[str, tuple[Page, ...]]:
    """Collect pages by term; sorted by term, the pages of each in the order given. `author` is the site's."""
    found: dict[str, list[Page]] = {}
    for page in pages:
        for term in terms_of(page, taxonomy.key, author):
            found.setdefault(term, []).append(page)
    return {term: tuple(found[term]) for term in sorted(found, key=lambda t: (t.casefold(), t))}


def asks_for(taxonomy: Taxonomy, collections: Iterable[Collection]) -> list[str]:
    """Name the collections whose pages a taxonomy sorts."""
    return [collection.name for collection in collections if taxonomy.name in collection.taxonomies]


@lru_cache(maxsize=4096)
def term_slug(term: str) -> str:
    """Give the part of a URL that stands for a term."""
    slug = "-".join(term.casefold().split())
    for letter in PUNCTUATION:
        slug = slug.replace(letter, "-")
    return slug if slug.strip(".") else "tag-" + slug.replace(".", "dot")


def place_of(taxonomy: str, language: str) -> str:
    """Give the folder of a taxonomy's lists, in a further language where one is given: `fr/tags`; it names these lists in keys too."""
    return f"{language}/{taxonomy}" if language else taxonomy


@lru_cache(maxsize=4096)
def term_url(taxonomy: str, term: str) -> str:
    """Give the path of a term's list; `taxonomy` is its place."""
    return file_route(f"{taxonomy}/{term_slug(term)}/", term).url


def by_slug(terms: Mapping[str, tuple[Page, ...]]) -> dict[str, list[str]]:
    """Give slug → the terms that have it: spellings that differ only in case or spacing."""
    found: dict[str, list[str]] = {}
    for term in terms:
        found.setdefault(term_slug(term), []).append(term)
    return found


def spellings(every: Terms) -> Iterator[Problem]:
    """Warn of terms that share one URL because only case or spacing differs."""
    for taxonomy, terms in every.items():
        for known, *others in by_slug(terms).values():
            for term in others:
                what = SINGULAR.get(taxonomy, f"term of “{taxonomy}”")
                message = f"the {what} “{term}” is also written “{known}”; both are listed on one page"
                yield warning(terms[term][0].path, message, hint="write it one way")
