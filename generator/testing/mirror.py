"""Mirror: the values that the page has, kept up to date by what the worker sends, as the page's script keeps them.

Rows of repeated parts keep their identity when they move: each has a serial number of its own.
"""

from __future__ import annotations

from typing import Any

SERIAL = "#"
"""Where a row keeps its serial number, beside its values, which have numbers as their names."""

Path = tuple[Any, ...]


class Mirror:
    """A page's values by number; those of a repeated part are a list of rows, which are such dicts themselves."""

    def __init__(self, table: dict[str, Any], first: dict[str, Any]) -> None:
        self.table = table
        self.values = first
        self._count = 0
        self._mark(table, first)

    def _mark(self, table: dict[str, Any], values: dict[str, Any]) -> None:
        for number, node in table.items():
            if node[0] == "each":
                for row in values.get(number) or []:
                    row[SERIAL] = self._serial()
                    self._mark(node[3], row)

    def _serial(self) -> int:
        self._count += 1
        return self._count

    def follow(self, news: dict[str, Any]) -> set[tuple[Path, str]]:
        """Take news of the worker; gives what has changed, as path of the row and number."""
        changed: set[tuple[Path, str]] = set()
        self._follow(self.table, self.values, news, (), changed)
        return changed

    def _follow(
        self,
        table: dict[str, Any],
        values: dict[str, Any],
        news: dict[str, Any],
        path: Path,
        changed: set[tuple[Path, str]],
    ) -> None:
        for number, value in news.items():
            node = table[number]
            if node[0] != "each":
                values[number] = value
                changed.add((path, number))
                continue
            old, (runs, changes) = values.get(number) or [], value  # see `pressrun.live`
            rows = [row for run in runs for row in self._rows(old, *run)]
            for at, more in changes.items():
                row = rows[int(at)]
                self._follow(node[3], row, more, (*path, number, row[SERIAL]), changed)
            values[number] = rows

    def _rows(self, old: list[Any], first: int, count: int) -> list[Any]:
        return old[first : first + count] if first >= 0 else [{SERIAL: self._serial()} for _ in range(count)]
