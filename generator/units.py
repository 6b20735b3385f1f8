"""Units: which ones must run again, running them (in worker processes when there are many), recording what they read.

Workers are forked for one batch and see the facts as they stood then; they return bytes. The build's own
process alone touches cache and output.
"""

from __future__ import annotations

import gc
import os
import traceback
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import msgspec

from generator.cache import Cache, Facts, Reads, digest
from generator.errors import Problem, ProblemError, error
from generator.processes import in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from generator.workers import Workers

WORTH_FORKING = 24
"""Units below which starting worker processes costs more than it saves."""
YOUNG = 10_000
"""Objects after which a worker looks for garbage: parsing makes many that die young, and the usual 700 costs it a twentieth of its time."""

REASONS = {
    "new": "it never ran before",
    "value": "its stored value was lost",
    "output": "its output {} is missing or was changed",
    "file": "{} changed",
    "folder": "the files in {} changed",
    "compose": "the content of {} changed",
    "load": "the front matter of {} changed",
    "config": "the configuration ({}) changed",
    "route": "the URL of {} changed",
    "rules": "the defaults of {} changed",
    "term-url": "the list of {} came or went",
    "card": "the related page {} changed",
    "related": "the pages related to {} changed",
    "series": "the parts of the series {} changed",
    "years": "the years of {} changed",
    "modified": "the last commit of {} changed",
    "feed": "what the feed of {} shows of its pages changed",
    "slice": "what the list {} shows of its pages changed",
    "neighbours": "the previous or next page changed",
    "nav": "the navigation changed",
    "crumbs": "the sections above {} changed",
    "id": "the page of the id {} changed",
    "wiki": "what [[{}]] means changed",
    "schema": "the schema of {} changed",
    "model": "the pages of {} or the name of its schema changed",
    "dialect": "the dialect of {} changed",
    "switch": "the translations of {} changed",
    "language": "the language of {} changed",
    "speaks": "the language of {} changed",
    "wording": "the theme's words changed",
    "menu": "the pages in the header changed",
    "docs": "the first page of the documentation changed",
    "future": "the date of {} came",
    "asset": "the theme's {} changed",
    "about": "the excerpt of {} changed",
    "kind": "{} came, went or became something else",
    "stat": "size, rights or time of {} changed",
    "env": "the environment variable {} changed",
    "dist": "another version of {} is installed",
    "module": "the module {} can be imported now, or no longer",
    "unforeseen": "its code depends on what no record can follow: {}",
    "api": "what {} is was changed",
    "object": "where {} is documented changed",
    "external": "where {} is documented changed",
    "share": "the card of {} changed",
    "share-of": "what stands on the card {} changed",
    "words": "the words of {} changed",
    "lists": "the collections changed",
    "picture": "the image {} changed",
    "listing": "the number of list pages changed",
}
"""Kind of key → why a unit ran, in words; `{}` is the key's subject."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Something to compute."""

    name: str
    """`compose:blog/post.md`: kind, colon, what."""
    facts: tuple[tuple[str, bytes], ...] = ()
    """Facts that only this unit needs (kept out of the others' memory)."""

    @property
    def kind(self) -> str:
        """The part before the colon."""
        return self.name.partition(":")[0]

    @property
    def subject(self) -> str:
        """The part behind the colon."""
        return self.name.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What running a unit gave."""

    name: str
    """The unit."""
    value: bytes | None
    """Its value; None when problems made it impossible."""
    keys: dict[str, str]
    """What it read."""
    problems: tuple[Problem, ...]
    """Why it was impossible."""
    digest: str = ""
    """Of the value."""


encode = msgspec.msgpack.Encoder().encode
decode_unit = msgspec.msgpack.Decoder(Unit).decode
decode_outcome = msgspec.msgpack.Decoder(Outcome).decode


@dataclass(slots=True)
class Units:
    """The computer of units of one build."""

    cache: Cache
    facts: Facts
    context: Any
    """What computations need besides facts; lives in each process."""
    compute: dict[str, Callable[[Any, str, Reads], bytes]]
    """Kind → function of context, subject and reads."""
    jobs: int
    ran: dict[str, str] = field(default_factory=dict)
    """Unit → the key because of which it ran."""
    alive: set[str] = field(default_factory=set)
    """Units that this build knows; the others are swept."""
    failed: bool = False
    """Whether a unit could not be computed; what it read is then not known to the cache."""
    lost: dict[str, Outcome] = field(default_factory=dict)
    """Units of which two processes died, and pages that could not be composed; this build does not try them again."""
    workers: Workers | None = None
    """The processes of the batch that is running."""
    progress: Callable[[str], None] | None = None
    """Told of every unit that ran."""

    def stale(self, name: str) -> bool:
        """Say whether a unit must run, and note why."""
        self.alive.add(name)
        reason = self.cache.changed_key(name, self.facts)
        if reason is None:
            return False
        self.ran[name] = reason
        return True

    def stored(self, name: str) -> bytes | None:
        """Give the value of a unit that is up to date, none of one that is lost; it is computed again when its stored value is damaged."""
        if name in self.lost:
            return None
        value = self.cache.value(name)
        if value is None:
            for outcome in self.run([Unit(name)], 1):
                self.ran.setdefault(name, "value")
                value = outcome.value
        return value

    def run(
        self, units: Iterable[Unit], most: int, *, keep: bool = True, lead: bool = False
    ) -> Iterator[Outcome]:
        """Run units that are stale, in any order; `most` is about how many; `keep` stores values.

        With `lead` the first one runs here, so that workers inherit what it needed: compiled templates, what all pages see alike.
        """
        units = iter(units)
        many = most >= WORTH_FORKING and self.jobs > 1
        first = self._run_here(islice(units, 1 if lead else 0))
        outcomes = chain(first, self._run_many(units)) if many else self._run_here(units)
        for outcome in outcomes:
            if outcome.value is None:
                self.failed = True
            else:
                self.cache.put(outcome.name, outcome.keys, outcome.value, outcome.digest, keep=keep)
                for key, known in outcome.keys.items():
                    if key.startswith("file:"):
                        self.facts.digests.setdefault(key, known)
            if self.progress:
                self.progress(outcome.name)
            yield outcome

    def _run_here(self, units: Iterable[Unit]) -> Iterator[Outcome]:
        for unit in units:
            yield self.lost.get(unit.name) or run_unit(self.context, self.facts, self.compute, unit)

    def _run_many(self, units: Iterable[Unit]) -> Iterator[Outcome]:
        from generator.workers import Workers

        def begin(again: bool) -> Callable[[bytes], bytes]:
            gc.freeze()  # what was inherited stays, and need not be looked at again
            gc.set_threshold(YOUNG)
            self.context.begin(self.facts, expendable=not again)

            def answer(question: bytes) -> bytes:
                return encode(run_unit(self.context, self.facts, self.compute, decode_unit(question)))

            return answer

        self.workers = Workers(begin, self.jobs)
        for question, answer in self.workers.answers(map(encode, units)):
            if isinstance(answer, bytes):
                yield decode_outcome(answer)
            else:
                outcome = lost(decode_unit(question), answer)
                self.lost[outcome.name] = outcome
                yield outcome
        self.close()

    def close(self) -> None:
        """End the worker processes."""
        if self.workers is not None:
            self.workers.close()


def run_unit(
    context: Any, facts: Facts, compute: dict[str, Callable[[Any, str, Reads], bytes]], unit: Unit
) -> Outcome:
    """Run one unit."""
    reads = Reads(facts)
    for key, value in unit.facts:
        facts.put_bytes(key, value)
    try:
        value = compute[unit.kind](context, unit.subject, reads)
    except ProblemError as wrong:
        return Outcome(unit.name, None, reads.keys, wrong.problems)
    except Exception as wrong:  # noqa: BLE001  (our own mistake must not cost the author the other pages)
        message = f"Pressrun failed on this page ({unit.kind}): {type(wrong).__name__}: {wrong}"
        hint = "this is a mistake in Pressrun; please report it with these lines\n" + traceback.format_exc(
            limit=-8
        )
        return Outcome(unit.name, None, reads.keys, (error(unit.subject or unit.kind, message, hint=hint),))
    finally:
        for key, _ in unit.facts:
            facts.known.pop(key, None)
    return Outcome(unit.name, value, reads.keys, (), digest(value))


def lost(unit: Unit, status: int) -> Outcome:
    """Say of what unit two processes died."""
    message = f"the process that worked on this ({unit.kind}) ended by itself, twice: {in_words(status)}"
    hint = "is there too little memory? the next build tries again"
    return Outcome(unit.name, None, {}, (error(unit.subject or unit.kind, message, hint=hint),))


def default_jobs() -> int:
    """Give the number of processes to use: one for each core that this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def explain(reason: str) -> str:
    """Say in words why a unit ran."""
    kind, _, subject = reason.partition(":")
    return REASONS.get(kind, f"{reason} changed").format(subject)
