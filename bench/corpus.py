"""Corpus: posts for the benchmark, made from a seed: post 17 is the same on every machine and in every year.

A post has about 4 KB: front matter, paragraphs with inline markup, four headings, a list, a table, a quotation, an image, four links to
other posts and two blocks of code, in Python and in shell, whose names and numbers differ in every post, so that nobody can highlight
one block for all of them. What tools spell differently (front matter, links, folders) is a `Dialect`.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = (
    "archive anchor branch bridge bundle button canvas carrier catalog chapter circle column corner coupon desk diagram "
    "drawer editor engine entry fabric feature field filter folder forest frame garden glossary harbour header hinge index "
    "journal kettle ladder lamp ledger letter library line lock margin market meter mirror module needle notebook office "
    "orchard packet page panel paper parcel pencil pipe plate pocket portal press printer quarter queue reader record river "
    "route ruler screen section shelf signal sketch socket spool stamp station string table tower tray valley vessel village "
    "wheel window winter workshop yard"
).split()
VERBS = (
    "keeps turns follows opens closes moves carries measures sorts joins reads prints copies finds loses holds lifts folds marks "
    "changes"
).split()
KINDS = (
    "small plain quiet quick narrow early late distant usual careful second broken clean common deep empty even final green heavy "
    "hidden local open round"
).split()
JOINS = "and or but while because until where so that before after".split()
TAGS = (
    "accessibility archives browsers build caching colour comments data dates design editors feeds fonts grids history images "
    "indexes layout links lists markdown memory names networks packages paths printing python queues reading search servers "
    "shells speed styles tables templates tests tools typesetting unicode words writing"
).split()
ACTIONS = "bind collect count drain expand fetch gather load merge open pack print queue reduce sort split trim walk".split()
BLOCK = 50
"""Posts that link to each other and share a folder, where there are folders."""
IMAGES = 20
NEWEST = dt.date(2025, 12, 31)
"""Date of post 0; each post is one day older than the one before it."""
DAYS = 3000
"""After so many posts the dates begin again."""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63686868f80f00058402808ccd66260000000049454e44ae426082"
)
"""A PNG of one pixel."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a tool wants posts to be written."""

    link: str = "{slug}.md"
    """Destination of a link to another post."""
    image: str = "/img/{name}"
    """Destination of an image."""
    front: Literal["yaml", "heading", "plain"] = "yaml"
    """`yaml`; `heading`: the title is repeated as the page's first heading; `plain`: values without quotes or brackets."""
    folders: bool = False
    """Whether posts lie in folders of `BLOCK`, as pages of a manual do."""


def slug(number: int) -> str:
    """Name a post in URLs and files."""
    return f"post-{number:05d}"


def path(number: int, dialect: Dialect) -> str:
    """Give the path of a post below the folder of posts."""
    return section(number, dialect) + slug(number) + ".md"


def section(number: int, dialect: Dialect) -> str:
    """Give the folder of a post with its slash; empty when all lie in one."""
    return f"part-{number // BLOCK:03d}/" if dialect.folders else ""


def title(number: int, seed: int = 1) -> str:
    """Give the title of a post."""
    dice = random.Random(f"title {seed} {number}")
    return (
        f"The {dice.choice(KINDS)} {dice.choice(NAMES)} {dice.choice(VERBS)} a {dice.choice(NAMES)} {number}"
    )


def tags(number: int, seed: int = 1) -> list[str]:
    """Give the three tags of a post."""
    return sorted(random.Random(f"tags {seed} {number}").sample(TAGS, 3))


def post(
    number: int, count: int, dialect: Dialect, *, seed: int = 1, title_mark: str = "", body_mark: str = ""
) -> str:
    """Write a post of a corpus of `count`; the marks are an edit's: behind the title, and as a last paragraph."""
    name = title(number, seed) + title_mark
    dice = random.Random(f"front {seed} {number}")
    about = " ".join(words(dice, 12)).capitalize() + "."
    date = NEWEST - dt.timedelta(days=number % DAYS)
    own = tags(number, seed)
    if dialect.front == "plain":
        head = f"---\ntitle: {name}\ndate: {date}\ntags: {', '.join(own)}\nsummary: {about}\n---\n\n"
    else:
        head = (
            f'---\ntitle: "{name}"\ndate: {date}\ntags: [{", ".join(own)}]\ndescription: "{about}"\n---\n\n'
        )
    if dialect.front == "heading":
        head += f"# {name}\n\n"
    return head + body(number, count, dialect, seed) + (f"\n{body_mark}\n" if body_mark else "")


def body(number: int, count: int, dialect: Dialect, seed: int) -> str:
    """Write what stands below the front matter."""
    dice = random.Random(f"body {seed} {number}")
    first = number // BLOCK * BLOCK
    others = [n for n in range(first, min(first + BLOCK, count)) if n != number] or [number]
    links = [
        f"[{' '.join(words(dice, 2))}]({dialect.link.format(slug=slug(dice.choice(others)))})"
        for _ in range(4)
    ]
    image = dialect.image.format(name=f"picture-{number % IMAGES:02d}.png")
    items = "\n".join(
        f"- {' '.join(words(dice, 7))} `{dice.choice(NAMES)}`"
        + (f"\n    - {' '.join(words(dice, 5))}" if row % 2 else "")
        for row in range(6)
    )
    steps = "\n".join(f"{row}. {' '.join(words(dice, 8))}" for row in range(1, 5))
    rows = "\n".join(
        f"| {dice.choice(NAMES)} {row} | {dice.randrange(100_000)} | `{dice.choice(ACTIONS)}` | {' '.join(words(dice, 3))} |"
        for row in range(5)
    )
    parts = [
        paragraph(dice, 4, links[0]),
        heading(dice, 2),
        paragraph(dice, 5, links[1]),
        items,
        f"![{' '.join(words(dice, 3))}]({image})",
        heading(dice, 2),
        paragraph(dice, 3),
        f"```python\n{python_code(dice, number)}\n```",
        paragraph(dice, 4, links[2]),
        heading(dice, 3),
        f"| name | count | call | remark |\n|---|--:|---|---|\n{rows}",
        "> " + paragraph(dice, 2).replace("\n", "\n> "),
        heading(dice, 2),
        steps,
        f"```bash\n{shell_code(dice, number)}\n```",
        paragraph(dice, 4, links[3]),
    ]
    return "\n\n".join(parts) + "\n"


def words(dice: random.Random, count: int) -> list[str]:
    """Draw words that follow each other as in a sentence."""
    kinds: Sequence[Sequence[str]] = (KINDS, NAMES, VERBS, ("the", "a", "each"), KINDS, NAMES, JOINS)
    return [dice.choice(kinds[place % len(kinds)]) for place in range(count)]


def heading(dice: random.Random, depth: int) -> str:
    """Write a heading."""
    return f"{'#' * depth} {' '.join(words(dice, dice.randint(2, 4))).capitalize()}"


def paragraph(dice: random.Random, sentences: int, link: str = "") -> str:
    """Write sentences with inline markup, in lines of about 90 letters; the first of them holds the link."""
    flow: list[str] = []
    for place in range(sentences):
        drawn = words(dice, dice.randint(9, 17))
        drawn[0] = drawn[0].capitalize()
        spot = dice.randrange(1, len(drawn))
        drawn[spot] = dice.choice(
            (
                f"**{drawn[spot]}**",
                f"*{drawn[spot]}*",
                f"`{dice.choice(ACTIONS)}_{dice.choice(NAMES)}()`",
                f"[{drawn[spot]}](https://example.com/{dice.choice(NAMES)}/{dice.randrange(1000)})",
                drawn[spot],
                drawn[spot],
            )
        )
        if link and place == 0:
            drawn.insert(1, link)
        drawn[-1] += dice.choice("...!?")
        flow += drawn
    rows, row = [], ""
    for word in flow:
        if row and len(row) + len(word) > 88:
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}" if row else word
    return "\n".join([*rows, row])


def python_code(dice: random.Random, number: int) -> str:
    """Write a class in Python that no other post has."""
    noun, other, act = dice.choice(NAMES), dice.choice(NAMES), dice.choice(ACTIONS)
    few, many = dice.randrange(2, 90), dice.randrange(100, 9000)
    return f'''import json
from pathlib import Path


class {noun.capitalize()}{number}:
    """Holds up to {many} {other}s of one {noun}."""

    limit: int = {many}

    def __init__(self, root: Path, *, step: float = {few}.25) -> None:
        self.root, self.step = root, step

    def {act}_{other}(self, wanted: str | None = None) -> dict[str, int]:
        # files of fewer than {few} bytes hold no {other}
        found = {{p.name: p.stat().st_size for p in self.root.glob("*.{other[:3]}")}}
        if wanted is not None and wanted not in found:
            raise KeyError(f"no {other} called {{wanted!r}} among {{len(found)}}")
        return json.loads(json.dumps({{k: v for k, v in found.items() if v > {few}}}))'''


def shell_code(dice: random.Random, number: int) -> str:
    """Write a shell script that no other post has."""
    noun, other, act = dice.choice(NAMES), dice.choice(NAMES), dice.choice(ACTIONS)
    port = dice.randrange(1024, 60000)
    return f"""#!/bin/sh
# {act} every {other} of the {noun}
set -eu
{noun.upper()}="${{1:-/srv/{noun}/{number}}}"
LIMIT={port}

{act}_{other}() {{
    for name in "${noun.upper()}"/*.{other[:3]}; do
        test -s "$name" || continue
        sed -n 's/^{other}: *//p' "$name" | sort -u | head -n "$LIMIT"
    done
}}

if ! {act}_{other} > "/var/log/{noun}-{number}.log" 2>&1; then
    echo "{act} failed with status $?" >&2
    exit {port % 120 + 1}
fi"""


def write(folder: str, count: int, dialect: Dialect, *, images: str = "", seed: int = 1) -> None:
    """Write `count` posts into a folder, and the images that they show into another."""
    for number in range(count):
        target = os.path.join(folder, path(number, dialect))
        if number % BLOCK == 0:
            os.makedirs(os.path.dirname(target), exist_ok=True)
        write_file(target, post(number, count, dialect, seed=seed).encode())
    if images:
        os.makedirs(images, exist_ok=True)
        for number in range(IMAGES):
            write_file(os.path.join(images, f"picture-{number:02d}.png"), PIXEL)


def write_file(target: str, data: bytes) -> None:
    """Write one file."""
    with open(target, "wb") as file:
        file.write(data)
