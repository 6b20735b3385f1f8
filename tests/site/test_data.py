"""Data files: what stands in `data/` is there for templates and for the code of pages, and an edit of it is noticed."""

from __future__ import annotations

import pytest
from harness import Project


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


FILES = {
    "data/team.yml": "- name: Ada\n  born: 1815\n",
    "data/deep/shop.json": '{"price": 3.5}',
    "data/colours.toml": 'ink = "black"',
    "data/towns.csv": "name,people\nUr,12\nUruk,80\n",
}
SHOWN = "{0}.team[0].name {0}.team[0].born {0}.deep.shop.price {0}.colours.ink {0}.towns[1].people"


def with_files(project):
    for path, text in FILES.items():
        project.write(path, text)
    return project


def test_templates_read_data_files_of_every_kind(project):
    shown = " ".join(f"{{{{ {word} }}}}" for word in SHOWN.format("site.data").split())
    with_files(project).write("templates/page.html", shown).write("content/a.md", "x").build()
    assert project.problems == []
    assert project.html("/a/") == "Ada 1815 3.5 black 80"


def test_pages_read_data_files_by_the_same_name(project):
    with_files(project).write(
        "content/a.md",
        "---\nimport math\n---\n{{ data.team[0]['name'] }} {{ data.deep.shop['price'] }} {{ data.colours['ink'] }} "
        "{{ data.towns[1]['people'] }} {{ sorted(data) }} {{ 'x' in data }}\n",
    ).build()
    assert project.problems == []
    assert "<p>Ada 3.5 black 80 ['colours', 'deep', 'team', 'towns'] False</p>" in project.html("/a/")


@pytest.mark.parametrize("by", ["template", "page"])
def test_an_edit_of_a_data_file_rebuilds_those_who_read_it(project, by):
    project.write("data/team.yml", "name: Ada\n").write("content/b.md", "x")
    if by == "template":
        project.write("templates/own.html", "{{ site.data.team.name }}")
        project.write("content/a.md", "---\ntemplate: own\n---\nx")
    else:
        project.write("content/a.md", "---\nimport math\n---\n{{ data.team['name'] }}\n")
    project.build().write("data/team.yml", "name: Bob\n").build()
    assert "Bob" in project.html("/a/")
    assert project.ran("render") == ["content/a.md"]
    project.build()
    assert project.last.ran == {}


def test_a_data_file_that_is_asked_for_and_comes_later_is_noticed(project):
    project.write("templates/page.html", "{{ site.data.get('late') }}").write("content/a.md", "x").build()
    assert project.html("/a/") == "None"
    project.write("data/late.csv", "a\n1\n").build()
    assert project.html("/a/") == "[{&#39;a&#39;: &#39;1&#39;}]"


WRONG = {
    ("data/team.yml", "a: [\n"): (
        "data/team.yml:2:1: error: not valid YAML: while parsing a flow node did not find expected node content"
    ),
    ("data/team.json", '{"a": }'): "data/team.json:1:7: error: not valid JSON: expecting value",
    ("data/team.toml", "a = \n"): "data/team.toml:1:5: error: not valid TOML: Invalid value",
    ("data/team.csv", "a,b\n1\n"): (
        "data/team.csv:2: error: this row has 1 values; expected 2, as in the first row"
    ),
    ("data/team.yaml", b"a: \xff\n"): "data/team.yaml:1: error: not UTF-8: byte 0xff",
    ("data/teams.yml", "a: 1\n"): (
        "data/team: error: there is no data file “data/team” (.yml, .json, .toml or .csv)"
    ),
}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong[0])
def test_what_is_wrong_in_a_data_file_is_told_with_its_place(project, wrong):
    project.write(*wrong).write("templates/page.html", "{{ site.data.team }}")
    project.write("content/a.md", "x").build()
    assert project.problems == [WRONG[wrong]]
    project.delete("templates/page.html").write(
        "content/a.md", "---\nimport math\n---\n{{ data.team }}\n"
    ).build()
    assert project.problems == [WRONG[wrong]]
    assert project.hints[0].endswith("It was asked for at content/a.md:4.")


def test_two_data_files_of_one_name_are_an_error(project):
    project.write("data/team.yml", "a: 1").write("data/team.csv", "a\n1\n")
    project.write("templates/page.html", "{{ site.data.team }}").write("content/a.md", "x").build()
    assert project.problems == [
        "data/team.csv: error: two data files have one name: data/team.yml has it already"
    ]


def test_a_link_that_leaves_the_site_is_no_data_file(project, tmp_path):
    (tmp_path / "site-root/data").mkdir(parents=True)
    (tmp_path / "secret.yml").write_text("a: s3cret")
    (tmp_path / "site-root/data/team.yml").symlink_to(tmp_path / "secret.yml")
    inside = Project(tmp_path / "site-root")
    inside.write("templates/page.html", "{{ site.data.get('team') }}").write("content/a.md", "x").build()
    assert inside.html("/a/") == "None"
