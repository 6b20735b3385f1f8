"""Edits: small random sites and all that people do to them, for the parity test.

An edit is a name and a seed, so a list of these is a whole history that can be replayed. Most names are a verb and a kind of
input (`rename data`, `break [feeds]`); `dealer.py` makes all of them equally often.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from harness import EPOCH
from inputs import BODY, CODE, FOLDERS, INPUTS, PARTS, TAGS, USES, WORDS, asking, filled

CONFIG = "pyproject.toml"
HEAD = "#="
"""Begins the line before each part of the configuration."""
DAY = 86_400
ASIDE = "old-"
"""Begins the name of a file that was put aside."""
QUIET_EVERY = 6
"""So many sites, one of them a quiet one."""
PAGES = ("page", "translation")
"""Kinds of input that are pages."""
PLAIN = "---\ntitle: {0}\n---\n\nPlain words of {0}, enough for every list.\n\nMore words.\n\n## A heading\n\nAnd words again.\n"
"""Nothing leads to or from such a page: in a quiet site there are always some that can be built alone."""
LOUD = ("subprocess", "template: ")
"""In a page: nobody knows what another program reads, and a page without its template is lost."""


@dataclass
class History:
    """A site under edit."""

    root: Path
    random: random.Random = field(default_factory=lambda: random.Random(0))
    epoch: str = EPOCH
    """The "now" of the next build."""
    variable: str = "old"
    """What page code finds in the environment."""
    version: int = 1
    """Of the installed distribution."""
    earlier: list[tuple[str, bytes]] = field(default_factory=list)
    """Contents that files had, to come back to."""
    quiet: bool = False
    """Whether it is one of few and small edits."""
    calm: list[str] = field(default_factory=list)
    """Pages that can be built alone: the last build went through, published them and found nothing wrong with them."""
    used: set[str] = field(default_factory=set)
    """Kinds of input that a page or the configuration was made to ask for."""
    done: list[str] = field(default_factory=list)
    """What was done, in words, for the message of a failure."""

    def begin(self, seed: int) -> None:
        """Write the first files; of a quiet site, pages and what they read are edited."""
        self.random, self.quiet = random.Random(seed), seed % QUIET_EVERY == 0
        for kind in ("module", "plug-in", "package", "theme"):
            for path in INPUTS[kind].paths:
                self.write(kind, path)
        for _ in range(self.random.randint(3, 6)):
            make(self, "page")
        for name in ("calm", "still") if self.quiet else ():
            self.put(f"content/{name}.md", PLAIN.format(name))
        for kind in INPUTS:
            if self.random.random() < 0.6 and not self.quiet:
                make(self, kind)
        often = 0 if self.quiet else 0.25
        some = {
            name: part.right(self.random, "") for name, part in PARTS.items() if self.random.random() < often
        }
        always = {
            "address": 'base_url = "https://site.example/"\n',
            "Markdown": "[tool.pressrun.markdown]\nwikilinks = true\n",
        }
        self.configure({**always, **some})
        self.put(".gitignore", "site/\n.pressrun/\n")

    def edit(self, name: str, seed: int) -> bool:
        """Make one edit; name and seed say wholly which. False when there is nothing of which it can be made."""
        self.random = random.Random(seed)
        what = NAMED[name](self)
        if what:
            self.done.append(f"{name}: {what}")
        return bool(what)

    # -- helpers of edits

    def there(self, kind: str) -> list[str]:
        """The files of a kind that there are."""
        return [path for path in INPUTS[kind].paths if (self.root / path).is_file()]

    def any_file(self) -> str:
        """One of the inputs that there are; nothing when there is none."""
        found = sorted(path for kind in INPUTS for path in self.there(kind))
        return self.random.choice(found) if found else ""

    def some(self, kind: str) -> str:
        """One of the files of a kind; nothing when there is none."""
        return self.random.choice(self.there(kind) or [""])

    def put(self, path: str, content: str | bytes) -> str:
        """Write a file; a file that stands in the way of its folder gives way, and a folder in its own."""
        target = self.root / path
        for parent in reversed(target.relative_to(self.root).parents):
            if os.path.lexists(self.root / parent) and not (self.root / parent).is_dir():
                (self.root / parent).unlink()
        self.remember(path)
        remove(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def remember(self, path: str) -> None:
        """Keep a file's content, to come back to."""
        if (self.root / path).is_file():
            self.earlier.append((path, (self.root / path).read_bytes()))

    def write(self, kind: str, path: str) -> str:
        """Write a file with new content of its kind; a quiet site has none because of which no page can be built alone."""
        content = INPUTS[kind].right(self.random, path)
        while self.quiet and kind in PAGES and any(word in content for word in LOUD):
            content = INPUTS[kind].right(self.random, path)
        return self.put(path, content)

    def read(self, path: str) -> str:
        """The text of a file; empty when it is not there or no text."""
        target = self.root / path
        return target.read_bytes().decode("utf-8", "ignore") if target.is_file() else ""

    def parts(self) -> dict[str, str]:
        """The parts of the configuration."""
        rows = self.read(CONFIG).split(HEAD)[1:]
        return {name: text for name, _, text in (row.partition("\n") for row in rows)}

    def configure(self, parts: dict[str, str]) -> str:
        """Write the configuration; plain keys stand before tables."""
        order = sorted(parts, key=list(PARTS).index)
        return self.put(
            CONFIG, "[tool.pressrun]\n" + "".join(f"{HEAD}{name}\n{parts[name]}" for name in order)
        )


def remove(target: Path) -> None:
    """Take away whatever stands at a path."""
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)


# ---------------------------------------------------------------- what can be done to a kind of input


def make(h: History, kind: str) -> str:
    absent = [path for path in INPUTS[kind].paths if not os.path.lexists(h.root / path)]
    return h.write(kind, h.random.choice(absent)) if absent else ""


def change(h: History, kind: str) -> str:
    path = h.some(kind)
    for _ in range(9 if path else 0):
        before = (h.root / path).read_bytes()
        if h.write(kind, path) and (h.root / path).read_bytes() != before:
            return path
    return ""


def delete(h: History, kind: str) -> str:
    path = h.some(kind)
    if path:
        h.remember(path)
        remove(h.root / path)
    return path


def rename(h: History, kind: str) -> str:
    """To another place where such files may stand, or aside, or back."""
    aside = {path: aside_of(path) for path in INPUTS[kind].paths}
    back = [
        (old, path)
        for path, old in aside.items()
        if (h.root / old).is_file() and not os.path.lexists(h.root / path)
    ]
    if back and h.random.random() < 0.5:
        old, new = h.random.choice(back)
    else:
        old = h.some(kind)
        if not old:
            return ""
        same = [
            path
            for path in INPUTS[kind].paths
            if not os.path.lexists(h.root / path) and Path(path).suffix == Path(old).suffix
        ]
        new = h.random.choice(same) if same and h.random.random() < 0.8 else aside[old]
    content = (h.root / old).read_bytes()
    h.remember(old)
    remove(h.root / old)
    return f"{old} to {h.put(new, content)}"


def aside_of(path: str) -> str:
    """Name what a file is called that was put aside."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{ASIDE}{name}"


def break_(h: History, kind: str) -> str:
    path = h.some(kind) or INPUTS[kind].paths[0]
    wrong = h.random.choice(INPUTS[kind].wrong)
    return h.put(path, wrong) + f" by {wrong!r}"


def mend(h: History, kind: str) -> str:
    wrong = {text.encode() if isinstance(text, str) else text for text in INPUTS[kind].wrong}
    found = [path for path in h.there(kind) if (h.root / path).read_bytes() in wrong]
    return h.write(kind, h.random.choice(found)) if found else ""


def revert(h: History, kind: str) -> str:
    """Back to what a file was, also where it is gone."""
    paths = INPUTS[kind].paths
    found = [
        (p, data)
        for p, data in h.earlier
        if p in paths and not ((h.root / p).is_file() and (h.root / p).read_bytes() == data)
    ]
    return h.put(*h.random.choice(found)) if found else ""


def touch(h: History, kind: str) -> str:
    path = h.some(kind)
    if path:
        os.utime(h.root / path)
    return path


def other_kind(h: History, kind: str) -> str:
    """A file becomes a folder or a link, and these become files again."""
    odd = [p for p in INPUTS[kind].paths if (h.root / p).is_dir() or (h.root / p).is_symlink()]
    if odd and h.random.random() < 0.6:
        return h.write(kind, h.random.choice(odd))
    path = h.some(kind)
    if not path:
        return ""
    content = (h.root / path).read_bytes()
    h.remember(path)
    remove(h.root / path)
    if h.random.random() < 0.5:
        return h.put(f"{path}/inner{Path(path).suffix}", content)
    others = [other for other in h.there(kind) if other != path]
    aim = os.path.relpath(h.root / h.random.choice(others or ["nowhere"]), (h.root / path).parent)
    (h.root / path).symlink_to(aim)
    return f"{path} to {aim}"


VERBS: dict[str, Callable[[History, str], str]] = {
    "create": make, "change": change, "delete": delete, "rename": rename, "break": break_, "mend": mend, "revert": revert, "touch": touch,
    "turn": other_kind,
}  # fmt: skip


def use(h: History, kind: str) -> str:
    """A page, or the configuration, asks for what such files hold."""
    h.used.add(kind)
    parts = USES[kind][0]
    if parts:
        h.configure({**h.parts(), **parts})
    return h.put(h.random.choice(INPUTS["page"].paths), asking(h.random, kind))


# ---------------------------------------------------------------- what can be done to the configuration


def set_part(h: History, name: str, *, there: bool) -> str:
    """Say something new in one part."""
    parts = h.parts()
    for _ in range(9 if (name in parts) == there else 0):
        text = PARTS[name].right(h.random, "")
        if parts.get(name) != text:
            return h.configure({**parts, name: text})
    return ""


def drop_part(h: History, name: str) -> str:
    parts = h.parts()
    return h.configure({key: text for key, text in parts.items() if key != name}) if name in parts else ""


def break_part(h: History, name: str) -> str:
    return h.configure({**h.parts(), name: h.random.choice(PARTS[name].wrong)})


def mend_part(h: History, name: str) -> str:
    parts = h.parts()
    return (
        h.configure({**parts, name: PARTS[name].right(h.random, "")})
        if parts.get(name) in PARTS[name].wrong
        else ""
    )


PART_VERBS: dict[str, Callable[[History, str], str]] = {
    "create": partial(set_part, there=False), "change": partial(set_part, there=True), "delete": drop_part, "break": break_part, "mend": mend_part,
}  # fmt: skip


def configuration_reverts(h: History) -> str:
    found = [data for path, data in h.earlier if path == CONFIG and data != h.read(CONFIG).encode()]
    return h.put(CONFIG, h.random.choice(found)) if found else ""


def configuration_goes_or_comes(h: History) -> str:
    """It is deleted, becomes a folder, is no TOML; and comes back."""
    target = h.root / CONFIG
    if not h.parts():
        return configuration_reverts(h)
    h.remember(CONFIG)
    remove(target)
    how = h.random.choice(["deleted", "folder", "nonsense"])
    if how == "folder":
        target.mkdir()
    elif how == "nonsense":
        target.write_text("[tool.pressrun\n")
    return how


# ---------------------------------------------------------------- what else can be done to pages


def change_line(h: History, key: str, line: str) -> str:
    """Set or drop one line of a page's front matter."""
    path = h.some(h.random.choice(["page", "page", "page", "translation"]))
    rows = h.read(path).split("\n")
    if rows[0] != "---":
        return ""
    kept = [row for row in rows[1:] if not row.startswith(key + ":")]
    return h.put(path, "\n".join(["---", *([line] if line else []), *kept]))


def title(h: History) -> str:
    return change_line(h, "title", f"title: {h.random.choice(WORDS)}")


def date(h: History) -> str:
    return change_line(
        h, "date", f"date: 2026-{h.random.choice(['01', '11', '12'])}-{h.random.randint(10, 28)}"
    )


def tags(h: History) -> str:
    return change_line(h, "tags", f"tags: [{', '.join(h.random.sample(TAGS, 2))}]")


def slug(h: History) -> str:
    return change_line(h, "slug", h.random.choice(["", f"slug: {h.random.choice(WORDS)}"]))


def draft(h: History) -> str:
    return change_line(h, "draft", h.random.choice(["", "draft: true"]))


def author(h: History) -> str:
    return change_line(
        h, "author", h.random.choice(["", "author: Bob", f"author: [Ada {h.random.choice(WORDS)}, Bob]"])
    )


def series(h: History) -> str:
    return change_line(h, "series", h.random.choice(["", "series: one", f"series: {h.random.choice(WORDS)}"]))


def name(h: History) -> str:
    return change_line(h, "id", h.random.choice(["", f"id: {h.random.choice(WORDS)}"]))


def calm_page(h: History) -> str:
    """One that can be built alone, if there is one."""
    calm = [path for path in h.calm if (h.root / path).is_file()]
    plain = [path for path in calm if path in ("content/calm.md", "content/still.md")]
    some = plain if plain and h.random.random() < 0.6 else calm
    return h.random.choice(some or [h.some("page")])


def words(h: History) -> str:
    """At the end of a page, where lists do not look."""
    path = calm_page(h)
    return (
        h.put(path, h.read(path) + f"\nMore {h.random.choice(WORDS)} {h.random.randint(0, 99)}.\n")
        if path
        else ""
    )


def change_block(h: History, change: Callable[[list[str], int], None]) -> str:
    """Change the blocks of a page at one of them behind the front matter, which is the first."""
    path = calm_page(h)
    before = h.read(path)
    blocks = before.split("\n\n")
    if not path or len(blocks) < 2:
        return ""
    change(blocks, h.random.randrange(1, len(blocks)))
    after = "\n\n".join(blocks).rstrip("\n") + "\n"
    return h.put(path, after) if after != before else ""


def phrase(h: History) -> str:
    """Another word wherever it stands: in the excerpt, a heading, a link, an example, or just in the middle."""

    def change(blocks: list[str], at: int) -> None:
        there = [word for word in WORDS if word in blocks[at]]
        if there:
            blocks[at] = blocks[at].replace(h.random.choice(there), h.random.choice(WORDS), 1)

    return change_block(h, change)


def more(h: History) -> str:
    """Another block, anywhere in a page."""

    def change(blocks: list[str], at: int) -> None:
        texts = [*BODY, *CODE * ("import os" in blocks[0])]
        blocks.insert(at, filled(h.random, h.random.choice([text for text in texts if LOUD[0] not in text])))

    return change_block(h, change)


def less(h: History) -> str:
    """A block goes."""
    return change_block(h, lambda blocks, at: blocks.__delitem__(at))


def body(h: History) -> str:
    path = h.some("page")
    return (
        h.put(path, h.read(path) + f"\nMore {h.random.choice(WORDS)}.\n\n### {h.random.choice(WORDS)}\n")
        if path
        else ""
    )


def swap(h: History) -> str:
    """Two files change their names."""
    one, two = h.some("page"), h.some("page")
    if one == two:
        return ""
    first, second = (h.root / one).read_bytes(), (h.root / two).read_bytes()
    h.put(one, second)
    h.put(two, first)
    return f"{one} and {two}"


def recase(h: History) -> str:
    """Only the case of a name changes; `INPUTS` knows one such pair."""
    for one, two in (("p1", "P1"), ("P1", "p1")):
        for folder in FOLDERS:
            old, new = f"{folder}/{one}.md", f"{folder}/{two}.md"
            if (h.root / old).is_file() and not os.path.lexists(h.root / new):
                content = (h.root / old).read_bytes()
                remove(h.root / old)
                return f"{old} to {h.put(new, content)}"
    return ""


def bundle(h: History) -> str:
    """A page becomes the folder of its own page, and back."""
    path = h.some("page")
    if not path:
        return ""
    stem = path.removesuffix(".md")
    folder = f"{stem}/index.md"
    old, new = (folder, path) if (h.root / folder).is_file() else (path, folder)
    if not os.path.lexists(h.root / old):
        return ""
    content = (h.root / old).read_bytes()
    remove(h.root / old)
    return f"{old} to {h.put(new, content)}"


def module_or_package(h: History) -> str:
    """A module becomes a package of the same name, and back."""
    path = h.random.choice(INPUTS["module"].paths)
    package = path.removesuffix(".py") + "/__init__.py"
    if (h.root / package).is_file():
        remove((h.root / package).parent)
        return h.write("module", path)
    return h.put(package, h.read(path)) if (h.root / path).is_file() else ""


def same_size(h: History) -> str:
    """Another content of the same size, and the time of change as before."""
    path = h.any_file()
    target = h.root / path
    if not path:
        return ""
    before, old = target.stat(), target.read_bytes()
    for word in WORDS:
        found = old.replace(word.encode(), word[::-1].encode(), 1)
        if found != old:
            h.put(path, found)
            os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))
            return path
    return ""


def delete_and_add(h: History) -> str:
    """A file goes and comes back with the same bytes."""
    path = h.any_file()
    if not path:
        return ""
    old = (h.root / path).read_bytes()
    remove(h.root / path)
    return h.put(path, old)


# ---------------------------------------------------------------- the world around


def clock(h: History) -> str:
    """The day of the build changes: posts come, expire, are in the future again; so does the year."""
    h.epoch = str(int(EPOCH) + h.random.choice([-30, -1, 0, 3, 30, 60]) * DAY)
    return h.epoch


def variable(h: History) -> str:
    """Another shell has another environment."""
    h.variable = "new" if h.variable == "old" else "old"
    return h.variable


def distribution(h: History) -> str:
    """Another version of an installed distribution."""
    h.version = 3 - h.version
    return str(h.version)


def git(h: History, *arguments: str) -> None:
    """Run git, with a clock that stands on a day."""
    date = f"2026-0{h.random.randint(1, 9)}-02T12:00:00+00:00"
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "A"), ("EMAIL", "a@site.example"), ("DATE", date))
    }
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *arguments], cwd=h.root, env=environment, capture_output=True, timeout=60)


def commit(h: History) -> str:
    """What there is is committed; the first commit makes the repository."""
    if not os.path.lexists(h.root / ".git"):
        git(h, "init", "-q", "-b", "main")
    some = h.any_file() if h.random.random() < 0.5 else ""
    git(h, "add", "-A", *([some] if some else []))
    git(h, "commit", "-q", "-m", "Some")
    return some or "all"


def head_moves(h: History) -> str:
    """Back by a commit, to another branch, into packed refs; `HEAD` breaks, is mended, or the history is cut off."""
    if not (h.root / ".git").is_dir():
        return ""
    ways = {
        "back": ("reset", "-q", "--soft", "HEAD~1"),
        "rename": ("branch", "-m", f"b{h.random.randint(0, 9)}"),
        "pack": ("pack-refs", "--all"),
    }
    how = h.random.choice([*ways, "break", "shallow", "touch"])
    if how in ways:
        git(h, *ways[how])
    elif how == "break":
        broken = (h.root / ".git/HEAD").read_text() == "nothing\n"
        (h.root / ".git/HEAD").write_text("ref: refs/heads/main\n" if broken else "nothing\n")
    elif how == "shallow":
        cut = h.root / ".git/shallow"
        remove(cut) if cut.is_file() else cut.write_text("")
    else:
        (h.root / ".git/HEAD").touch()
    return how


def repository_moves(h: History) -> str:
    """It is deleted, or stands elsewhere and a file says where, or comes back."""
    there, away = h.root / ".git", h.root / ".gitreal"
    if there.is_dir() and h.random.random() < 0.4:
        remove(there)
        remove(away)
        return "deleted"
    if there.is_dir():
        remove(away)
        there.rename(away)
        there.write_text("gitdir: .gitreal\n")
        return "elsewhere"
    if away.is_dir():
        remove(there)
        away.rename(there)
        return "back"
    return ""


def tamper(h: History) -> str:
    """Somebody changes or removes a file of the output."""
    found = sorted(path for path in (h.root / "site").rglob("*.*") if path.is_file())
    if not found:
        return ""
    path = h.random.choice(found)
    if h.random.random() < 0.5:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b"!")
    return path.relative_to(h.root).as_posix()


def hurt_cache(h: History) -> str:
    """Entries of the cache go, or a bit of a file turns, or a file goes."""
    file = h.root / ".pressrun" / h.random.choice(["cache.db", "cache.db", "cache.db", "finished"])
    if not file.is_file():
        return ""
    chance = h.random.random()
    if chance < 0.4 or file.name == "finished":
        raw = bytearray(file.read_bytes())
        at = h.random.randrange(len(raw))
        raw[at] ^= 1 << h.random.randrange(8)
        file.write_bytes(raw)
        return f"bit at {at}"
    if chance < 0.5:
        file.unlink()
        return "gone"
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        units = [row[0] for row in connection.execute("SELECT unit FROM units ORDER BY unit")]
        for unit in h.random.sample(units, min(len(units), 3)):
            if h.random.random() < 0.5:
                connection.execute("DELETE FROM units WHERE unit = ?", (unit,))
            else:
                connection.execute("UPDATE units SET value = x'00' WHERE unit = ?", (unit,))
    except sqlite3.Error:
        return "was damaged already"
    finally:
        connection.close()
    return "entries"


OTHERS: dict[Callable[[History], str], int] = {
    words: 1, phrase: 1, more: 1, less: 1, body: 2, title: 3, date: 2, tags: 2, slug: 1, draft: 1, author: 1, series: 1, name: 1, swap: 1, recase: 1, bundle: 1, module_or_package: 1,
    same_size: 3, delete_and_add: 1, configuration_reverts: 1, configuration_goes_or_comes: 1, clock: 2, variable: 1, distribution: 1, commit: 2,
    head_moves: 2, repository_moves: 1, tamper: 2, hurt_cache: 2,
}  # fmt: skip
"""Edit that is more than a verb for one kind of input → how often it is made for one of the others."""
UNSEEN = {
    one.__name__
    for one in (clock, variable, distribution, commit, head_moves, repository_moves, tamper, hurt_cache)
}
"""What the dev server does not take for an edit of the site's sources."""
NAMED: dict[str, Callable[[History], str]] = {
    **{f"{verb} {kind}": partial(does, kind=kind) for kind in INPUTS for verb, does in VERBS.items()},
    **{f"{verb} [{part}]": partial(does, name=part) for part in PARTS for verb, does in PART_VERBS.items()},
    **{f"use {kind}": partial(use, kind=kind) for kind in USES},
    **{one.__name__: one for one in OTHERS},
}
