"""Server: files from memory, compressed beforehand with Brotli, as a static host sends them; it remembers what was asked for."""

from __future__ import annotations

import hashlib
import http.server
import json
import shutil
import subprocess
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self

POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; "
    "worker-src 'self'; img-src 'self'"
)
TYPES = {"html": "text/html; charset=utf-8", "js": "text/javascript", "mjs": "text/javascript", "css": "text/css", "json": "application/json",
         "wasm": "application/wasm", "svg": "image/svg+xml"}  # fmt: skip
BROTLI = """
const fs = require("node:fs"), zlib = require("node:zlib"), crypto = require("node:crypto");
const made = new Map();
for (const path of JSON.parse(fs.readFileSync(0, "utf8"))) {
  const data = fs.readFileSync(path);
  const mark = crypto.createHash("sha256").update(data).digest("hex");
  const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: data.length };
  if (!made.has(mark)) made.set(mark, zlib.brotliCompressSync(data, { params }));
  fs.writeFileSync(path + ".br", made.get(mark));
}
"""
"""Compresses the files whose names come as JSON; Node has Brotli built in, Python has not."""


class NoNodeError(Exception):
    """There is no Node to compress with."""


def compress(folder: Path) -> None:
    """Put a compressed copy beside each file of a folder that has none (`name.br`)."""
    node = shutil.which("node")
    if node is None:
        raise NoNodeError("no node on PATH: the files are compressed with Node's Brotli")
    wanted = [
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".br" and not path.with_name(path.name + ".br").exists()
    ]
    subprocess.run(
        [node, "-e", BROTLI], input=json.dumps([str(one) for one in wanted]), text=True, check=True
    )


def served(folder: Path) -> dict[str, tuple[bytes, bytes]]:
    """Give the files of a compressed folder by URL path: as they are, and compressed."""
    found = {}
    for path in folder.rglob("*.br"):
        own = path.with_suffix("")
        url = "/" + own.relative_to(folder).as_posix()
        found[url.removesuffix("index.html")] = (own.read_bytes(), path.read_bytes())
    return found


class Server:
    """Serves a compressed folder on 127.0.0.1 while it is open."""

    def __init__(self, files: Mapping[str, tuple[bytes, bytes]]) -> None:
        self.files = files
        self.log: list[tuple[str, int]] = []
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                server.answer(self)

            def log_message(self, *args: object) -> None:
                pass

        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05})
        self.address = f"http://127.0.0.1:{self._http.server_address[1]}"

    def answer(self, request: http.server.BaseHTTPRequestHandler) -> None:
        """Answer one request: assets may be kept for ever, pages are asked for again."""
        path = request.path.partition("?")[0]
        if path not in self.files:
            request.send_error(404)
            self.log.append((path, 0))
            return
        raw, small = self.files[path]
        mark = f'"{hashlib.sha256(raw).hexdigest()[:16]}"'
        fresh = request.headers.get("If-None-Match") == mark
        packed = "br" in request.headers.get("Accept-Encoding", "")
        body = b"" if fresh else small if packed else raw
        request.send_response(304 if fresh else 200)
        request.send_header("Content-Type", TYPES.get(path.rpartition(".")[2], TYPES["html"]))
        request.send_header("ETag", mark)
        lasting = path.startswith(("/assets/", "/floor/", "/stock/")) and not path.endswith("/")
        request.send_header("Cache-Control", "max-age=31536000, immutable" if lasting else "no-cache")
        request.send_header("Content-Security-Policy", POLICY)
        if packed and not fresh:
            request.send_header("Content-Encoding", "br")
        if not fresh:
            request.send_header("Content-Length", str(len(body)))
        self.log.append((path, len(body)))  # before it is sent: whoever has it may ask what was asked for
        request.end_headers()
        request.wfile.write(body)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
