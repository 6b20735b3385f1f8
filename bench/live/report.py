"""Report: the figures of live demos, each beside what it is to be, as a table for the terminal and one for the manual."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.live.scenes import ratio

if TYPE_CHECKING:
    from collections.abc import Callable

Results = dict[str, Any]

FRAME = 1000 / 60
"""Milliseconds of a frame: first paints that differ by less are the same to a reader."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that is measured."""

    scene: str
    """The scene that measures it."""
    what: str
    """In words."""
    unit: str
    """`B`, `ms`, `×`, `MB`, `/s`, or empty for a number."""
    value: Callable[[Any], float]
    """The scene's raw values → the figure. A KeyError says that it was not measured."""
    most: float | None = None
    """What it may be at the most."""
    least: float | None = None
    """What it must be at the least."""


def percentile(values: list[float], part: float) -> float:
    """Give the value below which this part of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


FIGURES = (
    Figure("weight", "page with the Collatz demo, all of it", "B", lambda s: s["collatz"]["bytes"], most=200 * 1024),
    Figure("weight", "… requests", "", lambda s: s["collatz"]["requests"]),
    Figure("weight", "… requests for the demo", "", lambda s: s["collatz"]["demo_requests"], most=8),
    Figure("weight", "… of it for the demo", "B", lambda s: s["collatz"]["demo_bytes"]),
    Figure("weight", "… of that our scripts and runtime", "B", lambda s: s["collatz"]["ours"], most=10 * 1024),
    Figure("weight", "page without a demo, for demos", "B", lambda s: s["plain"]["demo_bytes"], most=0),
    Figure("weight", "page with a Pyodide demo, all of it", "B", lambda s: s["pyodide"]["bytes"], most=4_000_000),
    Figure("weight", "layout shift while the demo comes to life", "", lambda s: s["collatz"]["shift"], most=0),
    Figure("start", "the floor: bare engine in a worker, one message back", "ms", lambda s: median(s["floor"])),
    Figure("start", "cold navigation to the first answered event", "ms", lambda s: median(s["cold"])),
    Figure("start", "… beside the floor", "×", lambda s: ratio(s["cold"], s["floor"]), most=1.35),
    Figure("start", "second view", "ms", lambda s: median(s["second"])),
    Figure("start", "… beside the cold one", "×", lambda s: ratio(s["second"], s["cold"]), most=0.6),
    Figure("restart", "restart after a hang, Stop to the next answer", "ms", lambda s: median(s["restart"])),
    Figure("restart", "… beside a cold start", "×", lambda s: ratio(s["restart"], s["cold"]), most=0.6),
    Figure("pyodide", "the same demo on stock Pyodide, cold", "ms", lambda s: median(s["stock"])),
    Figure("pyodide", "MicroPython beside it", "×", lambda s: ratio(s["cold"], s["stock"]), most=1 / 6),
    Figure("pyodide", "on Pyodide as we ship it, cold", "ms", lambda s: median(s["tuned"])),
    Figure("pyodide", "… beside stock Pyodide", "×", lambda s: ratio(s["tuned"], s["stock"]), most=0.6),
    Figure("latency", "click to changed text, median", "ms", lambda s: median(s["clicks"]), most=3),
    Figure("latency", "… 95 of 100", "ms", lambda s: percentile(s["clicks"], 0.95), most=10),
    Figure("latency", "updates from a task that sleeps 0 s", "/s", lambda s: median(s["updates"]), least=1500),
    Figure("latency", "… frames meanwhile", "/s", lambda s: median(s["frames"]), least=55),
    Figure("latency", "… click to changed text meanwhile, 95 of 100", "ms", lambda s: percentile(s["flooded"], 0.95), most=100),
    Figure("many", "20 demos: first paint later than without demos", "ms",
           lambda s: median(s["paint"]["twenty"]) - median(s["paint"]["plain"]), most=FRAME),
    Figure("many", "… all live, beside one demo", "×", lambda s: ratio(s["live"]["twenty"], s["live"]["one"]), most=1.3),
    Figure("many", "… memory more than one demo's", "MB",
           lambda s: (median(s["memory"]["twenty"]) - median(s["memory"]["one"])) / 1e6, most=10),
    Figure("many", "… interpreters", "", lambda s: s["workers"], most=1),
    Figure("rows", "1,000 rows, one changed: rows touched", "", lambda s: max(one["rows"] for one in s["changed"]), most=1),
    Figure("rows", "… click to changed text", "ms", lambda s: median(one["took"] for one in s["changed"])),
    Figure("rows", "… two change places: rows touched", "", lambda s: max(one["rows"] for one in s["swapped"]), most=2),
    Figure("early", "clicks at DOMContentLoaded that are lost, of 50 loads", "", lambda s: s["loads"] - s["kept"], most=0),
)  # fmt: skip


def written(value: float, unit: str) -> str:
    """Write a figure with its unit, with as many places as it deserves."""
    if unit == "B":
        return f"{value:,.0f} B"
    if unit == "×":
        return f"×{value:.2f}"
    places = 0 if value == int(value) or abs(value) >= 100 else 1
    return f"{value:,.{places}f} {unit}".replace(" /s", "/s").strip()


def table(results: Results) -> list[tuple[str, str, str, str]]:
    """Give the rows: what, the figure, what it is to be, and whether it is (`ok`, `MISSED`, or nothing)."""
    rows = []
    for one in FIGURES:
        wanted = limit = ""
        if one.most is not None:
            wanted = f"≤ {written(one.most, one.unit)}"
        elif one.least is not None:
            wanted = f"≥ {written(one.least, one.unit)}"
        try:
            value = one.value(results["scenes"][one.scene])
        except KeyError:
            rows.append((one.what, "not measured", wanted, ""))
            continue
        if wanted:
            kept = (one.most is None or value <= one.most) and (one.least is None or value >= one.least)
            limit = "ok" if kept else "MISSED"
        rows.append((one.what, written(value, one.unit), wanted, limit))
    return rows


def text(results: Results) -> str:
    """Give the table for a terminal."""
    rows = [("", "measured", "to be", ""), *table(results)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                row[1].rjust(widths[1]),
                row[2].rjust(widths[2]),
                row[3].ljust(widths[3]),
            ]
        ).rstrip()
        for row in rows
    ]
    return "\n".join([*lines, "", about(results)])


def html(results: Results) -> str:
    """Give the table for the manual."""
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in table(results)
    )
    head = "".join(f"<th>{name}</th>" for name in ("", "measured", "to be", ""))
    return (
        '<div class="table" tabindex="0" role="group" aria-label="Table"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table></div>\n"
    )


def about(results: Results) -> str:
    """Say on what it was measured, and when."""
    machine = results["machine"]
    return (
        f"{results['date']}, {machine['cores']} cores ({machine['processor']}), {machine['system']}, "
        f"{results['browser']}; {results['rounds']} rounds. When it began, {machine['load']} processes were at work."
    )
