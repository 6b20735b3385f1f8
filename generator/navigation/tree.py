"""Tree: the folders and pages of the documentation as a tree, and as much of it as a page shows."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generator.pages import INDEX_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.pages import Page
    from generator.routes import Route

MOST_SIBLINGS = 200
"""Pages of one section beyond which a list of them is no navigation, and is left out."""


@dataclass(slots=True)
class Entry:
    """A page, or a folder with its pages."""

    title: str
    folder: str
    """The folder that it stands for; empty for a page."""
    url: str = ""
    """Empty for a folder that has no page of its own."""
    path: str = ""
    """The source of its page; empty for a folder that has no page of its own."""
    weight: float = math.inf
    """What it was given, else beyond all weights."""
    children: list[Entry] = field(default_factory=list)


def first_page(tree: Iterable[Mapping[str, Any]]) -> str:
    """Give the URL of the first page of a tree, nothing when it has none; a section may have no page of its own."""
    return next((url for entry in tree if (url := entry["url"] or first_page(entry["children"]))), "")


def paths_of(entry: Entry) -> Iterator[str]:
    """Give the sources of an entry and of all below it."""
    yield entry.path
    for child in entry.children:
        yield from paths_of(child)


def rank(weight: int) -> float:
    """Give what pages are sorted by: their weight; those that were given none (0) come after all others."""
    return weight or math.inf


def add_pages(
    pages: Iterable[Page], routes: Mapping[str, Route], top: str, sections: dict[str, Entry]
) -> None:
    """Put pages into the sections of their folders; a folder's own page gives its section title and URL."""
    for page in sorted(pages, key=lambda p: (p.path.count("/"), not is_index(p))):
        folder = page.path.rpartition("/")[0]
        url, matter = routes[page.path].url, page.front_matter
        if is_index(page) and folder != top:
            section = section_of(folder, sections)
            if not section.url:
                section.title, section.url, section.path = matter.title, url, page.path
                section.weight = rank(matter.weight)
                continue
        if url not in ("/", f"/{page.language}/"):
            section_of(folder, sections).children.append(
                Entry(matter.title, "", url, page.path, rank(matter.weight))
            )


def is_index(page: Page) -> bool:
    """Say whether a page is the page of its folder."""
    return page.stem.lower() in INDEX_NAMES


def section_of(folder: str, sections: dict[str, Entry]) -> Entry:
    """Give the entry of a folder, making those above it too."""
    if folder not in sections:
        above, _, name = folder.rpartition("/")
        sections[folder] = Entry(name.replace("-", " ").replace("_", " ").capitalize(), folder)
        section_of(above, sections).children.append(sections[folder])
    return sections[folder]


def sort_entries(entry: Entry) -> None:
    """Sort by weight, then by URL or title; a section without a page of its own weighs what its lightest page does."""
    for child in entry.children:
        sort_entries(child)
    if not entry.url and entry.children:
        entry.weight = min(child.weight for child in entry.children)
    entry.children.sort(key=lambda e: (e.weight, e.url or e.title.casefold()))


def plain(entries: list[Entry], here: str | None) -> list[dict[str, Any]]:
    """Give entries as data; with `here`, only the sections above a page of that folder are unfolded."""
    if here is not None and len(entries) > MOST_SIBLINGS:
        entries = [entry for entry in entries if entry.folder][:MOST_SIBLINGS]
    return [
        {"title": entry.title, "url": first_url(entry, here), "children": unfolded(entry, here)}
        for entry in entries
    ]


def unfolded(entry: Entry, here: str | None) -> list[dict[str, Any]]:
    """Give the children that an entry shows to a page of the folder `here`."""
    above = here is None or here == entry.folder or here.startswith(entry.folder + "/")
    return plain(entry.children, here) if entry.folder and above else []


def first_url(entry: Entry, here: str | None) -> str:
    """Give an entry's URL; a folded section without a page of its own leads to its first page."""
    if entry.url or here is None or not entry.children:
        return entry.url
    return first_url(entry.children[0], here)
