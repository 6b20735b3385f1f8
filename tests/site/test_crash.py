"""Crash and company: a build that is killed, fails or has company leaves the whole old site or the whole new one."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from harness import EPOCH, Project

from generator.config import load_config
from generator.output import Output, open_release

ROOT = Path(__file__).parents[2]
TOKEN = re.compile(rb"Version (\d+) of it")
CNAME = "www.example.org"


def command(root: Path, *options: str) -> list[str]:
    """The command line of a build."""
    return [sys.executable, "-m", "generator", "build", str(root), *options]


def environment() -> dict[str, str]:
    """The environment of a build."""
    return {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONPATH": str(ROOT)}


def start(root: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start a build in a process group of its own."""
    return subprocess.Popen(
        command(root, *options),
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def finish(root: Path) -> None:
    """Build to the end."""
    done = subprocess.run(
        command(root, "--jobs", "1"), env=environment(), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr


def edition(project: Project, number: int, pages: int) -> None:
    """Change every page of the site: the title, which each one shows; some pages come, some go, some stay the same."""
    project.write("pyproject.toml", f'[tool.pressrun]\ntitle = "Version {number} of it"\n')
    if not (project.root / "blog").exists():
        for page in range(pages):
            project.write(
                f"blog/p{page}.md", f"---\ntitle: Page {page}\ndate: 2026-01-01\n---\nText {page}\n"
            )
            if page % 10 == 0:
                project.write(f"blog/p{page}.txt", f"the same in each edition {page}")
    for page in (f"blog/only{number - 1}.md", f"blog/only{number}.md"):
        if (project.root / page).exists():
            project.delete(page)
        else:
            project.write(page, "---\ntitle: Only now\ndate: 2026-01-02\n---\nHere today\n")


def litter(root: Path) -> list[str]:
    """What builds left that is neither the site, nor the spare tree, nor a record of one of them."""
    (home,) = (root / ".pressrun/releases").iterdir()
    trees = [root / "site", home / "spare"]
    known = {f"{t.stat().st_dev:x}-{t.stat().st_ino:x}" for t in trees if t.exists()}
    names = {"spare", *(f"{one}.{kind}" for one in known for kind in ("json", "seen"))}
    temporary = [p.name for p in root.rglob("*") if p.name.startswith(".pressrun-") or p.suffix == ".new"]
    return [p.name for p in home.iterdir() if p.name not in names] + temporary


class Reader:
    """A visitor who looks every 2 ms, in a thread: at one page by its path, and at the whole site as one folder.

    A look at the whole site counts only when the folder was not exchanged meanwhile: a visitor, too, asks for one
    page after the other.
    """

    def __init__(self, site: Path) -> None:
        self.site = site
        self.wrong: list[str] = []
        self.looks = self.whole = 0
        self.stop = threading.Event()
        self.always = [p.relative_to(site) for p in site.rglob("*.html") if "only" not in p.as_posix()]
        self.thread = threading.Thread(target=self.run)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()

    def run(self) -> None:
        """Look until told to stop."""
        generator = random.Random(0)
        while not self.stop.wait(0.002):
            self.looks += 1
            try:
                page = generator.choice(self.always)
                if not TOKEN.search((self.site / page).read_bytes()):
                    self.wrong.append(f"{page} is not whole")
                if self.looks % 10 == 0:
                    self.look_at_all()
            except OSError as wrong:
                self.wrong.append(str(wrong))

    def look_at_all(self) -> None:
        """Read every page of one folder."""
        handle = os.open(self.site, os.O_RDONLY)
        try:
            missing, tokens = [], set()
            for page in self.always:
                try:
                    one = os.open(page, os.O_RDONLY, dir_fd=handle)
                except FileNotFoundError:
                    missing.append(page)
                    continue
                with os.fdopen(one, "rb") as file:
                    found = TOKEN.search(file.read())
                tokens.add(found[1] if found else b"none")
            if os.stat(self.site).st_ino == os.fstat(handle).st_ino:
                self.whole += 1
                if missing or len(tokens) != 1:
                    self.wrong.append(f"missing {missing}, versions {sorted(tokens)}")
        finally:
            os.close(handle)


def versions(root: Path) -> set[bytes]:
    """The versions that the pages of the site show."""
    return {(TOKEN.search(p.read_bytes()) or [b"", b"none"])[1] for p in (root / "site").rglob("*.html")}


def kills(project: Project, clean: Path, pages: int, rounds: int, seed: int) -> None:
    """Kill builds at random instants; look at the site meanwhile, and at what the next build makes of it."""
    generator = random.Random(seed)
    root = project.root
    edition(project, 1, pages)
    project.build()
    (root / "site/CNAME").write_text(CNAME)
    edition(project, 2, pages)
    began = time.monotonic()
    finish(root)
    length = time.monotonic() - began
    old, killed = b"2", 0
    with Reader(root / "site") as reader:
        for number in range(3, rounds + 3):
            edition(project, number, pages)
            running = start(root, "--jobs", generator.choice("12"))
            # Half of the kills aim at the last part of a build, in which everything happens.
            share = generator.random() if generator.random() < 0.5 else generator.uniform(0.7, 1.0)
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(length * share)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.communicate()
            killed += running.returncode == -signal.SIGKILL
            (found,) = versions(root)
            assert found in (old, str(number).encode()), f"seed {seed}, round {number}"
            if generator.random() < 0.3:
                finish(root)
                assert litter(root) == [], f"seed {seed}, round {number}"
                (found,) = versions(root)
                assert found == str(number).encode(), f"seed {seed}, round {number}"
            old = found
            assert reader.wrong == [], f"seed {seed}, round {number}"
    finish(root)
    assert litter(root) == []
    tree = project.tree()
    assert tree.pop("CNAME") == CNAME.encode()
    assert tree == project.clean_tree(clean)
    assert killed > rounds / 4
    assert reader.looks > 20 * rounds
    assert reader.whole > rounds


@pytest.mark.long
def test_a_killed_build_leaves_the_old_site_or_the_new_one(project: Project, tmp_path: Path) -> None:
    """SIGKILL at 15 random instants of builds of a site of 60 pages, a reader looking on."""
    kills(project, tmp_path / "clean", pages=60, rounds=15, seed=1)


@pytest.mark.long
def test_60_killed_builds_of_200_pages(project: Project, tmp_path: Path) -> None:
    """The same, longer; `PRESSRUN_KILLS=200` and `PRESSRUN_PAGES=500` make it longer still."""
    rounds, pages = int(os.environ.get("PRESSRUN_KILLS", "60")), int(os.environ.get("PRESSRUN_PAGES", "200"))
    kills(project, tmp_path / "clean", pages=pages, rounds=rounds, seed=int(time.time()))


# ------------------------------------------------------------ every call fails once

CALLS = {
    "os": (
        "open",
        "write",
        "link",
        "rename",
        "replace",
        "mkdir",
        "unlink",
        "rmdir",
        "fsync",
        "scandir",
        "chmod",
    ),
    "generator.output.calls": ("exchange", "sync_all"),
}
"""What a release asks of the system."""
FAILURES = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EMFILE, errno.EDQUOT)


@contextlib.contextmanager
def failing(call: str, nth: int, number: int) -> Iterator[list[str]]:
    """Let the nth call of a function fail, and only that one; gives the calls made."""
    module, _, name = call.rpartition(".")
    home = sys.modules[module]
    real: Callable[..., Any] = getattr(home, name)
    made: list[str] = []

    def call_or_fail(*given: Any, **more: Any) -> Any:
        made.append(str(given[0]))
        if len(made) == nth:
            path = given[0] if isinstance(given[0], str | Path) else None
            raise OSError(number, os.strerror(number), path)
        return real(*given, **more)

    setattr(home, name, call_or_fail)
    try:
        yield made
    finally:
        setattr(home, name, real)


def publish(root: Path, files: dict[str, str]) -> list[str]:
    """Write a release; give what was written."""
    release = open_release(load_config(root, environ={}))
    try:
        for path, text in files.items():
            release.write(Output(path, "test", text.encode()))
        release.finish()
    finally:
        release.close()
    return release.written


def site(root: Path) -> dict[str, str]:
    """The site's files."""
    base = root / "site"
    return {p.relative_to(base).as_posix(): p.read_text() for p in base.rglob("*") if p.is_file()}


OLD = {
    "index.html": "1",
    "a/index.html": "1",
    "b/index.html": "1",
    "gone/index.html": "1",
    "x": "1",
    "y/z": "1",
}
NEW = {
    "index.html": "2",
    "a/index.html": "1",
    "b/index.html": "2",
    "new/deep/index.html": "2",
    "x/x": "2",
    "y": "2",
}


@pytest.mark.parametrize("call", [f"{module}.{name}" for module, names in CALLS.items() for name in names])
def test_when_any_call_fails_the_old_site_is_untouched(project: Project, call: str) -> None:
    """Each call of each kind fails once, for every n until the build comes through; the next build is as if nothing had been."""
    root = project.root
    many = {f"many/{number}": "2" for number in range(20 if call.endswith("sync_all") else 0)}
    new = {**NEW, **many, "CNAME": CNAME}
    for nth in range(1, 300):
        publish(root, OLD)
        (root / "site/CNAME").write_text(CNAME)
        publish(root, {**OLD, "index.html": f"{nth}"})
        before, failed = site(root), ""
        with failing(call, nth, FAILURES[nth % len(FAILURES)]) as made:
            try:
                publish(root, {**NEW, **many})
            except OSError as wrong:
                failed = str(wrong.filename)
        assert site(root) == (before if failed else new), f"{call} {nth}"
        assert failed != "None", f"{call} {nth}"
        publish(root, {**NEW, **many})
        assert site(root) == new, f"{call} {nth}"
        assert litter(root) == [], f"{call} {nth}"
        if len(made) < nth:
            return
    pytest.fail("never came through")


@pytest.mark.parametrize("call", ["os.open", "os.write", "os.rename", "os.mkdir", "os.link"])
def test_when_a_call_fails_in_the_first_build_nothing_is_published(project: Project, call: str) -> None:
    """There is no half of a first site either."""
    root = project.root
    for nth in range(1, 300):
        with failing(call, nth, errno.ENOSPC) as made, contextlib.suppress(OSError):
            publish(root, OLD)
        assert site(root) in ({}, OLD), f"{call} {nth}"
        publish(root, OLD)
        assert site(root) == OLD
        assert litter(root) == [], f"{call} {nth}"
        subprocess.run(["rm", "-rf", str(root / "site"), str(root / ".pressrun")], check=True)
        if len(made) < nth:
            return
    pytest.fail("never came through")


def small_disk(at: Path, kilobytes: int) -> None:
    """Mount a small file system, or skip."""
    at.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", str(at)]
    done = subprocess.run(options, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="mounts a tmpfs")
def test_a_full_disk_leaves_the_old_site(tmp_path: Path) -> None:
    """At whatever byte the disk is full: exit status 1, one sentence with a path, the old site; with room again, the new one."""
    disk = tmp_path / "disk"
    small_disk(disk, 3000)
    try:
        project = Project(disk / "project")
        project.root.mkdir()
        edition(project, 1, 60)
        finish(project.root)
        outcomes = set()
        for number, room in enumerate(range(0, 700, 50), 2):
            edition(project, number, 60)
            before = project.tree()
            filler = disk / "filler"
            free = os.statvfs(disk)
            filler.write_bytes(b"x" * max(0, free.f_bavail * free.f_frsize - room * 1024))
            done = subprocess.run(
                command(project.root, "--jobs", "1"), env=environment(), capture_output=True, text=True
            )
            outcomes.add(done.returncode)
            if done.returncode:
                assert done.returncode == 1, done.stderr
                assert project.tree() == before
                lines = done.stderr.splitlines()
                assert len(lines) == 1, done.stderr
                assert "No space left on device: " in lines[0]
                assert str(disk) in lines[0]
            filler.unlink()
            finish(project.root)
            assert versions(project.root) == {str(number).encode()}
            assert litter(project.root) == []
        assert outcomes == {0, 1}
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def two_at_once(project: Project, clean: Path, rounds: int) -> None:
    """Start two builds of one site at the same instant."""
    edition(project, 1, 30)
    for number in range(2, rounds + 2):
        edition(project, number, 30)
        both = [start(project.root, "--jobs", "1") for _ in range(2)]
        said = [one.communicate(timeout=120)[1].decode() for one in both]
        for one, words in zip(both, said, strict=True):
            assert one.returncode == 0 or (one.returncode == 75 and "another build" in words), words
        assert versions(project.root) == {str(number).encode()}
        assert litter(project.root) == []
    assert project.tree() == project.clean_tree(clean)


@pytest.mark.long
def test_two_builds_at_once_do_not_disturb_each_other(project: Project, tmp_path: Path) -> None:
    """The second waits, or ends with a sentence that names the first."""
    two_at_once(project, tmp_path / "clean", rounds=5)


@pytest.mark.long
def test_two_builds_at_once_50_times(project: Project, tmp_path: Path) -> None:
    """The same, longer."""
    two_at_once(project, tmp_path / "clean", rounds=50)


def test_clean_removes_both_trees(project: Project) -> None:
    """And leaves what it did not write."""
    edition(project, 1, 3)
    project.build()
    (project.root / "site/CNAME").write_text(CNAME)
    edition(project, 2, 3)
    project.build()
    done = subprocess.run([sys.executable, "-m", "generator", "clean", str(project.root)], env=environment())
    assert done.returncode == 0
    assert site(project.root) == {"CNAME": CNAME}
    assert not (project.root / ".pressrun").exists()
