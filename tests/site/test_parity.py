"""The keystone: after any edits, an incremental build gives the bytes, and the problems, of a clean one."""

from __future__ import annotations

import os
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from dealer import KINDS, WEIGHTS, Dealer
from edits import NAMED, PART_VERBS, QUIET_EVERY, VERBS, History
from harness import Project
from inputs import INPUTS, PARTS
from parity import Parity, Told, invented, replay, shared_helpers, simpler

from generator import cache, edits
from generator.build import Context

SEED = int(os.environ.get("PRESSRUN_SEED", "1"))
"""Of the long test; another one makes other histories."""
EDITS = int(os.environ.get("PRESSRUN_EDITS", "2000"))
"""How many edits the long test makes at least."""
LENGTH = 100
"""Edits of one history."""
OF_BUILDS = {"tamper", "hurt_cache"}
"""Edits of what builds make."""


@pytest.fixture(scope="module")
def contexts() -> Iterator[tuple[Context, Context]]:
    with shared_helpers() as pair:
        yield pair


@pytest.mark.parametrize("seed", [1, 2, QUIET_EVERY])
def test_incremental_equals_clean_after_random_edits(contexts: tuple[Context, Context], seed: int) -> None:
    """All kinds of input, the configuration, clock, environment, repository, output, cache: see `inputs.py` and `edits.py`."""
    invented(contexts, Dealer(random.Random(seed)), seed, LENGTH // 2, Told())


def behind(dealer: Dealer) -> list[str]:
    """Name the edits that were hardly ever made, and the inputs of which no edit alone has changed a site."""
    rare = [name for name in NAMED if dealer.made[name] < EDITS // 500]
    idle = [one for one in (*INPUTS, *(f"[{part}]" for part in PARTS)) if not dealer.mattered[one]]
    return [*rare, *idle]


@pytest.mark.long
def test_incremental_equals_clean_after_two_thousand_random_edits(
    contexts: tuple[Context, Context], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`PRESSRUN_SEED=n` makes other histories, `PRESSRUN_EDITS=10000` more of them; a failure ends in a call that repeats it, made simpler."""
    kinds: set[str] = set()
    quick = 0
    put, rebuild = cache.Cache.put, edits.rebuild

    def noted(self: cache.Cache, unit: str, keys: dict[str, str], *rest: object, keep: bool = True) -> None:
        kinds.update(key.partition(":")[0] for key in keys)
        put(self, unit, keys, *rest, keep=keep)

    def counted(*arguments: object, **more: object) -> object:
        nonlocal quick
        found = rebuild(*arguments, **more)
        quick += found is not None
        return found

    monkeypatch.setattr(cache.Cache, "put", noted)
    monkeypatch.setattr(edits, "rebuild", counted)
    dealer, record, number = Dealer(random.Random(SEED)), Told(), SEED * 10_000
    while dealer.made.total() < EDITS or (behind(dealer) and dealer.made.total() < EDITS * 1.5):
        invented(contexts, dealer, number, LENGTH, record)
        number += 1
        print(
            f"PRESSRUN_SEED={SEED}: {dealer.made.total()} edits, {record.builds} builds ({record.stopped} of what cannot be built, {quick} of pages alone), {record.previews} previews"
        )
    assert behind(dealer) == [], "edits that were hardly ever made, inputs of which no edit changed a site"
    assert quick > EDITS // 100
    assert record.previews > EDITS // 100
    print(sorted(kinds))


def test_every_kind_of_edit_is_made_to_every_kind_of_input(tmp_path: Path) -> None:
    """In a thousand edits each pair occurs, nearly all twice or more; an edit for which there is nothing to do is not counted."""
    dealer, number = Dealer(random.Random(1)), 0
    while dealer.made.total() < 1000:
        root = tmp_path / str(number)
        root.mkdir()
        history, number = History(root), number + 1
        history.begin(QUIET_EVERY * number + 1)  # no quiet one
        for _ in range(LENGTH // 2):
            dealer.burst(history, stopped=False)
    pairs = [f"{verb} {kind}" for kind in INPUTS for verb in VERBS] + [
        f"{verb} [{part}]" for part in PARTS for verb in PART_VERBS
    ]
    assert len(pairs) > 280
    made = {name: dealer.made[name] for name in {*pairs, *NAMED} - OF_BUILDS}
    assert [name for name, times in made.items() if not times] == []
    assert len([name for name, times in made.items() if times < 2]) <= 5


def test_what_is_behind_is_dealt_first(tmp_path: Path) -> None:
    """What was made least; alone, what was tried least, and tries that changed nothing count less."""
    history = History(tmp_path)
    history.begin(1)
    for name in ("change page", "change [address]", "clock"):
        dealer = Dealer(random.Random(1), made=Counter({one: 9 * WEIGHTS[one] for one in {*NAMED} - {name}}))
        assert [dealer.deal(history)[0], dealer.deal(history)[0]] == [name, name]
    dealer = Dealer(random.Random(1), tried=Counter(dict.fromkeys({*KINDS} - {"page"}, 5)))
    assert {dealer.deal_alone(history)[0].partition(" ")[2] for _ in range(5)} == {"page"}
    dealer = Dealer(
        random.Random(1),
        tried=Counter(dict.fromkeys(KINDS, 3)),
        mattered=Counter(dict.fromkeys({*KINDS} - {"order"}, 1)),
    )
    assert [dealer.deal_alone(history)[0].partition(" ")[2] for _ in range(3)] == ["order"] * 3
    assert dealer.mattered["order"] == 0


def test_an_input_is_asked_for_before_it_is_edited_alone(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.begin(1)
    dealer = Dealer(random.Random(1), tried=Counter(dict.fromkeys({*KINDS} - {"glossary"}, 9)))
    assert dealer.deal_alone(history)[0] == "use glossary"
    assert 'glossary = "glossary.md"' in history.read("pyproject.toml")
    assert {dealer.deal_alone(history)[0].partition(" ")[2] for _ in range(9)} == {"glossary"}


def test_a_failing_history_is_seen_and_made_simpler(
    contexts: tuple[Context, Context], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison itself works: a cache that forgets what lists show gives another site than a clean build."""
    monkeypatch.setattr("generator.cache.Reads.file", lambda self, path: self.facts.file(path))
    with pytest.raises(AssertionError, match="after these edits") as wrong:
        invented(contexts, Dealer(random.Random(1)), QUIET_EVERY, 20, Told())
    assert wrong.value.__notes__[0].startswith(f"replay(contexts, {QUIET_EVERY}, [[(")
    bursts = eval(
        wrong.value.__notes__[0].removeprefix(f"replay(contexts, {QUIET_EVERY}, ").removesuffix(")")
    )
    assert sum(map(len, bursts)) <= 4
    with pytest.raises(AssertionError):
        replay(contexts, QUIET_EVERY, bursts)


def test_a_history_is_made_simpler_as_long_as_it_fails() -> None:
    bursts = [[(name, 0), (name + name, 1)] for name in "abcdefgh"]
    tried = []

    def still(some: list[list[tuple[str, int]]]) -> bool:
        tried.append(some)
        names = [name for burst in some for name, _ in burst]
        return "b" in names and "gg" in names

    assert simpler(bursts[:7], still) == [[("b", 0)], [("gg", 1)]]
    assert len(tried) < 30


def test_a_failing_comparison_is_seen(
    contexts: tuple[Context, Context], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.cache.Reads.note", lambda self, keys: None)
    with TemporaryDirectory() as folder:
        site = Parity(Path(folder).resolve(), contexts)
        site.history.begin(1)
        site.history.put("blog/a.md", "---\nfrom blog.shared import shown\n---\n{{ shown() }}\n")
        site.history.put("blog/shared.py", "def shown():\n    return 1\n")
        site.check()
        site.history.put("blog/shared.py", "def shown():\n    return 2\n")
        with pytest.raises(AssertionError, match=r"blog/a/index\.html"):
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
