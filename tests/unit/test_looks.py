"""Looks: colours, fonts and logo of the configuration; each message whole."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from harness import Project

from generator import looks
from generator.looks import ACCENT, INK, INKS, PAPER, READABLE, Look, colour_of, contrast, nearest, style


def configured(project: Project, rows: str) -> list[str]:
    """Build a site with these lines under `[tool.pressrun.look]`; give problems with their hints."""
    project.write("a.md", "# A\n").write("pyproject.toml", f"[tool.pressrun.look]\n{rows}\n").build()
    return [str(problem) for problem in project.last.problems]


def test_contrast_is_that_of_the_guidelines() -> None:
    """Black on white has 21 : 1; the classic grey #767676 passes on white by a hair, #777777 fails by one."""
    white = (255, 255, 255)
    assert contrast((0, 0, 0), white) == pytest.approx(21)
    assert contrast((0x76, 0x76, 0x76), white) >= READABLE > contrast((0x77, 0x77, 0x77), white)


def test_the_themes_own_colours_are_those_of_its_style_sheet_and_can_be_read() -> None:
    text = (Path(looks.__file__).parent / "theme/assets/theme.css").read_text("utf-8")
    for token, pair in (("bg", PAPER), ("text", INK), ("accent", ACCENT), *INKS.items()):
        assert f"--pr-{token}: light-dark({pair[0]}, {pair[1]});" in text
    for name, both in re.findall(
        r"--pr-(text|muted|accent|danger|blue|teal|green|violet|amber): light-dark\(([^)]+)\)", text
    ):
        grounds = dict(re.findall(r"--pr-(bg|surface): light-dark\(([^)]+)\)", text))
        for dark in (0, 1):
            for ground in grounds.values():
                one, other = colour_of(both.split(", ")[dark]), colour_of(ground.split(", ")[dark])
                assert one is not None
                assert other is not None
                assert contrast(one, other) >= READABLE, (name, dark)


def test_a_colour_that_cannot_be_read_is_an_error_with_the_nearest_that_can(project: Project) -> None:
    assert configured(project, 'accent = "#ff7db5"') == [
        (
            "pyproject.toml:2:1: error: “accent” #ff7db5 has a contrast of 2.3 : 1 on the light paper #fcfcfa\n"
            "    it needs 4.5 : 1; #b0567d has that"
        )
    ]
    assert contrast(colour_of("#b0567d") or (0, 0, 0), colour_of(PAPER[0]) or (0, 0, 0)) >= READABLE


def test_all_that_is_wrong_is_said_at_once(project: Project) -> None:
    rows = """accent = "red"
ink_dark = "#333333"
font = "Inter; }"
logo = "logo.svg"
share = ["mastodn"]
italic_font = "/i.woff2\""""
    assert configured(project, rows) == [
        "pyproject.toml:2:1: error: “accent” must be a colour such as #b80058, not 'red'",
        (
            "pyproject.toml:3:1: error: “ink_dark” #333333 has a contrast of 1.5 : 1 on the dark paper #121419\n"
            "    it needs 4.5 : 1; #818181 has that"
        ),
        "pyproject.toml:4:1: error: “font” must be names of font families, or a .woff2 file of the site",
        "pyproject.toml:5:1: error: “logo” must be a path of the site that begins with /, not 'logo.svg'",
        (
            "pyproject.toml:6:1: error: “share” may hold bluesky, mastodon, linkedin, reddit, hackernews, email, not 'mastodn'\n"
            "    did you mean “mastodon”?"
        ),
        "pyproject.toml:7:1: error: “italic_font” belongs to a “font” that is a .woff2 file",
    ]


@pytest.mark.parametrize("accent", ["#0b6e4f", "#1f4fa5", "#7a2e00", "#000000"])
def test_one_accent_gives_a_scheme_for_light_and_dark(accent: str) -> None:
    """The dark shade is found, and the text on either can be read."""
    for dark in (0, 1):
        made = looks.scheme(Look(accent=accent), dark)
        assert contrast(made["accent"], colour_of(PAPER[dark]) or (0, 0, 0)) >= READABLE
        assert contrast(made["accent-text"], made["accent"]) >= READABLE


@pytest.mark.parametrize("accent", ["#0b6e4f", "#1f4fa5", "#7a2e00", "#000000", "#737373"])
def test_ornaments_are_printed_in_the_accent_and_its_neighbours(accent: str) -> None:
    """All three inks can be seen on the ground of a plate, and told from each other."""
    for dark, ground in enumerate(((255, 255, 255), (11, 12, 16))):
        made = looks.scheme(Look(accent=accent), dark)
        inks = [made[name] for name in INKS]
        assert made["magenta"] == made["accent"]
        assert min(contrast(ink, ground) for ink in inks) > 1.25
        assert min(contrast(one, other) for one, other in combinations(inks, 2)) > 1.25


def test_an_accent_changes_plates_mark_and_icon_and_without_one_they_stay(project: Project) -> None:
    def files() -> tuple[str, str]:
        found = {re.sub(r"\.\w+\.", ".", path): path for path in project.tree()}
        return project.file(found["assets/theme.css"]), project.file(found["assets/favicon.svg"])

    assert configured(project, 'share = ["email"]') == []
    sheet, icon = files()
    assert sheet.count("--pr-magenta:") == 1
    assert [pair[0] in icon for pair in INKS.values()] == [True, True, False]
    assert configured(project, 'accent = "#0b6e4f"') == []
    sheet, icon = files()
    assert "--pr-magenta:light-dark(#0b6e4f,#3e8c74)" in sheet
    assert 'stroke="#0b6e4f"' in icon
    assert [pair[0] in icon for pair in INKS.values()] == [False, False, False]
    assert configured(project, 'accent_dark = "#8ab8ff"') == []
    sheet, icon = files()
    assert "--pr-magenta:light-dark(#e5007d,#8ab8ff)" in sheet
    assert INKS["magenta"][0] in icon


def test_other_paper_and_ink_give_what_lies_between(project: Project) -> None:
    made = looks.scheme(Look(paper="#fff8e7", ink="#2b1d0e"), 0)
    assert contrast(made["muted"], made["surface"]) >= READABLE
    assert contrast(made["edge"], made["bg"]) >= 3
    assert configured(project, 'paper = "#fff8e7"\nink = "#2b1d0e"') == []
    sheet = next(
        path for path in project.tree() if path.startswith("assets/theme.") and path.endswith(".css")
    )
    assert "--pr-bg:light-dark(#fff8e7,#121419)" in project.file(sheet)
    assert (
        '<meta name="theme-color" content="#fff8e7" media="(prefers-color-scheme: light)">'
        in project.html("/a/")
    )


def test_fonts_and_logo_are_files_of_the_site(project: Project) -> None:
    project.write("static/fonts/t.woff2", b"x").write(
        "static/logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"
    )
    assert (
        configured(project, 'font = "/fonts/t.woff2"\nlogo = "/logo.svg"\ncode_font = "Fira Code, monospace"')
        == []
    )
    head = project.html("/a/")
    assert '<link rel="preload" href="/fonts/t.woff2" as="font" type="font/woff2" crossorigin>' in head
    assert re.search(r'<a class="brand" href="/"><img class="logo" src="/logo.svg" alt="[^"]+"></a>', head)
    made = style(Look(font="/fonts/t.woff2", code_font="Fira Code, monospace"))
    assert 'src:url("../fonts/t.woff2") format("woff2")' in made
    assert "--pr-mono:Fira Code, monospace" in made


def test_a_font_that_is_not_there_is_an_error(project: Project) -> None:
    assert configured(project, 'font = "/fonts/t.woff2"') == [
        (
            "pyproject.toml:2:1: error: “font” leads to “/fonts/t.woff2”, which is no file of the site\n"
            "    put it into static/fonts/t.woff2"
        )
    ]


def test_nearest_gives_the_colour_itself_when_it_can_be_read() -> None:
    assert nearest((0, 0, 0), ((255, 255, 255),)) == (0, 0, 0)
