"""Deploys to an object store: the S3 emulator, with faults at each request, and a crawler that reads meanwhile."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from harness import EPOCH, Project
from moto.server import ThreadedMotoServer
from targets import CREDENTIALS, Bucket, Proxy, bucket_reader, deploy, proxied, write_first, write_second

from generator.config import load_config
from generator.deploy import prepared
from generator.errors import ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.deploy.plan import Plan
    from generator.targets import Target

ROOT = Path(__file__).parents[2]
FOREIGN = {"downloads/theirs.zip": b"not ours", "notes.txt": b"by hand"}


@pytest.fixture(scope="module")
def emulator() -> Iterator[int]:
    """The port of an S3 emulator."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        yield server.get_host_and_port()[1]
    finally:
        server.stop()


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def bucket(emulator: int) -> Bucket:
    """A new bucket with files that are not ours."""
    made = Bucket(emulator, f"b{uuid.uuid4().hex}").make()
    for key, data in FOREIGN.items():
        made.put(key, data)
    return made


@pytest.fixture
def proxy(emulator: int) -> Iterator[Proxy]:
    with proxied(emulator) as running:
        yield running


@pytest.fixture
def first(tmp_path: Path) -> Project:
    """The site as it is published first."""
    return write_first(new_project(tmp_path / "first"))


@pytest.fixture
def second(tmp_path: Path) -> Project:
    """The same site later."""
    return write_second(new_project(tmp_path / "second"))


def new_project(root: Path) -> Project:
    root.mkdir()
    return Project(root)


def expected(project: Project) -> dict[str, bytes]:
    """What should stand in the bucket."""
    return {**project.tree(), **FOREIGN}


def test_a_site_arrives_with_types_and_lifetimes_and_what_is_foreign_stays(
    first: Project, bucket: Bucket, proxy: Proxy
) -> None:
    deploy(first, bucket.target(proxy.url))
    assert bucket.files() == expected(first)
    theme = next(key for key in bucket.files() if key.startswith("assets/theme.") and key.endswith(".css"))
    for key, kind, age in (
        ("guide/index.html", "text/html; charset=utf-8", "public, max-age=0, must-revalidate"),
        ("blog/feed.xml", "application/atom+xml", "public, max-age=0, must-revalidate"),
        ("a.png", "image/png", "public, max-age=3600"),
        (theme, "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
    ):
        headers = bucket.request("GET", key)[1]
        assert (headers["content-type"], headers["cache-control"]) == (kind, age), key
    assert bucket_reader(bucket).crawl().missing == []


def test_a_second_deploy_of_an_unchanged_site_uploads_nothing(
    first: Project, bucket: Bucket, proxy: Proxy
) -> None:
    deploy(first, bucket.target(proxy.url))
    proxy.reset()
    done = deploy(first, bucket.target(proxy.url))
    assert done.plan.steps == ()
    assert {method for method, _ in proxy.log} == {"GET"}


def test_a_dry_run_names_exactly_the_requests_of_a_run(
    first: Project, second: Project, bucket: Bucket, proxy: Proxy
) -> None:
    target = bucket.target(proxy.url, parallel=1, keep_assets=0)
    deploy(first, target)
    proxy.reset()
    planned = deploy(second, target, dry=True)
    assert proxy.changes() == []
    run = deploy(second, target)
    assert run.plan == planned.plan
    methods = {"add": "PUT", "change": "PUT", "delete": "DELETE", "record": "PUT"}
    assert proxy.changes() == [(methods[step.do], step.path) for step in planned.plan.steps]
    assert sorted(planned.plan.paths("delete")) == ["old.png", "old/index.html"]
    assert bucket.files() == expected(second)


def test_assets_come_before_pages_pages_before_lists_and_deletions_last(
    first: Project, second: Project, bucket: Bucket, proxy: Proxy
) -> None:
    target = bucket.target(proxy.url)
    deploy(first, target)
    proxy.reset()
    deploy(second, target)
    order = [path for _, path in proxy.changes()]
    place = {path: number for number, path in enumerate(order)}
    assert (
        place["custom.css"] < place["new page/index.html"] < place["guide/index.html"] < place["index.html"]
    )
    assert place["b.png"] < place["new page/index.html"]
    assert place["blog/two/index.html"] < place["blog/index.html"]
    assert place["blog/two/index.html"] < place["blog/feed.xml"]
    assert min(place["old/index.html"], place["old.png"]) > max(place["index.html"], place["sitemap.xml"])
    assert (order[0], order[-1]) == (".pressrun.json", ".pressrun.json")


def requests_of(first: Project, second: Project, bucket: Bucket, proxy: Proxy) -> int:
    """Deploy both, and count the requests of the second deploy."""
    deploy(first, bucket.target(proxy.url))
    proxy.reset()
    deploy(second, bucket.target(proxy.url))
    return proxy.number


FAULTS = ("drop", "lose", "503", "429")
"""A connection that ends before, or after the request was done; two ways in which hosts ask for patience."""


def check_one_fault(
    number: int, fault: str, first: Project, second: Project, emulator: int, proxy: Proxy
) -> None:
    """Let one request fail once: the deploy makes it good."""
    bucket = Bucket(emulator, f"b{uuid.uuid4().hex}").make()
    deploy(first, bucket.target(f"http://127.0.0.1:{emulator}"))
    proxy.reset(lambda n: fault if n == number else "")
    deploy(second, bucket.target(proxy.url))
    assert proxy.number > number
    assert bucket.files() == second.tree(), (number, fault)


@pytest.mark.long
def test_one_fault_at_any_request_is_made_good_by_trying_again(
    first: Project,
    second: Project,
    emulator: int,
    bucket: Bucket,
    proxy: Proxy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("generator.deploy.store.FIRST_PAUSE", 0.01)
    for number in range(1, requests_of(first, second, bucket, proxy) + 1):
        check_one_fault(number, FAULTS[number % len(FAULTS)], first, second, emulator, proxy)


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_at_any_request_is_made_good_by_trying_again(
    first: Project,
    second: Project,
    emulator: int,
    bucket: Bucket,
    proxy: Proxy,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("generator.deploy.store.FIRST_PAUSE", 0.01)
    for number in range(1, requests_of(first, second, bucket, proxy) + 1):
        check_one_fault(number, fault, first, second, emulator, proxy)


def check_cut(number: int, fault: str, first: Project, second: Project, emulator: int, proxy: Proxy) -> bool:
    """Cut a deploy short at a request: what is published works, and running again finishes the job. Say whether it was cut."""
    bucket = Bucket(emulator, f"b{uuid.uuid4().hex}").make()
    for key, data in FOREIGN.items():
        bucket.put(key, data)
    direct = bucket.target(f"http://127.0.0.1:{emulator}")
    deploy(first, direct)
    proxy.reset(lambda n: fault if n >= number else "")
    cut = False
    try:
        deploy(second, bucket.target(proxy.url, patience=0))
    except ProblemError as wrong:
        cut = True
        assert [p.path for p in wrong.problems] == ["store"]
    reader = bucket_reader(bucket).crawl()
    assert reader.missing == [], number
    assert reader.pages > 5
    deploy(second, direct)
    assert bucket.files() == expected(second), number
    assert set(json.loads(bucket.request("GET", ".pressrun.json")[2])["files"]) == set(second.tree())
    assert deploy(second, direct).plan.steps == ()
    return cut


@pytest.mark.long
def test_cut_short_at_any_request_every_published_page_works_and_running_again_finishes(
    first: Project, second: Project, emulator: int, bucket: Bucket, proxy: Proxy
) -> None:
    count = requests_of(first, second, bucket, proxy)
    for number in range(1, count + 1):
        assert check_cut(number, ("drop", "lose")[number % 2], first, second, emulator, proxy), number


@pytest.mark.long
def test_cut_short_at_any_request_in_the_other_way(
    first: Project, second: Project, emulator: int, bucket: Bucket, proxy: Proxy
) -> None:
    count = requests_of(first, second, bucket, proxy)
    for number in range(1, count + 1):
        assert check_cut(number, ("lose", "drop")[number % 2], first, second, emulator, proxy), number


@pytest.mark.long
def test_killed_at_any_request_every_published_page_works_and_running_again_finishes(
    first: Project, second: Project, emulator: int, bucket: Bucket, proxy: Proxy
) -> None:
    count = requests_of(first, second, bucket, proxy)
    for number in range(1, count + 1):
        other = Bucket(emulator, f"b{uuid.uuid4().hex}").make()
        direct = other.target(f"http://127.0.0.1:{emulator}")
        deploy(first, direct)
        text = f'\n[tool.pressrun.deploy.store]\nkind = "store"\nto = "s3://{other.name}"\nendpoint = "{proxy.url}"\n'
        config = (second.root / "pyproject.toml").read_text().partition("\n[tool.pressrun.deploy")[0]
        second.write("pyproject.toml", config + text)
        command = [
            sys.executable,
            "-m",
            "generator",
            "deploy",
            "store",
            "--root",
            str(second.root),
            "--yes",
            "--jobs",
            "1",
        ]
        environ = {**os.environ, **CREDENTIALS, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": EPOCH}
        process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def kill(n: int, at: int = number, victim: subprocess.Popen[bytes] = process) -> str:
            if n == at:
                victim.kill()
            return "drop" if n >= at else ""

        proxy.reset(kill)
        assert process.wait(60) == -signal.SIGKILL, number
        proxy.reset()
        assert bucket_reader(other).crawl().missing == [], number
        deploy(second, direct)
        assert other.files() == second.tree(), number


def test_a_reader_who_crawls_meanwhile_sees_no_404_and_no_page_without_what_it_needs(
    first: Project, second: Project, bucket: Bucket, proxy: Proxy
) -> None:
    target = bucket.target(proxy.url, parallel=2, keep_pages=1)
    deploy(first, target)
    stop, missing, rounds = threading.Event(), list[str](), []

    def read() -> None:
        while not stop.is_set() or not rounds:
            reader = bucket_reader(bucket).crawl()
            missing.extend(reader.missing)
            rounds.append(reader.pages)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for project in (second, first, second, first, second):
            shutil.copy(second.root / "permalinks.json", first.root)
            gone = {
                "/new%20page/": "a test",
                "/b.png": "a test",
                "/blog/two/": "a test",
                "/custom.css": "a test",
            }
            ledger = json.loads((first.root / "permalinks.json").read_text())
            (first.root / "permalinks.json").write_text(
                json.dumps({**ledger, "gone": {**ledger["gone"], **gone}})
            )
            proxy.reset(delay=0.02)
            deploy(project, target)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert missing == []
    assert sum(rounds) > 50


def test_dropped_files_stay_for_the_hours_that_are_asked_for_and_a_later_deploy_deletes_them(
    first: Project, second: Project, bucket: Bucket, proxy: Proxy
) -> None:
    target = bucket.target(proxy.url, keep_pages=2)
    deploy(first, target)
    assert deploy(second, target).plan.staying.keys() == {"old/index.html", "old.png"}
    assert deploy(second, target, now=str(int(EPOCH) + 7000)).plan.steps == ()
    assert deploy(second, target, now=str(int(EPOCH) + 7300)).plan.paths("delete") == [
        "old.png",
        "old/index.html",
    ]
    assert bucket.files() == expected(second)


def test_foreign_files_in_the_way_are_left_alone_unless_adopted(
    first: Project, bucket: Bucket, proxy: Proxy
) -> None:
    bucket.put("index.html", b"theirs")
    with pytest.raises(ProblemError) as wrong:
        deploy(first, bucket.target(proxy.url))
    assert [str(p) for p in wrong.value.problems] == [
        "store: error: holds files that Pressrun did not put there (index.html); nothing was touched\n"
        "    deploy with --adopt to replace them"
    ]
    assert proxy.changes() == []
    deploy(first, bucket.target(proxy.url), adopt=True)
    assert bucket.files() == expected(first)


def test_what_somebody_changed_or_deleted_at_the_target_is_put_right(
    first: Project, bucket: Bucket, proxy: Proxy
) -> None:
    deploy(first, bucket.target(proxy.url))
    bucket.put("guide/index.html", b"defaced")
    bucket.request("DELETE", "a.png")
    plan = deploy(first, bucket.target(proxy.url)).plan
    assert [(step.do, step.path) for step in plan.steps] == [
        ("record", ".pressrun.json"), ("add", "a.png"), ("change", "guide/index.html"), ("record", ".pressrun.json"),
    ]  # fmt: skip
    assert bucket.files() == expected(first)


def test_texts_can_be_kept_compressed(first: Project, bucket: Bucket, proxy: Proxy) -> None:
    import gzip

    first.write("content/guide.md", "# Guide\n\n![a](a.png)\n\n## Usage\n\n" + "Text. " * 500)
    deploy(first, bucket.target(proxy.url, encoding="gzip"))
    _, headers, data = bucket.request("GET", "guide/index.html")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(data) == first.tree()["guide/index.html"]
    assert "content-encoding" not in bucket.request("GET", "a.png")[1]
    assert deploy(first, bucket.target(proxy.url, encoding="gzip")).plan.steps == ()
    again = deploy(first, bucket.target(proxy.url))
    assert "guide/index.html" in again.plan.paths("change")
    assert bucket.files() == expected(first)


def test_a_prefix_is_a_site_of_its_own(first: Project, bucket: Bucket, proxy: Proxy) -> None:
    deploy(first, replace(bucket.target(proxy.url), to=f"s3://{bucket.name}/docs/v1"))
    assert bucket.files() == {**{f"docs/v1/{key}": data for key, data in first.tree().items()}, **FOREIGN, "docs/v1/.pressrun.json": bucket.request("GET", "docs/v1/.pressrun.json")[2]}  # fmt: skip


def test_the_hosts_refusal_is_told_without_secrets(first: Project, bucket: Bucket, proxy: Proxy) -> None:
    proxy.reset(lambda number: "403")
    with pytest.raises(ProblemError) as wrong:
        deploy(first, bucket.target(proxy.url))
    assert "only-for-the-emulator" not in str(wrong.value)
    assert "Reduce your request rate; key …" in str(wrong.value)
    assert wrong.value.problems[0].hint == "", "to run it again would not help"
    assert len(proxy.log) == 1, "a refusal is not tried again"


def test_a_great_file_goes_in_parts_and_keeps_its_headers(
    first: Project, bucket: Bucket, proxy: Proxy
) -> None:
    first.write("static/great.bin", bytes(range(256)) * 4 * 6 * 1024)
    deploy(first, bucket.target(proxy.url))
    _, headers, data = bucket.request("GET", "great.bin")
    assert (headers["content-type"], headers["cache-control"]) == (
        "application/octet-stream",
        "public, max-age=3600",
    )
    assert data == (first.root / "static/great.bin").read_bytes()
    assert ("POST", "great.bin") in proxy.log, "it was begun, its parts were sent, and it was finished"
    assert deploy(first, bucket.target(proxy.url)).plan.steps == ()


def test_a_rate_is_kept(first: Project, bucket: Bucket, proxy: Proxy) -> None:
    started = time.monotonic()
    deploy(first, bucket.target(proxy.url, rate=20))
    assert time.monotonic() - started > (proxy.number - 4) / 20


@pytest.mark.long
def test_a_busy_host_is_asked_more_slowly(
    first: Project, bucket: Bucket, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    from generator.deploy.store import Pace

    monkeypatch.setattr("generator.deploy.store.FIRST_PAUSE", 0.01)
    gaps, busy = [], Pace.busy
    monkeypatch.setattr(Pace, "busy", lambda pace: (busy(pace), gaps.append(pace.gap))[0])
    proxy.reset(lambda number: "503" if 4 <= number < 12 else "")
    deploy(first, bucket.target(proxy.url))
    assert len(gaps) == 8
    assert max(gaps) > 4 * min(gaps), "each such answer halves the pace"
    assert bucket.files() == expected(first)


def test_the_credentials_file_of_amazons_tools_is_read(
    first: Project, bucket: Bucket, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from generator.deploy.store import profile

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        monkeypatch.delenv(name)
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/credentials").write_text(
        "[default]\naws_access_key_id = a\n[work]\naws_access_key_id = b\naws_secret_access_key = c\n"
    )
    (tmp_path / ".aws/config").write_text("[profile work]\nregion = eu-west-1\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_PROFILE", "work")
    assert profile(os.environ) == {"access_key_id": "b", "secret_access_key": "c", "region": "eu-west-1"}
    deploy(first, bucket.target(proxy.url))
    assert bucket.files() == expected(first)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of the environment")
    assert profile(os.environ) == {}


def test_a_bucket_that_is_not_there_is_said_at_once(first: Project, emulator: int, proxy: Proxy) -> None:
    with pytest.raises(ProblemError) as wrong:
        deploy(first, Bucket(emulator, "nowhere-at-all").target(proxy.url))
    (problem,) = wrong.value.problems
    assert problem.path == "store"
    assert (problem.message, problem.hint) == (
        "the host says NoSuchBucket: The specified bucket does not exist",
        "",
    )
    assert proxy.number == 1


def test_missing_credentials_are_said_at_once_and_where_they_may_be_set(
    first: Project, bucket: Bucket, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine's own role is asked for last, at an address where nothing answers here."""
    for name in CREDENTIALS:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    started = time.monotonic()
    with pytest.raises(ProblemError) as wrong:
        deploy(first, replace(bucket.target(proxy.url), region="us-east-1"))
    (problem,) = wrong.value.problems
    assert problem.message == "no credentials were found, and this machine has no role in the cloud"
    assert (
        problem.hint
        == "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment; the manual names the other places"
    )
    assert proxy.number == 0
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(("arguments", "status"), [(["--version"], 0), (["no-such-command"], 2)])
def test_a_process_that_has_loaded_the_library_ends_without_taking_python_apart(
    arguments: list[str], status: int
) -> None:
    """Its threads would abort one process in ten after a deploy that went well."""
    script = "import atexit, sys; atexit.register(print, 'taken apart'); {}; from generator.cli import command; command()"
    for load, told in (("pass", True), ("import obstore", False)):
        done = subprocess.run(
            [sys.executable, "-c", script.format(load), *arguments],
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=60,
        )
        assert done.returncode == status
        assert "pressrun, version" in done.stdout or "No such command" in done.stderr
        assert ("taken apart" in done.stdout) == told


def test_a_version_that_is_cut_short_leaves_the_others_as_they_were(
    first: Project, second: Project, bucket: Bucket, proxy: Proxy
) -> None:
    """It is listed when all of it has arrived, and running again finishes it."""

    def publish(project: Project, version: str, target: Target) -> Plan:
        config = load_config(project.root, version=version, environ={"SOURCE_DATE_EPOCH": EPOCH})
        with prepared(config, target, jobs=1) as ready:
            ready.carry_out()
            return ready.plan

    direct = bucket.target(f"http://127.0.0.1:{bucket.port}")
    for project in (first, second):
        project.write(
            "pyproject.toml",
            '[tool.pressrun]\ntitle = "T"\nbase_url = "https://x.example/"\npermalinks = false\n',
        )
    publish(first, "1.0", direct)
    before = bucket.files()
    proxy.reset(lambda number: "drop" if number >= 15 else "")
    with pytest.raises(ProblemError):
        publish(second, "2.0", bucket.target(proxy.url, patience=0))
    assert {path: data for path, data in bucket.files().items() if not path.startswith("2.0/")} == before
    publish(second, "2.0", direct)
    assert [row["version"] for row in json.loads(bucket.files()["versions.json"])] == ["2.0", "1.0"]
    old = {path: data for path, data in bucket.files().items() if path.startswith("1.0/")}
    assert old == {path: data for path, data in before.items() if path.startswith("1.0/")}
    assert publish(second, "2.0", direct).steps == ()
    assert [(s.do, s.path) for s in publish(first, "1.0", direct).steps] == []
