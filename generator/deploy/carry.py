"""Carry out a plan where readers see each step: in such an order that every page they meet works."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Protocol, TypeAlias

from generator.deploy.items import made_item
from generator.deploy.record import RECORD, Record, arrived, intended, together

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from generator.deploy.items import Item
    from generator.deploy.plan import Plan, Published

RECORD_HEADERS = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))


Progress: TypeAlias = "Callable[[str], None]"
"""Is told the path of each file that has arrived."""


class Place(Protocol):
    """A target."""

    def published(self, items: Mapping[str, Item]) -> Published:
        """Look at what stands there. Raises ProblemError when that cannot be."""

    def publish(
        self, plan: Plan, items: Mapping[str, Item], found: Published, progress: Progress | None
    ) -> None:
        """Do what a plan says. Raises ProblemError when that cannot be done; running again goes on from there."""


class Sender(Protocol):
    """A target that takes files one by one."""

    def put(self, items: list[Item]) -> dict[str, str]:
        """Send files, in any order; when it returns, all of them are there. Give path → stamp."""

    def delete(self, paths: list[str]) -> None:
        """Delete files; one that is not there is no error."""


def record_item(record: Record) -> Item:
    """Make an item of the record itself."""
    return made_item(RECORD, record.data(), headers=RECORD_HEADERS)


def group_of(step_do: str, item: Item) -> tuple[str, str]:
    """Name the group of steps that may go side by side."""
    return (step_do, item.kind)


def carry_out(sender: Sender, plan: Plan, items: Mapping[str, Item], found: Published) -> None:
    """Send what comes, group after group; delete what goes only when nothing that is published leads to it any more.

    Cut short anywhere, it leaves a site that works, and a record with which running it again finishes the job.
    """
    coming = [step for step in plan.steps if step.do in ("add", "change")]
    stamps = {path: entry.stamp for path, entry in found.record.files.items()}
    if coming:
        soon = intended(found.record, (items[step.path] for step in coming))
        beside = replace(found.beside, versions=found.record.versions)
        sender.put([record_item(together(soon, beside))])
    for _, group in groupby(coming, key=lambda step: group_of(step.do, items[step.path])):
        stamps |= sender.put([items[step.path] for step in group])
    going = plan.paths("delete")
    if going:
        sender.delete(going)
    if plan.steps:
        sender.put([record_item(final(plan, items, found, stamps))])


def final(plan: Plan, items: Mapping[str, Item], found: Published, stamps: Mapping[str, str]) -> Record:
    """Give the record of a finished deploy."""
    return together(arrived(found.record, items.values(), stamps, plan.staying), found.beside)
