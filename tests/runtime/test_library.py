"""The table of what the browser's Python has, and the stand-ins for what it lacks, asked of the engine that ships."""

from __future__ import annotations

import builtins
import importlib
import json
import shutil
import subprocess
import types
from pathlib import Path
from typing import Any

import pytest

from generator.demos import browser_files, runtime_files
from generator.demos.library import ADDED, KEYWORDS, LIBRARY, METHODS, UNUSABLE
from generator.demos.shims import NAMES, local, shims_source
from generator.demos.shipping import engine_script

ROOT = Path(__file__).resolve().parents[2]
MOST = 10_240
"""Bytes, compressed: page script, worker and runtime."""


def node() -> str:
    """Name the program that runs the engine here."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("no node on PATH: MicroPython's WebAssembly needs one here")
    return found


def run(folder: Path, main: str, **files: str) -> Any:
    """Run a program in MicroPython; give what it prints last, as JSON."""
    scene = folder / "scene.json"
    scene.write_text(
        json.dumps({"files": {name + ".py": text for name, text in files.items()}, "main": main})
    )
    done = subprocess.run(
        [node(), str(ROOT / "tests/runtime/play.mjs"), str(ROOT / "generator/engines/micropython.mjs"), str(scene)],
        check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def found(holder: str) -> Any:
    """Give CPython's module or class of a table's key."""
    module, _, name = holder.partition(".")
    thing = importlib.import_module(module)
    return getattr(thing, name) if name else thing


def test_the_table_says_what_the_engine_has(tmp_path: Path) -> None:
    """Each name is there; of CPython's public names no other is, but for those that are of no use in a browser."""
    asked = {
        holder: sorted(
            names | {n for n in dir(found(holder)) if not n.startswith("_")}
            - {n for n in dir(found(holder)) if isinstance(getattr(found(holder), n), types.ModuleType)}
        )
        for holder, names in LIBRARY.items()
    }  # fmt: skip
    there = run(
        tmp_path,
        f"""
import json
there = {{}}
for holder, names in json.loads({json.dumps(asked)!r}).items():
    module, _, name = holder.partition(".")
    thing = __import__(module, None, None, ["*"])
    if name:
        thing = getattr(thing, name)
    there[holder] = [name for name in names if hasattr(thing, name)]
print(json.dumps(there))
""",
    )
    for holder, names in LIBRARY.items():
        assert {f"{holder}.{n}" for n in there[holder]} - UNUSABLE == {f"{holder}.{n}" for n in names}, holder
        for name in names:
            assert hasattr(found(holder), name) or f"{holder}.{name}" in ADDED


def test_methods_that_are_refused_are_missing(tmp_path: Path) -> None:
    """No method is refused that the engine has, of whatever built-in kind."""
    program = f"""
import json, re, datetime, collections, hashlib
kinds = [str, bytes, int, float, list, dict, set, tuple, datetime.date, datetime.datetime, datetime.time,
    collections.OrderedDict, collections.deque]
things = kinds + [re.compile("a"), re.match("a", "a"), hashlib.sha256(b""), collections.namedtuple("P", "a")(1), 1.5]
print(json.dumps([name for name in {sorted(METHODS)!r} if any(hasattr(thing, name) for thing in things)]))
"""
    assert run(tmp_path, program) == []


def test_keywords_that_are_refused_fail(tmp_path: Path) -> None:
    """These calls work on CPython and not in the engine."""
    calls = ["int('1', base=2)", "print('', flush=True)", "round(2.5, ndigits=1)", "str(b'a', encoding='utf-8')",
             "sum([], start=1)", "zip([], strict=True)", "json.dumps(1, indent=2)", "re.sub('a', 'b', 'a', count=1)",
             "b'a'.decode(errors='replace')", "'a'.encode(encoding='utf-8')", "'a'.rsplit(sep='b')",
             "'a'.split(maxsplit=1)", "collections.deque([])", "isinstance(1, int | str)", "re.match('a', 'a').group()"]  # fmt: skip
    program = f"""
import json, re, collections
worked = []
for call in {calls!r}:
    try:
        eval(call)
        worked.append(call)
    except (TypeError, NotImplementedError):
        pass
print(json.dumps(worked))
"""
    assert run(tmp_path, program) == []
    assert {name.split(".")[-1] for name in KEYWORDS} <= {call.split("(")[0].split(".")[-1] for call in calls} | {
        "dump", "int", "decode", "encode", "split", "rsplit", "sub",
    }  # fmt: skip


EXACT = {
    "itertools.combinations": ["list(F('abcd', 2))", "list(F([1], 2))", "list(F('ab', 0))"],
    "itertools.pairwise": ["list(F([1, 2, 3]))", "list(F([]))"],
    "itertools.permutations": ["list(F('abc'))", "list(F('abc', 2))", "list(F('ab', 3))"],
    "itertools.product": [
        "list(F('ab', [1, 2]))",
        "list(F([0, 1], repeat=3))",
        "list(F())",
        "list(F('a', []))",
    ],
    "itertools.zip_longest": ["list(F([1, 2], 'abc'))", "list(F([1], [], fillvalue=0))", "list(F())"],
    "math.comb": ["F(52, 5)", "F(3, 4)", "F(5, 0)"],
    "math.gcd": ["F(12, 18)", "F(0, 5)", "F(-4, 6)", "F(12, 18, 8)", "F()"],
    "math.hypot": ["F(3, 4)", "F()"],
    "math.perm": ["F(5)", "F(5, 2)", "F(2, 3)"],
    "math.prod": ["F([2, 3, 4])", "F([])", "F([2], start=5)"],
    "operator.itemgetter": ["F(1)('abc')", "F('a', 'b')({'a': 1, 'b': 2})"],
}
LOOSE = {
    "random.choices": ["len(F('ab', k=9))", "F([1, 2], [0, 1], k=3)", "F([1, 2], cum_weights=[1, 1], k=2)"],
    "random.sample": ["sorted(F([1, 2, 3], 3))", "len(set(F(range(99), 9)))"],
    "random.shuffle": ["(lambda a: (F(a), sorted(a)))([1, 2, 3])", "(lambda a: (F(a), a == list(range(99))))(list(range(99)))"],
    "time.monotonic": ["0 <= F() <= F()", "type(F()).__name__"],
    "time.perf_counter": ["0 <= F() <= F()", "type(F()).__name__"],
}  # fmt: skip


def test_stand_ins_do_what_cpython_does(tmp_path: Path) -> None:
    """The same calls give the same results, run as they travel."""
    assert set(EXACT) | set(LOOSE) == NAMES
    cases = [(local(name), call, found_name) for found_name, calls in (EXACT | LOOSE).items()
             for name in [found_name] for call in calls]  # fmt: skip
    program = f"""
import json, _standard
print(json.dumps([eval(call, {{"F": getattr(_standard, name)}}) for name, call, _ in {cases!r}]))
"""
    there = run(tmp_path, program, _standard=shims_source(set(NAMES)))
    for (_, call, name), result in zip(cases, there, strict=True):
        module, _, function = name.partition(".")
        scope = {"F": getattr(importlib.import_module(module), function), "__builtins__": builtins}
        assert result == json.loads(json.dumps(eval(call, scope))), (name, call)


def test_shuffling_a_field_marks_it(tmp_path: Path) -> None:
    """A tracked list is shuffled in place, by one assignment."""
    files = {name.removesuffix(".py"): text for name, text in runtime_files().items()}
    program = """
import json, _standard
from pressrun import tracked
class Owner:
    marks = 0
    def mark(self, field): self.marks += 1
    def check_write(self): pass
owner = Owner()
items = tracked(list(range(50)), owner, "items")
_standard.random_shuffle(items)
print(json.dumps([owner.marks, sorted(items) == list(range(50)), items == list(range(50))]))
"""
    assert run(tmp_path, program, _standard=shims_source({"random.shuffle"}), **files) == [1, True, False]


def test_what_every_demo_loads_is_small() -> None:
    """Page script, worker and Python runtime, as a server compresses them."""
    own = browser_files()
    files = {name: own[name] for name in ("demo.js", "worker.js")}
    files["worker.js"] = files["worker.js"].removesuffix(engine_script().encode())
    script = (
        "const z = require('zlib'), c = []; process.stdin.on('data', (d) => c.push(d)).on('end', () =>"
        " console.log(z.brotliCompressSync(Buffer.concat(c)).length))"
    )
    sizes = {
        name: int(subprocess.run([node(), "-e", script], input=files[name], capture_output=True, check=True).stdout)
        for name in files
    }  # fmt: skip
    assert sum(sizes.values()) <= MOST, sizes
