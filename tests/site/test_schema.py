"""Schemas: the site's own model of front matter, a dataclass or a pydantic model: all mistakes at once, each at its place."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from harness import EPOCH, Project

from generator.cli import main

CONFIG = """[tool.pressrun.collections.blog]
folder = "blog"
url = "/blog/{slug}/"
list = true
schema = "models:Recipe"
"""
DATACLASS = """
from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass
class Source:
    name: str
    page: int = 0


@dataclass
class Recipe:
    minutes: int
    level: Literal["easy", "hard"] = "easy"
    tested: date | None = None
    steps: list[int] = field(default_factory=list)
    source: Source | None = None
    book: Source = field(default_factory=lambda: Source("?"))
    version: str = ""
    date: str = ""

    def __post_init__(self):
        if self.minutes > 1000:
            raise ValueError("nobody cooks that long")
"""
PYDANTIC = """
from typing import Literal
from pydantic import BaseModel, Field


class Recipe(BaseModel):
    minutes: int = Field(gt=0)
    level: Literal["easy", "hard"] = "easy"
    steps: list[int] = []
"""


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path).write("pyproject.toml", CONFIG)


def test_front_matter_that_fits_is_fine(project):
    project.write("models.py", DATACLASS)
    project.write(
        "blog/a.md",
        "---\nminutes: 20\nlevel: hard\ntested: 2026-01-02\nsteps: [1, 2]\nversion: 1\ntags: [x]\ndate: 2026-01-01\nbook:\n  name: B\n---\nx",
    ).build()
    assert project.problems == []
    project.build()
    assert project.last.ran == {}


def test_a_dataclass_tells_all_mistakes_at_once_with_place_and_hint(project):
    project.write("models.py", DATACLASS)
    project.write(
        "blog/a.md",
        "---\ntitle: A\nlevel: hrad\ntested: soon\nsteps: [1, two]\nbook:\n  name: B\n  pages: 3\n  page: x\nminuts: 3\n---\nx",
    ).write("blog/b.md", "---\nminutes: 2000\n---\nx").build()
    assert [*zip(project.problems, project.hints, strict=True)] == [
        ("blog/a.md:1:1: error: “minutes” is missing, and the schema asks for it", ""),
        ("blog/a.md:3:8: error: “level” must be one of easy, hard, not 'hrad'", "did you mean “hard”?"),
        ("blog/a.md:4:9: error: “tested” must be a date such as 2026-11-21, not 'soon'", ""),
        ("blog/a.md:5:12: error: “steps.1” does not fit: expected `int`, got `str`", ""),
        ("blog/a.md:8:10: error: “book.pages” is no key that the schema knows", "did you mean “page”?"),
        ("blog/a.md:9:9: error: “book.page” does not fit: expected `int`, got `str`", ""),
        (
            "blog/a.md:10:1: error: “minuts” is no key that Pressrun or models:Recipe knows",
            "did you mean “minutes”?",
        ),
        ("blog/b.md:1:1: error: nobody cooks that long", ""),
    ]


def test_a_pydantic_model_does_too(project):
    project.write("models.py", PYDANTIC)
    project.write("blog/a.md", "---\nminutes: 0\nlevel: hrad\nsteps: [two]\nserves: 4\n---\nx").write(
        "blog/b.md", "x"
    ).build()
    assert [*zip(project.problems, project.hints, strict=True)] == [
        ("blog/a.md:2:10: error: “minutes” does not fit: input should be greater than 0", ""),
        (
            "blog/a.md:3:8: error: “level” does not fit: input should be 'easy' or 'hard'",
            "did you mean “hard”?",
        ),
        (
            "blog/a.md:4:9: error: “steps.0” does not fit: input should be a valid integer, unable to parse string as an integer",
            "",
        ),
        (
            "blog/a.md:5:1: error: “serves” is no key that Pressrun or models:Recipe knows",
            "did you mean “series”?",
        ),
        ("blog/b.md: error: “minutes” is missing, and the schema asks for it", ""),
    ]
    project.write(
        "models.py", PYDANTIC.replace("BaseModel):", 'BaseModel, extra="allow"):').replace("gt=0", "ge=0")
    )
    project.write("blog/b.md", "---\nminutes: 1\n---\n").build()
    assert [line.partition(" error")[0] for line in project.problems if "error" in line] == [
        "blog/a.md:3:8:",
        "blog/a.md:4:9:",
    ]


def test_an_edit_of_the_model_or_of_a_page_is_noticed(project):
    project.write("models.py", PYDANTIC).write("blog/a.md", "---\nminutes: 3\n---\nx").build()
    assert project.problems == []
    project.write("models.py", PYDANTIC.replace("gt=0", "gt=5")).build()
    assert project.problems == [
        "blog/a.md:2:10: error: “minutes” does not fit: input should be greater than 5"
    ]
    project.build()
    assert project.problems == [
        "blog/a.md:2:10: error: “minutes” does not fit: input should be greater than 5"
    ]
    project.write("blog/a.md", "---\nminutes: 6\n---\nx").build()
    assert project.problems == []


def test_a_key_of_the_schema_is_no_slip_of_pressrun_s(project):
    project.write(
        "models.py", "from dataclasses import dataclass\n@dataclass\nclass Recipe:\n    authors: list[str]\n"
    )
    project.write("blog/a.md", "---\nauthors: [Ada]\n---\nx").build()
    assert project.problems == []


UNUSABLE = {
    "Recip = 1": ("schema: no “Recipe” in module models", "did you mean “Recip”?"),
    "Recipe = 1": ("schema: models:Recipe is neither a dataclass nor a pydantic model", ""),
    "import nothing_of_that_name": ("ModuleNotFoundError: No module named 'nothing_of_that_name'", None),
}


@pytest.mark.parametrize("source", UNUSABLE)
def test_a_model_that_cannot_be_used_is_told_at_the_setting(project, source):
    project.write("models.py", source).write("blog/a.md", "x").build()
    message, hint = UNUSABLE[source]
    assert project.problems == [f"pyproject.toml:5: error: {message}"]
    assert hint is None or project.hints == [hint]


def test_without_running_code_the_model_is_left_alone_and_that_is_said(project):
    project.write("models.py", "print(1)").write("blog/a.md", "x").build(execute=False)
    assert project.problems == [
        "pyproject.toml:5: warning: the front matter of “blog” was not compared with models:Recipe (--no-exec)"
    ]


def schema(project, *words, status=0):
    result = CliRunner().invoke(main, ["schema", *words, str(project.root)], env={"SOURCE_DATE_EPOCH": EPOCH})
    assert result.exit_code == status, result.output
    return json.loads(result.stdout) if status == 0 else result.output


@pytest.mark.parametrize("source", [DATACLASS, PYDANTIC], ids=["dataclass", "pydantic"])
def test_editors_get_a_json_schema(project, source):
    project.write("models.py", source).write("blog/a.md", "x")
    made = schema(project)
    assert made["properties"]["minutes"]["type"] == "integer"
    assert made["properties"]["level"]["enum"] == ["easy", "hard"]
    assert made["properties"]["draft"] == {
        "type": "boolean",
        "description": "Drafts never reach a production build.",
    }
    assert (made["required"], made["additionalProperties"]) == (["minutes"], False)
    if source is DATACLASS:
        assert made["$defs"]["Source"]["required"] == ["name"]


def test_a_site_without_a_model_has_the_schema_of_what_pressrun_knows(project):
    project.write("pyproject.toml", "").write("blog/a.md", "x")
    made = schema(project)
    assert made["properties"]["date"]["format"] == "date"
    assert "additionalProperties" not in made


def test_an_unknown_collection_is_an_error(project):
    project.write("models.py", DATACLASS).write("blog/a.md", "x")
    assert "error: there is no collection “blg”\n    did you mean “blog”?" in schema(
        project, "--collection", "blg", status=1
    )
