"""Cache: facts with their reasons; whatever happens to the file, no wrong page and no exception comes of it."""

from __future__ import annotations

import ast
import multiprocessing
import os
import random
import shutil
import sqlite3
from pathlib import Path

import pytest
from harness import Project

from generator.cache import MISSING, Cache, Facts, Reads, Unreadable, digest, read_regular
from generator.errors import BusyError
from generator.locks import lock

GENERATOR = Path(__file__).parents[2] / "generator"
PAGE = "---\ntitle: {n}\ndate: 2026-01-0{n}\ntags: [t]\n---\n# Page {n}\n\nText [other](p1.md)\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, bytes, dict[str, bytes]]:
    """A built site, its cache and its output."""
    root = tmp_path_factory.mktemp("site") / "project"
    root.mkdir()
    project = Project(root)
    for n in (1, 2):
        project.write(f"blog/p{n}.md", PAGE.format(n=n))
    project.build()
    assert project.problems == []
    return project, (root / ".pressrun/cache.db").read_bytes(), project.tree()


DAMAGED = ".pressrun/cache.db: warning: the cache was damaged; the site was built anew"


def rebuild(built: tuple[Project, bytes, dict[str, bytes]], cache: bytes) -> list[str]:
    """Build with this cache; the output must be that of a clean build."""
    project, _, clean = built
    (project.root / ".pressrun/cache.db").write_bytes(cache)
    project.build()
    assert project.tree() == clean
    return project.problems


@pytest.mark.parametrize("part", [0, 0.001, 0.3, 0.9])
def test_a_truncated_cache_is_a_cold_build(
    built: tuple[Project, bytes, dict[str, bytes]], part: float
) -> None:
    cache = built[1]
    assert rebuild(built, cache[: int(len(cache) * part)]) in ([], [DAMAGED])
    assert rebuild(built, (built[0].root / ".pressrun/cache.db").read_bytes()) == []


def test_bit_flips_never_reach_the_output(built: tuple[Project, bytes, dict[str, bytes]]) -> None:
    """Fifty places; some of them are in bytes that mean nothing, and go unnoticed."""
    random_ = random.Random(7)
    for _ in range(50):
        cache = bytearray(built[1])
        at = random_.randrange(len(cache))
        cache[at] ^= 1 << random_.randrange(8)
        assert rebuild(built, bytes(cache)) in ([], [DAMAGED]), f"bit at {at}"


def test_a_foreign_file_is_a_cold_build_and_is_said(built: tuple[Project, bytes, dict[str, bytes]]) -> None:
    assert rebuild(built, b"These are the notes of somebody.\n" * 400) == [DAMAGED]


def test_a_database_of_another_program_is_a_cold_build(
    built: tuple[Project, bytes, dict[str, bytes]], tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "x.db") as database:
        database.execute("CREATE TABLE units (mine TEXT)")
    database.close()
    assert rebuild(built, (tmp_path / "x.db").read_bytes()) == [DAMAGED]


@pytest.mark.parametrize("kind", ["folder", "folder with a file", "FIFO", "link to nowhere"])
def test_something_else_in_the_place_of_the_cache_is_a_cold_build(
    built: tuple[Project, bytes, dict[str, bytes]], kind: str
) -> None:
    project, _, clean = built
    path = project.root / ".pressrun/cache.db"
    path.unlink()
    if kind == "FIFO":
        os.mkfifo(path)
    elif kind.startswith("link"):
        path.symlink_to("nothing/at/all")
    else:
        path.mkdir()
        if kind.endswith("file"):
            (path / "mine").write_text("mine")
    project.build()
    assert project.tree() == clean
    if kind.endswith("a file"):
        assert (path / "mine").read_text() == "mine"
    shutil.rmtree(project.root / ".pressrun")
    shutil.rmtree(project.root / "site")
    assert project.build().problems == []


def test_a_damaged_value_is_computed_again_when_it_is_needed(project: Project, tmp_path: Path) -> None:
    """Its trace is whole, so the page need not be composed; a new template asks for its content."""
    for n in (1, 2):
        project.write(f"blog/p{n}.md", PAGE.format(n=n))
    project.build()
    with sqlite3.connect(project.root / ".pressrun/cache.db") as database:
        database.execute("UPDATE units SET value = x'00' WHERE unit = 'compose:blog/p1.md'")
    database.close()
    project.write("templates/post.html", "{{ content }}!").build()
    assert project.ran("compose") == ["blog/p1.md"]
    assert project.tree() == project.clean_tree(tmp_path / "clean")


def test_rows_that_were_changed_by_hand_are_not_believed(tmp_path: Path) -> None:
    store = Cache(tmp_path / "cache.db", "f")
    assert store.open()
    store.put("load:a", {"file:a": "1"}, b"value")
    store.close()
    with sqlite3.connect(tmp_path / "cache.db") as database:
        database.execute("UPDATE units SET value = ?", (b"other",))
    database.close()
    store = Cache(tmp_path / "cache.db", "f")
    assert store.open()
    assert store.value("load:a") is None
    store.close()
    with sqlite3.connect(tmp_path / "cache.db") as database:
        database.execute("UPDATE units SET unit = 'load:b'")
    database.close()
    store = Cache(tmp_path / "cache.db", "f")
    assert not store.open()
    assert store.traces == {}
    store.close()


def test_another_generator_drops_everything(tmp_path: Path) -> None:
    for fingerprint, kept in (("1", False), ("1", True), ("2", False)):
        store = Cache(tmp_path / "cache.db", fingerprint)
        assert store.open()
        assert ("load:a" in store.traces) is kept
        store.put("load:a", {}, b"value")
        store.close()


def test_absence_is_a_fact(tmp_path: Path) -> None:
    reads = Reads(Facts(tmp_path))
    assert reads.file("a") is None
    assert not reads.exists("b/c")
    assert reads.fact("route:a") is None
    assert reads.keys == {"file:a": MISSING, "file:b/c": MISSING, "route:a": MISSING}


def test_a_unit_runs_again_when_a_key_changed_and_says_which(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    store = Cache(tmp_path / "cache.db", "f")
    store.put("load:a", {"file:a": digest(b"1"), "file:b": MISSING}, b"")
    assert store.changed_key("load:a", Facts(tmp_path)) is None
    assert store.changed_key("load:b", Facts(tmp_path)) == "new"
    (tmp_path / "b").write_text("")
    assert store.changed_key("load:a", Facts(tmp_path)) == "file:b"


def test_only_regular_files_are_read_and_nothing_is_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    assert read_regular(str(tmp_path / "folder")) is None
    with pytest.raises(Unreadable, match="not a regular file"):
        read_regular(str(tmp_path / "fifo"))
    with pytest.raises(Unreadable, match="symbolic links"):
        read_regular(str(tmp_path / "loop"))
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for _ in range(20):
        read_regular(str(tmp_path / "folder"))
    assert not before or len(os.listdir("/proc/self/fd")) == before


def hold(state: Path, ready: object, done: object) -> None:
    """Hold the lock until told to let go."""
    with lock(state, 0):
        ready.set()  # type: ignore[attr-defined]
        done.wait(20)  # type: ignore[attr-defined]


def test_a_second_build_is_told_who_holds_the_lock_or_waits_for_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=hold, args=(tmp_path, ready, done))
    other.start()
    try:
        assert ready.wait(20)
        with (
            pytest.raises(
                BusyError, match=f"another build holds the lock of this site: process {other.pid}$"
            ),
            lock(tmp_path, 0.1),
        ):
            pass
        done.set()
        with lock(tmp_path, 20):
            assert (tmp_path / "lock").read_text() == f"process {os.getpid()}"
    finally:
        done.set()
        other.join()


def test_no_room_can_load_code_from_stored_data() -> None:
    for path in GENERATOR.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {"pickle", "marshal", "shelve", "dill", "cloudpickle"} & {
                n.partition(".")[0] for n in names
            }, path
