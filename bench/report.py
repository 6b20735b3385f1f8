"""Report: what the benchmark found, as a table for the terminal, as tables for the manual, and as a picture.

A figure is the median of the rounds. A ratio, as in `×3.2`, is the median of the rounds' own ratios: how many times as long as
Pressrun the tool took within one round, so that a busy minute falls on both sides of the fraction.
"""

from __future__ import annotations

import math
from html import escape
from statistics import median
from typing import Any

Results = dict[str, Any]

SCENES = {
    "cold": "cold",
    "unchanged": "no change",
    "body": "one body edited",
    "title": "one title edited",
}
OWN = "pressrun"
FLOORS = {
    "copy": "cp -r of Pressrun's output",
    "stat": "bare Python, stat of Pressrun's posts",
}
HEADINGS = ["tool", *SCENES.values(), "processor, cold", "peak memory, cold"]

WIDTH, ROW, LEFT, RIGHT = 720, 20, 170, 90
"""Of the picture: its width, the height of a row, the room for names and for figures."""


def sizes_of(results: Results) -> list[int]:
    """Give the sizes that were measured."""
    return sorted({one["size"] for one in results["measured"]})


def find(results: Results, size: int, tool: str, scene: str) -> dict[str, Any] | None:
    """Give what was measured for a tool in a scene, if it was."""
    for one in results["measured"]:
        if (one["size"], one["tool"], one["scene"]) == (size, tool, scene):
            return dict(one)
    return None


def tools_of(results: Results) -> list[str]:
    """Give the tools that were measured, Pressrun first; floors are none."""
    return list(results["titles"])


def rounds_of(results: Results, size: int) -> int:
    """Give the number of rounds that every tool finished in every scene."""
    return min(len(one["wall"]) for one in results["measured"] if one["size"] == size and not one["wrong"])


def cut_short(results: Results, size: int) -> bool:
    """Say whether a tool that was at work when the run ended has no figure in some scene."""
    return any(
        find(results, size, tool, scene) is None
        for tool in tools_of(results)
        for scene in SCENES
        if not (find(results, size, tool, "cold") or {"wrong": ""})["wrong"]
    )


def how_often(results: Results, size: int) -> str:
    """Say how many rounds stand behind the figures of a size, and whether something is missing."""
    rounds = rounds_of(results, size)
    said = f"median of {rounds} rounds" if rounds > 1 else "one round only"
    short = "; the run was cut short, what is empty was not measured"
    return said + (short if cut_short(results, size) else "")


def ratio(one: dict[str, Any], own: dict[str, Any]) -> float:
    """Give how many times as long as Pressrun a tool took."""
    pairs = zip(one["wall"], own["wall"], strict=False)  # the last round may have been cut short
    return float(median(his / ours for his, ours in pairs))


def seconds(value: float) -> str:
    """Write seconds with as many places as they deserve."""
    return f"{value:.0f} s" if value >= 99.5 else f"{value:.1f} s" if value >= 9.95 else f"{value:.2f} s"


def times(value: float) -> str:
    """Write a ratio."""
    return f"×{value:.0f}" if value >= 9.95 else f"×{value:.1f}" if value >= 0.95 else f"×{value:.2f}"


def cell(results: Results, size: int, tool: str, scene: str) -> str:
    """Write the time of a tool in a scene, and how it stands to Pressrun's."""
    one, own = find(results, size, tool, scene), find(results, size, OWN, scene)
    if one is None:
        return ""
    if one["wrong"] or not one["wall"]:
        return "not done" if one["wrong"] else ""
    taken = seconds(median(one["wall"]))
    if tool == OWN or own is None or own["wrong"] or not own["wall"]:
        return taken
    return f"{taken} {times(ratio(one, own))}"


def rows(results: Results, size: int) -> list[list[str]]:
    """Give the rows of the table of one size: tools, then floors."""
    made = []
    for tool in tools_of(results):
        cold = find(results, size, tool, "cold") or {"cpu": [], "memory": 0}
        cpu = seconds(median(cold["cpu"])) if cold["cpu"] else ""
        memory = f"{cold['memory'] / 1e6:,.0f} MB" if cold["memory"] else ""
        cells = [cell(results, size, tool, scene) for scene in SCENES]
        made.append([results["titles"][tool], *cells, cpu, memory])
    for floor, title in FLOORS.items():
        cells = [cell(results, size, floor, scene) for scene in SCENES]
        if any(cells):
            made.append([title, *cells, "", ""])
    return made


def remarks(results: Results) -> list[str]:
    """Say what could not be measured, and why."""
    made = [f"{name} could not be installed: {reason}" for name, reason in results["missing"].items()]
    made += [
        f"{results['titles'][one['tool']]}, {one['size']:,} posts, {SCENES[one['scene']]}: {one['wrong']}"
        for one in results["measured"]
        if one["wrong"]
    ]
    return made


def text(results: Results) -> str:
    """Write the tables for a terminal."""
    parts = []
    for size in sizes_of(results):
        lines = [HEADINGS, *rows(results, size)]
        widths = [max(len(line[place]) for line in lines) for place in range(len(HEADINGS))]
        parts.append(f"\n{size:,} posts, {how_often(results, size)} (× is to Pressrun's time)\n")
        for line in lines:
            first, *others = [
                part.ljust(width) if place == 0 else part.rjust(width)
                for place, (part, width) in enumerate(zip(line, widths, strict=True))
            ]
            parts.append("  ".join([first, *others]).rstrip())
    return "\n".join([*parts, *(["", *remarks(results)] if remarks(results) else [])])


def html(results: Results) -> str:
    """Write the tables for the manual, each below a heading."""
    parts = []
    for size in sizes_of(results):
        head = "".join(f"<th>{escape(part)}</th>" for part in HEADINGS)
        lines = "".join(
            "<tr>" + "".join(f"<td>{escape(part)}</td>" for part in line) + "</tr>\n"
            for line in rows(results, size)
        )
        parts.append(
            f'<h3 id="posts-{size}">{size:,} posts<a class="anchor" href="#posts-{size}" aria-label="Link to this section"></a></h3>\n'
            f"<p>{how_often(results, size).capitalize()}.</p>\n"
            f'<div class="table" tabindex="0" role="group" aria-label="Times with {size:,} posts"><table>\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}</tbody>\n</table></div>\n"
        )
    said = "".join(f"<li>{escape(remark)}</li>\n" for remark in remarks(results))
    return "".join(parts) + (f"<ul>\n{said}</ul>\n" if said else "")


def about(results: Results) -> str:
    """Say in HTML when, on what and with which versions was measured."""
    box = results["machine"]
    versions = ", ".join(
        f"{name} {version}" for packages in results["versions"].values() for name, version in packages.items()
    )
    facts = [
        ("date", f"{results['date']}, in {results['minutes']} minutes"),
        (
            "machine",
            f"{box['cores']} cores ({box['processor']}), {box['memory'] / 2**30:.0f} GiB, {box['system']}, load {box['load']} when it began",
        ),
        ("Python", box["python"]),
        ("versions", versions or "none"),
        *((f"{results['titles'][name]} does less", lack) for name, lack in results["lacks"].items()),
    ]
    lines = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>\n" for name, value in facts)
    return f'<div class="table" tabindex="0" role="group" aria-label="How it was measured"><table>\n<tbody>\n{lines}</tbody>\n</table></div>\n'


def picture(results: Results) -> str:
    """Draw the times at the largest size that was measured whole: a dot for each tool in each scene, on a scale where each line is ten times the one before.

    The colours are the text's own, so it is right in light and in dark.
    """
    size = max(sizes_of(results), key=lambda size: (not cut_short(results, size), size))
    shown = {
        (scene, tool): median(one["wall"])
        for scene in SCENES
        for tool in tools_of(results)
        if (one := find(results, size, tool, scene)) and one["wall"] and not one["wrong"]
    }
    if not shown:
        return ""
    low = math.floor(math.log10(min(shown.values())))
    high = max(math.ceil(math.log10(max(shown.values()))), low + 1)
    height = 40 + sum(ROW * (2 + sum(at == scene for at, _ in shown)) for scene in SCENES)
    parts: list[str] = []
    for power in range(low, high + 1):
        x = across(10.0**power, low, high)
        parts += [
            f'<line class="bench-grid" x1="{x}" x2="{x}" y1="24" y2="{height - 10}" stroke="currentColor" stroke-opacity="0.25"/>',
            f'<text x="{x}" y="16" text-anchor="middle" fill="currentColor">{10.0**power:g} s</text>',
        ]
    y = 24
    for scene, heading in SCENES.items():
        y += ROW + ROW // 2
        parts.append(f'<text x="0" y="{y}" font-weight="bold" fill="currentColor">{heading}</text>')
        for tool in sorted(tools_of(results), key=lambda tool: shown.get((scene, tool), math.inf)):
            if (scene, tool) in shown:
                y += ROW
                parts += dot(results["titles"][tool], shown[scene, tool], y, low, high, own=tool == OWN)
        y += ROW // 2
    label = f"Seconds for a build of {size:,} posts, by tool and scene; the table below has the same figures"
    return (
        f'<figure class="bench"><svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" role="img" '
        f'aria-label="{label}" font-size="13" font-family="sans-serif">\n'
        + "\n".join(parts)
        + f"\n</svg>\n<figcaption>Wall time with {size:,} posts; less is better. Each line is ten times the one before.</figcaption></figure>\n"
    )


def across(value: float, low: int, high: int) -> float:
    """Give the place of seconds on the scale."""
    return round(LEFT + (math.log10(value) - low) / (high - low) * (WIDTH - LEFT - RIGHT), 1)


def dot(title: str, value: float, y: int, low: int, high: int, *, own: bool) -> list[str]:
    """Draw one tool's row: name, line, dot (ours is full), figure."""
    x = across(value, low, high)
    kind, weight = ("own", "bold") if own else ("peer", "normal")
    fill = "currentColor" if own else "none"
    write = f'fill="currentColor" font-weight="{weight}"'
    return [
        f'<text x="{LEFT - 12}" y="{y}" text-anchor="end" {write}>{escape(title)}</text>',
        f'<line x1="{LEFT}" x2="{x - 5:.1f}" y1="{y - 4}" y2="{y - 4}" stroke="currentColor" stroke-opacity="0.4"/>',
        f'<circle class="bench-{kind}" cx="{x}" cy="{y - 4}" r="5" fill="{fill}" stroke="currentColor" stroke-width="1.5"/>',
        f'<text x="{WIDTH}" y="{y}" text-anchor="end" {write}>{seconds(value)}</text>',
    ]
