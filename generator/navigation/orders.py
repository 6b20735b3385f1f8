"""Orders: navigation that an author has written, `nav` in the configuration or a folder's `_nav.yml`, put upon the tree."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from generator.config import CONFIG_FILE, NavItem
from generator.errors import Problem, did_you_mean, error, warning
from generator.navigation.tree import Entry, paths_of
from generator.pages import read_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.cache import Reads

NAV_FILE = "_nav.yml"
REST = "..."
"""Stands for all of the folder that the list does not name."""
EXPECTED = "expected a path, or a title with a path, a URL or a list of these"


@dataclass(frozen=True, slots=True)
class Order:
    """What one file says of one folder."""

    path: str
    """The file."""
    folder: str
    """The folder that it orders; empty for the whole site."""
    title: str = ""
    """The folder's name in the navigation; as it would be when empty."""
    items: tuple[NavItem, ...] | None = None
    """In order; None when the file gives only a title."""


def read_orders(
    config_nav: tuple[NavItem, ...], settings: Iterable[str], reads: Reads
) -> tuple[list[Order], list[Problem]]:
    """Read what authors have written about the order of pages; that of outer folders first."""
    problems: list[Problem] = []
    found = [Order(CONFIG_FILE, "", items=config_nav)] if config_nav else []
    files = [path for path in settings if path.rpartition("/")[2] == NAV_FILE]
    found += [read_nav(path, reads, problems) for path in sorted(files, key=lambda p: (p.count("/"), p))]
    return found, problems


def read_nav(path: str, reads: Reads, problems: list[Problem]) -> Order:
    """Read one `_nav.yml`."""
    from generator.frontmatter.values import Block, Wrong, compose_yaml, placed

    text, problem = read_page(path, reads)
    problems += [problem] if problem else []
    block = Block(text or "", 1, 0, 0)
    try:
        return order_of(compose_yaml(block.text), path, problems)
    except Wrong as wrong:
        problems.append(placed(path, block, wrong))
        return Order(path, path.rpartition("/")[0])


def order_of(node: Any, path: str, problems: list[Problem]) -> Order:
    """Give what a file says: a list, or a mapping of `title` and `items`. Raises Wrong."""
    import yaml

    from generator.frontmatter.values import Wrong

    order = Order(path, path.rpartition("/")[0])
    if node is None:
        return order
    if isinstance(node, yaml.SequenceNode):
        return replace(order, items=tuple(items_of(node, path, problems)))
    if not isinstance(node, yaml.MappingNode):
        raise Wrong("a navigation must be a list, or a mapping of title and items", node.start_mark)
    for key, value in node.value:
        if key.value == "title" and isinstance(value, yaml.ScalarNode):
            order = replace(order, title=str(value.value))
        elif key.value == "items" and isinstance(value, yaml.SequenceNode):
            order = replace(order, items=tuple(items_of(value, path, problems)))
        else:
            message = f"“{key.value}” is no key of a navigation; expected title (text) and items (a list)"
            raise Wrong(message, key.start_mark, did_you_mean(str(key.value), ("title", "items")))
    return order


def items_of(node: Any, path: str, problems: list[Problem], depth: int = 0) -> Iterator[NavItem]:
    """Read the items of one list."""
    import yaml

    for one in node.value if depth < 20 else ():
        line, column = one.start_mark.line + 1, one.start_mark.column + 1
        if isinstance(one, yaml.ScalarNode):
            yield NavItem("", str(one.value), (), line, column)
            continue
        pairs = one.value if isinstance(one, yaml.MappingNode) else ()
        for key, value in pairs:
            place = value.start_mark.line + 1, value.start_mark.column + 1
            if isinstance(value, yaml.ScalarNode):
                yield NavItem(str(key.value), str(value.value), (), *place)
            elif isinstance(value, yaml.SequenceNode):
                yield NavItem(
                    str(key.value), "", tuple(items_of(value, path, problems, depth + 1)), line, column
                )
            else:
                pairs = ()
        if not pairs:
            problems.append(
                error(path, f"this is no item of a navigation; {EXPECTED}", line=line, column=column)
            )


@dataclass(slots=True)
class Arranger:
    """Puts written orders upon a tree, and notes what does not fit."""

    root: Entry
    sections: Mapping[str, Entry]
    """Folder → its entry."""
    tops: Sequence[str]
    """The folders of the documentation's collections."""
    withheld: Mapping[str, str]
    """Page → why it is not published."""
    pages: Mapping[str, str]
    """Path of each page of the documentation → its title."""
    aliases: Mapping[str, str]
    """Path that an order may name → the page that stands in its place."""
    problems: list[Problem] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    """Path → the entry of the page."""
    parents: dict[int, Entry] = field(default_factory=dict)
    """`id(entry)` → the entry that it stands in."""
    named: dict[int, str] = field(default_factory=dict)
    """`id(entry)` → the file that has named it."""

    def note(self, entry: Entry) -> None:
        """Learn where everything stands."""
        for child in entry.children:
            self.parents[id(child)] = entry
            if child.path:
                self.entries[child.path] = child
            self.note(child)

    def arrange(self, orders: Iterable[Order]) -> None:
        """Apply all orders, outer folders first."""
        self.note(self.root)
        for order in orders:
            section = self.sections.get(order.folder) if order.folder else self.root
            if section is None:
                continue
            if order.title:
                section.title = order.title
            if order.items is not None:
                before = list(section.children)
                made = self.made(order, section, order.items)
                rest = [e for e in before if id(e) not in self.named and self.parents.get(id(e)) is section]
                if any(entry is section for entry in made):  # where the rest belongs
                    at = next(n for n, entry in enumerate(made) if entry is section)
                    made[at : at + 1] = rest
                else:
                    self.report(order, rest)
                section.children = made

    def made(self, order: Order, section: Entry, items: Iterable[NavItem]) -> list[Entry]:
        """Make the entries of a list; the section itself stands for the rest."""
        found: list[Entry] = []
        for item in items:
            if item.children:
                group = Entry(item.title, section.folder or " ")
                group.children = [e for e in self.made(order, section, item.children) if e is not section]
                for child in group.children:
                    self.parents[id(child)] = group
                found += [group] if group.children else []
            elif item.target == REST:
                found += [section] if section not in found else []
            elif "://" in item.target or item.target.startswith("mailto:"):
                found.append(Entry(item.title or item.target, "", item.target))
            else:
                entry = self.take(order, item)
                found += [entry] if entry else []
        return found

    def take(self, order: Order, item: NavItem) -> Entry | None:
        """Find what an item names and take it from its usual place; report what cannot be found."""
        found = [posixpath.normpath(posixpath.join(base, item.target)) for base in self.bases(order)]
        targets = [self.aliases.get(target, target) for target in found]
        for target in targets:
            entry = self.entries.get(target) or self.sections.get(target)
            if entry is self.root or entry is None:
                if target in self.pages:  # the home page: the site's name leads there already
                    return Entry(item.title, "", "/", target) if item.title else None
                continue
            if id(entry) in self.named:
                self.wrong(order, item, f"the navigation names “{item.target}” twice")
                return None
            self.named[id(entry)] = order.path
            entry.title = item.title or entry.title
            parent = self.parents.get(id(entry))
            if parent is not None and entry in parent.children:
                parent.children = [e for e in parent.children if e is not entry]
            return entry
        why = next((self.withheld[t] for t in targets if t in self.withheld), "")
        if why:
            message = f"the navigation names “{item.target}”, which is not published ({why}); it is left out"
            self.problems.append(Problem(order.path, item.line, item.column, "info", message))
            return None
        known = [*self.pages, *(f"{folder}/" for folder in self.sections)]
        names = [posixpath.relpath(path, base or ".") for base in self.bases(order)[:1] for path in known]
        message = f"the navigation names “{item.target}”: no such page or folder"
        self.wrong(order, item, message, did_you_mean(item.target, names))
        return None

    def bases(self, order: Order) -> list[str]:
        """Give the folders that the paths of an order may be relative to."""
        return [order.folder] if order.folder else [*self.tops, ""]

    def wrong(self, order: Order, item: NavItem, message: str, hint: str = "") -> None:
        """Note an error at an item's place."""
        self.problems.append(error(order.path, message, line=item.line, column=item.column, hint=hint))

    def report(self, order: Order, rest: Iterable[Entry]) -> None:
        """Report the pages that an order leaves out."""
        hint = f"name it there, write {REST} for all others, or set unlisted: true"
        for path in (path for entry in rest for path in paths_of(entry) if path):
            self.problems.append(warning(path, f"is missing from the navigation in {order.path}", hint=hint))
