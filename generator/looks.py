"""Looks: colours, fonts and logo of the site's own, as `[tool.pressrun.look]` says; contrast is checked before anything is built."""

from __future__ import annotations

import re
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

Colour = tuple[int, int, int]

PAPER = ("#fcfcfa", "#121419")
"""The theme's own, light and dark; theme.css has the same."""
INK = ("#17191f", "#e8e6e0")
ACCENT = ("#b80058", "#ff7db5")
INKS = {
    "cyan": ("#00a5dc", "#00b4ec"),
    "magenta": ("#e5007d", "#ff2f97"),
    "yellow": ("#ffd900", "#ffe14a"),
}
"""Token → the theme's own inks of ornament: plates, the mark, the patches in the foot."""
SHADES = {"cyan": (-1 / 18, (0.45, 0.3)), "yellow": (1 / 18, (0.78, 0.6))}
"""Token → how far the ink lies from the accent on the circle of hues, and how much of the paper's white or black is in it; `magenta` is the accent."""
READABLE = 4.5
"""The least contrast of text on its ground (WCAG 2.2, 1.4.3)."""
MIXED = {"surface": 0.04, "line": 0.14, "edge": 0.52, "muted": 0.72}
"""Token → how much ink is mixed into the paper, when one of the two is not the theme's."""
WAYS = ("bluesky", "mastodon", "linkedin", "reddit", "hackernews", "email")
"""Where posts can be handed on to."""
FONTS = {
    "font": "--pr-font",
    "heading_font": "--pr-display",
    "label_font": "--pr-ui",
    "code_font": "--pr-mono",
}
"""Key → token."""
FAMILY = re.compile(r"[\w ,\"'-]+")
FONT_FILE = ".woff2"


@dataclass(frozen=True, slots=True)
class Look:
    """What is the site's own in the theme's looks."""

    accent: str = ""
    """Links, what is current, the mark and the drawings of posts, on light paper: `#rrggbb`."""
    accent_dark: str = ""
    """The same on dark paper; a lighter shade of `accent` when empty."""
    paper: str = ""
    """The ground of light pages."""
    paper_dark: str = ""
    """The ground of dark pages."""
    ink: str = ""
    """Text on light paper."""
    ink_dark: str = ""
    """Text on dark paper."""
    font: str = ""
    """Text: names of families, or a `.woff2` file of the site such as `/fonts/text.woff2`, which is preloaded."""
    italic_font: str = ""
    """The italic of `font`, when that is a file."""
    heading_font: str = ""
    """Headings and the site's name; as `font` when empty."""
    label_font: str = ""
    """Navigation and labels."""
    code_font: str = ""
    """Code."""
    logo: str = ""
    """A picture in the place of the mark and the title: a path of the site such as `/logo.svg`."""
    share: tuple[str, ...] = ("bluesky", "linkedin", "email")
    """Links below posts: `bluesky`, `mastodon`, `linkedin`, `reddit`, `hackernews`, `email`; they need `base_url`."""


def colour_of(text: str) -> Colour | None:
    """Read `#rrggbb` or `#rgb`."""
    match = re.fullmatch(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", text)
    if not match:
        return None
    digits = match[1] if len(match[1]) == 6 else "".join(2 * d for d in match[1])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def written(colour: Colour) -> str:
    """Write a colour as CSS has it."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def luminance(colour: Colour) -> float:
    """Give the relative luminance of WCAG 2.2, from 0 to 1."""
    parts = [c / 255 for c in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Give the contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(one: Colour, other: Colour, part: float) -> Colour:
    """Mix a part of another colour into one."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def nearest(colour: Colour, grounds: tuple[Colour, ...]) -> Colour:
    """Give the shade of a colour, darker on light grounds and lighter on dark ones, that can be read on all of them."""
    end = (0, 0, 0) if luminance(grounds[0]) > 0.18 else (255, 255, 255)
    for step in range(101):
        shade = mixed(colour, end, step / 100)
        if all(contrast(shade, ground) >= READABLE for ground in grounds):
            return shade
    return end


def scheme(look: Look, dark: int) -> dict[str, Colour]:
    """Give the colours of light (0) or dark (1) pages that are not the theme's own, by token; wrong ones count as not set."""
    paper = colour_of(look.paper_dark if dark else look.paper)
    ink = colour_of(look.ink_dark if dark else look.ink)
    accent = colour_of(look.accent_dark if dark else look.accent)
    made: dict[str, Colour] = {}
    ground = paper or colour_of(PAPER[dark]) or (255, 255, 255)
    text = ink or colour_of(INK[dark]) or (0, 0, 0)
    if paper or ink:
        made = {name: mixed(ground, text, part) for name, part in MIXED.items()}
        made.update(bg=ground, text=text)
    if dark and not accent and (bright := colour_of(look.accent)):
        accent = nearest(bright, (ground, made.get("surface", ground)))
    if accent:
        made["accent"] = accent
        made["accent-text"] = max(((255, 255, 255), (0, 0, 0)), key=lambda one: contrast(one, accent))
        made.update(inks(accent, dark))
    return made


def inks(accent: Colour, dark: int) -> dict[str, Colour]:
    """Give the inks of ornament that go with an accent: itself, and a neighbour on either side to print over it."""
    hue, light, strength = rgb_to_hls(*(part / 255 for part in accent))
    made, end = {"magenta": accent}, (0, 0, 0) if dark else (255, 255, 255)
    for name, (turn, part) in SHADES.items():
        red, green, blue = (round(255 * one) for one in hls_to_rgb((hue + turn) % 1, light, strength))
        made[name] = mixed((red, green, blue), end, part[dark])
    return made


def tinted(drawing: bytes, look: Look) -> bytes:
    """Give a drawing of the theme, the icon of the browser's tab, in the inks of a site's own accent."""
    own = scheme(look, 0)
    for name, (ink, _) in INKS.items():
        if name in own:
            drawing = drawing.replace(ink.encode(), written(own[name]).encode())
    return drawing


def mistakes(look: Look) -> Iterator[tuple[str, str, str]]:
    """Give key, message and hint of all that types cannot say: what is no colour, what cannot be read, what is no font."""
    for key in ("accent", "accent_dark", "paper", "paper_dark", "ink", "ink_dark"):
        value = getattr(look, key)
        if value and colour_of(value) is None:
            yield key, f"“{key}” must be a colour such as {ACCENT[0]}, not {value[:40]!r}", ""
    for dark in (0, 1):
        yield from unreadable(look, dark)
    for key in (*FONTS, "italic_font"):
        value = getattr(look, key)
        if value and not value.endswith(FONT_FILE) and not FAMILY.fullmatch(value):
            yield key, f"“{key}” must be names of font families, or a {FONT_FILE} file of the site", ""
        elif value.endswith(FONT_FILE) and not is_path(value):
            yield key, f"“{key}” must be a path of the site that begins with /, not {value[:60]!r}", ""
    if look.italic_font and not look.font.endswith(FONT_FILE):
        yield "italic_font", f"“italic_font” belongs to a “font” that is a {FONT_FILE} file", ""
    if look.logo and not is_path(look.logo):
        yield "logo", f"“logo” must be a path of the site that begins with /, not {look.logo[:60]!r}", ""
    for way in look.share:
        if way not in WAYS:
            yield "share", f"“share” may hold {', '.join(WAYS)}, not {way!r}", did_you_mean(way, WAYS)


def unreadable(look: Look, dark: int) -> Iterator[tuple[str, str, str]]:
    """Give the colours of one scheme that cannot be read on its paper."""
    made = scheme(look, dark)
    ground = made.get("bg") or colour_of(PAPER[dark]) or (255, 255, 255)
    surface = made.get("surface", ground)
    where = "dark" if dark else "light"
    for key, token, on in (("ink", "text", ground), ("accent", "accent", surface)):
        name = f"{key}_dark" if dark else key
        colour = made.get(token)
        if colour is None or not (getattr(look, name) or made.get("bg")):
            continue
        found = contrast(colour, on)
        if found < READABLE:
            message = f"“{name}” {written(colour)} has a contrast of {found:.1f} : 1 on the {where} paper {written(ground)}"
            hint = f"it needs {READABLE} : 1; {written(nearest(colour, (ground, surface)))} has that"
            yield name if getattr(look, name) else f"paper{'_dark' * dark}", message, hint


def is_path(text: str) -> bool:
    """Say whether a text is a path of the site."""
    return bool(re.fullmatch(r"/(?!/)[^\\?#\s\"'()<>]*[^/\\?#\s\"'()<>]", text)) and ".." not in text.split(
        "/"
    )


def files(look: Look) -> list[tuple[str, str]]:
    """Give key and path of the files that a look wants to be published."""
    keys = (*FONTS, "italic_font", "logo")
    return [(key, value) for key in keys if (value := getattr(look, key)).startswith("/")]


def papers(look: Look) -> list[str]:
    """Give the colours of light and dark paper."""
    return [look.paper or PAPER[0], look.paper_dark or PAPER[1]]


def preloaded(look: Look) -> list[str]:
    """Give the fonts that stand on the first screen of every page."""
    return [path for key in ("font", "heading_font") if (path := getattr(look, key)).startswith("/")]


def style(look: Look, folder: str = "..") -> str:
    """Write what a look adds to the theme's style sheet; `folder` leads from there to the root of the site."""
    light, dark = scheme(look, 0), scheme(look, 1)
    tokens = []
    for name in sorted(light.keys() | dark.keys()):
        values = [
            f"{written(one[name])}" if name in one else usual(name, d) for d, one in enumerate((light, dark))
        ]
        tokens.append(f"--pr-{name}:light-dark({','.join(values)})")
    faces = []
    for key, token in FONTS.items():
        value = getattr(look, key)
        if value.endswith(FONT_FILE):
            faces.append(face(f"pr-{key}", folder + value, "normal"))
            if key == "font" and look.italic_font:
                faces.append(face(f"pr-{key}", folder + look.italic_font, "italic"))
            value = f"pr-{key}, {'ui-monospace, monospace' if key == 'code_font' else 'serif'}"
        if value:
            tokens.append(f"{token}:{value}")
    body = f":root{{{';'.join(tokens)}}}\n" if tokens else ""
    return "".join(faces) + body


def face(family: str, url: str, posture: str) -> str:
    """Write one font file as CSS asks for it; its own letters take the place of the system's when they are there."""
    return f'@font-face{{font-family:{family};font-style:{posture};font-weight:100 900;font-display:swap;src:url("{url}") format("woff2")}}\n'


def usual(name: str, dark: int) -> str:
    """Give the theme's own colour of a token, for a scheme that a look leaves alone."""
    own = {"bg": PAPER, "text": INK, "accent": ACCENT, "accent-text": ("#ffffff", "#1d0510"), **INKS}
    if name in own:
        return own[name][dark]
    paper, ink = colour_of(PAPER[dark]) or (0, 0, 0), colour_of(INK[dark]) or (0, 0, 0)
    return written(mixed(paper, ink, MIXED[name]))
