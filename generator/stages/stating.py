"""Stating: what templates may ask of the site, put where `Reads` finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator import (
    assets,
    cache,
    diagrams,
    feeds,
    looks,
)
from generator.assets import Asset
from generator.cache import encode
from generator.errors import Problem
from generator.site.ordering import newest_first
from generator.themes import layers_of
from generator.units import Unit, Units

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.cache import Reads
    from generator.config import Config
    from generator.content import Summary
    from generator.context import Context
    from generator.feeds import Feed
    from generator.site import Site


LEAST_POSTS = 2
"""With fewer, none is related to another."""


def state_templates(the_site: Site, work: Units, problems: list[Problem]) -> None:
    """Put the templates of pages that ask for one of their own; an unknown one is a problem, and the page keeps its usual one."""
    for page in the_site.pages:
        if page.front_matter.template:
            from generator.templates import asked_for

            name, problem = asked_for(cache.Reads(work.facts), page)
            problems += [problem] if problem else []
            if name:
                work.facts.put(f"template-of:{page.path}", name)
    if work.stale("overrides:"):
        for outcome in work.run([Unit("overrides:")], 1):
            problems += outcome.problems
    problems += msgspec.msgpack.decode(work.stored("overrides:") or b"\x90", type=list[Problem])


def state_history(work: Units, the_site: Site) -> None:
    """Put the day of each page's last commit."""
    if work.stale("dates:"):
        for outcome in work.run([Unit("dates:")], 1):
            work.ran.setdefault(outcome.name, "value")
    found = msgspec.msgpack.decode(work.stored("dates:") or b"\x80", type=dict[str, str])
    for page in the_site.pages if found else ():
        if day := found.get(page.path):
            work.facts.put(f"modified:{page.path}", day)


def state_related(config: Config, work: Units, the_site: Site, summaries: dict[str, Summary]) -> None:
    """Put which posts have much in common, and what is shown of each there."""
    if not config.related:
        return
    from generator.related import Post, words_of

    listed = newest_first(p for c in config.collections if c.list for p in the_site.collections[c.name])
    posts, told = [], {}
    for page in listed:
        summary, matter = summaries.get(page.path), page.front_matter
        if summary is None or page.path in told:
            continue
        about = matter.description or summary.excerpt
        told[page.path] = {"title": matter.title, "url": the_site.routes[page.path].url, "description": about}
        posts.append(Post(page.path, matter.tags, words_of(matter.title, about, *summary.ids)))
    if len(posts) < LEAST_POSTS:
        return
    work.facts.put("kin-of", {"count": config.related, "posts": posts})
    if work.stale("kin:"):
        for outcome in work.run([Unit("kin:")], 1):
            work.ran.setdefault(outcome.name, "value")
    found = msgspec.msgpack.decode(work.stored("kin:") or b"\x80", type=dict[str, list[str]])
    for path, others in found.items():
        work.facts.put(f"related:{path}", others)
    for path in {other for others in found.values() for other in others}:
        work.facts.put(f"card:{path}", told[path])


def compute_kin(context: Context, _: str, reads: Reads) -> bytes:
    """Unit `kin:`: the posts that each post has most in common with."""
    from generator.related import Post, related

    asked = reads.fact("kin-of")
    return encode(related(msgspec.convert(asked["posts"], list[Post]), asked["count"]))


def compute_dates(context: Context, _: str, reads: Reads) -> bytes:
    """Unit `dates:`; looks at nothing but what names the present commit."""
    from generator.history import dates

    return encode(dates(reads))


def compute_overrides(context: Context, _: str, reads: Reads) -> bytes:
    """Unit `overrides:`: what is wrong with the site's own templates though they render."""
    from generator.overrides import unknown_blocks

    return encode(unknown_blocks(reads))


def state_theme(work: Units) -> list[Asset]:
    """Put the URLs of the theme's files where templates find them; give these files."""
    made = assets_of(work, "theme:")
    for asset in made:
        work.facts.put(f"asset:{asset.name}", "/" + asset.path)
        work.facts.put(f"integrity:{asset.name}", asset.integrity)
    return made


def state_parts(config: Config, work: Units, summaries: dict[str, Summary]) -> set[str]:
    """Say which parts of the theme this site needs besides those for demos that not every site does."""
    found = set()
    if any(s.diagrams for s in summaries.values()):
        found.add("diagrams")
        work.facts.put("asset:mermaid", f"/{diagrams.folder()}/{diagrams.ENTRY}")
    if config.search.enabled:
        found.add("search")
    if config.place:
        found.add("versions")
    return found


def state_demos(work: Units, engines: set[str]) -> list[Asset]:
    """Put the URLs of what live demos need; give these files."""
    made = assets_of(work, "demos:") if engines else []
    for asset in made:
        work.facts.put(f"asset:{asset.name}", "/" + asset.path)
        work.facts.put(f"integrity:{asset.name}", asset.integrity)
        if asset.name == "pyodide.js":
            work.facts.put("asset:pyodide/", "/" + assets.pyodide_folder())
    return made


def state_feeds(config: Config, work: Units, the_site: Site) -> list[Feed]:
    """Put the feeds where templates find them: everywhere those of the site and its collections, on other lists their own."""
    made = list(feeds.feeds_of(config, the_site))
    everywhere: dict[str, list[list[str]]] = {"": []}
    own: dict[str, list[list[str]]] = {}
    for feed in made:
        kind, _, name = feed.key.partition(":")
        of = name.partition(":")[0] if kind == "collection" else ""
        row = [feed.title, feed.url, feeds.TYPES[feed.format], of]
        if kind in ("site", "collection"):
            everywhere.setdefault(feed.language, []).append(row)
        else:
            own.setdefault(feed.home, []).append(row)
        work.facts.put(f"feed-at:{feed.url}", feed)
    for language, rows in everywhere.items():
        work.facts.put(f"feeds:{language}" if language else "feeds", rows)
    for home, rows in own.items():
        work.facts.put(f"feeds-of:{home}", rows)
    work.facts.put("config:feeds", config.feeds)
    for path in [*(feed.url for feed in made), *(machine_paths(config) if config.base_url else ())]:
        if path not in the_site.urls:  # what pages may link to, though nobody wrote it
            work.facts.put(f"url:{path}", "made by the build")
    return made


def machine_paths(config: Config) -> list[str]:
    """Give the paths of what is made for machines, besides feeds."""
    return ["/sitemap.xml", "/robots.txt", *(["/llms.txt", "/llms-full.txt"] if config.llms else [])]


def assets_of(work: Units, unit: str) -> list[Asset]:
    """Give the files that a unit makes: `theme:` or `demos:`."""
    if work.stale(unit):
        for outcome in work.run([Unit(unit)], 1):
            work.ran.setdefault(outcome.name, "value")
    return msgspec.msgpack.decode(work.stored(unit) or b"\x90", type=list[Asset])


def compute_theme(context: Context, _: str, reads: Reads) -> bytes:
    """Unit `theme:`; besides the configured look, what it reads is part of the generator's fingerprint."""
    look = reads.fact("config:look", looks.Look)
    versions = reads.fact("config:site")["version"] is not None
    return encode(assets.theme_assets(look, versions=versions, layers=layers_of(reads.facts.known)))


def compute_demos(context: Context, _: str, reads: Reads) -> bytes:
    """Unit `demos:`; likewise."""
    return encode(assets.demo_assets(layers_of(reads.facts.known)))


COMPUTE: dict[str, Callable[[Any, str, Reads], bytes]] = {
    "theme": compute_theme,
    "demos": compute_demos,
    "overrides": compute_overrides,
    "dates": compute_dates,
    "kin": compute_kin,
}
"""Kind of unit → what computes it."""
