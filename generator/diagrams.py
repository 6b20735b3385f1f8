"""Diagrams: a block of Mermaid as its source, which a script of ours draws where scripts run; a plug-in of code blocks."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cache import digest
from generator.markdown import code_html
from generator.output import Output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from generator.fences import Fence
    from generator.output import Release

ENGINES = Path(__file__).parent / "engines"
OURS = "mermaid/"
"""How the names of Mermaid's files begin among what hatch_build.py fetched."""
ENTRY = "mermaid.esm.min.mjs"
"""The module that fetches the others, those of the kinds of diagrams that a page shows."""
OPENING = '<figure class="diagram'
"""How our HTML begins, and nobody else's: by this a page is known to have a diagram."""


def fences() -> dict[str, Callable[[str, Fence], str]]:
    """Give what writes the blocks of this language."""
    return {"mermaid": diagram}


def diagram(code: str, fence: Fence) -> str:
    """Write a diagram's source as readers without scripts see it; its title is the figure's caption."""
    title, own = escape(fence.options.get("title", "")), escape(fence.options.get("id", ""))
    opening = escape(" ".join(["", *fence.classes])) + (f'" id="{own}' if own else "")
    caption = f"<figcaption>{title}</figcaption>\n" if title else ""
    block = code_html(escape(code, quote=False), "mermaid")
    return f'{OPENING}{opening}">\n{block}{caption}</figure>\n'


@cache
def files() -> Mapping[str, str]:
    """Give Mermaid's files: name → digest, as the build hook has recorded them."""
    record = json.loads((ENGINES / "engines.json").read_bytes())["files"]
    return {name.removeprefix(OURS): known for name, known in record.items() if name.startswith(OURS)}


def folder() -> str:
    """Give the published folder of these files; it changes when they do."""
    return f"assets/mermaid.{digest(json.dumps(files(), sort_keys=True).encode())[:10]}"


def published(release: Release) -> Iterator[Output]:
    """Give these files, 3.5 MB, which are read only when they are not published yet."""
    for name, known in files().items():
        path = f"{folder()}/{name}"
        if not release.intact(path, known):
            yield Output(path, "Mermaid", (ENGINES / OURS / name).read_bytes())
