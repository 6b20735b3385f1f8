"""Ordering: pages as a collection or a list wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.frontmatter import instant
from generator.navigation import Navigation, rank
from generator.pages import INDEX_NAMES, Page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.config import Collection
    from generator.routes import Route


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
