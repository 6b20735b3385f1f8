"""Sets that tell their field when they change. It travels with demos whose code can make a set."""

# mypy: ignore-errors
# Reason: the class mixes methods into a built-in container, which type checkers cannot follow.

from __future__ import annotations

from typing import Any

from .tracked import _Tracked, _watch

_SET_CHANGES = (
    "add remove discard pop clear update difference_update intersection_update symmetric_difference_update"
)


class TrackedSet(_Tracked, set):
    """A set that belongs to one or more fields (what is inside a set cannot change)."""

    def __init__(self, items: Any = ()) -> None:
        super(TrackedSet, self).__init__(items)
        self._owners = []

    def _parts(self) -> Any:
        return ()

    def _adopt(self) -> None:
        pass

    def copy(self) -> Any:
        return set(self)

    def __ior__(self, items: Any) -> Any:
        self.update(items)
        return self

    def __iand__(self, items: Any) -> Any:
        self.intersection_update(items)
        return self

    def __isub__(self, items: Any) -> Any:
        self.difference_update(items)
        return self

    def __ixor__(self, items: Any) -> Any:
        self.symmetric_difference_update(items)
        return self

    def __repr__(self) -> str:
        return repr(set(self))


_watch(TrackedSet, _SET_CHANGES)
