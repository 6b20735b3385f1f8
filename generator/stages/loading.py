"""Loading: front matter and text of each source, by the rules of its folder and the schema of its collection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator import (
    cache,
    folders,
    schemas,
)
from generator.cache import encode
from generator.errors import Problem
from generator.pages import Loaded, Page, load
from generator.schemas import Schema
from generator.units import Unit, Units

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.cache import Reads
    from generator.config import Config
    from generator.context import Context
    from generator.sources import Scan, Source


def state_rules(config: Config, work: Units, scan: Scan, problems: list[Problem]) -> None:
    """Put what holds for the front matter of each folder's pages."""
    if scan.settings or any(c.defaults or c.taxonomies or c.schema for c in config.collections):
        found_schemas = load_schemas(config, work, problems)
        known = {name: one.known if one.open else ("*",) for name, one in found_schemas.items()}
        rules, found = folders.rules_of(config, scan.sources, scan.settings, cache.Reads(work.facts), known)
        problems += found
        for folder, one in rules.items():
            work.facts.put(f"rules:{folder}", one)


def load_schemas(config: Config, work: Units, problems: list[Problem]) -> dict[str, Schema]:
    """Describe the models that collections have for their front matter."""
    found = {}
    asking = [collection for collection in config.collections if collection.schema]
    if asking:
        work.facts.put("config:execute", config.execute)
    for collection in asking:
        name = f"schema:{collection.name}"
        work.facts.put(f"model:{collection.name}", schemas.Ask(collection.schema))
        if work.stale(name):
            for outcome in work.run([Unit(name)], 1):
                problems += outcome.problems
        value = work.stored(name)
        if value is not None:
            work.facts.put_bytes(name, value)
            found[collection.name] = one = msgspec.msgpack.decode(value, type=Schema)
            problems += one.problems
    return found


def compare_with_schemas(config: Config, work: Units, pages: list[Page], problems: list[Problem]) -> None:
    """Compare the front matter of pages with the model of their collection."""
    keys = {one.name: one.key for one in config.taxonomies}
    for collection in config.collections:
        schema = work.facts.known.get(f"schema:{collection.name}")
        if schema is None or not msgspec.msgpack.decode(schema, type=Schema).text:
            continue
        paths = tuple(sorted(page.path for page in pages if page.collection == collection.name))
        words = tuple(keys[name] for name in collection.taxonomies)
        work.facts.put(f"model:{collection.name}", schemas.Ask(collection.schema, paths, words))
        name = f"validate:{collection.name}"
        if work.stale(name):
            for outcome in work.run([Unit(name)], 1):
                problems += outcome.problems
        problems += msgspec.msgpack.decode(work.stored(name) or b"\x90", type=list[Problem])


def compute_schema(context: Context, name: str, reads: Reads) -> bytes:
    """Unit `schema:COLLECTION`."""
    return encode(schemas.schema_of(name, reads, context.runner()))


def compute_validate(context: Context, name: str, reads: Reads) -> bytes:
    """Unit `validate:COLLECTION`."""
    return encode(schemas.mistakes(name, reads, context.runner()))


decode_loaded = msgspec.msgpack.Decoder(Loaded).decode


def load_pages(work: Units, found: list[Source], problems: list[Problem]) -> list[Page]:
    """Read the headers of all pages."""
    by_path = {source.path: source for source in found if source.is_page}
    loaded: dict[str, Loaded] = {}
    kept = work.cache.values("load:")
    stale = []
    for path, source in by_path.items():
        name = f"load:{path}"
        work.facts.put(f"source:{path}", source)
        value = None if work.stale(name) else kept.get(name)
        if value is None:
            work.ran.setdefault(name, "value")
            stale.append(Unit(name))
        else:
            loaded[path] = decode_loaded(value)
            work.facts.put_bytes(name, value)
    for outcome in work.run(stale, len(stale)):
        problems += outcome.problems
        if outcome.value is not None:
            work.facts.put_bytes(outcome.name, outcome.value)
            loaded[outcome.name.partition(":")[2]] = decode_loaded(outcome.value)
    for one in loaded.values():
        problems += one.problems
    return [one.page for one in loaded.values() if one.page is not None]


def compute_load(context: Context, path: str, reads: Reads) -> bytes:
    """Unit `load:PATH`."""
    from generator.sources import Source as SourceType

    return encode(load(reads.fact(f"source:{path}", SourceType), reads))


COMPUTE: dict[str, Callable[[Any, str, Reads], bytes]] = {
    "schema": compute_schema,
    "load": compute_load,
    "validate": compute_validate,
}
"""Kind of unit → what computes it."""
