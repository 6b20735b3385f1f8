"""Permalinks: the ledger of every URL and anchor ever published, and what a build would lose of it.

The ledger, `permalinks.json`, is written by deploys and committed by the user. What the present site has is kept by each
build beside its cache, so that a deploy need not compose anything to know it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from generator import output, search, twins
from generator.assets import carries_digest
from generator.config import LEDGER_FILE
from generator.errors import Problem, ProblemError, did_you_mean, error
from generator.routes import output_at, route_of, url_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping
    from pathlib import Path

    from generator.cache import Facts
    from generator.config import Config
    from generator.content import Summary
    from generator.pages import Page
    from generator.site import Site

FORMAT = 1
CURRENT_FILE = "current.json"
NO_PERMALINKS = {"/404.html"}
"""Outputs that nobody links to."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that was ever published."""

    format: int = FORMAT
    """Version of the file."""
    urls: dict[str, list[str]] = field(default_factory=dict)
    """Path below the site's root → its anchors."""
    gone: dict[str, str] = field(default_factory=dict)
    """URL, or URL with `#anchor` → why it was withdrawn on purpose."""


@dataclass(frozen=True, slots=True)
class Current:
    """What the site of the last build has."""

    urls: dict[str, list[str]]
    """URL → its anchors, sorted."""
    moved: dict[str, str]
    """URL → where it leads; these need no anchors."""
    expired: list[str]
    """URLs of pages whose own front matter ended them."""
    lists: list[str]
    """URLs of pages that list others: these are published after the pages."""


def current(
    config: Config,
    the_site: Site,
    pages: Iterable[Page],
    summaries: Mapping[str, Summary],
    outputs: Mapping[str, tuple[str, int, int]],
) -> Current:
    """Collect what a build made. `outputs`: path → digest, size, mtime."""
    written = {route.output for route in the_site.routes.values()}
    beside = {output_at(twins.twin_path(the_site.routes[p.path].url)) for p in the_site.pages} - written
    urls: dict[str, list[str]] = {
        url_of(path): []
        for path, entry in outputs.items()
        if not carries_digest(path, entry[0])
        and not path.startswith(search.FOLDER + "/")
        and path not in beside
    }
    for page in the_site.pages:
        if page.path in summaries and the_site.routes[page.path].url in urls:
            urls[the_site.routes[page.path].url] = sorted(set(summaries[page.path].ids))
    by_name = {c.name: c for c in config.collections}
    expired = [
        route_of(page, by_name[page.collection], readme_is_index=True).url
        for page in pages
        if the_site.withheld.get(page.path) == "expired"
    ]
    moved = {
        one.url: the_site.destinations.get(one.url) or the_site.routes[one.owner].url
        for one in the_site.redirects
    }
    lists = {one.url for one in the_site.listings} | {the_site.routes[path].url for path in the_site.fronts}
    return Current(
        dict(sorted((url, anchors) for url, anchors in urls.items() if url not in NO_PERMALINKS)),
        dict(sorted(moved.items())),
        sorted(expired),
        sorted(lists),
    )


def place(config: Config) -> Path:
    """Give the file that holds what the last build made."""
    return config.state / CURRENT_FILE


def keep(config: Config, now: Current) -> None:
    """Keep what a build made, for deploys."""
    output.replace_file(str(place(config)), msgspec.json.encode(now))


def kept(config: Config) -> Current | None:
    """Give what the last build made; None when it is not known."""
    try:
        return msgspec.json.decode(place(config).read_bytes(), type=Current)
    except (OSError, ValueError, RecursionError):
        return None


def parse(data: bytes | None) -> Ledger:
    """Read the ledger; none is an empty one. Raises ProblemError with its place."""
    if data is None:
        return Ledger()
    try:
        text = data.decode("utf-8-sig")
        return convert(json.loads(text))
    except json.JSONDecodeError as wrong:
        problem = error(LEDGER_FILE, f"not valid JSON: {wrong.msg}", line=wrong.lineno, column=wrong.colno)
        raise ProblemError(problem) from None
    except (UnicodeDecodeError, RecursionError) as wrong:
        raise ProblemError(error(LEDGER_FILE, f"not valid JSON: {wrong}")) from None


def convert(body: Any) -> Ledger:
    """Check the ledger's shape. Raises ProblemError."""
    try:
        ledger = msgspec.convert(body, Ledger)
    except msgspec.ValidationError as wrong:
        raise ProblemError(error(LEDGER_FILE, f"is no ledger of permalinks: {wrong}")) from None
    if ledger.format != FORMAT:
        message = f"has format {ledger.format}; this Pressrun knows {FORMAT}"
        raise ProblemError(error(LEDGER_FILE, message, hint="install a newer Pressrun"))
    return ledger


def lost(config: Config, facts: Facts, now: Current) -> list[Problem]:
    """Report each URL and anchor that was published and is neither there, nor moved, nor withdrawn on purpose."""
    if not config.permalinks or not config.execute.enabled:
        return []
    data = facts.file(LEDGER_FILE)
    try:
        ledger = parse(data)
    except ProblemError as wrong:
        return list(wrong.problems)
    rows = data.decode("utf-8-sig").split("\n") if data else []
    problems = []
    folders = {url.rpartition("/")[0] for url in ledger.urls if is_page(url)}
    for url, anchors in ledger.urls.items():
        known = now.urls.get(url)
        if known is None:
            if url not in ledger.gone and url not in now.expired and not is_twin(url, folders):
                remedies = three_remedies(url, new_place(url, ledger, now))
                message = f"{url} was published, and this build would lose it"
                problems.append(at(rows, url, message, remedies))
        elif url not in now.moved:
            for anchor in anchors:
                if anchor not in known and f"{url}#{anchor}" not in ledger.gone:
                    message = f"{url}#{anchor} was published, and this build would lose the anchor"
                    problems.append(at(rows, url, message, anchor_remedies(url, anchor)))
    return problems


def is_page(url: str) -> bool:
    """Say whether a URL is that of a page, and not of a file."""
    return url.endswith(("/", ".html", ".htm"))


def is_twin(url: str, folders: Container[str]) -> bool:
    """Say whether a URL is that of a page as Markdown: older ledgers have such lines; where the page leads, it is told by the page's own."""
    folder, _, name = url.rpartition("/")
    return name == twins.NAME and folder in folders


def new_place(url: str, ledger: Ledger, now: Current) -> str:
    """Ask whether a page that was published by no deploy yet is the one that is lost; what stood beside it before cannot be."""
    fresh = [
        one for one in now.urls if one not in ledger.urls and one not in now.moved and one not in now.lists
    ]
    return did_you_mean(url, [one for one in fresh if is_page(one) == is_page(url)], cutoff=0.8)


def three_remedies(url: str, meant: str) -> str:
    """Say how a URL is kept alive."""
    return "\n".join(
        [
            f"alias: add `aliases: [{url}]` to the page that has its words now" + (f" ({meant})" if meant else ""),
            f'redirect: add "{url}" = "/new/" or a URL to [tool.pressrun.redirects] in pyproject.toml',
            f'gone on purpose: add "{url}": "why" to "gone" in {LEDGER_FILE}',
        ]
    )  # fmt: skip


def anchor_remedies(url: str, anchor: str) -> str:
    """Say how an anchor is kept alive."""
    return "\n".join(
        [
            f"keep it: give the heading that has its words now {{#{anchor}}}",
            f'gone on purpose: add "{url}#{anchor}": "why" to "gone" in {LEDGER_FILE}',
        ]
    )


def at(rows: list[str], url: str, message: str, hint: str) -> Problem:
    """Make a problem at the ledger's line for a URL."""
    key = json.dumps(url, ensure_ascii=False) + ":"
    for number, row in enumerate(rows, 1):
        if key in row:
            return error(LEDGER_FILE, message, line=number, column=row.index(key) + 1, hint=hint)
    return error(LEDGER_FILE, message, hint=hint)


def merged(ledger: Ledger, now: Current) -> Ledger:
    """Give the ledger after a deploy: what there was, and what there is now."""
    urls = {url: set(anchors) for url, anchors in ledger.urls.items()}
    for url, anchors in now.urls.items():
        urls.setdefault(url, set()).update(anchors)
    return Ledger(FORMAT, {url: sorted(urls[url]) for url in sorted(urls)}, dict(sorted(ledger.gone.items())))


def written(ledger: Ledger) -> bytes:
    """Write the ledger, a URL on each line, so that version control shows what came."""
    return (
        f'{{\n  "format": {FORMAT},\n  "urls": {block(ledger.urls)},\n  "gone": {block(ledger.gone)}\n}}\n'
    ).encode()


def block(table: Mapping[str, Any]) -> str:
    """Write a table, a key on each line."""
    rows = [
        f"    {json.dumps(key, ensure_ascii=False)}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in table.items()
    ]
    return "{\n" + ",\n".join(rows) + "\n  }" if rows else "{}"
