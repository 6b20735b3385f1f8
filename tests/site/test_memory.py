"""Memory: what all processes of a build need together does not grow with the bodies of pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import EPOCH, Project

ROOT = Path(__file__).parents[2]


def peak(command_line: list[str]) -> float:
    """Run a command; give the most memory (MB) that all its processes had together, what they share counted once."""
    running = subprocess.Popen(
        command_line,
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    most = 0
    while running.poll() is None:
        most = max(most, sum(map(proportional, family(running.pid))))
        time.sleep(0.02)
    assert running.returncode == 0
    return most / 1024


def family(process: int) -> Iterator[int]:
    """Give a process and all its descendants."""
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def proportional(process: int) -> int:
    """Give a process's share of memory (kB), as Linux reckons it."""
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0


def large(project: Project, pages: int, kilobytes: int) -> Project:
    """Write posts with large bodies."""
    text = "Some words of a long text, which is *not* very interesting to read. " * 15 + "\n\n"
    for number in range(pages):
        head = f"---\ntitle: Post {number}\ndate: 2026-01-01\ndescription: d\n---\n"
        project.write(f"blog/p{number}.md", head + f"Post {number}\n\n" + text * kilobytes)
    return project


def growth(tmp_path: Path, kilobytes: int) -> float:
    """Give by how much memory (kB) grows for each page more, from 200 to 1,000."""
    peaks = []
    for number in (200, 1000):
        root = tmp_path / f"{kilobytes}-{number}"
        root.mkdir()
        peaks.append(
            peak(
                [
                    sys.executable,
                    "-m",
                    "generator",
                    "build",
                    str(large(Project(root), number, kilobytes).root),
                    "--jobs",
                    "2",
                ]
            )
        )
    return (peaks[1] - peaks[0]) * 1024 / 800


@pytest.mark.long
def test_memory_grows_by_what_is_known_of_pages_and_not_by_their_text(tmp_path: Path) -> None:
    """Of 56 kB that a page has more, and of the HTML made of it, less than a sixth stays."""
    assert growth(tmp_path, 60) - growth(tmp_path, 4) < 56 / 6
