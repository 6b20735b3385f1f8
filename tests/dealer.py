"""The dealer: which edit comes next in a random history."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from edits import NAMED, OTHERS, VERBS, History
from inputs import USES

WEIGHTS = {**dict.fromkeys(NAMED, 1), **{one.__name__: weight for one, weight in OTHERS.items()}}
"""Edit → how often it is made in one round."""
ALONE = ("words", "words", "phrase", "more", "less")
"""What is done to the body of one page, which may then be built alone."""
QUIET = (
    "title",
    "body",
    "tags",
    "draft",
    "same_size",
    "delete_and_add",
    "touch ",
    "revert page",
    "create page",
    "change page",
    "mend page",
    "change module",
    "change text file",
)
"""What is done to a quiet site besides."""
RARE = ("mend ",)
"""Seldom is there anything of which these can be made."""
AHEAD = 2
"""So many rounds they are ahead."""
STOPPED = (
    "mend [",
    "mend plug-in",
    "create plug-in",
    "configuration_reverts",
    "delete [plug-ins]",
    "turn static file",
)
"""What may help a site that cannot be built."""
NEEDED = {"break": ("mend",), "create": ("change", "delete")}
"""Verb → those that can only be done after it."""
WORTH = 3
"""An edit that mattered counts like so many that did not, where it is asked which input was edited alone least."""


def kind_of(name: str) -> str:
    """Name the kind of input that an edit is of; one of many kinds is a kind of its own."""
    verb, _, kind = name.partition(" ")
    return kind if verb in VERBS else name


KINDS = {kind: tuple(name for name in NAMED if kind_of(name) == kind) for kind in map(kind_of, NAMED)}
"""Kind → its edits."""


@dataclass
class Dealer:
    """Deals edits evenly: first what was made least often, and alone, first those of inputs that were tried alone least."""

    random: random.Random
    made: Counter[str] = field(default_factory=Counter)
    """Edit → how often it was made."""
    tried: Counter[str] = field(default_factory=Counter)
    """Kind → how often an edit of it was made alone."""
    mattered: Counter[str] = field(default_factory=Counter)
    """Kind → how often one edit alone changed a site or what is said of it. Who looks at the site counts this."""

    def deal(
        self,
        history: History,
        *,
        only: str = "",
        first: tuple[str, ...] = (),
        last: Collection[str] = (),
    ) -> tuple[str, int]:
        """Make one edit; give its name and seed.

        It is an `only` one, else one whose name begins in a way of the `first`, else not of a kind of the `last`, if that can be made.
        """

        def turn(name: str) -> tuple[object, ...]:
            wanted = not name.startswith(first), kind_of(name) in last
            return *wanted, self.rounds(name), self.random.random()

        order = sorted(NAMED, key=turn)
        for chosen in [only, *order] if only else order:
            seed = self.random.randrange(2**32)
            if history.edit(chosen, seed):
                self.made[chosen] += 1
                return chosen, seed
        raise AssertionError("a site to which nothing can be done")

    def rounds(self, name: str) -> float:
        """Say in how many rounds an edit was made; one that others need comes again while they are behind."""
        verb, _, kind = name.partition(" ")
        needing = [self.made[f"{other} {kind}"] + 1 for other in NEEDED.get(verb, ())]
        return min([self.made[name], *needing]) / WEIGHTS[name] - AHEAD * name.startswith(RARE)

    def deal_alone(self, history: History) -> tuple[str, int]:
        """Make one edit of a kind that was tried alone least, once something in the site asks for such files."""

        def turn(kind: str) -> tuple[object, ...]:
            tries = self.tried[kind] + WORTH * self.mattered[kind]
            return tries, kind in USES and kind not in history.used, self.random.random()

        kind = min(KINDS, key=turn)
        if kind in USES and kind not in history.used:
            return self.deal(history, only=f"use {kind}")
        self.tried[kind] += 1
        return self.deal(history, first=KINDS[kind])

    def burst(self, history: History, *, stopped: bool) -> list[tuple[str, int]]:
        """Make the edits between two builds; a site that could not be built is often mended first."""
        chance, number = self.random.random(), self.random.choice([1, 1, 2, 3, 4])
        if not stopped and history.calm and chance < (0.5 if history.quiet else 0.3):
            return [self.deal(history, only=self.random.choice(ALONE))]
        if not stopped and history.quiet:
            return [self.deal(history, first=QUIET)]
        if not stopped and number == 1:
            return [self.deal_alone(history)]
        first = STOPPED if stopped and self.random.random() < 0.8 else ()
        made: list[tuple[str, int]] = []
        for _ in range(number):
            # what was just broken and is mended at once, no build has seen
            last = {kind_of(name) for name, _ in made} - {"page"} if self.random.random() < 0.8 else ()
            made.append(self.deal(history, first=() if made else first, last=last))
        return made
