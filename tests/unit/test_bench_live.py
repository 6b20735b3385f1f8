"""The benchmark of live demos: its figures come out as written, its server sends and remembers what it should."""

from __future__ import annotations

import shutil
import urllib.request
from pathlib import Path

import pytest

from bench.live import __main__ as run
from bench.live import report, scenes
from bench.live.server import Server, compress, served

RESULTS = {
    "date": "2026-01-02",
    "machine": {"cores": 2, "processor": "A chip", "system": "Linux 6.1", "load": 0.5},
    "browser": "Chromium 1",
    "rounds": 3,
    "scenes": {
        "start": {"floor": [100.0, 200.0, 100.0], "cold": [130.0, 240.0, 140.0], "second": [65.0, 240.0, 112.0]},
        "latency": {"clicks": [1.0] * 94 + [20.0] * 6, "flooded": [5.0], "updates": [1000.0, 2000.5, 3000.0], "frames": [60.0]},
        "early": {"loads": 50, "kept": 49},
    },
}  # fmt: skip


def row(what: str) -> tuple[str, str, str, str]:
    return next(row for row in report.table(RESULTS) if row[0] == what)


def test_a_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    """130/100, 240/200 and 140/100: 1.3, although the medians are 140 and 100."""
    assert row("… beside the floor") == ("… beside the floor", "×1.30", "≤ ×1.35", "ok")
    assert row("… beside the cold one") == ("… beside the cold one", "×0.80", "≤ ×0.60", "MISSED")


def test_figures_say_whether_they_are_what_they_are_to_be() -> None:
    """At the most, at the least, exactly none; and what was not measured says so."""
    assert row("click to changed text, median")[1:] == ("1 ms", "≤ 3 ms", "ok")
    assert row("… 95 of 100")[1:] == ("20 ms", "≤ 10 ms", "MISSED")
    assert row("updates from a task that sleeps 0 s")[1:] == ("2,000/s", "≥ 1,500/s", "ok")
    assert row("clicks at DOMContentLoaded that are lost, of 50 loads")[1:] == ("1", "≤ 0", "MISSED")
    assert row("the same demo on stock Pyodide, cold")[1:] == ("not measured", "", "")


def test_the_table_has_a_line_for_each_figure() -> None:
    """In the terminal and in the manual, with what it was measured on."""
    text = report.text(RESULTS)
    assert len(text.splitlines()) == 1 + len(report.FIGURES) + 2
    assert text.endswith(
        "2026-01-02, 2 cores (A chip), Linux 6.1, Chromium 1; 3 rounds. When it began, 0.5 processes were at work."
    )
    assert report.html(RESULTS).count("<tr>") == 1 + len(report.FIGURES)
    assert {one.scene for one in report.FIGURES} == set(scenes.SCENES)


@pytest.mark.parametrize(
    ("path", "for_demos", "ours"),
    [
        ("/assets/demo.0123456789.js", True, True),
        ("/assets/demo.0123456789.css", True, False),
        ("/assets/worker.0123456789.js", True, True),
        ("/assets/start.0123456789.js", True, True),
        ("/assets/parts.0123456789.js", True, True),
        ("/assets/pyodide.0123456789.js", True, True),
        ("/assets/pyodide.0123456789/pyodide.mjs", True, False),
        ("/assets/micropython.0123456789.wasm", True, False),
        ("/assets/demos/0123.json", True, False),
        ("/assets/theme.0123456789.css", False, False),
        ("/counter/", False, False),
    ],
)
def test_what_counts_as_the_demos_and_as_ours(path: str, for_demos: bool, ours: bool) -> None:
    """The engine is not ours, the theme is not the demos'."""
    assert (scenes.of_demos(path), scenes.of_demos(path) and scenes.is_ours(path)) == (for_demos, ours)


def test_the_server_sends_small_and_remembers(tmp_path: Path) -> None:
    """Compressed to those who say they can read it; not again to those who have it."""
    if shutil.which("node") is None:
        pytest.skip("no node on PATH: the benchmark compresses with it")
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<p>" + "words " * 500)
    (tmp_path / "assets" / "a.js").write_text("let a;" * 100)
    compress(tmp_path)
    with Server(served(tmp_path)) as server:
        with urllib.request.urlopen(server.address + "/") as answer:
            assert len(answer.read()) == 3003
            assert answer.headers["Cache-Control"] == "no-cache"
            mark = answer.headers["ETag"]
        request = urllib.request.Request(server.address + "/assets/a.js", headers={"Accept-Encoding": "br"})
        with urllib.request.urlopen(request) as answer:
            assert len(answer.read()) < 60
            assert answer.headers["Content-Encoding"] == "br"
            assert "immutable" in answer.headers["Cache-Control"]
        request = urllib.request.Request(server.address + "/", headers={"If-None-Match": mark})
        with pytest.raises(urllib.error.HTTPError, match="304") as caught:
            urllib.request.urlopen(request)
        caught.value.close()
        assert [path for path, _ in server.log] == ["/", "/assets/a.js", "/"]
        assert server.log[2][1] == 0


def test_an_unknown_scene_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is built."""
    with pytest.raises(SystemExit) as caught:
        run.main(["--scenes", "start,latncy"])
    assert caught.value.code == 2
    assert "no scene is called latncy; there are weight, start," in capsys.readouterr().err
