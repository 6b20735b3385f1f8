"""FrontMatter: the header of a page, split off, parsed and typed; every error with its line and column.

Scalars stay what the author wrote: YAML 1.1 would read `NO` as false, `12:30:45` as 45045 and `1.10` as
1.1, so the parser's guesses are not used. Text is kept, and becomes a number, a truth value or a date only
where a key asks for one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from generator.errors import Problem


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the header of a page says; keys that Pressrun does not know are in `extra`."""

    title: str = ""
    """Heading and name of the page."""
    date: str = ""
    """ISO date or time of publication; later than now means not yet."""
    updated: str = ""
    """ISO date or time of the last change worth telling."""
    slug: str = ""
    """The last part of the URL."""
    permalink: str = ""
    """The whole URL below the site's root."""
    aliases: tuple[str, ...] = ()
    """Older URLs, which redirect here."""
    author: tuple[str, ...] = ()
    """One name or several."""
    description: str = ""
    """One sentence for lists, feeds and search engines."""
    image: str = ""
    """Picture of the page: URL, or path beside the page."""
    tags: tuple[str, ...] = ()
    """Words that the page is listed under."""
    series: str = ""
    """Name of the series that the page is a part of."""
    weight: int = 0
    """Place in its collection, where that is ordered by weight or path; small numbers first, pages without one last."""
    draft: bool = False
    """Drafts never reach a production build."""
    expires: str = ""
    """ISO date or time from which on the page is no longer published."""
    template: str = ""
    """Template instead of the collection's."""
    toc: bool = True
    """Whether the table of contents is shown."""
    lang: str = ""
    """BCP 47 tag; the site's language when empty."""
    menu: bool = False
    """Whether the header of each page links to this one by its title; it is then no part of the documentation's contents."""
    unlisted: bool = False
    """Unlisted pages are published, and stand in no list, feed, sitemap or navigation."""
    id: str = ""
    """A name by which other pages link to this one, wherever it moves: `[text](id:NAME)`."""
    dialect: str = ""
    """Dialect of its Markdown; that of the collection, else of the site, when empty."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Everything else: text, numbers, truth values, lists and mappings as written."""


IN_EXTRA = {
    "image_alt": ("text", "What the page's picture shows, for those who do not see it."),
    "canonical": ("text", "The page's lasting address on another site, for search engines."),
    "faq": ("list of tables", "Questions that the page answers, each a `question` and an `answer`, for search engines."),
    "feed": ("true or false", "Whether the page has feeds of its sections whose heading holds a date, as a changelog has."),
    "search": ("true or false", "`false` keeps the page out of the site's search."),
}  # fmt: skip
"""Keys that stay in `extra` and mean something all the same: what they hold, and what for."""


@dataclass(frozen=True, slots=True)
class Header:
    """A page split at its front matter."""

    front_matter: FrontMatter
    """Typed; defaults where something was wrong."""
    python: str
    """The Python block's text, empty when there is none."""
    python_line: int
    """The line of the file on which that text begins."""
    body: int
    """Offset of the body in the text, in characters."""
    body_line: int
    """The line of the file on which the body begins."""
    problems: tuple[Problem, ...]
    """In order of place."""
    given: tuple[str, ...] = ()
    """The keys that have a value."""
    withheld: bool = False
    """The header cannot be read but may hold back the page (draft, expires): do not publish."""


def iso(text: str) -> str:
    """Give a date or time in ISO form; ValueError when it is none."""
    match = re.fullmatch(
        r"(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s*(.*))?", text
    )
    if not match:
        raise ValueError("not of the form year-month-day")
    day = date(int(match[1]), int(match[2]), int(match[3]))
    if match[4] is None:
        return day.isoformat()
    clock, zone = match[4].zfill(5 if match[4].count(":") == 1 else 8), match[5].strip()
    if "." in clock:
        clock = clock.partition(".")[0].zfill(8)
    if re.fullmatch(r"[+-]\d{1,2}", zone):
        zone = f"{zone[0]}{zone[1:].zfill(2)}:00"
    elif re.fullmatch(r"[+-]\d{4}", zone):
        zone = f"{zone[:3]}:{zone[3:]}"
    return datetime.fromisoformat(f"{day.isoformat()}T{clock}{zone}").isoformat()


@lru_cache(maxsize=16384)
def instant(text: str) -> datetime:
    """Give the moment that an ISO date or time means; without a zone it is taken as UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
