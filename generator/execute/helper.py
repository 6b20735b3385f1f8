"""The helper process: forks a child for each page, waits for its report, and ends it with all it started."""

from __future__ import annotations

import contextlib
import importlib
import os
import select
import signal
import time

import msgspec

from generator.cache import encode
from generator.errors import error
from generator.execute import LOST, Job, Report, Result
from generator.execute.child import CUT_OFF, GRACE, Child, too_long
from generator.processes import (
    END_WITH_PARENT,
    in_words,
    keep_only,
    quiet,
    read_frame,
    system_call,
    take_frames,
    write_frame,
)

MOST_MEMORY = 4 << 30
"""Bytes of data that a page's code may have."""
BECOME_SUBREAPER = 36
"""Option of `prctl`, from Linux's `sys/prctl.h`."""


def serve_jobs() -> None:
    """Read jobs from standard input, fork a child for each, write its report; the helper's main loop."""
    jobs, reports = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    quiet()
    system_call(
        BECOME_SUBREAPER, 1
    )  # what the code leaves running becomes a child of this process, which ends it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while (frame := read_frame(jobs)) is not None:
        job = msgspec.msgpack.decode(frame, type=Job)
        if any(step.kind in ("demo", "demo-exec") for step in job.steps):
            with contextlib.suppress(
                Exception
            ):  # loaded once here instead of in every child, which report errors
                importlib.import_module(job.compiler.partition(":")[0])
        report = encode(run_in_child(job, jobs.fileno()))
        with contextlib.suppress(BrokenPipeError):  # then nobody wants it any more, and the loop ends
            write_frame(reports, report)


def run_in_child(job: Job, asker: int) -> Report:
    """Fork, run the job there, collect its frames, end it and its descendants.

    `asker` is the pipe on which jobs come; while one is done, only its end can be read there, which ends the job too.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setsid()
            system_call(END_WITH_PARENT, signal.SIGKILL)
            keep_only(writing)  # the helper's own pipes are not for the code to write to
            limit_memory()
            Child(job, writing).run()
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    frames, timed_out = collect(reading, time.monotonic() + job.timeout + GRACE, asker)
    os.close(reading)
    wait_status = end_family(
        child, patience=0.0 if timed_out or (frames and len(frames[-1]) >= 16) else GRACE
    )
    done = [0]
    with contextlib.suppress(msgspec.MsgspecError):
        done += [msgspec.msgpack.decode(frame, type=int) for frame in frames if len(frame) < 16]
    report = next((frame for frame in reversed(frames) if len(frame) >= 16), None)
    if report is not None:
        with contextlib.suppress(msgspec.MsgspecError):
            return msgspec.msgpack.decode(report, type=Report)
    return lost(job, done[-1], wait_status, timed_out=timed_out)


def end_family(child: int, patience: float) -> int:
    """End a child and all its descendants; give its wait status. It gets `patience` seconds to end by itself."""
    end = time.monotonic() + patience
    ended, status = os.waitpid(child, os.WNOHANG)
    while not ended and time.monotonic() < end:
        time.sleep(0.005)
        ended, status = os.waitpid(child, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    if not ended:
        _, status = os.waitpid(child, 0)
    end = time.monotonic() + GRACE
    with contextlib.suppress(
        ChildProcessError
    ):  # raised when there are no children left, which is the usual case
        while time.monotonic() < end:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                for orphan in children():
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.kill(orphan, signal.SIGKILL)
                time.sleep(0.002)
    return status


def children() -> list[int]:
    """Give the processes whose parent this one is, as Linux lists them."""
    found = []
    with contextlib.suppress(OSError):
        for name in os.listdir("/proc"):
            if name.isdigit():
                with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
                    if int(file.read().rpartition(b")")[2].split()[1]) == os.getpid():
                        found.append(int(name))
    return found


def limit_memory() -> None:
    """Make a program that wants all memory fail by itself instead of slowing the machine down."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def collect(descriptor: int, deadline: float, asker: int) -> tuple[list[bytes], bool]:
    """Read frames until the child's end of the pipe closes, the report is there, or the deadline passes; also until nobody waits."""
    buffer = bytearray()
    frames: list[bytes] = []
    while True:
        left = deadline - time.monotonic()
        ready = select.select([descriptor, asker], [], [], left)[0] if left > 0 else []
        if not ready or asker in ready:
            return frames, True
        data = os.read(descriptor, 1 << 20)
        if not data:
            return frames, False
        buffer += data
        frames += take_frames(buffer)
        if frames and len(frames[-1]) >= 16:
            return frames, False


def lost(job: Job, index: int, status: int, *, timed_out: bool) -> Report:
    """Say what happened to a child that gave no report."""
    line = job.steps[index].line if index < len(job.steps) else 0
    if timed_out:
        problem = too_long(job, line)
    elif os.WIFEXITED(status) and os.WEXITSTATUS(status) == CUT_OFF:
        problem = error(job.path, "the page's code closed file descriptors that are not its own", line=line)
    else:
        problem = error(job.path, f"the page's code ended its process ({in_words(status)})", line=line)
    return Report([Result() for _ in job.steps], [problem], dict(LOST))
