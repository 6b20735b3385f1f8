"""What the Python of a live demo imports: states, events, computed vars, and (while a site is built) components."""

from .events import background, console_log, event
from .expr import Var
from .runtime import ImmutableStateError
from .state import State, var

try:
    from .toasts import toast
except ImportError:
    pass  # nobody on the page mentions it

__all__ = ["ImmutableStateError", "State", "Var", "background", "console_log", "event", "toast", "var"]


def __getattr__(name: str) -> object:
    """Components are looked up when they are asked for: a browser never asks, and does not get them."""
    if not name.startswith("_") and name != "components":
        import difflib

        from . import components

        try:
            return components.named(name)
        except KeyError:
            near = difflib.get_close_matches(
                name, __all__ + components.__all__ + list(components.OTHERS), 1, 0.6
            )
        if near:
            raise AttributeError("module 'pressrun' has no %r; did you mean %r?" % (name, near[0]))
    raise AttributeError("module 'pressrun' has no attribute %r" % name)
