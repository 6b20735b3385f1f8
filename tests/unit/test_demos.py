"""Compiling demos: what the HTML says, what travels, and what is refused with the author's place."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from generator.demos import DemoCompiler, DemoError, browser_files
from pressrun.components import (
    ViewError,
    button,
    cond,
    el,
    fragment,
    heading,
    input,
    label,
    link,
    switch,
    text,
)
from pressrun.state import State
from pressrun.values import as_json, shown

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


def compiler(root: Path) -> DemoCompiler:
    return DemoCompiler(root, "page.md", "")


def html(view: object) -> str:
    frame = compiler(Path(__file__).parents[2]).add(view, {}, 1)
    opening = '<div class="demo" data-demo="1" role="group" aria-label="Live demo">'
    assert frame.startswith(opening)
    return frame.removeprefix(opening).removesuffix("</div>")


def travelled(made: ModuleType, root: Path, view: str = "view") -> list[str]:
    """The lines of the module that travel."""
    demos = compiler(root)
    demos.add(getattr(made, view), {}, 1)
    payload = demos.finish()
    assert payload is not None
    modules = {name: source for name, _, source in json.loads(payload)["modules"]}
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


def test_values_are_text() -> None:
    """Markup in values is escaped, in text and in attributes."""
    assert ">&lt;b&gt;<" in html(text(Tally.names[0]))
    assert 'title="&lt;b&gt;"' in html(text("x", title=Tally.names[0]))
    assert "&lt;i&gt;" in html(text("<i>"))


def test_conditions_keep_both_sides_in_templates() -> None:
    """The side that holds is in the page; both can be made later."""
    made = html(fragment(cond(Tally.count > 1, text("yes"), text("no"))))
    assert made == (
        '<template data-bind="each=1;1"><p class="pr-text">yes</p></template><p class="pr-text">yes</p>'
        '<template data-bind="each=2;0"><p class="pr-text">no</p></template>'
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
        (lambda: button("x", style={}), "Content-Security-Policy"),
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
    assert "Pyodide" in error.message
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
    modules = {name: source for name, _, source in json.loads(demos.finish() or b"")["modules"]}
    assert modules["unit_demo_helpers"] == "def used(): return 1\n"
    assert "unused" not in modules["unit_demo_module"]


def test_states_of_the_page_itself_travel_with_the_pages_lines(tmp_path: Path) -> None:
    """A State defined in the page's own Python is in the module `__page__`, named by the page's path."""
    source = "\n\nfrom pressrun import State, text\nclass Own(State):\n    n: int = 1\nview = lambda: text(Own.n)\n"
    scope = {"__name__": "__page__"}
    exec(compile(source, str(tmp_path / "page.md"), "exec"), scope)
    demos = DemoCompiler(tmp_path, "page.md", source)
    assert ">1<" in demos.add(scope["view"], {}, 1)
    assert json.loads(demos.finish() or b"")["modules"] == [
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
    """Page script, worker and Python runtime: what a reader loads beside the engine, before compression."""
    files = browser_files()
    assert set(files) == {"demo.js", "worker.js", "micropython.mjs", "micropython.wasm", "runtime.json"}
    assert sum(len(files[name]) for name in ("demo.js", "worker.js", "runtime.json")) < 40_000
    sources = json.loads(files["runtime.json"])
    assert "pressrun/components.py" not in sources
    for name, source in sources.items():
        compile(source, name, "exec")
        assert '"""' not in source
        assert "typing" not in source


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
