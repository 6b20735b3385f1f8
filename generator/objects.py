"""Objects: which page documents which object of the site's modules, what inventories of others have, and the site's own inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator import reference
from generator.cache import Reads, encode
from generator.config import Api
from generator.errors import Problem, ProblemError, error
from generator.output import Output
from generator.reference import Documented, chosen
from generator.units import Unit, Units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.config import Config
    from generator.context import Context
    from generator.reference import Entry
    from generator.site import Site

INVENTORY = "objects.inv"


def state_objects(
    config: Config, work: Units, the_site: Site, problems: list[Problem]
) -> list[tuple[str, str, str]]:
    """Put what pages document, and what inventories have; give name, kind and URL of the site's own."""
    asked = {page.path: page.documents for page in the_site.pages if page.documents}
    values = values_of(work, [f"inventory:{file}" for _, file in config.inventories], problems)
    for (url, _), value in zip(config.inventories, values, strict=True):
        for name, where in msgspec.msgpack.decode(value or b"\x80", type=dict[str, str]).items():
            work.facts.put(f"external:{name}", url + where)
    names = list(dict.fromkeys(name for documents in asked.values() for name, _ in documents))
    found = dict(zip(names, values_of(work, [f"api:{name}" for name in names], problems), strict=True))
    entries: list[tuple[str, Entry]] = []
    for path, documents in asked.items():
        for name, members in documents:
            value = found[name]
            if value is not None:
                work.facts.put_bytes(f"api:{name}", value)
                entry = msgspec.msgpack.decode(value, type=Documented).entry
                entries += [(path, chosen(entry, members))] if entry else []
    rows = []
    for own, (path, anchor, kind) in reference.objects_of(entries).items():
        work.facts.put(f"object:{own}", [path, anchor])
        rows += [(own, kind, f"{the_site.routes[path].url[1:]}#{anchor}")] if own == anchor else []
    return sorted(rows)


def values_of(work: Units, names: list[str], problems: list[Problem]) -> list[bytes | None]:
    """Give the values of units, run where they are stale."""
    made: list[bytes | None] = []
    for name in names:
        value = None if work.stale(name) else work.cache.value(name)
        if value is None:
            work.ran.setdefault(name, "value")
            for outcome in work.run([Unit(name)], 1):
                problems += outcome.problems
                value = outcome.value
        made.append(value)
    return made


def compute_api(context: Context, name: str, reads: Reads) -> bytes:
    """Unit `api:NAME`."""
    return encode(reference.documented(name, reads, reads.fact("config:api", Api).folders))


def compute_inventory(context: Context, path: str, reads: Reads) -> bytes:
    """Unit `inventory:FILE`."""
    data = reads.file(path)
    if data is None:
        raise ProblemError(error(path, "no such inventory; it is named in [tool.pressrun.inventories]"))
    try:
        return encode(reference.read_inventory(data, ""))
    except ValueError as wrong:
        raise ProblemError(error(path, f"{wrong}; expected a file objects.inv")) from None


def inventory(config: Config, rows: list[tuple[str, str, str]]) -> Iterator[Output]:
    """Give the site's own inventory, by which the documentation of others links here."""
    if rows:
        data = reference.write_inventory(config.title, rows, "")
        yield Output(INVENTORY, "the inventory of the API reference", data)


COMPUTE: dict[str, Callable[[Context, str, Reads], bytes]] = {
    "api": compute_api,
    "inventory": compute_inventory,
}
