"""What the comparison page and the home page show of the benchmark."""

import json
from html import escape
from pathlib import Path
from statistics import median

from bench.report import SCENES, cut_short, find, how_often, rows, seconds, sizes_of
from content.reference import table

OWN = "pressrun"
TOLD = {
    "cold": "to build {size} posts with nothing kept",
    "body": "after the words of one post were edited",
    "unchanged": "to find that nothing changed",
}


def results():
    """Read what was measured last."""
    return json.loads(Path("bench/results.json").read_text("utf-8"))


def largest(found):
    """Give the largest size that was measured whole."""
    return max(sizes_of(found), key=lambda size: (not cut_short(found, size), size))


def at_a_glance():
    """Write the three figures of the home page."""
    found = results()
    size = largest(found)
    cells = []
    for scene, words in TOLD.items():
        one = find(found, size, OWN, scene)
        if one and one["wall"]:
            told = escape(words.format(size=f"{size:,}"))
            cells.append(f"<p><b>{seconds(median(one['wall']))}</b> {told}</p>")
    return f'<div class="figures">\n{"".join(cells)}\n</div>\n'


def speeds():
    """Write the benchmark's times of all tools, at the largest size."""
    found = results()
    size = largest(found)
    lines = [[escape(cell) for cell in row[: 1 + len(SCENES)]] for row in rows(found, size)]
    said = f"{size:,} posts, {how_often(found, size)}, {found['date']}, {found['machine']['cores']} cores"
    return f"<p>{said}:</p>\n" + table(["tool", *SCENES.values()], lines)


def versions():
    """Write what was measured."""
    found = results()
    named = [f"{name} {number}" for parts in found["versions"].values() for name, number in parts.items()]
    return ", ".join(named)
