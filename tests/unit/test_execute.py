"""Execute: page code runs apart, what it does costs its own page alone, and what is shown is what ran."""

from __future__ import annotations

import os
import textwrap
import time
from pathlib import Path

import pytest
from harness import Project

OPEN = "---\ntitle: A\n---\n\nText\n\n```"
"""A block that follows begins on line 8."""
OTHER = "---\nx = 41\n---\n# Other\n\n{{ x + 1 }}\n"


def block(code: str, info: str = "python exec") -> str:
    """A page with one block; its code begins on line 8."""
    return f"{OPEN}{info}\n{textwrap.dedent(code).strip()}\n```\n"


def run(project: Project, page: str, timeout: float = 10) -> list[str]:
    """Build a page beside another one, which must be right whatever happens; give the problems."""
    project.write("pyproject.toml", f"[tool.pressrun.execute]\ntimeout = {timeout}\n")
    project.write("content/a.md", page).write("content/other.md", OTHER).build()
    assert "<p>42</p>" in project.main("/other/")
    assert project.html("/a/")
    return project.problems


WRONG = [
    ("---\ntitle: A\n---\n---\nx = 1\nraise ValueError('boo')\n---\nx\n", "6: error: ValueError: boo"),
    (block("x = 1\n1 / 0"), "9: error: ZeroDivisionError: division by zero"),
    (block("x = 1") + "\nA {{ x }} and\n{{ nope }}\n", "12: error: NameError: name 'nope' is not defined"),
    ("---\nimport os\nx = = 1\n---\nx\n", "3:5: error: SyntaxError: invalid syntax"),
    (block("x = 1\nif x\n  y"), "9:5: error: SyntaxError: expected ':'"),
    (block("x = 1\n   y = 2"), "9:3: error: IndentationError: unexpected indent"),
    (block("x = 1") + "\n{{ x + }}\n", "11: error: SyntaxError: invalid syntax"),
    (block("\n", "python eval"), "8: error: expected one Python expression, found nothing"),
    (block("(\n1 +\nnope)", "python eval"), "10: error: NameError: name 'nope' is not defined"),
    (block("import sys\nsys.exit(3)"), "9: error: SystemExit: 3: the page's code asked to exit"),
    (block("exit()"), "8: error: SystemExit: the page's code asked to exit"),
    (block("import os\nos._exit(3)"), "8: error: the page's code ended its process (exit status 3)"),
    (block("import os\nos.kill(os.getpid(), 9)"), "8: error: the page's code ended its process (signal SIGKILL)"),
    (block("import os\nos.closerange(0, 4096)"), "8: error: the page's code closed file descriptors that are not its own"),
    (block("def f(): return f()\nf()"), "8: error: RecursionError: maximum recursion depth exceeded"),
    (block("x = 'x' * 10**11"), "8: error: MemoryError"),
    (block("input()"), "8: error: EOFError: EOF when reading a line"),
    (block("raise KeyboardInterrupt"), "8: error: KeyboardInterrupt"),
    (block("class X(BaseException): pass\nraise X('k')"), "9: error: X: k"),
    (block("class X(Exception):\n    def __str__(self): raise OSError\nraise X"), "10: error: X: (its text cannot be printed)"),
    (block("raise ValueError('x' * 9999)"), "8: error: ValueError: " + "x" * 500 + "…"),
    (block("raise ValueError('\\ud800')"), "8: error: ValueError: \ufffd"),
    (block("import os\nfor n in range(3, 99):\n  try: os.write(n, b'x' * 99)\n  except OSError: pass"),
     "8: error: the page's code ended its process (exit status 0)"),
    (block("import os\nos.kill(os.getppid(), 9)"), " error: the process that runs page code ended unexpectedly, twice"),
    (block("import compileall, ast\nast.parse('x = =', 'x.py')"), "9: error: SyntaxError: invalid syntax (x.py, line 1)"),
]  # fmt: skip


@pytest.fixture(scope="module")
def wrong_site(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A site in which each page goes wrong in its own way, and one that is right."""
    project = Project(tmp_path_factory.mktemp("wrong"))
    project.write("pyproject.toml", "[tool.pressrun.execute]\ntimeout = 10\n")
    for number, (page, _) in enumerate(WRONG):
        project.write(f"content/p{number}.md", page)
    return project.write("content/other.md", OTHER).build()


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_what_goes_wrong_is_one_problem_at_the_pages_real_line(wrong_site: Project, number: int) -> None:
    path = f"content/p{number}.md:"
    assert [p.removeprefix(path) for p in wrong_site.problems if p.startswith(path)] == [WRONG[number][1]]


def test_the_other_pages_are_built_whatever_goes_wrong(wrong_site: Project) -> None:
    assert "<p>42</p>" in wrong_site.main("/other/")
    assert len([path for path in wrong_site.tree() if path.startswith("p")]) == len(WRONG)


def test_the_lines_of_a_long_text_stand_in_the_hint(project: Project) -> None:
    assert run(project, block("raise ValueError('one\\ntwo\\n' + 'x\\n' * 99)")) == [
        "content/a.md:8: error: ValueError: one"
    ]
    assert project.problem().hint.splitlines() == ["two", *["x"] * 19]


def test_a_traceback_is_cut_at_the_page_and_nothing_of_ours_is_in_it(project: Project) -> None:
    project.write("blog/mod.py", "def f():\n    g()\n\n\ndef g():\n    raise KeyError('k')\n")
    assert run(project, "---\nfrom blog.mod import f\nf()\n---\nx\n") == [
        "content/a.md:3: error: KeyError: 'k'"
    ]
    assert project.problem().hint.splitlines() == [
        "content/a.md:3 in <module>: f()",
        "blog/mod.py:2 in f: g()",
        "blog/mod.py:6 in g: raise KeyError('k')",
    ]


def test_an_exception_while_a_module_is_imported_is_at_the_import_with_the_modules_line(
    project: Project,
) -> None:
    project.write("blog/mod.py", "x = 1\nx.y\n")
    assert run(project, "---\nimport blog.mod\n---\nx\n") == [
        "content/a.md:2: error: AttributeError: 'int' object has no attribute 'y'"
    ]
    assert project.problem().hint.splitlines() == [
        "content/a.md:2 in <module>: import blog.mod",
        "blog/mod.py:2 in <module>: x.y",
    ]


def test_messages_hold_no_path_of_this_machine(project: Project) -> None:
    project.write("blog/mod.py", "")
    page = "---\nfrom blog.mod import nope\n---\nx\n"
    assert run(project, page) == [
        "content/a.md:2: error: ImportError: cannot import name 'nope' from 'blog.mod' (blog/mod.py)"
    ]


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (b"x = 1\ndef f(:\n", "2:7: error: SyntaxError: invalid syntax"),
        (
            b"if 1:\n\tx\n        y\n",
            "3:1: error: TabError: inconsistent use of tabs and spaces in indentation",
        ),
        (b"x = 1\ny = '\0'\n", "2: error: SyntaxError: source code string cannot contain null bytes"),
        ("x = 'é'\n".encode("latin-1"), "1: error: SyntaxError: invalid or missing encoding declaration"),
    ],
)
def test_a_syntax_error_in_an_imported_module_is_at_its_own_path_and_line(
    project: Project, module: bytes, message: str
) -> None:
    project.write("blog/mod.py", module)
    assert run(project, "---\nimport blog.mod\n---\nx\n") == [f"blog/mod.py:{message}"]


SLOW_TEXT = """
class Late(Exception):
    def __str__(self): __import__("time").sleep({})
raise Late"""
"""An exception that takes its time to say what it is, which is asked after the page's code has ended."""


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("x = 1\nwhile True:\n    x += 1", (9, 10)),
        ("while True:\n    try:\n        while True: pass\n    except BaseException: pass", (8, 9, 10, 11)),
        ("import time\ntime.sleep(99)", (9,)),
        ("import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass", (8,)),
        (SLOW_TEXT.format(99), (8,)),
        (SLOW_TEXT.format(0.7), (8,)),
    ],
    ids=[
        "loop",
        "loop that catches everything",
        "sleep",
        "loop that ignores the alarm",
        "text of an error",
        "slow text of an error",
    ],
)
def test_code_without_end_is_stopped_at_its_own_line(
    project: Project, code: str, line: tuple[int, ...]
) -> None:
    started = time.monotonic()
    found, *_ = run(project, block(code), timeout=0.5)
    assert time.monotonic() - started < 4.5
    assert found in [
        f"content/a.md:{n}: error: the page's code took longer than 0.5 s and was stopped" for n in line
    ]
    assert (
        project.last.problems[0].hint == "raise timeout in [tool.pressrun.execute], or make the code quicker"
    )


def alive(mark: str) -> list[str]:
    """Give the processes with a word of this kind in their command line."""
    found = []
    for name in os.listdir("/proc"):
        try:
            command = Path("/proc", name, "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if name.isdigit() and mark.encode() in command.split(b"\0"):
            found.append(name)
    return found


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="processes are looked up in /proc")
def test_nothing_that_the_code_started_stays(project: Project) -> None:
    """A thread, a child, a child in a session of its own, and a fork of the page's own process."""
    code = """
        import atexit, os, subprocess, threading, time
        threading.Thread(target=lambda: time.sleep(98.7)).start()
        atexit.register(lambda: time.sleep(98.7))
        subprocess.Popen(["sleep", "98.71"])
        subprocess.Popen(["sleep", "98.72"], start_new_session=True)
        subprocess.Popen(["sh", "-c", "sleep 98.73 & sleep 98.74"], start_new_session=True)
        if os.fork() == 0:
            os.setsid()
            os.execvp("sleep", ["sleep", "98.75"])
        time.sleep(0.1)
    """
    started = time.monotonic()
    assert run(project, block(code)) == []
    assert time.monotonic() - started < 8
    assert [mark for mark in ("98.71", "98.72", "98.73", "98.74", "98.75") if alive(mark)] == []


def test_nothing_that_the_code_prints_reaches_the_terminal(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    code = """
        import os, subprocess, sys, warnings
        os.write(1, b"leak"); os.write(2, b"leak")
        subprocess.run(["echo", "leak"])
        print("leak", file=sys.__stdout__, flush=True); print("leak", file=sys.__stderr__, flush=True)
        print("leak", file=sys.stderr); warnings.warn("leak")
        print("shown")
    """
    assert run(project, block(code, "python exec show=output")) == []
    assert "shown" in project.main("/a/")
    assert "leak" not in project.main("/a/")
    assert capfd.readouterr() == ("", "")


def test_a_lot_of_output_is_cut(project: Project) -> None:
    assert run(project, block("for n in range(30_000): print('x' * 99)", "python exec show=output")) == []
    assert len(project.main("/a/")) < 1_200_000
    assert "… output cut …" in project.main("/a/")


def test_output_that_utf8_cannot_hold_is_replaced(project: Project) -> None:
    page = block("print('a\\ud800b')", "python exec show=output") + "\n{{ '\\ud800' }}.\n"
    assert run(project, page) == []
    assert "a\ufffdb" in project.main("/a/")
    assert "<p>\ufffd.</p>" in project.main("/a/")


def test_standard_input_is_empty(project: Project) -> None:
    assert run(project, block("import sys\nprint(repr(sys.stdin.read()))", "python exec show=output")) == []
    assert "<code>''\n</code>" in project.main("/a/")


def test_pages_do_not_share_the_state_of_a_module(project: Project) -> None:
    project.write("blog/mod.py", "seen = []\n")
    for name in "bcd":
        project.write(
            f"content/{name}.md",
            f"---\nfrom blog.mod import seen\nseen.append('{name}')\n---\n{{{{ seen }}}}\n",
        )
    project.build()
    assert project.problems == []
    for name in "bcd":
        assert f"<p>['{name}']</p>" in project.main(f"/{name}/")


def test_an_edit_within_the_same_second_and_of_the_same_size_is_imported_and_shown(project: Project) -> None:
    """Byte-code caches and `linecache` would go by second and size."""
    page = "---\nimport inspect\nfrom blog.mod import f\n---\n{{ f() }} {{ inspect.getsource(f) }}\n\n```python source=f\n```\n"
    project.write("content/a.md", page)
    stamp = time.time_ns()
    for number in (1, 2, 3):
        project.write("blog/mod.py", f"def f():\n    return {number}\n")
        os.utime(project.root / "blog/mod.py", ns=(stamp, stamp))
        project.build()
        assert project.problems == []
        text = project.main("/a/").replace("<span", "\0").replace("</span>", "")
        assert f"<p>{number} def f():\n    return {number}" in project.main("/a/")
        assert text.count(f">{number}") + text.count(f"return {number}") >= 2
    assert not list(project.root.rglob("*.pyc"))


def test_getsource_knows_classes_functions_and_methods_of_modules_and_of_the_page(project: Project) -> None:
    project.write(
        "blog/mod.py", "class C:\n    def m(self):\n        return 1\n\n\nasync def f():\n    pass\n"
    )
    header = "---\ntitle: A\n---\n---\nimport inspect as i\nfrom blog.mod import C, f\n\nclass Own:\n    def m(self): return 2\n\ndef own():\n    return 3\n---\n"
    body = "\n```python exec\ndef block():\n    return 4\n```\n\n```text interpolate\n"
    names = ["C", "C.m", "f", "Own", "Own.m", "own", "block"]
    body += "\n".join(
        f"[{{{{ i.getsource({name}).strip().replace('return', 'gives').partition('never')[0] }}}}]"
        for name in names
    )
    assert run(project, header + body + "\n```\n") == []
    for wanted in (
        "[class C:\n    def m(self):\n        gives 1]",
        "[def m(self):\n        gives 1]",
        "[async def f():\n    pass]",
        "[class Own:\n    def m(self): gives 2]",
        "[def m(self): gives 2]",
        "[def own():\n    gives 3]",
        "[def block():\n    gives 4]",
    ):
        assert wanted in project.main("/a/")


def test_data_files_that_the_code_read_are_looked_at_again(project: Project) -> None:
    page = "---\nfrom pathlib import Path\n---\n{{ Path('data.txt').read_text() }} {{ Path('none').exists() }} {{ sorted(p.name for p in Path('d').iterdir()) }}\n"
    project.write("data.txt", "one").write("d/x", "").write("content/a.md", page).build()
    assert "one False ['x']" in project.main("/a/")
    project.write("data.txt", "two").write("d/y", "").build()
    assert "two False ['x', 'y']" in project.main("/a/")
    assert project.build().last.ran == {}


def test_random_numbers_and_hashes_are_the_same_each_time(project: Project, tmp_path: Path) -> None:
    page = "---\nimport random\n---\n{{ random.random() }} {{ hash('x') }} {{ list({'a', 'b', 'c'}) }}\n"
    project.write("content/a.md", page).build()
    assert project.tree() == project.clean_tree(tmp_path / "clean")


MODULE = "import pressrun as pr\n\nclass Scale(pr.State):\n    grams: int = 3\n\ndef scale():\n    return pr.text(Scale.gramms)\n"


def test_a_name_that_is_nearly_right_has_a_suggestion(project: Project) -> None:
    """Of the page's namespace or of the object; a mistake in a demo's module stands at the module's line."""
    project.write("src/shop/demo.py", MODULE).write("src/shop/__init__.py", "")
    project.write("content/a.md", "---\ncalculator = 1\n---\n# A\n\n{{ calculater }}\n")
    project.write(
        "content/b.md", "---\nfrom shop.demo import scale\n---\n# B\n\n```python demo\nscale()\n```\n"
    ).write(
        "content/c.md", "---\nfrom shop.demo import scale\n---\n# C\n\n```python demo\nscale\n```\n"
    ).build()
    wrong = "src/shop/demo.py:7: error: AttributeError: type object 'Scale' has no attribute 'gramms'\n    did you mean “grams”? The demo stands at content/{}.md:7."
    assert [str(one) for one in project.last.problems] == [
        "content/a.md:6: error: NameError: name 'calculater' is not defined\n    did you mean “calculator”?",
        wrong.format("b"),
        wrong.format("c"),
    ]
