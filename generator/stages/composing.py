"""Composing: each page's text, run and as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.cache import encode
from generator.content import Content, Summary
from generator.units import WORTH_FORKING, Unit, Units

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.cache import Reads
    from generator.context import Context
    from generator.errors import Problem
    from generator.site import Site


def compose_pages(work: Units, the_site: Site, problems: list[Problem]) -> dict[str, Summary]:
    """Compose the pages that need it; give the summaries of all."""
    summaries: dict[str, Summary] = {}
    decode = msgspec.msgpack.Decoder(Summary).decode
    kept = work.cache.values("summary:")
    stale = []
    for page in the_site.pages:
        name = f"summary:{page.path}"
        work.alive.add(name)
        value = None if work.stale(f"compose:{page.path}") else kept.get(name)
        if value is not None and work.cache.traces[name].keys != of_compose(work, page.path):
            value = None  # of another build: one that was killed may have stored the one and not the other
        if value is None:
            work.ran.setdefault(f"compose:{page.path}", "value")
            stale.append(Unit(f"compose:{page.path}"))
        else:
            summaries[page.path] = decode(value)
    decode_content = msgspec.msgpack.Decoder(Content).decode
    if len(stale) >= WORTH_FORKING:
        import generator.compose  # noqa: F401  (once, and not once in each worker)
    for outcome in work.run(stale, len(stale)):
        problems += outcome.problems
        if outcome.value is not None:
            summary = decode_content(outcome.value).summary
            summaries[summary.path] = summary
            work.cache.put(f"summary:{summary.path}", of_compose(work, summary.path), encode(summary))
        else:
            work.lost[outcome.name] = outcome
    described = {page.path for page in the_site.pages if page.front_matter.description}
    for path, summary in sorted(summaries.items()):
        problems += summary.problems
        excerpt = "" if path in described else summary.excerpt  # then lists do not show it
        work.facts.put(f"about:{path}", {"excerpt": excerpt, "minutes": summary.minutes})
        trace = work.cache.traces[f"compose:{path}"]
        work.facts.digests[f"compose:{path}"] = trace.value_digest
    return summaries


def of_compose(work: Units, path: str) -> dict[str, str]:
    """Give the keys of a page's summary: it is a part of this very content."""
    return {f"compose:{path}": work.cache.traces[f"compose:{path}"].value_digest}


def compute_compose(context: Context, path: str, reads: Reads) -> bytes:
    """Unit `compose:PATH`."""
    from generator.compose import compose

    route = reads.fact(f"route:{path}", str)
    tools = context.runner(), route, context.highlighter(), context.renderer, context.plugins
    return encode(compose(path, reads, *tools))


COMPUTE: dict[str, Callable[[Any, str, Reads], bytes]] = {
    "compose": compute_compose,
}
"""Kind of unit → what computes it."""
