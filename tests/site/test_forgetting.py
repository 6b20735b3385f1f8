"""Forgetting: for each kind of key there is a site that goes stale when builds do not record it.

So no kind can be dropped, and no rule of recording be broken, without a test that fails. A kind that appears in any of
these sites and has neither a case nor a reason here fails too.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from inputs import photo
from parity import Parity, install, shared_helpers

from generator import cache
from generator.build import Context
from generator.reference import write_inventory

CANNOT_MATTER = {
    "share-of": "the path of a card is a digest of what stands on it",
    "language": "a translation's language is a part of its URL, which is a key of the page too",
    "schema": "it follows from the files of the model, which are keys of the comparison too",
    "asset": "the theme's files change only with the generator, whose fingerprint drops the whole cache",
    "integrity": "likewise",
    "future": "only the dev server publishes pages of the future; a date is in the page's own front matter too",
}
"""Kinds without a case → why."""

NEW_HELPERS = {"env", "dist", "module"}
"""Kinds that are about the world in which the helper process starts."""
BARE = {
    "pyproject.toml": "[tool.pressrun]\ntitle = 'T'\nauthor = 'A'\ncopyright = 'C'\nbase_url = 'https://site.example/'\n"
}
"""A configuration in which nothing follows from the clock."""


def page(template: str = "", body: str = "Text", **matter: str) -> str:
    """A page; with `template`, rendered by a template that reads nothing but what the case is about."""
    rows = {"title": "T", **({"template": "bare"} if template else {}), **matter}
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in rows.items()) + f"---\n{body}\n"


@dataclass
class Case:
    """A site, an edit, and the kind of key by which the edit is noticed."""

    kind: str
    before: dict[str, str | bytes]
    """Path → content."""
    after: dict[str, str | None]
    """The same, of what the edit changes; None deletes."""
    template: str = ""
    """Of `templates/bare.html`, which pages ask for."""
    act: Callable[[Parity], object] = field(default=lambda parity: None)
    """What the edit does besides."""


CODE = "---\ntitle: T\n---\n---\nimport os\nfrom pathlib import Path\n---\n{{{{ {} }}}}\n"
BASE = BARE["pyproject.toml"]
BLOG = "[tool.pressrun.collections.blog]\nfolder = 'blog'\nurl = '/blog/{slug}/'\nlist = true\norder = 'newest'\n"
POSTS = {"blog/a.md": page(date="2026-01-01"), "blog/b.md": page(date="2026-01-02", title="B")}

MODEL = "from dataclasses import dataclass\n@dataclass\nclass M:\n    {}\n"
CONTENT = "[tool.pressrun.collections.content]\nfolder = 'content'\nurl = '/{path}/'\n"
SCHEMA = (
    BASE + "[tool.pressrun.collections.content]\nfolder = 'content'\nurl = '/{path}/'\nschema = 'models:M'\n"
)

GUESTS = "[tool.pressrun.collections.content]\n"
CASES = {
    "share": Case(
        "share",
        {"content/a.md": page("bare")},
        {"pyproject.toml": BASE + "[tool.pressrun.cards]\nenabled = true\n"},
        template="{{ page.card }}",
    ),
    "file: a page": Case("file", {"content/a.md": page()}, {"content/a.md": page(body="Other")}),
    "file: a data file": Case(
        "file", {"data": "1", "content/a.md": CODE.format("open('data').read()")}, {"data": "2"}
    ),
    "file: a template": Case("file", {"content/a.md": page()}, {"templates/page.html": "own"}),
    "folder": Case("folder", {"data/a": "", "content/a.md": CODE.format("os.listdir('data')")}, {"data/b": ""}),
    "folder: of templates for elements": Case(
        "folder", {"content/a.md": page(body="> x")}, {"templates/markdown/blockquote.html": "own"}
    ),
    "html": Case(
        "html",
        {"pyproject.toml": GUESTS + 'html = "escape"\n', "content/a.md": page(body="<b>x</b>")},
        {"pyproject.toml": GUESTS},
    ),
    "kind": Case("kind", {"content/a.md": CODE.format("os.path.exists('data')")}, {"data": ""}),
    "stat": Case("stat", {"data": "1", "content/a.md": CODE.format("os.path.getsize('data')")}, {"data": "22"}),
    "env": Case(
        "env",
        {"content/a.md": CODE.format("os.environ.get('PRESSRUN_TEST')")},
        {},
        act=lambda parity: change_variable(parity, "new"),
    ),
    "dist": Case(
        "dist",
        {"content/a.md": "---\nimport fancytext\n---\nV{{ fancytext.version }}\n"},
        {},
        act=lambda parity: install(parity.folder / "lib" / "site-packages", 2),
    ),
    "module": Case(
        "module",
        {"content/a.md": CODE.format("__import__('importlib.util').util.find_spec('latertext') is None")},
        {},
        act=lambda parity: install(parity.folder / "lib" / "site-packages", 1, "latertext", "latertext"),
    ),
    "unforeseen": Case(
        "unforeseen",
        {"data": "1", "content/a.md": CODE.format("__import__('subprocess').check_output(['cat', 'data'])")},
        {"data": "2"},
    ),
    "source": Case(
        "source",
        {"content/a.md": page("bare"), "pyproject.toml": BASE + "[tool.pressrun.collections.x]\nfolder = 'content'\nurl = '/{path}/'\ntemplate = 'one.html'\n",
         "templates/one.html": "one", "templates/two.html": "two"},
        {"pyproject.toml": BASE + "[tool.pressrun.collections.y]\nfolder = 'content'\nurl = '/{path}/'\ntemplate = 'one.html'\nlist = true\n"},
        template="{{ page.collection.title }}",
    ),
    "route": Case(
        "route",
        {"content/a.md": page("bare", "[b](b.md)"), "content/b.md": page()},
        {"content/b.md": page(slug="c")},
        template="{{ content }}",
    ),
    "withheld": Case(
        "withheld",
        {"content/a.md": page("bare", "[b](b.md)"), "content/b.md": page(draft="true")},
        {"content/b.md": page(expires="2026-01-01")},
        template="{{ content }}",
    ),
    "url": Case(
        "url",
        {"content/a.md": page("bare", "[x](/old/)"), "content/b.md": page()},
        {"content/b.md": page(aliases="[/old/]")},
        template="{{ content }}",
    ),
    "config:site": Case(
        "config", {"content/a.md": page("bare")}, {"pyproject.toml": "[tool.pressrun]\ntitle = 'New'\n"}, template="{{ site.title }}"
    ),
    "config:markdown": Case(
        "config",
        {"content/a.md": page(body="```python\nx = 1\n```")},
        {"pyproject.toml": BASE + "[tool.pressrun.markdown]\nhighlight = false\n"},
    ),
    "config:execute": Case(
        "config",
        {"content/a.md": CODE.format("__import__('time').sleep(0.5)"), "pyproject.toml": BASE + "[tool.pressrun.execute]\ntimeout = 30\n"},
        {"pyproject.toml": BASE + "[tool.pressrun.execute]\ntimeout = 0.1\n"},
    ),
    "wording": Case(
        "wording",
        {"content/a.md": page("bare")},
        {"pyproject.toml": BASE + "[tool.pressrun.words.en]\nskip = 'Jump'\n"},
        template="{{ say('skip') }}",
    ),
    "speaks": Case(
        "speaks",
        {"content/a.md": page("bare", "> [!NOTE]\n> x"), "content/_defaults.yml": "lang: de", "content/b.md": page(lang="de"), "content/c.md": page(lang="fr")},
        {"content/_defaults.yml": "lang: fr"},
        template="{{ content }}",
    ),
    "config:newsletter": Case(
        "config",
        {"content/a.md": page("bare")},
        {"pyproject.toml": BASE + "[tool.pressrun.newsletter]\naction = 'https://x.example/'\n"},
        template="{{ site.newsletter.action if site.newsletter }}",
    ),
    "config:base_path": Case(
        "config",
        {"content/a.md": page("bare")},
        {"pyproject.toml": BASE.replace("site.example/", "site.example/below/")},
        template="{{ url('/x/') }}",
    ),
    "config:images": Case(
        "config",
        {"content/a.md": page("bare", "![p](p.png)"), "content/p.png": photo(1)},
        {"pyproject.toml": BASE + "[tool.pressrun.images]\nformats = ['webp']\n"},
        template="{{ content }}",
    ),
    "config:search": Case(
        "config",
        {"content/a.md": page("bare")},
        {"pyproject.toml": BASE + "[tool.pressrun.search]\nenabled = true\n"},
        template="{{ site.search }}",
    ),
    "words": Case(
        "words",
        {"content/a.md": page("bare"), "pyproject.toml": BASE + "[tool.pressrun.search]\nenabled = true\n"},
        {"content/a.md": page("bare", "Other")},
    ),
    "searched": Case(
        "searched",
        {"content/a.md": page(), "pyproject.toml": BASE + "[tool.pressrun.search]\nenabled = true\n"},
        {"content/b.md": page()},
    ),
    "titles": Case(
        "titles",
        {"content/a.md": page("bare"), "pyproject.toml": BASE + "[tool.pressrun.search]\nenabled = true\n"},
        {"pyproject.toml": BASE + "[tool.pressrun.search]\nenabled = true\n[tool.pressrun.collections.content]\ntitle = 'Other'\n"},
        template="{{ content }}",
    ),
    "api": Case(
        "api",
        {"content/a.md": page("bare", "```api pkg\n```"), "pkg.py": "def f():\n    'One.'\n"},
        {"pkg.py": "def f():\n    'Two.'\n"},
        template="{{ content }}",
    ),
    "object": Case(
        "object",
        {"content/a.md": page("bare", "[f](api:pkg.f)"), "content/b.md": page(body="```api pkg\n```"), "content/c.md": page(),
         "pkg.py": "def f():\n    'One.'\n"},
        {"content/b.md": page(), "content/c.md": page(body="```api pkg\n```")},
        template="{{ content }}",
    ),
    "external": Case(
        "external",
        {"content/a.md": page("bare", "[f](api:f)"), "x.inv": write_inventory("X", [("f", "function", "one")], ""),
         "pyproject.toml": BASE + "[tool.pressrun.inventories]\n'https://x.example/' = 'x.inv'\n"},
        {"x.inv": write_inventory("X", [("f", "function", "two")], "")},
        template="{{ content }}",
    ),
    "config:api": Case(
        "config",
        {"content/a.md": page("bare", "```api pkg\n```"), "pkg.py": "def f():\n    'One.'\n"},
        {"pyproject.toml": BASE + "[tool.pressrun.api]\nsource = 'https://x.example/{path}'\n"},
        template="{{ content }}",
    ),
    "picture": Case(
        "picture",
        {"content/a.md": page("bare", "![p](p.svg)"), "content/p.svg": "<svg width='1' height='1'/>"},
        {"content/p.svg": "<svg width='2' height='1'/>"},
        template="{{ content }}",
    ),
    "slice": Case("slice", dict(POSTS), {"blog/b.md": page(date="2026-01-02", title="New")}),
    "rules": Case(
        "rules",
        {"content/a.md": page("bare"), "content/_defaults.yml": "author: Ada"},
        {"content/_defaults.yml": "author: Bob"},
        template="{{ page.author[0] }}",
    ),
    "taxonomies": Case(
        "taxonomies",
        {"blog/a.md": page("bare"), "blog/b.md": page()},
        {"blog/b.md": page(tags="[x]")},
        template="{{ site.taxonomies | map(attribute='title') | join }}",
    ),
    "series": Case(
        "series",
        {"blog/a.md": page("bare", series="S"), "blog/b.md": page()},
        {"blog/b.md": page(series="S")},
        template="{{ page.parts | length }}",
    ),
    "terms": Case(
        "terms",
        {"blog/a.md": page("bare", tags="[x]"), "blog/b.md": page("bare", tags="[x, y]")},
        {"blog/b.md": page("bare", tags="[y]")},
        template="{{ content }}",
    ),
    "term-url": Case(
        "term-url",
        {"content/a.md": page("bare", tags="[x]"), "blog/b.md": page()},
        {"blog/b.md": page(tags="[x]")},
        template="{{ page.tags | length }}",
    ),
    "neighbours": Case(
        "neighbours",
        {"blog/a.md": page("bare", date="2026-01-01"), "blog/b.md": page("bare", date="2026-01-02")},
        {"blog/b.md": page("bare", date="2026-01-02", title="New")},
        template="{{ page.next.title if page.next }}",
    ),
    "nav": Case(
        "nav",
        {"content/a.md": page("bare"), "content/b.md": page("bare")},
        {"content/b.md": page("bare", title="New")},
        template="{{ site.nav | map(attribute='title') | join }}",
    ),
    "crumbs": Case(
        "crumbs",
        {"content/g/a.md": page("bare"), "content/g/index.md": page("bare")},
        {"content/g/index.md": page("bare", title="New")},
        template="{{ page.breadcrumbs | map(attribute='title') | join }}",
    ),
    "id": Case(
        "id",
        {"content/a.md": page("bare", "[x](id:ink)"), "content/b.md": page(id="ink"), "content/c.md": page()},
        {"content/b.md": page(), "content/c.md": page(id="ink")},
        template="{{ content }}",
    ),
    "wiki": Case(
        "wiki",
        {"content/a.md": page("bare", "[[ink]]"), "content/b.md": page(title="Ink"), "content/c.md": page(),
         "pyproject.toml": BASE + "[tool.pressrun.markdown]\nwikilinks = true\n"},
        {"content/b.md": page(), "content/c.md": page(title="Ink")},
        template="{{ content }}",
    ),
    "model": Case(
        "model",
        {"content/a.md": page(colour="red"), "models.py": MODEL.format("colour: str"), "pyproject.toml": SCHEMA},
        {"content/b.md": page()},
    ),
    "dialect": Case(
        "dialect",
        {"content/a.md": page("bare", "{1 + 1}"), "pyproject.toml": BASE + CONTENT},
        {"pyproject.toml": BASE + CONTENT + "dialect = 'flexdown'\n"},
        template="{{ content }}",
    ),
    "switch": Case(
        "switch",
        {"content/a.md": page("bare"), "pyproject.toml": "[tool.pressrun]\ntitle = 'T'\nlanguages = ['fr']\n", "content/b.fr.md": page()},
        {"content/a.fr.md": page()},
        template="{{ page.translations | length }}",
    ),
    "menu": Case(
        "menu",
        {"content/g/b.md": page("bare")},
        {"content/a.md": "---\ntitle: A\nmenu: true\n---\nx\n"},
        template="{{ site.menu | map(attribute='title') | join }}",
    ),
    "docs": Case(
        "docs",
        {"content/g/b.md": page("bare")},
        {"content/g/a.md": page("bare")},
        template="{{ site.docs_url }}",
    ),
    "lists": Case(
        "lists",
        {"blog/a.md": page("bare"), "pyproject.toml": BASE + BLOG},
        {"pyproject.toml": BASE + BLOG + "title = 'New'\n"},
        template="{{ site.collections | map(attribute='title') | join }}",
    ),
    "feeds": Case(
        "feeds",
        {"blog/a.md": page("bare"), "pyproject.toml": BASE + BLOG},
        {"pyproject.toml": BASE + BLOG + "title = 'New'\n"},
        template="{{ site.feeds | map(attribute='title') | join }}",
    ),
    "feeds-of": Case(
        "feeds-of",
        {**{k: v.replace("title", "tags: [x]\ntitle") for k, v in POSTS.items()}, "pyproject.toml": BASE,
         "templates/list.html": "{{ page.feeds | map(attribute='url') | join }}"},
        {"pyproject.toml": BASE + "[tool.pressrun.feeds]\nof = ['site', 'collections', 'tags']\n"},
    ),
    "feed": Case("feed", dict(POSTS), {"blog/b.md": page(date="2026-01-02", title="New")}),
    "feed-at": Case(
        "feed-at",
        {**POSTS, "pyproject.toml": BASE + BLOG},
        {"pyproject.toml": BASE + BLOG + "title = 'New'\n"},
        template="{{ content }}",
    ),
    "years": Case(
        "years",
        {"blog/a.md": page(date="2026-01-01"), "blog/b.md": page(date="2025-01-01"), "pyproject.toml": BASE + BLOG + "page_size = 1\n",
         "templates/list.html": "{{ years | map(attribute='title') | join }}"},
        {"blog/b.md": page(date="2024-01-01")},
    ),
    "related": Case(
        "related",
        {f"blog/{n}.md": page("bare", date=f"2026-01-0{i}", tags="[x, y]" if n == "a" else "[x]") for i, n in enumerate("abcde", 1)},
        {"blog/e.md": page("bare", date="2026-01-05", tags="[x, y]")},
        template="{{ page.related | map(attribute='url') | join }}",
    ),
    "card": Case(
        "card",
        {f"blog/{n}.md": page("bare", date=f"2026-01-0{i}", tags="[x]") for i, n in enumerate("ab", 1)},
        {"blog/b.md": page("bare", date="2026-01-02", tags="[x]", title="New")},
        template="{{ page.related | map(attribute='title') | join }}",
    ),
    "kin-of": Case(
        "kin-of",
        {f"blog/{n}.md": page("bare", date=f"2026-01-0{i}", tags="[x]") for i, n in enumerate("abcde", 1)},
        {"blog/c.md": page("bare", date="2026-01-03", tags="[y]")},
        template="{{ page.related | map(attribute='url') | join }}",
    ),
    "modified": Case(
        "modified",
        {"content/a.md": page("bare")},
        {},
        template="{{ page.modified }}",
        act=lambda parity: commit(parity.root),
    ),
    "twin-at": Case(
        "twin-at",
        {"content/a.md": page("bare")},
        {"pyproject.toml": BASE + "llms = true\n"},
        template="{{ page.markdown }}",
    ),
    "twins": Case(
        "twins",
        {"content/a.md": page("bare"), "pyproject.toml": BASE + "llms = true\n"},
        {"content/b.md": page("bare")},
        template="{{ content }}",
    ),
    "year": Case(
        "year",
        {"content/a.md": page("bare")},
        {},
        template="{{ site.year }}",
        act=lambda parity: setattr(parity.history, "epoch", "1700000000"),
    ),
    "about": Case(
        "about",
        {"blog/a.md": page("bare"), "templates/list.html": "{{ entries | map(attribute='description') | join }}"},
        {"blog/a.md": page("bare", "Other")},
        template="{{ content }}",
    ),
    "front": Case(
        "front",
        {"blog/index.md": page(), **POSTS, "pyproject.toml": BASE + BLOG + "page_size = 1\n", "templates/list.html": "{{ pager.count if pager }}"},
        {"blog/older.md": page("bare", date="2026-01-01")},
        template="{{ content }}",
    ),
    "listing": Case(
        "listing",
        {**POSTS, "pyproject.toml": BASE + BLOG + "page_size = 1\n", "templates/list.html": "{{ pager.count if pager }}"},
        {"blog/older.md": page("bare", date="2026-01-01")},
        template="{{ content }}",
    ),
    "redirect-to": Case(
        "redirect-to",
        {"content/a.md": page("bare", aliases="[/old/]"), "templates/redirect.html": "{{ target }}"},
        {"content/a.md": page("bare", aliases="[/old/]", slug="b")},
        template="{{ content }}",
    ),
    "template": Case(
        "template",
        {"blog/a.md": page(), "pyproject.toml": BASE + BLOG, "templates/one.html": "one"},
        {"pyproject.toml": BASE + BLOG + "template = 'one.html'\n"},
    ),
    "template-of": Case(
        "template-of",
        {"content/a.md": page("bare"), "templates/page.html": "usual"},
        {"templates/bare.html": "own"},
    ),
    "load": Case(
        "load",
        {"content/a.md": page("bare", weight="1", extra="")},
        {"content/a.md": page("bare", weight="1", date="2026-01-01")},
        template="{{ page.date }}",
    ),
    "compose": Case(
        "compose", {"data": "1", "content/a.md": CODE.format("open('data').read()")}, {"data": "2"}
    ),
}  # fmt: skip


KNOWN = {case.kind for case in CASES.values()} | set(CANNOT_MATTER)
"""Kinds of keys with a case or a reason to have none."""


def commit(root: Path) -> None:
    """Make a repository of the site, with one commit of all its files."""
    who = ("-c", "user.name=A", "-c", "user.email=a@site.example", "-c", "commit.gpgsign=false")
    for arguments in (("init", "-q"), ("add", "-A"), (*who, "commit", "-q", "-m", "All")):
        subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, timeout=60)


def change_variable(parity: Parity, value: str) -> None:
    """Change a variable of the environment, as another shell would have it: with helpers that start anew."""
    os.environ["PRESSRUN_TEST"] = value
    for one in parity.contexts:
        one.close()


def forgetful(monkeypatch: pytest.MonkeyPatch, kind: str) -> set[str]:
    """Make builds forget keys of a kind; give the kinds that they record, which fill up as they build."""
    seen: set[str] = set()

    plain = cache.Cache.put

    def put(self: cache.Cache, unit: str, keys: dict[str, str], *rest: object, keep: bool = True) -> None:
        kinds = {key: key.partition(":")[0] for key in keys}
        seen.update(kinds.values())
        plain(self, unit, {k: v for k, v in keys.items() if kinds[k] != kind}, *rest, keep=keep)

    monkeypatch.setattr(cache.Cache, "put", put)
    return seen


def story(folder: Path, case: Case, contexts: tuple[Context, Context]) -> None:
    """Build the site, make the edit, check it. Raises AssertionError when the site is not that of a clean build."""
    folder.mkdir()
    site = Parity(folder.resolve(), contexts)
    install(folder / "lib" / "site-packages", 1)
    bare = {"templates/bare.html": case.template} if case.template else {}
    for path, content in {**BARE, **bare, **case.before}.items():
        site.history.put(path, content)
    site.made(site.root, contexts[0])
    for path, content in case.after.items():
        if content is None:
            (site.root / path).unlink()
        else:
            site.history.put(path, content)
    case.act(site)
    site.check()


@pytest.fixture(scope="module")
def contexts() -> Iterator[tuple[Context, Context]]:
    with shared_helpers() as pair:
        yield pair


@pytest.fixture
def world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, contexts: tuple[Context, Context]
) -> Callable[[str, Case], None]:
    """Give the function that tells a story in a world with its own variables and distributions."""
    monkeypatch.setenv("PRESSRUN_TEST", "old")

    def tell(name: str, case: Case) -> None:
        monkeypatch.setenv("PRESSRUN_TEST", "old")
        if case.kind not in NEW_HELPERS:
            story(tmp_path / name, case, contexts)
            return
        with monkeypatch.context() as patch, shared_helpers() as own:
            patch.setattr("sys.path", [*sys.path, str(tmp_path / name / "lib" / "site-packages")])
            story(tmp_path / name, case, own)

    return tell


def test_every_kind_of_fact_has_a_case_or_a_reason() -> None:
    """Also those that none of these sites has."""
    texts = "".join(path.read_text("utf-8") for path in sorted(Path(cache.__file__).parent.rglob("*.py")))
    stated = set(re.findall(r'facts\.put(?:_bytes)?\(\s*f?"([\w-]+)', texts)) | set(
        re.findall(r'reads\.fact\(\s*f?"([\w-]+)', texts)
    )
    assert len(stated) > 50
    assert stated <= KNOWN
    assert set(cache.OUTSIDE) <= KNOWN


@pytest.mark.parametrize("name", CASES)
def test_a_build_that_forgets_a_kind_of_key_gives_a_stale_site(
    world: Callable[[str, Case], None], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """With all keys the edit is followed; without this kind it is not."""
    with monkeypatch.context() as patch:
        seen = forgetful(patch, "")
        world("whole", CASES[name])
        assert seen <= KNOWN, "kinds of key without a case or a reason"
        assert CASES[name].kind in seen
    with monkeypatch.context() as patch:
        forgetful(patch, CASES[name].kind)
        with pytest.raises((AssertionError, KeyError)):  # a stale site, or one that does not fit together
            world("forgetful", CASES[name])
