"""The demos that are measured."""

import asyncio

from pressrun import State, event
from pressrun.components import box, button, foreach, hstack, list_item, span, text, unordered_list


class Counter(State):
    """The least that a demo can do, the worst, and the most."""

    count: int = 0
    bumps: int = 0
    flooding: bool = False

    def add(self):
        self.count += 1

    def bump(self):
        self.bumps += 1

    def hang(self):
        while True:
            pass

    @event(background=True)
    async def flood(self):
        async with self:
            self.flooding = True
        while self.flooding:
            async with self:
                self.count += 1
            await asyncio.sleep(0)

    def stop(self):
        self.flooding = False


class Rows(State):
    """A thousand rows."""

    rows: list[dict] = [{"id": number, "count": 0} for number in range(1000)]

    def change(self):
        self.rows[500]["count"] += 1

    def swap(self):
        self.rows[1], self.rows[998] = self.rows[998], self.rows[1]


def counter():
    return hstack(
        button("Add", on_click=Counter.add, class_name="add"),
        text(Counter.count, class_name="count"),
        button("Bump", on_click=Counter.bump, class_name="bump"),
        text(Counter.bumps, class_name="bumps"),
        button("Flood", on_click=Counter.flood, class_name="flood"),
        button("Rest", on_click=Counter.stop, class_name="rest"),
        button("Hang", on_click=Counter.hang, class_name="hang"),
    )


def rows():
    return box(
        button("Change", on_click=Rows.change, class_name="add"),
        button("Swap", on_click=Rows.swap, class_name="swap"),
        unordered_list(
            foreach(
                Rows.rows, lambda row: list_item("Row ", row["id"], ": ", span(row["count"]), key=row["id"])
            )
        ),
    )
