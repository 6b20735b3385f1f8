"""Plans: what asks first, what is refused, and that a saved one is carried out only while nothing has changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from targets import write_first, write_second

from generator.cli import main
from generator.deploy.items import ASSETS, LISTS, PAGES, Item, made_item
from generator.deploy.plan import GROUPS, Published, make_plan
from generator.deploy.record import Entry, Record, parse
from generator.deploy.secrets import SHAPES, found_in, hidden
from generator.deploy.words import as_data, lines
from generator.errors import ProblemError
from generator.targets import Target

if TYPE_CHECKING:
    from harness import Project

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 21, tzinfo=UTC)
FOLDER = '\n[tool.pressrun.deploy.www]\nkind = "folder"\nto = "../www"\n'


def run(site: Project, *arguments: str) -> Result:
    """Run `pressrun deploy` in this process."""
    os.environ["SOURCE_DATE_EPOCH"] = "1795219200"
    try:
        return CliRunner().invoke(
            main, ["deploy", "--root", str(site.root), "--jobs", "1", *arguments], catch_exceptions=False
        )
    finally:
        del os.environ["SOURCE_DATE_EPOCH"]


@pytest.fixture
def site(project: Project) -> Project:
    """A site with a target, a folder beside it."""
    return write_first(project).write("pyproject.toml", '[tool.pressrun]\ntitle = "T"\n' + FOLDER)


def write_later(site: Project) -> Project:
    """The same site later."""
    return write_second(site).write("pyproject.toml", '[tool.pressrun]\ntitle = "T"\n' + FOLDER)


def item(path: str, kind: str = PAGES, data: bytes = b"x") -> Item:
    return made_item(path, data, kind)


def record_of(*paths: str) -> Record:
    return Record(files={path: Entry("d", 1, "") for path in paths})


def plan_of(items: list[Item], published: list[str], same: set[str], **more: object) -> object:
    """A plan for a target of which all files are ours."""
    found = Published(record_of(*published), dict.fromkeys(published, 1), frozenset(same), "s")
    return make_plan(
        replace(Target("t", "store"), **more), {i.path: i for i in items}, found, NOW, adopt=False
    )  # type: ignore[arg-type]


def test_steps_stand_in_the_order_in_which_readers_may_see_them() -> None:
    items = [item(f"{kind}-{do}", kind) for kind in (LISTS, PAGES, ASSETS) for do in ("change", "add")]
    plan = plan_of(items, [i.path for i in items if "change" in i.path] + ["gone"], set())
    steps = [(s.do, s.path) for s in plan.steps]  # type: ignore[attr-defined]
    assert steps == [
        ("record", ".pressrun.json"), *((do, f"{kind}-{do}") for do, kind in GROUPS), ("delete", "gone"), ("record", ".pressrun.json"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("deleted", "before", "many"),
    [(25, 100, ""), (26, 100, "26 of 100 published files would be deleted"), (256, 5000, ""),
     (257, 5000, "257 of 5000 published files would be deleted"), (1, 3, "1 of 3 published files would be deleted")],
)  # fmt: skip
def test_more_than_a_quarter_or_256_deletions_ask_first(deleted: int, before: int, many: str) -> None:
    items = [item(f"{n:05}") for n in range(before - deleted)]
    published = [f"{n:05}" for n in range(before)]
    plan = plan_of(items, published, {i.path for i in items})
    assert plan.too_many() == many  # type: ignore[attr-defined]


def test_a_file_stays_from_the_deploy_that_dropped_it() -> None:
    found = Published(
        Record(files={
            "a.0123456789.js": Entry("d", 1, "", asset=True, since=(NOW - timedelta(hours=23)).isoformat()),
            "b.0123456789.js": Entry("d", 1, "", asset=True, since=(NOW - timedelta(hours=24)).isoformat()),
            "c.0123456789.js": Entry("d", 1, "", asset=True),
            "page.html": Entry("d", 1, ""),
        }),
        dict.fromkeys(["a.0123456789.js", "b.0123456789.js", "c.0123456789.js", "page.html"], 1), frozenset(), "s",
    )  # fmt: skip
    plan = make_plan(Target("t", "store"), {}, found, NOW, adopt=False)
    assert plan.paths("delete") == ["b.0123456789.js", "page.html"]
    assert plan.staying == {
        "a.0123456789.js": (NOW - timedelta(hours=23)).isoformat(),
        "c.0123456789.js": NOW.isoformat(),
    }


@pytest.mark.parametrize(
    ("theirs", "named"),
    [
        ("guide", "guide"),
        ("a.png/theirs.txt", "a.png/theirs.txt"),
        ("guide/theirs.txt", ""),
        ("guides/index.html", ""),
    ],
)
@pytest.mark.parametrize("adopt", [False, True])
def test_a_foreign_file_never_makes_way_for_a_folder_nor_a_folder_for_a_file(
    theirs: str, named: str, adopt: bool
) -> None:
    items = {path: item(path) for path in ("guide/index.html", "a.png")}
    found = Published(Record(), {theirs: 1}, frozenset(), "s")
    if not named:
        assert make_plan(Target("t"), items, found, NOW, adopt=adopt).paths("delete") == []
        return
    with pytest.raises(ProblemError) as wrong:
        make_plan(Target("t"), items, found, NOW, adopt=adopt)
    assert str(wrong.value) == (
        "t: error: holds files that Pressrun did not put there where the site needs a folder, or below one of its files "
        f"({named}); nothing was touched\n    move them away"
    )
    assert make_plan(Target("t", "store"), items, found, NOW, adopt=adopt).paths("add")


def test_a_dry_run_prints_what_a_run_prints_and_changes_nothing(site: Project) -> None:
    run(site)
    write_later(site)
    before = site.tree("../www")
    ledger = (site.root / "permalinks.json").read_bytes()
    dry = run(site, "--dry-run")
    assert dry.exit_code == 0
    assert site.tree("../www") == before
    assert (site.root / "permalinks.json").read_bytes() == ledger
    wet = run(site)
    assert wet.exit_code == 0, wet.output
    assert wet.stdout.startswith(dry.stdout)
    rows = dry.stdout.splitlines()
    assert "- old/index.html" in " ".join(rows)
    assert rows[-1].startswith("www: 4 new (")
    assert site.tree("../www").keys() - site.tree().keys() == {".pressrun.json"}


def test_json_is_one_object_with_the_steps_and_the_headers(site: Project) -> None:
    data = json.loads(run(site, "www", "--json").stdout)
    assert data.keys() == {"target", "done", "steps", "same", "staying", "headers", "problems", "seconds"}
    assert (data["target"], data["done"], data["same"]) == ("www", True, 0)
    assert {"do": "add", "path": "a.png", "size": 67} in data["steps"]
    assert data["headers"]["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; ")
    assert json.loads(run(site, "www", "--json", "--dry-run").stdout)["done"] is False
    wrong = run(site, "wwww", "--json")
    assert (wrong.exit_code, json.loads(wrong.stdout)["problems"][0]["hint"]) == (1, "did you mean “www”?")


def test_a_saved_plan_is_carried_out_later(site: Project) -> None:
    plan = str(site.root / ".pressrun/plan.json")
    (site.root / ".pressrun").mkdir()
    saved = run(site, "--save", plan)
    assert saved.exit_code == 0
    assert saved.stdout.endswith(f"\nsaved; to carry it out: pressrun deploy www --plan {plan}\n")
    assert not (site.root / "../www").exists()
    assert "\npublished (" in run(site, "--plan", plan).stdout
    assert site.tree("../www").keys() - site.tree().keys() == {".pressrun.json"}


@pytest.mark.parametrize("changed", ["site", "target", "plan", "nothing"])
def test_a_saved_plan_is_refused_when_site_or_target_changed_since(site: Project, changed: str) -> None:
    run(site)
    write_later(site)
    plan = site.root / "plan.json"
    run(site, "--save", str(plan))
    if changed == "site":
        site.write("content/guide.md", "# Guide\n\n## Usage\n\nOther words\n")
        told = "error: the site has changed since this plan was made"
    elif changed == "target":
        (site.root / "../www/theirs.txt").write_text("new")
        told = "error: the target has changed since this plan was made"
    elif changed == "plan":
        plan.write_text("{")
        told = "error: is no plan of a deploy: Input data was truncated"
    else:
        told = ""
    before = site.tree("../www")
    done = run(site, "--plan", str(plan))
    assert done.exit_code == (1 if told else 0)
    assert told in done.stderr
    assert (site.tree("../www") == before) == bool(told)


def test_many_deletions_are_refused_when_nobody_can_be_asked_and_made_with_yes(site: Project) -> None:
    run(site)
    for path in ("content/guide.md", "content/a.png", "content/old.md", "content/old.png", "blog/one.md"):
        site.delete(path)
    gone = dict.fromkeys(
        ["/guide/", "/a.png", "/old/", "/old.png", "/blog/one/", "/tags/x/", "/tags/", "/blog/2026/"],
        "a test",
    )
    ledger = json.loads((site.root / "permalinks.json").read_text())
    site.write("permalinks.json", json.dumps({**ledger, "gone": gone})).write("content/index.md", "# Home\n")
    before = site.tree("../www")
    refused = run(site)
    assert refused.exit_code == 1
    count, all_of_them = len(before.keys() - site.tree().keys()) - 1, len(before) - 1
    assert refused.stderr == (
        f"www: error: {count} of {all_of_them} published files would be deleted; nothing was published\n"
        "    if that is meant, add --yes\n1 error, 0 warnings\n"
    )
    assert site.tree("../www") == before
    assert run(site, "--yes").exit_code == 0
    assert site.tree("../www").keys() - site.tree().keys() == {".pressrun.json"}


def test_a_plan_that_is_not_there_is_said_before_anything_is_built(site: Project) -> None:
    missing = run(site, "--plan", "nowhere.json")
    assert missing.exit_code == 2
    assert missing.stderr.endswith("Error: Invalid value for '--plan': File 'nowhere.json' does not exist.\n")
    assert not (site.root / "site").exists()


def test_a_deploy_that_had_nothing_to_do_does_not_say_that_it_published(site: Project) -> None:
    run(site)
    again = run(site).stdout
    assert again.startswith("www: nothing to do, ")
    assert again.count("\n") == 1


def test_on_a_terminal_each_deletion_is_asked_about(site: Project) -> None:
    import pty

    run(site)
    write_later(site)
    command = [sys.executable, "-m", "generator", "deploy", "--root", str(site.root), "--jobs", "1"]

    def answered(answer: bytes) -> tuple[int, str]:
        here, there = pty.openpty()
        try:
            os.write(here, answer)
            environ = {**os.environ, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1795219200"}
            done = subprocess.run(
                command, stdin=there, capture_output=True, text=True, env=environ, timeout=60
            )
            return done.returncode, done.stdout + done.stderr
        finally:
            os.close(here)
            os.close(there)

    before = site.tree("../www")
    status, told = answered(b"n\n")
    assert status == 1
    assert "2 published files will be deleted; go on? [y/N]: " in told
    assert "www: error: nothing was published: you said no" in told
    assert site.tree("../www") == before
    assert answered(b"y\n")[0] == 0
    assert "old/index.html" not in site.tree("../www")


def test_a_site_with_warnings_is_not_deployed(site: Project) -> None:
    os.mkfifo(site.root / "content/fifo.md")
    done = run(site)
    assert done.exit_code == 1
    assert done.stderr.splitlines()[0] == "content/fifo.md: warning: is not a regular file; it was left out"
    assert not (site.root / "../www").exists()


def test_drafts_future_and_hidden_files_are_never_deployed(site: Project) -> None:
    site.write("content/secret.md", "---\ndraft: true\n---\n# Draft token-7c1\n")
    site.write("blog/later.md", "---\ndate: 2027-01-01\n---\n# Later token-7c1\n")
    site.write("content/.env", "TOKEN=token-7c1\n")
    run(site)
    assert not [path for path, data in site.tree("../www").items() if b"token-7c1" in data]
    (site.root / "site/by hand.html").write_text("put there")
    assert "by hand.html" not in run(site, "--dry-run").stdout


def test_a_file_of_the_site_that_was_changed_by_hand_stops_the_deploy_or_is_built_anew(site: Project) -> None:
    run(site)
    (site.root / "site/guide/index.html").write_text("edited")
    done = run(site)
    assert done.exit_code == 0
    assert b"edited" not in site.tree("../www")["guide/index.html"]


def test_assets_of_one_folder_are_one_line_of_a_plan_and_pages_and_deletions_keep_theirs() -> None:
    """Three files are named; of a version, the folders of its own assets are told. What is kept as JSON has every step."""
    many = [f"assets/search/w-{number}.json" for number in range(4)]
    kinds = {
        "2.0/assets/a.css": ASSETS,
        "2.0/assets/b.css": ASSETS,
        "2.0/assets/c.css": ASSETS,
        "assets/d.css": ASSETS,
    }
    coming = [item(path, ASSETS, b"x" * 600) for path in many] + [
        item(path, kind) for path, kind in kinds.items()
    ]
    coming += [item(f"assets/page-{number}.html") for number in range(4)]
    gone = [f"assets/old-{number}.css" for number in range(4)]
    plan = plan_of(coming, gone, set(), keep_assets=0)
    assert lines(plan) == [  # type: ignore[arg-type]
        "* .pressrun.json",
        "+ 2.0/assets/a.css (1 bytes)",
        "+ 2.0/assets/b.css (1 bytes)",
        "+ 2.0/assets/c.css (1 bytes)",
        "+ assets/d.css (1 bytes)",
        "+ 4 files below assets/search/ (2.3 KiB)",
        *(f"+ assets/page-{number}.html (1 bytes)" for number in range(4)),
        *(f"- {path} (1 bytes)" for path in gone),
        "* .pressrun.json",
        "t: 12 new (2.4 KiB), 0 changed, 4 to delete (4 bytes), 0 the same",
    ]
    steps = as_data(plan, done=False, seconds=0, headers={})["steps"]  # type: ignore[arg-type]
    assert [path for path in many if path not in str(steps)] == []


def test_the_lines_of_a_plan() -> None:
    plan = plan_of([item("a.html", data=b"x" * 2000)], ["b.html"], set())
    assert lines(plan) == [  # type: ignore[arg-type]
        "* .pressrun.json", "+ a.html (2.0 KiB)", "- b.html (1 bytes)", "* .pressrun.json",
        "t: 1 new (2.0 KiB), 0 changed, 1 to delete (1 bytes), 0 the same",
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"{", b'{"format": 1, "files": 3}', b"\xff"])
def test_a_damaged_record_ends_the_deploy_because_nobody_knows_what_is_ours(data: bytes) -> None:
    with pytest.raises(
        ProblemError, match=r"^somewhere: error: the record \.pressrun\.json there is damaged: "
    ):
        parse(data, "somewhere")


SECRETS = {
    "a private key": "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
    "an AWS access key": "AKIA" + "QWERTYUIOPASDFGH",
    "a GitHub token": "ghp_" + "a1B2" * 9,
    "a GitLab token": "glpat-" + "a1B2c3D4e5F6g7H8i9J0",
    "a Slack token": "xoxb-" + "123456789012-abcdefghijkl",
    "a Stripe key": "sk_live_" + "a1B2" * 6,
    "a Google API key": "AIza" + "a1B2c" * 7,
    "an npm token": "npm_" + "a1B2" * 9,
    "a PyPI token": "pypi-AgE" + "a1B2" * 15,
    "a SendGrid key": "SG." + "a" * 22 + "." + "b" * 43,
    "a key of a language model's service": "sk-ant-" + "a1B2" * 10,
}


@pytest.mark.parametrize("what", SHAPES)
def test_each_kind_of_key_stops_a_deploy_and_is_not_repeated(what: str) -> None:
    data = f"<p>\n<b>ü {SECRETS[what]}</b>".encode()
    (problem,) = found_in([made_item("a/index.html", data)], (), {})
    assert str(problem) == (
        f"a/index.html:2:6: error: holds what looks like {what}; nothing was published\n"
        "    remove it; if it is meant to be public, name the path in “allow” of the deploy target"
    )
    assert found_in([made_item("a/index.html", data)], ("a/*",), {}) == []


def test_what_only_resembles_a_key_stops_nothing() -> None:
    data = b"AKIAIOSFODNN7EXAMPLE BEGIN PRIVATE KEY sk_live_ ghp_short AKIAlowercase0000000 task-force-one"
    assert found_in([made_item("a.html", data)], (), {}) == []


def test_the_value_of_a_secret_variable_stops_a_deploy() -> None:
    environ = {
        "DEPLOY_TOKEN": "correct-horse-battery",
        "EDITOR_PASSWORD": "short",
        "HOME": "/home/someone-with-a-name",
    }
    (problem,) = found_in([made_item("a.html", b"x correct-horse-battery")], (), environ)
    assert (
        problem.message == "holds the value of the environment variable DEPLOY_TOKEN; nothing was published"
    )
    assert (
        hidden("push to https://u:p@host/x with correct-horse-battery failed", environ)
        == "push to https://host/x with … failed"
    )


@pytest.mark.parametrize("name", [".env.local", "server.pem", "id_rsa", "app.js.map", "page.html~", "a.bak"])
def test_files_with_such_names_are_never_published(site: Project, name: str) -> None:
    place = site.root / "site" / name
    (problem,) = found_in([Item(name, "d", 1, ASSETS, source=str(place))], (), {})
    assert problem.message == f"files named “{name}” are never published"


def test_a_key_in_static_stops_the_deploy_before_anything_is_sent(site: Project) -> None:
    site.write("static/keys.txt", SECRETS["an AWS access key"])
    done = run(site)
    assert done.exit_code == 1
    assert done.stderr.startswith(
        "keys.txt:1:1: error: holds what looks like an AWS access key; nothing was published\n"
    )
    assert SECRETS["an AWS access key"] not in done.output
    assert not (site.root / "../www").exists()
