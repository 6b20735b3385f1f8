"""Hand: what a reader does to a page, and what the page's script makes of it: the twin of `generator/browser/demo.js`.

Events bubble, controls keep what was typed until the state says otherwise, debounced events wait (in virtual time), and
Enter or leaving a field sends them at once.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pressrun.values import as_json

from .page import Node, name_of, role_of, text_of, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Address = tuple[Any, ...]

BUBBLING = frozenset(
    ["click", "dblclick", "focusin", "focusout", "input", "change", "keydown", "keyup", "mousedown", "mouseup",
     "submit"]
)  # fmt: skip
STATEFUL = frozenset(["value", "checked", "aria-checked", "open"])
"""What the reader and the state both change: the later one counts."""
LINES = frozenset(
    ["text", "search", "email", "url", "tel", "password", "number", "date", "time", "month", "week"]
)
"""Types of `<input>` in which Enter sends the form."""


@dataclass(slots=True)
class Hand:
    """The reader's side of a page: what has been typed and ticked there, and events that are held back."""

    page: Callable[[], Node]
    """The page as it is now."""
    send: Callable[[str, list[Any], Any, Address], None]
    """Takes an event: its number, what it gives, arguments as last shown, the element's address."""
    typed: dict[Address, str] = field(default_factory=dict)
    """Values that the reader gave."""
    ticked: dict[Address, bool] = field(default_factory=dict)
    """Boxes and switches that the reader touched."""
    looks: dict[Address, dict[str, str | None]] = field(default_factory=dict)
    """Attributes that the reader changed by opening and closing parts: folds, dialogs, tabs."""
    focus: Address | None = None
    """The element that keys go to."""
    holds: Counter[Address] = field(default_factory=Counter)
    """How many answers an element waits for: until then its value is the reader's."""
    missed: set[Address] = field(default_factory=set)
    """Elements whose value came from the state while they were held."""
    timers: dict[tuple[Address, str], tuple[asyncio.TimerHandle, Callable[[], None] | None]] = field(
        default_factory=dict
    )
    """Events that are held back, by element and number: timer, and how to send at once."""

    # What controls show

    def node(self, address: Address) -> Node | None:
        """Give the element of an address, if it is (still) there."""
        return next((node for node in self.page().elements() if node.address == address), None)

    def value(self, node: Node) -> str:
        """Give what a control holds."""
        if node.address in self.typed:
            return self.typed[node.address]
        if node.tag == "select":
            options = [one for one in node.elements() if one.tag == "option"]
            chosen = [one for one in options if "selected" in one.attributes] or options[:1]
            return option_value(chosen[0]) if chosen else ""
        if node.tag == "textarea":
            return "".join(child for child in node.children if isinstance(child, str))
        default = "on" if node.attributes.get("type") in ("checkbox", "radio") else ""
        return node.attributes.get("value", default)

    def is_checked(self, node: Node) -> bool:
        """Say whether a box is ticked, a switch is on."""
        shown = "checked" in node.attributes or node.attributes.get("aria-checked") == "true"
        return self.ticked.get(node.address, shown)

    def is_disabled(self, node: Node) -> bool:
        """Say whether a control can be used."""
        return any(
            "disabled" in one.attributes and one.tag in ("fieldset", node.tag) for one in node.around()
        )

    # What the state says

    def changed(self, news: set[tuple[Address, str]]) -> None:
        """These values came, each a path and a number: what was typed there gives way, unless an answer is awaited."""
        for address in {*self.typed, *self.ticked, *self.looks}:
            node = self.node(address)
            if node is None:
                self._forget(address)
                continue
            bound = [number for _, name, number, _ in node.tokens() if name in STATEFUL]
            if any((address[:-1], number) in news for number in bound):
                if self.holds[address]:
                    self.missed.add(address)
                else:
                    self._forget(address)

    def answered(self, address: Address) -> None:
        """An event of an element has been handled."""
        self._hold(address, -1)

    def _hold(self, address: Address, change: int) -> None:
        self.holds[address] += change
        if self.holds[address] <= 0:
            del self.holds[address]
            node = self.node(address)
            follows = node is not None and any(name.endswith("checked") for _, name, _, _ in node.tokens())
            if address in self.missed or follows:
                self._forget(address)

    def _forget(self, address: Address) -> None:
        self.missed.discard(address)
        for own in (self.typed, self.ticked, self.looks):
            own.pop(address, None)

    # What the reader does

    def click(self, node: Node, event: str = "click") -> None:
        """Press the mouse on an element."""
        self.fire(node, "mousedown")
        self.take_focus(node)
        self.fire(node, "mouseup")
        kind = node.attributes.get("type", "")
        if node.tag == "input" and kind in ("checkbox", "radio"):
            self._tick(node, kind)
        self.fire(node, event)
        self._open(node)
        if node.tag == "input" and kind in ("checkbox", "radio"):
            self.fire(node, "input")
            self.fire(node, "change")
        form = next((one for one in node.around() if one.tag == "form"), None)
        submits = (node.tag == "button" and (kind or "submit") == "submit") or (node.tag, kind) == (
            "input",
            "submit",
        )
        if submits and form is not None:
            self.submit(form)

    def _tick(self, node: Node, kind: str) -> None:
        if kind == "checkbox":
            self.ticked[node.address] = not self.is_checked(node)
            return
        for other in self.page().elements():
            if other.attributes.get("type") == "radio" and other.attributes.get(
                "name"
            ) == node.attributes.get("name"):
                self.ticked[other.address] = other.address == node.address

    def _open(self, node: Node) -> None:
        """What the browser, and `generator/browser/parts.js`, do at a click without asking the state."""
        summary = next((one for one in node.around() if one.tag == "summary"), None)
        if summary is not None and summary.parent is not None and not is_held(summary):
            fold = summary.parent
            self.looks[fold.address] = {"open": None if "open" in fold.attributes else ""}
        part = next((one for one in node.around() if "data-part" in one.attributes), None)
        if part is None or part.parent is None:
            return
        kind = part.attributes["data-part"]
        tab = next((one for one in node.around() if role_of(one) == "tab"), None)
        if kind == "tabs" and tab is not None:
            chosen = tab.attributes.get("data-value")
            for one in part.elements():
                own = one.attributes.get("data-value") == chosen
                if role_of(one) == "tab":
                    self.looks[one.address] = {"aria-selected": "true" if own else "false"}
                elif role_of(one) == "tabpanel":
                    self.looks[one.address] = {"hidden": None if own else ""}
        elif kind in ("open", "close"):
            near = part.around() if kind == "close" else part.parent.elements()
            dialog = next(one for one in near if one.tag == "dialog")
            self.looks[dialog.address] = {"open": "" if kind == "open" else None}
            if kind == "close":
                self.fire(dialog, "close")

    def show(self, page: Node) -> Node:
        """Give a page with what the reader has opened and closed there."""
        for node in page.elements():
            for name, value in self.looks.get(node.address, {}).items():
                node.attributes.pop(name, None)
                if value is not None:
                    node.attributes[name] = value
        return page

    def submit(self, form: Node) -> None:
        """Send a form, as far as its fields allow."""
        for node in form.elements():
            if "required" in node.attributes and not self.value(node):
                raise AssertionError(
                    f"the form cannot be sent: {role_of(node)} “{name_of(self.page(), node)}” is required and empty"
                )
        self.fire(form, "submit")

    def take_focus(self, node: Node | None) -> None:
        """Move the focus to an element, or to none when it takes none."""
        while node is not None and not _focusable(node):
            node = node.parent
        before = self.node(self.focus) if self.focus is not None else None
        if node is not None and before is not None and node.address == before.address:
            return
        if before is not None:
            self.fire(before, "focusout")
            self.flush(before.address)
        self.focus = node.address if node is not None else None
        if node is not None:
            self.fire(node, "focusin")

    def put(self, node: Node, text: str) -> None:
        """Put a text into a field; a field for numbers takes numbers alone, a slider what lies on it."""
        kind = node.attributes.get("type", "text")
        if kind in ("number", "range"):
            try:
                number = float(text)
            except ValueError:
                text = "" if kind == "number" else self.value(node)
            else:
                if kind == "range":
                    low, high = (
                        float(node.attributes.get(name) or end) for name, end in (("min", 0), ("max", 100))
                    )
                    text = as_json(min(max(number, low), high))
        self.typed[node.address] = text
        self.fire(node, "input")

    def press(self, node: Node, key: str) -> None:
        """Press a key in an element."""
        self.take_focus(node)
        self.fire(node, "keydown", key)
        role = role_of(node)
        if key == "Enter":
            self.flush(node.address)
            form = next((one for one in node.around() if one.tag == "form"), None)
            if role in ("button", "switch", "link"):
                self.click(node)
            elif form is not None and node.tag == "input" and node.attributes.get("type", "text") in LINES:
                button = next((one for one in form.elements() if _submits(one)), None)
                self.click(button) if button is not None else self.submit(form)
        elif key == " " and role in ("button", "switch", "checkbox"):
            self.click(node)
        self.fire(node, "keyup", key)

    def choose(self, node: Node, option: Node) -> None:
        """Choose an option of a select."""
        self.take_focus(node)
        self.typed[node.address] = option_value(option)
        self.fire(node, "input")
        self.fire(node, "change")

    # Events

    def fire(self, node: Node, name: str, key: str = "") -> None:
        """Let an event happen at an element, and at those around it."""
        for at in list(node.around()) if name in BUBBLING else [node]:
            stops = False
            for kind, dom, number, options in at.tokens():
                if kind == "on" and dom == name:
                    self._act(at, number, options, key)
                    stops = stops or "s" in options[1:]
            if stops:
                return

    def _act(self, node: Node, number: str, options: list[str], key: str) -> None:
        given: list[Any] = []
        if options[0] == "value":
            given.append(self.value(node))
        elif options[0] == "checked":
            given.append(self.is_checked(node))
        elif options[0] == "key":
            given.append(key)
        elif options[0] == "form":
            given.append(dict(self._fields(node)))
        elif options[0] == "pressed":
            given.append(not self.is_checked(node))
            self.ticked[node.address] = given[0]
        address = node.address

        def send() -> None:
            now = self.node(address)
            if now is not None:
                self.holds[address] += 1
                self.send(number, given, json.loads(as_json(now.values.get(number))), address)

        self._later(address, number, options, send)

    def _later(self, address: Address, number: str, options: list[str], send: Callable[[], None]) -> None:
        wait, pause = (
            next((int(one[1:]) for one in options[1:] if one[0] == letter and one[1:].isdigit()), 0) / 1000
            for letter in "dt"
        )
        loop, own = asyncio.get_running_loop(), (address, number)
        if pause:
            if own not in self.timers:
                self.timers[own] = (loop.call_later(pause, self.timers.pop, own), None)
                send()
            return
        if not wait:
            send()
            return
        if own in self.timers:
            self.timers[own][0].cancel()
        else:
            self.holds[address] += 1

        def fire() -> None:
            del self.timers[own]
            send()
            self._hold(address, -1)

        self.timers[own] = (loop.call_later(wait, fire), fire)

    def flush(self, address: Address) -> None:
        """Send what an element holds back."""
        for own in [own for own in self.timers if own[0] == address]:
            timer, fire = self.timers[own]
            if fire is not None:
                timer.cancel()
                fire()

    def held_back(self) -> bool:
        """Say whether an event waits for its time."""
        return any(fire is not None for _, fire in self.timers.values())

    def _fields(self, form: Node) -> Iterator[tuple[str, str]]:
        for node in form.elements():
            name, kind = node.attributes.get("name"), node.attributes.get("type", "")
            if not name or node.tag not in ("input", "select", "textarea") or self.is_disabled(node):
                continue
            if kind in ("button", "submit", "reset") or (
                kind in ("checkbox", "radio") and not self.is_checked(node)
            ):
                continue
            yield name, self.value(node)


def option_value(option: Node) -> str:
    """Give what a select holds when this option is chosen."""
    return option.attributes.get("value", words(text_of(option)))


def _focusable(node: Node) -> bool:
    return (
        node.tag in ("button", "input", "select", "textarea", "summary")
        or (node.tag == "a" and "href" in node.attributes)
    ) or "tabindex" in node.attributes


def is_held(summary: Node) -> bool:
    """Whether the state, and not the browser, opens and closes this fold: its click's default is prevented."""
    tokens = summary.attributes.get("data-bind", "").split()
    return any(token.startswith("on:click=") and "p" in token.split(";")[2:] for token in tokens)


def _submits(node: Node) -> bool:
    return node.tag in ("button", "input") and node.attributes.get("type") == "submit"
