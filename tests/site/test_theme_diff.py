"""`pressrun theme diff`: what a site's templates have changed against the theme's own."""

from __future__ import annotations

from click.testing import CliRunner
from harness import Project

from generator.cli import main
from generator.templates import THEME


def diff(project: Project) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["theme", "diff", str(project.root)], catch_exceptions=False)
    return done.exit_code, done.output


def test_a_copy_is_compared_with_the_theme_s_own(project: Project) -> None:
    """What was taken out of it, what was put in; templates of other names are the site's own business."""
    original = (THEME / "tags.html").read_text("utf-8")
    project.write("templates/tags.html", original.replace("<h1>", "<h1 class=mine>", 1)).write(
        "templates/own.html", "x"
    )
    status, told = diff(project)
    assert status == 0
    rows = told.splitlines()
    assert rows[:2] == ["--- theme/tags.html", "+++ templates/tags.html"]
    changed = [row for row in rows[2:] if row[0] in "+-"]
    line = next(row for row in original.splitlines() if "<h1>" in row)
    assert changed == ["-" + line, "+" + line.replace("<h1>", "<h1 class=mine>")]


def test_a_template_that_extends_the_theme_s_own_is_only_named(project: Project) -> None:
    project.write("templates/post.html", '{% extends "theme/post.html" %}{% block byline %}{% endblock %}')
    assert diff(project) == (0, "templates/post.html extends theme/post.html\n")


def test_a_copy_without_its_last_line_feed_is_said(project: Project) -> None:
    project.write("templates/404.html", (THEME / "404.html").read_text("utf-8").removesuffix("\n"))
    assert diff(project)[1].endswith("\\ No newline at end of file\n")


def test_a_site_that_changes_nothing_says_so(project: Project) -> None:
    project.write("templates/404.html", (THEME / "404.html").read_bytes())
    assert diff(project) == (0, "no template of the site is other than the theme's\n")
