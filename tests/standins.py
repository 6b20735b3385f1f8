"""Stand-ins for libraries that pages of a corpus import: everything they have can be called, indexed, inherited from, shown.

`tests/corpora.py --run NAME` copies this file beside the pages and writes modules whose every name is a `Thing`.
"""

from __future__ import annotations

from pressrun.components.node import Component, Kind

KIND = Kind("thing", "span")


class Thing(Component):
    """What any name of a missing library is; in a page it is an empty element."""

    __slots__ = ()

    def __new__(cls, *args, **kwargs):
        made = object.__new__(cls)
        values = {
            "kind": KIND,
            "tag": "span",
            "attributes": {},
            "events": {},
            "children": (),
            "style": {},
            "key": None,
        }
        for name, value in values.items():
            object.__setattr__(made, name, value)
        return made

    def __init__(self, *args, **kwargs):
        """Take anything, also what `class Name(Thing)` gives."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Thing()

    def __setattr__(self, name, value):
        """Keep nothing."""

    def __call__(self, *args, **kwargs):
        return Thing()

    def __iter__(self):
        return iter((Thing(), Thing()))  # so that it can be unpacked, as most is

    def __len__(self):
        return 0

    def __bool__(self):
        return True

    def __hash__(self):
        return 0

    def __str__(self):
        return "thing"

    def __format__(self, spec):
        return "thing"

    def __int__(self):
        return 1

    __index__ = __int__

    def __float__(self):
        return 1.0

    def __enter__(self):
        return self

    def __exit__(self, *wrong):
        return None

    __getitem__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = (
        __rtruediv__
    ) = __call__
    __mod__ = __pow__ = __and__ = __or__ = __ror__ = __xor__ = __invert__ = __neg__ = __matmul__ = __eq__ = (
        __ne__
    ) = __call__
    __lt__ = __le__ = __gt__ = __ge__ = __setitem__ = __call__


def any_name(name):
    """Give a module's attribute."""
    if name.startswith("__"):
        raise AttributeError(name)
    return Thing()
