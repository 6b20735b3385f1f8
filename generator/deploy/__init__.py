"""Deploy: publish the site somewhere else: a plan first, nothing broken in between, nothing lost.

items.py     what is to stand there       hosts.py, policy.py   headers, redirects, the Content-Security-Policy
versions.py  several versions of a site side by side
address.py   what is lacking where a site does not know its address
record.py    what of ours stands there    secrets.py            what must never leave this machine
plan.py      the steps from one to the other, in order
carry.py     taking them one by one, where readers see each
git.py, folder.py                         targets that change as a whole
store.py, rsync.py                        targets that change file by file
workflows.py what continuous integration runs
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator import cache, finished, permalinks
from generator.build import PATIENCE, build
from generator.config import LEDGER_FILE, environment
from generator.deploy.address import unaddressed
from generator.deploy.carry import Place
from generator.deploy.hosts import host_items, security_headers
from generator.deploy.items import Item, forget_twins, site_items, with_twins
from generator.deploy.plan import Plan, Published, make_plan
from generator.deploy.secrets import found_in
from generator.deploy.versions import at_place, leads, scoped
from generator.errors import Problem, ProblemError, did_you_mean, error
from generator.locks import lock
from generator.output import replace_file
from generator.routes import url_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.config import Config
    from generator.permalinks import Current
    from generator.targets import Target


@dataclass(frozen=True, slots=True)
class Deploy:
    """A deploy that is ready to be carried out."""

    config: Config
    """Of the site."""
    target: Target
    """Where to."""
    items: dict[str, Item]
    """All that is to stand there."""
    raw: dict[str, Item]
    """The site's own files, before any of them is compressed."""
    place: Place
    """The target, opened."""
    found: Published
    """What stands there now."""
    plan: Plan
    """What is to be done."""
    now: Current
    """URLs and anchors of the site."""
    warnings: tuple[Problem, ...] = ()
    """What should be mended before readers come, though nothing is refused for it."""

    def first_version(self) -> str:
        """Say what becomes of a site that had no versions when its first one is published; empty otherwise."""
        if not self.config.place or self.found.record.versions or not self.plan.paths("delete"):
            return ""
        below = f"{self.config.whole_path}{self.config.place}/"
        return f"the site had no versions: its pages will stand below {below}, and old addresses lead there"

    def headers(self) -> dict[str, str]:
        """Give the security headers that fit the site, for servers that are set up by hand."""
        return security_headers(self.config, self.raw.values())

    def carry_out(self, progress: Callable[[str], None] | None = None) -> bool:
        """Do it; say whether the ledger of permalinks has new lines. Raises ProblemError; running again goes on from there."""
        if self.plan.steps:
            self.place.publish(self.plan, self.items, self.found, progress)
        forget_twins(self.config, self.items.values())
        return self.write_ledger()

    def write_ledger(self) -> bool:
        """Record what is published now in `permalinks.json`."""
        if not self.config.permalinks:
            return False
        path = str(self.config.root / LEDGER_FILE)
        before = cache.read_regular(path)
        after = permalinks.written(permalinks.merged(permalinks.parse(before), self.now))
        if after != before:
            replace_file(path, after)
        return after != before


def target_of(config: Config, name: str) -> Target:
    """Give a target by its name; without one, the only one that is configured, or `pages`. Raises ProblemError."""
    names = [target.name for target in config.deploy]
    if not name:
        others = [one for one in names if one != "pages"]
        name = others[0] if len(others) == 1 else "pages"
        if len(others) > 1:
            raise ProblemError(
                error("deploy", f"there are several targets; expected one of {', '.join(names)}")
            )
    for target in config.deploy:
        if target.name == name:
            return target
    message = f"there is no target “{name}”; expected one of {', '.join(names)}"
    raise ProblemError(error("deploy", message, hint=did_you_mean(name, names)))


def open_place(config: Config, target: Target) -> Place:
    """Open a target."""
    if target.kind == "store":
        from generator.deploy.store import Bucket

        return Bucket(config, target)
    if target.kind == "rsync":
        from generator.deploy.rsync import Rsync

        return Rsync(config, target)
    if target.kind == "folder":
        from generator.deploy.folder import Folder

        return Folder(config, target)
    from generator.deploy.git import GitBranch

    return GitBranch(config, target)


@contextlib.contextmanager
def prepared(
    config: Config,
    target: Target,
    *,
    adopt: bool = False,
    jobs: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Iterator[Deploy]:
    """Build the site strictly, look at the target, and make the plan; no other build touches the site meanwhile.

    Raises ProblemError when the site has problems (warnings too), loses a permalink or holds a secret.
    """
    if permalinks.kept(config) is None:
        finished.path_of(config).unlink(missing_ok=True)
    made = build(config, jobs=jobs, progress=progress)
    if made.failed(strict=True):
        raise ProblemError(*made.problems)
    with lock(config.state, PATIENCE):
        now = permalinks.kept(config)
        if now is None:
            raise ProblemError(
                error(str(permalinks.place(config)), "was changed meanwhile", hint="deploy again")
            )
        own = list(site_items(config, target, now))
        raw = {item.path: item for item in at_place(config, own)}
        extra = host_items(config, target, own, now)
        items = {item.path: item for item in at_place(config, [*with_twins(config, target, own), *extra])}
        place = open_place(config, target)
        if config.place:
            items |= leads(config, target, items, place.published({}).record)
        found = scoped(config, target, place.published(items), items)
        plan = make_plan(target, items, found, config.now, adopt=adopt)
        coming = {*plan.paths("add"), *plan.paths("change")}
        problems = found_in(
            (item for path, item in raw.items() if path in coming), target.allow, environment()
        )
        problems += lost(config, plan, now)
        if problems:
            raise ProblemError(*problems)
        yield Deploy(config, target, items, raw, place, found, plan, now, tuple(unaddressed(config, target)))


def lost(config: Config, plan: Plan, now: Current) -> list[Problem]:
    """Report pages that the target has and would lose, though no ledger on this machine knows them."""
    if not config.permalinks:
        return []
    gone = permalinks.parse(cache.read_regular(str(config.root / LEDGER_FILE))).gone
    problems = []
    for path in [*plan.paths("delete"), *plan.staying]:
        url = url_of(path.removeprefix(f"{config.place}/") if config.place else path)
        if path.endswith((".html", ".htm")) and url not in {
            *now.urls,
            *gone,
            *now.expired,
            *permalinks.NO_PERMALINKS,
        }:
            message = f"{url} is published at “{plan.target}”, and this deploy would lose it"
            problems.append(error(LEDGER_FILE, message, hint=permalinks.three_remedies(url, "")))
    return problems
