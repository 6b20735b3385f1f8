"""Versions of a site side by side at one target: each deploy touches its own, and what leads to all of them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from harness import EPOCH
from targets import write_first

from generator.cli import main
from generator.config import load_config
from generator.deploy import prepared, target_of
from generator.deploy.record import Version
from generator.deploy.versions import newest, rank, with_this
from generator.errors import ProblemError

if TYPE_CHECKING:
    from harness import Project

    from generator.deploy import Deploy

CONFIG = """
[tool.pressrun]
title = "Lathe"
base_url = "https://docs.example.org/lathe/"
permalinks = false

[tool.pressrun.versions]
canonical = "latest"

[tool.pressrun.deploy.www]
kind = "folder"
to = "../www"
keep_assets = 0
"""


@pytest.fixture
def manual(project: Project) -> Project:
    project.write("pyproject.toml", CONFIG)
    project.write("content/index.md", "# Lathe\n\n[Guide](guide.md)\n")
    return project.write("content/guide.md", "# Guide\n\n[Home](index.md)\n")


def publish(project: Project, version: str = "", alias: str = "") -> Deploy:
    config = load_config(project.root, version=version, alias=alias, environ={"SOURCE_DATE_EPOCH": EPOCH})
    with prepared(config, target_of(config, "www"), jobs=1) as ready:
        ready.carry_out()
        return ready


def files(project: Project, below: str = "") -> dict[str, bytes]:
    folder = project.root.parent / "www"
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return {path: data for path, data in found.items() if path.startswith(below) and path != ".pressrun.json"}


def listed(project: Project) -> list[dict[str, object]]:
    return json.loads(files(project)["versions.json"])  # type: ignore[no-any-return]


def test_a_version_stands_in_its_folder_and_its_links_stay_in_it(manual: Project) -> None:
    publish(manual, "1.0")
    made = files(manual)
    assert {path for path in made if path.endswith(".html")} == {
        "1.0/index.html", "1.0/guide/index.html", "1.0/404.html", "404.html", "index.html", "versions/index.html",
    }  # fmt: skip
    guide = made["1.0/guide/index.html"].decode()
    assert set(re.findall(r'(?:href|src)="(/[^"]*)"', guide)) >= {"/lathe/1.0/", "/lathe/versions/"}
    assert all(
        url.startswith(("/lathe/1.0/", "/lathe/versions/"))
        for url in re.findall(r'(?:href|src)="(/[^"]*)"', guide)
    )


def test_all_versions_name_one_lasting_address(manual: Project) -> None:
    publish(manual, "1.0")
    publish(manual, "1.0", "latest")
    canonical = '<link rel="canonical" href="https://docs.example.org/lathe/latest/guide/">'
    assert canonical in files(manual)["1.0/guide/index.html"].decode()
    assert canonical in files(manual)["latest/guide/index.html"].decode()


def test_a_new_version_changes_no_file_of_an_older_one(manual: Project) -> None:
    publish(manual, "1.0")
    publish(manual, "1.0", "latest")
    before = files(manual, "1.0/")
    manual.write("content/new.md", "# New\n\n[Home](index.md)\n").delete("content/guide.md")
    manual.write("content/index.md", "# Lathe\n\n[New](new.md)\n")
    done = publish(manual, "2.0")
    assert {step.path.partition("/")[0] for step in done.plan.steps} == {
        "2.0",
        "versions.json",
        "versions",
        ".pressrun.json",
    }
    publish(manual, "2.0", "latest")
    assert files(manual, "1.0/") == before
    assert "latest/guide/index.html" not in files(manual)
    assert "latest/new/index.html" in files(manual)


def test_the_list_names_all_versions_and_the_newest(manual: Project) -> None:
    publish(manual, "1.0", "latest")
    publish(manual, "1.0")
    publish(manual, "2.0rc1")
    assert listed(manual) == [
        {"version": "2.0rc1", "title": "2.0rc1", "aliases": [], "url": "/lathe/2.0rc1/"},
        {"version": "1.0", "title": "1.0", "aliases": ["latest"], "url": "/lathe/latest/", "newest": True},
    ]
    publish(manual, "2.0", "latest")
    assert [(row["version"], row["url"], row.get("newest", False)) for row in listed(manual)] == [
        ("2.0", "/lathe/latest/", True), ("2.0rc1", "/lathe/2.0rc1/", False), ("1.0", "/lathe/1.0/", False),
    ]  # fmt: skip


def test_the_way_in_leads_to_the_newest(manual: Project) -> None:
    publish(manual, "1.0")
    assert 'content="0; url=/lathe/1.0/"' in files(manual)["index.html"].decode()
    publish(manual, "2.0")
    assert 'content="0; url=/lathe/2.0/"' in files(manual)["index.html"].decode()
    publish(manual, "1.1")
    assert 'content="0; url=/lathe/2.0/"' in files(manual)["index.html"].decode()
    assert files(manual)["404.html"] == files(manual)["2.0/404.html"]
    assert files(manual)["robots.txt"] == files(manual)["2.0/robots.txt"]


def test_readers_without_scripts_find_all_versions_on_a_page(manual: Project) -> None:
    publish(manual, "1.0")
    publish(manual, "2.0")
    page = files(manual)["versions/index.html"].decode()
    assert re.findall(r'<li><a href="([^"]+)">([^<]+)</a>', page) == [
        ("/lathe/2.0/", "2.0"),
        ("/lathe/1.0/", "1.0"),
    ]
    for url in re.findall(r'(?:href|src)="/lathe/([^"]+)"', page):
        assert url in files(manual) or f"{url}index.html" in files(manual)


def test_deploying_a_version_again_changes_nothing(manual: Project) -> None:
    publish(manual, "1.0")
    publish(manual, "2.0")
    assert publish(manual, "1.0").plan.steps == ()
    assert publish(manual, "2.0").plan.steps == ()


def test_pages_from_before_there_were_versions_lead_to_the_newest(manual: Project) -> None:
    publish(manual)
    assert "guide/index.html" in files(manual)
    publish(manual, "1.0", "latest")
    assert 'content="0; url=/lathe/latest/guide/"' in files(manual)["guide/index.html"].decode()
    assert not [path for path in files(manual) if path.startswith("assets/")]
    publish(manual, "1.0")
    assert 'content="0; url=/lathe/latest/guide/"' in files(manual)["guide/index.html"].decode()


def test_the_first_version_says_what_becomes_of_the_pages_that_stood_there(manual: Project) -> None:
    """Nothing is lost, though files move; a later version says no such thing."""
    publish(manual)
    before = files(manual)
    arguments = ["deploy", "www", "--root", str(manual.root), "--version", "2.0"]
    said = "the site had no versions: its pages will stand below /lathe/2.0/, and old addresses lead there"
    plan = CliRunner().invoke(main, [*arguments, "--dry-run"])
    assert plan.stdout.splitlines()[-1] == said
    deleted = sum(row.startswith("- ") for row in plan.stdout.splitlines())
    refused = CliRunner().invoke(main, arguments)
    assert (refused.exit_code, refused.stderr) == (
        1,
        f"www: error: {said}; for that, {deleted} of {len(before)} published files would be deleted; nothing was published\n"
        "    if that is meant, add --yes\n1 error, 0 warnings\n",
    )
    assert files(manual) == before
    assert CliRunner().invoke(main, [*arguments, "--yes"]).exit_code == 0
    assert 'content="0; url=/lathe/2.0/guide/"' in files(manual)["guide/index.html"].decode()
    manual.write("content/guide.md", "# Guide\n\n[Home](index.md)\n\nMore.\n")
    assert said not in CliRunner().invoke(main, [*arguments, "--dry-run"]).stdout


def test_a_build_of_no_version_does_not_fall_among_versions(manual: Project) -> None:
    publish(manual, "1.0")
    before = files(manual)
    with pytest.raises(ProblemError) as wrong:
        publish(manual)
    assert str(wrong.value) == (
        "www: error: holds versions of this site (1.0), and this build is of none\n"
        "    set “version” in pyproject.toml, or say --version"
    )
    assert files(manual) == before


def test_a_host_with_one_file_of_headers_is_refused(manual: Project) -> None:
    manual.write("pyproject.toml", CONFIG + 'host = "netlify"\n')
    with pytest.raises(ProblemError) as wrong:
        publish(manual, "1.0")
    assert str(wrong.value) == (
        "www: error: netlify reads one file of headers and redirects for all versions together; "
        "expected a target without “host”, or apache"
    )


def test_old_versions_can_be_kept_from_search_engines(manual: Project) -> None:
    manual.write("pyproject.toml", CONFIG.replace('"latest"\n', '"latest"\nindex = false\n'))
    publish(manual, "1.0")
    publish(manual, "1.0", "latest")
    robots = '<meta name="robots" content="noindex">'
    assert robots in files(manual)["1.0/guide/index.html"].decode()
    assert robots not in files(manual)["latest/guide/index.html"].decode()


def test_a_site_without_versions_pays_nothing_for_them(project: Project) -> None:
    write_first(project).build()
    assert not [path for path in project.tree() if "version" in path]
    assert "version" not in project.html("/").lower().replace('content="width', "")
    assert b"version" not in next(
        data
        for path, data in project.tree().items()
        if path.startswith("assets/theme.") and path.endswith(".css")
    )


@pytest.mark.parametrize(
    ("settings", "options", "message"),
    [
        ('version = "a/b"', {}, "pyproject.toml:4:1: error: “version” must be a plain name such as 2.1 or latest, not 'a/b'"),
        ('version = "versions"', {}, "pyproject.toml:4:1: error: “version” must be a plain name such as 2.1 or latest, not 'versions'"),
        ("version = 2.1", {}, "pyproject.toml:4:1: error: “version” must be text, not 2.1"),
        ("", {"version": ".."}, "pyproject.toml:2:1: error: --version must be a plain name such as 2.1 or latest, not '..'"),
        ("", {"version": "1", "alias": "x y"}, "pyproject.toml:2:1: error: --alias must be a plain name such as 2.1 or latest, not 'x y'"),
        ("", {"alias": "latest"}, "pyproject.toml:2:1: error: --alias is another place of a version; expected “version” or --version"),
        ('version = "1"\n[tool.pressrun.versions]\ncanonical = "/"', {}, "pyproject.toml:6:1: error: “canonical” must be a plain name such as 2.1 or latest, not '/'"),
    ],
)  # fmt: skip
def test_names_of_versions_are_names_of_folders(
    project: Project, settings: str, options: dict[str, str], message: str
) -> None:
    project.write("pyproject.toml", f'\n[tool.pressrun]\nbase_url = "https://x.example/"\n{settings}\n')
    with pytest.raises(ProblemError) as wrong:
        load_config(project.root, **options)  # type: ignore[arg-type]
    assert str(wrong.value) == message


def test_a_version_needs_to_know_where_the_others_stand(project: Project) -> None:
    project.write("pyproject.toml", '[tool.pressrun]\nversion = "1.0"\n')
    with pytest.raises(ProblemError) as wrong:
        load_config(project.root)
    assert (
        str(wrong.value)
        == "pyproject.toml:2:1: error: “version” needs a “base_url”, below which all versions stand"
    )


def test_versions_are_in_the_order_of_their_numbers() -> None:
    names = ["v1.10", "dev", "1.9", "2.0rc1", "2.0", "2.0rc2", "1.9.1", "1.10.0b1"]
    assert sorted(names, key=rank, reverse=True) == [
        "dev",
        "2.0",
        "2.0rc2",
        "2.0rc1",
        "v1.10",
        "1.10.0b1",
        "1.9.1",
        "1.9",
    ]


def test_the_newest_is_what_stands_at_the_lasting_place_else_the_highest_that_is_finished(
    manual: Project,
) -> None:
    config = load_config(manual.root, version="3.0rc1")
    older = (Version("2.0", "2.0", ("2.0",)), Version("1.0", "1.0", ("1.0", "latest")))
    assert newest(config, with_this(config, older)).name == "1.0"
    assert newest(config, with_this(config, older[:1])).name == "2.0"
    assert newest(config, with_this(config, ())).name == "3.0rc1"


def test_the_command_builds_a_version(manual: Project) -> None:
    done = CliRunner().invoke(main, ["build", str(manual.root), "--version", "2.1", "--alias", "latest"])
    assert done.exit_code == 0, done.output
    assert '<a class="brand" href="/lathe/latest/">' in manual.html("/")
    done = CliRunner().invoke(main, ["deploy", "www", "--root", str(manual.root), "--version", "2.1"])
    assert done.exit_code == 0, done.output
    assert [row["version"] for row in listed(manual)] == ["2.1"]
