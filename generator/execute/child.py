"""The child: the fresh process in which one page's code runs, step by step."""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import io
import json
import os
import re
import signal
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from generator.cache import SOURCES, encode, import_folders
from generator.data import Data, Plain
from generator.errors import Problem, ProblemError, did_you_mean, error, meant_by
from generator.execute import Job, Report, Result, Step
from generator.execute.attributes import attribute_source
from generator.execute.project import remember_source
from generator.execute.record import Record
from generator.processes import LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PAGE_MODULE = "__page__"
MODULE_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*")
GRACE = 1.0
"""Seconds that code gets to fail by itself when its time is over, before the process is killed."""
MOST_OUTPUT = 1_000_000
"""Characters of printed output that one block may show."""
MOST_ROWS, MOST_COLUMNS = 20, 500
"""Of an exception's text; more of it is not shown."""
CUT_OFF = 96
"""Exit status of a child that cannot report any more."""
OURS = str(Path(__file__).parent)
"""Frames of this folder are not shown in tracebacks."""


class TimeLimitError(BaseException):
    """Raised in the page's code when its time is over; `except Exception` does not hold it up."""


class StepFailed(Exception):
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
        self.record = Record(job.root)
        self.problems: list[Problem] = []
        self.over = False
        self.running = False
        """Whether a step's own code runs; only then may it be interrupted."""
        self.late = False
        """Whether the time was over while something else ran."""
        self.compiler: Any = None
        self.page = ModuleType(PAGE_MODULE)
        self.page.__file__ = self.file
        self.page.data = Data(Plain(job.root))  # type: ignore[attr-defined]

    def run(self) -> None:
        """Do all steps, then send the report."""
        self.prepare()
        results: list[Result] = []
        start_clock(self.job.timeout, self.stop)
        for index, step in enumerate(self.job.steps):
            self.send(encode(index))
            result = self.attempt(step)
            results.append(result)
            if self.late and not self.over:
                self.take_time(step.line)
            if self.over or (not result.ran and step.kind == "exec"):
                break  # what follows would fail for want of what this block defines
        stop_clock()
        payload = b"" if self.over else self.finish_demos()
        missing = [Result() for _ in range(len(self.job.steps) - len(results))]
        if self.over:  # the machine may have been busy
            self.record.unforeseen("a time limit")
        keys = {k: v for k, v in sorted(self.record.end().items()) if k != "file:" + self.job.path}
        style = self.compiler.sheet.css().encode() if payload else b""
        report = Report([*results, *missing], self.problems, keys, payload, style)
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
        sys.path[:0] = import_folders(self.job.root)
        sys.argv = [self.file]
        sys.modules[PAGE_MODULE] = self.page
        remember_source(self.file, self.job.source)
        self.record.begin()

    def attempt(self, step: Step) -> Result:
        """Do one step; what goes wrong becomes a problem."""
        printed = Printed()
        try:
            try:
                self.running = True
                with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
                    result = ACTIONS[step.kind](self, step)
            finally:
                self.running = False
            return with_output(result, printed.text())
        except StepFailed as wrong:
            place = wrong.path or self.job.path
            self.problems.append(error(place, wrong.message, line=wrong.line or step.line, hint=wrong.hint))
        except TimeLimitError as late:
            self.take_time(self.last_line(late.__traceback__) or step.line)
        except BaseException as wrong:  # noqa: BLE001  (whatever an author's code raises is the author's problem)
            self.problems.append(self.explain(wrong, step))
        return Result()

    def stop(self, *_: object) -> None:
        """Interrupt the page's code when its time is over; what we do ourselves goes on to its end."""
        if self.running:
            raise TimeLimitError
        self.late = True

    def take_time(self, line: int) -> None:
        """Note that the time is over, and where it went."""
        stop_clock()
        self.over = True
        self.problems.append(too_long(self.job, line))

    def explain(self, wrong: BaseException, step: Step) -> Problem:
        """Turn an exception into a problem at the author's line."""
        own = wrong.__traceback__
        name = type(wrong).__name__
        text, _, more = clean(printable(wrong)).replace(self.job.root + os.sep, "").strip().partition("\n")
        place, line = getattr(wrong, "path", None), getattr(wrong, "line", None)
        if isinstance(wrong, ProblemError) and wrong.problems:  # a data file that cannot be read
            found = wrong.problems[0]
            line = self.last_line(own) or step.line
            hint = f"{found.hint} It was asked for at {self.job.path}:{line}.".strip()
            return replace(found, hint=hint)
        if hasattr(wrong, "hint") and hasattr(wrong, "message"):  # an error of ours: it may know its place
            message, hint = str(wrong.message), str(wrong.hint)
            if place is None:
                place, line = self.last_place(own)
                if place not in (None, self.job.path):
                    hint = (
                        f"{hint} It was called at {self.job.path}:{self.last_line(own) or step.line}.".strip()
                    )
            return error(place or self.job.path, message, line=line or step.line, hint=hint)
        if isinstance(wrong, SyntaxError) and wrong.filename and os.path.isabs(wrong.filename):
            path = self.record.below_root(wrong.filename)
            if path is not None:
                message = f"{name}: {wrong.msg}"
                return error(path, message, line=wrong.lineno or step.line, column=wrong.offset or 0)
        if isinstance(wrong, SystemExit):
            asked = "the page's code asked to exit"
            text = asked if wrong.code is None else f"{text}: {asked}"
        if isinstance(wrong, ModuleNotFoundError) and wrong.name and "." not in wrong.name:
            more = f"modules are looked for below the site's root, in {SOURCES}/, and where Pressrun is installed\n{more}"
        line = self.last_line(own) or step.line
        meant = meant_by(wrong)
        place, at = self.last_place(own) if step.kind.startswith("demo") else (None, 0)
        if place not in (None, self.job.path):
            hint = f"{meant} The demo stands at {self.job.path}:{line}.".strip()
            return error(str(place), f"{name}: {text}" if text else name, line=at, hint=hint)
        hint = "\n".join([meant, *more.strip("\n").split("\n")[:MOST_ROWS], self.trace(wrong)]).strip("\n")
        return error(self.job.path, f"{name}: {text}" if text else name, line=line, hint=hint)

    def last_place(self, trace: Any) -> tuple[str | None, int]:
        """Give the file and line of the project, of the page or of a module, that the traceback passes last."""
        ours = os.path.dirname(os.path.dirname(OURS))
        found: tuple[str | None, int] = (None, 0)
        for frame, number in traceback.walk_tb(trace):
            name = frame.f_code.co_filename
            path = self.record.below_root(name) if os.path.isabs(name) else None
            inside = [
                name.startswith(os.path.join(ours, part) + os.sep) for part in ("generator", "pressrun")
            ]
            if path is not None and "site-packages" not in path and not any(inside):
                found = path, number
        return found

    def last_line(self, trace: Any) -> int:
        """Give the line of the page that the traceback passes last."""
        lines = [
            number for frame, number in traceback.walk_tb(trace) if frame.f_code.co_filename == self.file
        ]
        return lines[-1] if lines else 0

    def trace(self, wrong: BaseException) -> str:
        """Give the traceback from the page on, with paths below the root; nothing of ours is in it."""
        frames = [
            f for f in traceback.extract_tb(wrong.__traceback__) if not f.filename.startswith("<frozen ")
        ]
        frames = [f for f in frames if not f.filename.startswith(OURS)]
        first = next((i for i, f in enumerate(frames) if f.filename == self.file), len(frames))
        shown = frames[first:]
        if len(shown) < 2:
            return ""
        rows = []
        for frame in shown if len(shown) <= 12 else [*shown[:6], None, *shown[-5:]]:
            if frame is None:
                rows.append(f"… {len(shown) - 11} more frames …")
                continue
            path = self.record.below_root(frame.filename) or os.path.basename(frame.filename)
            rows.append(
                clean(
                    f"{path}:{frame.lineno} in {frame.name}: {(frame.line or '').strip()}".removesuffix(": ")
                )
            )
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
        except (
            SyntaxError
        ) as wrong:  # its column counts our parenthesis, and its line may be that of the other one
            line = min(wrong.lineno or 1, lines + 1 + text.count("\n"))
            raise StepFailed(f"{type(wrong).__name__}: {wrong.msg}", line=line) from None
        return eval(code, self.page.__dict__)  # noqa: S307

    def eval_step(self, step: Step) -> Result:
        """Evaluate an expression whose HTML goes into the page."""
        value = self.value(step)
        html = html_of(value)
        if html is None and isinstance(value, str):
            html = value
        return (
            Result(ran=True, html=html, is_html=True)
            if html is not None
            else Result(ran=True, text=text_of(value))
        )

    def interpolate_step(self, step: Step) -> Result:
        """Evaluate an expression that is replaced by its text, or by HTML if it is an object that says so."""
        value = self.value(step)
        html = html_of(value)
        return (
            Result(ran=True, html=html, is_html=True)
            if html is not None
            else Result(ran=True, text=text_of(value))
        )

    def source_step(self, step: Step) -> Result:
        """Give the source of an object."""
        name = step.code.strip()
        try:
            return Result(ran=True, text="".join(inspect.getsourcelines(self.named(name))[0]))
        except (OSError, TypeError, StepFailed) as wrong:
            text = self.attribute(name)
            if text:
                return Result(ran=True, text=text)
            if isinstance(wrong, StepFailed):
                raise
            message = f"source={step.code}: Python knows no source of it; expected a module, class, function, method or attribute"
            raise StepFailed(message) from None

    def attribute(self, name: str) -> str:
        """Give the source of what is no class and no function: the statement that sets it, with its comment."""
        above, dot, last = name.rpartition(".") if "." in name.rpartition(":")[2] else ("", "", name)
        if not dot:
            module, colon, last = name.rpartition(":")
            above = module + colon
        try:
            return attribute_source(self.named(above) if above else self.page, last)
        except StepFailed:
            return ""

    def named(self, name: str) -> Any:
        """Find the object that `Name.attribute` or `module:Name.attribute` means."""
        module_name, colon, dotted = name.rpartition(":")
        scope: Any = self.page
        where = "the page's namespace"
        if colon:
            if not MODULE_NAME.fullmatch(module_name):
                raise StepFailed(
                    f"source={name}: “{module_name}” is no name of a module; expected for example blog.tasks:Task"
                )
            scope, where = importlib.import_module(module_name), f"module {module_name}"
            if not dotted:
                return scope
        for part in dotted.split("."):
            names = [n for n in dir(scope) if not n.startswith("__")]
            if part not in dir(scope):
                raise StepFailed(f"source={name}: no “{part}” in {where}", did_you_mean(part, names))
            found = inspect.getattr_static(scope, part)
            found = getattr(found, "__func__", found)
            scope = source_function(found) or getattr(scope, part)
            where = f"“{part}”"
        return scope

    def schema_step(self, step: Step) -> Result:
        """Describe the site's own model of front matter."""
        from generator.execute.models import described

        return Result(ran=True, text=json.dumps(described(step.code)))

    def validate_step(self, step: Step) -> Result:
        """Say what is wrong with the front matter of pages: path → its values as JSON."""
        from generator.execute.models import mistakes, model_of

        model = model_of(step.code)
        found = {path: mistakes(model, json.loads(text)) for path, text in step.options.items()}
        return Result(ran=True, text=json.dumps({path: rows for path, rows in found.items() if rows}))

    def demo_step(self, step: Step) -> Result:
        """Evaluate an expression that gives a component: a live demo."""
        return Result(ran=True, html=self.demo(self.value(step), step), is_html=True)

    def demo_exec_step(self, step: Step) -> Result:
        """Run a block; the last function that it defines is the view."""
        self.execute(step)
        functions = [n.name for n in ast.parse(step.code).body if isinstance(n, ast.FunctionDef)]
        if not functions:
            raise StepFailed(
                "demo exec: the block defines no function; expected one whose result is the view"
            )
        return Result(ran=True, html=self.demo(self.page.__dict__[functions[-1]], step), is_html=True)

    def demo(self, view: object, step: Step) -> str:
        """Hand a view to the compiler of demos."""
        if self.compiler is None:
            module, _, name = self.job.compiler.partition(":")
            maker = getattr(importlib.import_module(module), name)
            job = self.job
            self.compiler = maker(Path(job.root), job.path, job.source, job.demos, job.words)
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
        self.problems += self.compiler.problems
        return payload or b""


ACTIONS: Mapping[str, Callable[[Child, Step], Result]] = {
    "exec": Child.exec_step,
    "eval": Child.eval_step,
    "interpolate": Child.interpolate_step,
    "source": Child.source_step,
    "schema": Child.schema_step,
    "validate": Child.validate_step,
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


def too_long(job: Job, line: int) -> Problem:
    """Say that a page's time is over."""
    message = f"the page's code took longer than {job.timeout:g} s and was stopped"
    hint = "raise timeout in [tool.pressrun.execute], or make the code quicker"
    return error(job.path, message, line=line, hint=hint)


def start_clock(seconds: float, stop: Callable[..., None]) -> None:
    """Call `stop` when the page's time is over, and again until the clock is stopped, so that the code's own line can be named."""
    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, GRACE / 4)


def stop_clock() -> None:
    """No more interruptions."""
    signal.setitimer(signal.ITIMER_REAL, 0)
