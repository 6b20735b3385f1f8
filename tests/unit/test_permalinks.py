"""Permalinks: what was published once is there for ever, is moved, or is withdrawn on purpose."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from targets import deploy

if TYPE_CHECKING:
    from pathlib import Path

    from harness import Project

CONFIG = '[tool.pressrun]\ntitle = "T"\n[tool.pressrun.deploy.out]\nkind = "folder"\nto = "../www"\n'


@pytest.fixture
def site(project: Project) -> Project:
    """A published site of three pages."""
    project.write("pyproject.toml", CONFIG)
    project.write("content/index.md", "# Home\n")
    project.write("content/a.md", "# A\n\n## Usage\n\n## Limits {#ends}\n")
    project.write("content/b.md", "# B\n")
    deploy(project, "out")
    return project


def ledger(site: Project) -> dict[str, dict[str, object]]:
    return json.loads((site.root / "permalinks.json").read_text())


def test_a_deploy_records_all_urls_and_anchors_a_url_on_each_line(site: Project) -> None:
    assert (site.root / "permalinks.json").read_text() == (
        '{\n  "format": 1,\n  "urls": {\n    "/": ["home"],\n    "/a/": ["a", "ends", "usage"],\n    "/b/": ["b"]\n  },\n  "gone": {}\n}\n'
    )


def test_new_pages_and_anchors_are_added_and_nothing_is_forgotten(site: Project) -> None:
    site.write("content/c.md", "# C\n")
    before = ledger(site)
    site.write("permalinks.json", json.dumps({**before, "gone": {"/b/": "wrong", "/a/#ends": "never true"}}))
    site.delete("content/b.md").write("content/a.md", "# A\n\n## Usage\n\n## More\n")
    deploy(site, "out", dry=True)
    assert "/c/" not in ledger(site)["urls"], "a plan publishes nothing"
    deploy(site, "out")
    assert ledger(site) == {
        "format": 1,
        "urls": {"/": ["home"], "/a/": ["a", "ends", "more", "usage"], "/b/": ["b"], "/c/": ["c"]},
        "gone": {"/a/#ends": "never true", "/b/": "wrong"},
    }


def test_a_build_that_would_lose_a_page_fails_with_three_remedies(site: Project) -> None:
    site.delete("content/b.md").write("content/bee.md", "# B\n").build()
    problem = site.problem()
    assert str(problem) == (
        "permalinks.json:6:5: error: /b/ was published, and this build would lose it\n"
        "    alias: add `aliases: [/b/]` to the page that has its words now\n"
        '    redirect: add "/b/" = "/new/" or a URL to [tool.pressrun.redirects] in pyproject.toml\n'
        '    gone on purpose: add "/b/": "why" to "gone" in permalinks.json'
    )
    assert site.last.failed(strict=False)


@pytest.mark.parametrize("remedy", ["alias", "redirect", "redirect elsewhere", "gone"])
def test_each_remedy_helps(site: Project, remedy: str) -> None:
    site.delete("content/b.md").write("content/bee.md", "# B\n")
    if remedy == "alias":
        site.write("content/bee.md", "---\naliases: [/b/]\n---\n# B\n")
    elif remedy == "redirect":
        site.write("pyproject.toml", CONFIG + '[tool.pressrun.redirects]\n"/b/" = "/bee/"\n')
    elif remedy == "redirect elsewhere":
        site.write("pyproject.toml", CONFIG + '[tool.pressrun.redirects]\n"/b/" = "https://example.org/b"\n')
    else:
        site.write("permalinks.json", json.dumps({**ledger(site), "gone": {"/b/": "it was wrong"}}))
    site.build()
    assert site.problems == []
    target = {
        "alias": "/bee/",
        "redirect": "/bee/",
        "redirect elsewhere": "https://example.org/b",
        "gone": "",
    }[remedy]
    if target:
        assert f'<meta http-equiv="refresh" content="0; url={target}">' in site.html("/b/")
    deploy(site, "out")


def test_a_build_that_would_lose_an_anchor_fails(site: Project) -> None:
    site.write("content/a.md", "# A\n\n## Usage\n").build()
    assert str(site.problem()) == (
        "permalinks.json:5:5: error: /a/#ends was published, and this build would lose the anchor\n"
        "    keep it: give the heading that has its words now {#ends}\n"
        '    gone on purpose: add "/a/#ends": "why" to "gone" in permalinks.json'
    )
    site.write("content/a.md", "# A\n\n## Usage\n\n## Borders {#ends}\n").build()
    assert site.problems == []


def test_the_same_problem_is_told_by_a_build_that_has_nothing_to_do_and_goes_when_it_is_mended(
    site: Project,
) -> None:
    site.delete("content/b.md").build()
    first = site.problems
    assert len(first) == 1
    assert site.build().problems == first
    site.write("permalinks.json", json.dumps({**ledger(site), "gone": {"/b/": "so"}})).build()
    assert site.problems == []
    site.write("permalinks.json", json.dumps({**ledger(site), "gone": {}})).build()
    assert len(site.problems) == 1


def test_a_page_that_its_own_front_matter_ends_is_gone_on_purpose_and_a_draft_is_not(site: Project) -> None:
    site.write("content/b.md", "---\nexpires: 2026-01-01\n---\n# B\n").build()
    assert site.problems == []
    deploy(site, "out")
    site.write("content/b.md", "---\ndraft: true\n---\n# B\n").build()
    assert [p.partition(": error: ")[2] for p in site.problems] == [
        "/b/ was published, and this build would lose it"
    ]


def test_a_target_knows_what_it_has_even_if_the_ledger_was_not_committed(site: Project) -> None:
    from generator.errors import ProblemError

    site.delete("permalinks.json").delete("content/b.md")
    with pytest.raises(ProblemError) as wrong:
        deploy(site, "out")
    (problem,) = wrong.value.problems
    assert (problem.path, problem.message) == (
        "permalinks.json",
        "/b/ is published at “out”, and this deploy would lose it",
    )


def test_without_the_ledger_nothing_is_recorded_or_missed(site: Project) -> None:
    site.delete("permalinks.json").delete("content/b.md")
    site.write(
        "pyproject.toml", CONFIG.replace("[tool.pressrun.d", "permalinks = false\n[tool.pressrun.d", 1)
    )
    deploy(site, "out")
    assert not (site.root / "permalinks.json").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "{",
            "permalinks.json:1:2: error: not valid JSON: Expecting property name enclosed in double quotes",
        ),
        (
            '{"urls": []}',
            "permalinks.json: error: is no ledger of permalinks: Expected `object`, got `array` - at `$.urls`",
        ),
        ('{"format": 9}', "permalinks.json: error: has format 9; this Pressrun knows 1"),
    ],
)
def test_a_damaged_ledger_is_a_problem_with_its_place(site: Project, text: str, told: str) -> None:
    assert site.write("permalinks.json", text).build().problems == [told]


MARKDOWN = CONFIG.replace('title = "T"\n', 'title = "T"\nllms = true\nbase_url = "https://site.example/"\n')


def test_the_markdown_of_a_page_is_no_permalink_and_an_alias_covers_it(project: Project) -> None:
    """Also where an older ledger has a line for it; a file of the author's own that is called so is one."""
    project.write("pyproject.toml", MARKDOWN).write("content/index.md", "# Home\n").write(
        "content/b.md", "# B\n"
    )
    project.write("static/own/index.md", "kept")
    deploy(project, "out")
    assert (project.root.parent / "www/b/index.md").is_file()
    urls = ledger(project)["urls"]
    assert [url for url in urls if url.endswith(".md")] == ["/own/index.md"]
    older = {**urls, "/index.md": [], "/b/index.md": []}
    project.write("permalinks.json", json.dumps({**ledger(project), "urls": older}))
    project.delete("content/b.md").write("content/bee.md", "---\naliases: [/b/]\n---\n# B\n").build()
    assert project.problems == []
    deploy(project, "out")
    project.write("pyproject.toml", MARKDOWN.replace("llms = true\n", "")).delete(
        "static/own/index.md"
    ).build()
    assert [p.partition(": error: ")[2] for p in project.problems] == [
        "/llms-full.txt was published, and this build would lose it",
        "/llms.txt was published, and this build would lose it",
        "/own/index.md was published, and this build would lose it",
    ]


def test_only_a_page_that_is_new_is_taken_for_the_one_that_is_lost(site: Project) -> None:
    """One that was published beside it is another page, however like its name is."""
    site.write("content/first-note.md", "# One\n").write("content/first-vote.md", "# Two\n")
    deploy(site, "out")
    site.delete("content/first-note.md").build()
    assert str(site.problem()).splitlines()[1] == (
        "    alias: add `aliases: [/first-note/]` to the page that has its words now"
    )
    site.write("content/first-notes.md", "# One\n").build()
    assert str(site.problem()).splitlines()[1] == (
        "    alias: add `aliases: [/first-note/]` to the page that has its words now (did you mean “/first-notes/”?)"
    )


def test_the_ledger_and_the_configuration_are_never_published(project: Project) -> None:
    project.write("a.md", "# A\n").write("permalinks.json", "{}").write("pyproject.toml", "").build()
    assert project.problems == []
    assert not {"permalinks.json", "pyproject.toml"} & project.tree().keys()


def test_a_redirect_that_leads_nowhere_is_a_problem(site: Project) -> None:
    site.write("pyproject.toml", CONFIG + '[tool.pressrun.redirects]\n"/old/" = "/bb/"\n').build()
    assert str(site.problem()) == (
        "pyproject.toml: error: broken link: the redirect of /old/ leads to “/bb/”, which is no page or file\n"
        "    did you mean “/b/”?"
    )


def test_what_carries_its_digest_in_its_name_is_nobodys_permalink(site: Project) -> None:
    assert not [url for url in ledger(site)["urls"] if url.startswith("/assets/")]


def test_the_dev_server_asks_too(site: Project, tmp_path: Path) -> None:
    from generator.build import build
    from generator.config import load_config

    site.delete("content/b.md")
    made = build(load_config(site.root, serving=True, drafts=True), jobs=1)
    assert [p.message for p in made.problems] == ["/b/ was published, and this build would lose it"]
