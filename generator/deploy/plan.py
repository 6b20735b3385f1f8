"""A plan: what a deploy will do, in order; it can be shown, kept in a file, and applied later if nothing has changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from generator.cache import digest
from generator.deploy.items import ASSETS, LISTS, PAGES, SUFFIXES
from generator.deploy.record import RECORD, Record
from generator.errors import ProblemError, error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.deploy.items import Item
    from generator.targets import Target

FORMAT = 1
MOST_SHARE, MOST_NUMBER = 0.25, 256
"""More deletions than this part of what is published, or than this number, are never made unasked (PROMISES P25)."""
ONE_BY_ONE = ("store", "rsync")
"""Kinds of targets where readers see each step; there, what is about to come is recorded first."""
GROUPS = (
    ("add", ASSETS),
    ("change", ASSETS),
    ("add", PAGES),
    ("change", PAGES),
    ("add", LISTS),
    ("change", LISTS),
)
"""The order of uploads: a page comes after what it needs, and before what leads to it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One file that a deploy sends, deletes, or keeps on record."""

    do: Literal["add", "change", "delete", "record"]
    """`record` writes down at the target what is ours there."""
    path: str
    """POSIX path below the target's root."""
    size: int = 0
    """Bytes that are sent, or that are deleted."""


@dataclass(frozen=True, slots=True)
class Published:
    """What stands at a target, as far as planning needs it."""

    record: Record
    """What of it is ours."""
    sizes: dict[str, int]
    """Each file → its bytes, foreign ones too."""
    same: frozenset[str]
    """Paths of items that stand there with the bytes (and headers) they should have."""
    state: str
    """Changes when anything there does."""
    beside: Record = field(default_factory=Record)
    """What of ours there is no business of this deploy: other versions of the site; and all versions that there are after it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a deploy does."""

    target: str
    """Its name."""
    site: str
    """Digest of what is to be published."""
    state: str
    """Digest of what was found at the target."""
    steps: tuple[Step, ...] = ()
    """In the order in which they are taken."""
    same: int = 0
    """Files that stand there already."""
    staying: dict[str, str] = field(default_factory=dict)
    """Path that the site no longer has → since when; a later deploy deletes it."""
    format: int = FORMAT
    """Version of a saved plan."""

    def paths(self, do: str) -> list[str]:
        """Give the paths of all steps of a kind."""
        return [step.path for step in self.steps if step.do == do]

    def too_many(self) -> str:
        """Say why the deletions must be confirmed; nothing when they are few."""
        count, before = (
            len(self.paths("delete")),
            self.same + len(self.paths("change")) + len(self.paths("delete")) + len(self.staying),
        )
        if count > MOST_NUMBER or count > MOST_SHARE * before:
            return f"{count} of {before} published files would be deleted"
        return ""


def make_plan(
    target: Target, items: Mapping[str, Item], found: Published, now: datetime, *, adopt: bool
) -> Plan:
    """Compare what should be with what is. Raises ProblemError when foreign files stand where ours should."""
    ours, groups, foreign = found.record.files, {group: list[Step]() for group in GROUPS}, []
    same = 0
    for path, item in sorted(items.items()):
        if path in found.same:
            same += 1
        elif path not in found.sizes:
            groups["add", item.kind].append(Step("add", path, item.size))
        elif path in ours or adopt:
            groups["change", item.kind].append(Step("change", path, item.size))
        else:
            foreign.append(path)
    if target.kind != "store" and (crossed := in_the_way(items, found)):
        message = f"holds files that Pressrun did not put there where the site needs a folder, or below one of its files ({crossed}); nothing was touched"
        raise ProblemError(error(target.name, message, hint="move them away"))
    if foreign:
        more = f" and {len(foreign) - 3} more" if len(foreign) > 3 else ""
        message = f"holds files that Pressrun did not put there ({', '.join(foreign[:3])}{more}); nothing was touched"
        raise ProblemError(error(target.name, message, hint="deploy with --adopt to replace them"))
    deletions, staying = [], {}
    for path, entry in sorted(ours.items()):
        if path in items or path not in found.sizes:
            continue
        since = entry.since or now.isoformat()
        if is_due(target, path, since, now, items, asset=entry.asset):
            deletions.append(Step("delete", path, found.sizes[path]))
        else:
            staying[path] = since
    steps = [step for group in GROUPS for step in groups[group]] + deletions
    plan = Plan(target.name, site_digest(items.values()), found.state, tuple(steps), same, staying)
    if not steps and not needs_record(plan, items, found.record):
        return plan
    record = Step("record", RECORD)
    sends = len(steps) > len(deletions)
    return replace(plan, steps=(*([record] if sends and target.kind in ONE_BY_ONE else []), *steps, record))


def in_the_way(items: Mapping[str, Item], found: Published) -> str:
    """Name a foreign file that would have to go because a name cannot be both a file and a folder."""
    foreign = found.sizes.keys() - found.record.files.keys() - found.beside.files.keys() - items.keys()
    folders = {folder for path in items for folder in above(path)}
    below = {folder: path for path in foreign for folder in above(path)}
    return min([*(foreign & folders), *(below[path] for path in below.keys() & items.keys())], default="")


def above(path: str) -> list[str]:
    """Give all folders above a file; the root is not named."""
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


def is_due(
    target: Target, path: str, since: str, now: datetime, items: Mapping[str, Item], *, asset: bool
) -> bool:
    """Say whether a file has stayed long enough. A compressed copy never outlives what it is a copy of."""
    if any(path.endswith(suffix) and path.removesuffix(suffix) in items for suffix in SUFFIXES.values()):
        return True
    hours = target.keep_assets if asset else target.keep_pages
    return now - datetime.fromisoformat(since) >= timedelta(hours=hours)


def needs_record(plan: Plan, items: Mapping[str, Item], record: Record) -> bool:
    """Say whether the record at the target has to be written though no file is."""
    since = {path: entry.since for path, entry in record.files.items() if path not in items}
    return plan.staying != since or not items.keys() <= record.files.keys() or any(
        record.files[path].digest != item.digest or record.files[path].since for path, item in items.items()
    )  # fmt: skip


def site_digest(items: Iterable[Item]) -> str:
    """Give the digest of all that is to be published."""
    rows = sorted(f"{item.path}\0{item.digest}\0{item.headers_digest}" for item in items)
    return digest("\n".join(rows).encode("utf-8", "surrogateescape"))


def encode(plan: Plan) -> bytes:
    """Write a plan to be kept."""
    return msgspec.json.format(msgspec.json.encode(plan), indent=1) + b"\n"


def decode(data: bytes, name: str) -> Plan:
    """Read a plan that was kept. Raises ProblemError."""
    try:
        plan = msgspec.json.decode(data, type=Plan)
    except (ValueError, RecursionError) as wrong:
        raise ProblemError(error(name, f"is no plan of a deploy: {wrong}")) from None
    if plan.format != FORMAT:
        raise ProblemError(error(name, f"has format {plan.format}; this Pressrun knows {FORMAT}"))
    return plan


def check_same(kept: Plan, anew: Plan, name: str) -> None:
    """Raise ProblemError unless a kept plan is what would be planned now."""
    if kept.target != anew.target:
        raise ProblemError(error(name, f"was made for the target “{kept.target}”, not for “{anew.target}”"))
    hint = "look at a new plan: pressrun deploy --dry-run"
    if kept.site != anew.site:
        raise ProblemError(error(name, "the site has changed since this plan was made", hint=hint))
    if kept.state != anew.state:
        raise ProblemError(error(name, "the target has changed since this plan was made", hint=hint))
    if (kept.steps, kept.staying) != (anew.steps, anew.staying):
        raise ProblemError(error(name, "other steps are due now than when this plan was made", hint=hint))
