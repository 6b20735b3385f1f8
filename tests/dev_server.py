"""A dev server, started as a user starts it."""

from __future__ import annotations

import http.client
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path


class Server:
    """A running `pressrun serve` on a free port of loopback."""

    def __init__(self, root: Path, port: int = 0, options: tuple[str, ...] = ()) -> None:
        command = [sys.executable, "-m", "generator", "serve", str(root), "--port", str(port), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines: list[str] = []
        self.queue: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self.listen, daemon=True).start()
        self.port = int(self.wait_for(r"serving on http://[^/]+:(\d+)/")[1])

    def listen(self) -> None:
        """Collect what it prints."""
        for line in self.process.stdout:
            self.queue.put(line)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Read the server's words until one line matches, for at most 30 seconds."""
        end = time.monotonic() + 30
        while (left := end - time.monotonic()) > 0:
            try:
                self.lines.append(self.queue.get(timeout=left))
            except queue.Empty:
                break
            if match := re.search(pattern, self.lines[-1]):
                return match
        raise AssertionError(f"the server did not say {pattern!r}: {''.join(self.lines)}")

    def get(self, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
        """Send the path as it is written; give status, text and headers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest("GET", path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, text, {k.lower(): v for k, v in answer.getheaders()}

    def socket_url(self) -> str:
        """Where the live-reload script listens."""
        match = re.search(r'src="([^"]+)client.js"', self.get("/")[1])
        return f"ws://127.0.0.1:{self.port}{match[1]}socket"

    def mark(self, path: str) -> str:
        """What a page says that it is."""
        return re.search(r'data-page="([^"]+)"', self.get(path)[1])[1]

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=10)
        self.process.stdout.close()

    @property
    def address(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://localhost:{self.port}"
