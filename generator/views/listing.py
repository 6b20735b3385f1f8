"""A list as templates see it: its entries, and the way to its other pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from generator.config import Images
from generator.editions import words_in
from generator.pages import picture_path
from generator.pictures import SIZES, SIZES_OF_CARDS, Picture, html
from generator.taxonomies import SINGULAR, place_of
from generator.views.addresses import picture_url, site_url
from generator.views.page import MadePage, moment
from generator.views.site import SiteView, list_entry, title_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.cache import Reads
    from generator.site.listings import Listing


def list_template(listing: Listing) -> str:
    """Give the template of a list."""
    if listing.key.startswith("year:"):
        return "archive.html"
    return "tags.html" if listing.key.startswith("terms:") else "list.html"


def template_arguments(reads: Reads, listing: Listing) -> dict[str, Any]:
    """Give what a list template gets."""
    number, total = listing.number, listing.total
    heading = listing.heading
    kind, _, place = listing.key.partition(":")
    if kind == "terms":
        heading = title_in(reads, place.rpartition("/")[2], heading, listing.language)
    if number > 1:
        heading = words_in(reads, listing.language).text("list_page", title=heading, number=number)
    page = MadePage(reads, "list", heading, listing.url, edition=listing.language)
    whole = next((row for row in reads.fact("lists") if row[0] == listing.collection), None)
    if listing.key.startswith("year:") and whole:
        page.collection = list_entry(reads, whole, listing.language)
    first = listing.url if number == 1 else listing.url.rpartition("page/")[0]

    def at(n: int) -> str | None:
        if not 1 <= n <= total:
            return None
        return site_url(reads, first if n == 1 else f"{first}page/{n}/")

    pager = {"previous_url": at(number - 1), "next_url": at(number + 1), "number": number, "count": total}
    made: dict[str, Any] = {
        "page": page,
        "heading": heading,
        "content": Markup(""),
        "pager": pager if total > 1 else None,
        "taxonomy": taxonomy_of(reads, place, listing.language) if kind == "term" else None,
    }
    if kind == "terms":
        rows = reads.fact(listing.key)
        made["tags"] = [{"name": n, "url": site_url(reads, u), "count": c} for n, u, c in rows]
        return made
    rows = reads.fact(f"slice:{listing.url}")
    if kind == "year":
        made["entries"] = [line(reads, row) for row in rows]
    else:
        made["entries"] = [entry(reads, row, leads=not at) for at, row in enumerate(rows)]
    place = place_of(listing.collection, listing.language)
    years = reads.fact(f"years:{place}") if listing.collection else None
    made["years"] = [{"title": title, "url": site_url(reads, url)} for title, url in years or ()]
    cut = total == 1 and listing.count > listing.page_size
    made["more"] = list_entry(reads, whole, listing.language) if whole and cut else None
    return made


def taxonomy_of(reads: Reads, key: str, edition: str) -> dict[str, str]:
    """Give the taxonomy of a term's list: its `title`, the `url` of the list of all its terms, and what a term of it is called (`one`)."""
    place, words = key.partition(":")[0], words_in(reads, edition)
    name = place.rpartition("/")[2]
    _, own_title, one = reads.fact("taxonomies")[name]
    title = title_in(reads, name, own_title, edition)
    return {
        "name": name,
        "title": title,
        "url": site_url(reads, f"/{place}/"),
        "one": one or (words[f"one_of_{name}"] if name in SINGULAR else title),
    }


def entry(reads: Reads, row: Mapping[str, Any], *, leads: bool) -> dict[str, Any]:
    """Give one page as a list shows it; the one that `leads` stands on the first screen, larger than others."""
    about = reads.fact(f"about:{row['path']}") or {"excerpt": "", "minutes": 1}
    site_author = SiteView(reads).author
    return {
        "title": row["title"],
        "url": site_url(reads, row["url"]),
        "date": moment(row["date"]),
        "updated": moment(row["updated"]),
        "description": row["description"] or about["excerpt"],
        "tags": [{"name": name, "url": site_url(reads, url)} for name, url in row["tags"]],
        "author": row["author"] or ([site_author] if site_author else []),
        "draft": row["draft"],
        "future": row["future"],
        "reading_minutes": about["minutes"],
        "image": picture_url(reads, row["image"], row["path"]),
        "picture": cover(reads, row, leads=leads) if row["image"] else Markup(""),
    }


def cover(reads: Reads, row: Mapping[str, Any], *, leads: bool) -> Markup:
    """Write the picture of a page's own as its card shows it."""
    source = picture_path(row["image"], row["path"])
    known = reads.fact(f"picture:{source}", Picture) if source else None
    attributes = {"class": "cover", "src": picture_url(reads, row["image"], row["path"]), "alt": ""}
    options, base = reads.fact("config:images", Images), str(reads.fact("config:base_path", str))
    sizes = SIZES if leads else SIZES_OF_CARDS
    made = html(known or Picture(), attributes, options, base, early=leads, block=False, sizes=sizes)
    return Markup(made)  # noqa: S704  (attributes are escaped there)


def line(reads: Reads, row: Mapping[str, Any]) -> dict[str, Any]:
    """Give one page as the archive of a year shows it."""
    shown = {key: row[key] for key in ("title", "draft", "future")}
    return {
        **shown,
        "url": site_url(reads, row["url"]),
        "date": moment(row["date"]),
        "month": row["date"][:7],
    }
