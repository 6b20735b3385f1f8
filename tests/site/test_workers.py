"""Workers: a process that dies costs a page at most; code that no lexer is done with costs its colours; Ctrl-C ends all."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from harness import EPOCH, Project

from generator import stages
from generator.build import Context
from generator.cache import Reads
from generator.highlighter import LONGEST, Apart

ROOT = Path(__file__).parents[2]
PAGES = 40
"""More than what is built without workers."""
ENDLESS = '"' + "\\" * 40
"""A string of 41 characters that never ends, for which Pygments' lexer of Scala needs half a minute."""
PLAIN = f'<code class="language-scala">{ENDLESS}\n</code>'


@pytest.fixture
def site(project: Project) -> Project:
    """A site of so many pages that workers make them."""
    for number in range(PAGES):
        project.write(f"content/p{number}.md", f"# Page {number}\n\n```python\nx = {number}\n```\n")
    return project


# ------------------------------------------------------------ highlighting


def test_a_lexer_that_needs_too_long_is_stopped_and_the_next_block_has_its_colours() -> None:
    """The limit is of processor time; the process that was stopped leaves another one in its place."""
    apart = Apart()
    try:
        began = time.monotonic()
        assert apart.highlight(ENDLESS, "scala") == ("", f"took longer than {LONGEST:g} s")
        assert time.monotonic() - began < 20 * LONGEST
        first = apart.process
        html, given_up = apart.highlight("x = 1\n", "python")
        assert ('<span class="n">x</span>' in html, given_up) == (True, "")
        assert apart.process == first
    finally:
        apart.close()


def test_a_highlighter_that_was_killed_is_started_again() -> None:
    apart = Apart()
    try:
        assert apart.highlight("1", "python")[0] == '<span class="mi">1</span>'
        os.kill(apart.process, signal.SIGKILL)
        assert apart.highlight("2", "python")[0] == '<span class="mi">2</span>'
    finally:
        apart.close()


@pytest.mark.long
@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_such_a_block_is_plain_and_named_and_everything_else_is_as_ever(
    site: Project, jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same with and without workers, and again from the cache."""
    monkeypatch.setattr("generator.highlighter.LONGEST", 0.8)
    for number in (3, 30):
        text = f"- item\n\n  ```scala\n  {ENDLESS}\n  ```\n\n> ~~~scala hl=1\n> {ENDLESS}\n> ~~~\n\n```python\nlast = 1\n```\n"
        site.write(f"content/p{number}.md", "```python\nfirst = 1\n```\n\n" + text)
    said = "warning: highlighting this scala took longer than 0.8 s; the block is shown plain"
    wanted = [f"content/p{number}.md:{place}: {said}" for number in (3, 30) for place in ("7:3", "11:3")]
    assert site.build(jobs=jobs).problems == wanted
    for number in (3, 30):
        html = site.main(f"/p{number}/")
        assert PLAIN in html
        assert f'<code class="language-scala"><span class="hl">{ENDLESS}</span>\n</code>' in html
        for name in ("first", "last"):
            assert f'<span class="n">{name}</span>' in html
    assert '<span class="mi">29</span>' in site.html("/p29/")
    site.write("content/p1.md", "# Another\n")
    assert site.build(jobs=jobs).problems == wanted
    assert site.ran("compose") == ["content/p1.md"]
    assert site.tree() == site.clean_tree(tmp_path / "clean")


# ------------------------------------------------------------ workers that die


def mortal(
    monkeypatch: pytest.MonkeyPatch, diary: Path, kind: str, victim: str, deaths: int, how: str
) -> None:
    """Let the process that computes a unit die at its first few tries; note each try of each unit."""
    compute: Callable[[Context, str, Reads], bytes] = stages.COMPUTE[kind]

    def dying(context: Context, subject: str, reads: Reads) -> bytes:
        with diary.open("a") as file:
            file.write(f"{subject}\n")
        if subject == victim and diary.read_text().splitlines().count(victim) <= deaths:
            if how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            os._exit(7)
        return compute(context, subject, reads)

    monkeypatch.setitem(stages.COMPUTE, kind, dying)


@pytest.mark.parametrize("how", ["kill", "exit"])
@pytest.mark.parametrize("kind", ["load", "compose", "render"])
def test_a_worker_that_dies_once_costs_its_page_another_try(
    site: Project, kind: str, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other pages that it was given are made, each of them once."""
    diary = tmp_path / "diary"
    mortal(monkeypatch, diary, kind, "content/p7.md", 1, how)
    assert site.build(jobs=2).problems == []
    tries = Counter(diary.read_text().splitlines())
    assert tries == {f"content/p{n}.md": 2 if n == 7 else 1 for n in range(PAGES)}
    monkeypatch.undo()
    assert site.tree() == site.clean_tree(tmp_path / "clean")
    assert site.build(jobs=2).last.ran == {}


@pytest.mark.parametrize(
    ("kind", "how", "words"), [("compose", "kill", "signal SIGKILL"), ("render", "exit", "exit status 7")]
)
def test_a_page_of_which_two_workers_died_is_a_problem_and_stays_as_it_was(
    site: Project, kind: str, how: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are made, the cache is whole, and the next build tries again."""
    site.build(jobs=2)
    before = site.tree()
    for number in range(PAGES):
        site.write(f"content/p{number}.md", f"# Page {number}\n\nNew text\n")
    diary = tmp_path / "diary"
    mortal(monkeypatch, diary, kind, "content/p7.md", 9, how)
    problem = site.build(jobs=2).problem()
    assert str(problem).splitlines() == [
        f"content/p7.md: error: the process that worked on this ({kind}) ended by itself, twice: {words}",
        "    is there too little memory? the next build tries again",
    ]
    assert Counter(diary.read_text().splitlines())["content/p7.md"] == 2
    changed = {path for path, data in site.tree().items() if before.get(path) != data}
    assert {path for path in changed if path.startswith("p")} == {
        f"p{n}/index.html" for n in range(PAGES) if n != 7
    }
    assert before.keys() == site.tree().keys()
    monkeypatch.undo()
    assert site.build(jobs=2).problems == []
    assert site.ran(kind) == ["content/p7.md"]
    assert site.tree() == site.clean_tree(tmp_path / "clean")


def test_workers_inherit_the_templates_that_the_first_page_needed(
    site: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would compile them again otherwise, which takes longer than rendering forty pages."""
    diary = tmp_path / "diary"
    compute = stages.COMPUTE["render"]

    def noting(context: Context, subject: str, reads: Reads) -> bytes:
        loaded = context._renderer is not None and "page.html" in context._renderer.environment.loaded
        with diary.open("a") as file:
            file.write(f"{'here' if os.getpid() == own else 'in a worker'} {loaded}\n")
        return compute(context, subject, reads)

    own = os.getpid()
    monkeypatch.setitem(stages.COMPUTE, "render", noting)
    assert site.build(jobs=2).problems == []
    rows = Counter(diary.read_text().splitlines())
    assert rows == {"here False": 1, "in a worker True": PAGES - 1}
    assert site.tree() == site.clean_tree(tmp_path / "clean")


def test_a_page_whose_header_could_not_be_read_is_named(
    site: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mortal(monkeypatch, tmp_path / "diary", "load", "content/p7.md", 9, "kill")
    message = "the process that worked on this (load) ended by itself, twice: signal SIGKILL"
    assert site.build(jobs=2).problems == [f"content/p7.md: error: {message}"]
    assert "p8/index.html" in site.tree()
    monkeypatch.undo()
    assert site.build(jobs=2).problems == []
    assert site.tree() == site.clean_tree(tmp_path / "clean")


# ------------------------------------------------------------ Ctrl-C


def family(mark: str) -> list[str]:
    """The command lines of the processes that a marked build has started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
                if state != "Z" and f"PRESSRUN_TEST={mark}".encode() in (entry / "environ").read_bytes():
                    found.append((entry / "cmdline").read_text().replace("\0", " "))
    return found


def remaining(mark: str) -> list[str]:
    """What is left of a build's processes after the moment that the last of them need to notice that it has ended."""
    end = time.monotonic() + 1
    while (left := family(mark)) and time.monotonic() < end:
        time.sleep(0.01)
    return left


class Running:
    """A build as a user starts it, up to the moment at which it holds the lock of its site."""

    def __init__(self, root: Path, *options: str) -> None:
        self.mark = f"{os.getpid()}.{time.monotonic_ns()}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "generator", "build", str(root), *options],
            env={
                **os.environ,
                "SOURCE_DATE_EPOCH": EPOCH,
                "PYTHONPATH": str(ROOT),
                "PRESSRUN_TEST": self.mark,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.wait_for(lambda: str(self.process.pid) in (root / ".pressrun/lock").read_text())

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait for something that the build does."""
        while not condition():
            assert self.process.poll() is None
            time.sleep(0.005)

    def interrupt(self, *, group: bool) -> tuple[int, str, str, float]:
        """Send what Ctrl-C sends, to the whole group as terminals do; give what came of it, and the seconds until then."""
        began = time.monotonic()
        (os.killpg if group else os.kill)(self.process.pid, signal.SIGINT)
        said = self.process.communicate(timeout=30)
        return self.process.returncode, *said, time.monotonic() - began


INTERRUPTED = (130, "", "pressrun: interrupted; the build was not finished\n")


@pytest.mark.long
@pytest.mark.parametrize("group", [True, False], ids=["group", "parent"])
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("moment", ["page code", "highlighting"])
def test_ctrl_c_ends_at_once_with_all_processes_and_leaves_site_and_cache_whole(
    site: Project, moment: str, jobs: str, group: bool, tmp_path: Path
) -> None:
    """Status 130, one line; the old site stands; what was finished need not be done again."""
    site.build(jobs=2)
    before = site.tree()
    for number in range(PAGES):
        site.write(f"content/p{number}.md", f"# Page {number}\n\nNew text\n")
    begun = site.root / "begun"
    if moment == "page code":
        code = f"import subprocess, time\nsubprocess.Popen(['sleep', '60'])\nopen({str(begun)!r}, 'w').close()\ntime.sleep(8)"
        site.write("content/p39.md", f"---\n{code}\n---\n{{{{ 1 }}}}\n")
    else:
        code = f"---\nopen({str(begun)!r}, 'w').close()\n---\n"
        site.write("content/p39.md", code + f"```scala\n{ENDLESS}\n```\n" * 9)
    build = Running(site.root, "--jobs", jobs)
    build.wait_for(begun.exists)
    if moment == "highlighting":
        time.sleep(1)
    *outcome, seconds = build.interrupt(group=group)
    assert tuple(outcome) == INTERRUPTED
    assert seconds < 1
    assert remaining(build.mark) == []
    assert site.tree() == before
    site.write("content/p39.md", "# Page 39\n\nNew text\n")
    assert site.build(jobs=2).problems == []
    assert "content/p39.md" in site.ran("compose")
    assert len(site.ran("compose")) < PAGES
    assert site.tree() == site.clean_tree(tmp_path / "clean")


def test_ctrl_c_while_a_dataclass_is_made_keeps_the_status(site: Project, tmp_path: Path) -> None:
    """`python -m` remembers a KeyboardInterrupt that left an `exec` of text, and ends by the signal even when it was caught."""
    (tmp_path / "interrupted.py").write_text(
        "import sys, generator.build, generator.cli\n"
        "generator.build.build = lambda *_, **__: exec('raise KeyboardInterrupt')\n"
        f"sys.argv = ['pressrun', 'build', {str(site.root)!r}]\n"
        "generator.cli.command()\n"
    )
    ran = subprocess.run(
        [sys.executable, "-m", "interrupted"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path)))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == INTERRUPTED


def test_ctrl_c_at_any_instant_gives_the_old_site_or_the_new_one(site: Project, tmp_path: Path) -> None:
    """Ten instants of a build, from its first moment to its last."""
    site.build(jobs=2)
    began = time.monotonic()
    Running(site.root, "--jobs", "2", "--drafts").process.communicate()
    length = time.monotonic() - began
    statuses = set()
    for number in range(10):
        before = site.tree()
        site.write("pyproject.toml", f'[tool.pressrun]\ntitle = "Version {number}"\n')
        build = Running(site.root, "--jobs", "2")
        time.sleep(length * number / 10)
        status, _, errors, seconds = build.interrupt(group=True)
        assert (status, errors) in ((0, ""), (130, INTERRUPTED[2]), (-signal.SIGINT, ""))
        assert seconds < 1
        assert remaining(build.mark) == []
        statuses.add(status)
        after = site.tree()
        assert after == before or all(
            f"Version {number}".encode() in after[p] for p in after if p.endswith(".html")
        )
        assert site.build(jobs=1).problems == []
    assert 130 in statuses
    assert site.tree() == site.clean_tree(tmp_path / "clean")
