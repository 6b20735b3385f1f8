"""What the Python of a live demo imports: states, events, computed vars, and (while a site is built) components."""

from .events import background, console_log, event
from .expr import Var
from .runtime import ImmutableStateError
from .state import State, var

__all__ = ["ImmutableStateError", "State", "Var", "background", "console_log", "event", "var"]


def __getattr__(name: str) -> object:
    """Components are looked up when they are asked for: a browser never asks, and does not get them."""
    if not name.startswith("_") and name != "components":
        from .components import __all__ as names

        if name in names:
            import sys

            return getattr(sys.modules["pressrun.components"], name)
    raise AttributeError("module 'pressrun' has no attribute %r" % name)
