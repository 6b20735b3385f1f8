"""Targets for tests of deploys: an S3 emulator behind a loopback proxy that fails on demand, an rsync daemon, a crawler."""

from __future__ import annotations

import contextlib
import http.client
import io
import re
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin

import PIL.Image
from harness import EPOCH, Project

from generator.config import load_config
from generator.deploy import Deploy, prepared, target_of
from generator.targets import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.config import Config

LINK = re.compile(r'<(?:a|link|img|script|source)\b[^>]*?\s(?:href|src)="([^"]+)"')
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "only-for-the-emulator",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def config_of(project: Project, now: str = EPOCH) -> Config:
    """The configuration of a project at a moment."""
    return load_config(project.root, environ={"SOURCE_DATE_EPOCH": now})


def deploy(
    project: Project, target: Target | str = "", *, adopt: bool = False, now: str = EPOCH, dry: bool = False
) -> Deploy:
    """Deploy a project (or only plan it)."""
    config = config_of(project, now)
    to = target if isinstance(target, Target) else target_of(config, target)
    with prepared(config, to, adopt=adopt, jobs=1) as ready:
        if not dry:
            ready.carry_out()
        return ready


@dataclass
class Proxy:
    """Stands between a deploy and the emulator, counts requests, and lets some of them fail."""

    port: int
    upstream: int
    log: list[tuple[str, str]] = field(default_factory=list)
    """Method and decoded path (with what was deleted) of each request, in order."""
    fault: Callable[[int], str] = lambda number: ""
    """Number of a request, from 1 → `drop`, `lose` (done, but the answer is lost), a status, or nothing."""
    delay: float = 0.0
    number: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def changes(self) -> list[tuple[str, str]]:
        """What was asked to be written or deleted: (PUT or DELETE, key)."""
        return [(method, path) for method, path in self.log if method in ("PUT", "DELETE")]

    def reset(self, fault: Callable[[int], str] = lambda number: "", delay: float = 0.0) -> None:
        with self.lock:
            self.log.clear()
            self.number = 0
        self.fault, self.delay = fault, delay


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: Proxy

    def log_message(self, *_: object) -> None:
        pass

    def answer(self) -> None:
        proxy = self.proxy
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with proxy.lock:
            path = unquote(self.path.partition("?")[0]).partition("/")[2].partition("/")[2]
            if self.command == "POST" and "delete" in self.path:
                proxy.log += [
                    ("DELETE", unquote(key)) for key in re.findall(r"<Key>(.*?)</Key>", body.decode())
                ]
            else:
                proxy.log.append((self.command, path))
            proxy.number += 1
            number = proxy.number
        what = proxy.fault(number)
        if proxy.delay:
            time.sleep(proxy.delay)
        if what == "drop":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if what.isdigit():
            text = b"<Error><Code>SlowDown</Code><Message>Reduce your request rate; key only-for-the-emulator</Message></Error>"
            self.send(int(what), {}, text)
            return
        upstream = http.client.HTTPConnection("127.0.0.1", proxy.upstream, timeout=30)
        try:
            kept = {k: v for k, v in self.headers.items() if k.lower() not in ("connection", "keep-alive")}
            upstream.request(self.command, self.path, body, kept)
            got = upstream.getresponse()
            data = got.read()
        finally:
            upstream.close()
        if what == "lose":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        skipped = ("transfer-encoding", "connection", "content-length", "date", "server")
        self.send(
            got.status,
            {k: v for k, v in got.getheaders() if k.lower() not in skipped},
            data,
            got.getheader("Content-Length"),
        )

    def send(self, status: int, headers: dict[str, str], data: bytes, length: str | None = None) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", length if self.command == "HEAD" and length else str(len(data)))
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            if self.command != "HEAD":
                self.wfile.write(data)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer  # noqa: N815  (the names that http.server looks for)


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is no error of the server's."""


@contextlib.contextmanager
def proxied(upstream: int) -> Iterator[Proxy]:
    """Run a proxy before a server of this machine."""
    handler = type("OwnHandler", (Handler,), {})
    server = Quiet(("127.0.0.1", 0), handler)
    proxy = handler.proxy = Proxy(server.server_address[1], upstream)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Bucket:
    """A bucket of the emulator, looked at past the proxy."""

    port: int
    name: str

    def request(
        self, method: str, key: str = "", data: bytes | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            path = f"/{self.name}/{quote(key)}" if key else f"/{self.name}"
            connection.request(method, path, data, {"Authorization": "AWS test:unchecked"})
            got = connection.getresponse()
            return got.status, {k.lower(): v for k, v in got.getheaders()}, got.read()
        finally:
            connection.close()

    def make(self) -> Bucket:
        assert self.request("PUT")[0] == 200
        return self

    def put(self, key: str, data: bytes) -> None:
        assert self.request("PUT", key, data)[0] == 200

    def keys(self) -> set[str]:
        """The names of all objects, at most a thousand."""
        return set(re.findall(r"<Key>(.*?)</Key>", self.request("GET")[2].decode()))

    def files(self) -> dict[str, bytes]:
        """All objects but the record, with their bytes."""
        return {key: self.request("GET", key)[2] for key in sorted(self.keys()) if key != ".pressrun.json"}

    def target(self, endpoint: str, **more: object) -> Target:
        return replace(Target("store", "store", f"s3://{self.name}", endpoint=endpoint), **more)  # type: ignore[arg-type]


@dataclass
class Reader:
    """Reads pages as a browser does: what a page needs at once, what it links to later."""

    fetch: Callable[[str], bytes | None]
    """Path → bytes; None when there is nothing."""
    missing: list[str] = field(default_factory=list)
    """`page → what it asked for`."""
    pages: int = 0

    def crawl(self, start: str = "/") -> Reader:
        """Read all that can be reached."""
        seen, waiting = {start}, [(start, start)]
        while waiting:
            path, asker = waiting.pop(0)
            data = self.fetch(path)
            if data is None:
                self.missing.append(f"{asker} → {path}")
                continue
            if not path.endswith(("/", ".html")):
                continue
            self.pages += 1
            found = []
            for link in LINK.findall(data.decode()):
                url = urljoin(path, link.partition("#")[0])
                if url.startswith("/") and url not in seen:
                    seen.add(url)
                    found.append((url, path))
            waiting = [one for one in found if not one[0].endswith("/")] + waiting
            waiting += [one for one in found if one[0].endswith("/")]
        return self


def bucket_reader(bucket: Bucket) -> Reader:
    """A reader of a bucket that is shown as a website."""

    def fetch(path: str) -> bytes | None:
        key = unquote(path[1:]) + ("index.html" if path.endswith("/") else "")
        status, _, data = bucket.request("GET", key)
        return data if status == 200 else None

    return Reader(fetch)


def url_reader(base: str) -> Reader:
    """A reader of a server that answers folders by their index."""

    def fetch(path: str) -> bytes | None:
        try:
            with urllib.request.urlopen(base + path, timeout=10) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as wrong:
            wrong.close()
            return None

    return Reader(fetch)


def folder_reader(folder: Path) -> Reader:
    """A reader of a folder."""

    def fetch(path: str) -> bytes | None:
        try:
            return (folder / (unquote(path[1:]) + ("index.html" if path.endswith("/") else ""))).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    return Reader(fetch)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def rsync_daemon(folder: Path, settings: Path) -> Iterator[str]:
    """Run an rsync daemon with one module, `www`; give its URL."""
    import os

    port = free_port()
    settings.write_text(
        f"use chroot = no\nuid = {os.getuid()}\ngid = {os.getgid()}\n[www]\npath = {folder}\nread only = no\n"
    )
    command = [
        "rsync",
        "--daemon",
        "--no-detach",
        f"--config={settings}",
        f"--port={port}",
        "--address=127.0.0.1",
    ]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < end, "the rsync daemon does not answer"
                time.sleep(0.02)
        yield f"rsync://127.0.0.1:{port}/www"
    finally:
        process.terminate()
        process.wait(10)


def dot(shade: int) -> bytes:
    """Give the smallest image there is, of one grey."""
    made = io.BytesIO()
    PIL.Image.new("L", (1, 1), shade).save(made, "PNG")
    return made.getvalue()


def write_first(project: Project) -> Project:
    """A site as it is published first."""
    project.write("content/index.md", "# Home\n\n[guide](guide.md), [old](old.md)\n")
    project.write("content/guide.md", "# Guide\n\n![a picture](a.png)\n\n## Usage\n\nText\n")
    project.write("content/a.png", dot(1))
    project.write("content/old.md", "# Old\n\n![its picture](old.png)\n")
    project.write("content/old.png", dot(2))
    project.write("blog/one.md", "---\ntitle: One\ndate: 2026-01-01\ntags: [x]\n---\nWords\n")
    return project.write(
        "pyproject.toml", '[tool.pressrun]\ntitle = "T"\nbase_url = "https://example.org/"\n'
    )


def write_second(project: Project) -> Project:
    """The same site later: all pages ask for a new file, one page is new, one is gone on purpose, others changed."""
    write_first(project)
    project.delete("content/old.md").delete("content/old.png")
    project.write("content/index.md", "# Home\n\n[guide](guide.md), [new](new page.md)\n")
    project.write("content/new page.md", "# New\n\n![b](b.png), [guide](guide.md#usage)\n")
    project.write("content/b.png", dot(3))
    project.write("content/a.png", dot(4))
    project.write("static/custom.css", "main { color: teal }\n")
    project.write(
        "blog/two.md", "---\ntitle: Two\ndate: 2026-02-01\ntags: [x]\n---\nMore words, [one](one.md)\n"
    )
    return project.write(
        "permalinks.json",
        '{"format": 1, "urls": {}, "gone": {"/old/": "no longer true", "/old.png": "with it"}}\n',
    )
