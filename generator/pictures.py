"""Pictures: what pages show of an image file: its size, smaller copies in better formats, a blurred first impression.

A picture is looked at once (unit `picture:PATH`), whatever pages show it. Copies are named after the file's bytes and the
recipe, so a page can name them before they are made, and only those that some page shows are made (units `variant:…`).
"""

from __future__ import annotations

import io
import re
import struct
import warnings
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from generator.cache import Unreadable, digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from PIL.Image import Image

    from generator.config import Images

SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")
"""Files that are looked at."""
WIDTHS = (480, 960, 1440)
"""Pixels of the copies, as far as the original has them: a phone, a column of text, the same on a fine screen."""
LEAST = 64
"""Pixels; icons that are narrower are left as they are."""
QUALITY = {"avif": {"quality": 60, "speed": 8, "max_threads": 1}, "webp": {"quality": 78, "method": 4}}
"""Format → what the encoder is told; one thread, so that all machines make the same bytes."""
RECIPE = f"1 {WIDTHS} {QUALITY}"
"""What decides the bytes of a copy besides those of the original."""
FOLDER = "assets/images"
"""Where copies are published."""
SIZES = "(min-width: 48rem) 44rem, 100vw"
"""How wide the theme shows a picture: the column of text, on small screens all there is."""
SIZES_OF_CARDS = "(min-width: 48rem) 28rem, 100vw"
"""The same where it stands above a post in a list."""
GRID = (4, 3)
"""Fields of a first impression."""
MOST_PIXELS = 100_000_000
"""Beyond it a picture is not decoded."""
ABOVE_THE_FOLD = 700
"""Letters of text after which a picture no longer stands on the first screen, so that it is loaded when the reader comes near."""
JPEG_STRIPPED = {0xE1, 0xED, 0xFE}
"""Segments with EXIF and XMP, IPTC, comments."""
PNG_STRIPPED = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
WEBP_STRIPPED = {b"EXIF", b"XMP "}


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of an image file."""

    width: int = 0
    """Pixels as shown, turned by what EXIF says; 0 when the file cannot be read as an image."""
    height: int = 0
    """Likewise."""
    name: str = ""
    """The beginning of its copies' names: the file's stem and a digest."""
    still: bool = False
    """Whether smaller copies can be made of it: neither drawn (SVG) nor moving."""
    colours: tuple[str, ...] = ()
    """Its first impression: `GRID` colours, row by row; none when one can look through it."""
    private: bool = False
    """Whether it carries EXIF or other things that are not published."""
    trouble: str = ""
    """Why it cannot be read as an image."""


def look(path: str, data: bytes | None) -> Picture:
    """Find out what pages need to know of an image file."""
    if data is None:
        return Picture()
    name = f"{stem_of(path)}.{digest(data + RECIPE.encode())[:10]}"
    if path.lower().endswith(".svg"):
        return Picture(*drawn_size(data), name)
    import PIL.Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged metadata, which is dropped anyway
            with PIL.Image.open(io.BytesIO(data)) as image:
                return seen(image, name, private=stripped(data) != data)
    except (OSError, ValueError, SyntaxError, struct.error, PIL.Image.DecompressionBombError) as wrong:
        return Picture(trouble=sentence(wrong))


def sentence(wrong: Exception) -> str:
    """Say why Pillow could not read a file, without the machine's addresses."""
    words = str(wrong)
    return "it is no image, or a damaged one" if "cannot identify" in words else words


def seen(image: Image, name: str, *, private: bool) -> Picture:
    """Look at an opened image."""
    width, height = image.size
    if image.getexif().get(0x0112, 1) in range(5, 9):  # turned by a quarter
        width, height = height, width
    if width * height > MOST_PIXELS:
        return Picture(width, height, name, private=private)
    moving = getattr(image, "is_animated", False)
    see_through = "A" in image.getbands() or "transparency" in image.info
    colours: tuple[str, ...] = ()
    if not moving and not see_through and min(width, height) >= LEAST:
        image.draft("RGB", (64, 64))  # of a JPEG only as much is decoded as is needed
        colours = impression(turned(image))
    return Picture(width, height, name, not moving and width >= LEAST, colours, private)


def impression(image: Image) -> tuple[str, ...]:
    """Give the colours of a picture's fields."""
    import PIL.Image

    small = image.convert("RGB").resize(GRID, PIL.Image.Resampling.BOX)
    columns, rows = GRID
    pixels: list[Any] = [small.getpixel((x, y)) for y in range(rows) for x in range(columns)]
    return tuple("#" + "".join(f"{part:02x}" for part in pixel) for pixel in pixels)


def turned(image: Image) -> Image:
    """Turn a photograph as its EXIF says."""
    from PIL import ImageOps

    return ImageOps.exif_transpose(image) or image


def drawn_size(data: bytes) -> tuple[int, int]:
    """Give the size of an SVG: its width and height, else those of its view box; 0 when it has neither."""
    head = re.search(rb"<svg\b([^>]*)>", data[:65536], re.IGNORECASE)
    attributes = dict(re.findall(rb"""([\w:-]+)\s*=\s*["']([^"']*)["']""", head[1])) if head else {}
    sizes = []
    for key in (b"width", b"height"):
        match = re.fullmatch(rb"\s*(\d+(?:\.\d+)?)(?:px)?\s*", attributes.get(key, b""))
        sizes.append(round(float(match[1])) if match else 0)
    if all(sizes):
        return sizes[0], sizes[1]
    box = re.findall(rb"-?\d+(?:\.\d+)?", attributes.get(b"viewBox", b""))
    return (round(float(box[2])), round(float(box[3]))) if len(box) == 4 else (0, 0)


def stem_of(path: str) -> str:
    """Give the beginning of a file's name as it can stand in any URL."""
    stem = path.rpartition("/")[2].rpartition(".")[0]
    return re.sub(r"[^a-z0-9-]+", "-", stem.lower()).strip("-")[:60] or "image"


# ---------------------------------------------------------------- copies


def widths(picture: Picture) -> list[int]:
    """Give the widths of a picture's copies: the usual ones that are smaller than it, and its own."""
    most = min(picture.width, WIDTHS[-1])
    return [*(width for width in WIDTHS if width < most * 0.9), most] if picture.still else []


def variants(picture: Picture, options: Images) -> Iterator[tuple[str, int, str]]:
    """Give published path, width and format of each copy."""
    for form in options.formats:
        for width in widths(picture):
            yield f"{FOLDER}/{picture.name}-{width}.{form}", width, form


def encoded(data: bytes, width: int, form: str) -> bytes:
    """Make one copy; nothing but the picture and its colour profile is in it."""
    import PIL.Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with PIL.Image.open(io.BytesIO(data)) as opened:
            profile = opened.info.get("icc_profile")
            image = turned(opened)
            mode = "RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB"
            if image.mode == "CMYK":
                profile = None
            image = image.convert(mode)
            if width != image.width:
                height = max(1, round(image.height * width / image.width))
                image = image.resize((width, height), PIL.Image.Resampling.LANCZOS)
            made = io.BytesIO()
            image.save(made, form.upper(), exif=b"", icc_profile=profile, **QUALITY[form])
            return made.getvalue()


# ---------------------------------------------------------------- what is not published


def stripped(data: bytes) -> bytes:
    """Take EXIF, XMP, IPTC and comments out of an image file, every pixel as it is; of EXIF only how to turn it stays."""
    if data.startswith(b"\xff\xd8"):
        return stripped_jpeg(data)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return stripped_png(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return stripped_webp(data)
    return data


def stripped_jpeg(data: bytes) -> bytes:
    """Drop segments before the scan."""
    made, at, turn = bytearray(data[:2]), 2, 1
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        segment = data[at : at + 2 + length]
        if kind == 0xDA or length < 2:
            break
        if kind not in JPEG_STRIPPED:
            made += segment
        elif segment[4:10] == b"Exif\0\0":
            turn = orientation(segment[10:])
        at += len(segment)
    if turn in range(2, 9):
        made[2:2] = exif_of(turn)
    return bytes(made + data[at:])


def orientation(tiff: bytes) -> int:
    """Read how a photograph is to be turned from the first folder of its EXIF; 1 (not at all) when it does not say."""
    order = ">" if tiff[:2] == b"MM" else "<"
    try:
        start = struct.unpack_from(order + "I", tiff, 4)[0]
        for number in range(struct.unpack_from(order + "H", tiff, start)[0]):
            tag, _, _, value = struct.unpack_from(order + "HHIH", tiff, start + 2 + 12 * number)
            if tag == 0x0112:
                return int(value)
    except struct.error:
        pass
    return 1


def exif_of(turn: int) -> bytes:
    """Write the EXIF segment of a JPEG that says how to turn it and nothing else."""
    folder = struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, turn, 0, 0)
    body = b"Exif\0\0" + b"MM\0*" + struct.pack(">I", 8) + folder
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def stripped_png(data: bytes) -> bytes:
    """Drop chunks with texts and EXIF."""
    made, at = bytearray(data[:8]), 8
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] not in PNG_STRIPPED:
            made += data[at:end]
        at = end
    return bytes(made + data[at:])


def stripped_webp(data: bytes) -> bytes:
    """Drop chunks with EXIF and XMP, and the flags that announce them."""
    made, at = bytearray(data[:12]), 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        chunk = bytearray(data[at : at + 8 + size + size % 2])
        if chunk[:4] == b"VP8X" and len(chunk) > 8:
            chunk[8] &= ~0b1100
        if bytes(chunk[:4]) not in WEBP_STRIPPED:
            made += chunk
        at += 8 + size + size % 2
    made[4:8] = (len(made) - 8).to_bytes(4, "little")
    return bytes(made)


# ---------------------------------------------------------------- HTML


def html(
    picture: Picture,
    attributes: dict[str, str],
    options: Images,
    base: str,
    *,
    early: bool,
    block: bool,
    sizes: str = SIZES,
) -> str:
    """Write an image; `attributes` are those of `<img>` (`src`, `alt` …), `early` ones stand on the first screen, a `block` stands alone."""
    made = {**attributes, **size_of(picture, attributes)}
    made |= {"fetchpriority": "high"} if early and block else {} if early else {"loading": "lazy"}
    made["decoding"] = "async"
    image = "<img" + "".join(f' {name}="{escape(value)}"' for name, value in made.items()) + ">"
    sources = []
    for form in options.formats if picture.still else ():
        rows = [f"{base}{path} {width}w" for path, width, own in variants(picture, options) if own == form]
        sources.append(
            f'<source type="image/{form}" srcset="{escape(", ".join(rows))}" sizes="{sizes_of(picture, made, sizes)}">'
        )
    if sources:
        image = f"<picture>{''.join(sources)}{image}</picture>"
    if block and picture.colours:
        return f'<span class="picture">{blurred(picture)}{image}</span>'
    return image


def size_of(picture: Picture, attributes: Mapping[str, str]) -> dict[str, str]:
    """Give the width and height of an image: its own, or as its author wants one of them, in proportion; nothing where both are said."""
    own = picture.width, picture.height
    asked = attributes.get("width", ""), attributes.get("height", "")
    if not all(own) or (any(asked) and not (asked[0] or asked[1]).isdecimal()) or all(asked):
        return {}
    part = int(asked[0]) / own[0] if asked[0] else int(asked[1]) / own[1] if asked[1] else 1
    return {"width": asked[0] or str(round(own[0] * part)), "height": asked[1] or str(round(own[1] * part))}


def sizes_of(picture: Picture, attributes: Mapping[str, str], usual: str) -> str:
    """Say how wide a picture is shown, as `usual`; a small one never wider than it is."""
    asked = attributes.get("width", "")
    shown = int(asked) if asked.isdecimal() else picture.width
    return usual if shown >= WIDTHS[1] else f"(min-width: {shown}px) {shown}px, 100vw"


def blurred(picture: Picture) -> str:
    """Write the first impression: a few coloured fields, which the style sheet blurs; no inline style, no request."""
    columns, rows = GRID
    fields = "".join(
        f'<path fill="{colour}" d="M{number % columns} {number // columns}h1v1h-1z"/>'
        for number, colour in enumerate(picture.colours)
    )
    return f'<svg viewBox="0 0 {columns} {rows}" preserveAspectRatio="none" aria-hidden="true">{fields}</svg>'


def read_picture(reads: Any, path: str) -> Picture:
    """Look at a file of the project."""
    try:
        return look(path, reads.file(path))
    except Unreadable as wrong:
        return Picture(trouble=str(wrong))
