"""Edits: small random sites and the changes that people make to them, for the parity test.

An edit is a name and a seed, so a list of these is a whole history that can be replayed.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import PIL.Image
from harness import EPOCH
from PIL.PngImagePlugin import PngInfo

WORDS = ["press", "ink", "paper", "type", "proof", "plate", "sheet"]
TAGS = ["a", "b", "A", "c d"]
SERIES = ["", "", "one", "two"]
STEMS = ["p0", "p1", "p2", "p3", "P1", "index", "README", "2026-03-04-dated"]
FOLDERS = ["blog", "content", "content/guide", "blog/deep"]
DATA = ["data/x.txt", "data/y.txt", "data/deep/z.txt", "blog/list.csv"]
PIXEL = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
DAY = 86_400

CODE = [
    "{{ shown() }}",
    "{{ Path('data/x.txt').read_text() if Path('data/x.txt').exists() else 'none' }}",
    "{{ sorted(p.name for p in Path('data').glob('*')) }}",
    "{{ [len(files) for _, _, files in os.walk('data')] }}",
    "{{ os.path.isdir('data/y.txt') }}",
    "{{ Path('data/y.txt').stat().st_size if Path('data/y.txt').is_file() else 0 }}",
    "{{ open('data/nowhere.txt').read() }}",
    "```python source=shown\n```",
    "```python exec show=both\nprint(shown())\n```",
    "```python source=blog.deepest:leaf\n```",
]
"""What pages with Python ask for: modules, data files that are there or not, folders."""

MODULES = {
    "blog/shared.py": "from blog.middle import half\n\n\ndef shown():\n    return half() + {number}\n\n\ndef other():\n    return {other}\n",
    "blog/middle.py": "from blog import deepest\n\n\ndef half():\n    return deepest.leaf() // 2 + {other}\n",
    "blog/deepest.py": "def leaf():\n    return {number}\n\n\ndef unused():\n    return {other}\n",
}
TEMPLATES = {
    "templates/components/footer.html": "<footer>{word} {{{{ site.tags_url }}}} {{% include 'extra.html' ignore missing %}}</footer>\n",
    "templates/components/post-card.html": "<li>{word} {{{{ entry.title }}}} {{{{ entry.url }}}} {{{{ entry.description }}}}</li>\n",
    "templates/components/mark.html": "{{% from ['mine.html', 'theme/components/mark.html'] import register_mark %}}\n",
    "templates/extra.html": "extra {word} {{{{ site.title }}}} {{% include ['one.html', 'two.html'] ignore missing %}}\n",
    "templates/mine.html": "{{% macro register_mark(name) %}}{word}{{% endmacro %}}\n",
    "templates/one.html": "one {word}\n",
    "templates/two.html": "two {{% for c in site.collections %}}{{{{ c.title }}}}{{% endfor %}}\n",
    "templates/own.html": "{word} {{{{ page.title }}}} {{{{ content }}}} {{{{ page.previous.title if page.previous }}}}\n",
    "templates/post.html": '{{% extends "theme/post.html" %}}{{% block skip %}}{word} {{{{ page.series }}}}{{% endblock %}}\n',
    "templates/page.html": "{{% extends 'theme/page.html' %}}{{% block skip %}}{{% for n in site.nav %}}{{{{ n.title }}}}{{% endfor %}}{{% endblock %}}\n",
    "templates/404.html": "lost {word}\n",
}
CONFIGS = [
    'title = "{word}"\n',
    'title = "{word}"\nbase_url = "https://site.example/{word}/"\n',
    'author = "{word}"\ncopyright = "{word}"\n[tool.pressrun.markdown]\ntoc_depth = 2\n',
    '[tool.pressrun.collections.blog]\nfolder = "blog"\nurl = "/{word}/{{slug}}/"\nlist = true\norder = "{order}"\npage_size = 2\n',
    'exclude = ["blog/p1*", "data"]\n[tool.pressrun.markdown]\nhighlight = false\n',
    'base_url = "https://site.example/"\n[tool.pressrun.search]\nenabled = true\n',
    '[tool.pressrun.newsletter]\naction = "https://news.example/{word}"\n',
    '[tool.pressrun.collections.all]\nfolder = "."\nurl = "/{{path}}/"\ntemplate = "post.html"\nlist = true\norder = "newest"\n',
]


@dataclass
class History:
    """A site under edit."""

    root: Path
    random: random.Random = field(default_factory=lambda: random.Random(0))
    epoch: str = EPOCH
    """The "now" of the next build."""
    earlier: list[tuple[str, bytes]] = field(default_factory=list)
    """Contents that files had, to come back to."""
    done: list[str] = field(default_factory=list)
    """What was done, in words, for the message of a failure."""

    def begin(self, seed: int) -> None:
        """Write the first files."""
        self.random = random.Random(seed)
        for path in [*MODULES, *DATA[:2]]:
            self.write(path)
        for _ in range(self.random.randint(3, 6)):
            new_page(self)
        self.put("blog/picture.gif", PIXEL)

    def edit(self, name: str, seed: int) -> None:
        """Make one edit; name and seed say wholly which."""
        self.random = random.Random(seed)
        self.done.append(f"{name} {NAMED[name](self) or ''}".strip())

    # -- helpers of edits

    def files(self, suffix: str = "") -> list[str]:
        """The sources there are."""
        found = []
        for top in ("blog", "content", "data", "templates"):
            for where, _, names in os.walk(self.root / top):
                found += [
                    (Path(where) / n).relative_to(self.root).as_posix() for n in names if n.endswith(suffix)
                ]
        return sorted(f for f in found if "__pycache__" not in f)

    def some(self, suffix: str = "") -> str:
        """One of the sources; a path that is not there when there is none."""
        return self.random.choice(self.files(suffix) or ["content/none.md"])

    def put(self, path: str, content: str | bytes) -> str:
        """Write a file; a file that stands in the way of its folder gives way, and a folder in its own."""
        target = self.root / path
        for parent in reversed(target.relative_to(self.root).parents):
            if (self.root / parent).is_file():
                (self.root / parent).unlink()
        if target.is_dir():
            shutil.rmtree(target)
        elif target.is_file():
            self.earlier.append((path, target.read_bytes()))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def write(self, path: str) -> str:
        """Write a file with new content of its kind."""
        number, other = self.random.randint(0, 3), self.random.randint(0, 3)
        word = self.random.choice(WORDS)
        if path in MODULES:
            return self.put(path, MODULES[path].format(number=number, other=other))
        if path in TEMPLATES:
            return self.put(path, TEMPLATES[path].format(word=word))
        return self.put(path, page(self) if path.endswith(".md") else word)

    def read(self, path: str) -> str:
        """The text of a source; empty when it is not there."""
        target = self.root / path
        return target.read_text() if target.is_file() else ""


def page(history: History) -> str:
    """A page: front matter, links to pages, anchors and pictures that may be there or not, perhaps Python."""
    r = history.random
    words = r.choices(WORDS, k=6)
    matter = [f"title: {words[0]} {r.randint(0, 9)}"]
    matter += [f"date: 2026-{r.choice(['03', '11', '12'])}-{r.randint(10, 28)}"] if r.random() < 0.8 else []
    matter += [f"tags: [{', '.join(r.sample(TAGS, r.randint(0, 3)))}]"]
    matter += r.choice([[], [], ["draft: true"], [f"expires: 2026-11-{r.randint(18, 28)}"]])
    matter += r.choice(
        [[], [], [f"slug: {words[1]}"], [f"aliases: [/old-{words[1]}/]"], [f"series: {words[2]}"]]
    )
    matter += r.choice(
        [[], [], ["template: own"], ["image: picture.gif"], ["weight: 3"], [f"permalink: /{words[3]}/"]]
    )
    matter += r.choice(
        [[], [], [f"description: {words[4]}"], ["updated: 2026-11-20"], ["author: [x]"], ["toc: false"]]
    )
    header = "---\n" + "\n".join(matter) + "\n---\n"
    body = f"\n# {words[0]}\n\n" if r.random() < 0.5 else "\n"
    body += " ".join(words) * r.randint(1, 3)
    for _ in range(r.randint(0, 2)):
        body += f" [x]({r.choice(['', '../', '../blog/', '/content/'])}{r.choice(STEMS)}.md{r.choice(['', '#' + words[2]])})"
    body += r.choice(["", f" [y](/{words[3]}/)", " ![p](picture.gif)", " [t](/tags/)"])
    body += f"\n\n## {words[2]}\n\n```python\nx = 1\n```\n"
    if r.random() < 0.4:
        header += "---\nimport os\nfrom pathlib import Path\nfrom blog.shared import shown\n---\n"
        body += "\n\n" + "\n\n".join(r.sample(CODE, r.randint(1, 3))) + "\n"
    return header + body


# ---------------------------------------------------------------- the edits


def new_page(h: History) -> str:
    return h.write(f"{h.random.choice(FOLDERS)}/{h.random.choice(STEMS)}.md")


def rewrite(h: History) -> str:
    return h.write(h.some(".md"))


def change_line(h: History, key: str, line: str) -> str:
    """Set or drop one line of a page's front matter."""
    path = h.some(".md")
    rows = h.read(path).split("\n")
    if rows[0] == "---":
        kept = [row for row in rows[1:] if not row.startswith(key + ":")]
        h.put(path, "\n".join(["---", *([line] if line else []), *kept]))
    return path


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


def body(h: History) -> str:
    path = h.some(".md")
    return h.put(path, h.read(path) + f"\nMore {h.random.choice(WORDS)}.\n\n### {h.random.choice(WORDS)}\n")


def delete(h: History) -> str:
    path = h.some()
    target = h.root / path
    if target.is_file():
        h.earlier.append((path, target.read_bytes()))
        target.unlink()
    return path


def move(h: History) -> str:
    """To another collection, another folder or another name."""
    path = h.some(".md")
    target = f"{h.random.choice(FOLDERS)}/{h.random.choice(STEMS)}.md"
    data = h.read(path)
    delete_path(h, path)
    h.put(target, data)
    return f"{path} to {target}"


def delete_path(h: History, path: str) -> None:
    (h.root / path).unlink(missing_ok=True)


def swap(h: History) -> str:
    """Two files change their names."""
    one, two = h.some(".md"), h.some(".md")
    if one != two:
        first, second = h.read(one), h.read(two)
        h.put(one, second)
        h.put(two, first)
    return f"{one} and {two}"


def recase(h: History) -> str:
    """Only the case of a name changes."""
    path = h.some(".md")
    folder, _, name = path.rpartition("/")
    data = h.read(path)
    delete_path(h, path)
    return h.put(f"{folder}/{name.removesuffix('.md').swapcase()}.md", data)


def file_or_folder(h: History) -> str:
    """A page becomes the folder of its own page, and back; a data file becomes a folder."""
    path = h.random.choice([h.some(".md"), "data/y.txt"])
    target = h.root / path
    if path == "data/y.txt":
        return h.write("data/y.txt/inner.txt" if target.is_file() else path)
    data = h.read(path)
    delete_path(h, path)
    stem = path.removesuffix(".md")
    return h.put(stem.removesuffix("/index") + ".md" if stem.endswith("/index") else f"{stem}/index.md", data)


def module(h: History) -> str:
    return h.write(h.random.choice(list(MODULES)))


def module_or_package(h: History) -> str:
    """A module becomes a package of the same name, or breaks, or goes."""
    path = h.random.choice(list(MODULES))
    if h.random.random() < 0.3:
        return h.put(path, "def shown(:\n")
    if h.random.random() < 0.3:
        delete_path(h, path)
        return path
    package = path.removesuffix(".py") + "/__init__.py"
    if (h.root / package).is_file():
        shutil.rmtree((h.root / package).parent)
        return h.write(path)
    return h.put(package, h.read(path))


def data(h: History) -> str:
    return h.write(h.random.choice(DATA))


def template(h: History) -> str:
    path = h.random.choice(list(TEMPLATES))
    if (h.root / path).is_file() and h.random.random() < 0.5:
        delete_path(h, path)
        return path
    return h.write(path)


def configuration(h: History) -> str:
    text = h.random.choice(CONFIGS).format(
        word=h.random.choice(WORDS), order=h.random.choice(["newest", "oldest", "title"])
    )
    return h.put("pyproject.toml", "[tool.pressrun]\n" + text)


def picture(h: History) -> str:
    path = f"{h.random.choice(FOLDERS)}/picture.gif"
    if (h.root / path).is_file() and h.random.random() < 0.5:
        delete_path(h, path)
        return path
    shade = h.random.randint(0, 3)
    return h.put(path, PIXEL + bytes([shade]) if h.random.random() < 0.5 else photo(shade))


def photo(shade: int) -> bytes:
    """A picture of which smaller copies are made, with a comment that is not published; readers of images do not go by names."""
    made, about = io.BytesIO(), PngInfo()
    about.add_text("Comment", "not to be published")
    PIL.Image.new("RGB", (80, 60), (shade * 60, 90, 90)).save(made, "PNG", pnginfo=about)
    return made.getvalue()


def touch(h: History) -> str:
    path = h.some()
    if (h.root / path).is_file():
        (h.root / path).touch()
    return path


def revert(h: History) -> str:
    """Back to what a file was."""
    if not h.earlier:
        return ""
    return h.put(*h.random.choice(h.earlier))


def same_size(h: History) -> str:
    """Another content of the same size, and the time of change as before."""
    path = h.some()
    target = h.root / path
    if target.is_file():
        before, old = target.stat(), target.read_bytes()
        for word in WORDS:
            found = old.replace(word.encode(), word[::-1].encode(), 1)
            if found != old:
                h.put(path, found)
                break
        os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))
    return path


def delete_and_add(h: History) -> str:
    """A file goes and comes back with the same bytes, or a page with others."""
    path = h.some()
    target = h.root / path
    if target.is_file():
        old = target.read_bytes()
        target.unlink()
        h.put(path, old) if h.random.random() < 0.5 else h.write(path)
    return path


def clock(h: History) -> str:
    """The day of the build changes: posts come, expire, are in the future again; so does the year."""
    h.epoch = str(int(EPOCH) + h.random.choice([-30, -1, 0, 3, 30, 60]) * DAY)
    return h.epoch


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
    """Entries of the cache go, or a bit of the file turns."""
    file = h.root / ".pressrun" / "cache.db"
    if not file.is_file():
        return ""
    if h.random.random() < 0.4:
        raw = bytearray(file.read_bytes())
        at = h.random.randrange(len(raw))
        raw[at] ^= 1 << h.random.randrange(8)
        file.write_bytes(raw)
        return f"bit at {at}"
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


Edit = Callable[[History], str]
EDITS: dict[Edit, int] = {
    new_page: 4, rewrite: 4, body: 4, title: 4, date: 3, tags: 3, slug: 2, draft: 2, delete: 3, move: 3, swap: 2,
    recase: 1, file_or_folder: 2, module: 4, module_or_package: 2, data: 3, template: 4, configuration: 3, picture: 2,
    touch: 1, revert: 3, same_size: 3, delete_and_add: 2, clock: 3, tamper: 2, hurt_cache: 2,
}  # fmt: skip
"""Edit → how often it is made."""
NAMED = {one.__name__: one for one in EDITS}
CHOICES = ["touch", *(one.__name__ for one, weight in EDITS.items() for _ in range(weight))]
"""Names to draw from; a failing history is made simpler towards the first."""
