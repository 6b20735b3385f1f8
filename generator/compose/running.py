"""Running: what of a page must run, in the order of the page, and what came of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from generator import markdown
from generator.compose.expressions import HOLE, holes_in, verbatim
from generator.config import Demos
from generator.errors import Problem, did_you_mean, error, warning
from generator.execute import Job, Report, Result, Step
from generator.fences import LOOKS, OPTIONS, PYTHON_NAMES, Fence, read_fence
from generator.pages import header_and_body
from generator.words import IN_DEMOS

if TYPE_CHECKING:
    from markdown_it.token import Token

    from generator.cache import Reads
    from generator.compose.work import Work
    from generator.config import Execute
    from generator.execute import Runner

FENCE = re.compile(r"`{3,}|~{3,}")
DEMO_COMPILER = "generator.demos:DemoCompiler"


def run_code(
    work: Work, tokens: list[Token], execution: Execute, reads: Reads, runner: Runner, *, allowed: bool
) -> tuple[Report, bool]:
    """Collect what the page wants to run, and run it; also say whether anything was left alone."""
    collect_steps(work, tokens)
    if not work.steps:
        return Report([], [], {}), False
    failed = [Result() for _ in work.steps]
    if not allowed:
        message = "the page's code was not run (--no-exec); its blocks are shown as they stand"
        work.problems.append(warning(work.path, message, line=work.steps[0].line))
        return Report(failed, [], {}), True
    if any(p.line and p.level == "error" for p in header_and_body(work.path, reads)[0].problems):
        return Report(failed, [], {}), False  # the header's own problem was reported when it was loaded
    has_demo = any(step.kind.startswith("demo") for step in work.steps)
    demos = reads.fact("config:demos", Demos) if has_demo else None
    source = python_of(work, tokens)
    words = {key: work.words.text(key) for key in IN_DEMOS} if has_demo else {}
    job = Job(reads.facts.root, work.path, source, work.steps, execution.timeout, DEMO_COMPILER, demos, words)
    report = runner.run(job)
    reads.note(report.keys)
    return (
        forgiven(work, report) if work.dialect == "flexdown" and execution.keep_failing else report
    ), False


def forgiven(work: Work, report: Report) -> Report:
    """Make warnings of expressions that failed: they stay in the page as they were written."""
    lines = {line for _, _, line, _ in work.holes}
    running = {line for step in work.steps if step.kind != "interpolate" for line in step_lines(step)}

    def lighter(problem: Problem) -> Problem:
        is_hole = problem.path == work.path and problem.line in lines and problem.line not in running
        return replace(problem, level="warning") if is_hole and problem.level == "error" else problem

    return replace(report, problems=[lighter(problem) for problem in report.problems])


def step_lines(step: Step) -> range:
    """Give the lines of the page on which a block of code stands."""
    return range(step.line, step.line + step.code.count("\n") + 1)


def collect_steps(work: Work, tokens: list[Token]) -> None:
    """List header, fences and expressions in the order of the page."""
    if work.header.python.strip():
        work.steps.append(Step("exec", work.header.python, work.header.python_line))
    for token in tokens:
        if token.type == "fence":
            collect_fence(work, token)
        elif not work.holes:
            continue
        elif token.type == "html_block":
            collect_holes(work, token.content)
        elif token.type == "component_open":
            for value in token.meta["attributes"].values.values():
                collect_holes(work, value)
        elif token.type == "inline":
            for child in markdown.walk(token.children or []):
                if child.type != "code_inline" or work.dialect == "flexdown":
                    collect_holes(work, child.content)
                for value in child.attrs.values():
                    collect_holes(work, str(value))


def collect_holes(work: Work, text: str) -> None:
    """Add the expressions of one text."""
    for number in holes_in(work, text):
        _, expression, line, _ = work.holes[number]
        work.places[number] = len(work.steps)
        work.steps.append(Step("interpolate", expression, line))


def collect_fence(work: Work, token: Token) -> None:
    """Add what a code block wants to run."""
    fence = work.fences[id(token)] = read_fence(verbatim(work, token.info))
    if work.dialect == "flexdown" and not fence.runs and HOLE.search(token.content):
        fence = work.fences[id(token)] = replace(fence, verbs=(*fence.verbs, "interpolate"))
    line = fence_line(work, token)
    if fence.wrong:
        work.problems.append(error(work.path, fence.wrong, line=line, hint=fence.hint))
        work.fences[id(token)] = Fence(fence.language)
        return
    if not fence.runs:
        warn_of_near_words(work, fence, line)
        return
    code = verbatim(work, token.content)
    verbs = set(fence.verbs)
    if fence.interpolates and not verbs & {"exec", "eval", "demo"}:
        collect_holes(work, token.content)
    if "source" in fence.options and not fence.file:
        kind, code = "source", fence.options["source"]
        line -= 1
    elif {"demo", "exec"} <= verbs:
        kind = "demo-exec"
    else:
        kind = next((verb for verb in ("exec", "eval", "demo") if verb in verbs), "")
    if kind:
        work.places[id(token)] = len(work.steps)
        work.steps.append(Step(kind, code, line + 1, dict(fence.options)))


def warn_of_near_words(work: Work, fence: Fence, line: int) -> None:
    """Warn of a word that is nearly one that would change what is shown, or make a Python block run."""
    for key in fence.options:
        if key not in OPTIONS and (hint := did_you_mean(key, LOOKS, cutoff=0.75)):
            message = f"“{key}=” means nothing on a block of code"
            work.problems.append(warning(work.path, message, line=line, hint=hint))
    if fence.language in PYTHON_NAMES:
        for word in fence.classes:
            hint = did_you_mean(word, ("exec", "eval", "demo"), cutoff=0.75)
            if hint:
                message = f"“{word}” means nothing on a Python block, which is shown as it stands"
                work.problems.append(warning(work.path, message, line=line, hint=hint))


def fence_line(work: Work, token: Token) -> int:
    """Give the line of the file on which a block begins."""
    return work.header.body_line + (token.map[0] if token.map else 0)


def fence_column(work: Work, token: Token) -> int:
    """Give the column at which a block begins, behind quotes and bullets; 0 when it cannot be told."""
    row = work.row(token.map[0]) if token.map else ""
    found = FENCE.search(row)
    return found.start() + 1 if found else 0


def python_of(work: Work, tokens: list[Token]) -> str:
    """Give the page's own Python at its true lines, all else blank: what `inspect` sees of the page."""
    rows = [""] * (work.header.body_line + work.body.count("\n") + 2)
    pieces = [(work.header.python_line, work.header.python)] if work.header.python else []
    for token in tokens:
        fence = work.fences.get(id(token))
        if fence and "exec" in fence.verbs and fence.language in PYTHON_NAMES:
            pieces.append((fence_line(work, token) + 1, verbatim(work, token.content)))
    for line, text in pieces:
        for offset, row in enumerate(text.rstrip("\n").split("\n")):
            if line - 1 + offset < len(rows):
                rows[line - 1 + offset] = row
    return "\n".join(rows) + "\n"
