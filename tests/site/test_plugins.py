"""Plug-ins: the examples of the manual do what it says, an edit of one is noticed, and what fails in one has its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from harness import Project

from generator.plugins import BUILT_IN, DOORS

MANUAL = Path(__file__).parents[2] / "content/plugins.md"
EXAMPLES = dict(
    re.findall(
        r'^```python title="(\w+\.py)"\n(.*?)^```$', MANUAL.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
)


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def with_plugins(project, *names):
    for name in names:
        if f"{name}.py" in EXAMPLES:
            project.write(f"{name}.py", EXAMPLES[f"{name}.py"])
    return project.write("pyproject.toml", f"[tool.pressrun]\nplugins = {[*names]}\n".replace("'", '"'))


def test_the_manual_has_a_whole_example_for_each_door():
    doors = [
        door
        for door in DOORS
        for text in EXAMPLES.values()
        if re.search(rf"^def {door}\(", text, re.MULTILINE)
    ]
    assert doors == list(DOORS)


def test_a_plug_in_changes_the_markdown_parser(project):
    with_plugins(project, "marks").write("content/a.md", "See #12, not `#13`.\n").build()
    assert project.problems == []
    assert 'See <a href="https://code.example/issues/12">#12</a>, not <code>#13</code>.' in project.main(
        "/a/"
    )


def test_a_plug_in_writes_code_blocks_or_declines(project):
    text = '```bars title="Ink"\nred: 40\n```\n\n```bars plain\nred: 40\n```\n'
    with_plugins(project, "charts").write("content/a.md", text).build()
    assert project.problems == []
    shown = project.main("/a/")
    assert '<ul title="Ink"><li>red <meter value="40" max="100">40 %</meter></li></ul>' in shown
    assert shown.count("<pre") == 1


def test_a_plug_in_adds_to_templates(project):
    with_plugins(project, "separators").write("content/a.md", "x").write(
        "templates/page.html", "{{ 12000 | thousands }}"
    ).build()
    assert project.html("/a/") == "12\u202f000"


def test_a_plug_in_gives_files(project):
    with_plugins(project, "calendar_file").write("blog/a.md", "---\ntitle: A\ndate: 2026-01-02\n---\nx")
    project.write("blog/b.md", "---\ntitle: B\ndate: 2026-01-02\nunlisted: true\n---\nx").build()
    assert project.problems == []
    assert re.findall(r"SUMMARY:(.*)\r\n", (project.root / "site/calendar.ics").read_bytes().decode()) == [
        "A"
    ]
    project.write("static/calendar.ics", "mine").build()
    assert project.file("calendar.ics") == "mine"


def test_an_edit_of_a_plug_in_builds_anew_and_no_edit_builds_nothing(project):
    with_plugins(project, "marks").write("content/a.md", "---\ndescription: D\n---\nSee #12.\n").build()
    project.build()
    assert project.last.ran == {}
    project.write("marks.py", EXAMPLES["marks.py"].replace("/issues/", "/tickets/")).build()
    assert "/tickets/12" in project.main("/a/")
    project.write("content/a.md", "---\ndescription: D\n---\nSee #13.\n").build()
    assert "/tickets/13" in project.main("/a/")
    assert set(project.last.ran) == {"load:content/a.md", "compose:content/a.md", "render:content/a.md"}


def test_an_edit_of_a_module_that_a_plug_in_imports_is_noticed(project):
    with_plugins(project, "marks").write(
        "marks.py", "from parts.words import WORD\ndef templates(env):\n    env.globals['word'] = WORD\n"
    )
    project.write("parts/words.py", "WORD = 'one'\n").write("content/a.md", "x").write(
        "templates/page.html", "{{ word }}"
    ).build()
    assert project.html("/a/") == "one"
    project.write("parts/words.py", "WORD = 'two'\n").build()
    assert project.html("/a/") == "two"


def test_many_pages_in_many_processes_have_the_same_plug_ins(project):
    with_plugins(project, "marks", "charts")
    for number in range(40):
        project.write(f"content/p{number}.md", f"#{number}\n\n```bars\nx: {number}\n```\n")
    project.build(jobs=2)
    assert project.problems == []
    for number in range(40):
        assert f"/issues/{number}" in project.main(f"/p{number}/")
        assert f'<meter value="{number}"' in project.main(f"/p{number}/")


FAILING = {
    "def markdown(md):\n    1 / 0\n": "marks.py:2: error: the plug-in “marks” failed in markdown: ZeroDivisionError: division by zero",
    "def fences():\n    return {'x': x}\ndef x(code, fence):\n    return code.nothing\n": (
        "marks.py:4: error: the plug-in “marks” failed in x: AttributeError: 'str' object has no attribute 'nothing'"
    ),
    "def outputs(site):\n    yield 'a', 1 / 0\n": (
        "marks.py:2: error: the plug-in “marks” failed in outputs: ZeroDivisionError: division by zero"
    ),
    "def outputs(site):\n    yield '../a.txt', 'x'\n": (
        "pyproject.toml: error: the plug-in “marks” gives a file at “../a.txt”; expected a plain path such as a/b.txt"
    ),
    "import nothing_there\n": (
        "pyproject.toml: error: the plug-in “marks” cannot be imported: ModuleNotFoundError: No module named 'nothing_there'"
    ),
    "def markdwn(md):\n    pass\n": (
        "pyproject.toml: error: the plug-in “marks” has no door; expected a function markdown, fences, templates or outputs"
    ),
}


@pytest.mark.parametrize("text", FAILING, ids=range(len(FAILING)))
def test_what_fails_in_a_plug_in_has_its_line(project, text):
    with_plugins(project, "marks").write("marks.py", text).write("content/a.md", "```x\ny\n```\n").build()
    assert project.problems == [FAILING[text]]
    if "markdwn" in text:
        assert project.hints == ["did you mean “markdown”?"]


def test_without_running_code_plug_ins_are_left_out_and_that_is_said(project):
    with_plugins(project, "marks").write("content/a.md", "#12").build(execute=False)
    assert project.problems == ["pyproject.toml: warning: the plug-ins marks were not loaded (--no-exec)"]
    assert "issues" not in project.main("/a/")


def test_csv_becomes_a_table_where_it_asks_for_it(project):
    text = '```csv table title="In&k"\na,b\n1,"<2>, 3"\n\n4\n```\n\n```csv\na,b\n```\n\n```tsv table\na\tb\n```\n'
    project.write("content/a.md", text).build()
    shown = project.main("/a/")
    assert "<caption>In&amp;k</caption>\n<thead>\n<tr><th>a</th><th>b</th></tr>" in shown
    assert "<tr><td>1</td><td>&lt;2&gt;, 3</td></tr>\n<tr><td>4</td><td></td></tr>" in shown
    assert (shown.count("<table"), shown.count("<pre")) == (2, 1)


def test_what_is_built_in_goes_through_the_same_doors():
    import importlib

    for door, modules in BUILT_IN.items():
        assert modules
        assert all(callable(getattr(importlib.import_module(name), door)) for name in modules)
    assert list(BUILT_IN) == list(DOORS)


def test_of_a_page_that_a_plug_in_keeps_from_being_composed_all_files_stay(project):
    """Its HTML, its Markdown and what has the texts of all pages are those of the last build; a new page has none yet."""
    config = '[tool.pressrun]\nbase_url = "https://a.example"\nplugins = ["inks"]\nllms = true\n'
    good = 'def templates(env):\n    env.globals["ink"] = "cyan"\n'
    project.write("pyproject.toml", config).write("inks.py", good)
    project.write("templates/components/box.html", "<p>{{ ink }}</p>\n").write(
        "content/b.md", "# B\n\nPlain.\n"
    )
    project.write("content/a.md", "# A\n\n:::box\n:::\n").build()
    assert project.problems == []
    before = project.tree()
    wrong = good.replace('"cyan"', "paper")
    project.write("inks.py", wrong).write("content/a.md", "# A\n\nNew.\n\n:::box\n:::\n").build()
    message = (
        "inks.py:2: error: the plug-in “inks” failed in templates: NameError: name 'paper' is not defined"
    )
    assert project.problems == [message]
    after = project.tree()
    stays = ("a/index.html", "a/index.md", "llms-full.txt")
    assert {name: after[name] for name in stays} == {name: before[name] for name in stays}
    project.write("content/c.md", "# C\n\n:::box\n:::\n").build()
    assert project.problems == [message]
    assert not {"c/index.html", "c/index.md"} & project.tree().keys()
    project.write("inks.py", good).build()
    assert project.problems == []
    assert "New." in project.html("/a/")
    assert {"c/index.html", "c/index.md"} <= project.tree().keys()
