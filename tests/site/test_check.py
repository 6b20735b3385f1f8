"""`pressrun check`: what it finds beyond a build, how politely it asks other servers, and the three ways in which it tells."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest
from click.testing import CliRunner
from harness import EPOCH, Project

from generator.cli import main

PIXEL = (
    b"GIF87a\x01\x00\x01\x00\x80"
    + bytes(8)
    + b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x08\x04\x00\x01\x04\x04\x00;"
)
"""A picture of one black dot."""


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def check(project, *options, status=0, now=EPOCH):
    result = CliRunner().invoke(main, ["check", *options, str(project.root)], env={"SOURCE_DATE_EPOCH": now})
    assert result.exit_code == status, result.output
    return result.output


def lines(output):
    return [line for line in output.splitlines() if not line.startswith("    ")]


GOOD = "---\ntitle: T\ndescription: D\n---\n"
FAULTY = {
    "content/a.md": GOOD + '[b](b.md)\n\n![](pot.gif) ![A pot](pot.gif)\n\n<img src="pot.gif">\n',
    "content/b.md": "---\ntitle: " + "x" * 71 + '\n---\n<b id="one">1</b> <b id="one">2</b> [a](a.md)\n',
    "content/hidden/c.md": GOOD + "x",
    "content/_nav.yml": "- a.md\n- b.md\n- Index: index.md\n",
    "content/index.md": GOOD + "x",
    "content/pot.gif": PIXEL,
}


def faulty(project):
    for path, text in FAULTY.items():
        project.write(path, text)
    return project


def test_what_a_reader_would_miss_is_told_with_its_place(project):
    assert lines(check(faulty(project))) == [
        "content/a.md:7:1: warning: the image “pot.gif” has no alternative text",
        "content/a.md:9:1: warning: the image “pot.gif” has no alternative text",
        "content/b.md: warning: has no description; search engines and previews show one",
        "content/b.md: warning: the id “one” stands 2 times on this page; links lead to the first one",
        "content/b.md:2: warning: the title has 71 characters; more than 70 are cut off in search results",
        "content/hidden/c.md: warning: is an orphan: no other page of the site leads to it",
        "content/hidden/c.md: warning: is missing from the navigation in content/_nav.yml",
        "0 errors, 7 warnings",
        "checked 4 pages",
    ]
    check(project, "--strict", status=1)


def test_links_without_a_name_are_told_with_their_place(project):
    """Each once, though its image has no alternative text either; words, names and texts of images are enough."""
    project.write("content/pot.gif", PIXEL).write("content/dot.gif", PIXEL).write(
        "content/guide/b.md", GOOD + "[a](../a.md)"
    ).write(
        "content/a.md",
        GOOD + "# T\n\nSee [](guide/b.md#top) and [![](dot.gif)](guide/b.md).\n\n"
        '<a href="https://x.example/"><svg></svg></a> [![A pot](pot.gif)](pot.gif) [:rocket:](guide/b.md)\n\n'
        '<a href="https://y.example/" aria-label="Y"><svg></svg></a> [**:material-pot:**](guide/b.md) [*`x`*](guide/b.md)\n\n'
        '<a href="https://z.example/"><svg role="img" aria-label="Z"></svg></a> [![](pot.gif) pot](guide/b.md) <a id="n"></a>\n',
    ).write("pyproject.toml", '[tool.pressrun.markdown]\ndialect = "mkdocs"\n')
    rest = "has no text: who cannot see it does not learn where it leads"
    found = [
        line
        for line in check(project).splitlines()
        if "the link to" in line or "give it" in line or "image" in line
    ]
    hint = "    give it words, or its image an alternative text: [Install](…), [![Install](…)](…)"
    assert found == [
        f"content/a.md:7:5: warning: the link to “guide/b.md#top” {rest}", hint,
        f"content/a.md:7:28: warning: the link to “guide/b.md” {rest}", hint,
        f"content/a.md:9:1: warning: the link to “https://x.example/” {rest}", hint,
        f"content/a.md:11:61: warning: the link to “guide/b.md” {rest}", hint,
        "content/a.md:13:73: warning: the image “pot.gif” has no alternative text",
    ]  # fmt: skip


def test_a_good_site_has_nothing_to_be_told(project):
    project.write("content/index.md", GOOD + "![A pot](pot.gif)").write("content/pot.gif", PIXEL)
    assert check(project, "--strict") == "checked 1 pages: all is well\n"


def test_json_is_one_object(project):
    found = json.loads(check(faulty(project), "--format", "json"))
    assert (found["pages"], len(found["problems"])) == (4, 7)
    assert found["problems"][0] == {
        "path": "content/a.md", "line": 7, "column": 1, "level": "warning",
        "message": "the image “pot.gif” has no alternative text", "hint": "say what it shows: ![A pot of ink](…)",
    }  # fmt: skip


def test_github_gets_annotations(project):
    project.write("content/50%, a:b.md", GOOD + "[x](y.md)")
    assert check(project, "--format", "github", status=1) == (
        "::error file=content/50%25%2C a%3Ab.md,line=5,col=5::broken link “y.md”: no such page or file\n"
    )


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str, float]] = []


class Handler(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        self.server.asked.append((self.command, self.path, time.monotonic()))
        count = sum(1 for _, path, _ in self.server.asked if path == self.path)
        status = {"/gone": 404, "/busy": 503, "/private": 403}.get(self.path, 200)
        if self.path == "/later" and count < 3:
            status = 429
        if self.path == "/nohead" and self.command == "HEAD":
            status = 405 if count > 5 else 404
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def server():
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


QUICK = "[tool.pressrun.check]\ninterval = 0.05\ntimeout = 5\n"


def page_with(project, server, *paths):
    base = f"http://127.0.0.1:{server.server_address[1]}"
    text = "\n".join(f"- [x]({base}{path})" for path in paths)
    project.write("pyproject.toml", QUICK).write("content/index.md", GOOD + text + "\n")
    return base


def test_links_to_other_sites_are_tried_and_told_apart(project, server):
    base = page_with(
        project, server, "/fine", "/gone", "/busy", "/private", "/later", "/nohead", "/fine#part"
    )
    assert lines(check(project, "--external", status=1)) == [
        f"content/index.md:6:7: error: broken external link “{base}/gone”: the server answers 404",
        f"content/index.md:7:7: warning: broken external link “{base}/busy”: the server answers 503",
        "1 error, 1 warning",
        "checked 1 pages",
    ]
    asked = [(method, path) for method, path, _ in server.asked]
    assert [method for method, path in asked if path == "/gone"] == ["HEAD", "GET"]
    assert [method for method, path in asked if path == "/busy"] == ["HEAD"] * 3
    assert [method for method, path in asked if path == "/later"] == ["HEAD"] * 3
    assert asked.count(("HEAD", "/fine")) == 1
    times = [when for _, _, when in server.asked]
    assert min(b - a for a, b in pairwise(times) if b > a) >= 0
    firsts = [next(when for _, p, when in server.asked if p == path) for path in ("/fine", "/gone")]
    assert firsts[1] - firsts[0] >= 0.05


def test_a_good_answer_is_remembered_for_some_days_and_a_bad_one_is_not(project, server):
    page_with(project, server, "/fine", "/gone")
    check(project, "--external", status=1)
    server.asked.clear()
    check(project, "--external", status=1)
    assert {path for _, path, _ in server.asked} == {"/gone"}
    server.asked.clear()
    check(project, "--external", status=1, now=str(int(EPOCH) + 8 * 86_400))
    assert {path for _, path, _ in server.asked} == {"/fine", "/gone"}
    (project.root / ".pressrun/links.json").write_text("[1]")
    check(project, "--external", status=1)


def test_other_sites_are_left_alone_by_default_and_where_the_configuration_says_so(project, server):
    page_with(project, server, "/gone")
    check(project)
    project.write("pyproject.toml", QUICK + 'ignore = ["http://127.0.0.1*"]\nexternal = true\n')
    check(project)
    project.write("content/index.md", GOOD + "[x](https://nobody.example/x) [y](https://example.com/y)")
    check(project)
    assert server.asked == []


def test_a_server_that_is_not_there_is_a_warning(project, server):
    base = page_with(project, server, "/fine")
    server.shutdown()
    server.server_close()
    assert lines(check(project, "--external"))[0] == (
        f"content/index.md:5:7: warning: broken external link “{base}/fine”: "
        "the server cannot be reached (Connection refused)"
    )
