"""Cards: the picture that is shown where somebody shares a link to a page: its title, its author, the site's name and colours."""

from __future__ import annotations

import io
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.cache import digest

if TYPE_CHECKING:
    from generator.cache import Reads

SIZE = (1200, 630)
"""Pixels that all who show cards agree on."""
MARGIN = 84
SIZES = (84, 72, 60, 50, 42)
"""Letters of a title, the greatest first: the first with which it fits is taken."""
MOST_LINES = 4
SMALL = 34
PACKAGE = "font_source_serif_pro"
FACES = {"bold": "SourceSerifPro-Semibold.ttf", "plain": "SourceSerifPro-Regular.ttf"}
"""Files of the package's folder `files`."""
FOLDER = "assets/cards"
RECIPE = "1"
"""What else decides the bytes of a card; it changes when they do."""


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a card."""

    title: str
    author: str
    site: str
    paper: str
    """Colour of the ground."""
    ink: str
    """Colour of the title."""
    accent: str
    """Colour of the bar."""
    font: str
    """Path of the font below the root; empty for the one that comes with Pressrun."""

    @property
    def path(self) -> str:
        """Where it is published: a name that follows from what stands on it."""
        words = (RECIPE, self.title, self.author, self.site, self.paper, self.ink, self.accent, self.font)
        return f"{FOLDER}/{digest(chr(0).join(words).encode())[:16]}.png"


def is_installed() -> bool:
    """Say whether the font is there that comes with `pressrun[cards]`."""
    return find_spec(PACKAGE) is not None


def face(name: str) -> Path:
    """Give the file of a face of that font."""
    found = find_spec(PACKAGE)
    folders = list(found.submodule_search_locations or ()) if found else []
    return Path(folders[0], "files", FACES[name]) if folders else Path(name)


def drawn(card: Card, reads: Reads) -> bytes:
    """Draw a card. Raises OSError when there is no font, or one that cannot be read."""
    from PIL import Image, ImageDraw

    own = reads.file(card.font) if card.font else None
    if card.font and own is None:
        raise OSError(f"there is no font {card.font}")
    image = Image.new("RGB", SIZE, card.paper)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 24, SIZE[1]), fill=card.accent)
    width = SIZE[0] - 2 * MARGIN
    size, lines = fitting(card.title, width, own)
    bold = font(own, "bold", size)
    top = MARGIN
    for line in lines:
        draw.text((MARGIN, top), line, font=bold, fill=card.ink)
        top += round(size * 1.22)
    plain = font(own, "plain", SMALL)
    foot = SIZE[1] - MARGIN
    draw.line((MARGIN, foot - 58, SIZE[0] - MARGIN, foot - 58), fill=card.ink, width=2)
    draw.text(
        (MARGIN, foot), shortened(card.site, width * 0.55, plain), font=plain, fill=card.ink, anchor="ls"
    )
    author = shortened(card.author, width * 0.4, plain)
    draw.text((SIZE[0] - MARGIN - wide(plain, author), foot), author, font=plain, fill=card.ink, anchor="ls")
    made = io.BytesIO()
    image.quantize(64).save(made, "PNG", optimize=True)
    return made.getvalue()


def font(own: bytes | None, name: str, size: int) -> Any:
    """Load a font; one of the site's own has one face."""
    from PIL import ImageFont

    return ImageFont.truetype(
        io.BytesIO(own) if own else face(name), size, layout_engine=ImageFont.Layout.BASIC
    )


def wide(loaded: Any, text: str) -> int:
    """Give the pixels that a text takes as drawn; its length in the font's own units is up to a twentieth less."""
    return int(loaded.getbbox(text)[2])


def fitting(title: str, width: float, own: bytes | None) -> tuple[int, list[str]]:
    """Give the size and the lines of a title; what does not fit in the smallest size ends in an ellipsis."""
    lines: list[str] = []
    for size in SIZES:
        loaded = font(own, "bold", size)
        lines = broken(title, width, loaded)
        if len(lines) <= MOST_LINES and all(wide(loaded, line) <= width for line in lines):
            return size, lines
    kept = lines[:MOST_LINES]
    more = len(lines) > MOST_LINES
    return SIZES[-1], [shortened(line + "…" * (more and line is kept[-1]), width, loaded) for line in kept]


def broken(text: str, width: float, loaded: Any) -> list[str]:
    """Break text into lines between words."""
    lines: list[str] = []
    for word in text.split():
        if lines and wide(loaded, f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def shortened(text: str, width: float, loaded: Any) -> str:
    """Cut text that is too wide."""
    if wide(loaded, text) <= width:
        return text
    while text and wide(loaded, text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"
