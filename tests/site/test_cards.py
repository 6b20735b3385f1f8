"""Cards for those who share links, and the seals of the theme's files."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from itertools import pairwise
from pathlib import Path

import PIL.Image
import pytest
from harness import Project

from generator import cards
from generator.assets import BUILT_IN_ALONE, squeezed

CONFIG = "[tool.pressrun]\ntitle = 'Ink'\nauthor = 'A. Writer'\nbase_url = 'https://site.example/below/'\n[tool.pressrun.cards]\nenabled = true\n"


def card_of(site: Project, url: str) -> PIL.Image.Image:
    """The card that a page names."""
    [address] = re.findall(
        r'property="og:image" content="https://site.example/below/(assets/cards/\w+\.png)"', site.html(url)
    )
    return PIL.Image.open(io.BytesIO((site.root / "site" / address).read_bytes()))


def test_a_page_without_a_picture_has_a_card_of_the_site_s_colours(project: Project, tmp_path: Path) -> None:
    project.write("pyproject.toml", CONFIG + "paper = '#102030'\nink = '#ffffff'\naccent = '#ff0000'\n")
    project.write(
        "blog/a.md",
        "---\ntitle: A long title that needs more than one line of a card, as titles do\n---\nText\n",
    )
    project.write("content/b.md", "# B\n").build()
    assert project.problems == []
    image = card_of(project, "/blog/a/").convert("RGB")
    assert image.size == cards.SIZE
    assert image.getpixel((10, 300)) == (255, 0, 0)
    assert image.getpixel((1190, 10)) == (16, 32, 48)
    rows = [any(image.getpixel((x, y)) == (255, 255, 255) for x in range(84, 1116)) for y in range(630)]
    assert (
        sum(1 for before, now in pairwise(rows) if now and not before) == 5
    )  # three lines, the rule, the foot
    assert 'name="twitter:card" content="summary_large_image"' in project.html("/b/")
    assert project.clean_tree(tmp_path / "clean") == project.tree()


def test_a_card_has_the_colours_of_the_site_s_look_unless_it_has_its_own(project: Project) -> None:
    look = "[tool.pressrun.look]\naccent = '#0b6e4f'\npaper = '#fff8e7'\n"
    project.write("pyproject.toml", CONFIG + look).write("content/b.md", "# B\n").build()
    assert project.problems == []
    image = card_of(project, "/b/").convert("RGB")
    assert (image.getpixel((10, 300)), image.getpixel((1190, 10))) == ((0x0B, 0x6E, 0x4F), (0xFF, 0xF8, 0xE7))
    project.write("pyproject.toml", CONFIG + "accent = '#ff0000'\n" + look).build()
    assert card_of(project, "/b/").convert("RGB").getpixel((10, 300)) == (255, 0, 0)


def test_a_card_is_drawn_when_what_stands_on_it_changes(project: Project) -> None:
    project.write("pyproject.toml", CONFIG).write("blog/a.md", "---\ntitle: A\n---\nText\n").write(
        "blog/b.md", "---\ntitle: B\n---\nText\n"
    ).build()
    first = project.ran("draw")
    assert len(first) == 2
    assert project.write("blog/a.md", "---\ntitle: A\n---\nOther\n").build().ran("draw") == []
    project.write("blog/a.md", "---\ntitle: New\n---\nOther\n").build()
    assert len(project.ran("draw")) == 1
    assert len([path for path in project.tree() if path.startswith("assets/cards/")]) == 2
    project.write("pyproject.toml", CONFIG.replace("enabled = true", "enabled = false")).build()
    assert not [path for path in project.tree() if path.startswith("assets/cards/")]
    assert "og:image" not in project.html("/blog/a/")


def test_a_page_with_a_picture_of_its_own_has_no_card(project: Project) -> None:
    made = io.BytesIO()
    PIL.Image.new("RGB", (90, 60)).save(made, "PNG")
    project.write("pyproject.toml", CONFIG).write("blog/a.png", made.getvalue()).write(
        "blog/a.md", "---\ntitle: A\nimage: a.png\n---\nText\n"
    ).build()
    assert re.findall(r'og:image" content="([^"]*)"', project.html("/blog/a/")) == [
        "https://site.example/below/blog/a.png"
    ]
    assert project.ran("draw") == []


@pytest.mark.parametrize("title", ["x" * 300, "word " * 200, "", "Ἀρχή и начало", "a\u202eb"])
def test_any_title_fits(title: str) -> None:
    card = cards.Card(title, "N" * 200, "S" * 200, "#000000", "#ffffff", "#ff0000", "")
    image = PIL.Image.open(io.BytesIO(cards.drawn(card, None))).convert("L")  # type: ignore[arg-type]
    margins = [
        image.crop(box).getextrema()
        for box in ((1116 + 12, 0, 1200, 630), (26, 0, 82, 630), (26, 0, 1200, 60), (26, 570, 1200, 630))
    ]
    assert all(low == high == 0 for low, high in margins)


def test_a_font_that_is_not_there_and_a_colour_that_is_none_are_said(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("content/a.md", "# A\n").write("pyproject.toml", CONFIG + "font = 'my.ttf'\n").build()
    assert project.problems == ["my.ttf: error: no card can be drawn: there is no font my.ttf"]
    project.write("my.ttf", b"no font").build()
    assert project.problems == ["my.ttf: error: no card can be drawn: invalid stream operation"]
    project.write("my.ttf", cards.face("plain").read_bytes()).build()
    assert project.problems == []
    project.write("pyproject.toml", CONFIG + "ink = 'black'\n").build()
    assert project.problems == [
        "pyproject.toml:7:1: error: “ink” must be a colour such as #b80058, not 'black'"
    ]
    monkeypatch.setattr(cards, "PACKAGE", "no_such_font")
    project.write("pyproject.toml", CONFIG).build()
    assert [str(one) for one in project.last.problems] == [
        "pyproject.toml: warning: the font of cards is not installed; no card is drawn\n    pip install 'pressrun[cards]', or name a `font` of your own in [tool.pressrun.cards]"
    ]


def test_the_theme_s_files_have_the_seal_of_their_bytes(project: Project) -> None:
    project.write("content/a.md", "# A\n").build()
    found = re.findall(
        r'(?:src|href)="/(assets/[\w.-]+)"[^>]* integrity="sha384-([^"]+)"', project.html("/a/")
    )
    assert [path.split(".")[0] for path, _ in found] == ["assets/early", "assets/theme", "assets/theme"]
    for path, seal in found:
        assert base64.b64encode(hashlib.sha384(project.tree()[path]).digest()).decode() == seal


def test_style_sheets_lose_nothing_but_comments_and_indentation() -> None:
    """Comments and white space apart, each is what it was."""
    for name, data in BUILT_IN_ALONE.assets().items():
        if name.endswith(".css"):
            css = data.decode()
            assert not re.search(r"""(["'])[^"'\n]*(/\*|\*/)[^"'\n]*\1""", css), (
                "a string that holds a comment"
            )
            made = squeezed(css)
            assert "/*" not in made
            assert len(made) < len(css)
            bare = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", " ", css, flags=re.DOTALL)).strip()
            assert re.sub(r"\s+", "", made) == bare.replace(" ", "")
