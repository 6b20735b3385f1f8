"""The demo of "Colours that can be read", without a browser; its measure is the generator's own."""

from __future__ import annotations

import pytest

from blog.readable_colours import contrast, luminance, parsed
from generator import looks
from pressrun.testing import mount


def test_the_measure_follows_what_is_typed() -> None:
    demo = mount(contrast)
    assert "passes" in demo.text
    demo.fill("Ink", "#777")
    demo.fill("Paper", "#fff")
    assert "4.48 : 1" in demo.text.replace("\n", " ")
    assert "fails" in demo.text
    assert "Good enough for large headings alone." in demo.text
    demo.fill("Ink", "red-ish")
    assert "Please write two colours such as #b80058." in demo.text


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#b80058", "#123456", "#fedcba", "#777777"])
def test_the_post_measures_as_the_generator_does(colour: str) -> None:
    rgb = parsed(colour)
    assert rgb is not None
    assert tuple(rgb) == looks.colour_of(colour)
    assert luminance(rgb) == pytest.approx(looks.luminance(looks.colour_of(colour) or (0, 0, 0)))


@pytest.mark.parametrize("words", ["", "#12345", "#1234567", "#ggg", "blue", "#-1-2-3"])
def test_what_is_no_colour_is_none(words: str) -> None:
    assert parsed(words) is None
