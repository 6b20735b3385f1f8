"""Overrides: a block that nobody shows is said, with its line; others are left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from harness import Project

SHOWN = "{% block byline %}a{% block inner %}b{% endblock %}{% endblock %}"


@pytest.fixture
def site(project: Project) -> Project:
    """One post."""
    return project.write("blog/a.md", "---\ndate: 2026-01-01\n---\nText\n")


def test_a_misspelt_block_is_a_warning_with_its_line_and_the_right_word(site: Project) -> None:
    site.write(
        "templates/post.html", '{% extends "theme/post.html" %}\n{% block newsleter %}{% endblock %}\n'
    )
    site.build()
    assert site.problems == [
        "templates/post.html:2: warning: “theme/post.html” has no block “newsleter”, so this one is never shown"
    ]
    assert site.hints == ["did you mean “newsletter”?"]
    assert site.build().problems == site.problems, "problems are replayed"
    site.write(
        "templates/post.html", '{% extends "theme/post.html" %}\n{% block newsletter %}{% endblock %}\n'
    )
    assert site.build().problems == []


@pytest.mark.parametrize(
    "text",
    [
        '{% extends "theme/post.html" %}' + SHOWN,
        '{% extends "theme/post.html" %}{% block footer %}of base.html{% endblock %}',
        '{% extends "theme/post.html" %}{% block byline %}{{ self.mine() }}{% endblock %}{% block mine %}{% endblock %}',
        '{% extends "theme/" ~ "post.html" %}{% block computed %}{% endblock %}',
        "<main>{% block all_mine %}{% endblock %}</main>",
    ],
    ids=["inside another", "of the grandparent", "called", "computed parent", "extends nothing"],
)
def test_a_block_that_is_shown_or_may_be_is_no_problem(site: Project, text: str) -> None:
    assert site.write("templates/post.html", text).build().problems == []


def test_a_block_of_the_sites_own_parent_template_is_known(site: Project) -> None:
    site.write(
        "templates/frame.html",
        '{% extends "theme/post.html" %}{% block byline %}{% block who %}{% endblock %}{% endblock %}',
    )
    site.write(
        "templates/deep/post.html",
        '{% extends "frame.html" %}{% block who %}{% endblock %}{% block whom %}{% endblock %}',
    )
    assert site.build().problems == [
        "templates/deep/post.html:1: warning: “frame.html” has no block “whom”, so this one is never shown"
    ]
    site.write(
        "templates/frame.html",
        '{% extends "theme/post.html" %}{% block byline %}{% block whom %}{% endblock %}{% endblock %}',
    )
    assert site.build().problem().message.endswith("no block “who”, so this one is never shown")
