"""Expressions of views: the same value on CPython, which makes the first view, and in the browser's Python."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from generator.demos import runtime_files
from generator.demos.shipping import extras_of
from pressrun import State
from pressrun.components import cond, match
from pressrun.expr import METHODS, Var, VarTypeError, tree
from pressrun.values import as_json, evaluate

ROOT = Path(os.path.abspath(__file__)).parents[2]


class Given(State):
    """What the expressions are about."""

    n: int = 7
    half: float = -2.5
    yes: bool = True
    no: bool = False
    nothing: str | None = None
    name: str = "  Åsa ßmith, Ωmega  "
    word: str = "paper"
    items: list[Any] = [3, 1, "zwei", [4, 5]]
    book: dict[str, Any] = {"title": "Ink", "keys": 3, "pages": [1, 2]}


G = Given
EXPRESSIONS: dict[str, tuple[Any, Any]] = {
    # arithmetic
    "G.n + 1": (G.n + 1, 8),
    "10 - G.n": (10 - G.n, 3),
    "G.n * 2.5": (G.n * 2.5, 17.5),
    "G.n / 2": (G.n / 2, 3.5),
    "G.n // 2": (G.n // 2, 3),
    "-G.n // 2": (-G.n // 2, -4),
    "G.n % 4": (G.n % 4, 3),
    "-G.n % 4": (-G.n % 4, 1),
    "2 ** G.n": (2**G.n, 128),
    "10 ** 20 + G.n": (10**20 + G.n, 10**20 + 7),
    "-G.n": (-G.n, -7),
    "+G.n": (+G.n, 7),
    "abs(-G.n)": (abs(-G.n), 7),
    "round(G.half)": (round(G.half), -2),
    "G.half.floor()": (G.half.floor(), -3),
    "G.half.ceil()": (G.half.ceil(), -2),
    "G.half.abs().round()": (G.half.abs().round(), 2),
    # comparison and logic
    "G.n == 7": (G.n == 7, True),
    "G.n != 7": (G.n != 7, False),
    "G.n < 8": (G.n < 8, True),
    "8 <= G.n": (G.n >= 8, False),
    "(G.n > 3) & G.no": ((G.n > 3) & G.no, False),
    "G.no | (G.word == 'paper')": (G.no | (G.word == "paper"), True),
    "~G.yes": (~G.yes, False),
    "G.items.bool()": (G.items.bool(), True),
    "G.n.equals(7)": (G.n.equals(7), True),
    "G.nothing.is_none()": (G.nothing.is_none(), True),
    "G.n.is_not_none()": (G.n.is_not_none(), True),
    "cond": (cond(G.yes, "on", "off"), "on"),
    "match": (match(G.n, (1, 2, "few"), (7, "seven"), "many"), "seven"),
    "match without": (match(G.n, (1, "one")), None),
    # parts
    "G.items[0]": (G.items[0], 3),
    "G.items[-1][1]": (G.items[-1][1], 5),
    "G.items[G.n - 6]": (G.items[G.n - 6], 1),
    "G.items[1:3]": (G.items[1:3], [1, "zwei"]),
    "G.items[::2]": (G.items[::2], [3, "zwei"]),
    "G.items[: G.n]": (G.items[: G.n], [3, 1, "zwei", [4, 5]]),
    "G.word[1:-1]": (G.word[1:-1], "ape"),
    "G.word[::-1]": (G.word[::-1], "repap"),
    "G.name[2]": (G.name[2], "Å"),
    "G.book['title']": (G.book["title"], "Ink"),
    "G.book.title": (G.book.title, "Ink"),
    "G.book.keys (a key)": (G.book["keys"], 3),
    "G.book.pages[1]": (G.book.pages[1], 2),
    # methods
    "length": (G.items.length() + G.word.length() + G.book.length(), 12),
    "to_string": (G.items.to_string(), '[3,1,"zwei",[4,5]]'),
    "contains": (G.items.contains("zwei"), True),
    "contains a letter": (G.word.contains("q"), False),
    "contains a key": (G.book.contains("title"), True),
    "reverse": (G.items.reverse(), [[4, 5], "zwei", 1, 3]),
    "reverse a text": (G.name.strip().reverse(), "agemΩ ,htimß asÅ"),
    "join": (G.items[:3].join("-"), "3-1-zwei"),
    "join without": (G.word.split("p").join(), "aer"),
    "split": (G.word.split("p"), ["", "a", "er"]),
    "split at blanks": (G.name.split(), ["Åsa", "ßmith,", "Ωmega"]),
    "split at ß": (G.name.strip().split("ß")[1], "mith, Ωmega"),
    "upper": (G.name.strip().upper(), "ÅSA SSMITH, ΩMEGA"),
    "lower": (G.name.strip().lower(), "åsa ßmith, ωmega"),
    "capitalize": (G.word.capitalize() + "ÅÄ".lower(), "Paperåä"),
    "strip": (G.name.strip(), "Åsa ßmith, Ωmega"),
    "lstrip": (G.word.lstrip("pa"), "er"),
    "rstrip": (G.name.rstrip(), "  Åsa ßmith, Ωmega"),
    "startswith": (G.word.startswith("pa"), True),
    "endswith": (G.word.endswith("x"), False),
    "replace": (G.word.replace("p", "v"), "vaver"),
    "find": (G.word.find("per"), 2),
    "count": (G.word.count("p"), 2),
    "index": (G.items.index("zwei"), 2),
    "get": (G.book.get("title", "?"), "Ink"),
    "get what is not there": (G.book.get("nothing", "?"), "?"),
    "keys": (G.book.keys().length(), 3),
    "values": (G.book.values().contains("Ink"), True),
    "items": (G.book.items().contains(["title", "Ink"]), True),
    "entries": (G.book.entries().length(), 3),
    "to": (G.n.to(str), 7),
    # texts
    "f-string": (f"{G.n} of {G.items.length()}: {G.word.upper()}{{}}", "7 of 4: PAPER{}"),
    "f-string of a float": (f"{G.half * 2}", "-5"),
    "a list of them": ([G.n, "x", G.word], [7, "x", "paper"]),
}  # fmt: skip


class Values:
    """A runtime that only reads."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def read(self, key: str, name: str) -> Any:
        return self.values[name]


def defaults() -> dict[str, Any]:
    return {name: field._default for name, field in Given._fields.items()}


@pytest.mark.parametrize("words", EXPRESSIONS)
def test_on_cpython(words: str) -> None:
    """The value is the one Python gives."""
    expression, value = EXPRESSIONS[words]
    assert evaluate(tree(expression), Values(defaults()), {}) == value


def test_the_browsers_python_gives_the_same_to_the_letter(tmp_path: Path) -> None:
    """Each tree evaluated in MicroPython, by the runtime as it travels."""
    node = shutil.which("node")
    assert node is not None, "no node on PATH: MicroPython's WebAssembly needs one here"
    files = runtime_files()
    files["pressrun/methods.py"] = extras_of({"1": ["abs", ["=", 1]]})["pressrun.methods"]
    files["trees.json"] = json.dumps({name: tree(pair[0]) for name, pair in EXPRESSIONS.items()})
    files["given.json"] = json.dumps(defaults())
    main = """
import json
from pressrun import evaluate, as_json
class Values:
    values = json.load(open("given.json"))
    def read(self, key, name):
        return self.values[name]
for name, tree in json.load(open("trees.json")).items():
    try:
        value = as_json(evaluate(tree, Values(), {}))
    except Exception as error:
        value = repr(error)
    print(json.dumps([name, value]))
"""
    scene = tmp_path / "scene.json"
    scene.write_text(json.dumps({"files": files, "main": main}))
    engine = ROOT / "generator/engines/micropython.mjs"
    done = subprocess.run(
        [node, str(ROOT / "tests/runtime/play.mjs"), str(engine), str(scene)],
        check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    found = dict(json.loads(line) for line in done.stdout.splitlines())
    assert found == {name: as_json(value) for name, (_, value) in EXPRESSIONS.items()}


def test_every_method_is_tried() -> None:
    """No method of an expression is in the table and not above."""
    words = " ".join(EXPRESSIONS)
    trees = json.dumps([tree(pair[0]) for pair in EXPRESSIONS.values()])
    assert [name for name in METHODS if name not in words and f'"{name}"' not in trees] == []


def failure(make: Any) -> str:
    with pytest.raises(VarTypeError) as caught:
        make()
    return f"{caught.value.message} {caught.value.hint}"


def test_a_method_nobody_knows_names_the_nearest() -> None:
    """Methods have a did-you-mean, or point to a computed var."""
    assert failure(G.word.uper) == ("`Given.word` has no method `uper()` in a view. Did you mean `upper()`?")
    assert failure(lambda: G.word.zfill(3)) == (
        "`Given.word` has no method `zfill()` in a view. Make a computed var of it: `@var def …`."
    )
    assert failure(lambda: G.word.replace("a")) == (
        "`Given.word.replace()` takes 2 arguments, by position. More is work for a computed var: `@var def …`."
    )
    assert failure(G.word) == (
        "`Given.word` cannot be called. Events are given to a prop such as `on_click=`."
    )


@pytest.mark.parametrize(
    ("make", "remedy"),
    [
        (lambda: bool(G.yes), "cond(Given.yes"),
        (lambda: G.yes and G.no, "`&`"),
        (lambda: not G.yes, "`~`"),
        (lambda: 1 < G.n < 3, "`&`"),
        (lambda: [x + 1 for x in G.items], "foreach(Given.items"),
        (lambda: sorted(G.items), "a computed var"),
        (lambda: reversed(G.items), "foreach(Given.items"),
        (lambda: ", ".join(G.items), "Given.items.join(…)"),
        (lambda: len(G.items), "Given.items.length()"),
        (lambda: 3 in G.items, "Given.items.contains(…)"),
        (lambda: G.word in ["a", "b"], "cond(Given.word == 'a'"),
        (lambda: float(G.n), "operators"),
        (lambda: round(G.half, 1), "operators"),
        (lambda: [1, 2][G.n], "operators"),
        (lambda: tree({"a": G.n}), "computed var"),
    ],
)  # fmt: skip
def test_python_that_asks_gets_the_remedy(make: Any, remedy: str) -> None:
    """Where only a value can stand, the error says what to write instead, in the author's own words."""
    assert remedy in failure(make)


def test_an_expression_in_words() -> None:
    """Errors show expressions nearly as they were written."""
    assert repr(G.items[1:].length() > -G.n) == "<Var\xa0length(Given.items[1:]) > -(Given.n)>"
    assert repr(~G.word.startswith("p")) == "<Var\xa0~Given.word.startswith('p')>"
    assert isinstance(G.n + 1, Var)
