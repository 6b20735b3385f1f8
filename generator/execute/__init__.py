"""Execute: runs the Python of one page in a process of its own, and says what it read.

A page's code never runs in the build's process. A helper process (`Runner`), which imports no user code,
forks a fresh child for each page: project modules are imported anew, no page sees another's, and whatever the
code does (loop for ever, exit, fill the memory) costs that child alone. Jobs and results are msgpack, not pickle.

Shown source == run source: project modules are compiled from text that is read once, hashed, kept for
`inspect.getsource`, and never from byte-code caches (these lie after an edit within one second).
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass, field

import msgspec

from generator.cache import encode
from generator.config import FIXED_ENVIRONMENT, Demos, environment
from generator.errors import Problem, error
from generator.processes import read_frame, write_frame

LOST = {"unforeseen:its end": "once"}
"""The key of code that was ended before it could say what it looked at: `unforeseen` never is the same again."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do for a page, in the order of the page."""

    kind: str
    """exec, eval, interpolate, source, demo, demo-exec; schema or validate for a collection's model."""
    code: str
    """Statements, an expression, or the name of an object."""
    line: int
    """The line of the page on which the code begins."""
    options: dict[str, str] = field(default_factory=dict)
    """The fence's options; the pages to validate."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one step gave."""

    ran: bool = False
    """False when the step failed, or was not reached because an earlier one failed."""
    text: str = ""
    """Text of a value, or source of an object."""
    html: str = ""
    """HTML of a value or of a demo's first view."""
    is_html: bool = False
    """Whether the value is HTML."""
    output: str = ""
    """What it printed."""


@dataclass(frozen=True, slots=True)
class Job:
    """All that the child needs to know."""

    root: str
    """Absolute root of the site; the working folder, and first on the import path."""
    path: str
    """The page, below the root."""
    source: str
    """The page's Python at its true lines, all other lines blank."""
    steps: list[Step]
    """The header's block first."""
    timeout: float
    """Seconds for all steps together."""
    compiler: str = ""
    """`module:name` of the class that turns components into live demos."""
    demos: Demos | None = None
    """How they are made; None when the page has none."""
    words: dict[str, str] = field(default_factory=dict)
    """What is said in them, in the page's language; see `IN_DEMOS`."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the child says at its end."""

    results: list[Result]
    """One for each step."""
    problems: list[Problem]
    """In order of the page."""
    keys: dict[str, str]
    """What the code looked at, found or not: see `record.py`."""
    payload: bytes = b""
    """What the page's demos need in the browser."""
    style: bytes = b""
    """The style sheet of their own looks."""


class Runner:
    """Starts the helper process on first need, hands it jobs, ends it."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, job: Job) -> Report:
        """Run a page's code; whatever it does, a report comes back within the limit and a little grace."""
        for _ in range(2):
            process = self.start()
            with contextlib.suppress(OSError, OverflowError, msgspec.MsgspecError):
                write_frame(process.stdin, encode(job))
                frame = read_frame(process.stdout)
                if frame is not None:
                    return msgspec.msgpack.decode(frame, type=Report)
            self.close()
        message = "the process that runs page code ended unexpectedly, twice"
        return Report([Result() for _ in job.steps], [error(job.path, message)], dict(LOST))

    def start(self) -> subprocess.Popen[bytes]:
        """Give the running helper process, started if need be."""
        if self.process is None or self.process.poll() is not None:
            command = [
                sys.executable,
                "-P",
                "-c",
                "from generator.execute.helper import serve_jobs; serve_jobs()",
            ]
            path = os.pathsep.join(p for p in sys.path if p)
            self.process = subprocess.Popen(  # noqa: S603  (our own command)
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**environment(), **FIXED_ENVIRONMENT, "PYTHONPATH": path},
                start_new_session=True,  # Ctrl-C on the terminal is for the build, which ends the helper
            )
        return self.process

    def close(self) -> None:
        """End the helper process."""
        process, self.process = self.process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
