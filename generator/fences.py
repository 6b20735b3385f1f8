"""Fences: what the words behind three backticks mean.

```python demo exec title="One counter" hl="1,3-5"
  language ↑    ↑ verbs   ↑ options
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from generator.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN = re.compile(
    r"""\s*(?:
        (?P<key>[\w.:-]+)=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'{}]*))
      | \{(?P<braces>[^{}]*)\}
      | (?P<word>[^\s{}]+)
      | (?P<odd>.)
    )""",
    re.VERBOSE,
)
LANGUAGE = re.compile(r"[\w+#.-]+")
PYTHON_NAMES = ("python", "py", "python3")
VERBS = ("exec", "eval", "demo", "interpolate", "dedent")
SHOW = ("both", "code", "output", "nothing")
LOOKS = ("title", "hl", "linenos", "ins", "del", "focus", "notes", "wrap", "collapse", "id")
"""What any block of code can carry; the words below mean the same in other tools."""
SYNONYMS = {
    "hl_lines": "hl",
    "highlight": "hl",
    "linenums": "linenos",
    "lineNumbers": "linenos",
    "showLineNumbers": "linenos",
    "name": "title",
}
SWITCHES = ("wrap", "linenos", "linenums", "lineNumbers", "showLineNumbers")
"""Those that can stand alone."""
OPTIONS = (*LOOKS, "source", "region", "lines", "replace", "show", "engine", "isolated", "pause_hidden")
FLAGS = ("isolated", "pause_hidden")
"""Options of demos that can stand alone: `isolated` is `isolated=true`."""


@dataclass(frozen=True, slots=True)
class Fence:
    """The info string of a code block, taken apart."""

    language: str = ""
    """First word, lower case; empty when there is none."""
    verbs: tuple[str, ...] = ()
    """What is to be done with a Python block, in the order written."""
    options: Mapping[str, str] = field(default_factory=dict)
    """`key=value` pairs."""
    classes: tuple[str, ...] = ()
    """Words that mean nothing to Pressrun; kept for style sheets."""
    wrong: str = ""
    """What cannot be understood in a fence that asks for something; empty when all is well."""
    hint: str = ""
    """How to mend it."""

    @property
    def runs(self) -> bool:
        """Whether Python must run for this block."""
        named = "source" in self.options and not self.file
        return bool({"exec", "eval", "demo"} & set(self.verbs)) or named or self.interpolates

    @property
    def file(self) -> str:
        """The file of the site that `source=` names; empty when it names an object of Python."""
        source = self.options.get("source", "")
        return source if "/" in source and ":" not in source else ""

    @property
    def interpolates(self) -> bool:
        """Whether `{{ … }}` inside the block is replaced."""
        return "interpolate" in self.verbs


@lru_cache(maxsize=1024)
def read_fence(info: str) -> Fence:
    """Take an info string apart; whatever is written there, something sensible comes out."""
    language, rest = "", info.strip()
    match = LANGUAGE.match(rest)
    if match and not rest[match.end() :].startswith("="):
        language, rest = match[0].lower(), rest[match.end() :].lstrip(",;")
    verbs, classes, options = [], [], {}
    python = language in PYTHON_NAMES
    for token in TOKEN.finditer(rest):
        if token["key"]:
            options[SYNONYMS.get(token["key"], token["key"])] = value_of(token)
        elif token["braces"] is not None:
            braces = token["braces"].strip()
            if re.fullmatch(r"[\d\s,-]+", braces):
                options.setdefault("hl", braces)
                continue
            for word in TOKEN.finditer(braces):
                if word["key"]:
                    options[SYNONYMS.get(word["key"], word["key"])] = value_of(word)
                elif (word["word"] or "").startswith("#"):
                    options["id"] = word["word"][1:]
                else:
                    classes += re.findall(r"\.([\w-]+)", word["word"] or "")
            if not language and classes and braces.startswith("."):
                language = classes.pop(0).lower()
        elif token["word"] in VERBS and (python or token["word"] in ("interpolate", "dedent")):
            verbs.append(token["word"])
        elif token["word"] in SWITCHES:
            options[SYNONYMS.get(token["word"], token["word"])] = "true"
        elif token["word"] in FLAGS and "demo" in verbs:
            options[token["word"]] = "true"
        elif token["word"] is not None:
            classes += [word for word in re.split(r"[,;]", token["word"]) if re.fullmatch(r"[\w.-]+", word)]
    fence = Fence(language, tuple(verbs), options, tuple(classes))
    return checked(fence)


def value_of(token: re.Match[str]) -> str:
    """Give the value of an option, without its quotes."""
    return token["double"] or token["single"] or token["bare"] or ""


def checked(fence: Fence) -> Fence:
    """Complain about a fence that asks for something in words that do not fit; plain fences are never touched."""
    verbs, options = fence.verbs, fence.options
    wrong = hint = ""
    if "show" in options and options["show"] not in SHOW:
        wrong = f"show={options['show']} is unknown; expected one of {', '.join(SHOW)}"
        hint = did_you_mean(options["show"], SHOW)
    elif "eval" in verbs and len(set(verbs) & {"exec", "eval", "demo"}) > 1:
        wrong = "eval stands alone; expected either eval, or exec, or demo, or demo exec"
    elif fence.runs and set(verbs) & {"exec", "eval", "demo"}:
        strange = next((key for key in options if key not in OPTIONS), None) or next(
            iter(fence.classes), None
        )
        if strange:
            wrong = f"“{strange}” means nothing on a block that runs"
            hint = did_you_mean(strange, [*VERBS, *OPTIONS])
    return Fence(fence.language, verbs, options, fence.classes, wrong, hint) if wrong else fence


def line_numbers(spec: str, most: int) -> set[int]:
    """Give the lines that `1,3-5` names; ValueError when it is no such list."""
    numbers: set[int] = set()
    for part in re.split(r"[,\s]+", spec.strip()):
        match = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6})?)?", part)
        if not match:
            raise ValueError(f"“{part}” is no line number or range; expected for example 1,3-5")
        first = int(match[1])
        last = int(match[2]) if match[2] else (most if "-" in part else first)
        numbers.update(range(first, min(last, most) + 1))
    return numbers
