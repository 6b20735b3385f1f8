"""Parity: a site under edit that is built after edits and compared with a clean build of the same sources."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from dealer import Dealer, kind_of
from edits import UNSEEN, History
from harness import Project

from generator.build import Build, Context, build
from generator.config import LEDGER_FILE, load_config
from generator.errors import Problem, ProblemError
from generator.serve.preview import Desk, desk

LEFT_OUT = shutil.ignore_patterns("site", ".pressrun", "__pycache__")
Burst = list[tuple[str, int]]
"""Edits between two builds, each a name and a seed."""


class Parity:
    """A site under edit, built after edits, and compared with a clean build of the same sources."""

    def __init__(self, folder: Path, contexts: tuple[Context, Context]) -> None:
        self.folder, self.contexts = folder, contexts
        self.root = folder / "project"
        self.root.mkdir()
        self.history = History(self.root)
        self.number = 0
        self.stopped = False
        """Whether the last build could not be made."""
        self.lost = False
        """Whether pages could not be made, whose last good version stays."""
        self.last = Build()

    def made(self, root: Path, context: Context) -> tuple[Build, dict[str, bytes]]:
        """Build a folder in this very process; give what the build says, and the site."""
        try:
            config = load_config(root, environ={"SOURCE_DATE_EPOCH": self.history.epoch})
            done, self.stopped = build(config, jobs=1, context=context), False
        except ProblemError as wrong:
            done, self.stopped = Build(problems=wrong.problems), True
        return done, Project(root).tree()

    def clean(self) -> tuple[Build, dict[str, bytes]]:
        """Build a copy from nothing."""
        self.number += 1
        copy = self.folder / f"clean{self.number}" / "project"
        shutil.copytree(self.root, copy, ignore=LEFT_OUT, symlinks=True)
        found = self.made(copy, self.contexts[1])
        shutil.rmtree(copy.parent)
        return found

    def check(self) -> None:
        """Build incrementally and cleanly, and compare."""
        before = Project(self.root).tree()
        self.last, tree = self.made(self.root, self.contexts[0])
        clean, wanted = self.clean()
        about = "\n".join(["after these edits:", *self.history.done, f"ran: {self.last.ran}"])
        self.lost = any(loses_pages(p) for p in clean.problems)
        problems, expected = told(self.last, ledger=not self.lost), told(clean, ledger=not self.lost)
        other = [f"only {'clean' if p in expected else 'here'}: {p}" for p in {*problems} ^ {*expected}]
        assert problems == expected, "\n".join([*other, about])
        if self.stopped:
            assert tree == before, about
            return
        more = sorted(tree.keys() - wanted.keys())
        # a page that cannot be made is not in a clean site; here the last good one stays
        assert more == [] or (self.lost and before.keys() >= set(more)), f"{more} {about}"
        different = [path for path in wanted if tree.get(path) != wanted[path]]
        assert different == [], f"{different} {about}"


def told(build: Build, *, ledger: bool) -> list[Problem]:
    """Give what a build says of the sources; of the ledger only where no page is lost whose last good version stays."""
    return [
        p for p in build.problems if not p.path.startswith(".pressrun/") and (ledger or p.path != LEDGER_FILE)
    ]


def loses_pages(problem: Problem) -> bool:
    """Say whether a problem keeps pages from being written; of a data file it does where a template asks for it."""
    return problem.path.startswith("data/") or problem.message.startswith(
        ("template: ", "there is no template", "the plug-in ", "no card can be drawn", "no copy can be")
    )


@contextmanager
def shared_helpers() -> Iterator[tuple[Context, Context]]:
    """Give two contexts that keep their helper process over many builds, as the dev server does."""
    pair = Context(), Context()
    try:
        yield pair
    finally:
        for one in pair:
            one.close()


def install(folder: Path, version: int, name: str = "Fancy_Text", module: str = "fancytext") -> None:
    """Put a distribution into a folder as installers do."""
    for old in folder.glob(f"{name}-*.dist-info"):
        (old / "METADATA").unlink()
        (old / "RECORD").unlink()
        old.rmdir()
    info = folder / f"{name}-{version}.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}.0\n")
    (info / "RECORD").write_text(f"{module}.py,,\n{info.name}/METADATA,,\n")
    (folder / f"{module}.py").write_text(f"version = {version}\n")


# ---------------------------------------------------------------- whole histories


@dataclass
class Told:
    """What came of some histories."""

    builds: int = 0
    """Builds that were compared with clean ones."""
    stopped: int = 0
    """Those of a site that cannot be built at all."""
    previews: int = 0
    """Edits that the dev server showed before it built, and that were compared with clean builds."""


class Story:
    """A history that is told from its beginning, in a world with its own environment and distributions."""

    def __init__(self, site: Parity, record: Told) -> None:
        self.site, self.record = site, record
        self.world: tuple[str, int] = ("", 0)
        self.desk: Desk | None = None
        self.seen: dict[str, bytes] = {}

    def check(self, burst: Burst) -> bool:
        """Look at what a burst of edits has done: what the dev server shows at once, then what is built. Say whether anything changed."""
        self.arrange()
        seen = self.previewed({name for name, _ in burst})
        site, before = self.site, (self.site.last.problems, Project(self.site.root).tree())
        site.history.done.append("build")
        site.check()
        self.record.builds += 1
        self.record.stopped += site.stopped
        now = site.last.problems, Project(site.root).tree()
        if seen is not None:
            self.record.previews += 1
            assert pages_of({**before[1], **seen}) == pages_of(now[1]), [
                "the preview is another",
                *site.history.done,
            ]
        if self.record.builds % 8 == 0 and not site.stopped:
            again = site.made(site.root, site.contexts[0])
            assert (again[0].problems, again[1]) == now, ["nothing was to do", *site.history.done]
        config = (
            None
            if site.stopped
            else load_config(site.root, environ={"SOURCE_DATE_EPOCH": site.history.epoch})
        )
        self.desk = desk(config, site.contexts[0]) if config else None
        self.seen = files_of(site.root)
        odd = {p.path for p in site.last.problems} | site.last.withheld.keys()
        site.history.calm = [
            path for path in site.history.there("page") if self.desk and not site.lost and path not in odd
        ]
        return now != before

    def arrange(self) -> None:
        """Make the environment that of the history; helper processes start anew in another one."""
        world = self.site.history.variable, self.site.history.version
        if world != self.world:
            self.world = world
            os.environ["PRESSRUN_TEST"] = world[0]
            install(packages_of(self.site.folder), world[1])
            self.desk = None
            for one in self.site.contexts:
                one.close()

    def previewed(self, names: set[str]) -> dict[str, bytes] | None:
        """Give what the dev server shows of edited pages before it builds, when it says that this is all there is to do."""
        if self.desk is None or self.site.lost or names & UNSEEN:
            return None
        now = files_of(self.site.root)
        changed = [
            path for path in sorted(now.keys() | self.seen.keys()) if now.get(path) != self.seen.get(path)
        ]
        found = self.desk.edited(changed)
        return {one.path: one.data for one in found[0]} if found and found[1] and found[0] else None


def pages_of(tree: dict[str, bytes]) -> dict[str, bytes]:
    """Give the pages of a site and the data of their demos; feeds and indexes of all words may follow a preview by some seconds."""
    return {
        path: data
        for path, data in tree.items()
        if path.endswith(".html") or path.startswith("assets/demos/")
    }


def packages_of(folder: Path) -> Path:
    """Give the folder of the distributions of a history's world."""
    return folder / "lib" / "site-packages"


def files_of(root: Path) -> dict[str, bytes]:
    """Give the sources of a site, links as what they say."""
    found = {}
    for where, folders, names in os.walk(root):
        folders[:] = [
            one for one in folders if one not in ("site", ".pressrun", "__pycache__", ".git", ".gitreal")
        ]
        for name in names:
            path = Path(where) / name
            found[path.relative_to(root).as_posix()] = (
                os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
            )
    return found


@contextmanager
def story(contexts: tuple[Context, Context], record: Told) -> Iterator[Story]:
    """Give an empty site in a world of its own."""
    variable, path = os.environ.get("PRESSRUN_TEST"), [*sys.path]
    with TemporaryDirectory() as folder:
        sys.path.append(str(packages_of(Path(folder).resolve())))
        try:
            yield Story(Parity(Path(folder).resolve(), contexts), record)
        finally:
            sys.path[:] = path
            os.environ.pop("PRESSRUN_TEST", None)
            os.environ.update({} if variable is None else {"PRESSRUN_TEST": variable})


def replay(
    contexts: tuple[Context, Context], start: int, bursts: list[Burst], record: Told | None = None
) -> None:
    """Make a site, build it, and check it after each burst of edits."""
    with story(contexts, record or Told()) as one:
        one.site.history.begin(start)
        one.check([])
        for burst in bursts:
            for name, seed in burst:
                one.site.history.edit(name, seed)
            one.check(burst)


def invented(
    contexts: tuple[Context, Context], dealer: Dealer, start: int, edits: int, record: Told
) -> list[Burst]:
    """Make up a history of so many edits and check it; give it. A failure carries a simpler history that fails too."""
    bursts: list[Burst] = []
    try:
        with story(contexts, record) as one:
            one.site.history.begin(start)
            one.check([])
            while sum(map(len, bursts)) < edits:
                bursts.append(dealer.burst(one.site.history, stopped=one.site.stopped))
                mattered = one.check(bursts[-1])
                if len(bursts[-1]) == 1 and mattered:
                    dealer.mattered[kind_of(bursts[-1][0][0])] += 1
    except Exception as wrong:
        simple = simpler(bursts, lambda some: fails(contexts, start, some))
        wrong.add_note(f"replay(contexts, {start}, {simple})")
        raise
    return bursts


def fails(contexts: tuple[Context, Context], start: int, bursts: list[Burst]) -> bool:
    """Say whether a history still fails."""
    try:
        replay(contexts, start, bursts)
    except Exception:  # noqa: BLE001  (whatever it is)
        return True
    return False


def simpler(bursts: list[Burst], still: Callable[[list[Burst]], bool], tries: int = 60) -> list[Burst]:
    """Leave out bursts, then edits, while the history fails: larger pieces first."""
    size = max(1, len(bursts) // 2)
    while size and tries:
        at = 0
        while at < len(bursts) - 1 and tries:
            fewer = [*bursts[:at], *bursts[at + size :]]
            tries -= 1
            if fewer and still(fewer):
                bursts = fewer
            else:
                at += size
        size //= 2
    for number, burst in enumerate(bursts):
        for edit in burst if len(burst) > 1 else ():
            fewer = [*bursts[:number], [one for one in bursts[number] if one != edit], *bursts[number + 1 :]]
            if tries and still(fewer):
                bursts = fewer
            tries = max(0, tries - 1)
    return bursts
