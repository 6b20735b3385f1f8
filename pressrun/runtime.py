"""The runtime of one page: its states' values, the queue of events, the lock, the background tasks.

Laws:
- Normal handlers run one at a time, in order of arrival, each to its end.
- Whoever changes state holds the lock (a normal handler always, a task inside `async with self`).
- The view is told of changes while the lock is still held, so it never sees half a change.
- A handler that needs no waiting runs at once when queue and lock are free: no turn of the event loop is spent.
"""

from __future__ import annotations

import asyncio
from typing import Any

from .events import ASYNC, ASYNC_GENERATOR, GENERATOR, PLAIN, Effect, events_in


class ImmutableStateError(AttributeError):
    """A background task tried to change state without holding it."""


OUTSIDE = (
    "Background task StateProxy is immutable outside of a context manager. "
    "Use `async with self` to modify state."
)
IN_A_ROW = 100
"""How many events are handled before the event loop gets a turn: an endless chain must not freeze the page."""
NESTED = "The state is already mutable. Do not nest `async with self` blocks."


def current_task() -> Any:
    """The task that is running, or None."""
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


class Guard:
    """One run of a background task: whether it holds the state, and which task entered the block."""

    def __init__(self, event: Any) -> None:
        self.event = event
        self.task: Any = None
        self.holder: Any = None

    def check(self) -> None:
        if self.holder is None:
            raise ImmutableStateError(OUTSIDE)


class Runtime:
    """All State instances of a page and everything that happens to them.

    `listener` is told: `changed(names)` (fields and computed vars, as "module.Class.name"), `done(ticket)`,
    `failed(error, event)`, `effect(effect)`, `ended(event)` (a background task is over).
    """

    def __init__(self, listener: Any = None) -> None:
        self.listener = listener
        self.values: dict[str, Any] = {}
        self.states: dict[type[Any], Any] = {}
        self.dirty: set[str] = set()
        self.computed: dict[str, Any] = {}
        self.readers: list[set[str]] = []
        self.async_vars: list[Any] = []
        self.queue: list[Any] = []
        self.busy = False
        self.handling = False
        self.drain: Any = None
        self.current: Any = None
        self.inline = False
        self.later: list[Any] = []
        self.guards: list[Any] = []
        self.lock = asyncio.Lock()

    # Values

    def state(self, cls: type[Any]) -> Any:
        """The page's one instance of a State class."""
        if cls not in self.states:
            self.states[cls] = cls(self)
        return self.states[cls]

    def get(self, field: str) -> Any:
        for names in self.readers:
            names.add(field)
        return self.values[field]

    def mark(self, field: str) -> None:
        """Note that a field has changed, and forget the computed vars that read it."""
        self.dirty.add(field)
        for name in [name for name, (_, read) in self.computed.items() if field in read]:
            del self.computed[name]
            self.dirty.add(name)

    def compute(self, name: str, function: Any, state: Any) -> Any:
        """The value of a computed var: from memory unless a field it read has changed."""
        if name not in self.computed:
            read = {name}
            self.readers.append(read)
            try:
                self.computed[name] = (function(state), read)
            finally:
                self.readers.remove(read)
        value, read = self.computed[name]
        for names in self.readers:
            names.update(read)
        return value

    async def compute_async(self, name: str, function: Any, state: Any) -> Any:
        if name not in self.computed:
            read = {name}
            self.readers.append(read)
            try:
                value = await function(state)
            finally:
                self.readers.remove(read)
            self.computed[name] = (value, read)
        return self.computed[name][0]

    def check_write(self) -> None:
        """Refuse a change of a container by a background task that does not hold the state."""
        if self.guards and not self.inline:
            task = current_task()
            for guard in self.guards:
                if guard.task is task:
                    guard.check()

    # Queue

    def send(self, events: list[Any], origin: str | None = None) -> None:
        """Take events that come from the view or from a background task."""
        waits = False
        for event in events:
            event.origin = event.origin or origin
            if not waits and not isinstance(event, Effect) and event.handler.background:
                self._start(event)
            else:
                waits = True
                self.queue.append(event)
        self._pump()

    def idle(self) -> bool:
        """Whether nothing is queued and nothing runs; so it is when the last handler's end is told of."""
        return not self.handling and not self.queue and not self.guards

    def _pump(self) -> None:
        if self.busy:
            return
        self.busy = True
        budget = IN_A_ROW
        while self.queue and budget and self._needs_no_waiting(self.queue[0]):
            self._run_now(self.queue.pop(0))
            budget -= 1
        if self.queue:
            self.drain = asyncio.create_task(self._drain())
        else:
            self.busy = False

    def _needs_no_waiting(self, event: Any) -> bool:
        if self.lock.locked() or self.async_vars:
            return False
        return (
            isinstance(event, Effect) or event.handler.background or event.handler.kind in (PLAIN, GENERATOR)
        )

    def _run_now(self, event: Any) -> None:
        if isinstance(event, Effect) or event.handler.background:
            self._pass(event)
            return
        self.inline = self.handling = True
        try:
            handler = event.handler
            result = handler.function(self.state(handler.owner), *event.args, **event.kwargs)
            if handler.kind == GENERATOR:
                for part in _Parts(result):
                    self._follow(event, part.value)
                    if not part.last:
                        self.show_now()
            else:
                self._follow(event, result)
        except Exception as error:
            self._failed(error, event)
        self._show_now_safely(event)
        self.inline = False
        self._finished(event)

    async def _drain(self) -> None:
        budget = IN_A_ROW
        while self.queue:
            budget -= 1
            if budget == 0:
                await asyncio.sleep(0)
                budget = IN_A_ROW
            event = self.queue.pop(0)
            if isinstance(event, Effect) or event.handler.background:
                self._pass(event)
                continue
            self.handling = True
            await self.lock.acquire()
            try:
                await self._run(event, self.state(event.handler.owner), None)
                await self._show_safely(event)
            finally:
                self.lock.release()
            self._finished(event)
        self.busy = False

    async def _run(self, event: Any, state: Any, guard: Any) -> None:
        """Run a handler of any kind to its end; an exception goes to the listener."""
        handler = event.handler
        self.current = event if guard is None else self.current
        try:
            result = handler.function(state, *event.args, **event.kwargs)
            if handler.kind == ASYNC_GENERATOR:
                async for value in result:
                    await self.yielded(guard, value)
            elif handler.kind == GENERATOR:
                for part in _Parts(result):
                    if part.last:
                        self._follow(event, part.value)
                    else:
                        await self.yielded(guard, part.value)
            else:
                value = await result if handler.kind == ASYNC else result
                if guard is None:
                    self._follow(event, value)
                else:
                    self.send(events_in(handler, value), event.origin)
        except Exception as error:
            self._failed(error, event)

    async def yielded(self, guard: Any, value: Any) -> None:
        """A handler yields: queue what it asks for, and show what it has changed so far."""
        if guard is None:
            self._follow(self.current, value)
            await self.show()
        else:
            self.send(events_in(guard.event.handler, value), guard.event.origin)
            if guard.holder is not None:
                await self.show()

    def _follow(self, event: Any, value: Any) -> None:
        """Queue what a normal handler asked for; tasks at the head of it start when the handler has finished."""
        events = events_in(event.handler, value)
        for follower in events:
            follower.origin = event.origin
        while events and not isinstance(events[0], Effect) and events[0].handler.background:
            self.later.append(events.pop(0))
        self.queue.extend(events)

    def _finished(self, event: Any) -> None:
        later, self.later = self.later, []
        for follower in later:
            self._start(follower)
        self.handling = False
        self._tell_done(event)

    def _pass(self, event: Any) -> None:
        """An event that does not hold the queue: an effect, or the start of a task."""
        if isinstance(event, Effect):
            self._tell("effect", event)
            self._tell_done(event)
        else:
            self._start(event)

    # Tasks

    def _start(self, event: Any) -> None:
        if event.handler.options.get("supersedes"):
            for older in [guard for guard in self.guards if guard.event.handler is event.handler]:
                self.guards.remove(older)
                older.task.cancel()
        guard = Guard(event)
        self.guards.append(guard)
        guard.task = asyncio.create_task(self._run_task(guard))
        self._tell_done(event)

    async def _run_task(self, guard: Any) -> None:
        try:
            await self._run(guard.event, guard.event.handler.owner(self, guard), guard)
        except asyncio.CancelledError:
            pass
        finally:
            if guard in self.guards:
                self.guards.remove(guard)
            self._tell("ended", guard.event)

    async def enter(self, guard: Any) -> None:
        """`async with self` of a task: take the lock."""
        if guard.holder is not None and guard.holder is current_task():
            raise ImmutableStateError(NESTED)
        await self.lock.acquire()
        guard.holder = current_task()

    async def leave(self, guard: Any) -> None:
        """The end of the block: show what has changed, then let the lock go."""
        try:
            await self.show()
        finally:
            guard.holder = None
            self.lock.release()

    # The view

    def show_now(self) -> None:
        """Tell the listener what has changed since it was told last."""
        if self.dirty:
            dirty, self.dirty = self.dirty, set()
            self._tell("changed", dirty)

    async def show(self) -> None:
        if self.dirty:
            for name, function, state in self.async_vars:
                await self.compute_async(name, function, state)
            self.show_now()

    def _show_now_safely(self, event: Any) -> None:
        try:
            self.show_now()
        except Exception as error:
            self._failed(error, event)

    async def _show_safely(self, event: Any) -> None:
        try:
            await self.show()
        except Exception as error:
            self._failed(error, event)

    def _failed(self, error: Exception, event: Any) -> None:
        if self.listener is None:
            raise error
        self.listener.failed(error, event)

    def _tell_done(self, event: Any) -> None:
        if event.ticket is not None:
            self._tell("done", event.ticket)

    def _tell(self, what: str, value: Any) -> None:
        if self.listener is not None:
            getattr(self.listener, what)(value)


class _Parts:
    """What a generator yields, and at last what it returns (a `for` loop alone would lose that)."""

    def __init__(self, generator: Any) -> None:
        self.generator = generator
        self.value = None
        self.last = False

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        if self.last:
            raise StopIteration
        try:
            self.value = next(self.generator)
        except StopIteration as stop:
            self.value = stop.value
            self.last = True
        return self
