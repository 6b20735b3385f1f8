"""Config: what `[tool.pressrun]` says, checked whole, with a place and a did-you-mean for each error.

This is also the only room that reads the clock and the environment (`SOURCE_DATE_EPOCH` gives "now").
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from generator.config.checker import NOT_CONFIGURED, SECTIONS, TABLES, Checker
from generator.config.choices import (
    check_cards,
    check_choices,
    check_editor,
    check_found,
    check_limits,
    check_links,
    check_source,
    check_version,
)
from generator.config.model import (
    CONFIG_FILE,
    DEFAULT_COLLECTIONS,
    DIALECTS,
    ENGINES,
    LEDGER_FILE,
    SERVED,
    STATE_FOLDER,
    TAXONOMIES,
    WHOLE_FOLDER,
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
from generator.errors import ProblemError, error
from generator.looks import Look
from generator.looks import files as files_of
from generator.themes import layers

__all__ = [
    "CONFIG_FILE",
    "DEFAULT_COLLECTIONS",
    "DIALECTS",
    "ENGINES",
    "LEDGER_FILE",
    "NOT_CONFIGURED",
    "STATE_FOLDER",
    "Api",
    "Cards",
    "Check",
    "Collection",
    "Config",
    "Demos",
    "Execute",
    "Feeds",
    "Images",
    "Links",
    "Look",
    "Markdown",
    "NavItem",
    "Newsletter",
    "Search",
    "Serve",
    "Taxonomy",
    "Versions",
    "environment",
    "load_config",
    "place_in_message",
    "plain_message",
]

FIXED_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUTF8": "1",
    "PYTHONPATH": "",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
}
"""Environment variables that page code must not depend on: the same for every build (the path is Pressrun's own)."""


def load_config(
    root: Path,
    *,
    out: Path | None = None,
    drafts: bool = False,
    execute: bool = True,
    serving: bool = False,
    version: str = "",
    alias: str = "",
    environ: dict[str, str] | None = None,
) -> Config:
    """Read the configuration of the site in `root`; command-line options win over it.

    `alias` is where the version shall stand instead of at its own name.

    Raises ProblemError with every problem of the file at once.
    """
    root = root.resolve()
    if not root.is_dir():
        raise ProblemError(error(str(root), "no such folder; expected the root of a site"))
    path = root / CONFIG_FILE
    text = read_text(path) if os.path.lexists(path) else ""
    checker = Checker(text)
    table = checker.table(checker.table(parse(text), "tool"), "pressrun", "tool")
    values = checker.values(table, Config, "tool.pressrun", allowed=TABLES)
    theme_folder, look = checker.theme(values["theme"], root) if values.get("theme") else ("", {})
    sections = {
        name: kind(**checker.values(table.get(name, {}), kind, f"tool.pressrun.{name}"))
        for name, kind in SECTIONS.items()
    }
    sections["look"] = over(Look(**look), sections["look"], table.get("look"))
    collections = with_known(checker.collections(table.get("collections", {})), root)
    taxonomies = checker.taxonomies(table.get("taxonomies", {}), collections)
    nav = checker.nav(table.get("nav", []))
    redirects = checker.redirects(table.get("redirects", {}))
    inventories = checker.inventories(table.get("inventories", {}))
    own_words = checker.words(table.get("words"), theme_folder, str(values.get("language", "en")))
    targets = checker.targets(table.get("deploy", {}))
    check_choices(checker, sections["markdown"], sections["demos"], sections["images"], collections, values)
    check_found(checker, sections["feeds"], sections["look"], taxonomies, values)
    check_links(checker, sections["links"], sections["check"])
    check_cards(checker, sections["cards"])
    check_source(checker, sections["api"].source)
    if version:
        values["version"] = version
    check_version(checker, values, sections["versions"], alias, by_option=bool(version))
    check_limits(checker, sections["markdown"], sections["execute"])
    check_editor(checker, sections["serve"])
    if checker.problems:
        raise ProblemError(*sorted(checker.problems))
    taxonomies = worded(taxonomies, table.get("taxonomies", {}), theme_folder, values, own_words)
    if not execute:
        sections["execute"] = replace(sections["execute"], enabled=False)
    place = alias or str(values.get("version", ""))
    whole_url = str(values.get("base_url", "")) if place else ""
    if place:
        values["base_url"] = f"{whole_url.rstrip('/')}/{place}/"
    values.setdefault("title", root.name.replace("-", " ").replace("_", " ").title() or "Site")
    return Config(
        root=root,
        out=Path(os.path.abspath(out)) if out else root / (SERVED if serving else "site"),
        drafts=drafts,
        serving=serving,
        place=place,
        theme_folder=theme_folder,
        whole_url=whole_url,
        now=moment(environ if environ is not None else dict(os.environ)),
        collections=tuple(collections),
        nav=tuple(nav),
        taxonomies=tuple(taxonomies),
        redirects=tuple(redirects),
        inventories=tuple(inventories),
        words=own_words,
        deploy=tuple(targets),
        look_files=tuple(
            (key, value, checker.line_of("tool.pressrun.look", key))
            for key, value in files_of(sections["look"])
        ),
        **sections,
        **values,
    )


def is_configured(root: Path) -> bool:
    """Say whether a folder has a file of the configuration with our table in it."""
    path = root / CONFIG_FILE
    return path.is_file() and "pressrun" in parse(read_text(path)).get("tool", {})


def with_known(configured: list[Collection], root: Path) -> list[Collection]:
    """Add the collections that folders of known names are by themselves: those that no configured one has or holds."""
    names = {one.name for one in configured}
    folders = {one.folder for one in configured}
    free = [
        one for name, one in DEFAULT_COLLECTIONS.items()
        if name not in names and folders.isdisjoint((one.folder, WHOLE_FOLDER.folder)) and (root / one.folder).is_dir()
    ]  # fmt: skip
    return sorted([*configured, *free], key=lambda one: one.name) or [WHOLE_FOLDER]


def worded(
    taxonomies: list[Taxonomy],
    said: dict[str, Any],
    theme_folder: str,
    values: dict[str, Any],
    own_words: dict[str, dict[str, Any]],
) -> list[Taxonomy]:
    """Give taxonomies whose titles are not configured those of the site's language; for an English site they are at hand."""
    language = str(values.get("language", "en"))
    if language == "en" and not own_words and not theme_folder:
        return taxonomies
    from generator.words import words

    known = words(layers(theme_folder), language, own_words, language)
    bare = {
        one.name for one in taxonomies if one.name in TAXONOMIES and not said.get(one.name, {}).get("title")
    }
    return [replace(one, title=known.text(one.name)) if one.name in bare else one for one in taxonomies]


def over(theirs: Look, own: Look, said: Any) -> Look:
    """Give a theme's look with what the site's own configuration says."""
    keys = [key for key in said if hasattr(own, key)] if isinstance(said, dict) else []
    return replace(theirs, **{key: getattr(own, key) for key in keys})


def moment(environ: dict[str, str]) -> datetime:
    """Give "now": `SOURCE_DATE_EPOCH` in seconds when it is set, for reproducible builds, else the clock."""
    epoch = environ.get("SOURCE_DATE_EPOCH", "")
    if epoch:
        try:
            return datetime.fromtimestamp(int(epoch), UTC)
        except (ValueError, OverflowError, OSError):
            raise ProblemError(
                error("SOURCE_DATE_EPOCH", f"“{epoch[:40]}” is no number of seconds since 1970")
            ) from None
    return datetime.now(UTC).replace(microsecond=0)


def environment() -> dict[str, str]:
    """Give the environment variables that page code sees besides those that are fixed for it."""
    return {name: value for name, value in os.environ.items() if name not in FIXED_ENVIRONMENT}


def read_text(path: Path) -> str:
    """Read the configuration file, or say why it cannot be read."""
    if path.exists() and not path.is_file():
        raise ProblemError(error(path.name, "cannot be read: not a regular file"))
    try:
        data = path.read_bytes()
    except OSError as wrong:
        raise ProblemError(error(path.name, f"cannot be read: {wrong.strerror}")) from None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as wrong:
        line, start = data.count(b"\n", 0, wrong.start) + 1, data.rfind(b"\n", 0, wrong.start) + 1
        message = f"not UTF-8: byte 0x{data[wrong.start]:02x}; TOML files are always UTF-8"
        column = len(data[start : wrong.start].decode("utf-8", "replace")) + 1
        raise ProblemError(
            error(path.name, message, line=line, column=column, hint="save it as UTF-8")
        ) from None


def parse(text: str) -> dict[str, Any]:
    """Parse the configuration file. Raises ProblemError with the parser's place."""
    try:
        return tomllib.loads(text)
    except (
        ValueError,
        RecursionError,
    ) as wrong:  # ValueError: its own errors, and numbers of too many digits
        line, column = place_in_message(str(wrong), text)
        message = f"not valid TOML: {plain_message(wrong)}"
        raise ProblemError(error(CONFIG_FILE, message, line=line, column=column)) from None


def plain_message(wrong: Exception) -> str:
    """Take the place off tomllib's message."""
    return re.sub(r" \(at .*\)$", "", str(wrong)).partition(";")[0]


def place_in_message(message: str, text: str) -> tuple[int, int]:
    """Take line and column out of tomllib's message."""
    match = re.search(r"line (\d+), column (\d+)", message)
    if "end of document" in message:
        return text.rstrip("\n").count("\n") + 1, 0
    return (int(match[1]), int(match[2])) if match else (0, 0)
