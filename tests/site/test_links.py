"""Links by name, by id, to pages that are not there, and beyond the site: all resolved or reported with their place."""

from __future__ import annotations

import re

import pytest
from harness import Project

WIKI = "[tool.pressrun.markdown]\nwikilinks = true\n"


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def links(project, url="/a/"):
    return re.findall(
        r'<a href="([^"]*)"[^>]*>(.*?)</a>',
        re.search(r'<div class="prose">(.*?)</div>', project.html(url), re.DOTALL)[1],
    )


def test_a_page_is_linked_by_its_id_wherever_it_stands(project):
    project.write("content/a.md", "[x](id:ink) [y](id:ink#pots)").write(
        "blog/deep/b.md", "---\nid: ink\n---\n# B\n\n## Pots\n"
    ).build()
    assert project.problems == []
    assert links(project) == [("/blog/b/", "x"), ("/blog/b/#pots", "y")]
    project.delete("blog/deep/b.md").write("content/c.md", "---\nid: ink\n---\n# C\n\n## Pots\n").build()
    assert links(project) == [("/c/", "x"), ("/c/#pots", "y")]


def test_bare_names_are_links_where_the_configuration_says_so(project):
    project.write("pyproject.toml", WIKI)
    project.write(
        "content/a.md",
        "[[Old Press]] [[old-press#rollers|its rollers]] [[guide/ink]] [[The title]] [[#here]] `[[code]]`\n\n## Here\n",
    )
    project.write("content/old-press.md", "# P\n\n## Rollers\n").write("content/guide/ink.md", "x")
    project.write("content/other/ink.md", "---\ntitle: The title\n---\nx").build()
    assert project.problems == []
    assert links(project)[:5] == [
        ("/old-press/", "Old Press"), ("/old-press/#rollers", "its rollers"), ("/guide/ink/", "guide/ink"),
        ("/other/ink/", "The title"), ("#here", "#here"),
    ]  # fmt: skip
    assert "<code>[[code]]</code>" in project.html("/a/")


def test_without_that_setting_double_brackets_are_text(project):
    project.write("content/a.md", "[[Press]]").write("content/press.md", "x").build()
    assert (project.problems, links(project)) == ([], [])


BROKEN = {
    "[x](id:inc)": ("error: broken link “id:inc”: no page has this id", "did you mean “ink”?"),
    "[[pres]]": ("error: broken link “[[pres]]”: no page has this name, title or path", "did you mean “press”?"),
    "[[ink]]": (
        "error: broken link “[[ink]]”: it may mean content/ink.md or content/other/ink.md", "write more of the path"
    ),
    "[[held]]": ("error: broken link “[[held]]”: its target is not published (draft)", ""),
    "[x](id:held)": ("error: broken link “id:held”: its target is not published (draft)", ""),
    "[[press#x]]": ("error: broken link “[[press#x]]”: content/press.md has no anchor “x”", ""),
}  # fmt: skip


@pytest.mark.parametrize("written", BROKEN)
def test_a_name_that_leads_nowhere_is_told_with_its_place(project, written):
    project.write("pyproject.toml", WIKI).write("content/press.md", "x").write(
        "content/ink.md", "---\nid: ink\n---\nx"
    )
    project.write("content/other/ink.md", "x").write("content/held.md", "---\nid: held\ndraft: true\n---\nx")
    project.write("content/a.md", f"# A\n\nSee {written}.\n").build()
    column = 9 if written.startswith("[x]") else 5
    message, hint = BROKEN[written]
    assert project.problems == [f"content/a.md:3:{column}: {message}"]
    assert project.hints == [hint]


def test_links_beyond_the_site_and_to_what_others_make_need_a_setting(project):
    text = "[a](/windows/x) [b](code/y.cpp#L3) [c](/a/) [d](z.md) ![p](/gone.png) [t](#tab/x)\n"
    project.write("content/a.md", text).build()
    assert [line.partition(": error: ")[2].partition(":")[0] for line in project.problems] == [
        "broken link “/windows/x”", "broken link “code/y.cpp#L3”", "broken link “z.md”", "broken image link “/gone.png”", "broken link “#tab/x”"
    ]  # fmt: skip
    project.write(
        "pyproject.toml",
        '[tool.pressrun.links]\nbeyond = "https://big.example/"\nignore = ["code/*.cpp#*", "#tab/*"]\n',
    ).build()
    assert project.problems == ["content/a.md:1:49: error: broken link “z.md”: no such page or file"]
    assert links(project)[:3] == [
        ("https://big.example/windows/x", "a"),
        ("code/y.cpp#L3", "b"),
        ("/a/", "c"),
    ]
    assert 'src="https://big.example/gone.png"' in project.html("/a/")


WRONG = {
    '[tool.pressrun.links]\nbeyond = "learn"\n': (
        "pyproject.toml:2:1: error: “beyond” must begin with https:// or http://"
    ),
    "[tool.pressrun.check]\nretries = -1\n": (
        "pyproject.toml:2:1: error: “retries” must not be negative, and is -1"
    ),
    "[tool.pressrun.links]\nignor = []\n": "pyproject.toml:2:1: error: unknown key “ignor” in [tool.pressrun.links]",
}


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_wrong_settings_of_links_have_their_line(project, text):
    project.write("pyproject.toml", text).write("content/a.md", "x").build()
    assert project.problems == [WRONG[text]]


def test_anchors_in_what_page_code_makes_can_be_linked_to(project: Project) -> None:
    """What `eval` puts into a page has anchors like any other HTML; an id in shown code is none."""
    project.write(
        "content/a.md",
        '# A\n\n```python eval\n\'<h2 id="made">Made</h2>\'\n```\n\n```html\n<p id="shown">\n```\n',
    )
    project.write("content/b.md", "# B\n\n[made](a.md#made) [shown](a.md#shown)\n").build()
    assert [str(one) for one in project.problems] == [
        "content/b.md:3:27: error: broken link “a.md#shown”: content/a.md has no anchor “shown”"
    ]


def test_a_wrong_anchor_has_the_nearest_one_as_its_hint(project: Project) -> None:
    """Also where only a word of it is near."""
    project.write("content/install.md", "# Install\n\n## Install with pip\n\n## Upgrading\n")
    project.write(
        "content/a.md", "# A\n\n[x](install.md#pipp) [y](install.md#upgradin) [z](install.md#qqq)\n"
    ).build()
    broken = "content/a.md:3:{}: error: broken link “install.md#{}”: content/install.md has no anchor “{}”"
    assert [str(one) for one in project.last.problems] == [
        broken.format(5, "pipp", "pipp") + "\n    did you mean “install-with-pip”?",
        broken.format(26, "upgradin", "upgradin") + "\n    did you mean “upgrading”?",
        broken.format(51, "qqq", "qqq"),
    ]
