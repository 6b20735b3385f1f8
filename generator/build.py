"""Build: the seven stages of a site, in order. This file is the map; each stage lives in the room it names.

    scan     → Source    sources.py     walk the collections once
    load     → Page      pages.py       front matter; pure in the file's bytes
    assemble → Site      site.py        order, tags, routes; serial and cheap
    compose  → Content   compose.py     Markdown and Python to HTML, in worker processes
    render   → Output    templates.py   Jinja, in worker processes
    derive   → Output    feeds.py …     lists, feeds, redirects, assets
    write                output/        only bytes that differ, all of them at once

Between two builds everything that is computed is kept as units (cache.py, units.py): a unit runs again
only when something that it read has changed.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from generator import cache, finished, output, sources
from generator.config import LEDGER_FILE
from generator.context import Context
from generator.errors import Problem
from generator.fingerprint import generator_fingerprint
from generator.finished import Build
from generator.locks import lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from generator.config import Config
    from generator.finished import Record
    from generator.output import Release
    from generator.pages import Page
    from generator.sources import Scan

__all__ = ["Build", "Context", "build"]

PATIENCE = 10.0
"""Seconds to wait for another build of the same site."""


def build(
    config: Config,
    *,
    jobs: int | None = None,
    progress: Callable[[str], None] | None = None,
    context: Context | None = None,
) -> Build:
    """Build the site of a configuration. Raises ProblemError when nothing can be built, BusyError when locked."""
    started = time.monotonic()
    with lock(config.state, PATIENCE) as instant:
        release = output.open_release(config)
        found = sources.scan(config)
        last = finished.read(config)
        made = after_edits(config, last, found, release, instant, progress, context) if last else None
        if made is None:
            release.close()
            release = output.open_release(config)
            made = build_anew(config, release, found, instant, jobs, progress, context)
        release.close()
    return replace(made, seconds=time.monotonic() - started)


def after_edits(
    config: Config,
    last: Record,
    found: Scan,
    release: Release,
    instant: int,
    progress: Callable[[str], None] | None,
    context: Context | None,
) -> Build | None:
    """Give the last result again when nothing changed, build the edited pages when only they did; else None."""
    edited = finished.edited(last, config, found, release)
    if edited is None:
        return None
    older = finished.seasoned_later(last, found, instant, edited)
    if not edited:
        if older is not last:
            output.replace_file(str(finished.path_of(config)), finished.pack(older))
        return last.result
    from generator import edits
    from generator.stages import COMPUTE

    own = context or Context()
    own.plug_in(config)
    try:
        return edits.rebuild(
            config, older, found, edited, release, own, COMPUTE, instant=instant, progress=progress
        )
    finally:
        if context is None:
            own.close()


def build_anew(
    config: Config,
    release: Release,
    found: Scan,
    instant: int,
    jobs: int | None,
    progress: Callable[[str], None] | None,
    context: Context | None,
) -> Build:
    """Run the stages with cache and workers; keep the record of what was done."""
    from generator import edits, stages, units

    finished.path_of(config).unlink(missing_ok=True)
    own = context or Context()
    own.plug_in(config)
    fingerprint = generator_fingerprint() + own.plugins.fingerprint
    store = cache.Cache(config.state / cache.CACHE_FILE, fingerprint)
    healthy = store.open()
    facts = cache.Facts(config.root)
    facts.index, facts.stamps = store.index(), dict(found.stamps)
    work = units.Units(store, facts, own, stages.COMPUTE, jobs or units.default_jobs(), progress=progress)
    own.begin(facts)
    try:
        made = stages.run(config, release, work, found)
        store.keep(cache.INDEX, facts.settled(instant))
        store.keep(cache.FACTS, edits.kept_facts(facts))
        store.keep(cache.LISTS, edits.list_facts(facts))
        store.sweep(work.alive)
    finally:
        work.close()
        store.close()
        if context is None:
            own.close()
    made.problems += own.plugins.problems
    if not healthy:
        message = "the cache was damaged; the site was built anew"
        made.problems.append(Problem(".pressrun/cache.db", 0, 0, "warning", message))
    result = Build(
        pages=len(made.site.pages),
        outputs=len(release.kept),
        written=tuple(sorted(release.written)),
        removed=tuple(sorted(release.removed)),
        ran=work.ran,
        problems=tuple(condensed(sorted(set(made.problems)))),
        left=tuple(s.path for s in made.summaries.values() if s.left),
        withheld=made.site.withheld,
        troubled=tuple(
            s.path for s in made.summaries.values() if any(p.level == "error" for p in s.problems)
        ),
    )
    if healthy and not work.failed and not release.refused:
        comings = finished_moments(made.loaded)
        key = f"file:{LEDGER_FILE}"
        ledger = cache.Trace(
            {key: facts.digest(key)}, ""
        )  # read by the build itself (permalinks.py), by no unit
        data = finished.record(
            config,
            result,
            found,
            {
                "ledger": ledger,
                "plugins": cache.Trace(own.plugins.keys, ""),
                **{name: store.traces[name] for name in work.alive & store.traces.keys()},
            },
            release,
            fingerprint=fingerprint,
            digests=facts.digests,
            instant=instant,
            changes_at=comings,
        )
        if data:
            output.replace_file(str(finished.path_of(config)), data)
    return result


def finished_moments(pages: list[Page]) -> list[datetime]:
    """Give the moments at which pages come or go by themselves."""
    from generator.frontmatter import instant

    matters = [page.front_matter for page in pages]
    return [instant(text) for m in matters for text in (m.date, m.expires) if text]


def condensed(problems: list[Problem]) -> Iterator[Problem]:
    """Join what a template got wrong on many pages to one problem, so that the others are not lost among it."""
    groups: dict[Problem, list[str]] = {}
    for problem in problems:
        asker = problem.hint.removeprefix("while rendering ")
        found = asker != problem.hint
        groups.setdefault(replace(problem, hint="") if found else problem, []).extend(
            [asker] if found else []
        )
    for problem, askers in groups.items():
        more = f" and {len(askers) - 1} more" if len(askers) > 1 else ""
        yield replace(problem, hint=f"while rendering {askers[0]}{more}") if askers else problem
