"""The acceptance cases of the runtime. Each is a coroutine that plays a scene on a Stage and gives what came of it.

The same text runs on CPython and on MicroPython, so it keeps to what both have.
"""

import asyncio
import copy

from pressrun import ImmutableStateError, State, background, console_log, event, var


class Clicker(State):
    """T1 and T2."""

    counter: int = 0
    iterations: int = 50

    def increment(self):
        self.counter += 1

    @event(background=True)
    async def delayed(self):
        for _ in range(self.iterations):
            async with self:
                self.counter += 1
            await asyncio.sleep(0.005)

    @event(background=True)
    async def yielding(self):
        for _ in range(self.iterations):
            yield Clicker.increment

    async def blocking_pause(self):
        await asyncio.sleep(0.02)

    @event(background=True)
    async def pause(self):
        await asyncio.sleep(0.02)

    async def _loop(self, count):
        for _ in range(count):
            async with self:
                self.counter += 1
            await asyncio.sleep(0.001)

    @event(background=True)
    async def gathering(self):
        await asyncio.gather(self._loop(12), self._loop(13), self._loop(12), self._loop(13))


class Watched(State):
    """T2: an async computed var of another state's counter."""

    @var
    async def counter(self):
        other = await self.get_state(Clicker)
        return other.counter


async def t1(page):
    """Tasks, chains and blocking handlers side by side lose no increment and leave no task."""
    page.click(Clicker.delayed, Clicker.blocking_pause, Clicker.delayed)
    for _ in range(10):
        page.click(Clicker.increment)
    page.click(Clicker.blocking_pause, Clicker.delayed, Clicker.delayed, Clicker.yielding, Clicker.pause)
    page.click(Clicker.yielding, Clicker.blocking_pause, Clicker.yielding)
    for _ in range(10):
        page.click(Clicker.increment)
    page.click(Clicker.yielding)
    await page.settled()
    return [page.state(Clicker).counter, page.failures, len(page.runtime.guards)]


async def t2(page):
    """As T1, with gathered loops that share one `self`; an async computed var follows."""
    page.state(Watched)
    page.click(Clicker.delayed, Clicker.blocking_pause, Clicker.delayed)
    for _ in range(10):
        page.click(Clicker.increment)
    page.click(Clicker.blocking_pause, Clicker.delayed, Clicker.delayed, Clicker.yielding)
    page.click(Clicker.gathering, Clicker.gathering, Clicker.gathering, Clicker.gathering)
    page.click(Clicker.pause, Clicker.yielding, Clicker.blocking_pause, Clicker.yielding)
    for _ in range(10):
        page.click(Clicker.increment)
    page.click(Clicker.yielding)
    await page.settled()
    return [page.state(Clicker).counter, await page.state(Watched).counter, page.failures]


class Nesting(State):
    """T3 and T5."""

    counter: int = 0

    def increment(self):
        self.counter += 1

    @event(background=True)
    async def nested(self):
        async with self:
            self.counter += 1
            async with self:
                self.counter += 100

    @event(background=True)
    async def midway(self):
        async with self:
            self.counter += 1
            yield
            self.counter += 1


async def t3(page):
    """A nested block is an error, the lock is released, what was changed stays."""
    page.click(Nesting.nested)
    await page.settled()
    page.click(Nesting.increment)
    await page.settled()
    return [page.state(Nesting).counter, page.failures]


async def t5(page):
    """A yield in the middle of a block shows, and the state stays mutable."""
    page.click(Nesting.midway)
    await page.settled()
    return [page.state(Nesting).counter, page.failures, page.changes]


class Factor(State):
    """T4: the third state."""

    factor: int = 3


class Other(State):
    """T4: the state that is reached."""

    value: int = 0

    def increment(self):
        self.value += 1


class Reaching(State):
    """T4: the state whose task reaches it."""

    errors: int = 0

    @background
    async def reach(self):
        try:
            await self.get_state(Other)
        except ImmutableStateError:
            refused = 1
        async with self:
            other = await self.get_state(Other)
            other.value += 1
        async with self:
            factor = await self.get_state(Factor)
            other.value *= factor.factor
        try:
            other.value += 100
        except ImmutableStateError:
            refused += 1
        async with self:
            self.errors += refused


async def t4(page):
    """Another state is reached inside blocks alone."""
    page.click(Reaching.reach)
    await page.settled()
    page.click(Reaching.reach)
    await page.settled()
    before = page.state(Other).value
    page.click(Other.increment)
    await page.settled()
    return [before, page.state(Other).value, page.state(Reaching).errors, page.failures]


class Thousand(State):
    """T6."""

    counter: int = 0

    def increment(self):
        self.counter += 1

    @event(background=True)
    async def run(self):
        for _ in range(1000):
            yield Thousand.increment


async def t6(page):
    """A thousand chained events all arrive."""
    page.click(Thousand.run)
    await page.settled()
    return [page.state(Thousand).counter, page.failures]


class Order(State):
    """T8."""

    order: list[str] = []
    tags: dict[str, list[int]] = {"a": [1]}
    errors: list[str] = []

    def other(self):
        self.order.append("other")

    def own(self):
        self.order.append("own")

    def _private(self):
        self.order.append("private")

    def _try(self):
        found = []
        for change in (
            lambda: setattr(self, "order", []),
            lambda: self.order.append("no"),
            lambda: self.tags["a"].append(2),
            lambda: self.tags.update(b=[]),
        ):
            try:
                change()
            except ImmutableStateError as error:
                found.append(str(error))
        return found

    @event(background=True)
    async def task(self):
        async with self:
            self.order.append("background_task:start")
        errors = self._try()
        while True:
            async with self:
                if "other" in self.order:
                    break
            await asyncio.sleep(0.002)
        async with self:
            self.order.append("background_task:stop")
            self.own()
            self._private()
            self.errors = errors


async def t8(page):
    """Outside a block nothing can be written, containers at any depth included; inside, own handlers can be called."""
    page.click(Order.task)
    await asyncio.sleep(0.02)
    page.click(Order.other)
    await page.settled()
    state = page.state(Order)
    return [list(state.order), len(state.errors), sorted(set(state.errors)), state.tags["a"], page.failures]


class Refused(State):
    """T9 to T12."""

    counter: int = 5

    def change(self):
        self.counter = 9

    @event(background=True)
    async def reset_outside(self):
        self.reset()

    @event(background=True)
    async def reset_inside(self):
        async with self:
            self.reset()

    @event(background=True)
    async def run(self):
        pass

    async def direct(self):
        await self.run()

    @event(background=True)
    async def plain_with(self):
        with self:
            pass

    async def async_with(self):
        async with self:
            self.counter += 1

    def bad(self):
        return 7

    def crash(self):
        self.counter = 1
        raise ValueError("crashed")


async def t9(page):
    """reset() outside and inside a block."""
    page.click(Refused.change, Refused.reset_outside)
    await page.settled()
    first = page.state(Refused).counter
    page.click(Refused.reset_inside)
    await page.settled()
    return [first, page.state(Refused).counter, page.failures]


async def t10(page):
    """A direct call of a task, `with self`, a wrong return value, an exception; and the queue goes on."""
    page.click(Refused.direct, Refused.plain_with)
    await page.settled()
    page.click(Refused.bad, Refused.crash, Refused.async_with)
    await page.settled()
    return [page.state(Refused).counter, page.failures]


async def t12(page):
    """A plain function cannot be a task."""
    try:
        event(background=True)(lambda self: None)
    except TypeError as error:
        return [str(error)]
    return []


class Boxes(State):
    """T13."""

    items: list[int] = [3, 1, 2]
    words: dict[str, list[int]] = {"a": [1]}
    marks: set[int] = {1, 2}
    deep: list[dict[str, list[int]]] = [{"k": [1]}]
    untouched: list[int] = []

    def apply(self, name):
        OPERATIONS[name](self)

    def nothing(self):
        copied = self.deep.copy()
        copied.append({})
        deeper = copy.deepcopy(self.deep)
        deeper[0]["k"].append(2)
        shallow = copy.copy(self.items)
        shallow.append(1)


def _delete(box, key):
    del box[key]


def _slice(items):
    items[0:1] = [1, 2]


def _dict_or(state):
    state.words |= {"z": [9]}


def _plus(state):
    state.items += [7]


OPERATIONS = {
    "append": lambda s: s.items.append(4),
    "extend": lambda s: s.items.extend([5, 6]),
    "insert": lambda s: s.items.insert(0, 0),
    "pop": lambda s: s.items.pop(),
    "remove": lambda s: s.items.remove(3),
    "reverse": lambda s: s.items.reverse(),
    "sort": lambda s: s.items.sort(),
    "item": lambda s: s.items.__setitem__(0, 8),
    "slice": lambda s: _slice(s.items),
    "delete": lambda s: _delete(s.items, 0),
    "+=": _plus,
    "clear": lambda s: s.items.clear(),
    "d.update": lambda s: s.words.update(b=[2]),
    "d.setdefault": lambda s: s.words.setdefault("c", []).append(3),
    "d.pop": lambda s: s.words.pop("c"),
    "d.item": lambda s: s.words.__setitem__("d", [4]),
    "d.nested": lambda s: s.words["a"].append(2),
    "d.delete": lambda s: _delete(s.words, "d"),
    "d|=": _dict_or,
    "d.clear": lambda s: s.words.clear(),
    "s.add": lambda s: s.marks.add(3),
    "s.update": lambda s: s.marks.update([4]),
    "s.discard": lambda s: s.marks.discard(1),
    "s.remove": lambda s: s.marks.remove(2),
    "s.pop": lambda s: s.marks.pop(),
    "s.clear": lambda s: s.marks.clear(),
    "deep": lambda s: s.deep[0]["k"].append(2),
    "deeper": lambda s: s.deep.append({"n": []}),
    "new": lambda s: s.deep[1]["n"].append(1),
}
NAMES = (
    "append extend insert pop remove reverse sort item slice delete += clear d.update d.setdefault d.pop d.item "
    "d.nested d.delete d|= d.clear s.add s.update s.discard s.remove s.pop s.clear deep deeper new"
)


async def t13(page):
    """Each change of a container marks exactly its field; copies are free."""
    for name in NAMES.split():
        page.click(Boxes.apply(name))
    count = len(page.changes)
    page.click(Boxes.nothing)
    await page.settled()
    state = page.state(Boxes)
    return [
        page.changes,
        len(page.changes) == count,
        state.items,
        state.deep,
        len(state.words),
        page.failures,
    ]


class Chains(State):
    """T14."""

    order: list[int] = []
    value: dict[str, int] = {}
    text: str = ""

    def add(self, arg):
        self.order.append(arg)

    def one(self):
        return Chains.add(1)

    def many(self):
        return [Chains.add(7), console_log("here"), Chains.add(8), Chains.add(9)]

    def steps(self):
        for step in range(4):
            self.order.append(step)
            if step < 3:
                yield Chains.add(10 + step)

    def outer(self):
        self.order.append(20)
        yield Chains.inner(21)
        yield Chains.inner(22)

    def inner(self, arg):
        self.order.append(arg)
        return Chains.add(arg + 10)

    def keep(self, number, pairs):
        self.value = pairs
        self.order.append(number + 1)

    async def interim(self):
        self.text = "interim"
        yield
        await asyncio.sleep(0.05)
        self.text = "final"


async def t14(page):
    """Chains run behind what is queued, breadth first; types are kept; what changed so far is shown at a yield."""
    out = []
    for name in ("one", "many", "steps", "outer"):
        page.click(getattr(Chains, name))
        await page.settled()
        out.append(list(page.state(Chains).order))
        page.state(Chains).reset()
    page.click(Chains.keep(4, {"a": 1}))
    await page.settled()
    out.append([list(page.state(Chains).order), page.state(Chains).value["a"]])
    page.changes.clear()
    page.click(Chains.interim)
    await asyncio.sleep(0.02)
    middle = page.state(Chains).text
    await page.settled()
    return [out, page.log, middle, page.state(Chains).text, page.changes, page.failures]


class Progress(State):
    """T15."""

    count: int = 0
    seen: list[int] = []

    def reset_count(self):
        self.count = 0

    @event(background=True)
    async def start(self):
        for _ in range(10):
            async with self:
                self.count += 1
                self.seen.append(self.count)
            await asyncio.sleep(0.01)


async def t15(page):
    """Resetting the counter does not reset the task."""
    page.click(Progress.start)
    while page.state(Progress).count < 4:
        await asyncio.sleep(0.002)
    page.click(Progress.reset_count)
    await page.settled()
    return [page.state(Progress).count < 10, len(page.state(Progress).seen), page.failures]


class Endless(State):
    """A chain without an end, until somebody else says so."""

    count: int = 0
    stopped: bool = False

    def again(self):
        self.count += 1
        if not self.stopped:
            return Endless.again

    def stop(self):
        self.stopped = True


async def endless(page):
    """Plain handlers that queue themselves for ever still let the event loop run, and other events in between."""
    page.click(Endless.again)
    await asyncio.sleep(0.01)
    going = page.state(Endless).count >= 100
    page.click(Endless.stop)
    await page.settled()
    return [going, page.state(Endless).stopped, page.failures]


class Restarted(State):
    """`supersedes`, computed vars, backend fields."""

    ticks: int = 0
    _hidden: int = 2
    evaluations: int = 0

    @event(background=True, supersedes=True)
    async def run(self):
        for _ in range(3):
            await asyncio.sleep(0.02)
            async with self:
                self.ticks += 1

    @var
    def twice(self):
        CALLS.append(1)
        return self.ticks * self._hidden

    def bump(self):
        self.ticks += 1

    def unrelated(self):
        self.evaluations += 1

    def undeclared(self):
        self.nonsense = 1


CALLS: list[int] = []


async def supersedes(page):
    """A newer run cancels the older one: however often it is started, one runs."""
    for _ in range(5):
        page.click(Restarted.run)
        await asyncio.sleep(0.005)
    await page.settled()
    return [page.state(Restarted).ticks, page.failures]


async def computed(page):
    """A computed var is evaluated again only when a field it read has changed."""
    state = page.state(Restarted)
    CALLS.clear()
    first = [state.twice, state.twice, len(CALLS)]
    page.click(Restarted.unrelated)
    second = [state.twice, len(CALLS)]
    page.click(Restarted.bump)
    third = [state.twice, len(CALLS)]
    page.click(Restarted.undeclared)
    return [first, second, third, page.changes, page.failures]


CASES = {
    "T1": t1, "T2": t2, "T3": t3, "T4": t4, "T5": t5, "T6": t6, "T8": t8, "T9": t9, "T10": t10, "T12": t12, "T13": t13,
    "T14": t14, "T15": t15, "endless": endless, "supersedes": supersedes, "computed": computed,
}  # fmt: skip
