"""The checker: compares the tables of a configuration with the dataclasses, and collects all that does not fit."""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from generator import themes
from generator.config.model import (
    CONFIG_FILE,
    DEFAULT_COLLECTIONS,
    LISTED_BY,
    ORDERS,
    TAXONOMIES,
    Api,
    Cards,
    Check,
    Collection,
    Config,
    Demos,
    Execute,
    Feeds,
    Images,
    Links,
    Markdown,
    NavItem,
    Newsletter,
    Search,
    Serve,
    Taxonomy,
    Versions,
)
from generator.errors import Problem, did_you_mean, error
from generator.looks import Look
from generator.targets import PAGES, Target, mistakes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_NUMBER = 10**9
"""No number in a configuration is as great."""
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
SECTIONS: dict[str, type] = {
    "markdown": Markdown,
    "execute": Execute,
    "demos": Demos,
    "images": Images,
    "api": Api,
    "cards": Cards,
    "search": Search,
    "versions": Versions,
    "newsletter": Newsletter,
    "serve": Serve,
    "feeds": Feeds,
    "look": Look,
    "links": Links,
    "check": Check,
}
TABLES = {"collections", "nav", "taxonomies", "redirects", "inventories", "deploy", "words", *SECTIONS}
KINDS: dict[str, Any] = {"str": str, "bool": bool, "int": int, "float": (int, float), "tuple[str, ...]": list}
NAMES: dict[Any, str] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    (int, float): "a number",
    list: "a list of text",
}
NOT_CONFIGURED = {
    "look_files",
    "root",
    "out",
    "drafts",
    "now",
    "place",
    "theme_folder",
    "whole_url",
    "serving",
    *TABLES,
}


def settings(text: str) -> Iterator[tuple[int, str]]:
    """Give line and dotted name of all that a file sets: the parser keeps no places, so the text is searched."""
    section = ""
    for number, row in enumerate(text.split("\n"), 1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", row)
        key = re.match(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""", row)
        if header:
            section = plain_name(header[1])
            yield number, section
        elif key:
            yield number, f"{section}.{plain_name(key[1])}".removeprefix(".")


def plain_name(name: str) -> str:
    """Take quotes and spaces off a dotted name."""
    return re.sub(r"[\s\"']", "", name)


class Checker:
    """Compares tables with dataclasses and collects all that does not fit."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.settings = list(settings(text))
        self.problems: list[Problem] = []

    def wrong(self, table: str, key: str, message: str, hint: str = "") -> None:
        """Record a problem at the line that sets `key` in `[table]`."""
        line = self.line_of(table, key)
        self.problems.append(error(CONFIG_FILE, message, line=line, column=1 if line else 0, hint=hint))

    def line_of(self, table: str, key: str) -> int:
        """Find where a key is set, or else the table that it is in (inline tables stand on one line)."""
        wanted = f"{table}.{key}".removeprefix(".")
        while wanted:
            for number, name in self.settings:
                if name == wanted or name.startswith(wanted + "."):
                    return number
            wanted = wanted.rpartition(".")[0]
        return 0

    def table(self, parent: dict[str, Any], key: str, above: str = "") -> dict[str, Any]:
        """Give a table in another one, an empty one when there is none."""
        found = parent.get(key, {})
        if isinstance(found, dict):
            return found
        where = f"{above}.{key}".removeprefix(".")
        self.wrong(above, key, f"“{key}” must be a table; expected [{where}]")
        return {}

    def values(self, table: Any, kind: type, where: str, allowed: set[str] | None = None) -> dict[str, Any]:
        """Check one table against the fields of `kind`; give those that fit."""
        if not isinstance(table, dict):
            parent, _, key = where.rpartition(".")
            self.wrong(parent, key, f"“{key}” must be a table; expected [{where}]")
            return {}
        hidden = NOT_CONFIGURED if kind is Config else {"name", "defaults"}
        known = {f.name: str(f.type) for f in fields(kind) if f.name not in hidden}
        good: dict[str, Any] = {}
        for key, value in table.items():
            if key in (allowed or ()):
                continue
            if key not in known:
                hint = did_you_mean(key, [*known, *(allowed or ())])
                self.wrong(where, key, f"unknown key “{key}” in [{where}]", hint)
                continue
            wanted = KINDS[known[key]]
            fits = isinstance(value, wanted) and (known[key] == "bool" or not isinstance(value, bool))
            if fits and isinstance(value, list):
                fits = all(isinstance(item, str) for item in value)
            elif fits and isinstance(value, int):
                fits = abs(value) < MOST_NUMBER
            if fits:
                good[key] = tuple(value) if isinstance(value, list) else value
            else:
                self.wrong(where, key, f"“{key}” must be {NAMES[wanted]}, not {shorter(value)}")
        return good

    def collections(self, table: Any) -> list[Collection]:
        """Check `[tool.pressrun.collections.NAME]` tables; defaults of known names are filled in."""
        where = "tool.pressrun.collections"
        if not isinstance(table, dict):
            self.wrong(
                "tool.pressrun", "collections", f"“collections” must be tables; expected [{where}.NAME]"
            )
            return []
        made = []
        for name in sorted(table):
            values = self.values(table[name], Collection, f"{where}.{name}", allowed={"defaults"})
            values["defaults"] = self.defaults(table[name], f"{where}.{name}")
            if values.get("folder"):
                values["folder"] = posixpath.normpath(values["folder"])
            base = DEFAULT_COLLECTIONS.get(name, Collection(name, name, f"/{name}/{{path}}/"))
            if "taxonomies" not in values and values.get("list", base.list):
                values["taxonomies"] = LISTED_BY
            made.append(replace(base, **values))
        return made

    def defaults(self, collection: Any, above: str) -> tuple[tuple[str, str, int], ...]:
        """Give `[tool.pressrun.collections.NAME.defaults]`; what its values must be is checked as front matter is."""
        if not isinstance(collection, dict):
            return ()
        table = self.table(collection, "defaults", above)
        where = f"{above}.defaults"
        return tuple((key, json.dumps(table[key], default=str), self.line_of(where, key)) for key in table)

    def taxonomies(self, table: Any, collections: list[Collection]) -> list[Taxonomy]:
        """Check `[tool.pressrun.taxonomies.NAME]` tables; give the taxonomies that collections ask for."""
        where = "tool.pressrun.taxonomies"
        if not isinstance(table, dict):
            self.wrong("tool.pressrun", "taxonomies", f"“taxonomies” must be tables; expected [{where}.NAME]")
            return []
        known = dict(TAXONOMIES)
        for name in table:
            values = self.values(table[name], Taxonomy, f"{where}.{name}")
            known[name] = replace(known.get(name, Taxonomy(name, name, "")), **values)
        asked = {name: one.name for one in collections for name in one.taxonomies}
        for name, collection in asked.items():
            if not re.fullmatch(r"[a-z0-9][\w-]*", name):
                message = f"“taxonomies” must be names such as topics, not {shorter(name)}"
                self.wrong(f"tool.pressrun.collections.{collection}", "taxonomies", message)
        for name in table:
            if name not in asked:
                hint = did_you_mean(name, asked) or f'write taxonomies = ["{name}"] in a collection'
                self.wrong(where, name, f"no collection has the taxonomy “{name}”", hint)
        made = [known.get(name, Taxonomy(name, name, "")) for name in sorted(asked)]
        for one in made:
            self.check_order(f"{where}.{one.name}", one.order)
        return [replace(one, title=one.title or one.name.capitalize()) for one in made]

    def check_order(self, where: str, order: str) -> None:
        """Check the word for an order."""
        if order not in ORDERS:
            message = f"“order” must be one of {', '.join(ORDERS)}, not {order!r}"
            self.wrong(where, "order", message, did_you_mean(order, ORDERS))

    def nav(self, found: Any, after: int = 0) -> list[NavItem]:
        """Check `nav`: paths, and tables of a title with a path, a URL or a list of these."""
        items: list[NavItem] = []
        if not isinstance(found, list):
            self.wrong(
                "tool.pressrun", "nav", f"“nav” must be a list of paths and titles, not {shorter(found)}"
            )
            return items
        after = after or self.line_of("tool.pressrun", "nav")
        for one in found:
            pairs = [("", one)] if isinstance(one, str) else [*one.items()] if isinstance(one, dict) else []
            for title, target in pairs:
                after = self.line_with(title or str(target), after)
                if isinstance(target, str):
                    items.append(NavItem(title, target, (), after, 1))
                elif isinstance(target, list):
                    items.append(NavItem(title, "", tuple(self.nav(target, after)), after, 1))
                else:
                    pairs = []
            if not pairs:
                message = f"“nav” has an item that is neither a path nor a title with a path or a list: {shorter(one)}"
                self.wrong("tool.pressrun", "nav", message)
        return items

    def line_with(self, text: str, after: int) -> int:
        """Find the line on which a text stands, from a line on; that line itself when it cannot be found."""
        rows = self.text.split("\n")
        return next((n for n in range(after, len(rows) + 1) if text in rows[n - 1]), after)

    def redirects(self, table: Any) -> list[tuple[str, str]]:
        """Check `[tool.pressrun.redirects]`: old path = new path or URL."""
        where = "tool.pressrun.redirects"
        if not isinstance(table, dict):
            self.wrong("tool.pressrun", "redirects", f"“redirects” must be a table; expected [{where}]")
            return []
        for old, new in table.items():
            parts = old.split("/")
            if not old.startswith("/") or ".." in parts or re.search(r"[\\?#\x00-\x1f]", old):
                self.wrong(where, old, f"{shorter(old)} must be a path of the site that begins with /")
            elif not isinstance(new, str) or not re.match(r"/(?!/)|https?://[^/]", new):
                message = f"“{old}” must lead to a path that begins with / or to a URL, not {shorter(new)}"
                self.wrong(where, old, message)
        return sorted((old, str(new)) for old, new in table.items())

    def inventories(self, table: Any) -> list[tuple[str, str]]:
        """Check `[tool.pressrun.inventories]`: URL = file."""
        where = "tool.pressrun.inventories"
        if not isinstance(table, dict):
            self.wrong("tool.pressrun", "inventories", f"“inventories” must be a table; expected [{where}]")
            return []
        for url, file in table.items():
            if not re.match(r"https?://[^/]+/(?:.*/)?$", url):
                self.wrong(where, url, f"{shorter(url)} must be a URL that ends with /")
            elif not isinstance(file, str) or file.startswith("/") or ".." in file.split("/"):
                self.wrong(where, url, f"“{url}” must have a file of the site, not {shorter(file)}")
        return sorted((url, str(file)) for url, file in table.items())

    def targets(self, table: Any) -> list[Target]:
        """Check `[tool.pressrun.deploy.NAME]` tables; `pages` is there without one."""
        where = "tool.pressrun.deploy"
        if not isinstance(table, dict):
            self.wrong("tool.pressrun", "deploy", f"“deploy” must be tables; expected [{where}.NAME]")
            return []
        made = {PAGES.name: PAGES}
        for name in table:
            one = made[name] = Target(name, **self.values(table[name], Target, f"{where}.{name}"))
            for key, message, hint in mistakes(one):
                self.wrong(f"{where}.{name}", key, message, hint)
        return [made[name] for name in sorted(made)]

    def theme(self, name: str, root: Path) -> tuple[str, dict[str, Any]]:
        """Find the installed theme; give its folder, and what it says of the look. Its own mistakes have places in its own file."""
        try:
            folder = themes.located(name, str(root))
        except themes.Missing as wrong:
            self.wrong("tool.pressrun", "theme", str(wrong), wrong.hint)
            return "", {}
        file = folder / themes.SETTINGS
        place = (file.relative_to(root) if file.is_relative_to(root) else file).as_posix()
        try:
            text, tables = themes.settings(folder)
        except ValueError as wrong:
            self.problems.append(error(place, f"cannot be read: {wrong}"))
            return str(folder), {}
        inner = Checker(text)
        for key in tables.keys() - {"look"}:
            inner.wrong("", key, f"unknown table “{key}”; a theme may have [look]")
        look = inner.values(tables.get("look", {}), Look, "look")
        self.problems += [replace(one, path=place) for one in inner.problems]
        for file in sorted((folder / "words").glob("*.toml")):
            self.words_of_theme(
                file, (file.relative_to(root) if file.is_relative_to(root) else file).as_posix()
            )
        return str(folder), look

    def words_of_theme(self, file: Path, place: str) -> None:
        """Check one of an installed theme's files of words; its English one may have keys of its own."""
        from generator import words

        source = words.said_by(themes.layers(str(file.parent.parent)), words.SOURCE)
        try:
            text = file.read_text("utf-8")
            said = tomllib.loads(text)
        except (OSError, ValueError) as wrong:
            self.problems.append(error(place, f"cannot be read: {wrong}"))
            return
        inner = Checker(text)
        if file.stem == words.SOURCE:
            source = words.english().said
        for key, message, hint in words.mistakes(said, source, may_add=file.stem == words.SOURCE):
            inner.wrong("", key, message, hint)
        self.problems += [replace(one, path=place) for one in inner.problems]

    def words(self, table: Any, theme_folder: str, home: str) -> dict[str, dict[str, Any]]:
        """Check `[tool.pressrun.words.LANGUAGE]` tables; that of the site's own language may have keys of its own."""
        where = "tool.pressrun.words"
        if not table:
            return {}
        if not isinstance(table, dict):
            self.wrong("tool.pressrun", "words", f"“words” must be tables; expected [{where}.LANGUAGE]")
            return {}
        from generator import words

        layers = themes.layers(theme_folder)
        source = words.said_by(layers, words.SOURCE)
        made: dict[str, dict[str, Any]] = {}
        for tag in sorted(table, key=lambda tag: (tag.lower() != home.lower(), tag)):
            if not LANGUAGE_TAG.fullmatch(tag):
                message = f"“words” must have tables named by languages, such as [{where}.pt-BR], not {shorter(tag)}"
                self.wrong(where, tag, message)
            elif not isinstance(table[tag], dict):
                self.wrong(where, tag, f"“{tag}” must be a table; expected [{where}.{tag}]")
            else:
                is_home = tag.lower() == home.lower()
                for key, message, hint in words.mistakes(table[tag], source, may_add=is_home):
                    self.wrong(f"{where}.{tag}", key, message, hint)
                made[tag.lower()] = table[tag]
                source = {**table[tag], **source} if is_home else source
        return made

    def check_folder(self, where: str, one: Collection, first: str) -> None:
        """Check a collection's name and folder; `first` is the collection that has this folder."""
        parts = one.folder.split("/")
        if one.name == "static":
            self.wrong(
                "tool.pressrun.collections",
                "static",
                "“static” cannot be a collection: its files are published as they are",
            )
        if one.folder.startswith("/") or ".." in parts:
            self.wrong(where, "folder", "“folder” must lie inside the site")
        elif one.folder != "." and any(
            not p or p.startswith(".") or re.search(r"[\\\x00-\x1f]", p) for p in parts
        ):
            self.wrong(
                where, "folder", "“folder” must be a plain path such as docs/guide, or . for the whole site"
            )
        elif first != one.name:
            self.wrong(where, "folder", f"“folder” is that of the collection “{first}” already")


def shorter(value: object, most: int = 60) -> str:
    """Cut a value that a message quotes."""
    try:
        text = repr(value)
    except ValueError:  # a number of more digits than Python writes
        return "such a great number"
    return text if len(text) <= most else text[: most - 1] + "…"
