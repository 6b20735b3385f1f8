"""Execute: runs the Python of one page in a process of its own, and says what it read.

A page's code never runs in the build's process. A helper process (`Runner`), which imports no user code,
forks a fresh child for each page: project modules are imported anew, no page sees another's, and whatever the
code does (loop for ever, exit, fill the memory) costs that child alone. Jobs and results are msgpack, not pickle.

Shown source == run source: project modules are compiled from text that is read once, hashed, kept for
`inspect.getsource`, and never from byte-code caches (these lie after an edit within one second).
"""

from __future__ import annotations

import contextlib
import importlib.machinery
import importlib.util
import inspect
import io
import linecache
import os
import select
import signal
import struct
import subprocess
import sys
import time
import traceback
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any

import msgspec

from generator.cache import MISSING, digest, encode, folder_digest
from generator.errors import Problem, did_you_mean, error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PAGE_MODULE = "__page__"
GRACE = 1.0
"""Seconds that code gets to fail by itself when its time is over, before the process is killed."""
MOST_OUTPUT = 1_000_000
"""Characters of printed output that one block may show."""
MOST_ROWS, MOST_COLUMNS = 20, 500
"""Of an exception's text; more of it is not shown."""
ENVIRONMENT = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", "TZ": "UTC"}
"""What page code must not depend on, fixed, so that the same input gives the same bytes."""
MOST_MEMORY = 4 << 30
"""Bytes of data that a page's code may have."""
MOST_DESCRIPTORS = 65_536
"""Beyond the number of any open file."""
CUT_OFF = 96
"""Exit status of a child that cannot report any more."""
END_WITH_PARENT, BECOME_SUBREAPER = 1, 36
"""Options of `prctl`, from Linux's `sys/prctl.h`."""
LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do for a page, in the order of the page."""

    kind: str
    """exec, eval, interpolate, source, demo, or demo-exec."""
    code: str
    """Statements, an expression, or the name of an object."""
    line: int
    """The line of the page on which the code begins."""
    options: dict[str, str] = field(default_factory=dict)
    """The fence's options."""


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


@dataclass(frozen=True, slots=True)
class Report:
    """What the child says at its end."""

    results: list[Result]
    """One for each step."""
    problems: list[Problem]
    """In order of the page."""
    keys: dict[str, str]
    """What the code read: project modules, data files, and those it looked for and did not find."""
    payload: bytes = b""
    """What the page's demos need in the browser."""


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
        return Report([Result() for _ in job.steps], [error(job.path, message)], {})

    def start(self) -> subprocess.Popen[bytes]:
        """Give the running helper process, started if need be."""
        if self.process is None or self.process.poll() is not None:
            command = [sys.executable, "-P", "-c", "from generator.execute import serve_jobs; serve_jobs()"]
            path = os.pathsep.join(p for p in sys.path if p)
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, **ENVIRONMENT, "PYTHONPATH": path},
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


def write_frame(stream: Any, data: bytes) -> None:
    """Write one message with its length."""
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def read_frame(stream: Any) -> bytes | None:
    """Read one message; None at the end of the stream."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    size = LENGTH.unpack(head)[0]
    data: bytes = stream.read(size)
    return data if len(data) == size else None


# ---------------------------------------------------------------- the helper process


def serve_jobs() -> None:
    """Read jobs from standard input, fork a child for each, write its report; the helper's main loop."""
    jobs, reports = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    quiet()
    system_call(BECOME_SUBREAPER, 1)  # what the code leaves running becomes a child of this process, which ends it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while (frame := read_frame(jobs)) is not None:
        job = msgspec.msgpack.decode(frame, type=Job)
        if any(step.kind in ("demo", "demo-exec") for step in job.steps):
            with contextlib.suppress(Exception):  # loaded once here instead of in every child, which report errors
                importlib.import_module(job.compiler.partition(":")[0])
        write_frame(reports, encode(run_in_child(job)))


def system_call(option: int, value: int) -> None:
    """Call Linux's `prctl`; elsewhere nothing happens, and processes that the code leaves running may stay."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def quiet() -> None:
    """Take the terminal away: page code reads nothing and prints nothing by accident."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)


def run_in_child(job: Job) -> Report:
    """Fork, run the job there, collect its frames, end it and its descendants."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setsid()
            system_call(END_WITH_PARENT, signal.SIGKILL)
            os.closerange(3, writing)  # the helper's own pipes are not for the code to write to
            os.closerange(writing + 1, MOST_DESCRIPTORS)
            limit_memory()
            Child(job, writing).run()
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    frames, timed_out = collect(reading, time.monotonic() + job.timeout + GRACE)
    os.close(reading)
    wait_status = end_family(child, patience=0.0 if timed_out or (frames and len(frames[-1]) >= 16) else GRACE)
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
    with contextlib.suppress(ChildProcessError):  # raised when there are no children left, which is the usual case
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


def collect(descriptor: int, deadline: float) -> tuple[list[bytes], bool]:
    """Read frames until the child's end of the pipe closes, the report is there, or the deadline passes."""
    buffer = bytearray()
    frames: list[bytes] = []
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            return frames, True
        data = os.read(descriptor, 1 << 20)
        if not data:
            return frames, False
        buffer += data
        while len(buffer) >= LENGTH.size and len(buffer) - LENGTH.size >= (size := LENGTH.unpack_from(buffer)[0]):
            frames.append(bytes(buffer[LENGTH.size : LENGTH.size + size]))
            del buffer[: LENGTH.size + size]
            if size >= 16:
                return frames, False


def lost(job: Job, index: int, status: int, *, timed_out: bool) -> Report:
    """Say what happened to a child that gave no report."""
    line = job.steps[index].line if index < len(job.steps) else 0
    if timed_out:
        message = f"the page's code took longer than {job.timeout:g} s and was stopped"
        hint = "raise timeout in [tool.pressrun.execute], or make the code quicker"
    elif os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        message, hint = f"the page's code ended its process (signal {name})", ""
    elif os.WEXITSTATUS(status) == CUT_OFF:
        message, hint = "the page's code closed file descriptors that are not its own", ""
    else:
        message, hint = f"the page's code ended its process (exit status {os.WEXITSTATUS(status)})", ""
    return Report([Result() for _ in job.steps], [error(job.path, message, line=line, hint=hint)], {})


# ---------------------------------------------------------------- the child


class TimeLimitError(BaseException):
    """Raised in the page's code when its time is over; `except Exception` does not hold it up."""


class StepFailed(Exception):  # noqa: N818
    """A step cannot be done, said in one sentence."""

    def __init__(self, message: str, hint: str = "", path: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.message, self.hint, self.path, self.line = message, hint, path, line


class Child:
    """The fresh process of one page."""

    def __init__(self, job: Job, writing: int) -> None:
        self.job = job
        self.writing = writing
        self.file = os.path.join(job.root, job.path)
        self.keys: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.over = False
        self.compiler: Any = None
        self.page = ModuleType(PAGE_MODULE)
        self.page.__file__ = self.file

    def run(self) -> None:
        """Do all steps, then send the report."""
        self.prepare()
        results: list[Result] = []
        start_clock(self.job.timeout)
        for index, step in enumerate(self.job.steps):
            self.send(encode(index))
            result = self.attempt(step)
            results.append(result)
            if self.over or (not result.ran and step.kind == "exec"):
                break  # what follows would fail for want of what this block defines
        stop_clock()
        payload = b"" if self.over else self.finish_demos()
        missing = [Result() for _ in range(len(self.job.steps) - len(results))]
        keys = {k: v for k, v in sorted(self.keys.items()) if k != "file:" + self.job.path}
        report = Report([*results, *missing], self.problems, keys, payload)
        self.send(encode(report))

    def send(self, frame: bytes) -> None:
        """Write one message to the helper."""
        view = memoryview(LENGTH.pack(len(frame)) + frame)
        try:
            while view:
                view = view[os.write(self.writing, view) :]
        except OSError:  # the code has closed what it did not open
            os._exit(CUT_OFF)

    def prepare(self) -> None:
        """Set up imports, source texts, and the record of what is read."""
        import random

        random.seed(0)
        os.chdir(self.job.root)
        sys.dont_write_bytecode = True
        sys.path.insert(0, self.job.root)
        sys.argv = [self.file]
        sys.modules[PAGE_MODULE] = self.page
        sys.meta_path.insert(0, ProjectFinder(self.job.root, self.keys))
        remember_source(self.file, self.job.source)
        sys.addaudithook(self.notice)

    def notice(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Record the files and folders of the project that the page's code opens."""
        if event not in ("open", "os.listdir", "os.scandir") or not arguments:
            return
        name = arguments[0]
        if not isinstance(name, (str, bytes, os.PathLike)):
            return
        path = self.below_root(os.fsdecode(name))
        importing = sys._getframe(1).f_code.co_filename.startswith("<frozen importlib")
        if path is None or importing:  # `ProjectFinder` has recorded what imports look at
            return
        if event == "open":
            reading = not (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR))
            if reading and "file:" + path not in self.keys:
                self.keys["file:" + path] = "…"  # so that the reading below is not noticed again
                self.keys["file:" + path] = file_digest(os.path.join(self.job.root, path))
        elif "folder:" + path not in self.keys:
            self.keys["folder:" + path] = "…"
            self.keys["folder:" + path] = folder_digest(os.path.join(self.job.root, path))

    def below_root(self, name: str) -> str | None:
        """Give a path below the root in POSIX form; None for what is no part of the project."""
        path = os.path.relpath(os.path.join(self.job.root, name), self.job.root).replace(os.sep, "/")
        parts = path.split("/")
        if parts[0] == ".." or any(part.startswith(".") and part != "." for part in parts) or "__pycache__" in parts:
            return None
        return path

    def attempt(self, step: Step) -> Result:
        """Do one step; what goes wrong becomes a problem."""
        printed = Printed()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
                result = ACTIONS[step.kind](self, step)
            return with_output(result, printed.text())
        except StepFailed as wrong:
            place = wrong.path or self.job.path
            self.problems.append(error(place, wrong.message, line=wrong.line or step.line, hint=wrong.hint))
        except TimeLimitError as late:
            stop_clock()
            self.over = True
            line = self.last_line(late.__traceback__) or step.line
            message = f"the page's code took longer than {self.job.timeout:g} s and was stopped"
            hint = "raise timeout in [tool.pressrun.execute], or make the code quicker"
            self.problems.append(error(self.job.path, message, line=line, hint=hint))
            return Result()
        except BaseException as wrong:  # noqa: BLE001  (whatever an author's code raises is the author's problem)
            self.problems.append(self.explain(wrong, step))
        return Result()

    def explain(self, wrong: BaseException, step: Step) -> Problem:
        """Turn an exception into a problem at the author's line."""
        own = wrong.__traceback__
        name = type(wrong).__name__
        text, _, more = clean(printable(wrong)).replace(self.job.root + os.sep, "").strip().partition("\n")
        place, line = getattr(wrong, "path", None), getattr(wrong, "line", None)
        if hasattr(wrong, "hint") and hasattr(wrong, "message"):  # our compilers' own errors know their place
            return error(place or self.job.path, str(wrong.message), line=line or step.line, hint=str(wrong.hint))
        if isinstance(wrong, SyntaxError) and wrong.filename and os.path.isabs(wrong.filename):
            path = self.below_root(wrong.filename)
            if path is not None:
                message = f"{name}: {wrong.msg}"
                return error(path, message, line=wrong.lineno or step.line, column=wrong.offset or 0)
        if isinstance(wrong, SystemExit):
            asked = "the page's code asked to exit"
            text = asked if wrong.code is None else f"{text}: {asked}"
        line = self.last_line(own) or step.line
        hint = "\n".join([*more.strip("\n").split("\n")[:MOST_ROWS], self.trace(wrong)]).strip("\n")
        return error(self.job.path, f"{name}: {text}" if text else name, line=line, hint=hint)

    def last_line(self, trace: Any) -> int:
        """Give the line of the page that the traceback passes last."""
        lines = [number for frame, number in traceback.walk_tb(trace) if frame.f_code.co_filename == self.file]
        return lines[-1] if lines else 0

    def trace(self, wrong: BaseException) -> str:
        """Give the traceback from the page on, with paths below the root; nothing of ours is in it."""
        frames = [f for f in traceback.extract_tb(wrong.__traceback__) if not f.filename.startswith("<frozen ")]
        frames = [f for f in frames if f.filename != __file__]
        first = next((i for i, f in enumerate(frames) if f.filename == self.file), len(frames))
        shown = frames[first:]
        if len(shown) < 2:
            return ""
        rows = []
        for frame in shown if len(shown) <= 12 else [*shown[:6], None, *shown[-5:]]:
            if frame is None:
                rows.append(f"… {len(shown) - 11} more frames …")
                continue
            path = self.below_root(frame.filename) or os.path.basename(frame.filename)
            rows.append(clean(f"{path}:{frame.lineno} in {frame.name}: {(frame.line or '').strip()}"))
        return "\n".join(rows)

    # -- what steps do

    def exec_step(self, step: Step) -> Result:
        """Run statements in the page's namespace."""
        self.execute(step)
        return Result(ran=True)

    def execute(self, step: Step) -> None:
        """Compile at the true line, and run."""
        code = compile("\n" * (step.line - 1) + step.code, self.file, "exec", dont_inherit=True)
        exec(code, self.page.__dict__)  # noqa: S102  (running the author's code is the job)

    def value(self, step: Step) -> Any:
        """Evaluate one expression at its true line; parentheses allow it to span lines."""
        text = step.code.strip()
        if not text:
            raise StepFailed("expected one Python expression, found nothing")
        lines = step.line - 1
        lines += step.code[: len(step.code) - len(step.code.lstrip())].count("\n")
        try:
            code = compile("\n" * lines + "(" + text + "\n)", self.file, "eval", dont_inherit=True)
        except SyntaxError as wrong:  # its column counts our parenthesis, and its line may be that of the other one
            line = min(wrong.lineno or 1, lines + 1 + text.count("\n"))
            raise StepFailed(f"{type(wrong).__name__}: {wrong.msg}", line=line) from None
        return eval(code, self.page.__dict__)  # noqa: S307

    def eval_step(self, step: Step) -> Result:
        """Evaluate an expression whose HTML goes into the page."""
        value = self.value(step)
        html = html_of(value)
        if html is None and isinstance(value, str):
            html = value
        return Result(ran=True, html=html, is_html=True) if html is not None else Result(ran=True, text=text_of(value))

    def interpolate_step(self, step: Step) -> Result:
        """Evaluate an expression that is replaced by its text, or by HTML if it is an object that says so."""
        value = self.value(step)
        html = html_of(value)
        return Result(ran=True, html=html, is_html=True) if html is not None else Result(ran=True, text=text_of(value))

    def source_step(self, step: Step) -> Result:
        """Give the source of an object."""
        thing = self.named(step.code.strip())
        try:
            lines, _ = inspect.getsourcelines(thing)
        except (OSError, TypeError):
            message = f"source={step.code}: Python knows no source of it; expected a module, class, function or method"
            raise StepFailed(message) from None
        return Result(ran=True, text="".join(lines))

    def named(self, name: str) -> Any:
        """Find the object that `Name.attribute` or `module:Name.attribute` means."""
        module_name, colon, dotted = name.rpartition(":")
        scope: Any = self.page
        where = "the page's namespace"
        if colon:
            scope, where = importlib.import_module(module_name), f"module {module_name}"
            if not dotted:
                return scope
        for part in dotted.split("."):
            names = [n for n in dir(scope) if not n.startswith("__")]
            if part not in dir(scope):
                raise StepFailed(f"source={name}: no “{part}” in {where}", did_you_mean(part, names))
            found = inspect.getattr_static(scope, part)
            found = getattr(found, "__func__", found)
            scope = source_function(found) if source_function(found) else getattr(scope, part)
            where = f"“{part}”"
        return scope

    def demo_step(self, step: Step) -> Result:
        """Evaluate an expression that gives a component: a live demo."""
        return Result(ran=True, html=self.demo(self.value(step), step), is_html=True)

    def demo_exec_step(self, step: Step) -> Result:
        """Run a block; the last function that it defines is the view."""
        import ast

        self.execute(step)
        functions = [n.name for n in ast.parse(step.code).body if isinstance(n, ast.FunctionDef)]
        if not functions:
            raise StepFailed("demo exec: the block defines no function; expected one whose result is the view")
        return Result(ran=True, html=self.demo(self.page.__dict__[functions[-1]], step), is_html=True)

    def demo(self, view: object, step: Step) -> str:
        """Hand a view to the compiler of demos."""
        if self.compiler is None:
            module, _, name = self.job.compiler.partition(":")
            maker = getattr(importlib.import_module(module), name)
            from pathlib import Path

            self.compiler = maker(Path(self.job.root), self.job.path, self.job.source)
        return str(self.compiler.add(view, step.options, step.line))

    def finish_demos(self) -> bytes:
        """Give what the page's demos need in the browser; problems of the whole page's demos are reported here."""
        if self.compiler is None:
            return b""
        first = next(step for step in self.job.steps if step.kind.startswith("demo"))
        try:
            payload = self.compiler.finish()
        except Exception as wrong:  # noqa: BLE001
            self.problems.append(self.explain(wrong, first))
            return b""
        for line, message, hint in self.compiler.warnings:
            self.problems.append(Problem(self.job.path, line, 0, "warning", message, hint))
        return payload or b""


ACTIONS: Mapping[str, Callable[[Child, Step], Result]] = {
    "exec": Child.exec_step,
    "eval": Child.eval_step,
    "interpolate": Child.interpolate_step,
    "source": Child.source_step,
    "demo": Child.demo_step,
    "demo-exec": Child.demo_exec_step,
}


class Printed(io.StringIO):
    """Standard output of one block; beyond the limit it is dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.length = 0

    def write(self, text: str) -> int:
        """Keep the text while there is room."""
        room = MOST_OUTPUT - self.length
        self.length += len(text)
        if room > 0:
            super().write(text[:room])
        return len(text)

    def text(self) -> str:
        """Give all that was kept."""
        return self.getvalue() + ("\n… output cut …\n" if self.length > MOST_OUTPUT else "")


def with_output(result: Result, output: str) -> Result:
    """Add what a step printed to its result."""
    return Result(result.ran, clean(result.text), clean(result.html), result.is_html, clean(output))


def clean(text: str) -> str:
    """Make a text one that UTF-8 can hold: half surrogate pairs become U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def source_function(thing: Any) -> Any:
    """Give the function behind an event handler, a property or a decorated function."""
    for name in ("__wrapped__", "function", "fn", "fget"):
        inner = getattr(thing, name, None)
        if inspect.isfunction(inner):
            return inner
    return None


def html_of(value: Any) -> str | None:
    """Give the HTML that an object offers for itself."""
    for name in ("__html__", "_repr_html_", "_repr_svg_"):
        method = getattr(value, name, None)
        if callable(method) and not inspect.isclass(value):
            html = method()
            if html is not None:
                return str(html)
    return None


def text_of(value: Any) -> str:
    """Give the text of a value; None is nothing."""
    return "" if value is None else str(value)


def printable(wrong: BaseException) -> str:
    """Give an exception's text, even if its `__str__` is broken."""
    try:
        text = str(wrong)
    except Exception:  # noqa: BLE001
        return "(its text cannot be printed)"
    rows = [row if len(row) <= MOST_COLUMNS else row[:MOST_COLUMNS] + "…" for row in text.split("\n")]
    return "\n".join(rows)


def file_digest(path: str) -> str:
    """Give the digest of a file as it is now."""
    try:
        with open(path, "rb") as file:
            return digest(file.read())
    except OSError:
        return MISSING


def remember_source(path: str, text: str) -> None:
    """Make `inspect` and tracebacks read this very text."""
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)


def start_clock(seconds: float) -> None:
    """Interrupt the page's code when its time is over, so that its own line can be named."""

    def stop(*_: object) -> None:
        raise TimeLimitError

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, GRACE / 4)


def stop_clock() -> None:
    """No more interruptions."""
    signal.setitimer(signal.ITIMER_REAL, 0)


class ProjectFinder(importlib.machinery.PathFinder):
    """Finds modules of the project: from recorded text, and every place that was looked at is a key."""

    def __init__(self, root: str, keys: dict[str, str]) -> None:
        self.root = root
        self.keys = keys

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> Any:  # type: ignore[override]
        """Look below the root; what is not there is left to Python's other finders."""
        last = name.rpartition(".")[2]
        folders = [self.root] if path is None else [p for p in path if self.is_project(p)]
        for folder in folders:
            base = os.path.join(folder, last)
            for candidate, is_package in ((os.path.join(base, "__init__.py"), True), (base + ".py", False)):
                text = self.read(candidate)
                if text is not None:
                    loader = ProjectLoader(name, candidate, text)
                    locations = [base] if is_package else None
                    return importlib.util.spec_from_file_location(
                        name, candidate, loader=loader, submodule_search_locations=locations
                    )
            if os.path.isdir(base) and path is not None:
                spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
                spec.submodule_search_locations = [base]
                return spec
        return None

    def is_project(self, folder: str) -> bool:
        """Say whether a folder is a part of the project and not of an environment inside it."""
        relative = os.path.relpath(folder, self.root).replace(os.sep, "/")
        parts = relative.split("/")
        return parts[0] != ".." and not any(p.startswith(".") and p != "." for p in parts) and "site-packages" not in parts

    def read(self, path: str) -> bytes | None:
        """Read a module's bytes and record what they were, or that there are none."""
        key = "file:" + os.path.relpath(path, self.root).replace(os.sep, "/")
        try:
            with open(path, "rb") as file:
                data = file.read()
        except OSError:
            self.keys[key] = MISSING
            return None
        self.keys[key] = digest(data)
        return data


class ProjectLoader:
    """Runs a module from the text that was recorded."""

    def __init__(self, name: str, path: str, data: bytes) -> None:
        self.name, self.path, self.data = name, path, data

    def create_module(self, spec: Any) -> None:
        """Let Python make the module object."""

    def exec_module(self, module: ModuleType) -> None:
        """Compile and run; the text stays readable for `inspect`."""
        try:
            text = importlib.util.decode_source(self.data)
            remember_source(self.path, text)
            code = compile(text, self.path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as wrong:  # a NUL or another encoding: such errors do not know the file
            if isinstance(wrong, SyntaxError) and wrong.filename == self.path:
                raise
            line = self.data.count(b"\n", 0, max(0, self.data.find(0))) + 1
            raise SyntaxError(getattr(wrong, "msg", str(wrong)), (self.path, line, 0, "")) from None
        exec(code, module.__dict__)  # noqa: S102

    def get_source(self, name: str) -> str:
        """Give the text, as `inspect` and `linecache` ask for it."""
        return importlib.util.decode_source(self.data)


