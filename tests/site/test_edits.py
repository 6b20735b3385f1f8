"""After an edit of a page's words that page alone is built; whatever others show or check makes the whole build run."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from harness import Project

from generator import build as stages
from generator.cache import RACY

POST = "---\ntitle: T{n}\ndate: 2026-01-1{n}\ntags: [a]\n---\nFirst words of {n}.\n\n## Part {n}\n\nMore.\n"


class Counted:
    """How often the whole build ran."""

    whole = 0


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    count = Counted()
    plain = stages.build_anew

    def build_anew(*arguments: object) -> stages.Build:
        count.whole += 1
        return plain(*arguments)

    monkeypatch.setattr(stages, "build_anew", build_anew)
    return count


@pytest.fixture
def site(project: Project) -> Project:
    """Five posts with links to each other, a page whose code opens a post, a list with words of its own."""
    for n in range(5):
        project.write(f"blog/p{n}.md", POST.format(n=n) + f"\n[next](p{(n + 1) % 5}.md#part-{(n + 1) % 5})\n")
    project.write("content/index.md", "# Home\n\nText\n")
    project.write(
        "content/quoting.md",
        "---\ntitle: Quoting\n---\n---\nt = open('blog/p4.md').read()\n---\n{{ len(t) }}\n",
    )
    project.write("notes/index.md", "# Notes\n\nAll of them.\n").write("notes/one.md", "# One\n\nWords.\n")
    project.write("pyproject.toml", '[tool.pressrun]\nbase_url = "https://example.org/"\n'
                  '[tool.pressrun.collections.content]\n[tool.pressrun.collections.blog]\nlist = true\n'
                  '[tool.pressrun.collections.notes]\nlist = true\n')  # fmt: skip
    return project.build()


def same_as_clean(site: Project, folder: Path) -> None:
    assert site.tree() == site.clean_tree(folder / "clean")


def change(site: Project, path: str, old: str, new: str) -> Project:
    text = (site.root / path).read_text()
    assert old in text
    return site.write(path, text.replace(old, new)).build()


def test_the_site_of_these_tests_is_well(site: Project) -> None:
    assert site.problems == []


def test_words_of_a_page_build_that_page_alone(site: Project, counted: Counted, tmp_path: Path) -> None:
    for words in ("Other.", "Others.", "**Bold.**", "[self](#part-1) [home](../content/index.md)"):
        change(site, "blog/p1.md", "More.", f"More. {words}")
        assert sorted(site.last.ran) == ["compose:blog/p1.md", "load:blog/p1.md", "render:blog/p1.md"]
        assert site.written == ["blog/p1/index.html"]
    assert counted.whole == 0
    same_as_clean(site, tmp_path)


def test_several_pages_at_once(site: Project, counted: Counted, tmp_path: Path) -> None:
    for n in range(4):
        path = site.root / f"blog/p{n}.md"
        path.write_text(path.read_text().replace("More.", "Much more."))
    assert len(site.build().written) == 4
    assert counted.whole == 0
    same_as_clean(site, tmp_path)


def test_a_touched_page_and_one_put_back_build_nothing(site: Project, counted: Counted) -> None:
    path = site.root / "blog/p1.md"
    before = path.read_text()
    path.write_text(before)
    assert site.build().last.ran == {}
    change(site, "blog/p1.md", "More.", "Less.")
    path.write_text(before)
    assert site.build().written == ["blog/p1/index.html"]
    assert counted.whole == 0


@pytest.mark.parametrize("younger", [True, False])
def test_page_code_may_ask_what_stands_where(site: Project, counted: Counted, younger: bool) -> None:
    """Whether a path is a file or a folder, its size and rights, the names in a folder, a file that is not there, a variable."""
    site.write("data/x.txt", "1").write("data/deep/y.txt", "2")
    (site.root / "data/link.txt").symlink_to("x.txt")
    asked = [
        "[os.path.isdir(p) for p in ('data', 'data/x.txt', 'data/nowhere.txt')]",
        "Path('data/x.txt').exists(), Path('data/link.txt').is_file(), Path('data/x.txt').stat().st_size",
        "[names for _, _, names in os.walk('data')]",
        "sorted(p.name for p in Path('data').glob('*'))",
        "open('data/x.txt').read(), os.environ.get('PRESSRUN_TEST')",
    ]
    code = "---\ntitle: Asking\n---\n---\nimport os\nfrom pathlib import Path\n---\n"
    site.write("content/asking.md", code + "\n\n".join(f"{{{{ {one} }}}}" for one in asked) + "\n").build()
    assert site.problems == []
    if not younger:  # what was touched long before a build is known by its stamp
        time.sleep(RACY / 1e9)
        site.write("content/index.md", "# Home\n\nTexts\n").build()
    counted.whole = 0
    assert site.build().last.ran == {}
    change(site, "blog/p1.md", "More.", "More words.")
    assert sorted(site.last.ran) == ["compose:blog/p1.md", "load:blog/p1.md", "render:blog/p1.md"]
    assert counted.whole == 0
    for new in (
        lambda: site.write("data/new.txt", "3"),
        lambda: (site.root / "data/x.txt").write_text("long"),
    ):
        new()
        assert "compose:content/asking.md" in site.build().last.ran


@pytest.mark.parametrize(
    ("asks", "path"),
    [
        ("open('data/x.txt').read()", "data/x.txt"),
        ("open('data/new.txt').read() if os.path.exists('data/new.txt') else 'none'", "data/new.txt"),
        ("os.path.isfile('data/new.txt')", "data/new.txt"),
        ("os.path.getsize('data/x.txt')", "data/x.txt"),
        ("sorted(os.listdir('data'))", "data/new.txt"),
        ("open('blog/p3.md').read()[-10:]", "blog/p3.md"),
        ("__import__('subprocess').check_output(['cat', 'data/x.txt']).decode()", "data/x.txt"),
        ("os.environ.get('PRESSRUN_TEST')", "PRESSRUN_TEST"),
    ],
)
def test_what_a_page_that_was_built_alone_has_looked_at_is_known(
    site: Project, counted: Counted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asks: str, path: str
) -> None:
    """An edit makes a page ask for something new; when this changes, the page is built again."""
    site.write("data/x.txt", "1")
    site.write("content/asking.md", "---\ntitle: Asking\n---\n---\nimport os\n---\nWords.\n").build()
    counted.whole = 0
    change(site, "content/asking.md", "Words.", f"Words.\n\n{{{{ {asks} }}}}")
    assert (site.problems, counted.whole) == ([], 0)
    before = site.main("/asking/")
    if path == "PRESSRUN_TEST":
        monkeypatch.setenv(path, "other")
    else:
        file = site.root / path
        site.write(path, (file.read_text() if file.exists() else "") + "\nNew words.\n")
    assert site.build().main("/asking/") != before
    same_as_clean(site, tmp_path)


def test_an_edit_of_the_same_size_at_once_is_noticed(site: Project, counted: Counted, tmp_path: Path) -> None:
    for words in ("Mire.", "Mare.", "Mere."):
        path = site.root / "blog/p1.md"
        path.write_text(
            path.read_text().replace("More.", words).replace("Mire.", words).replace("Mare.", words)
        )
        assert words in site.build().html("/blog/p1/")
    assert counted.whole == 0
    same_as_clean(site, tmp_path)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("blog/p1.md", "title: T1", "title: Other"),
        ("blog/p1.md", "tags: [a]", "tags: [a, b]"),
        ("blog/p1.md", "First words", "Other words"),
        ("blog/p1.md", "## Part 1", "## Section 1"),
        ("blog/p1.md", "More.", "word " * 600),
        ("blog/p1.md", "More.", "[gone](nowhere.md)"),
        ("blog/p1.md", "More.", "[gone](p3.md#nowhere)"),
        ("blog/p1.md", "More.", "```python exec\n1/0\n```"),
        ("blog/p1.md", "title: T1", "title: [T1"),
        ("blog/p4.md", "More.", "What another page reads."),
        ("notes/index.md", "All of them.", "All of these."),
        ("content/index.md", "# Home", "# House"),
    ],
)
def test_what_others_show_or_check_makes_the_whole_build_run(
    site: Project, counted: Counted, tmp_path: Path, path: str, old: str, new: str
) -> None:
    change(site, path, old, new)
    assert counted.whole == 1
    same_as_clean(site, tmp_path)


def test_a_page_that_has_a_problem_is_looked_at_with_all_the_others(site: Project, counted: Counted) -> None:
    change(site, "blog/p1.md", "More.", "[gone](nowhere.md)")
    change(site, "blog/p1.md", "\n[gone]", "\n\n\n[gone]")
    assert counted.whole == 2
    assert site.problems == ["blog/p1.md:12:8: error: broken link “nowhere.md”: no such page or file"]


def test_other_files_that_changed_make_the_whole_build_run(
    site: Project, counted: Counted, tmp_path: Path
) -> None:
    path = site.root / "blog/p1.md"
    path.write_text(path.read_text().replace("More.", "Less."))
    site.write("templates/components/footer.html", "<footer>Mine</footer>").build()
    assert counted.whole == 1
    assert "Mine" in site.html("/blog/p1/")
    same_as_clean(site, tmp_path)


def test_a_changed_output_is_mended_by_the_whole_build(
    site: Project, counted: Counted, tmp_path: Path
) -> None:
    (site.root / "site/blog/p2/index.html").write_text("mine")
    change(site, "blog/p1.md", "More.", "Less.")
    assert counted.whole == 1
    same_as_clean(site, tmp_path)


def test_a_damaged_cache_is_left_to_the_whole_build(site: Project, counted: Counted, tmp_path: Path) -> None:
    database = site.root / ".pressrun/cache.db"
    data = bytearray(database.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    database.write_bytes(data)
    change(site, "blog/p1.md", "More.", "Less.")
    assert counted.whole == 1
    same_as_clean(site, tmp_path)


def test_nothing_is_kept_of_an_edit_that_concerns_others(site: Project, tmp_path: Path) -> None:
    """The first page alone could be built, the second concerns others: the cache must not know a half of that."""
    first = site.root / "blog/p1.md"
    first.write_text(first.read_text().replace("More.", "Less."))
    change(site, "blog/p2.md", "title: T2", "title: Two")
    assert {"compose:blog/p1.md", "compose:blog/p2.md"} <= site.last.ran.keys()
    same_as_clean(site, tmp_path)
    assert site.build().last.ran == {}
