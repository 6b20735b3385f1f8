"""Inventory: the pages that there are, and those that are held back, told without building anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator import folders, sources
from generator.cache import Facts, Reads
from generator.navigation import read_orders
from generator.pages import load
from generator.site import assemble, held_back

if TYPE_CHECKING:
    from generator.config import Config
    from generator.pages import Page
    from generator.site import Site
    from generator.sources import Scan

REASONS = {"drafts": "draft", "future": "future", "expired": "expired"}
"""Kind of list → the reason for which its pages are held back."""


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """One page of a list."""

    date: str
    """When it is published, or was; when it expires in a list of expired pages. May be empty."""
    path: str
    """Its source."""
    title: str
    """As in lists of the site."""


def listed(config: Config, kind: str) -> list[Row]:
    """List the pages of a kind (`pages`, `drafts`, `future`, `expired`, `unlisted`), by date."""
    pages = loaded(config, sources.scan(config), Reads(Facts(config.root)))
    return sorted(row_of(page, kind) for page in pages if belongs(page, kind, config))


def loaded(config: Config, scan: Scan, reads: Reads) -> list[Page]:
    """Read the headers of all pages, held back or not."""
    rules, _ = folders.rules_of(config, scan.sources, scan.settings, reads, {})
    for folder, one in rules.items():
        reads.facts.put(f"rules:{folder}", one)
    pages = (load(source, reads).page for source in scan.sources if source.is_page)
    return [page for page in pages if page is not None]


def whole_site(config: Config) -> Site:
    """Put the site together as a build does, without composing anything."""
    scan, reads = sources.scan(config), Reads(Facts(config.root))
    orders, _ = read_orders(config.nav, scan.settings, reads)
    return assemble(config, scan.sources, loaded(config, scan, reads), orders)


def belongs(page: Page, kind: str, config: Config) -> bool:
    """Say whether a page is of a kind; the reason that counts is the first of draft, future, expired."""
    reason = held_back(page, config)
    if kind in REASONS:
        return reason == REASONS[kind]
    return not reason and (kind == "pages" or page.front_matter.unlisted)


def row_of(page: Page, kind: str) -> Row:
    """Give what a list says of a page."""
    matter = page.front_matter
    return Row(matter.expires if kind == "expired" else matter.date, page.path, matter.title)
