"""What the dev server notices, each burst once, and what it never does; attacks on its sockets; many clients."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import websockets
from dev_server import Server
from harness import Project


@pytest.fixture
def server(project: Project) -> Iterator[Server]:
    """A served site of one page, with a module that it shows."""
    project.write("content/index.md", "---\nfrom shown import word\n---\n# First\n\n{{ word }}\n").write(
        "shown.py", "word = 'one'\n"
    )
    running = Server(project.root)
    running.wait_for(r"built: \d+ units ran")
    yield running
    running.stop()


def eventually(found: Callable[[], object]) -> None:
    """Wait until something is so, for at most 20 seconds."""
    deadline = time.monotonic() + 20
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def quiet(server: Server, seconds: float = 1.0) -> bool:
    """Whether nothing is built for a while."""
    time.sleep(seconds)
    return server.queue.empty()


def test_a_burst_of_a_thousand_files_is_one_build(server: Server, project: Project) -> None:
    """As a checkout makes it."""
    for number in range(1000):
        (project.root / f"content/p{number}.md").write_text(f"# Page {number}\n")
    line = server.wait_for(r"p\d+\.md")[0]
    said = server.lines[-1]
    assert re.search(r"and \d+ more: \d+ units ran", said) or server.wait_for(
        r"and \d+ more: \d+ units ran"
    ), line
    assert sum("units ran" in one and "more" in one for one in server.lines) == 1
    assert server.get("/p999/")[0] == 200
    shutil.rmtree(project.root / "content")
    project.write("content/index.md", "# Alone\n")
    server.wait_for(r"units ran")
    eventually(lambda: server.get("/p999/")[0] == 404)
    assert "Alone" in server.get("/")[1]


def test_an_atomic_save_is_one_change(server: Server, project: Project) -> None:
    """A temporary file that takes the place of the page; what an editor leaves beside it says nothing."""
    project.write("content/.index.md.swp", "x").write("content/4913", "").write("content/index.md~", "old")
    project.delete("content/4913")
    project.write("content/index.md.tmp", "# Second\n")
    os.replace(project.root / "content/index.md.tmp", project.root / "content/index.md")
    eventually(lambda: "Second" in server.get("/")[1])


def test_what_builds_and_tools_write_is_no_change(server: Server, project: Project) -> None:
    """The output, the cache, git, environments: else a build would follow a build for ever."""
    time.sleep(1)
    assert quiet(server)
    subprocess.run(["git", "init", "--quiet"], cwd=project.root, check=True)
    project.write(".venv/pyvenv.cfg", "").write(".venv/lib/x.py", "").write("node_modules/x/y.js", "").write(
        "site/index.html", ""
    )
    project.write(".pressrun/served/x", "").write("__pycache__/shown.pyc", "").write(".env", "SECRET=1")
    assert quiet(server)


def test_a_module_a_template_and_data_are_watched(server: Server, project: Project) -> None:
    """Also in folders that did not exist when the server began."""
    project.write("shown.py", "word = 'two'\n")
    server.wait_for(r"shown\.py: \d+ units ran")
    assert "two" in server.get("/")[1]
    project.write("templates/components/footer.html", "<footer>Mine</footer>")
    server.wait_for(r"units ran")
    assert "<footer>Mine</footer>" in server.get("/")[1]
    project.write("templates/components/footer.html", "<footer>Yours</footer>")
    server.wait_for(r"footer\.html: \d+ units ran")
    assert "<footer>Yours</footer>" in server.get("/")[1]


def test_a_file_outside_the_site_that_a_page_reads_is_watched(project: Project, tmp_path: Path) -> None:
    """It belongs to the project, wherever it lies."""
    data = tmp_path / "shared"
    data.mkdir()
    (data / "word.txt").write_text("outside one")
    page = f"---\nfrom pathlib import Path\nword = Path({str(data / 'word.txt')!r}).read_text()\n---\n# Home\n\n{{{{ word }}}}\n"
    project.write("content/index.md", page)
    server = Server(project.root)
    try:
        server.wait_for(r"built: \d+ units ran")
        assert "outside one" in server.get("/")[1]
        time.sleep(1)
        (data / "word.txt").write_text("outside two")
        server.wait_for(r"word\.txt: \d+ units ran")
        assert "outside two" in server.get("/")[1]
    finally:
        server.stop()


def test_polling_notices_edits_too(project: Project) -> None:
    project.write("content/index.md", "# First\n")
    server = Server(project.root, options=("--poll",))
    try:
        server.wait_for(r"built: \d+ units ran")
        time.sleep(1)
        project.write("content/index.md", "# Second and longer\n")
        server.wait_for(r"index\.md: ")
        assert "Second" in server.get("/")[1]
    finally:
        server.stop()


def test_previews_reach_the_folder_when_the_author_pauses(server: Server, project: Project) -> None:
    """What was shown is what the build then writes, byte for byte, but for the client's tag."""
    project.write("content/second.md", "# Second\n\nStays.\n\nWords.\n")
    eventually(lambda: "Words." in server.get("/second/")[1])
    time.sleep(1)
    project.write("content/second.md", "# Second\n\nStays.\n\nOther words.\n")
    server.wait_for(r"second\.md: 1 page built")
    shown = re.sub(r"<script src=[^>]*data-page=[^>]*></script>", "", server.get("/second/")[1])
    folder = project.root / ".pressrun/served/site/second/index.html"
    assert "Other words" not in folder.read_text()
    eventually(lambda: "Other words" in folder.read_text())
    assert folder.read_text() == shown


def test_an_edit_during_a_long_build_is_shown_at_once(server: Server, project: Project) -> None:
    """By what the build before knew; the one after it settles what the output folder gets."""
    project.write("slow.py", "import time\n\n\ndef wait():\n    time.sleep(0.2)\n    return 'first'\n")
    for number in range(40):
        project.write(f"content/slow{number}.md", "---\nfrom slow import wait\n---\n# Slow\n\n{{ wait() }}\n")
    project.write("content/second.md", "# Second\n\nStays.\n\nWords.\n")
    eventually(lambda: "Words." in server.get("/second/")[1])
    server.wait_for(r"slow\S*\.(md|py).*units ran")
    time.sleep(1)
    module = (project.root / "slow.py").read_text()
    project.write("slow.py", module.replace("first", "later"))
    time.sleep(0.7)
    project.write("content/second.md", "# Second\n\nStays.\n\nOther words.\n")
    eventually(lambda: "Other words." in server.get("/second/")[1])
    assert "later" not in (project.root / ".pressrun/served/site/slow39/index.html").read_text(), (
        "it is still running"
    )
    server.wait_for(r"slow\.py: \d+ units ran")
    assert "Other words." in server.get("/second/")[1]
    eventually(
        lambda: "Other words." in (project.root / ".pressrun/served/site/second/index.html").read_text()
    )
    assert "later" in server.get("/slow39/")[1]


def test_a_builder_that_dies_is_followed_by_another(server: Server, project: Project) -> None:
    """The server goes on; edits made meanwhile are seen."""
    listed = subprocess.run(
        ["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True
    ).stdout.split("\n")[1:]
    children = [
        int(row.split()[0]) for row in listed if row.strip() and int(row.split()[1]) == server.process.pid
    ]
    assert len(children) == 1
    os.kill(children[0], 9)
    project.write("content/index.md", "# Risen\n")
    server.wait_for(r"the process that builds ended by itself \(status -9\); another one takes over")
    server.wait_for(r"built: \d+ units ran")
    assert "Risen" in server.get("/")[1]


# ---------------------------------------------------------------- attacks


@pytest.mark.parametrize("cases", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_fuzzed_targets_give_files_of_the_site_alone(server: Server, project: Project, cases: int) -> None:
    """Climbing in every spelling, NUL, bad UTF-8, long ones: nothing but the site's own bytes, and never a crash."""
    project.write("secret-token.txt", "secret-token").write("content/.hidden", "secret-token")
    (project.root.parent / "outside.txt").write_text("secret-token")
    os.symlink(project.root.parent / "outside.txt", project.root / "content/link.txt")
    dice = random.Random(7)
    pieces = ["..", "%2e%2e", "%2E.", "/", "%2f", "\\", "%5c", "%00", "%c0%ae", "%ff", "secret-token.txt", "index.html", ".hidden", "link.txt",
              ".pressrun", "cache.db", "served", "site", "%252e%252e", ";", "?", "&", "~", ":", "a" * 300, "//", "etc/passwd", "__pressrun/"]  # fmt: skip
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    seen = set()
    for _ in range(cases):
        target = "/" + "".join(dice.choice(pieces) for _ in range(dice.randint(1, 8)))
        connection.putrequest("GET", target)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        seen.add(answer.status)
        assert b"secret-token" not in body, target
        assert b"root:" not in body, target
        assert answer.status in (200, 301, 404), target
        assert not answer.headers.get("Location", "/").startswith("//"), target
    connection.close()
    assert {200, 404} <= seen
    assert server.get("/")[0] == 200


def raw(server: Server, data: bytes) -> bytes:
    """Send bytes as they are; give the first line of the answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as wire:
        wire.sendall(data)
        return wire.recv(65536).split(b"\r\n")[0]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", b"431"),
        (b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
        (b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", b"400"),
        (b"GET / HTTP/1.0\r\n\r\n", b"403"),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"403"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", b"405"),
        (b"OPTIONS / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n\r\n", b"403"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nRange: bytes=" + b"0-1," * 2000 + b"0-1\r\n\r\n", b"416"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
    ids=["long target", "long header", "NUL", "bad UTF-8", "no host", "two hosts", "no host in 1.0", "foreign target", "POST", "preflight", "ranges", "nonsense"],
)  # fmt: skip
def test_malformed_requests_are_refused(server: Server, data: bytes, status: bytes) -> None:
    # what comes in pieces is refused before it is read to the end
    assert raw(server, data).split(b" ")[1] in (status, b"400")
    assert server.get("/")[0] == 200


def test_its_own_addresses_are_closed_to_others(server: Server) -> None:
    """Another origin, another site, a wrong token: nothing, and no header that would let a page of another origin read an answer."""
    own = re.search(r'src="([^"]+)client\.js"', server.get("/")[1])[1]
    assert server.get(own + "client.js")[0] == 200
    assert server.get(own + "client.js", Origin="http://evil.example")[0] == 403
    assert server.get(own + "client.js", **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert server.get(own + "app.py")[0] == 404
    assert server.get(own + "../../etc/passwd")[0] == 404
    assert server.get("/__pressrun/wrong/client.js")[0] == 404
    headers = server.get("/")[2]
    assert not [name for name in headers if name.startswith("access-control")]
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert (
        server.get(
            "/", **{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}
        )[0]
        == 403
    )


def test_a_socket_is_for_pages_of_this_server(server: Server) -> None:
    """Origin, token and host are asked for; nonsense ends the socket and nothing else."""

    async def refused(url: str, origin: str | None) -> bool:
        try:
            async with websockets.connect(url, origin=origin):
                return False
        except websockets.InvalidStatus:
            return True

    async def attack() -> None:
        good, here = server.socket_url(), f"http://127.0.0.1:{server.port}"
        for url, origin in [
            (good, None),
            (good, "null"),
            (good, "http://evil.example"),
            (good + "x", here),
            (f"ws://127.0.0.1:{server.port}/", here),
        ]:
            assert await refused(url, origin), (url, origin)
        for words in (
            "nonsense",
            "[]",
            '{"path": 1}',
            '{"path": "/../..", "page": "", "serial": 0}',
            "x" * 900_000,
        ):
            async with websockets.connect(good, origin=here) as one:
                await one.send(words)
                with pytest.raises((asyncio.TimeoutError, websockets.ConnectionClosed)):
                    while True:
                        await asyncio.wait_for(one.recv(), 0.5)

    asyncio.run(attack())
    assert server.get("/")[0] == 200


@pytest.mark.long
def test_two_hundred_stuck_clients_slow_nobody(server: Server) -> None:
    """Half a request each, or a socket that nobody reads."""
    stuck = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(200)]
    try:
        for wire in stuck:
            wire.sendall(b"GET / HTTP/1.1\r\nHost: local")
        took = []
        for _ in range(20):
            start = time.perf_counter()
            assert server.get("/")[0] == 200
            took.append(time.perf_counter() - start)
        assert sorted(took)[10] < 0.25
    finally:
        for wire in stuck:
            wire.close()


def test_beyond_loopback_a_token_opens_the_site(project: Project) -> None:
    """The printed address sets a cookie; without it nothing is answered, by whatever name."""
    project.write("content/index.md", "# Home\n")
    server = Server(project.root, options=("--host", "0.0.0.0"))
    try:
        assert any("whoever has the address below can read the site" in line for line in server.lines)
        token = re.search(r"\?token=(\S+)", server.lines[-1])[1]
        assert server.get("/")[0] == 403
        assert server.get("/?token=wrong")[0] == 403
        status, _, headers = server.get(f"/?token={token}&a=1", Host="192.0.2.7:8000")
        assert (status, headers["location"]) == (303, "/?a=1")
        cookie = headers["set-cookie"]
        assert re.fullmatch(r"pressrun-token=\S+; Path=/; HttpOnly; SameSite=Strict", cookie)
        assert server.get("/", Cookie=cookie.partition(";")[0])[0] == 200
    finally:
        server.stop()


# ---------------------------------------------------------------- what was built


def test_what_was_built_is_served_as_it_is(project: Project, tmp_path: Path) -> None:
    """No client, nothing watched, foreign files too; links that lead out and hidden files are not there."""
    project.write("content/index.md", "# Built\n").build()
    project.write("site/extra.txt", "by hand").write("site/.secret", "x")
    (tmp_path / "outside.txt").write_text("outside")
    os.symlink(tmp_path / "outside.txt", project.root / "site/out.txt")
    server = Server(project.root, options=("--built",))
    try:
        assert server.get("/")[1] == project.html("/")
        assert server.get("/extra.txt")[1] == "by hand"
        assert server.get("/out.txt")[0] == 404
        assert server.get("/.secret")[0] == 404
        assert server.get("/%2e%2e/outside.txt")[0] == 404
        tag = server.get("/")[2]["etag"]
        assert server.get("/", **{"If-None-Match": tag})[0] == 304
        project.write("content/index.md", "# Changed\n").build()
        assert "Changed" in server.get("/", **{"If-None-Match": tag})[1]
    finally:
        server.stop()


def test_there_must_be_something_built(project: Project) -> None:
    project.write("content/index.md", "# Home\n")
    command = [sys.executable, "-m", "generator", "serve", str(project.root), "--built", "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert (
        done.stderr
        == f"{project.root}/site: error: there is no built site; run `pressrun build` first\n1 error, 0 warnings\n"
    )


@pytest.mark.long
def test_a_thousand_edits_arrive_in_order_and_leave_no_memory_behind(
    server: Server, project: Project
) -> None:
    """Each is seen by ten listeners, none twice, none after a later one; memory grows by less than a tenth."""
    page = "# Second\n\nStays.\n\n{}\n"
    project.write("content/second.md", page.format("Edit -1"))
    eventually(lambda: "Edit -1" in server.get("/second/")[1])
    time.sleep(1)

    def memory() -> int:
        listed = subprocess.run(
            ["ps", "-eo", "pid,ppid,rss"], capture_output=True, text=True, check=True
        ).stdout.split("\n")[1:]
        rows = [[int(word) for word in row.split()] for row in listed if row.strip()]
        return sum(row[2] for row in rows if server.process.pid in row[:2])

    async def edit() -> list[int]:
        here, found = f"http://127.0.0.1:{server.port}", []
        sockets = [await websockets.connect(server.socket_url(), origin=here) for _ in range(10)]
        for one in sockets:
            await one.send(json.dumps({"path": "/second/", "page": server.mark("/second/"), "serial": 10**9}))
        last = [(0, "")] * 10
        for number in range(1000):
            project.write("content/second.md", page.format(f"Edit {number}"))
            for at, one in enumerate(sockets):
                news = json.loads(await asyncio.wait_for(one.recv(), 20))
                assert news["serial"] > last[at][0]
                assert news["page"] != last[at][1]
                last[at] = (news["serial"], news["page"])
            if number % 100 == 0:
                assert f"Edit {number}<" in server.get("/second/")[1]
            if number in (49, 999):
                found.append(memory())
        for one in sockets:
            await one.close()
        return found

    early, late = asyncio.run(edit())
    assert late < early * 1.1, (early, late)
