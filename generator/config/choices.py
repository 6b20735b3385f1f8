"""Choices: what the values of a configuration must be beyond their type, and what they must be together."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from generator.config.checker import Checker, shorter
from generator.config.model import (
    DIALECTS,
    ENGINES,
    FORMATS,
    HTML_POLICIES,
    PRESETS,
    SLUG_STYLES,
    TAXONOMIES,
    Collection,
    Taxonomy,
)
from generator.errors import did_you_mean
from generator.looks import mistakes as mistakes_of_looks

LONGEST_TIMEOUT = 86_400
"""Seconds; a day."""
PLACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*", re.ASCII)
"""A folder that a version can stand in."""
OF_ALL_VERSIONS = "versions"
"""The folder of the page that lists them."""
FEED_FORMATS = ("atom", "rss", "json")
MOST_IN_A_FEED = 1000
MOST_RELATED = 12


def check_choices(
    checker: Checker,
    markdown: Any,
    demos: Any,
    images: Any,
    collections: list[Collection],
    values: dict[str, Any],
) -> None:
    """Check what types cannot say."""
    if markdown.preset not in PRESETS:
        message = f"“preset” must be one of {', '.join(PRESETS)}, not {markdown.preset!r}"
        checker.wrong("tool.pressrun.markdown", "preset", message, did_you_mean(markdown.preset, PRESETS))
    for key, choices in (("html", HTML_POLICIES), ("slugs", SLUG_STYLES), ("dialect", DIALECTS)):
        check_choice(checker, "tool.pressrun.markdown", key, getattr(markdown, key), choices)
    if demos.engine not in ENGINES:
        message = f"“engine” must be one of {', '.join(ENGINES)}, not {demos.engine!r}"
        checker.wrong("tool.pressrun.demos", "engine", message, did_you_mean(demos.engine, ENGINES))
    for form in images.formats:
        if form not in FORMATS:
            message = f"“formats” must be of {', '.join(FORMATS)}, not {form!r}"
            checker.wrong("tool.pressrun.images", "formats", message, did_you_mean(form, FORMATS))
    check_base(checker, values.get("base_url", ""))
    for tag in values.get("languages", ()):
        if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag) or tag == values.get("language", "en"):
            message = (
                f"“languages” must be tags of further languages, such as fr or pt-BR, not {shorter(tag)}"
            )
            checker.wrong("tool.pressrun", "languages", message)
    folders: dict[str, str] = {}
    for one in collections:
        where = f"tool.pressrun.collections.{one.name}"
        checker.check_order(where, one.order)
        check_choice(checker, where, "html", one.html or "allow", HTML_POLICIES)
        check_choice(checker, where, "dialect", one.dialect or DIALECTS[0], DIALECTS)
        if one.schema and not re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*", one.schema):
            message = f"“schema” must be module:Class, such as models:Post, not {one.schema!r}"
            checker.wrong(where, "schema", message)
        checker.check_folder(where, one, folders.setdefault(one.folder, one.name))
        rest = re.sub(r"\{(path|slug)\}", "", one.url)
        if not one.url.startswith("/") or rest == one.url:
            checker.wrong(where, "url", "“url” must begin with / and contain {path} or {slug}")
        elif re.search(r"[{}%\\\x00-\x1f]", rest) or any(part.startswith(".") for part in rest.split("/")):
            message = "“url” must be a plain path inside the site; besides {path} and {slug} it has no braces, percent signs or dots"
            checker.wrong(where, "url", message)
        if one.page_size < 1:
            checker.wrong(where, "page_size", "“page_size” must be at least 1")


def check_editor(checker: Checker, serve: Any) -> None:
    """Check that the editor's URL opens a program and runs nothing in the page."""
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", serve.editor)
    if serve.editor and (
        not scheme or scheme[1] in ("javascript", "data", "vbscript") or "{path}" not in serve.editor
    ):
        message = f"“editor” must be a URL of your editor with {{path}} in it, not {shorter(serve.editor)}"
        hint = 'for example "vscode://file{path}:{line}:{column}"'
        checker.wrong("tool.pressrun.serve", "editor", message, hint)


def check_source(checker: Checker, source: str) -> None:
    """Check the URL of source files."""
    try:
        source.format(path="", first=1, last=1)
    except (ValueError, LookupError):
        message = "“source” must be a URL in which braces hold path, first or last"
        checker.wrong("tool.pressrun.api", "source", message)


def check_cards(checker: Checker, cards: Any) -> None:
    """Check the colours of cards."""
    for key in ("paper", "ink", "accent"):
        colour = getattr(cards, key)
        if colour and not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
            message = f"“{key}” must be a colour such as #b80058, not {shorter(colour)}"
            checker.wrong("tool.pressrun.cards", key, message)


def check_limits(checker: Checker, markdown: Any, execute: Any) -> None:
    """Check numbers that have bounds."""
    if not 1 <= markdown.toc_depth <= 6:
        checker.wrong(
            "tool.pressrun.markdown",
            "toc_depth",
            f"“toc_depth” must be from 1 to 6, not {markdown.toc_depth}",
        )
    if not 0 < execute.timeout <= LONGEST_TIMEOUT:
        message = (
            f"“timeout” must be more than 0 and at most {LONGEST_TIMEOUT} seconds, not {execute.timeout}"
        )
        checker.wrong("tool.pressrun.execute", "timeout", message)


def check_links(checker: Checker, links: Any, check: Any) -> None:
    """Check what is said of links."""
    if links.beyond and not re.match(r"https?://[^/]", links.beyond):
        checker.wrong("tool.pressrun.links", "beyond", "“beyond” must begin with https:// or http://")
    for key in ("timeout", "retries", "interval", "keep_days", "title_length"):
        if getattr(check, key) < 0:
            message = f"“{key}” must not be negative, and is {getattr(check, key)}"
            checker.wrong("tool.pressrun.check", key, message)


def check_found(
    checker: Checker, feeds: Any, look: Any, taxonomies: list[Taxonomy], values: dict[str, Any]
) -> None:
    """Check what decides about feeds and about the links below pages."""
    for key, message, hint in mistakes_of_looks(look):
        checker.wrong("tool.pressrun.look", key, message, hint)
    of = ("site", "collections", *(t.name for t in taxonomies or TAXONOMIES.values()))
    for key, known in (("formats", FEED_FORMATS), ("of", of)):
        for value in getattr(feeds, key):
            if value not in known:
                message = f"“{key}” may hold {', '.join(known)}, not {shorter(value)}"
                checker.wrong("tool.pressrun.feeds", key, message, did_you_mean(value, known))
    if not 1 <= feeds.length <= MOST_IN_A_FEED:
        message = f"“length” must be from 1 to {MOST_IN_A_FEED}, not {feeds.length}"
        checker.wrong("tool.pressrun.feeds", "length", message)
    if not 0 <= values.get("related", 0) <= MOST_RELATED:
        message = f"“related” must be from 0 to {MOST_RELATED}, not {values['related']}"
        checker.wrong("tool.pressrun", "related", message)
    pattern = values.get("edit_url", "")
    if pattern and (not re.match(r"https?://[^/]", pattern) or "{path}" not in pattern):
        checker.wrong("tool.pressrun", "edit_url", "“edit_url” must be a URL that contains {path}")


def check_choice(checker: Checker, where: str, key: str, value: str, choices: tuple[str, ...]) -> None:
    """Check that a value is one of a few."""
    if value not in choices:
        message = f"“{key}” must be one of {', '.join(choices)}, not {value!r}"
        checker.wrong(where, key, message, did_you_mean(value, choices))


def check_base(checker: Checker, url: str) -> None:
    """Check the URL of the site."""
    try:
        base = urlsplit(url)
    except ValueError:
        base = urlsplit("")
    if url and (base.scheme not in ("http", "https") or not base.netloc):
        checker.wrong("tool.pressrun", "base_url", "“base_url” must begin with https:// or http://")
    elif base.query or base.fragment:
        checker.wrong("tool.pressrun", "base_url", "“base_url” must end with its path, without ? and #")


def check_version(
    checker: Checker, values: dict[str, Any], versions: Any, alias: str, *, by_option: bool
) -> None:
    """Check the names of folders that versions stand in; what an option says has no place in the file."""
    version = values.get("version", "")
    told = [("version", "--version" if by_option else "“version”", version), ("", "--alias", alias)]
    for key, name, value in [*told, ("canonical", "“canonical”", versions.canonical)]:
        if value and (not PLACE.fullmatch(value) or value == OF_ALL_VERSIONS):
            where = "tool.pressrun.versions" if key == "canonical" else "tool.pressrun"
            checker.wrong(
                where, key, f"{name} must be a plain name such as 2.1 or latest, not {shorter(value)}"
            )
    if alias and not version:
        checker.wrong(
            "tool.pressrun", "", "--alias is another place of a version; expected “version” or --version"
        )
    elif version and not values.get("base_url"):
        checker.wrong(
            "tool.pressrun", "version", "“version” needs a “base_url”, below which all versions stand"
        )
