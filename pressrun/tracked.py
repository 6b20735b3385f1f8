"""Containers that tell their field when they change: lists and dicts (`sets` has the third kind).

A list, dict or set that is assigned to a field becomes one of these, and so does everything inside it. A change at any
depth marks exactly the fields the container was assigned to. `copy()` and the `copy` module give ordinary containers
again, which belong to nobody.

All three interpreters run this file: that is why item assignment goes by way of a plain list (MicroPython's `list` has
no `__setitem__` to inherit) and why dicts are ordered dicts there.
"""

# mypy: ignore-errors
# Reason: the classes mix methods into built-in containers, which type checkers cannot follow.

from __future__ import annotations

import sys
from collections import OrderedDict
from typing import Any

_Mapping = OrderedDict if sys.implementation.name == "micropython" else dict

_clock = [0]
_LIST_CHANGES = "append extend insert pop remove clear reverse sort"
_DICT_CHANGES = "__setitem__ __delitem__ update setdefault pop popitem clear"


class _Tracked:
    """What the containers share: the fields they belong to, when they changed, and how to leave them."""

    _stamp = 0

    def _own(self, owner: Any, field: str) -> None:
        """Add a field to those that a change marks, here and in everything inside."""
        if (owner, field) not in self._owners:
            self._owners.append((owner, field))
            for part in self._parts():
                if isinstance(part, _Tracked):
                    part._own(owner, field)

    def _check(self) -> None:
        for owner, _ in self._owners:
            owner.check_write()

    def _changed(self) -> None:
        """Mark the fields, and take in what has just been put inside."""
        self._adopt()
        _clock[0] = self._stamp = _clock[0] + 1
        for owner, field in self._owners:
            owner.mark(field)

    def __copy__(self) -> Any:
        return self.copy()

    def __deepcopy__(self, memo: Any) -> Any:
        return plain(self)

    def __reduce__(self) -> Any:
        return (plain(self).__class__, (plain(self),))


class TrackedList(_Tracked, list):
    """A list that belongs to one or more fields."""

    def __init__(self, items: Any = ()) -> None:
        super(TrackedList, self).__init__(items)
        self._owners = []

    def _parts(self) -> Any:
        return self

    def _replace(self, items: Any) -> None:
        base = super(TrackedList, self)
        base.clear()
        base.extend(items)

    def _adopt(self) -> None:
        if any(_strange(item) for item in self):
            self._replace([_wrap(item, self._owners) for item in self])

    def copy(self) -> Any:
        return list(self)

    def __setitem__(self, index: Any, value: Any) -> None:
        self._check()
        items = list(self)
        items[index] = value
        self._replace(items)
        self._changed()

    def __delitem__(self, index: Any) -> None:
        self._check()
        items = list(self)
        del items[index]
        self._replace(items)
        self._changed()

    def __iadd__(self, items: Any) -> Any:
        self.extend(items)
        return self

    def __imul__(self, times: int) -> Any:
        self[:] = list(self) * times
        return self


class TrackedDict(_Tracked, _Mapping):
    """A dict that belongs to one or more fields."""

    def __init__(self, items: Any = ()) -> None:
        super(TrackedDict, self).__init__(items)
        self._owners = []

    def _parts(self) -> Any:
        return self.values()

    def _adopt(self) -> None:
        for key in [key for key, item in self.items() if _strange(item)]:
            super(TrackedDict, self).__setitem__(key, _wrap(self[key], self._owners))

    def copy(self) -> Any:
        return dict(self)

    def __ior__(self, items: Any) -> Any:
        self.update(items)
        return self

    def __repr__(self) -> str:
        return "{" + ", ".join(["%r: %r" % pair for pair in self.items()]) + "}"


def _watch(cls: type[Any], names: Any) -> None:
    """Override the methods that change a container, so that they ask first and tell afterwards."""
    for name in names.split():
        setattr(cls, name, _watched(cls, name))


def _watched(cls: type[Any], name: str) -> Any:
    def change(self, *args: Any, **kwargs: Any) -> Any:
        self._check()
        result = getattr(super(cls, self), name)(*args, **kwargs)
        self._changed()
        return self[args[0]] if name == "setdefault" else result

    return change


_watch(TrackedList, _LIST_CHANGES)
_watch(TrackedDict, _DICT_CHANGES)


def _strange(value: Any) -> bool:
    return isinstance(value, (list, dict, set, tuple)) and not isinstance(value, _Tracked)


def _wrap(value: Any, owners: list[Any]) -> Any:
    for owner, field in owners:
        value = tracked(value, owner, field)
    return value


def tracked(value: Any, owner: Any, field: str) -> Any:
    """The value as a field keeps it: containers tracked at every depth, anything else untouched."""
    if not isinstance(value, _Tracked):
        if isinstance(value, dict):
            value = TrackedDict([(key, tracked(item, owner, field)) for key, item in value.items()])
        elif isinstance(value, list):
            value = TrackedList([tracked(item, owner, field) for item in value])
        elif isinstance(value, set):
            from .sets import TrackedSet

            value = TrackedSet(value)
        elif type(value) is tuple:
            return tuple([tracked(item, owner, field) for item in value])
        else:
            return value
    value._own(owner, field)
    return value


def plain(value: Any) -> Any:
    """The same value in ordinary containers, at every depth."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, set):
        return set(value)
    if type(value) is tuple:
        return tuple([plain(item) for item in value])
    return value
