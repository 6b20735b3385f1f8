"""Events: what the reader does and what handlers ask for, and the decorators that say how a handler runs."""

from __future__ import annotations

import sys
from typing import Any

PLAIN, ASYNC, GENERATOR, ASYNC_GENERATOR = 0, 1, 2, 3
"""The four kinds of handlers. MicroPython cannot tell the last three apart: there the build says which it is."""

OPTIONS = ("background", "supersedes", "debounce", "throttle", "prevent_default", "stop_propagation")
"""What `event()` takes."""


class Effect:
    """Something the page does when its turn in the queue comes: not a handler, nothing to wait for."""

    def __init__(self, name: str, args: Any) -> None:
        self.name = name
        self.args = args
        self.origin: Any = None
        self.ticket: Any = None


def console_log(message: Any) -> Effect:
    """Write a message to the browser's console."""
    return Effect("log", [message])


class Event:
    """One call of a handler that is yet to happen."""

    def __init__(self, handler: Any, args: Any = (), kwargs: Any = None) -> None:
        self.handler = handler
        self.args = args
        self.kwargs = kwargs or {}
        self.origin: Any = None
        self.ticket: Any = None


class EventHandler:
    """A handler as its class has it: `Counter.add` names it, `Counter.add(3)` is an Event, `self.add(3)` calls it."""

    kind = PLAIN
    owner: Any = None
    name = ""

    def __init__(self, function: Any, options: Any) -> None:
        self.function = self.__wrapped__ = function
        self.options = options
        self.background = options.get("background", False)

    def __get__(self, state: Any, owner: Any = None) -> Any:
        if state is None:
            return self
        function = self.function
        if not self.background:
            return lambda *args, **kwargs: function(state, *args, **kwargs)
        name = self.owner.__name__ + "." + self.name
        message = (
            "Cannot directly call background task %r, use `yield %s` or `return %s` instead."
            % (self.name, name, name)
        )  # fmt: skip

        def refuse(*args: Any, **kwargs: Any) -> None:
            raise RuntimeError(message)

        return refuse

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return Event(self, args, kwargs)


def kind_of(function: Any) -> int:
    """Which of the four kinds a function is (on CPython, for the manifest)."""
    flags = function.__code__.co_flags
    if flags & 0x200:
        return ASYNC_GENERATOR
    if flags & 0x80:
        return ASYNC
    return GENERATOR if flags & 0x20 else PLAIN


def is_async(function: Any) -> bool:
    """Whether a function can be a background task (MicroPython cannot tell generators from coroutines)."""
    if hasattr(function, "__code__") and hasattr(function.__code__, "co_flags"):
        return bool(function.__code__.co_flags & 0x280)
    return type(function) is not type(is_async)


def event(function: Any = None, **options: Any) -> Any:
    """Mark a method as an event handler, and say how it runs.

    `background=True`: a task beside the queue. `supersedes=True`: a newer run cancels the older one.
    `debounce=`, `throttle=` (milliseconds), `prevent_default=`, `stop_propagation=`: how the page sends it.
    """
    if function is None:
        return lambda function: event(function, **options)
    if sys.platform in ("webassembly", "emscripten"):
        pass  # what travels has been built
    else:
        for name in options:
            if name not in OPTIONS:
                raise TypeError("event() got an unexpected keyword argument %r" % name)
    if options.get("background") and not is_async(function):
        raise TypeError("Background task must be async function or generator.")
    return EventHandler(function, options)


def background(function: Any) -> Any:
    """A handler that runs beside the queue: the same as `event(background=True)`."""
    return event(function, background=True)


def events_in(handler: Any, value: Any) -> list[Any]:
    """What a handler returned or yielded, as a list of Events and Effects.

    Raises TypeError, in the words that Reflex uses, when it is anything else.
    """
    if value is None:
        return []
    if isinstance(value, EventHandler):
        return [Event(value)]
    if isinstance(value, (Event, Effect)):
        return [value]
    if isinstance(value, (list, tuple)) and all(
        isinstance(item, (EventHandler, Event, Effect)) for item in value
    ):
        return [item if not isinstance(item, EventHandler) else Event(item) for item in value]
    raise TypeError(
        "Your handler %s.%s must only return/yield: None, Events or other EventHandlers referenced by their class "
        "(i.e. using `type(self)` or other class references). Returned events of types %s."
        % (handler.owner.__name__, handler.name, type(value))
    )
