"""Finding: what builds make so that readers can search: each page's words, and the index of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator import search
from generator.cache import Reads, digest, encode
from generator.content import Content
from generator.editions import pages_in
from generator.output import Output
from generator.pages import Loaded
from generator.search import Words
from generator.units import Unit, Units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from generator.config import Config
    from generator.context import Context
    from generator.output import Release
    from generator.pages import Page
    from generator.site import Site

INDEX = "index-of-words:"
"""The unit whose value says which files the index has, and with which digests."""


def index(config: Config, work: Units, release: Release, the_site: Site) -> Iterator[Output]:
    """Give the files of the index; nothing is read or put together when no page has other words."""
    pages = [page for page in the_site.pages if is_found(page)]
    take_words(work, pages)
    languages = sorted({page.language for page in the_site.pages if page.language})
    work.facts.put("searched", searched(pages, languages))
    titles = {c.name: c.title or c.name.capitalize() for c in config.collections}
    work.facts.put("titles", titles)
    made = None if work.stale(INDEX) else work.cache.value(INDEX)
    listed = msgspec.msgpack.decode(made, type=dict[str, str]) if made else {}
    if listed and all(release.intact(path, known) for path, known in listed.items()):
        return
    work.ran.setdefault(INDEX, "value" if not listed else "output:assets/search")
    reads = Reads(work.facts)
    files: list[tuple[str, bytes]] = []
    for language, paths in reads.fact("searched"):
        every = [reads.fact(f"words:{path}", Words) for path in paths]
        files += search.files([one for one in every if one], reads.fact("titles"), language)
    work.cache.put(INDEX, reads.keys, encode({path: digest(data) for path, data in files}))
    yield from (Output(path, "the index of words", data) for path, data in files)


def searched(pages: list[Page], languages: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Give what each language of the site finds: tag (of its own: empty) and paths of pages; what is not translated stands in as it is."""
    own = [page.path for page in pages if not page.language]
    return [("", own), *((tag, [page.path for page in pages_in(pages, tag)[0]]) for tag in languages)]


def is_found(page: Page) -> bool:
    """Say whether a page can be found; `search: false` in its front matter says no."""
    return not page.front_matter.unlisted and page.front_matter.extra.get("search") is not False


def take_words(work: Units, pages: list[Page]) -> None:
    """Put the words of all pages; take them out of those that were composed anew."""
    kept = work.cache.values("words:")
    stale: dict[str, str] = {}
    for page in pages:
        name = f"words:{page.path}"
        value = None if work.stale(name) else kept.get(name)
        if value is None:
            work.ran.setdefault(name, "value")
            stale[name] = f"compose:{page.path}"
        else:
            work.facts.put_bytes(name, value)
    units = (Unit(name, ((key, value),)) for name, key in stale.items() if (value := work.stored(key)))
    for outcome in work.run(units, len(stale)):
        if outcome.value is not None:
            work.facts.put_bytes(outcome.name, outcome.value)


def compute_words(context: Context, path: str, reads: Reads) -> bytes:
    """Unit `words:PATH`."""
    page = reads.fact(f"load:{path}", Loaded).page
    return encode(
        search.words_of(page, reads.fact(f"route:{path}", str), reads.fact(f"compose:{path}", Content))
    )


COMPUTE: dict[str, Callable[[Context, str, Reads], bytes]] = {"words": compute_words}
