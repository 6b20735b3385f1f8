"""The keystone: after any edits, an incremental build gives the bytes, and the problems, of a clean one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from edits import CHOICES
from generator.build import Context
from harness import Project
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as first_seed
from hypothesis import strategies as st
from parity import Parity, shared_helpers

SEED = int(os.environ.get("PRESSRUN_SEED", "1"))
"""Of the long test; another one makes other histories."""
EDITS = int(os.environ.get("PRESSRUN_EDITS", "2000"))
"""How many edits the long test makes at least."""


@pytest.fixture(scope="module")
def contexts() -> Iterator[tuple[Context, Context]]:
    with shared_helpers() as pair:
        yield pair


def replay(contexts: tuple[Context, Context], start: int, bursts: list[list[tuple[str, int]]]) -> None:
    """Make a site, build it, and check it after each burst of edits."""
    with TemporaryDirectory() as folder:
        site = Parity(Path(folder).resolve(), contexts)
        site.history.begin(start)
        site.check()
        for burst in bursts:
            for name, number in burst:
                site.history.edit(name, number)
            site.history.done.append("build")
            site.check()


EDIT = st.tuples(st.sampled_from(CHOICES), st.integers(0, 2**16))
BURST = st.lists(EDIT, min_size=1, max_size=4)
RULES = settings(
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
    print_blob=True,
)


@settings(RULES, max_examples=4, derandomize=True)
@given(start=st.integers(0, 2**16), bursts=st.lists(BURST, min_size=4, max_size=8))
def test_incremental_equals_clean_after_random_edits(
    contexts: tuple[Context, Context], start: int, bursts: list[list[tuple[str, int]]]
) -> None:
    """Pages, modules two imports away, data, templates, configuration, clock, output, cache: see `edits.py`."""
    replay(contexts, start, bursts)


@pytest.mark.long
def test_incremental_equals_clean_after_two_thousand_random_edits(contexts: tuple[Context, Context]) -> None:
    """`PRESSRUN_SEED=n` makes other histories, `PRESSRUN_EDITS=10000` more of them; a failure prints the edits, made fewer and simpler."""
    edits = 0
    for number in range(10_000):

        @first_seed(SEED * 10_000 + number)
        @settings(RULES, max_examples=10)
        @given(start=st.integers(0, 2**16), bursts=st.lists(BURST, min_size=10, max_size=20))
        def some(start: int, bursts: list[list[tuple[str, int]]]) -> None:
            nonlocal edits
            replay(contexts, start, bursts)
            edits += sum(map(len, bursts))

        some()
        print(f"PRESSRUN_SEED={SEED}: {edits} edits")
        if edits >= EDITS:
            return


def test_a_failing_history_is_seen(contexts: tuple[Context, Context], monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison itself works: a cache that forgets what modules were read gives another site than a clean build."""
    monkeypatch.setattr("generator.cache.Reads.note", lambda self, keys: None)
    with TemporaryDirectory() as folder:
        site = Parity(Path(folder).resolve(), contexts)
        site.history.begin(1)
        site.history.put("blog/a.md", "---\nfrom blog.shared import shown\n---\n{{ shown() }}\n")
        site.history.put("blog/shared.py", "def shown():\n    return 1\n")
        site.check()
        site.history.put("blog/shared.py", "def shown():\n    return 2\n")
        with pytest.raises(AssertionError, match="blog/a/index.html"):
            site.check()


def test_a_summary_of_another_build_is_not_believed(project: Project) -> None:
    """A build that was killed may leave the content of today beside the summary of yesterday."""
    project.write("content/a.md", "# A\n").build()
    file = project.root / ".pressrun/cache.db"
    with closing(sqlite3.connect(file)) as base:
        old = base.execute("SELECT * FROM units WHERE unit = 'summary:content/a.md'").fetchone()
    project.write("content/a.md", "# A\n\n[x](nowhere.md)\n").build()
    with closing(sqlite3.connect(file, isolation_level=None)) as base:
        base.execute("REPLACE INTO units VALUES (?, ?, ?, ?)", old)
    assert len(project.build().problems) == 1
