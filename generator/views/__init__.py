"""Views: the site and its pages as templates see them.

A template reads the site only through these views, and each attribute is a fact; so what a page's
render depends on is exactly what its templates asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.plates import plate
from generator.views.addresses import asset_url, integrity_of, published_url, site_url
from generator.views.dates import iso_date, long_date, month_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment
    from markupsafe import Markup

    from generator.cache import Reads


def plate_of(reads: Reads, url: str) -> Markup:
    """Give the drawing that stands for a page without a picture: three inks, composed by its address."""
    return plate(url)


FUNCTIONS: dict[str, Callable[[Reads, str], str]] = {
    "asset": asset_url,
    "plate": plate_of,
    "integrity": integrity_of,
    "url": site_url,
    "published": published_url,
}
"""What templates can call; each call is recorded."""
FILTERS: dict[str, Callable[..., str]] = {"date": long_date, "isodate": iso_date, "month": month_name}
"""What templates can write behind a bar: `{{ page.date | date }}`."""


def templates(env: Environment) -> None:
    """Add our own filters to the Jinja environment, as plug-ins add theirs."""
    env.filters.update(FILTERS)
