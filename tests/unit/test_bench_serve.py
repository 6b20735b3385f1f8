"""The benchmark of dev servers: its figures come out as written, and what was measured before stays."""

from __future__ import annotations

import json
from typing import Any

from bench.serve import __main__ as run
from bench.serve import report
from bench.serve.servers import TOOLS, peer_of


def row(tool: str, scene: str, values: list[float], size: int = 100, **more: Any) -> dict[str, Any]:
    return {"size": size, "tool": tool, "scene": scene, "values": values, **more}


def results() -> dict[str, Any]:
    return {
        "date": "2026-01-02",
        "machine": {"cores": 2, "processor": "A chip", "system": "Linux 6.1"},
        "browser": "Chromium 1",
        "titles": {"pressrun": "Pressrun", "hugo": "<Hugo>"},
        "versions": {"hugo": {"hugo": "0.168.0"}},
        "measured": [
            row("pressrun", "body", [40.0, 50.0, 70.0]),
            row("hugo", "body", [400.0]),
            row("pressrun", "body", [120.0], size=10_000),
            row("hugo", "body", [440.0], size=10_000),
            row("pressrun", "crowd", [90.0], pages=40),
            row("pressrun", "memory", [100.0, 120.0], edits=1000),
        ],
    }


def test_each_figure_stands_beside_its_goal_and_beside_pressruns() -> None:
    """At most 60 ms, a quarter of each other server's, a tenth of memory."""
    lines = report.text(results()).splitlines()
    words = "a paragraph of a post, saved → seen"
    assert report.rows(results()) == [
        ("100", words, "Pressrun", "50 ms", "", "ok"),
        ("100", words, "<Hugo>", "400 ms", "×8.0", "ok"),
        ("10,000", words, "Pressrun", "120 ms", "", "MISSED: ≤ 100 ms"),
        ("10,000", words, "<Hugo>", "440 ms", "×3.7", "MISSED: Pressrun ≤ 110 ms"),
    ]
    assert lines[-3:] == [
        "40 open pages at 100 posts: an edit is on the last one after 90 ms",
        "memory after 1,000 edits at 100 posts: 120 MB, +20.0% since 50 (MISSED: ≤ 10 %)",
        "2026-01-02, 2 cores (A chip), Linux 6.1, Chromium 1; hugo 0.168.0.",
    ]
    assert "&lt;Hugo&gt;" in report.html(results())


def test_a_new_run_replaces_what_it_measured_and_nothing_else() -> None:
    kept = results()
    hugo = next(tool for tool in TOOLS if tool.name == "hugo")
    run.keep(kept, hugo, [row("hugo", "body", [300.0]), row("hugo", "start", [900.0])], {"hugo": "0.169.0"})
    assert report.figure(kept, 100, "hugo", "body") == 300.0
    assert report.figure(kept, 10_000, "hugo", "body") == 440.0
    assert report.figure(kept, 100, "hugo", "start") == 900.0
    assert len(kept["measured"]) == 7
    assert kept["versions"] == {"hugo": {"hugo": "0.169.0"}}


def test_the_results_in_the_repository_can_be_read() -> None:
    """And each tool that they name is one that is measured."""
    found = json.loads(run.RESULTS.read_text("utf-8"))
    assert report.text(found)
    assert {one["tool"] for one in found["measured"]} <= {peer_of(tool).name for tool in TOOLS}
