"""The entry points of a page's worker: load the states, dispatch events, collect what changed for the view.

A view is a table of numbered nodes: trees to evaluate, `["each", tree, loop, table]` for parts that repeat (a fifth
part is the tree of a row's key), and `["on", calls]` for events (a third part says that arguments vary). The same class
evaluates them when the site is built.
"""

from __future__ import annotations

import asyncio
import io
import json
import sys
from typing import Any

from .events import Effect, Event
from .runtime import Runtime
from .state import setup
from .tracked import plain, tracked
from .values import as_json, evaluate

if sys.platform in ("webassembly", "emscripten"):
    print_exception = sys.print_exception  # MicroPython has it; the worker of Pyodide gives it one
else:

    def print_exception(error: Exception, out: Any) -> None:
        """Write a traceback."""
        import traceback

        out.write("".join(traceback.format_exception(error)))


class Demos:
    """The demos of one page: their views' values, kept up to date, and the way in for events.

    `classes`: key → State class. `views`: demo number → table. `post` gets one dict for the page at a time: `d` values
    by demo, `s` fields to remember, `a` finished events' tickets, `x` failures, `f` effects, `b` whether anything runs.
    """

    def __init__(self, classes: dict[str, type[Any]], views: dict[str, Any], post: Any) -> None:
        self.classes = classes
        self.views = views
        self.post = post
        self.shown: dict[str, Any] = {}
        self.task: Any = None
        self.runtime = Runtime(self)
        self.calls: dict[str, Any] = {}
        self.readers: dict[str, list[Any]] = {}
        self.known: dict[Any, Any] = {}
        self.unsaved: set[str] = set()
        for demo, view in views.items():
            self.calls[demo] = {}
            for number, node in view.items():
                names: set[str] = set()
                reads_of(node, names)
                for name in names:
                    self.readers.setdefault(name, []).append((demo, number))
            self._index(demo, view)

    def _index(self, demo: str, view: dict[str, Any]) -> None:
        for number, node in view.items():
            if node[0] == "on":
                self.calls[demo][number] = node[1]
            elif node[0] == "each":
                self._index(demo, node[3])

    def read(self, key: str, name: str) -> Any:
        """A field's or computed var's value, for `evaluate`."""
        cls = self.classes[key]
        state = self.runtime.state(cls)
        computed = cls._vars.get(name)
        if computed is not None and computed._is_async:
            return self.runtime.computed[computed._key][0]
        return getattr(state, name)

    async def prepare(self) -> None:
        """Evaluate the async computed vars, so that views can be evaluated."""
        for cls in self.classes.values():
            self.runtime.state(cls)
        for name, function, state in self.runtime.async_vars:
            await self.runtime.compute_async(name, function, state)

    def values(self, view: dict[str, Any], loops: dict[int, Any]) -> dict[str, Any]:
        """The values of a table's nodes, by number."""
        return {
            number: self._value(node, loops)
            for number, node in view.items()
            if node[0] != "on" or len(node) > 2
        }

    def _value(self, node: list[Any], loops: dict[int, Any], known: Any = None) -> Any:
        if node[0] == "each":
            if node[2]:
                from .rows import rows_of

                return rows_of(self, node, loops, known)
            return [self.values(node[3], loops)] if evaluate(node[1], self, loops) else []
        if node[0] == "on":
            return [[arg if arg[0] == "$" else ["=", plain(evaluate(arg, self, loops))] for arg in call[2]]
                    for call in node[1]]  # fmt: skip
        return plain(evaluate(node, self, loops))

    def start(self, first: Any = None, saved: Any = None) -> None:
        """Show everything that differs from what the page already has (`first`: values by demo)."""
        for name, value in (saved or {}).items():
            self.runtime.values[name] = tracked(value, self.runtime, name)
        self.shown = first or {}
        self._show(None)

    def dispatch(
        self, demo: str, number: str, given: list[Any], bound: list[list[Any]] | None, ticket: int
    ) -> None:
        """An event from the page: its demo, the event's number, what it gave, arguments as last shown."""
        if sum([len(self.runtime.values[name]) for name in self.unsaved]) < 100:
            self.save()  # the event might never end; what is long waits for a quiet moment
        events = []
        for index, (key, name, fixed, kwargs) in enumerate(self.calls[demo][number]):
            trees = bound[index] if bound else fixed
            args = [given[arg[1]] if arg[0] == "$" else arg[1] for arg in trees]
            event: Any = Effect(name, args)
            if key:
                event = Event(getattr(self.classes[key], name), args, kwargs)
            event.origin = demo
            events.append(event)
        events[-1].ticket = ticket
        self.runtime.send(events)

    # What the runtime tells

    def changed(self, names: Any) -> None:
        self._show(names)

    def done(self, ticket: int) -> None:
        self._post({"a": [ticket]})

    def ended(self, event: Any) -> None:
        self._post({})

    def effect(self, effect: Any) -> None:
        self._post({"f": [[effect.name, plain(effect.args)]]})

    def failed(self, error: Exception, event: Any) -> None:
        self._post({"x": [[event.origin, "%s: %s" % (type(error).__name__, error), trace(error)]]})

    def _post(self, message: Any) -> None:
        message["b"] = not self.runtime.idle()
        self.post(message)

    def _show(self, names: Any) -> None:
        """Post the values that differ from those shown; `names`: what has changed (None: everything may have).

        A plain value that was assigned again goes out again: what the reader typed over it gives way.
        """
        news: dict[str, Any] = {}
        failure: Any = None
        for demo, number in self._places(names):
            node, shown = self.views[demo][number], self.shown.setdefault(demo, {})
            try:
                value = self._value(node, {}, (demo, number, names))
            except Exception as error:
                failure = [demo, "%s: %s" % (type(error).__name__, error), trace(error)]
                continue
            again = names is not None and node[0] != "on" and not isinstance(value, (list, dict))
            if again or number not in shown or shown[number] != value:
                news.setdefault(demo, {})[number] = news_of(node, shown.get(number), value)
                shown[number] = value
        message: dict[str, Any] = {"d": news}
        if names:
            values = {name: self.runtime.values[name] for name in names if self._keeps(name)}
            message["s"] = {
                name: value for name, value in values.items() if not isinstance(value, (list, dict))
            }
            self.unsaved.update([name for name in values if name not in message["s"]])
        if failure:
            message["x"] = [failure]
        if news or names or failure:
            self._post(message)

    def _places(self, names: Any) -> Any:
        """The nodes that read one of these fields, as (demo, number): all of them, for None."""
        if names is None:
            return [(demo, number) for demo, view in self.views.items() for number in view]
        return {place: 0 for name in names for place in self.readers.get(name, ())}

    def save(self) -> None:
        """Tell the page of the containers that have changed, so that a new worker can go on from there."""
        unsaved, self.unsaved = self.unsaved, set()
        if unsaved:
            self._post({"s": {name: self.runtime.values[name] for name in unsaved}})

    def _keeps(self, name: str) -> bool:
        return isinstance(self.runtime.values.get(name), (str, int, float, list, dict, type(None))) and (
            name in self.runtime.values
        )


def news_of(node: list[Any], old: Any, new: Any) -> Any:
    """What the page is told of a node's new value: the value; of parts that repeat, `[runs, changes]`: see `rows`."""
    if node[0] != "each":
        return new
    if node[2]:
        from .rows import moves

        return moves(node, old or [], new)
    if not new:
        return [[], {}]
    return [[[0 if old else -1, 1]], {0: changes_of(node[3], old[0] if old else {}, new[0])}]


def changes_of(table: dict[str, Any], old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The values of a part that differ from those shown."""
    return {
        number: news_of(table[number], old.get(number), value)
        for number, value in new.items()
        if number in table and (number not in old or old[number] != value)
    }


def reads_of(node: list[Any], names: Any) -> None:
    """Collect the fields that a node reads, at any depth."""
    if isinstance(node, dict):
        for part in node.values():
            reads_of(part, names)
    elif isinstance(node, list) and node:
        if node[0] == "field":
            names.add(node[1] + "." + node[2])
        elif node[0] != "=":
            for part in node:
                reads_of(part, names)


def trace(error: Exception) -> str:
    """The traceback, the author's lines only."""
    out = io.StringIO()
    print_exception(error, out)
    lines = out.getvalue().rstrip().split("\n")
    kept, ours = [], False
    for line in lines:
        if line.startswith('  File "'):
            name = line.split('"')[1]
            ours = "pressrun/" in name or name.startswith("<") or "asyncio/" in name
        elif not line.startswith("    "):
            ours = False
        if not ours:
            kept.append(line)
    return "\n".join(kept)


def boot(page: Any) -> None:
    """Start in a worker. `page`: the JavaScript side, with `data` (JSON text), `post` and `turn`."""
    sleep = asyncio.sleep

    async def sleep_or_turn(seconds: float, result: Any = None) -> Any:
        if seconds > 0:
            await sleep(seconds)
        elif (
            not page.due()
        ):  # other tasks get their turn at once; what the page has to say waits for a moment
            await sleep(0)
            return result
        await page.turn()  # which does not come while the page rests
        return result

    asyncio.sleep = sleep_or_turn  # type: ignore[assignment]
    data = json.loads(page.data)
    classes = {}
    for manifest in data["states"]:
        module = __import__(manifest["module"], None, None, ["*"])
        cls = getattr(module, manifest["name"])
        setup(cls, manifest)
        classes[manifest["key"]] = cls

    def post(message: Any) -> None:
        page.post(as_json(message))

    demos = Demos(classes, data["views"], post)

    def receive(text: str) -> None:
        demo, number, given, bound, ticket = json.loads(text)
        try:
            demos.dispatch(demo, number, given, bound, ticket)
        except Exception as error:
            post({"x": [[demo, "%s: %s" % (type(error).__name__, error), trace(error)]], "a": [ticket]})

    async def start() -> None:
        await demos.prepare()
        demos.start(data["first"], data["saved"])
        page.ready()

    page.receive = receive
    page.save = demos.save
    if any(field for cls in classes.values() for field in cls._vars.values() if field._is_async):
        demos.task = asyncio.create_task(start())
    else:
        demos.start(data["first"], data["saved"])
        page.ready()
