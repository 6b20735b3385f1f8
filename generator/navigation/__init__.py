"""Navigation: the tree of documentation pages, and the part of it that each folder's pages show.

A small site shows its whole tree on every page. In a large one a page shows the way to itself: the sections
above it with what they hold; the rest is folded, so that a page's size does not grow with the site. The order follows
folders and weights, unless authors have written another one (orders.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.navigation.orders import Arranger, Order, read_orders
from generator.navigation.tree import Entry, add_pages, first_page, paths_of, plain, rank, sort_entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.config import Config
    from generator.errors import Problem
    from generator.pages import Page
    from generator.routes import Route

__all__ = ["Navigation", "Order", "first_page", "grown", "rank", "read_orders"]

WHOLE_TREE = 100
"""Entries up to which every page shows all of them."""


@dataclass(frozen=True, slots=True)
class Navigation:
    """The tree of all documentation pages."""

    root: Entry
    """Its children are what the first level shows."""
    sections: dict[str, Entry]
    """Folder → its entry."""
    problems: tuple[Problem, ...] = ()
    """What does not fit in the orders that authors have written."""

    def shown(self) -> dict[str, list[dict[str, Any]]]:
        """Give folder → the tree that its pages show; the empty folder stands for all other pages."""
        total = sum(1 + len(section.children) for section in self.sections.values())
        if total <= WHOLE_TREE:
            return dict.fromkeys(["", *self.sections], plain(self.root.children, None))
        return {folder: plain(self.root.children, folder) for folder in ["", *self.sections]}

    def in_order(self, pages: Iterable[Page], routes: Mapping[str, Route]) -> tuple[Page, ...]:
        """Sort pages as the tree shows them; the home page comes first, others that it does not show last."""
        by_path = {page.path: page for page in sorted(pages, key=lambda p: p.path)}
        shown = [by_path.pop(path) for path in paths_of(self.root) if path in by_path]
        home = [p for path, p in by_path.items() if routes[path].url in ("/", f"/{p.language}/")]
        return (*home, *shown, *(page for page in by_path.values() if page not in home))

    def crumbs(self) -> Iterator[tuple[str, list[list[str]]]]:
        """Give each page that stands in a section, and title and URL of the sections above it."""
        pending: list[tuple[Entry, list[list[str]]]] = [(child, []) for child in self.root.children]
        while pending:
            entry, above = pending.pop()
            if entry.path and above:
                yield entry.path, above
            below = [*above, [entry.title, entry.url]] if entry.children else above
            pending += [(child, below) for child in entry.children]


def grown(
    config: Config,
    pages: Iterable[Page],
    routes: Mapping[str, Route],
    orders: Iterable[Order] = (),
    withheld: Mapping[str, str] | None = None,
    aliases: Mapping[str, str] | None = None,
) -> Navigation:
    """Make the tree of all pages of collections without a list page; `aliases` are the paths of their translations."""
    root = Entry("", "")
    sections: dict[str, Entry] = {}
    tops = {}
    for collection in config.collections:
        if not collection.list:
            tops[collection.name] = top = "" if collection.folder == "." else collection.folder
            sections[top] = root
    documents: dict[str, list[Page]] = {name: [] for name in tops}
    for page in pages:
        if page.collection in tops:
            documents[page.collection].append(page)
    for name, top in tops.items():
        add_pages(documents[name], routes, top, sections)
    sort_entries(root)
    orders = list(orders)
    if not orders:
        return Navigation(root, sections)
    titles = {page.path: page.front_matter.title for found in documents.values() for page in found}
    arranger = Arranger(root, sections, [*tops.values()], withheld or {}, titles, aliases or {})
    arranger.arrange(orders)
    return Navigation(root, sections, tuple(sorted(set(arranger.problems))))
