"""Versions: several builds of a site side by side at one target, and the files above them that lead to each.

A version has a folder of its own; a deploy touches that folder and what stands above all versions, nothing else. The list of
all is kept in the record at the target, so that no version need be built again to learn of a new one: `versions.json`,
which the pages of each version fetch, is made from it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup

from generator.deploy.items import Item, headers_of, made_item
from generator.deploy.record import Record, Version
from generator.errors import ProblemError, error
from generator.themes import layers
from generator.words import Words, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.config import Config
    from generator.deploy.plan import Published
    from generator.targets import Target

LIST, PAGE, FRONT = "versions.json", "versions/index.html", "index.html"
OF_TARGETS = (".nojekyll", "CNAME")
"""What a target wants at its root, whatever stands below it."""
OF_THE_NEWEST = ("404.html", "robots.txt")
"""What hosts and search engines look for at the root alone."""


def at_place(config: Config, items: Iterable[Item]) -> Iterator[Item]:
    """Give items at the places where they stand: below the folder of their version."""
    for item in items:
        whole = not config.place or item.path in OF_TARGETS
        yield item if whole else replace(item, path=f"{config.place}/{item.path}")


def with_this(config: Config, versions: Iterable[Version]) -> tuple[Version, ...]:
    """Give all versions after a deploy of this one, the newest first: a place belongs to the version that took it last."""
    kept = {v.name: replace(v, places=tuple(p for p in v.places if p != config.place)) for v in versions}
    places = kept[config.version].places if config.version in kept else ()
    title = config.versions.title or config.version
    kept[config.version] = Version(config.version, title, tuple(sorted({*places, config.place})))
    return tuple(sorted((v for v in kept.values() if v.places), key=lambda v: rank(v.name), reverse=True))


def rank(name: str) -> tuple[bool, list[int], bool, list[int], str]:
    """Give what versions are sorted by: names without numbers (`dev`) are newer than all, `3.0rc1` is older than `3.0`."""
    match = re.match(r"v?(\d+(?:\.\d+)*)(.*)", name)
    if not match:
        return True, [], True, [], name
    numbers = [int(part) for part in match[1].split(".")]
    while numbers[-1:] == [0]:
        numbers.pop()
    return False, numbers, not match[2], [int(part) for part in re.findall(r"\d+", match[2])], match[2]


def newest(config: Config, versions: Sequence[Version]) -> Version:
    """Give the version that readers are meant to read: that at the canonical place, else the highest one that is finished."""
    at_canonical = [v for v in versions if config.versions.canonical in v.places]
    finished = [v for v in versions if not rank(v.name)[0] and rank(v.name)[2]]
    return (at_canonical or finished or [*versions])[0]


def place_of(config: Config, version: Version) -> str:
    """Give the folder to which links to a version lead: the lasting one, where it has that."""
    wanted = (config.versions.canonical, version.name)
    return next((place for place in wanted if place in version.places), version.places[0])


def leads(config: Config, target: Target, items: Mapping[str, Item], there: Record) -> dict[str, Item]:
    """Give what stands above all versions: their list, for scripts and for readers, and what leads to the newest."""
    versions = with_this(config, there.versions)
    best = newest(config, versions)
    front = place_of(config, best)
    made = {
        LIST: listed(config, versions),
        PAGE: page(config, versions, items if front == config.place else there.files),
        FRONT: redirect(config, f"{config.whole_path}{front}/"),
    }
    if front == config.place:
        made |= {p: items[f"{front}/{p}"].read() for p in OF_THE_NEWEST if f"{front}/{p}" in items}
        places = {place for version in versions for place in version.places}
        for path in there.files:  # pages that stood here before there were versions
            if (
                is_whole(path, places)
                and path.endswith(".html")
                and f"{front}/{path}" in items
                and path not in made
            ):
                made[path] = redirect(config, f"{config.whole_path}{front}/{path.removesuffix('index.html')}")
    headers = {path: headers_of(path, lasting=False) if target.kind == "store" else () for path in made}
    return {path: made_item(path, data, headers=headers[path]) for path, data in made.items()}


def is_whole(path: str, places: Iterable[str]) -> bool:
    """Say whether a file belongs to no version."""
    return path.partition("/")[0] not in places or "/" not in path


def scoped(config: Config, target: Target, found: Published, items: Mapping[str, Item]) -> Published:
    """Give what was found at a target with what is no business of this deploy set apart. Raises ProblemError."""
    there = found.record
    if not config.place:
        if there.versions:
            names = ", ".join(version.name for version in there.versions)
            message = f"holds versions of this site ({names}), and this build is of none"
            hint = "set “version” in pyproject.toml, or say --version"
            raise ProblemError(error(target.name, message, hint=hint))
        return found
    versions = with_this(config, there.versions)
    places = {place for version in versions for place in version.places}
    leading = place_of(config, newest(config, versions)) == config.place
    own = {
        path: entry
        for path, entry in there.files.items()
        if path in items or path.startswith(f"{config.place}/") or (leading and is_whole(path, places))
    }
    others = {path: entry for path, entry in there.files.items() if path not in own}
    return replace(found, record=replace(there, files=own), beside=Record(files=others, versions=versions))


def listed(config: Config, versions: Sequence[Version]) -> bytes:
    """Write `versions.json`: `version`, `title` and `aliases` as other tools have them, and `url`; one is `newest`."""
    best = newest(config, versions)
    rows = [
        {
            "version": v.name,
            "title": v.title,
            "aliases": [place for place in v.places if place != v.name],
            "url": f"{config.whole_path}{place_of(config, v)}/",
            **({"newest": True} if v is best else {}),
        }
        for v in versions
    ]
    return msgspec.json.format(msgspec.json.encode(rows), indent=1) + b"\n"


def page(config: Config, versions: Sequence[Version], paths: Iterable[str]) -> bytes:
    """Write the page that lists all versions, in the looks of the newest, which stands at some of these paths."""
    best, rows, say = newest(config, versions), [], spoken(config)
    for version in versions:
        url = f"{config.whole_path}{place_of(config, version)}/"
        note = f" ({escape(say.text('newest'))})" if version is best else ""
        rows.append(f'<li><a href="{escape(url)}">{escape(version.title)}</a>{note}</li>')
    forms = {
        "theme.css": '<link rel="stylesheet" href="{}">',
        "early.js": '<script src="{}" async></script>',
        "favicon.svg": '<link rel="icon" type="image/svg+xml" href="{}">',
    }
    head = [
        form.format(escape(f"{config.whole_path}{path}"))
        for name, form in forms.items()
        for path in sorted(paths)
        if re.fullmatch(
            rf"{re.escape(place_of(config, best))}/assets/{name.replace('.', '[.][0-9a-f]{10}[.]')}", path
        )
    ]
    heading = say.text("versions")
    title = f"{heading} · {config.title}"
    body = f'<h1>{escape(heading)}</h1>\n<div class="prose">\n<ul>\n{chr(10).join(rows)}\n</ul>\n</div>'
    brand = f'<header class="head"><div class="head-in"><a class="brand" href="{escape(config.whole_path)}">{escape(config.title)}</a></div></header>'
    sheet = f'{brand}\n<div class="sheet lost">\n<main id="main">\n{body}\n</main>\n</div>'
    return document(config, title, "\n".join(head), sheet)


def spoken(config: Config) -> Words:
    """Give the theme's words in the site's language."""
    return words(layers(config.theme_folder), config.language, config.words, config.language)


def redirect(config: Config, to: str) -> bytes:
    """Write a page that leads elsewhere."""
    head = f'<meta http-equiv="refresh" content="0; url={escape(to)}">\n<link rel="canonical" href="{escape(absolute(config, to))}">'
    link = Markup('<a href="{0}">{0}</a>').format(to)
    body = f"<main>\n<h1>{escape(config.title)}</h1>\n<p>{spoken(config)('go_to', address=link)}</p>\n</main>"
    return document(config, config.title, head, body)


def absolute(config: Config, path: str) -> str:
    """Give the absolute URL of a root-relative one."""
    return "/".join(config.whole_url.split("/", 3)[:3]) + path


def document(config: Config, title: str, head: str, body: str) -> bytes:
    """Write a whole page."""
    rows = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(config.language)}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        '<meta name="color-scheme" content="light dark">',
        head,
        "</head>",
        f"<body>\n{body}\n</body>",
        "</html>",
    ]
    return ("\n".join(row for row in rows if row) + "\n").encode()
