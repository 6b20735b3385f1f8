"""Rendering: each page in its template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.content import Content
from generator.pages import Loaded
from generator.site import Site
from generator.site.listings import Listing
from generator.stages.writing import keep, take_output
from generator.units import Unit, Units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.cache import Reads
    from generator.context import Context
    from generator.errors import Problem
    from generator.output import Release


def render_pages(work: Units, release: Release, the_site: Site, problems: list[Problem]) -> None:
    """Render the pages that need it and write them as they come."""
    wanted: dict[str, str] = {}
    for page in the_site.pages:
        path, name = the_site.routes[page.path].output, f"render:{page.path}"
        if work.stale(name) or not release.intact(path, work.cache.traces[name].value_digest):
            work.ran.setdefault(name, f"output:{path}")
            wanted[name] = path

    def stream() -> Iterator[Unit]:
        for name, path in wanted.items():
            key = f"compose:{name.partition(':')[2]}"
            value = work.stored(key)
            if value is not None:
                yield Unit(name, ((key, value),))
            else:
                keep(release, path)

    for outcome in work.run(stream(), len(wanted), keep=False, lead=True):
        take_output(outcome, wanted[outcome.name], release, problems)


def compute_render(context: Context, path: str, reads: Reads) -> bytes:
    """Unit `render:PATH`."""
    loaded = reads.fact(f"load:{path}", Loaded)
    content = reads.fact(f"compose:{path}", Content)
    own = reads.fact(f"template-of:{path}", str)
    template = own or reads.fact(f"template:{loaded.page.collection}", str)
    front = reads.fact(f"front:{path}", Listing)
    return context.renderer(reads.facts).page(reads, loaded.page, content, template, None if own else front)  # type: ignore[no-any-return]


COMPUTE: dict[str, Callable[[Any, str, Reads], bytes]] = {
    "render": compute_render,
}
"""Kind of unit → what computes it."""
