"""What the page about building shows: the picture of the stages, and the benchmark's times."""

from bench.report import SCENES, cut_short, how_often, rows, sizes_of
from content.reference import escape, table

STAGES = {
    "scan": "which files there are",
    "load": "the front matter of pages",
    "assemble": "order, tags, all URLs",
    "compose": "Markdown and Python to HTML",
    "render": "that HTML into templates",
    "derive": "lists, feeds, redirects, assets",
    "write": "what differs, all at once",
}
"""In order, each with what it finds out or makes."""
IN_UNITS = {"load", "compose", "render", "derive"}
"""Stages whose work is cut into units."""
ROADS = {
    "nothing": {"scan"},
    "words": {"scan", "load", "compose", "render", "write"},
    "whole": set(STAGES),
}
"""How far a build goes → the stages at which it stops."""

WIDTH, BOX, HEIGHT, STEP, TOP = 360, 214, 44, 58, 30
"""Of the picture: its width (that of a phone), width and height of a box, from box to box, the room above."""


def stages():
    """Draw the stages and the roads through them, in the colour of the text, so it is right in light and in dark."""
    parts = []
    for number, (name, words) in enumerate(STAGES.items()):
        y = TOP + number * STEP
        width = 2 if name in IN_UNITS else 0.75
        parts.append(
            f'<rect x="1" y="{y}" width="{BOX}" height="{HEIGHT}" rx="4" fill="none" stroke="currentColor" stroke-width="{width}"/>'
            f'<text x="12" y="{y + 19}" font-size="15" font-weight="bold" fill="currentColor">{name}</text>'
            f'<text x="12" y="{y + 36}" fill="currentColor">{words}</text>'
        )
        if number:
            parts.append(f'<path d="M24 {y - 13}v11m-4 -5l4 5l4 -5" fill="none" stroke="currentColor"/>')
    for place, (road, stops) in enumerate(ROADS.items()):
        x = BOX + 30 + place * 48
        ys = [TOP + HEIGHT // 2 + n * STEP for n, name in enumerate(STAGES) if name in stops]
        parts.append(f'<text x="{x}" y="16" text-anchor="middle" fill="currentColor">{road}</text>')
        parts.append(f'<path d="M{x} {TOP - 6}V{ys[-1]}" stroke="currentColor" stroke-width="1.5"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="6" fill="currentColor"/>' for y in ys]
    height = TOP + STEP * len(STAGES) - STEP + HEIGHT + 4
    told = "; ".join(f"{road}: {', '.join(s for s in STAGES if s in stops)}" for road, stops in ROADS.items())
    return (
        f'<figure class="stages"><svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH + 60}" role="img" '
        f'aria-label="The stages of a build from top to bottom. Roads through them: {told}" '
        'font-size="13" font-family="sans-serif">\n' + "\n".join(parts) + "\n</svg>\n"
        "<figcaption>Seven stages, and three roads through them. The work of the thick boxes is cut into units.</figcaption></figure>\n"
    )


def measured(results):
    """Give the benchmark's times at the largest size that was measured whole."""
    size = max(sizes_of(results), key=lambda size: (not cut_short(results, size), size))
    lines = [[escape(cell) for cell in row[: 1 + len(SCENES)]] for row in rows(results, size)]
    said = f"<p>{size:,} posts, {how_often(results, size)}; behind the seconds, how many times as long as Pressrun:</p>\n"
    return said + table(["tool", *SCENES.values()], lines)
