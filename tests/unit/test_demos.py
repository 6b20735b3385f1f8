"""Compiling demos: what the HTML says, what travels, and what is refused with the author's place."""

from __future__ import annotations

import ast
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from harness import Project

from generator.config import Demos
from generator.demos import RESET, DemoCompiler, DemoError, browser_files, runtime_files
from generator.demos.glue import glued
from generator.demos.scripts import OWN, PROPERTY, _declared_together, _tokens, smaller
from generator.demos.shipping import engine_script, extras_of
from pressrun.components import (
    KINDS,
    ViewError,
    button,
    cond,
    el,
    fragment,
    heading,
    input,
    label,
    link,
    select,
    switch,
    text,
)
from pressrun.state import State
from pressrun.values import as_json, shown

ROOT = Path(__file__).resolve().parents[2]
Make = Callable[[str], ModuleType]


class Tally(State):
    """The state that most of these views show."""

    count: int = 2
    names: list[str] = ["<b>", "c"]
    _secret: int = 7

    def add(self, step: int = 1):
        self.count += step

    def need(self, one: int, two: int):
        pass


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Write a module into a project and import it."""
    monkeypatch.syspath_prepend(str(tmp_path))
    made = []

    def make(source: str, name: str = "unit_demo_module") -> ModuleType:
        path = tmp_path.joinpath(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
        made.append(name)
        importlib.invalidate_caches()
        return importlib.import_module(name)

    yield make
    for name in made:
        sys.modules.pop(name, None)


def compiler(root: Path, engine: str = "micropython") -> DemoCompiler:
    return DemoCompiler(root, "page.md", "", Demos(engine=engine))


def html(view: object) -> str:
    frame = compiler(Path(__file__).parents[2]).add(view, {}, 1)
    opening = '<div class="demo" data-demo="1" role="group" aria-label="Live demo">'
    assert frame.startswith(opening)
    return frame.removeprefix(opening).removesuffix(RESET.format("Reset") + "</div>")


def travelled(made: ModuleType, root: Path, view: str = "view") -> list[str]:
    """The lines of the module that travel."""
    demos = compiler(root)
    demos.add(getattr(made, view), {}, 1)
    payload = demos.finish()
    assert payload is not None
    modules = {name: source for name, _, source in json.loads(payload)[0]["modules"]}
    return list(modules[made.__name__].split("\n"))


def refusal(made: ModuleType, root: Path) -> DemoError:
    with pytest.raises(DemoError) as caught:
        travelled(made, root)
    return caught.value


# The first view


def test_the_first_view_has_its_values() -> None:
    """Texts, f-strings and operators are evaluated; what is live is numbered."""
    assert html(heading(f"Count: {Tally.count}", as_="h3")) == (
        '<h3 class="pr-heading" data-bind="text=1">Count: 2</h3>'
    )
    assert html(text("a ", Tally.count * 1.5)) == '<p class="pr-text" data-bind="text=1">a 3</p>'


@pytest.mark.parametrize(
    "words",
    [f"n is {Tally.count}", "n is " + format(Tally.count),
     "n is " + Tally.count.to_string()],
)  # fmt: skip
def test_a_text_with_a_var_is_live(words: object) -> None:
    """f-strings, `format` and `+` keep the expression; nothing ever shows its letters."""
    assert html(text(words)) == '<p class="pr-text" data-bind="text=1">n is 2</p>'


def test_options_of_a_select_may_be_vars() -> None:
    """A list of texts and Vars makes options with their values."""
    assert ">&lt;b&gt;</option>" in html(select([Tally.names[0], "x"]))


def test_help_names_props_and_events() -> None:
    """`help(button)` is of use in a terminal."""
    assert "on_click" in str(button.__doc__)
    assert "disabled" in str(button.__doc__)
    assert "on_change" in str(input.__doc__)
    assert "on_change" not in str(heading.__doc__)
    assert all(kind.purpose for kind in KINDS.values())


def test_values_are_text() -> None:
    """Markup in values is escaped, in text and in attributes."""
    assert ">&lt;b&gt;<" in html(text(Tally.names[0]))
    assert 'title="&lt;b&gt;"' in html(text("x", title=Tally.names[0]))
    assert "&lt;i&gt;" in html(text("<i>"))


def test_conditions_keep_both_sides_in_templates() -> None:
    """The side that holds is in the page; both can be made later."""
    made = html(fragment(cond(Tally.count > 1, text("yes"), text("no"))))
    assert made == (
        '<template data-bind="cond=1;1"><p class="pr-text">yes</p></template><p class="pr-text">yes</p>'
        '<template data-bind="cond=2;0"><p class="pr-text">no</p></template>'
    )


def test_options_of_events_stand_in_the_html() -> None:
    """The page's script learns from the element what to listen for and how long to wait."""
    assert 'data-bind="on:input=1;value;d500"' in html(input(on_change=Tally.add, debounce=500))


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " JaVaScript:x", "java\nscript:x", "data:text/html,x"]
)
def test_addresses_that_run_are_refused(address: str) -> None:
    """In an attribute that takes an address, no scheme may run anything."""
    with pytest.raises(DemoError, match="could run a script"):
        html(link("x", href=address))


def test_backend_fields_do_not_travel_to_the_view() -> None:
    """A name that begins with `_` is for handlers."""
    with pytest.raises(DemoError, match="is a backend field"):
        html(text(Tally._secret))


# What is refused


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: button("x", on_clik=Tally.add), "Did you mean 'on_click'"),
        (lambda: button("x", style=3), "needs a dict, not int"),
        (lambda: button("x", style={"colour": "red"}), "Did you mean 'color'"),
        (lambda: button("x", color="red; }"), "is no value in CSS"),
        (lambda: button("x", variant="sofd"), "There are 'solid', 'soft'"),
        (lambda: button("x", color_scheme="gren"), "Did you mean 'green'"),
        (lambda: button("x", on_click=3), "needs an event handler, not int"),
        (lambda: button("x", on_click=Tally.need), "takes 2"),
        (lambda: button("x", on_click=Tally.add(1, 2)), "takes 0 to 1"),
        (lambda: el("script", "x"), "does not make <script>"),
        (lambda: text("x", debounce=3), "no event"),
    ],
)
def test_a_wrong_prop_says_what_is_right(make: Callable[[], object], words: str) -> None:
    """The sentence names the component, the prop and the remedy."""
    with pytest.raises(ViewError) as caught:
        make()
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("if Mine.flag: pass", "cond(Mine.flag"),
        ("for x in Mine.flag: pass", "foreach(Mine.flag"),
        ("len(Mine.flag)", "Mine.flag.length()"),
        ("1 in Mine.flag", "Mine.flag.contains("),
        ("f'{Mine.flag:.2f}'", "@var"),
        ("text(str(Mine.flag))", "{Mine.flag}"),
        ("text('n is ' + str(Mine.flag))", "{Mine.flag}"),
        ("text('%s' % Mine.flag)", "{Mine.flag}"),
        ("text('%d' % Mine.flag)", "`%d`"),
        ("text(int(Mine.flag))", "@var"),
        ("text(round(Mine.flag, 2))", "@var"),
        ("text(repr(Mine.flag))", "{State.field}"),
        ("text(f'{Mine.flag=}')", "{State.field}"),
        ("text(f'{Mine.flag!s}')", "{Mine.flag}"),
    ],
)
def test_python_that_asks_a_var_gets_the_remedy(module: Make, tmp_path: Path, line: str, remedy: str) -> None:
    """The error stands at the author's line."""
    made = module(
        "from pressrun import State, text\n\n\nclass Mine(State):\n    flag: bool = False\n\n\n"
        f"def view():\n    {line}\n    return text('x')\n"
    )
    error = refusal(made, tmp_path)
    assert (error.path, error.line) == ("unit_demo_module.py", 9)
    assert remedy in error.message + error.hint


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("match 1:\n            case 1: pass", "`match`"),
        ("return [*[1], 2]", "`*` inside a display"),
        ("return {**{}}", "`**` inside a dict"),
        ("'x'.zfill(3)", "`.zfill()`"),
        ("import dataclasses\n        dataclasses", "`import dataclasses`"),
        ("asyncio.Queue()", "`asyncio.Queue`"),
        ("from collections import Counter", "`from collections import Counter`"),
        ("import time as clock; clock.process_time()", "`time.process_time`"),
        ("from datetime import datetime; datetime.now().strftime('%H')", "`.strftime()`"),
        ("import datetime; datetime.datetime.utcnow()", "`datetime.datetime.utcnow`"),
        ("import math; math.cbrt(8)", "`math.cbrt`"),
        ("import os; os.getcwd()", "`import os`"),
        ("import re; re.findall('a', 'a')", "`re.findall`"),
        ("import re; re.match('a', 'a').groups()", "`.groups()`"),
        ("import re; re.match('a', 'a').group()", "`.group()` without a number"),
        ("import re; re.match(r'a{2}', 'aa')", "`{2}` in a regular expression"),
        ("import re; re.match(r'(?P<x>a)', 'a')", "`(?P` in a regular expression"),
        ("import re; re.match(r'\\bx', 'x')", "`\\b` in a regular expression"),
        ("open('x')", "`open`"),
        ("input('x')", "`input`"),
        ("vars()", "`vars`"),
        ("'a b'.split(maxsplit=1)", "`maxsplit=` of `.split()`"),
        ("print('x', flush=True)", "`flush=` of `print()`"),
        ("isinstance(1, int | str)", "`|` between classes"),
        ("from collections import deque; deque([1])", "`collections.deque()` without a length"),
        ("(5).bit_length()", "`.bit_length()`"),
        ("f'{self.flag:%H}'", "`{…:%H}`"),
        ("__import__('time').localtime().tm_year", "`.tm_year`"),
    ],
)
def test_what_micropython_lacks_is_named_with_its_place(
    module: Make, tmp_path: Path, body: str, what: str
) -> None:
    """An allow-list over the syntax tree decides, and the reader never sees the failure."""
    made = module(
        "import asyncio\nfrom pressrun import State, text\n\n\nclass Mine(State):\n    flag: bool = False\n\n"
        f"    def act(self):\n        {body}\n\n\ndef view():\n    return text(Mine.flag)\n"
    )
    error = refusal(made, tmp_path)
    assert what in error.message
    assert "in the browser's Python (MicroPython)" in error.message
    assert (error.path, error.line) == ("unit_demo_module.py", 9)


def test_a_module_that_micropython_lacks_is_refused_only_when_it_is_needed(
    module: Make, tmp_path: Path
) -> None:
    """What only the view uses stays at home."""
    source = (
        "import inspect, statistics\nfrom pressrun import State, text\n\n\nclass Mine(State):\n    flag: bool = False\n"
        "\n    def act(self):\n        USE\n\n\ndef view():\n    return text(Mine.flag, title=inspect.__name__)\n"
    )
    assert "inspect" not in "".join(travelled(module(source.replace("USE", "pass")), tmp_path))
    sys.modules.pop("unit_demo_module")
    other = module(source.replace("USE", "statistics.mean([1])"), "unit_demo_other")
    assert "statistics" in refusal(other, tmp_path).message


@pytest.mark.parametrize(
    ("body", "remedy"),
    [
        ("from collections import Counter", "counts.get(key, 0) + 1"),
        ("import re; re.fullmatch('a', 'a')", "re.match(…)"),
        ("import hashlib; hashlib.sha256(b'').hexdigest()", "binascii.hexlify"),
        ("open('x')", "Python literal"),
        ("import statistics", "sum(values) / len(values)"),
        ("import urllib.request", "when the page is built"),
    ],
)
def test_what_is_missing_has_its_remedy(module: Make, tmp_path: Path, body: str, remedy: str) -> None:
    """Where another way leads there, the hint says so."""
    made = module(
        "from pressrun import State, text\n\n\nclass Mine(State):\n    flag: bool = False\n\n"
        f"    def act(self):\n        {body}\n\n\ndef view():\n    return text(Mine.flag)\n"
    )
    assert remedy in refusal(made, tmp_path).hint


@pytest.mark.parametrize(
    "body",
    [
        "import time; time.time(); time.ticks_ms()",
        "import math as m; m.sqrt(2)",
        "from datetime import datetime; datetime.now().isoformat()",
        "time = [1]; time.count(1)",
        "open = 3; open",
        "self.title = 'x'; self.title",
        "self.zfill()",
        "import re; re.match(r'(?:a)+\\d[^\\s]*(b)$', 'x')",
        "import json; json.dumps([1], separators=(',', ':'))",
        "'a b'.split(None, 1)",
        "import random; random.choice([1])",
        "from typing import Any",
        "format('x')",
    ],
)
def test_what_is_there_is_not_refused(module: Make, tmp_path: Path, body: str) -> None:
    """Names that only look like those of the standard library are the author's own."""
    made = module(
        "from pressrun import State, text\n\n\nclass Mine(State):\n    flag: bool = False\n    title: str = ''\n\n"
        f"    def zfill(self):\n        pass\n\n    def act(self):\n        {body}\n\n\n"
        "def format(x):\n    return x\n\n\ndef view():\n    return text(Mine.flag)\n"
    )
    assert "class Mine(State):" in travelled(made, tmp_path)


def test_stand_ins_travel_with_those_who_use_them(module: Make, tmp_path: Path) -> None:
    """What MicroPython lacks and a few lines can do is put in the place of CPython's, under the same names."""
    made = module(
        "import time as clock\nfrom random import choice, shuffle as mix\nfrom pressrun import State, text\n\n\n"
        "class Mine(State):\n    flag: float = 0\n\n    def act(self):\n        from math import comb\n"
        "        mix([choice([1]), comb(3, 2)])\n        self.flag = clock.monotonic()\n\n\n"
        "def view():\n    return text(Mine.flag)\n"
    )
    demos = compiler(tmp_path)
    demos.add(made.view, {}, 1)
    modules = {name: source for name, _, source in json.loads(demos.finish() or b"")[0]["modules"]}
    assert modules[made.__name__].splitlines()[:2] == [
        "import time as clock",
        "from random import choice; from _standard import random_shuffle as mix",
    ]
    assert "        from _standard import math_comb as comb" in modules[made.__name__]
    assert 'self.flag = __import__("_standard").time_monotonic()' in modules[made.__name__]
    functions = [line for line in modules["_standard"].splitlines() if line.startswith("def ")]
    assert functions == ["def time_monotonic():", "def random_shuffle(items):", "def math_comb(n, k):"]


# What travels


def test_only_the_state_and_what_it_needs_travels_and_lines_stay(module: Make, tmp_path: Path) -> None:
    """Views, component imports, annotations, docstrings and comments fall away; every line keeps its number."""
    made = module(
        '"""Doc."""\n'
        "from __future__ import annotations\n"
        "from typing import Any\n"
        "from pressrun import State, text, event  # all\n"
        "LIMIT: int = 3  # a limit\n"
        "UNUSED = 4\n"
        "class Mine(State):\n"
        '    """Doc."""\n'
        "    count: int = LIMIT\n"
        "    late: int\n"
        "    def add(self, by: int = 1, *, also: Any = None) -> None:\n"
        '        """Doc."""\n'
        "        self.count += helper(by)  # grows\n"
        "    @event(background=True)\n"
        "    async def run(self) -> Any:\n"
        "        yield Mine.add, Mine.add(2)\n"
        "        yield\n"
        "def helper(x: int) -> int: return x\n"
        "def view(): return text(Mine.count)\n"
    )
    assert travelled(made, tmp_path) == [
        "", "", "", "from pressrun import State, event", "LIMIT = 3", "", "class Mine(State):", "",
        "    count = LIMIT", "    pass", "    def add(self, by = 1, *, also = None):", "",
        "        self.count += helper(by)", "    @event(background=True)", "    async def run(self):",
        "        await self._yield((Mine.add, Mine.add(2)))", "        await self._yield()",
        "def helper(x): return x", "",
    ]  # fmt: skip


def test_modules_of_the_project_travel_along(module: Make, tmp_path: Path) -> None:
    """What a State imports from the project comes too, cut down in the same way."""
    module("def used(): return 1\ndef unused(): return 2\n", "unit_demo_helpers")
    made = module(
        "from pressrun import State, text\nfrom unit_demo_helpers import used, unused\n\nclass Mine(State):\n"
        "    n: int = 0\n    def act(self): self.n = used()\n\ndef view(): return text(Mine.n, title=str(unused()))\n"
    )
    demos = compiler(tmp_path)
    demos.add(made.view, {}, 1)
    modules = {name: source for name, _, source in json.loads(demos.finish() or b"")[0]["modules"]}
    assert modules["unit_demo_helpers"] == "def used(): return 1\n"
    assert "unused" not in modules["unit_demo_module"]


def test_states_of_the_page_itself_travel_with_the_pages_lines(tmp_path: Path) -> None:
    """A State defined in the page's own Python is in the module `__page__`, named by the page's path."""
    source = "\n\nfrom pressrun import State, text\nclass Own(State):\n    n: int = 1\nview = lambda: text(Own.n)\n"
    scope = {"__name__": "__page__"}
    exec(compile(source, str(tmp_path / "page.md"), "exec"), scope)
    demos = DemoCompiler(tmp_path, "page.md", source)
    assert ">1<" in demos.add(scope["view"], {}, 1)
    assert json.loads(demos.finish() or b"")[0]["modules"] == [
        ["__page__", "page.md", "\n\nfrom pressrun import State\nclass Own(State):\n    n = 1\n"]
    ]


def test_the_payload_is_canonical_and_names_no_address() -> None:
    """The same demos give the same bytes; a page without demos gives none."""
    root = Path(__file__).parents[2]
    first, second = compiler(root), compiler(root)
    assert first.finish() is None
    for one in (first, second):
        one.add(text(Tally.count), {}, 1)
    assert first.finish() == second.finish()


def test_the_script_and_the_runtime_are_small() -> None:
    """Page scripts, worker and Python runtime: what a reader loads beside the engine, before compression."""
    files = browser_files()
    assert set(files) == {"demo.js", "parts.js", "worker.js", "pyodide.js", "micropython.wasm"}
    engine = engine_script().encode()
    assert files["worker.js"].endswith(engine)
    assert sum(len(files[name]) for name in ("demo.js", "worker.js")) - len(engine) < 40_000
    sources = runtime_files()
    assert list(sources) == ["pressrun/__init__.py"]
    assert "class Runtime" in sources["pressrun/__init__.py"]
    assert "component" not in sources["pressrun/__init__.py"]
    for name, source in sources.items():
        compile(source, name, "exec")
        assert '"""' not in source
        assert "typing" not in source


def test_parts_of_the_engines_script_are_there_or_named() -> None:
    """A new version of the engine that has changed there cannot go unnoticed."""
    script = (ROOT / "generator/engines/micropython.mjs").read_text("utf-8")
    holder = (ROOT / "generator/browser/glue.js").read_text("utf-8")
    parts = engine_script()
    for name in (
        "function proxy_convert_mp_to_js_obj_jsside(",
        "invoke_viiii:",
        "store_attr:",
        "runPython(code){",
    ):
        assert parts.count(name) == script.count(name) == 1
    assert "FS" not in parts
    assert len(parts) < len(script) / 6
    with pytest.raises(
        ValueError, match=r"^`runPython\(code\)\{` stands 0 times in the engine's script, not once$"
    ):
        glued(holder, script.replace("runPython(code){", "runPython(text){"))
    with pytest.raises(
        ValueError, match=r"^`has_attr:function\(` stands 2 times in the engine's script, not once$"
    ):
        glued(holder, script + "has_attr:function(")
    with pytest.raises(
        ValueError,
        match=r"^`,pyimport:pyimport,` does not follow `registerJsModule\(name,module\)` in the engine's script$",
    ):
        glued(holder, script.replace(",pyimport:pyimport,", ","))


def test_sets_travel_with_code_that_can_make_one() -> None:
    """`set(…)`, a set that is written out, or one of a comprehension; other code needs no such class."""
    for code in ("tags = set()", "tags = {1, 2}", "tags = {n for n in range(3)}", "make = set"):
        assert list(extras_of({}, ["n = 1", code])) == ["pressrun.sets"]
    assert extras_of({}, ["settings = {'a': {}}", "def reset(self): return {n: 1 for n in self}"]) == {}
    assert "class TrackedSet" not in runtime_files()["pressrun/__init__.py"]


def test_no_two_modules_of_the_runtime_bind_the_same_name() -> None:
    """They travel as one module, where the later name would take the place of the other."""
    text = runtime_files()["pressrun/__init__.py"]
    bound = [
        name
        for node in ast.parse(text).body
        if not isinstance(node, (ast.Import, ast.ImportFrom, ast.Try))
        for name in [
            getattr(node, "name", None),
            *(getattr(one, "id", None) for one in getattr(node, "targets", [])),
        ]
        if name
    ]
    assert len(bound) > 40
    assert sorted(bound) == sorted(set(bound))


@pytest.mark.parametrize("name", ["demo.js", "worker.js", "micropython.js", "pyodide.js"])
def test_scripts_travel_as_the_same_program(name: str) -> None:
    """Token for token: one name stands for one name, everywhere; texts, numbers and properties are untouched."""
    script = (ROOT / "generator/browser" / name).read_text()
    small = smaller(script)
    script = PROPERTY.sub(lambda found: OWN[found[0]], script)
    pairs = zip(tokens_of(script), tokens_of(small), strict=True)
    names: dict[str, str] = {}
    before = ""
    for (kind, old), (_, new) in pairs:
        if kind == "word" and before not in (".", "?."):
            assert names.setdefault(old, new) == new
        elif kind != "template":
            assert old == new
        before = old
    assert len(set(names.values())) == len(names)
    assert len(small) < 0.8 * len(script)


@pytest.mark.parametrize(
    ("script", "small"),
    [
        ("const one = 1;\nlet two;\nconst three = () => {\n  const four = 4;\n  return four;\n};\nrun(three);\n",
         "let c=1,d,b=()=>{let a=4;return a};run(b);\n"),
        ("for (let at = 0; at < 3; at++) {\n  go(at);\n}\nconst last = 1;\ngo(last);\nconst more = 2;\nconst { x } = more;\n",
         "for(let a=0;a<3;a++){go(a)}let b=1;go(b);let c=2,{x}=c;\n"),
    ],
)  # fmt: skip
def test_declarations_that_follow_each_other_are_one(script: str, small: str) -> None:
    """Wherever a statement stands between them, each keeps its own."""
    assert smaller(script) == small


def tokens_of(script: str) -> list[tuple[str, str]]:
    """The script's tokens; a semicolon or a comma before a closing bracket is worth nothing, nor is a second `let` in a row."""
    found = list(_declared_together(_tokens(script)))
    after = [one for _, one in found[1:]] + [""]
    spare = (";}", ",}", ",)", ",]")
    return [one for one, following in zip(found, after, strict=True) if one[1] + following not in spare]


@pytest.mark.parametrize(
    ("value", "words"),
    [(3.0, "3"), (0.1 + 0.2, "0.30000000000000004"), (1e21, "1e+21"), (1e20, "100000000000000000000"), (1.5e-7, "1.5e-7"),
     (-0.0, "0"), (True, "true"), (None, ""), (10**30, "1" + "0" * 30), (float("nan"), "NaN"), ([1, 2.0], "[1,2]"),
     ({"a": "é\n"}, '{"a":"é\\n"}')],
)  # fmt: skip
def test_numbers_are_shown_as_a_browser_shows_them(value: object, words: str) -> None:
    """`3.0` is `3`, on every interpreter."""
    assert shown(value) == words


def test_json_has_no_names_for_what_is_no_number() -> None:
    """Not-a-number and infinities are null, as JSON.stringify has it."""
    assert as_json([float("nan"), float("inf")]) == "[null,null]"


def test_a_switch_in_a_label_is_named_by_the_labels_words(tmp_path: Path) -> None:
    """A button without text of its own would have no name for those who cannot see its label beside it."""
    html = DemoCompiler(tmp_path, "page.md", "").add(label(switch(id="s"), "Running"), {}, 1)
    assert 'aria-label="Running"' in html


@pytest.mark.parametrize("use", ["watch()", "watch"])
@pytest.mark.parametrize(
    ("line", "words"), [("button('x', on_clik=Watch.go)", "on_clik"), ("text(str(Watch.n))", "has no text")]
)
def test_a_mistake_in_a_companion_module_stands_at_its_line(
    project: Project, use: str, line: str, words: str
) -> None:
    """The place is the module's; the hint names the page's line, where the demo stands."""
    project.write(
        "blog/watch.py",
        "from pressrun import State, button, text\n\n\nclass Watch(State):\n    n: int = 0\n\n"
        f"    def go(self):\n        pass\n\n\ndef watch():\n    return {line}\n",
    ).write(
        "blog/watch.md",
        "---\ntitle: Watch\ndate: 2026-01-01\n---\n---\nfrom blog.watch import watch\n---\n# Watch\n\n"
        f"```python demo\n{use}\n```\n",
    ).build()
    problem = project.problem()
    assert (problem.path, problem.line) == ("blog/watch.py", 12)
    assert words in problem.message
    assert "blog/watch.md:11" in problem.hint or "blog/watch.md:10" in problem.hint
