"""Element: one element of a mounted demo, and how elements are found: by id, by name, by what can be read in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import did_you_mean
from pressrun.values import as_json

from .hand import Address, option_value
from .page import CONTROLS, Node, html_without_bindings, name_of, role_of, text_of, words

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from .mounted import Demo


class Done:
    """What an action gives: it has happened already, and can be awaited in tests that are coroutines."""

    def __await__(self) -> Generator[None, None, None]:
        yield from ()


def matching(root: Node, inside: Node, name: str | None, role: str | None) -> list[Node]:
    """Give the elements inside another that are meant: by id; else by name; else the innermost with these words."""
    nodes = [node for node in inside.elements() if not node.hidden and node is not root]
    if role is not None:
        nodes = [node for node in nodes if role_of(node) == role]
    if name is None:
        return nodes
    by_id = [node for node in nodes if node.attributes.get("id") == name.removeprefix("#")]
    if by_id:
        return by_id
    named = [node for node in nodes if role_of(node) and name_of(root, node) == words(name)]
    if named:
        return named
    read = [node for node in nodes if words(text_of(node)) == words(name)]
    return [node for node in read if not any(one is not node and one in read for one in node.elements())]


def the_one(root: Node, inside: Node, name: str | None, role: str | None, *, controls: bool = False) -> Node:
    """Give the one element that is meant; with `controls`, what a reader can operate comes first.

    Raises LookupError when there is none or more than one, and says what there is.
    """
    found = matching(root, inside, name, role)
    if controls:
        found = [node for node in found if role_of(node) in CONTROLS] or found
    if len(found) == 1:
        return found[0]
    wanted = " ".join([role or ("control" if controls else "element"), *([f"“{name}”"] if name else [])])
    if found:
        raise LookupError(f"there are {len(found)} of {wanted}; expected one. {_listed(root, found)}")
    seen = [node for node in inside.elements() if not node.hidden and node is not root]
    seen = [
        node
        for node in seen
        if (role_of(node) in CONTROLS if controls else role_of(node) == role if role else role_of(node))
    ]
    names = [one for node in seen for one in (name_of(root, node), node.attributes.get("id")) if one]
    hint = did_you_mean(name or "", names)
    raise LookupError(" ".join(["there is no", wanted + ";", *([hint] if hint else []), _listed(root, seen)]))


def _listed(root: Node, nodes: list[Node]) -> str:
    listed = []
    for node in nodes:
        name, own = name_of(root, node), node.attributes.get("id")
        listed.append(
            " ".join(
                [
                    role_of(node) or node.tag,
                    *([f"“{name}”"] if name else []),
                    *([f"(id {own})"] if own else []),
                ]
            )
        )
    return f"There is: {', '.join(listed)}." if listed else "There is nothing of that kind."


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a mounted demo. What it says is always of now; it is the same element while its view has it."""

    demo: Demo
    """The demo it belongs to."""
    address: Address
    """Its place in the view."""

    def _node(self) -> Node:
        node = self.demo._hand.node(self.address)
        if node is None:
            raise LookupError("this element is no longer in the view; find it anew")
        return node

    @property
    def role(self) -> str:
        """Its role: "button", "textbox" …; empty when it has none."""
        return role_of(self._node())

    @property
    def name(self) -> str:
        """Its name, as a screen reader reads it."""
        return name_of(self.demo._page(), self._node())

    @property
    def text(self) -> str:
        """What can be read in it."""
        return text_of(self._node())

    @property
    def html(self) -> str:
        """The element as HTML."""
        return html_without_bindings(self._node())

    @property
    def value(self) -> str:
        """What a field, select or slider holds."""
        return self.demo._hand.value(self._node())

    @property
    def checked(self) -> bool:
        """Whether a box is ticked, a switch is on."""
        return self.demo._hand.is_checked(self._node())

    @property
    def disabled(self) -> bool:
        """Whether it cannot be used."""
        return self.demo._hand.is_disabled(self._node())

    def __getitem__(self, attribute: str) -> str | None:
        """An HTML attribute (`element["href"]`); None when it is absent, empty when it is only present."""
        return self._node().attributes.get(attribute)

    def find(self, name: str | None = None, *, role: str | None = None) -> Element:
        """The one such element inside this one: see `Demo.find`."""
        return Element(self.demo, the_one(self.demo._page(), self._node(), name, role).address)

    def all(self, name: str | None = None, *, role: str | None = None) -> list[Element]:
        """All such elements inside this one."""
        found = matching(self.demo._page(), self._node(), name, role)
        return [Element(self.demo, node.address) for node in found]

    def click(self) -> Done:
        """Click it."""
        return self._use(self.demo._hand.click)

    def double_click(self) -> Done:
        """Click it twice, quickly."""

        def twice(node: Node) -> None:
            self.demo._hand.click(node)
            self.demo._hand.click(node)
            self.demo._hand.fire(node, "dblclick")

        return self._use(twice)

    def fill(self, text: object) -> Done:
        """Put a text into it."""

        def fill(node: Node) -> None:
            self.demo._hand.take_focus(node)
            self.demo._hand.put(node, text if isinstance(text, str) else as_json(text))

        return self._use(fill, "input", "textarea")

    def type(self, text: str, *, delay: float = 0) -> Done:
        """Type into it, key by key, `delay` seconds apart."""
        for letter in text:

            def strike(node: Node, letter: str = letter) -> None:
                hand = self.demo._hand
                hand.take_focus(node)
                hand.fire(node, "keydown", letter)
                hand.put(node, hand.value(node) + letter)
                hand.fire(node, "keyup", letter)

            self._use(strike, "input", "textarea")
            if delay:
                self.demo.sleep(delay)
        return Done()

    def press(self, key: str) -> Done:
        """Press a key in it."""
        return self._use(lambda node: self.demo._hand.press(node, key))

    def check(self) -> Done:
        """Tick it or turn it on, unless it is."""
        return Done() if self.checked else self.click()

    def uncheck(self) -> Done:
        """Take its tick away or turn it off, unless it is."""
        return self.click() if self.checked else Done()

    def select(self, option: str) -> Done:
        """Choose an option, by its words or its value."""

        def choose(node: Node) -> None:
            options = [one for one in node.elements() if one.tag == "option"]
            for one in options:
                if option in (words(text_of(one)), option_value(one)):
                    self.demo._hand.choose(node, one)
                    return
            known = [words(text_of(one)) for one in options]
            hint = did_you_mean(option, known)
            listed = ", ".join(f"“{one}”" for one in known)
            raise LookupError(
                " ".join(
                    [f"there is no option “{option}”;", *([hint] if hint else []), f"There is: {listed}."]
                )
            )

        return self._use(choose, "select")

    def _use(self, action: Callable[[Node], None], *tags: str) -> Done:
        """Do something with it, if a reader can: not when it is disabled, not when it is of another kind."""
        node = self._node()
        what = f"{role_of(node) or node.tag} “{self.name or text_of(node)}”"
        if tags and node.tag not in tags:
            raise TypeError(f"{what} is no <{'> or <'.join(tags)}>")
        if self.disabled:
            raise AssertionError(f"{what} is disabled")
        return self.demo._do(lambda: action(node))
