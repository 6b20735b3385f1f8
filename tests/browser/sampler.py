"""States and views that the browser tests show: one small demo for each thing a demo can do."""

import asyncio

from pressrun import State, console_log, event, var
from pressrun.components import (
    box,
    button,
    checkbox,
    cond,
    foreach,
    fragment,
    heading,
    hstack,
    input,
    label,
    link,
    list_item,
    progress,
    select,
    span,
    switch,
    text,
    unordered_list,
    vstack,
)  # fmt: skip


class Counter(State):
    """Shared by two demos of a page."""

    count: int = 0
    ratio: float = 3.0
    evil: str = "<img src=x onerror=alert(1)>"
    address: str = "javascript:alert(1)"

    @var
    def parity(self) -> str:
        return "odd" if self.count % 2 else "even"

    def add(self, step: int = 1):
        self.count += step

    def crash(self):
        self.count += 1
        raise ValueError("it broke")

    def forever(self):
        while True:
            pass

    def nothing(self, on: bool):
        pass

    def speak(self):
        return console_log("spoken")

    async def stream(self):
        for _ in range(3):
            self.count += 1
            yield
            await asyncio.sleep(0.05)

    @event(background=True)
    async def flood(self):
        for _ in range(500):
            async with self:
                self.count += 1
            await asyncio.sleep(0)


class Tasks(State):
    """A list with rows of its own."""

    rows: list[dict[str, str]] = [{"name": "ink"}, {"name": "paper"}]
    chosen: str = "b"

    def add(self, name: str):
        self.rows.append({"name": name})

    def forever(self):
        while True:
            pass

    def remove(self, index: int, name: str):
        assert self.rows[index]["name"] == name
        del self.rows[index]

    def choose(self, value: str):
        self.chosen = value


def counter():
    return vstack(
        heading(f"Count: {Counter.count}"),
        hstack(
            button("Add", on_click=Counter.add),
            button("Add ten", on_click=Counter.add(10)),
            button("Crash", on_click=Counter.crash),
            button("Forever", on_click=Counter.forever),
            button("Stream", on_click=Counter.stream),
            button("Flood", on_click=Counter.flood),
            button("Twice", on_click=[Counter.add, Counter.add(Counter.count)], id="twice"),
        ),
        text("It is ", Counter.parity, ", ratio ", Counter.ratio, ".", id="sentence"),
        cond(Counter.count > 2, text("Many", id="many"), fragment(text("Few", id="few"), span("!"))),
        text(cond(Counter.count == 0, "none", "some"), id="word"),
        text(Counter.evil, id="evil"),
        link("a link", href=Counter.address, id="address"),
        label(switch(checked=False, on_change=Counter.nothing), "Stays"),
        label(switch(checked=Counter.count < 0, on_change=Counter.nothing), "Refuses"),
    )


def mirror():
    return box(progress(value=Counter.count, max=100, aria_label="Count"), text(Counter.count, id="mirror"))


def tasks():
    return vstack(
        unordered_list(
            foreach(
                Tasks.rows,
                lambda row, index: list_item(
                    row["name"],
                    " ",
                    button(
                        "Remove",
                        on_click=Tasks.remove(index, row["name"]),
                        aria_label=f"Remove {row['name']}",
                    ),
                ),
            )
        ),
        cond(Tasks.rows.length() == 0, text("Nothing left", id="nothing")),
        input(on_change=Tasks.choose, value=Tasks.chosen, aria_label="Choice"),
        select(["a", "b", "c"], value=Tasks.chosen, on_change=Tasks.choose, aria_label="Letter"),
        checkbox(checked=Tasks.chosen == "c", aria_label="Is c", disabled=True),
        button("More", on_click=Tasks.add("type")),
        button("Loop", on_click=Tasks.forever),
    )
