"""Deriving: everything that no single page makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator import (
    assets,
    copies,
    diagrams,
    feeds,
    finding,
    plugins,
    twins,
)
from generator.content import Content, Summary, engines_of
from generator.editions import words_in
from generator.feeds import Feed
from generator.output import Output
from generator.routes import output_at
from generator.site import Site
from generator.site.listings import Listing
from generator.stages.writing import run_outputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.cache import Reads
    from generator.config import Config
    from generator.context import Context
    from generator.errors import Problem
    from generator.output import Release
    from generator.sources import Source
    from generator.units import Units


def derive(
    config: Config,
    work: Units,
    release: Release,
    the_site: Site,
    found: list[Source],
    summaries: dict[str, Summary],
    made_feeds: list[Feed],
    problems: list[Problem],
) -> Iterator[Output]:
    """Give everything that no single page makes."""
    made = {f"list:{one.url}": output_at(one.url) for one in the_site.listings}
    for redirect in the_site.redirects:
        made[f"redirect:{redirect.url}"] = redirect.output
        to = the_site.destinations.get(redirect.url) or the_site.routes[redirect.owner].url
        work.facts.put(f"redirect-to:{redirect.url}", to)
    made["page404:"] = "404.html"
    own = {route.output for route in the_site.routes.values()}  # an author's own robots.txt or 404 page wins
    missing = {n: p for n, p in made.items() if p not in own}
    yield from run_outputs(work, release, missing, problems, lead=True)
    yield from feed_files(
        config, work, release, [f for f in made_feeds if output_at(f.url) not in own], problems
    )
    if config.llms and config.base_url:
        yield from markdown_files(work, release, the_site, own, problems)
    if config.search.enabled:
        yield from finding.index(config, work, release, the_site)
    excerpts = {path: summary.excerpt for path, summary in summaries.items()}
    changed = {p.path: day for p in the_site.pages if (day := modified(work, p.path))}
    published = plugins.Published(config, the_site, excerpts, changed)
    for path, data, maker in plugins.outputs(work.context.plugins, published):
        if path not in own:
            yield Output(path, maker, data)
    payloads = sorted({s.demos for s in summaries.values() if s.demos})
    if any("pyodide" in engines_of(s.workers) for s in summaries.values()):
        yield from assets.pyodide_files(release)
    if any(s.diagrams for s in summaries.values()):
        yield from diagrams.published(release)
    yield from demo_payloads(work, release, summaries, payloads)
    smaller, private = copies.picture_units(config, work, the_site, found, summaries)
    drawn = copies.card_units(work, the_site) if config.cards.enabled else {}
    yield from run_outputs(work, release, {**smaller, **private, **drawn}, problems)
    others = [s for s in found if s.path in the_site.routes and f"stripped:{s.path}" not in private]
    yield from assets.copied(the_site, others, release, work.facts, problems)


def feed_files(
    config: Config, work: Units, release: Release, made: list[Feed], problems: list[Problem]
) -> Iterator[Output]:
    """Give the feeds; those with whole texts get the pages at hand."""
    shipped: dict[str, list[str]] = {}
    for feed in made:
        kind, _, name = feed.key.partition(":")
        if kind == "page":
            shipped[f"feed:{feed.url}"] = [name]
        elif config.feeds.full:
            rows = msgspec.msgpack.decode(work.facts.known[f"feed:{feed.key}"])
            shipped[f"feed:{feed.url}"] = [row["path"] for row in rows]
    yield from run_outputs(
        work, release, {f"feed:{f.url}": output_at(f.url) for f in made}, problems, shipped
    )


def compute_feed(context: Context, url: str, reads: Reads) -> bytes:
    """Unit `feed:URL`."""
    feed = reads.fact(f"feed-at:{url}", Feed)
    kind, _, name = feed.key.partition(":")
    if kind == "page":
        entries = feeds.sections(reads, name, feed.home)
    else:
        full = reads.fact("config:feeds")["full"]
        entries = feeds.entries_of(reads, reads.fact(f"feed:{feed.key}"), full=full)
    return feeds.write(reads, feed, entries)


def markdown_files(
    work: Units, release: Release, the_site: Site, own: set[str], problems: list[Problem]
) -> Iterator[Output]:
    """Give each page as Markdown, and all of them in one file."""
    paths = [page.path for page in the_site.pages]
    work.facts.put("twins", paths)
    at = {f"twin:{path}": output_at(twins.twin_path(the_site.routes[path].url)) for path in paths}
    at["llms-full:"] = "llms-full.txt"
    shipped = {f"twin:{path}": [path] for path in paths} | {"llms-full:": paths}
    yield from run_outputs(work, release, {n: p for n, p in at.items() if p not in own}, problems, shipped)


def compute_twin(context: Context, path: str, reads: Reads) -> bytes:
    """Unit `twin:PATH`."""
    return twins.twin(path, reads).encode()


def compute_llms(context: Context, _: str, reads: Reads) -> bytes:
    """Unit `llms-full:`."""
    return twins.whole(reads.fact("twins"), reads).encode()


def modified(work: Units, path: str) -> str:
    """Give the day of a page's last commit; nothing when it is not known."""
    found = work.facts.known.get(f"modified:{path}")
    return msgspec.msgpack.decode(found, type=str) if found else ""


def demo_payloads(
    work: Units, release: Release, summaries: dict[str, Summary], payloads: list[str]
) -> Iterator[Output]:
    """Give the data of live demos, one file for each page that has any, and the style sheets of their own looks."""
    decode = msgspec.msgpack.Decoder(Content).decode
    owners = {s.demos: path for path, s in summaries.items()}
    sheets = {s.style: path for path, s in summaries.items() if s.style}
    made = [(f"{digest}.json", digest, owners[digest]) for digest in payloads]
    made += [(f"{digest}.css", digest, path) for digest, path in sorted(sheets.items())]
    for name, digest, owner in made:
        if not release.intact(f"assets/demos/{name}", digest):
            value = work.stored(f"compose:{owner}")
            if value is not None:
                content = decode(value)
                data = content.payload if name.endswith(".json") else content.style
                yield Output(f"assets/demos/{name}", owner, data)


def compute_list(context: Context, url: str, reads: Reads) -> bytes:
    """Unit `list:URL`."""
    return context.renderer(reads.facts).listing(reads, reads.fact(f"listing:{url}", Listing))  # type: ignore[no-any-return]


def compute_redirect(context: Context, url: str, reads: Reads) -> bytes:
    """Unit `redirect:URL`."""
    from generator.views.addresses import site_url
    from generator.views.page import MadePage

    to = reads.fact(f"redirect-to:{url}", str)
    page = MadePage(reads, "redirect", words_in(reads).text("moved"), to)
    made: bytes = context.renderer(reads.facts).plain(
        reads, "redirect.html", page=page, target=site_url(reads, to)
    )
    return made


def compute_404(context: Context, _: str, reads: Reads) -> bytes:
    """Unit `page404:`."""
    from generator.views.page import MadePage

    page = MadePage(reads, "404", words_in(reads).text("not_found"), "/404.html")
    made: bytes = context.renderer(reads.facts).plain(reads, "404.html", page=page, content="")
    return made


COMPUTE: dict[str, Callable[[Any, str, Reads], bytes]] = {
    "feed": compute_feed,
    "twin": compute_twin,
    "llms-full": compute_llms,
    "list": compute_list,
    "redirect": compute_redirect,
    "page404": compute_404,
}
"""Kind of unit → what computes it."""
