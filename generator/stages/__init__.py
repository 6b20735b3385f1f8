"""Stages: what each stage of a build does with its units; `build.py` has them in order, the rooms that it names do the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator import (
    cache,
    copies,
    finding,
    finished,
    objects,
    permalinks,
    site,
)
from generator.check import broken_links
from generator.content import Summary, engines_of
from generator.navigation import read_orders
from generator.output import Output
from generator.site.facts import state_facts
from generator.stages import composing, deriving, loading, rendering, stating, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.cache import Reads
    from generator.config import Config
    from generator.errors import Problem
    from generator.output import Release
    from generator.pages import Page
    from generator.site import Site
    from generator.sources import Scan
    from generator.units import Units


@dataclass(slots=True)
class Made:
    """What the stages hand to each other."""

    site: Site
    summaries: dict[str, Summary]
    problems: list[Problem]
    loaded: list[Page]


def run(config: Config, release: Release, work: Units, scan: Scan) -> Made:
    """Run the stages from the scanned sources to the finished output folder."""
    found, problems = scan.sources, list(scan.problems)
    loading.state_rules(config, work, scan, problems)
    pages = loading.load_pages(work, found, problems)
    loading.compare_with_schemas(config, work, pages, problems)
    orders, wrong = read_orders(config.nav, scan.settings, cache.Reads(work.facts))
    problems += wrong
    the_site = site.assemble(config, found, pages, orders)
    problems += the_site.problems
    state_facts(config, the_site, work.facts)
    finished.state_environment(work.facts)
    made_feeds = stating.state_feeds(config, work, the_site)
    copies.look_at_pictures(work, found)
    made_assets = stating.state_theme(work)
    stating.state_history(work, the_site)
    problems += copies.state_cards(config, work, the_site)
    described = objects.state_objects(config, work, the_site, problems)
    summaries = composing.compose_pages(work, the_site, problems)
    problems += broken_links(the_site, summaries, config.links.ignore, [name for name, _, _ in described])
    problems += copies.missing_pictures(the_site, work)
    stating.state_templates(the_site, work, problems)
    engines = engines_of(" ".join(s.workers for s in summaries.values()))
    made_assets += stating.state_demos(work, engines)
    needed = engines | stating.state_parts(config, work, summaries)
    stating.state_related(config, work, the_site, summaries)
    rendering.render_pages(work, release, the_site, problems)
    for asset in [one for one in made_assets if not one.engine or one.engine in needed]:
        writing.write(release, Output(asset.path, f"the theme's {asset.name}", asset.data), problems)
    for made in objects.inventory(config, described):
        writing.write(release, made, problems)
    for made in deriving.derive(config, work, release, the_site, found, summaries, made_feeds, problems):
        writing.write(release, made, problems)
    now = permalinks.current(config, the_site, pages, summaries, release.kept)
    problems += permalinks.lost(config, work.facts, now)
    # Before anything is published: when it cannot be written, the old site stays.
    permalinks.keep(config, now)
    left_over = release.finish()
    release.refused = release.refused or bool(left_over)
    problems += left_over
    return Made(the_site, summaries, problems, pages)


COMPUTE: dict[str, Callable[[Any, str, Reads], bytes]] = {
    **loading.COMPUTE,
    **stating.COMPUTE,
    **composing.COMPUTE,
    **rendering.COMPUTE,
    **deriving.COMPUTE,
    **copies.COMPUTE,
    **finding.COMPUTE,
    **objects.COMPUTE,
}
"""Kind of unit → what computes it."""
