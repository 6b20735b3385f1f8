"""Themes that are installed: their templates, assets and settings stand between the site's own and the built-in ones."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.config import load_config
from generator.errors import ProblemError

if TYPE_CHECKING:
    from pathlib import Path

    from harness import Project

CONFIG = '[tool.pressrun]\ntitle = "Site"\ntheme = "{}"\n'
PACKAGE = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "pressrun-letterpress"
version = "1.0"

[project.entry-points."pressrun.themes"]
letterpress = "pressrun_letterpress"
"""
FILES = {
    "__init__.py": "raise RuntimeError('a theme is data, and is not imported')\n",
    "theme.toml": '[look]\naccent = "#0b6e4f"\nlabel_font = "Jost, sans-serif"\n',
    "templates/post.html": '{% extends "pressrun/post.html" %}{% block byline %}<p class="theirs">Set by hand</p>{% endblock %}',
    "templates/components/footer.html": '<footer class="theirs">Printed with lead</footer>',
    "templates/components/sheet.html": '{#- Component: a sheet -#}\n<div class="sheet-of-lead">{{ content }}</div>',
    "templates/poster.html": '{% extends "base.html" %}{% block main %}<div class="poster">{{ content }}</div>{% endblock %}',
    "assets/look.css": '@font-face { font-family: Lead; src: url("lead.woff2"); }\n.theirs { letter-spacing: 0.1em; }\n',
    "assets/lead.woff2": "not quite a font",
    "assets/favicon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
}


def put(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")


@pytest.fixture
def site(project: Project) -> Project:
    """A site that uses a theme in a package beside it."""
    put(project.root / "pressrun_letterpress", FILES)
    project.write("pyproject.toml", CONFIG.format("pressrun_letterpress"))
    project.write("content/index.md", "# Home\n\n:::sheet\nLead\n:::\n")
    project.write("content/about.md", "---\ntemplate: poster\n---\n# About\n\nUs.\n")
    return project.write("blog/ink.md", "---\ndate: 2026-01-02\n---\n# Ink\n\nIt dries.\n")


def style(project: Project) -> str:
    name = re.search(r'<link rel="stylesheet" href="/([^"]+)"', project.html("/"))
    assert name
    return project.file(name[1])


def test_an_installed_theme_is_found_by_its_name(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wheel, made and installed by pip as users do it; nothing of it is imported."""
    package, installed = tmp_path / "package", tmp_path / "installed"
    put(
        package,
        {"pyproject.toml": PACKAGE, **{f"pressrun_letterpress/{path}": text for path, text in FILES.items()}},
    )
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-build-isolation",
        "--no-deps",
    ]
    subprocess.run([*pip, "--target", str(installed), str(package)], check=True, timeout=120)
    monkeypatch.syspath_prepend(str(installed))
    project.write("pyproject.toml", CONFIG.format("letterpress")).write(
        "content/index.md", "# Home\n"
    ).build()
    assert project.problems == []
    assert "Printed with lead" in project.html("/")
    assert "pressrun_letterpress" not in sys.modules


def test_templates_come_from_the_site_then_the_theme_then_the_built_in_ones(site: Project) -> None:
    site.build()
    assert site.problems == []
    post = site.html("/blog/ink/")
    assert '<p class="theirs">Set by hand</p>' in post
    assert "Printed with lead" in post
    assert "data-theme-switch" in post
    assert '<div class="sheet-of-lead">' in site.main("/")
    assert '<div class="poster">' in site.main("/about/")
    site.write(
        "templates/post.html",
        '{% extends "theme/post.html" %}{% block byline %}{{ super() }}<p>Mine</p>{% endblock %}',
    ).build()
    assert re.search(r"Set by hand</p>\s*<p>Mine</p>", site.html("/blog/ink/"))
    site.write("templates/post.html", '{% extends "pressrun/post.html" %}').build()
    assert "Set by hand" not in site.html("/blog/ink/")


def test_its_assets_are_published_with_fingerprints(site: Project) -> None:
    css = style(site.build())
    font = re.search(r"src: url\((lead\.[0-9a-f]{10}\.woff2)\)", css)
    assert font
    assert site.file(f"assets/{font[1]}") == "not quite a font"
    assert (
        css.index("--pr-bg")
        < css.index(".theirs { letter-spacing")
        < css.index("--pr-accent:light-dark(#0b6e4f")
    )
    icon = re.search(r'<link rel="icon"[^>]* href="/([^"]+)"', site.html("/"))
    assert icon
    assert site.file(icon[1]) == FILES["assets/favicon.svg"]


def test_its_settings_hold_unless_the_site_says_something_else(site: Project) -> None:
    assert "--pr-accent:light-dark(#0b6e4f" in style(site.build())
    site.write(
        "pyproject.toml", CONFIG.format("pressrun_letterpress") + '[tool.pressrun.look]\naccent = "#8a1c1c"\n'
    ).build()
    css = style(site)
    assert "--pr-accent:light-dark(#8a1c1c" in css
    assert "--pr-ui:Jost, sans-serif" in css


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("templates/components/footer.html", "<footer>Printed with light</footer>"),
        ("templates/components/toc.html", "<p>new in the theme</p>"),
        ("assets/look.css", ".theirs { color: red }\n"),
        ("theme.toml", '[look]\naccent = "#8a1c1c"\n'),
    ],
)
def test_a_change_of_the_theme_gives_what_a_clean_build_gives(
    site: Project, tmp_path: Path, path: str, text: str
) -> None:
    before = site.build().tree()
    assert site.build().last.ran == {}
    site.write(f"pressrun_letterpress/{path}", text).build()
    assert site.tree() == site.clean_tree(tmp_path / "clean")
    assert (site.tree() != before) == (path != "templates/components/toc.html")


def test_an_edited_page_alone_is_built_with_the_theme(site: Project, tmp_path: Path) -> None:
    site.build()
    site.write("content/about.md", "---\ntemplate: poster\n---\n# About\n\nThem.\n").build()
    assert site.ran("render") == ["content/about.md"]
    assert site.tree() == site.clean_tree(tmp_path / "clean")


def test_theme_diff_compares_with_the_installed_theme(site: Project) -> None:
    site.write("templates/components/footer.html", FILES["templates/components/footer.html"] + "!")
    site.write("templates/post.html", '{% extends "theme/post.html" %}')
    told = CliRunner().invoke(main, ["theme", "diff", str(site.root)], catch_exceptions=False).output
    assert told.splitlines()[:2] == [
        "--- theme/components/footer.html",
        "+++ templates/components/footer.html",
    ]
    assert "templates/post.html extends theme/post.html" in told


@pytest.mark.parametrize(
    ("name", "files", "message"),
    [
        ("letterpres", {}, "pyproject.toml:3:1: error: there is no theme “letterpres”\n    install the package that has it with pip"),
        ("bare", {"bare/__init__.py": ""}, "pyproject.toml:3:1: error: the package “bare” is no theme; expected templates, assets, words or theme.toml in it"),
        ("odd", {"odd/theme.toml": "[look]\nacent = '#fff'\n[looks]\n"},
         "odd/theme.toml:2:1: error: unknown key “acent” in [look]\n    did you mean “accent”?\n"
         "odd/theme.toml:3:1: error: unknown table “looks”; a theme may have [look]"),
        ("broken", {"broken/theme.toml": "[look\n"},
         "broken/theme.toml: error: cannot be read: Expected ']' at the end of a table declaration (at line 1, column 6)"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_theme_is_said(
    project: Project, name: str, files: dict[str, str], message: str
) -> None:
    project.write("pyproject.toml", CONFIG.format(name))
    put(project.root, files)
    with pytest.raises(ProblemError) as wrong:
        load_config(project.root)
    assert str(wrong.value) == message
