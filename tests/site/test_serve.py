"""The dev server, started as a user starts it: what it serves, whom it answers, and that edits arrive."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator

import pytest
import websockets
from dev_server import Server
from harness import Project

from generator.serve import listen


@pytest.fixture
def server(project: Project) -> Iterator[Server]:
    """A served site of one page and a draft."""
    project.write("content/index.md", "# First\n").write(
        "content/draft.md", "---\ndraft: true\n---\nUnfinished\n"
    )
    running = Server(project.root)
    running.wait_for(r"built: \d+ units ran")
    yield running
    running.stop()


def test_pages_are_served_as_a_static_host_does(server: Server) -> None:
    """Clean URLs, a redirect to the slash, the 404 page, drafts shown."""
    status, text, headers = server.get("/")
    assert (status, headers["content-type"], headers["cache-control"]) == (
        200,
        "text/html; charset=utf-8",
        "no-cache",
    )
    assert "First" in text
    assert server.get("/draft/")[0] == 200
    assert server.get("/draft")[0] in (301, 307, 308)
    assert server.get("/nothing/")[0] == 404
    assert "Page not found" in server.get("/nothing/")[1]


def test_what_is_written_has_no_live_reload_script(server: Server, project: Project) -> None:
    """The script is added to answers alone."""
    assert "data-page" in server.get("/")[1]
    assert b"data-page" not in project.tree(".pressrun/served/site")["index.html"]


def test_serving_leaves_the_production_site_alone(project: Project) -> None:
    """Drafts are shown, and never reach the folder that is deployed."""
    project.write("content/index.md", "# Home\n").write("content/draft.md", "---\ndraft: true\n---\nToken\n")
    before = project.build().tree()
    running = Server(project.root)
    try:
        assert running.get("/draft/")[0] == 200
        assert project.tree() == before
        assert project.build().last.ran == {}
    finally:
        running.stop()
    assert project.tree() == before


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/%2e%2e/pyproject.toml",
        "/..%2fpyproject.toml",
        "/.pressrun/cache.db",
        "//etc/passwd",
        "/%00",
    ],
)
def test_nothing_outside_the_output_can_be_reached(server: Server, project: Project, path: str) -> None:
    """Climbing, encoded climbing, hidden files, NUL: there is no such page."""
    project.write("pyproject.toml", "# secret-token\n")
    status, text, _ = server.get(path)
    assert status in (400, 404), text
    assert "secret-token" not in text


def test_other_hosts_are_refused(server: Server) -> None:
    """A name that was rebound to loopback gets nothing."""
    assert server.get("/", Host="evil.example")[0] == 403
    assert server.get("/", Host=f"localhost:{server.port}")[0] == 200


def test_a_saved_edit_reaches_the_browser(server: Server, project: Project) -> None:
    """The socket says so, and the page is new."""

    async def edit_and_wait() -> None:
        async with websockets.connect(
            server.socket_url(), origin=f"http://127.0.0.1:{server.port}"
        ) as socket:
            seen = server.mark("/")
            await socket.send(json.dumps({"path": "/", "page": seen, "serial": 0}))
            project.write("content/index.md", "# Second\n")
            assert "page" in json.loads(await asyncio.wait_for(socket.recv(), 15))
            assert "Second" in server.get("/")[1]
            assert server.mark("/") != seen

    asyncio.run(edit_and_wait())


def test_other_origins_get_no_news(server: Server) -> None:
    """A page of another site cannot listen, even if it guessed the address."""

    async def listen() -> None:
        async with websockets.connect(server.socket_url(), origin="http://evil.example"):
            pass

    with pytest.raises(websockets.InvalidStatus):
        asyncio.run(listen())


def test_a_broken_configuration_does_not_end_the_server(server: Server, project: Project) -> None:
    """It says what is wrong, keeps serving, and goes on when it is mended."""
    project.write("pyproject.toml", "[tool.pressrun]\ntitel = 'x'\n")
    server.wait_for(r"pyproject.toml:2:1: error: unknown key “titel”")
    assert server.get("/")[0] == 200
    project.write("pyproject.toml", "[tool.pressrun]\ntitle = 'Mended'\n")
    server.wait_for(r"pyproject.toml: \d+ units ran")
    assert "Mended" in server.get("/")[1]


def test_a_second_server_takes_the_next_port(project: Project, server: Server) -> None:
    """A port in use is no error."""
    second = Server(project.root, server.port)
    try:
        assert second.port != server.port
        assert second.get("/")[0] == 200
    finally:
        second.stop()


def test_no_answer_waits_until_more_is_to_be_sent() -> None:
    """Nagle's algorithm is off on each connection: with it, an answer on one that is kept open came 40 milliseconds late."""

    async def flags() -> list[int]:
        seen: asyncio.Queue[int] = asyncio.Queue()

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            own = writer.get_extra_info("socket")
            seen.put_nowait(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with listen("127.0.0.1", 0) as one:
            address = one.getsockname()
            async with await asyncio.start_server(connected, sock=one):
                _, writer = await asyncio.open_connection(*address)
                found = [await seen.get()]
                writer.close()
        return found

    assert asyncio.run(flags()) == [1]
