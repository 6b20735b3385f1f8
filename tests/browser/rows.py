"""Views with rows: many, keyed, nested."""

from typing import Any

from pressrun import State, console_log, event, toast
from pressrun.components import (  # fmt: skip
    box,
    button,
    cond,
    foreach,
    hstack,
    input,
    list_item,
    match,
    ordered_list,
    text,
    unordered_list,
    vstack,
)


class Many(State):
    """A thousand rows."""

    rows: list[dict[str, Any]] = [{"name": f"row {number}", "count": 0} for number in range(1000)]
    extra: list[int] = []

    def hit(self, index: int):
        self.rows[index]["count"] += 1

    def drop(self, index: int):
        del self.rows[index]

    def grow(self):
        self.rows.append({"name": "new", "count": 9})

    @event(background=True)
    async def burst(self):
        for index in range(40):
            async with self:
                self.rows[index]["count"] += 1
                self.extra.append(index)


def many():
    return vstack(
        button("Hit 500", on_click=Many.hit(500)),
        button("Drop 10", on_click=Many.drop(10)),
        button("Grow", on_click=Many.grow),
        button("Burst", on_click=Many.burst),
        unordered_list(
            foreach(
                Many.rows,
                lambda row, index: list_item(row.name, ": ", row["count"], on_click=Many.hit(index)),
            ),
            id="many",
        ),
        ordered_list(foreach(Many.extra, lambda one: list_item(one, key=one)), id="extra"),
    )


class Notes(State):
    """Rows that change places."""

    notes: list[dict[str, str]] = [{"id": letter, "text": letter * 3} for letter in "abcde"]
    written: list[str] = []

    def turn(self):
        self.notes.reverse()

    def last_first(self):
        self.notes.insert(0, self.notes.pop())

    def first_last(self):
        self.notes.append(self.notes.pop(0))

    def drop(self, name: str):
        self.notes = [note for note in self.notes if note["id"] != name]

    def add(self):
        self.notes.insert(2, {"id": "z", "text": "zzz"})

    def write(self, name: str, words: str):
        self.written.append(name + "=" + words)

    @event(background=True)
    async def turn_later(self):
        import asyncio

        await asyncio.sleep(0.4)
        async with self:
            self.notes.reverse()


def notes():
    return vstack(
        hstack(
            button("Turn", on_click=Notes.turn),
            button("Turn later", on_click=Notes.turn_later),
            button("Last first", on_click=Notes.last_first),
            button("First last", on_click=Notes.first_last),
            button("Add", on_click=Notes.add),
        ),
        unordered_list(
            foreach(
                Notes.notes,
                lambda note: list_item(
                    note["text"],
                    " ",
                    input(
                        aria_label=note.id,
                        on_change=lambda words: Notes.write(note.id, words),
                        debounce=5000,
                        data_id=note.id,
                    ),
                    button("Drop", on_click=Notes.drop(note.id), aria_label=f"Drop {note.id}"),
                    key=note.id,
                ),
            ),
            id="notes",
        ),
        text(Notes.written.join(" "), id="written"),
    )


class Shelf(State):
    """Rows in rows, dicts, branches."""

    shelves: list[list[str]] = [["ink", "paper"], []]
    stock: dict[str, int] = {"ink": 2, "paper": 0}
    mode: str = "list"
    picked: str = ""

    def put(self, shelf: int):
        self.shelves[shelf].append("type")

    def pick(self, shelf: int, place: int, name: str):
        self.picked = f"{shelf}.{place} {name}"

    def sell(self, name: str):
        self.stock[name] += 1
        self.stock["glue"] = 1

    def change(self, mode: str):
        self.mode = mode
        yield toast.success("Now " + mode)
        yield console_log("changed")


def shelf():
    return vstack(
        foreach(
            Shelf.shelves,
            lambda shelf, row: box(
                foreach(
                    shelf,
                    lambda name, place: button(
                        f"{row}.{place} {name}", on_click=Shelf.pick(row, place, name), class_name="thing"
                    ),
                ),
                cond(shelf.length() == 0, text("empty", class_name="empty")),
                button("Put", on_click=Shelf.put(row), aria_label=f"Put {row}"),
            ),
        ),
        text(Shelf.picked, id="picked"),
        unordered_list(
            foreach(
                Shelf.stock,
                lambda pair: list_item(
                    pair[0],
                    ": ",
                    pair[1],
                    cond(pair[1] == 0, " (none)"),
                    on_click=Shelf.sell(pair[0]),
                    key=pair[0],
                ),
            ),
            id="stock",
        ),
        match(
            Shelf.mode,
            ("list", "rows", text("As rows", id="mode")),
            ("grid", text("As a grid", id="mode")),
            text("Otherwise", id="mode"),
        ),
        *[button(mode, on_click=Shelf.change(mode)) for mode in ("rows", "grid", "else")],
        button("Say", on_click=[console_log("said"), toast("Said")]),
    )
