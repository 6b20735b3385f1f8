"""Rows: the parts of a view that `foreach` repeats. It travels with the views that have any.

What has not changed is neither evaluated again nor sent. The page is told of `[runs, changes]`: of which old rows the new
ones are made, in order, as `[first, count]` (`[-1, count]` for new ones), and the values that differ, by the new place.
"""

from __future__ import annotations

from typing import Any

from .live import changes_of, reads_of
from .tracked import _Tracked
from .values import evaluate, shown

KEY = "k"
"""Where a row keeps its key, beside its values, which have numbers."""


def rows_of(demos: Any, node: list[Any], loops: dict[int, Any], place: Any) -> list[Any]:
    """The values of all rows. `place`: demo, number, and names of what has changed, for rows that are in no other row."""
    items = evaluate(node[1], demos, loops)
    loop = node[2]
    if isinstance(items, dict):
        items = [list(pair) for pair in items.items()]
    elif isinstance(items, int):
        items = range(items)
    known: dict[Any, Any] = {}
    before: dict[Any, Any] = {}
    if place:
        demo, number, names = place
        read: set[str] = set()
        reads_of(node[3:], read)
        if names is not None and not any(name in read for name in names):
            before = demos.known.get((demo, number), before)
        demos.known[demo, number] = known
    rows = []
    index = 0
    for item in items:
        key = (id(item), index)
        age = age_of(item)
        seen = before.get(key)
        if seen and seen[0] is item and seen[1] == age is not None:
            row = seen[2]
        else:
            inner = dict(loops)
            inner[loop], inner[loop + 1] = item, index
            row = demos.values(node[3], inner)
            if len(node) > 4:
                row[KEY] = shown(evaluate(node[4], demos, inner))
        known[key] = (item, age, row)
        rows.append(row)
        index += 1
    return rows


def age_of(value: Any) -> Any:
    """A number that grows with each change of a container, or of one inside of it; None: nobody would notice a change."""
    if isinstance(value, _Tracked):
        ages = [value._stamp]
        ages.extend(age_of(part) for part in value._parts())  # type: ignore[attr-defined]
        return None if None in ages else max(ages)
    return 0 if value is None or isinstance(value, (str, int, float)) else None


def moves(node: list[Any], old: list[Any], new: list[Any]) -> list[Any]:
    """What turns the old rows into the new ones: `[runs, changes]`."""
    places = {old[index].get(KEY, index): index for index in range(len(old))}
    runs: list[list[int]] = []
    changes = {}
    for index in range(len(new)):
        place = places.pop(new[index].get(KEY, index), -1)
        if runs and place == (sum(runs[-1]) if runs[-1][0] >= 0 else -1):
            runs[-1][1] += 1
        else:
            runs.append([place, 1])
        before = old[place] if place >= 0 else {}
        if before != new[index]:
            changes[index] = changes_of(node[3], before, new[index])
    return [runs, changes]
