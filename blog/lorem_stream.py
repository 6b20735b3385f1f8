"""The demo of "Many tasks at once": cards that write themselves, side by side."""

import asyncio
import random

from pressrun import State, event
from pressrun.components import button, card, cond, foreach, heading, hstack, progress, text, vstack

WORDS = (
    "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna "
    "aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo consequat"
).split()


class Stream(State):
    """A card for each task: its text, how far it is, and the number of the run that may write on it."""

    cards: list[dict] = []
    _count: int = 0
    _runs: int = 0

    def add(self):
        self._count += 1
        self.cards.append({"id": self._count, "run": 0, "paused": False})
        return self.restart(self._count)

    def restart(self, card_id: int):
        card = self._card(card_id)
        card.update({"text": "", "done": 0, "steps": random.randint(7, 12)})
        return self.resume(card_id)

    def resume(self, card_id: int):
        self._runs += 1
        self._card(card_id).update({"run": self._runs, "paused": False})
        return Stream.write(card_id, self._runs)

    def pause(self, card_id: int):
        self._card(card_id).update({"run": 0, "paused": True})

    def remove(self, card_id: int):
        self.cards.remove(self._card(card_id))

    @event(background=True)
    async def write(self, card_id: int, run: int):
        done = False
        while not done:
            await asyncio.sleep(0.5)
            async with self:
                card = self._card(card_id)
                if not card or card["run"] != run:
                    return
                words = " ".join([random.choice(WORDS) for _ in range(3)])
                card["text"] = (card["text"] + " " + words).strip()
                card["done"] += 1
                done = card["done"] == card["steps"]

    def _card(self, card_id):
        for one in self.cards:
            if one["id"] == card_id:
                return one


def stream():
    return vstack(
        button("New task", on_click=Stream.add),
        foreach(Stream.cards, card_view),
    )


def card_view(one):
    return card(
        heading(f"Task {one['id']}", as_="h2"),
        progress(value=one["done"], max=one["steps"], aria_label=f"Progress of task {one['id']}"),
        text(one["text"]),
        hstack(
            cond(
                one["done"] < one["steps"],
                cond(
                    one["paused"],
                    button(
                        "Resume", aria_label=f"Resume task {one['id']}", on_click=Stream.resume(one["id"])
                    ),
                    button("Pause", aria_label=f"Pause task {one['id']}", on_click=Stream.pause(one["id"])),
                ),
            ),
            button(
                "Restart",
                variant="soft",
                aria_label=f"Restart task {one['id']}",
                on_click=Stream.restart(one["id"]),
            ),
            button(
                "Remove",
                variant="soft",
                aria_label=f"Remove task {one['id']}",
                on_click=Stream.remove(one["id"]),
            ),
        ),
        key=one["id"],
    )
