"""The benchmark: its posts are always the same ones, its figures come out as written, its runner sees what was not done."""

from __future__ import annotations

import json
import sys
from xml.etree import ElementTree as ET

import pytest

from bench import corpus, peers, report, run

RESULTS = {
    "date": "2026-01-02",
    "minutes": 3,
    "machine": {"cores": 2, "processor": "A chip", "memory": 8 * 2**30, "system": "Linux 6.1", "python": "3.11.7", "load": 0.5},
    "rounds": 3,
    "titles": {"pressrun": "Pressrun", "hugo": "Hugo", "pelican": "Pelican"},
    "lacks": {"pelican": "no links to its <neighbours>"},
    "versions": {"hugo": {"hugo": "0.168.0"}},
    "missing": {"eleventy": "no such version"},
    "measured": [
        {"size": 9, "tool": "pressrun", "scene": "cold", "wall": [1.0, 2.0, 1.5], "cpu": [2.0, 2.0, 2.0], "memory": 50_000_000, "wrong": ""},
        {"size": 9, "tool": "hugo", "scene": "cold", "wall": [3.0, 4.0, 3.0], "cpu": [6.0, 6.5, 7.0], "memory": 300_000_000, "wrong": ""},
        {"size": 9, "tool": "hugo", "scene": "body", "wall": [3.0, 4.0, 3.0], "cpu": [6.0, 6.5, 7.0], "memory": 0, "wrong": "not in x.html: Changed"},
        {"size": 9, "tool": "copy", "scene": "cold", "wall": [0.1, 0.2, 0.15], "cpu": [0.1, 0.1, 0.1], "memory": 0, "wrong": ""},
    ],
}  # fmt: skip


def test_a_post_is_the_same_in_every_corpus_but_at_its_end():
    """So that sizes can be compared: only the last block of posts knows how many there are."""
    dialect = corpus.Dialect()
    assert corpus.post(7, 100, dialect) == corpus.post(7, 1000, dialect)
    assert corpus.post(7, 100, dialect) != corpus.post(8, 100, dialect)
    assert corpus.post(7, 100, dialect) != corpus.post(7, 100, dialect, seed=2)


def test_two_corpora_of_one_seed_are_the_same_bytes(tmp_path):
    """The benchmark of today and of next year measure the same posts."""
    for name in ("one", "two"):
        corpus.write(
            str(tmp_path / name), 60, corpus.Dialect(folders=True), images=str(tmp_path / name / "img")
        )
    one, two = (
        {p.relative_to(r): p.read_bytes() for p in r.rglob("*.*")}
        for r in (tmp_path / "one", tmp_path / "two")
    )
    assert one == two
    assert len(one) == 60 + corpus.IMAGES
    assert corpus.post(0, 100, corpus.Dialect()).splitlines()[1:3] == [
        'title: "The round entry loses a tray 0"',
        "date: 2025-12-31",
    ]


def test_a_post_has_what_posts_have():
    """About 4 KB, four headings, two blocks of code that no other post has, four links, an image, a table."""
    posts = [corpus.post(number, 100, corpus.Dialect()) for number in range(100)]
    assert 3500 < sum(map(len, posts)) / 100 < 5000
    assert all(sum(row.startswith("##") for row in post.splitlines()) == 4 for post in posts)
    assert all(post.count("](post-") == 4 and post.count("![") == 1 and "|---|" in post for post in posts)
    blocks = [block for post in posts for block in post.split("```")[1::2]]
    assert len(set(blocks)) == 200


def test_an_edit_changes_one_place():
    """A changed body leaves the front matter alone, a changed title the body."""
    plain = corpus.post(3, 10, corpus.Dialect())
    assert corpus.post(3, 10, corpus.Dialect(), body_mark="Changed") == plain + "\nChanged\n"
    titled = corpus.post(3, 10, corpus.Dialect(), title_mark=" again")
    assert [a for a, b in zip(titled.splitlines(), plain.splitlines(), strict=True) if a != b] == [
        f'title: "{corpus.title(3)} again"'
    ]


def test_a_ratio_is_the_median_of_the_rounds_own_ratios():
    """3, 2 and 2 times as long in its rounds: twice as long, though the medians are 3 and 1.5 seconds."""
    rows = report.rows(RESULTS, 9)
    assert rows[0][:2] == ["Pressrun", "1.50 s"]
    assert rows[0][-1] == "50 MB"
    assert rows[1][:4] == ["Hugo", "3.00 s ×2.0", "", "not done"]
    assert rows[3][:2] == ["cp -r of Pressrun's output", "0.15 s ×0.10"]


def test_what_was_not_measured_is_said():
    """A tool that could not be installed and one that left work undone stand below the tables with the reason."""
    assert report.remarks(RESULTS) == [
        "eleventy could not be installed: no such version",
        "Hugo, 9 posts, one body edited: not in x.html: Changed",
    ]
    assert "eleventy could not be installed" in report.text(RESULTS)
    assert "3.00 s ×2.0" in report.html(RESULTS)
    assert "no links to its &lt;neighbours&gt;" in report.about(RESULTS)


def test_a_run_that_was_cut_short_says_so():
    """An empty cell is not taken for a tool that could not do the work."""
    assert (
        report.how_often(RESULTS, 9)
        == "median of 3 rounds; the run was cut short, what is empty was not measured"
    )
    full = [
        {"size": 9, "tool": tool, "scene": scene, "wall": [1.0], "cpu": [1.0], "memory": 0, "wrong": ""}
        for tool in RESULTS["titles"]
        for scene in report.SCENES
    ]
    assert report.how_often({**RESULTS, "measured": full}, 9) == "one round only"
    both = {**RESULTS, "measured": [*full, {**full[0], "size": 99}]}
    assert "with 9 posts" in report.picture(both), (
        "the picture is of the largest size that was measured whole"
    )


def test_the_picture_is_drawn_in_the_colour_of_the_text():
    """One dot for each figure, ours full, no colour of its own, so that it is right in light and in dark."""
    drawn = report.picture(RESULTS)
    svg = ET.fromstring(drawn).find("svg")
    assert svg is not None
    dots = {dot.get("class"): dot.get("fill") for dot in svg.iter("circle")}
    assert dots == {"bench-own": "currentColor", "bench-peer": "none"}
    assert "style" not in drawn
    assert "#" not in drawn
    width = float(svg.get("width"))
    assert all(0 <= float(line.get("x2")) <= width for line in svg.iter("line"))


@pytest.mark.long
def test_the_runner_measures_builds_and_floors(tmp_path):
    """Five posts: each scene has a figure in each round, the pages were looked at, the floors are below."""
    made = run.bench([peers.PRESSRUN], [5], 2, tmp_path, lambda _: None)
    by_name = {(one.tool, one.scene): one for one in made}
    assert [one.wrong for one in made if one.wrong] == []
    assert {scene for tool, scene in by_name if tool == "pressrun"} == set(report.SCENES)
    assert all(len(one.wall) == len(one.cpu) == 2 and min(one.wall) > 0 for one in made)
    assert by_name["pressrun", "cold"].memory > 10_000_000
    assert by_name["stat", "unchanged"].wall < by_name["pressrun", "unchanged"].wall
    assert by_name["copy", "cold"].wall < by_name["pressrun", "cold"].wall
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_an_interrupted_run_keeps_what_was_measured(tmp_path):
    """Ctrl-C in the second round leaves the figures of the first, and the report says how many rounds there were."""

    def interrupt(text):
        if "round 2 of 2, body" in text:
            raise KeyboardInterrupt

    made = run.bench([peers.PRESSRUN], [5], 2, tmp_path, interrupt)
    walls = {one.scene: len(one.wall) for one in made if one.tool == "pressrun"}
    assert walls == {"cold": 2, "unchanged": 2, "body": 1, "title": 1}
    measured = [{"size": one.size, "tool": one.tool, "wall": one.wall, "wrong": one.wrong} for one in made]
    assert report.rounds_of({"measured": measured}, 5) == 1
    assert report.ratio({"wall": [2.0, 9.0]}, {"wall": [1.0]}) == 2.0


def test_results_are_written_a_line_for_each_thing_measured():
    """Two runs can be compared line by line, and nothing is lost on the way."""
    text = run.written(RESULTS)
    assert json.loads(text) == RESULTS
    assert sum('"scene"' in line for line in text.splitlines()) == len(RESULTS["measured"])


def test_the_runner_notices_an_edit_that_did_not_arrive(tmp_path):
    """No tool gets a figure for a build that left the old page standing."""
    place = run.Place(peers.PRESSRUN, tmp_path / "site", 5)
    place.prepare()
    sample = place.build()
    assert run.wrong(place, "cold", sample, "") == ""
    place.edit(2, body_mark="Changed in round 1")
    assert "Changed in round 1" in run.wrong(place, "body", sample, " in round 1")
    (place.out / place.page(4)).unlink()
    assert "1 pages are missing" in run.wrong(place, "cold", sample, "")


def test_what_builds_left_is_moved_away_and_not_deleted_between_two_builds(tmp_path):
    """Deleting thousands of files makes ext4 slower for minutes, and the next tool would be charged for it."""
    place = run.Place(peers.PRESSRUN, tmp_path / "site", 5)
    place.prepare()
    before = {path.name for path in place.folder.iterdir()}
    for _ in range(2):
        (place.folder / ".pressrun").mkdir()
        (place.out / "blog").mkdir(parents=True)
        (place.out / "blog" / "index.html").write_text("x")
        place.clear()
        assert {path.name for path in place.folder.iterdir()} == before
    moved = sorted(
        path.relative_to(found).as_posix()
        for found in tmp_path.glob("gone-*")
        for path in found.rglob("*.html")
    )
    assert moved == ["site/blog/index.html"] * 2


def test_processor_time_and_memory_count_child_processes(tmp_path):
    """A build that lets others work for it is charged for them."""
    child = "x = bytearray(60_000_000); sum(range(6_000_000))"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True)"
    sample = run.measure([sys.executable, "-c", parent], tmp_path, watch=True)
    assert sample.status == 0
    assert sample.cpu > 0.05
    assert sample.memory > 60_000_000


def test_a_peer_that_cannot_be_installed_is_reported(tmp_path):
    """The reason is kept, and nothing is made up."""
    with pytest.raises(peers.NotInstalledError):
        peers.call([str(tmp_path / "no-such-client")], tmp_path)
    with pytest.raises(peers.NotInstalledError, match="error: no"):
        peers.call([sys.executable, "-c", "import sys; sys.exit('error: no')"], tmp_path)


@pytest.mark.parametrize("peer", [peers.PRESSRUN, *peers.PEERS], ids=lambda peer: peer.name)
def test_each_tool_has_its_configuration_and_exact_versions(peer):
    """A benchmark of unknown versions says nothing."""
    assert (peers.SITES / peer.name).is_dir()
    assert all(("@" in package[1:]) if peer.npm else ("==" in package) for package in peer.packages)
