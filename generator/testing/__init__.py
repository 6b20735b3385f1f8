"""Testing: a demo mounted without a browser, for its author's tests; `pressrun.testing` is the door to it.

The view is compiled as in a build, events and values cross as JSON text as they do between page and worker, and time is
virtual: a test of a task that sleeps for an hour is over at once, and gives the same each time.
"""

from __future__ import annotations

from .element import Element
from .mounted import Demo, mount

__all__ = ["Demo", "Element", "mount"]
