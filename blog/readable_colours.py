"""The demo of "Colours that can be read": the contrast of two colours, as the generator itself checks it."""

from pressrun import State, var
from pressrun.components import badge, cond, hstack, input, label, text, vstack


class Contrast(State):
    """Two colours, and whether one can be read on the other."""

    ink: str = "#b80058"
    paper: str = "#fcfcfa"

    def set_ink(self, words: str):
        self.ink = words.strip()

    def set_paper(self, words: str):
        self.paper = words.strip()

    @var
    def ratio(self) -> float:
        one, other = parsed(self.ink), parsed(self.paper)
        if one is None or other is None:
            return 0.0
        light, dark = sorted((luminance(one), luminance(other)), reverse=True)
        return round((light + 0.05) / (dark + 0.05), 2)

    @var
    def verdict(self) -> str:
        if not self.ratio:
            return "Please write two colours such as #b80058."
        if self.ratio >= 7:
            return "Text of any size can be read by nearly everybody."
        if self.ratio >= 4.5:
            return "Good enough for text."
        return "Good enough for large headings alone." if self.ratio >= 3 else "Too faint for any text."


def parsed(words: str):
    """Read `#rrggbb`; None when it is something else."""
    digits = words.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    if len(digits) != 6 or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
        return None
    return [int(digits[at : at + 2], 16) for at in (0, 2, 4)]


def luminance(colour):
    """The relative luminance of WCAG 2.2: how bright a colour looks, from 0 to 1."""
    parts = [part / 255 for part in colour]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast():
    return vstack(
        hstack(
            vstack(
                label("Ink", html_for="ink"), input(id="ink", value=Contrast.ink, on_change=Contrast.set_ink)
            ),
            vstack(
                label("Paper", html_for="paper"),
                input(id="paper", value=Contrast.paper, on_change=Contrast.set_paper),
            ),
        ),
        hstack(
            text(Contrast.ratio, " : 1", weight="bold", size="6"),
            cond(
                Contrast.ratio >= 4.5,
                badge("passes", color_scheme="green"),
                badge("fails", color_scheme="red"),
            ),
        ),
        text(Contrast.verdict, role="status"),
    )
