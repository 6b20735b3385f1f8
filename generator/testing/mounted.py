"""Mounted: a demo that runs without a browser, as its author's tests see it."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from generator.demos import DemoCompiler, html_of
from pressrun.live import Demos
from pressrun.tracked import plain
from pressrun.values import as_json

from .clock import VirtualLoop
from .element import Done, Element, matching, the_one
from .hand import Address, Hand
from .mirror import Mirror
from .page import Node, html_without_bindings, read_page, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Self

    from pressrun.state import State

    S = TypeVar("S", bound=State)

DEMO = "1"
"""The demo's number: it is the only one of its page."""
LONGEST = 600.0
"""Virtual seconds that `settle` and `wait_for` go on for."""


def mount(view: object, *, raises: bool = True) -> Demo:
    """Put a demo on a page of its own, as in a reader's browser, with states as their classes say.

    `view`: a component, or a function of no arguments that gives one. `raises`: an exception in a handler is raised in
    the test by the call during which it happened; without it, it is shown as a reader would see it (`demo.errors`).
    """
    return Demo(view, raises)


def _in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class _Page(Demos):
    """The worker's part, which also keeps exceptions as they are."""

    def __init__(self, classes: dict[str, type[Any]], views: dict[str, Any], post: Any) -> None:
        self.raised: list[BaseException] = []
        super().__init__(classes, views, post)

    def failed(self, error: Exception, event: Any) -> None:
        self.raised.append(error)
        super().failed(error, event)


class Demo:
    """A mounted demo. Time stands still between calls: `click` and the like run what can run at once, `sleep` moves on."""

    def __init__(self, view: object, raises: bool) -> None:
        self._raises = raises
        self._loop = VirtualLoop()
        self._node: Node | None = None
        self._open: dict[int, Address] = {}
        self._mounted: set[Address] = set()
        self._unheard: list[BaseException] = []
        self._hand = Hand(self._page, self._dispatch)
        self.errors: list[str] = []
        """What the reader was told of exceptions, such as `ValueError: it broke`."""
        self.console: list[list[Any]] = []
        """What was written to the browser's console."""
        self.effects: list[tuple[str, list[Any]]] = []
        """All that handlers asked the page to do beside showing state: name and arguments."""
        self._run(self._begin(view))

    # What is there

    @property
    def text(self) -> str:
        """What a reader can read: a line for each block."""
        return text_of(self._page())

    @property
    def html(self) -> str:
        """The page as HTML, without what only the page's script needs."""
        return "".join(
            html_without_bindings(child) for child in self._page().children if isinstance(child, Node)
        )

    @property
    def time(self) -> float:
        """Virtual seconds since the demo was mounted."""
        return self._loop.time()

    @property
    def running(self) -> bool:
        """Whether a handler or a background task is at work, or a debounced event waits."""
        return not self._demos.runtime.idle() or self._hand.held_back()

    def state(self, cls: type[S]) -> S:
        """The page's instance of a State class."""
        found: S = self._demos.runtime.state(cls)
        return found

    def find(self, name: str | None = None, *, role: str | None = None) -> Element:
        """The one element of that name (as a screen reader reads it), id or text, and of that role.

        Raises LookupError, which says what there is, when there is none or when there are several.
        """
        return Element(self, the_one(self._page(), self._page(), name, role).address)

    def all(self, name: str | None = None, *, role: str | None = None) -> list[Element]:
        """All such elements, in the order of the page."""
        return [Element(self, node.address) for node in matching(self._page(), self._page(), name, role)]

    # What a reader does

    def click(self, name: str) -> Done:
        """Click a button, link, switch, box …, by its name, id or text."""
        return self._control(name).click()

    def fill(self, name: str, text: object) -> Done:
        """Put a text into a field, in place of what is in it."""
        return self._control(name).fill(text)

    def type(self, name: str, text: str, *, delay: float = 0) -> Done:
        """Type into a field, key by key, `delay` seconds apart."""
        return self._control(name).type(text, delay=delay)

    def press(self, name: str, key: str) -> Done:
        """Press a key in a control: `"Enter"`, `"a"`, `"ArrowDown"`."""
        return self._control(name).press(key)

    def check(self, name: str) -> Done:
        """Tick a box, turn a switch on; nothing happens when it is."""
        return self._control(name).check()

    def uncheck(self, name: str) -> Done:
        """Take the tick away, turn a switch off; nothing happens when it is."""
        return self._control(name).uncheck()

    def select(self, name: str, option: str) -> Done:
        """Choose an option of a select, by its words or its value."""
        return self._control(name).select(option)

    def blur(self) -> Done:
        """Leave the field that has the focus."""
        return self._do(lambda: self._hand.take_focus(None))

    # Time

    def sleep(self, seconds: float) -> Done:
        """Let so many virtual seconds pass."""
        return self._run(self._sleep(seconds))

    def settle(self, *, limit: float = LONGEST) -> Done:
        """Let time pass until nothing runs any more. Raises TimeoutError when something still does after `limit` seconds."""
        return self._run(self._until(lambda: not self.running, "nothing runs", limit))

    def wait_for(self, what: str | Callable[[], object], *, limit: float = LONGEST) -> Done:
        """Let time pass until a text can be read, or a function gives something true. Raises TimeoutError as `settle`."""
        if callable(what):
            return self._run(self._until(what, "the condition is true", limit))
        return self._run(self._until(lambda: what in self.text, f"“{what}” can be read", limit))

    def close(self) -> None:
        """End the demo's tasks as a reader does who leaves the page; a test need not do that."""
        if not self._loop.is_closed():
            self._run(self._end())
            self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # How it works

    async def _begin(self, view: object) -> None:
        compiler = DemoCompiler(Path.cwd(), "", "")
        compiled, self._parts, classes = compiler.compiled(view, DEMO)
        self._demos = _Page(classes, {DEMO: compiled.table}, self._receive)
        self._mounts = "on:mount=" in html_of(self._parts, {})  # templates hold what is not there yet
        await self._demos.prepare()
        first = as_json(plain(self._demos.values(compiled.table, {})))
        self._mirror = Mirror(compiled.table, json.loads(first))
        self._demos.start({DEMO: json.loads(first)})
        await self._idle()

    def _run(self, action: Coroutine[Any, Any, Any]) -> Done:
        """Run something in the demo's own loop; inside of another, which would not have it, in a thread."""
        if _in_a_loop():
            with ThreadPoolExecutor(1) as pool:
                pool.submit(self._loop.run_until_complete, action).result()
        else:
            self._loop.run_until_complete(action)
        failures = [*self._unheard, *self._loop.strays]
        self._unheard.clear()
        self._loop.strays.clear()
        if failures and self._raises:
            raise failures[0]
        return Done()

    def _do(self, action: Callable[[], None]) -> Done:
        async def act() -> None:
            action()
            self._node = None
            await self._idle()

        return self._run(act())

    async def _idle(self) -> float | None:
        """Run what can run at this instant; gives the seconds to the next timer."""
        wait = await self._loop.clock.idle()
        if not self._mounts:
            return wait
        fresh = [node for node in self._page().elements() if node.address not in self._mounted]
        self._mounted = {node.address for node in self._page().elements()}
        mounts = [node for node in fresh if any(dom == "mount" for _, dom, _, _ in node.tokens())]
        for node in mounts:
            self._hand.fire(node, "mount")
        return await self._idle() if mounts else wait

    async def _sleep(self, seconds: float) -> None:
        end = self.time + seconds
        while self.time < end:
            wait = await self._idle()
            await asyncio.sleep(end - self.time if wait is None else min(wait, end - self.time))
        await self._idle()

    async def _until(self, condition: Callable[[], object], aim: str, limit: float) -> None:
        end = self.time + limit
        while True:
            wait = await self._idle()
            if condition() or (self._unheard and self._raises):
                return
            if wait is None:
                raise TimeoutError(f"nothing will ever happen again, and not {aim}. {self._at_work()}")
            if self.time + wait > end:
                raise TimeoutError(f"after {limit:g} seconds still not {aim}. {self._at_work()}")
            await asyncio.sleep(wait)

    def _at_work(self) -> str:
        tasks = [guard.event.handler for guard in self._demos.runtime.guards]
        names = ", ".join(f"{handler.owner.__name__}.{handler.name}" for handler in tasks)
        return f"At work: {names or 'a handler' if self.running else 'nothing'}. The page shows:\n{self.text}"

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._loop.shutdown_asyncgens()

    def _page(self) -> Node:
        if self._node is None:
            values = self._mirror.values
            self._node = self._hand.show(read_page(html_of(self._parts, values), values))
        return self._node

    def _dispatch(self, number: str, given: list[Any], bound: Any, address: Address) -> None:
        ticket = len(self._open) + 1
        self._open[ticket] = address
        self._demos.dispatch(DEMO, number, json.loads(as_json(given)), bound, ticket)

    def _receive(self, sent: Any) -> None:
        """What the worker posts, as it arrives in the page: JSON text."""
        message = json.loads(as_json(sent))
        fresh = message.get("d", {}).get(DEMO, {})
        if fresh:
            changed = self._mirror.follow(fresh)
            self._node = None
            self._hand.changed(changed)
        for ticket in message.get("a", []):
            self._hand.answered(self._open[ticket])
        for name, arguments in message.get("f", []):
            self.effects.append((name, arguments))
            if name == "log":
                self.console.append(arguments)
        for _, words_, trace in message.get("x", []):
            self.errors.append(words_)
            raised = self._demos.raised
            self._unheard.append(raised.pop(0) if raised else RuntimeError(f"{words_}\n{trace}"))

    def _control(self, name: str) -> Element:
        return Element(self, the_one(self._page(), self._page(), name, None, controls=True).address)
