"""Run: measures Pressrun beside other generators, on the same posts, in the same minutes, and writes `bench/results.json`.

Each round does four scenes, and in each scene every tool once, so that what else the machine does falls on all of them alike:

    cold        no output, no cache
    unchanged   again, with nothing changed
    body        a paragraph of one post changed
    title       the title of the newest post changed: the index, tags and feed follow

Measured are the wall clock, and the processor time of all processes together, as the kernel counts it when they end. Peak memory
is taken in a cold build of its own before the rounds (it also warms the disk's cache): watching costs time, so that build's time
does not count. After each build the pages are looked at: a tool that left out a page, its highlighting, its feed or
an edit gets no figure in that scene, but the reason.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import corpus, peers, report

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.peers import Peer

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench" / "results.json"
SIZES = (100, 1000)
ROUNDS = 3
LONGEST = 900.0
"""Seconds after which a build is ended."""
GLANCE = 0.02
"""Seconds between two looks at the memory."""
STAT = """
import os
def look(folder):
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                look(entry.path)
            else:
                entry.stat()
look({folder!r})
"""
"""The least that a build must do to learn that nothing changed."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of a command."""

    wall: float
    """Seconds from its start to its end."""
    cpu: float
    """Seconds of processor time, of all its processes, user and system."""
    memory: int
    """The most memory that all its processes held at one time, in bytes, shared pages counted once; 0 when not watched."""
    status: int
    """Exit status."""
    said: str
    """Its last words on standard error."""


@dataclass(slots=True)
class Measured:
    """What the rounds gave for one tool, at one size, in one scene."""

    size: int
    """Number of posts."""
    tool: str
    """A peer's name, or a floor's: `stat`, `copy`."""
    scene: str
    """One of `report.SCENES`."""
    wall: list[float] = field(default_factory=list)
    """Seconds, a value for each round."""
    cpu: list[float] = field(default_factory=list)
    """Seconds, a value for each round."""
    memory: int = 0
    """Bytes at the peak (cold builds only)."""
    wrong: str = ""
    """Why there is no figure."""


@dataclass(frozen=True, slots=True)
class Place:
    """The site of one tool at one size."""

    peer: Peer
    folder: Path
    size: int

    @property
    def out(self) -> Path:
        """Where the tool writes to."""
        return self.folder / self.peer.out

    def prepare(self) -> None:
        """Write configuration, posts and images."""
        peers.lay_out(self.peer, self.folder)
        corpus.write(
            str(self.folder / self.peer.posts),
            self.size,
            self.peer.dialect,
            images=str(self.folder / self.peer.images),
        )

    def clear(self) -> None:
        """Move away what builds left; it is removed when all is measured.

        ext4 looks past the inodes of files that were deleted in the last minutes: removed now, it cost the next build an eighth.
        """
        gone = Path(tempfile.mkdtemp(prefix="gone-", dir=self.folder.parent))
        for name in (self.peer.out, *self.peer.state):
            if os.path.lexists(self.folder / name):
                (self.folder / name).rename(gone / name.replace("/", "-"))

    def edit(self, number: int, *, title_mark: str = "", body_mark: str = "") -> None:
        """Write a post again, as an author would: changed in one place."""
        text = corpus.post(number, self.size, self.peer.dialect, title_mark=title_mark, body_mark=body_mark)
        target = self.folder / self.peer.posts / corpus.path(number, self.peer.dialect)
        corpus.write_file(str(target), text.encode())

    def build(self, *, watch: bool = False) -> Sample:
        """Build the site once."""
        return measure(peers.command_of(self.peer), self.folder, watch=watch)

    def page(self, number: int) -> str:
        """Give the path of a post's page below the output folder."""
        section = corpus.section(number, self.peer.dialect)
        return self.peer.page.format(section=section, slug=corpus.slug(number))

    def text(self, path: str) -> str:
        """Read a file of the output; empty when there is none."""
        try:
            return (self.out / path).read_text("utf-8")
        except OSError:
            return ""

    def missing(self, mark: str, wanted: Sequence[str]) -> str:
        """Say in which of these files of the output a text is not to be found."""
        absent = [path for path in wanted if path and mark not in self.text(path)]
        return f"not in {', '.join(absent)}: {mark}" if absent else ""

    def incomplete(self) -> str:
        """Say what of the work a cold build left undone."""
        pages = [self.page(number) for number in range(self.size)]
        absent = [path for path in pages if not (self.out / path).is_file()]
        if absent:
            return f"{len(absent)} pages are missing, {absent[0]} among them"
        first = self.text(pages[0])
        if "<span" not in first[first.find("<pre") :]:
            return "code is not highlighted"
        return self.missing(corpus.title(0), [pages[0], self.peer.front, self.peer.feed]) or self.missing(
            corpus.tags(0)[0], [self.peer.tags]
        )


def measure(command: Sequence[str], folder: Path, *, watch: bool = False) -> Sample:
    """Run a command to its end and count what it took; with `watch`, its memory too."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1795219200"}
    with tempfile.TemporaryFile() as words:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=words,
            start_new_session=True,
        )
        limit = threading.Timer(LONGEST, os.killpg, (process.pid, signal.SIGKILL))
        limit.start()
        watcher = Watcher(process.pid)
        if watch:
            watcher.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        finally:
            wall = time.perf_counter() - started
            limit.cancel()
            watcher.done.set()
        process.returncode = os.waitstatus_to_exitcode(status)
        if watch:
            watcher.join()
        words.seek(0)
        said = words.read()[-400:].decode("utf-8", "replace").strip().splitlines()
    return Sample(
        wall, used.ru_utime + used.ru_stime, watcher.peak, process.returncode, said[-1] if said else ""
    )


class Watcher(threading.Thread):
    """Looks again and again at the memory of a process and of all that came from it."""

    def __init__(self, leader: int) -> None:
        super().__init__(daemon=True)
        self.leader = leader
        self.peak = 0
        self.done = threading.Event()

    def run(self) -> None:
        """Look until told to stop."""
        while not self.done.wait(GLANCE):
            self.peak = max(self.peak, sum(map(held, family(self.leader))))


def family(leader: int) -> list[int]:
    """Give a process, its descendants, and the other processes of its session."""
    parents: dict[int, int] = {}
    found = {leader}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    rest = file.read().rpartition(b")")[2].split()
            except OSError:
                continue
            parents[int(name)] = int(rest[1])
            if int(rest[3]) == leader:
                found.add(int(name))
    grown = True
    while grown:
        more = {child for child, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return sorted(found)


def held(process: int) -> int:
    """Give the bytes of memory that a process holds; of a page that n processes share, the nth part."""
    try:
        with open(f"/proc/{process}/smaps_rollup", "rb") as file:
            for row in file:
                if row.startswith(b"Pss:"):
                    return int(row.split()[1]) * 1024
    except OSError:
        pass
    return 0


def bench(
    tools: Sequence[Peer], sizes: Sequence[int], rounds: int, work: Path, say: Callable[[str], None]
) -> list[Measured]:
    """Measure the tools (Pressrun among them) and the floors at each size; Ctrl-C ends it with what there is by then."""
    made: list[Measured] = []
    try:
        for size in sizes:
            folder = work / str(size)
            folder.mkdir(parents=True)
            bench_size(made, tools, size, rounds, folder, say)
    except KeyboardInterrupt:
        say("interrupted; the table has what was measured by then")
    for size in sizes:  # only now, see `Place.clear`
        shutil.rmtree(work / str(size), ignore_errors=True)
    return [one for one in made if one.wall or one.wrong]


def bench_size(
    measured: list[Measured],
    tools: Sequence[Peer],
    size: int,
    rounds: int,
    work: Path,
    say: Callable[[str], None],
) -> None:
    """Measure at one size, and add to `measured`."""
    places = [Place(peer, work / peer.name, size) for peer in tools]
    made = {
        (p.peer.name, scene): Measured(size, p.peer.name, scene) for p in places for scene in report.SCENES
    }
    own = places[0]
    floors = {
        "cold": Measured(size, "copy", "cold"),
        "unchanged": Measured(size, "stat", "unchanged"),
    }
    measured += [*made.values(), *floors.values()]
    for place in places:
        place.prepare()
        say(f"{size} posts, memory: {place.peer.title}")
        one = made[place.peer.name, "cold"]
        sample = place.build(watch=True)
        one.memory = sample.memory
        one.wrong = wrong(place, "cold", sample, "")
    for turn in range(rounds):
        order = [*places[turn % len(places) :], *places[: turn % len(places)]]
        for scene in report.SCENES:
            mark = f" in round {turn + 1}"
            for place in order:
                one = made[place.peer.name, scene]
                if made[place.peer.name, "cold"].wrong:
                    continue
                say(f"{size} posts, round {turn + 1} of {rounds}, {scene}: {place.peer.title}")
                ready(place, scene, mark)
                sample = place.build()
                one.wrong = one.wrong or wrong(place, scene, sample, mark)
                one.wall.append(round(sample.wall, 4))
                one.cpu.append(round(sample.cpu, 4))
            if scene in floors:
                sample = floor(scene, own, work)
                floors[scene].wall.append(round(sample.wall, 4))
                floors[scene].cpu.append(round(sample.cpu, 4))


def ready(place: Place, scene: str, mark: str) -> None:
    """Do what comes before a scene's build."""
    if scene == "cold":
        place.clear()
    elif scene == "body":
        place.edit(place.size // 2, body_mark="Changed" + mark)
    elif scene == "title":
        place.edit(0, title_mark=mark)


def wrong(place: Place, scene: str, sample: Sample, mark: str) -> str:
    """Say what is wrong with a build; empty when it did what it should."""
    if sample.status:
        return f"exit status {sample.status}: {sample.said}"
    if scene == "body":
        return place.missing("Changed" + mark, [place.page(place.size // 2)])
    if scene == "title":
        seen = [place.page(0), place.peer.front, place.peer.feed]
        return place.missing(corpus.title(0) + mark, seen)
    return place.incomplete()


def floor(scene: str, own: Place, work: Path) -> Sample:
    """Measure a floor: `cp -r` of Pressrun's output for a cold build, a bare stat of its sources for an unchanged one."""
    if scene == "cold":
        copy = Path(tempfile.mkdtemp(prefix="gone-", dir=work), "copy")
        return measure(["cp", "-r", str(own.out), str(copy)], work)
    text = STAT.format(folder=str(own.folder / own.peer.posts))
    return measure([sys.executable, "-I", "-S", "-c", text], work)


def machine() -> dict[str, Any]:
    """Describe the machine, as far as it bears on speed."""
    model = ""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = next((row.partition(":")[2].strip() for row in file if row.startswith("model name")), "")
    except OSError:
        pass
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": model,
        "memory": memory,
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def written(results: report.Results) -> str:
    """Write results as JSON, a line for each thing measured, so that two runs can be compared line by line."""
    lines = ",\n".join("  " + json.dumps(one, ensure_ascii=False) for one in results["measured"])
    head = json.dumps({**results, "measured": []}, indent=1, ensure_ascii=False)
    return head.replace('"measured": []', f'"measured": [\n{lines}\n ]') + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Install, measure, print the table, write the results."""
    parser = argparse.ArgumentParser(
        prog="make bench", description="Measure Pressrun beside other generators."
    )
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of posts (100,1000)")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--peers", help="names of the peers to measure; all of them by default")
    parser.add_argument("--work", type=Path, help="where sites are built; a temporary folder by default")
    parser.add_argument("--results", type=Path, default=RESULTS, help="file to write")
    chosen = parser.parse_args(arguments)
    names = [one.name for one in peers.PEERS] if chosen.peers is None else chosen.peers.split(",")
    tools, versions, missing = [peers.PRESSRUN], {}, {}
    for peer in peers.PEERS:
        if peer.name in names:
            print(f"installing {peer.title} …", file=sys.stderr, flush=True)
            try:
                versions[peer.name] = peers.install(peer)
                tools.append(peer)
            except peers.NotInstalledError as reason:
                missing[peer.name] = str(reason)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also when started in the background
    started = time.time()
    before = machine()
    with tempfile.TemporaryDirectory(prefix="pressrun-bench-", dir=chosen.work) as work:
        sizes = [int(size) for size in chosen.sizes.split(",")]
        made = bench(
            tools, sizes, chosen.rounds, Path(work), lambda text: print(text, file=sys.stderr, flush=True)
        )
    results = {
        "date": datetime.now(UTC).date().isoformat(),
        "minutes": round((time.time() - started) / 60),
        "machine": before,
        "rounds": chosen.rounds,
        "titles": {peer.name: peer.title for peer in tools},
        "lacks": {peer.name: peer.lacks for peer in tools if peer.lacks},
        "versions": versions,
        "missing": missing,
        "measured": [asdict(one) for one in made],
    }
    chosen.results.write_text(written(results), "utf-8")
    print(report.text(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
