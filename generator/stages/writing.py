"""Writing: what a unit made, into the release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import Problem, ProblemError
from generator.output import Output
from generator.units import Unit, Units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator import (
        units,
    )
    from generator.output import Release


def write(release: Release, made: Output, problems: list[Problem]) -> None:
    """Write one file; when something that is not ours stands in its place, the others are written all the same."""
    try:
        release.write(made)
    except ProblemError as wrong:
        release.refused = True
        problems += wrong.problems


def take_output(outcome: units.Outcome, path: str, release: Release, problems: list[Problem]) -> None:
    """Write what a unit made; when it failed, the file of the last build stays."""
    if outcome.value is not None:
        made = Output(path, outcome.name.partition(":")[2], outcome.value, outcome.digest)
        write(release, made, problems)
    else:
        problems += outcome.problems
        keep(release, path)


def keep(release: Release, path: str) -> None:
    """Let the file of the last build stay."""
    if path in release.known:
        release.kept[path] = release.known[path]


def run_outputs(
    work: Units,
    release: Release,
    made: dict[str, str],
    problems: list[Problem],
    shipped: dict[str, list[str]] | None = None,
    *,
    lead: bool = False,
) -> Iterator[Output]:
    """Run the units of derived pages that need it; `shipped`: unit → pages whose content it reads. Without one of these the file of the last build stays.

    `lead` as in `Units.run`.
    """
    stale = []
    for name, path in made.items():
        if work.stale(name) or not release.intact(path, work.cache.traces[name].value_digest):
            work.ran.setdefault(name, f"output:{path}")
            stale.append(name)

    def stream() -> Iterator[Unit]:
        for name in stale:
            keys = [f"compose:{path}" for path in (shipped or {}).get(name, ())]
            found = [(key, value) for key in keys if (value := work.stored(key)) is not None]
            if len(found) == len(keys):
                yield Unit(name, tuple(found))
            else:
                keep(release, made[name])

    for outcome in work.run(stream(), len(stale), keep=False, lead=lead):
        if outcome.value is not None:
            yield Output(made[outcome.name], outcome.name, outcome.value, outcome.digest)
        else:
            take_output(outcome, made[outcome.name], release, problems)
