"""Report: the figures of dev servers, each beside Pressrun's, for the terminal and for the manual."""

from __future__ import annotations

from html import escape
from statistics import median
from typing import Any

Results = dict[str, Any]
SCENES = {
    "start": "start to the first page",
    "body": "a paragraph of a post, saved → seen",
    "title": "the title of the newest post, saved → seen on its page",
    "list": "… and in the list of posts",
}
"""Scene → what it is; the others are Pressrun's alone."""
GOALS = {("body", 100): 60.0, ("body", 10_000): 100.0, ("start", 10_000): 1500.0}
"""Milliseconds that Pressrun may take at the most."""
PART = 0.25
"""Of each other server's time, an edit of Pressrun's may take so much."""


def figure(results: Results, size: int, tool: str, scene: str) -> float | None:
    """Give the median in milliseconds; None when it was not measured."""
    for row in results["measured"]:
        if (row["size"], row["tool"], row["scene"]) == (size, tool, scene) and row["values"]:
            return float(median(row["values"]))
    return None


def rows(results: Results) -> list[tuple[str, ...]]:
    """Give the table: size, scene, tool, milliseconds, how many times Pressrun's, verdict."""
    made: list[tuple[str, ...]] = []
    for size in sorted({row["size"] for row in results["measured"]}):
        for scene, words in SCENES.items():
            own = figure(results, size, "pressrun", scene)
            for tool, title in results["titles"].items():
                value = figure(results, size, tool, scene)
                if value is None:
                    continue
                ratio = f"×{value / own:.1f}" if own and tool != "pressrun" else ""
                made.append(
                    (
                        f"{size:,}",
                        words,
                        title,
                        f"{value:,.0f} ms",
                        ratio,
                        verdict(size, scene, tool, value, own),
                    )
                )
    return made


def verdict(size: int, scene: str, tool: str, value: float, own: float | None) -> str:
    """Say whether a goal was reached; nothing where there is none."""
    if tool == "pressrun":
        goal = GOALS.get((scene, size))
        return "" if goal is None else ("ok" if value <= goal else f"MISSED: ≤ {goal:,.0f} ms")
    if scene != "body" or own is None:
        return ""
    return "ok" if own <= PART * value else f"MISSED: Pressrun ≤ {PART * value:,.0f} ms"


def extras(results: Results) -> list[str]:
    """Give the lines about what is measured of Pressrun alone."""
    made = []
    for row in results["measured"]:
        if row["scene"] == "memory":
            early, late = row["values"]
            word = "ok" if late <= early * 1.1 else "MISSED: ≤ 10 %"
            made.append(
                f"memory after {row['edits']:,} edits at {row['size']:,} posts: {late:.0f} MB, {late / early - 1:+.1%} since 50 ({word})"
            )
        elif row["scene"] == "crowd":
            made.append(
                f"{row['pages']} open pages at {row['size']:,} posts: an edit is on the last one after {median(row['values']):,.0f} ms"
            )
    return made


def text(results: Results) -> str:
    """Write the table for a terminal."""
    table = [("posts", "", "", "", "", ""), *rows(results)]
    widths = [max(len(row[at]) for row in table) for at in range(6)]
    lines = [
        "  ".join(
            cell.rjust(w) if at in (0, 3, 4) else cell.ljust(w)
            for at, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in table
    ]
    return "\n".join([*(line.rstrip() for line in lines), *extras(results), footer(results)])


def html(results: Results) -> str:
    """Write the table for the manual."""
    head = "<tr><th>Posts</th><th>What</th><th>Server</th><th>Median</th><th>Beside Pressrun</th></tr>"
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row[:5]) + "</tr>" for row in rows(results)
    )
    notes = "".join(f"<li>{escape(one)}</li>" for one in [*extras(results), footer(results)])
    table = f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"
    return (
        f'<div class="table" tabindex="0" role="group" aria-label="Dev servers">{table}</div><ul>{notes}</ul>'
    )


def footer(results: Results) -> str:
    """Say what it was measured on."""
    m = results["machine"]
    versions = ", ".join(
        f"{name} {number}" for found in results["versions"].values() for name, number in found.items()
    )
    return f"{results['date']}, {m['cores']} cores ({m['processor']}), {m['system']}, {results['browser']}; {versions}."
