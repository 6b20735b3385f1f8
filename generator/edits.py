"""Edits: a build after which nothing but the bodies of a few pages can look different.

Most builds follow an edit of one page's words. Then no list, no link, no neighbour changes, and looking at ten thousand
other pages to find that out takes four times as long (4.3 against 1.0 s of processor time). So the edited pages alone are built,
with the facts that the last build kept about the site. Where anything turns out that others may show or check
(front matter, excerpt, anchors, links, problems), nothing is kept of it and the whole build runs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from generator import cache, finished, output
from generator.cache import Facts, digest, encode
from generator.content import Content, Summary
from generator.finished import Build
from generator.output import Output
from generator.pages import Loaded
from generator.routes import route
from generator.units import Unit, Units

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.config import Config
    from generator.finished import Record
    from generator.output import Release
    from generator.sources import Scan

MOST = 16
"""Pages; more of them are built by many workers at once."""
NOT_OF_PAGES = (
    "load",
    "compose",
    "slice",
    "feed",
    "feed-at",
    "kin-of",
    "twins",
    "listing",
    "redirect-to",
    "words",
    "share-of",
)
"""Kinds of facts that no page asks for when it is built: not kept."""


def kept_facts(facts: Facts) -> dict[str, bytes]:
    """Give the facts that pages may ask for."""
    return {key: value for key, value in facts.known.items() if key.partition(":")[0] not in NOT_OF_PAGES}


def list_facts(facts: Facts) -> dict[str, bytes]:
    """Give the facts that list pages ask for besides: the dev server shows them with new titles before they are built."""
    return {key: value for key, value in facts.known.items() if key.startswith(("slice:", "listing:"))}


def rebuild(
    config: Config,
    last: Record,
    scan: Scan,
    edited: list[str],
    release: Release,
    context: Any,
    compute: dict[str, Callable[..., bytes]],
    *,
    instant: int,
    progress: Callable[[str], None] | None = None,
) -> Build | None:
    """Build the edited pages alone; None, with everything as it was, when more than their bodies is concerned."""
    if config.search.enabled or config.feeds.full or config.llms:  # they have each page's words
        return None
    pages = {source.path for source in scan.sources if source.is_page}
    troubled = {problem.path for problem in last.result.problems} | set(last.shared)
    if len(edited) > MOST or not pages.issuperset(edited) or not troubled.isdisjoint(edited):
        return None
    store = cache.Cache(config.state / cache.CACHE_FILE, last.fingerprint)
    names = [f"{kind}:{path}" for path in edited for kind in ("load", "compose", "summary", "render")]
    done = False
    try:
        if not store.open_for([*names, cache.FACTS]):
            return None
        facts = Facts(config.root, store.known())
        context.begin(facts)
        work = Units(store, facts, context, compute, 1, progress=progress)
        made = [built(work, path) for path in edited if is_other(work, path)]
        if any(one is None for one in made):
            return None
        finished.path_of(config).unlink(missing_ok=True)
        for one in made:
            if one is not None:
                release.write(one)
        traces = {name: store.traces[name] for name in names if name in store.traces}
        outside = finished.asked(config, traces, scan, instant, last.outside)
        if release.finish():
            return None
        done = True
    finally:
        store.close(keep=done)
    result = replace(last.result, ran=work.ran, written=tuple(sorted(release.written)))
    if outside is None:
        return result
    fresh = {
        path: finished.seasoned(scan.stamps[path], instant, facts.digest(f"file:{path}")) for path in edited
    }
    outputs = {path: entry[0] for path, entry in release.kept.items()}
    kept = replace(
        last,
        cache=finished.cache_stamp(config),
        sources={**last.sources, **fresh},
        outside={**last.outside, **outside},
        outputs=outputs,
        shared=sorted({*last.shared, *finished.read_by_others(traces, scan)}),
    )
    output.replace_file(str(finished.path_of(config)), finished.pack(kept))
    return result


def is_other(work: Units, path: str) -> bool:
    """Say whether a page that was touched has other bytes than the last build read."""
    key = f"file:{path}"
    return work.cache.traces[f"compose:{path}"].keys.get(key) != work.facts.digest(key)


def built(work: Units, path: str) -> Output | None:
    """Build one page; None when others are concerned by what changed."""
    made, alone = remade(work, path, shown_anyway=False)
    return made if alone else None


def remade(work: Units, path: str, *, shown_anyway: bool) -> tuple[Output | None, bool]:
    """Build one page with what is known of the others; say whether nothing but its body can look different anywhere.

    Where more than that is concerned, the page is made only when it is `shown_anyway`, and only if it is without errors: what the
    dev server shows until the whole build is done.
    """
    if f"front:{path}" in work.facts.known:  # it shows a list
        return None, False
    load, compose, render = (f"{kind}:{path}" for kind in ("load", "compose", "render"))
    front_matter = work.cache.traces[load].value_digest
    loaded = fresh_value(work, load, f"file:{path}")
    alone = loaded is not None and digest(loaded) == front_matter
    if loaded is None or not (alone or shown_anyway):
        return None, False
    before = work.cache.value(f"summary:{path}")
    work.facts.put_bytes(load, loaded)
    composed = fresh_value(work, compose, f"file:{path}")
    if before is None or composed is None:
        return None, False
    summary = msgspec.msgpack.decode(composed, type=Content).summary
    page = msgspec.msgpack.decode(loaded, type=Loaded).page
    if page is not None and page.front_matter.extra.get("feed") is True:
        alone = False  # its sections stand in a feed of its own
    described = page is not None and bool(page.front_matter.description)
    alone = alone and is_private(msgspec.msgpack.decode(before, type=Summary), summary, described=described)
    if not alone and (not shown_anyway or page is None or is_wrong(summary)):
        return None, False
    value_digest = work.cache.traces[compose].value_digest
    work.cache.put(f"summary:{path}", {compose: value_digest}, encode(summary))
    url = work.facts.known.get(f"route:{path}")
    made = fresh_value(work, render, compose, ((compose, composed),), keep=False)
    if made is None or url is None:
        return None, False
    where = route(msgspec.msgpack.decode(url, type=str), path).output
    return Output(where, path, made, work.cache.traces[render].value_digest), alone


def fresh_value(
    work: Units, name: str, reason: str, facts: tuple[tuple[str, bytes], ...] = (), *, keep: bool = True
) -> bytes | None:
    """Run a unit and note why."""
    work.ran[name] = reason
    return next(iter(work.run([Unit(name, facts)], 1, keep=keep))).value


def is_wrong(summary: Summary) -> bool:
    """Say whether a page has errors of its own, or links that lead nowhere."""
    return any(p.level == "error" for p in summary.problems) or not all(one.found for one in summary.links)


def is_private(before: Summary, after: Summary, *, described: bool) -> bool:
    """Say whether nothing changed of what other pages show of a page, and of what the check of links looks at."""

    def shown(summary: Summary) -> tuple[object, ...]:
        excerpt = "" if described else summary.excerpt
        looks = (
            summary.minutes,
            summary.demos,
            summary.workers,
            summary.style,
            summary.left,
            summary.pictures,
            summary.diagrams,
        )
        return (summary.ids, summary.problems, excerpt, *looks)

    def aims(summary: Summary) -> set[tuple[str, str]]:
        links = [(link.source, link.fragment) for link in summary.links if link.fragment]
        return {(source, name) for source, name in links if source != summary.path or name not in summary.ids}

    return (
        shown(before) == shown(after)
        and all(link.found for link in after.links)
        and aims(after) <= aims(before)
        and not after.problems
    )
