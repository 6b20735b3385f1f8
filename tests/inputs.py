"""Inputs: all kinds of things that sites are made of, for the random histories of `edits.py`: where each may stand, contents that are
right, and contents that are wrong.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import PIL.Image
from PIL.PngImagePlugin import PngInfo

from generator.reference import write_inventory

WORDS = ["press", "ink", "paper", "type", "proof", "plate", "sheet"]
TAGS = ["a", "b", "A", "c d"]
STEMS = ["p0", "p1", "p2", "p3", "P1", "index", "README", "2026-03-04-dated"]
FOLDERS = ["blog", "content", "content/guide", "blog/deep"]
PIXEL = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"


@dataclass(frozen=True, slots=True)
class Input:
    """One kind of file that sites are made of."""

    paths: tuple[str, ...]
    """Where such files may stand."""
    right: Callable[[Random, str], str | bytes]
    """Makes a new content for a path."""
    wrong: tuple[str | bytes, ...]
    """Contents that somebody has to mend."""


def one_of(*texts: str) -> Callable[[Random, str], str]:
    """Give a maker that takes one of some texts, with a word and numbers in it."""

    def made(r: Random, path: str) -> str:
        return filled(r, r.choice(texts))

    return made


def by_path(**texts: str) -> Callable[[Random, str], str]:
    """Give a maker that goes by the file's name, without its suffix."""

    def made(r: Random, path: str) -> str:
        return filled(r, texts[path.rpartition("/")[2].partition(".")[0]])

    return made


def filled(r: Random, text: str) -> str:
    """Fill in a word and numbers."""
    for name, value in (
        ("WORD", r.choice(WORDS)),
        ("OTHER", r.choice(WORDS)),
        ("NUMBER", str(r.randint(0, 3))),
        ("DIGIT", str(r.randint(0, 3))),
    ):
        text = text.replace(name, value)
    return text


# ---------------------------------------------------------------- pages

MATTER = [
    ["draft: true", "expires: 2026-11-20", "expires: 2026-11-24", "unlisted: true", "menu: true"],
    ["slug: WORD", "aliases: [/old-WORD/]", "permalink: /WORD/", "slug: WORD NUMBER", "id: WORD", "id: WORD"],
    [
        "template: own",
        "template: nowhere",
        "image: picture.png",
        "image: picture.gif",
        "weight: NUMBER",
        "search: false",
        "feed: true",
    ],
    [
        "description: WORD",
        "updated: 2026-11-20",
        "toc: false",
        "canonical: https://site.example/WORD/",
        "colour: WORD",
    ],
    [
        "series: WORD",
        "series: one",
        "author: [Ada WORD]",
        "author: Bob",
        "author: Bob",
        "lang: de",
        "dialect: flexdown",
    ],
]
"""Lines of front matter; of each row a page has one, or none."""
BODY = [
    "A [x](p1.md#WORD) and [y](../blog/p2.md) and [z](/content/p0.md#WORD).",
    "A [p](p3.md) [t](/tags/) [u](/WORD/) [f](/feed.xml).",
    "A [i](id:WORD#OTHER) and [[p1]] and [[WORD NUMBER#OTHER|words]] and [[Ink]].",
    "A ![p](picture.png) and ![q](picture.gif 'Title').\n\n![r](../blog/picture.png)",
    ":::include /parts/a.md",
    ":::include{file=/parts/b.md region=mid shift=1}",
    "```text source=/parts/b.md region=mid\n```",
    ":::box[WORD]{size=NUMBER}\nInner [x](p1.md).\n:::",
    ":::note[WORD]\nInner.\n:::\n\n::::tabs\n:::tab[WORD]\nOne\n:::\n:::tab[OTHER]\nTwo\n:::\n::::",
    "> A quotation of WORD.\n\n|a|b|\n|---|---|\n|1|NUMBER|",
    "```api shapes\n```",
    "```api shapes.round.Circle\narea\n```",
    "The [c](api:shapes.round.Circle), its [area](api:shapes.Circle.area), [others](api:other.WORD).",
    "```bars\nWORD\n```\n\n```csv table\na,b\n1,WORD\n```",
    'The ink and the HTML of paper; "WORD" #12.\n\n*[paper]: WORD sheets',
    "A note[^n] and $x^NUMBER$ and ==WORD==.\n\n[^n]: Of WORD.",
    "## v1 (2026-02-0NUMBER) {#vNUMBER}\n\nOf WORD.",
    "A {1 + NUMBER} and <b>WORD</b> <script>x</script>.",
    "::newsletter",
]  # fmt: skip
"""Paragraphs of any page."""
CODE = [
    "{{ shown() }}",
    "{{ Path('data/x.txt').read_text() if Path('data/x.txt').exists() else 'none' }}",
    "{{ sorted(p.name for p in Path('data').glob('*')) }}",
    "{{ [len(files) for _, _, files in os.walk('data')] }}",
    "{{ os.path.isdir('data/y.txt') }}",
    "{{ Path('data/y.txt').stat().st_size if Path('data/y.txt').is_file() else 0 }}",
    "{{ open('data/nowhere.txt').read() }}",
    "{{ data.get('team') }} {{ sorted(data) }} {{ data.shop.prices[0] if 'shop' in data and 'prices' in data.shop else '' }}",
    "{{ data.more }}",
    "{{ open('.env').read() if os.path.exists('.env') else 'no' }} {{ os.environ.get('PRESSRUN_TEST') }}",
    "{{ __import__('fancytext').version }}",
    "{{ __import__('subprocess').check_output(['cat', 'data/x.txt']) }}",
    "{{ open('blog/p1.md').read()[:40] if os.path.exists('blog/p1.md') else '' }}",
    "```python source=shown\n```",
    "```python source=blog.deepest:leaf\n```",
    "```python source=counting.Counter\n```",
    "```python exec show=both\nprint(shown())\n```",
    "```python eval\n'<b>WORD</b>'\n```",
    "```python demo\ncounting.counter()\n```",
    "```python demo exec\nfrom pressrun import text\n\ndef view():\n    return text('WORD')\n```",
]
"""What pages with Python ask for: modules, data files that are there or not, folders, variables, programs; live demos."""


def page(r: Random, path: str) -> str:
    """Write a page: front matter, links to pages, anchors and pictures that may be there or not, perhaps Python."""
    matter = [f"title: {r.choice(WORDS)} {r.randint(0, 9)}"]
    matter += (
        [f"date: 2026-{r.choice(['03', '03', '11', '11', '12'])}-{r.randint(10, 28)}"]
        if r.random() < 0.8
        else []
    )
    matter += [f"tags: [{', '.join(r.sample(TAGS, r.randint(0, 3)))}]"]
    matter += [filled(r, r.choice(row)) for row in MATTER if r.random() < 0.35]
    header = "---\n" + "\n".join(matter) + "\n---\n"
    parts = [f"# {r.choice(WORDS)}"] if r.random() < 0.5 else []
    parts += [" ".join(r.choices(WORDS, k=6 * r.randint(1, 3)))]
    parts += [filled(r, text) for text in r.sample(BODY, r.choice([0, 0, 1, 2, 4]))]
    parts += [f"## {r.choice(WORDS)}", "```python\nx = 1\n```"]
    if r.random() < 0.4:
        rows = [
            "import os",
            "from pathlib import Path",
            *r.choice([[], ["from blog import counting"]]),
            *r.choice([[], ["from blog.shared import shown"]]),
        ]
        header += "\n".join(["---", *rows, "---", ""])
        parts += [filled(r, text) for text in r.sample(CODE, r.randint(1, 3))]
    return header + "\n" + "\n\n".join(parts) + "\n"


def fragment(r: Random, path: str) -> str:
    """Write a file that pages take in."""
    text = "# WORD\n\nTaken in, [x](../blog/p1.md) and [y](b.md).\n\n<!-- --8<-- [start:mid] -->\n## OTHER\n\nThe middle NUMBER.\n<!-- --8<-- [end:mid] -->\n"
    return filled(r, text + r.choice(["", ":::include b.md\n", "![p](../blog/picture.png)\n"]))


def photo(shade: int, size: tuple[int, int] = (80, 60)) -> bytes:
    """A picture of which smaller copies are made, with a comment that is not published; readers of images do not go by names."""
    made, about = io.BytesIO(), PngInfo()
    about.add_text("Comment", "not to be published")
    PIL.Image.new("RGB", size, (shade * 60, 90, 90)).save(made, "PNG", pnginfo=about)
    return made.getvalue()


def picture(r: Random, path: str) -> bytes:
    """Draw a picture."""
    if path.endswith(".gif") and r.random() < 0.7:
        return PIXEL + bytes([r.randint(0, 3)])
    return photo(r.randint(0, 3), r.choice([(80, 60), (80, 60), (100, 40), (20, 20)]))


def inventory(r: Random, path: str) -> bytes:
    """Make the inventory of other documentation."""
    return write_inventory(
        "Other",
        [(f"other.{word}", "function", f"{word}-{r.randint(0, 2)}") for word in r.sample(WORDS, 4)],
        "",
    )


SHARED = "from blog.middle import half\n\n\ndef shown():\n    return half() + NUMBER\n\n\ndef other():\n    return DIGIT\n"
MIDDLE = "from blog import deepest\n\n\ndef half():\n    return deepest.leaf() // 2 + DIGIT\n"
DEEPEST = "def leaf():\n    return NUMBER\n\n\ndef unused():\n    return DIGIT\n"
COUNTING = """from pressrun import State, button, text, vstack

from blog import deepest


class Counter(State):
    count: int = deepest.leaf()

    def more(self):
        self.count += NUMBER


def counter():
    return vstack(text(Counter.count), button("WORD", on_click=Counter.more))
"""
MODEL = "from dataclasses import dataclass\nfrom typing import Literal\n\nfrom blog.deepest import leaf\n\n\n@dataclass\nclass M:\n    {}\n"
PLUGIN = """import plughelp


def markdown(md):
    if NUMBER:
        md.add_render_rule("hr", lambda *rest: "<hr class='WORD'>")
        md.disable("strikethrough")


def fences():
    return {"bars": lambda code, fence: f"<p>{plughelp.said} {code.strip()} NUMBER</p>"}


def templates(env):
    env.globals["plug"] = plughelp.said + "DIGIT"


def outputs(site):
    yield "WORD.txt", "\\n".join(page["title"] for page in site.pages)
"""
ROUND = '''"""Round things."""


class Circle:
    """A circle of WORD.

    Args:
        radius: half of OTHER
    """

    def __init__(self, radius: int = NUMBER) -> None:
        self.radius = radius

    def area(self, WORD: float = 3.14) -> float:
        """The area, see [text][shapes.round.Circle]."""
        return WORD
'''
NAMES = {"footer": "<footer>WORD {{ site.tags_url }} {% include 'extra.html' ignore missing %}</footer>\n",
         "post-card": "<li>WORD {{ entry.title }} {{ entry.url }} {{ entry.description }}</li>\n",
         "mark": "{% from ['mine.html', 'theme/components/mark.html'] import register_mark %}\n",
         "extra": "extra WORD {{ site.title }} {{ site.data.get('team') }} {{ plug if plug is defined }} {% include ['one.html', 'two.html'] ignore missing %}\n",
         "mine": "{% macro register_mark(name) %}WORD{% endmacro %}\n",
         "one": "one WORD {% for one in site.data %}{{ one }}{% endfor %}\n",
         "two": "two {% for c in site.collections %}{{ c.title }}{% endfor %}\n",
         "own": "WORD {{ page.title }} {{ content }} {{ page.previous.title if page.previous }} {{ page.modified }} {{ page.extra.colour }}\n",
         "post": '{% extends "theme/post.html" %}{% block skip %}WORD {{ page.series }} {% for p in page.translations %}{{ p.url }}{% endfor %}{% endblock %}\n',
         "page": "{% extends 'theme/page.html' %}{% block skip %}{% for n in site.nav %}{{ n.title }}{% endfor %}{% endblock %}\n",
         "list": "{% extends 'theme/list.html' %}{% block skip %}WORD{% endblock %}\n",
         "404": "lost WORD\n"}  # fmt: skip
COMPONENTS = {"box": "<div{{ element('box', size) }}>WORD {{ title }} {{ content }}</div>\n",
              "note": "<div>note WORD {{ title }} {{ content }} {{ site.title }}</div>\n"}  # fmt: skip
HOOKS = {"link": "<a href='{{ href }}' class='WORD'>{{ content }}</a>", "heading": "<h{{ level }} id='{{ id }}'>{{ content }} WORD</h{{ level }}>",
         "image": "<img src='{{ src }}' alt='WORD'>", "blockquote": "<blockquote>WORD {{ content }}</blockquote>",
         "table": "<div><table>{{ content }}</table>WORD</div>", "code": "<div>WORD {{ default }}</div>", "tabel": "WORD"}  # fmt: skip
BROKEN_TEMPLATES = ("{% if %}\n", "{{ nothing.there }}\n", "{% include 'nowhere.html' %}\n")

INPUTS: dict[str, Input] = {
    "page": Input(
        tuple(f"{folder}/{stem}.md" for folder in FOLDERS for stem in STEMS),
        page,
        ("---\ntitle: [\n---\n# x\n", "---\ntitle: x\n---\n---\nimport nowhere\n---\n{{ 1 / 0 }}\n", b"\xff\xfe\n", "---\ndate: tomorrow\ndraft: perhaps\n---\n"),
    ),
    "translation": Input(
        tuple(f"{folder}/{stem}.{language}.md" for folder in FOLDERS[:3] for stem in [*STEMS[:2], "index"] for language in ("fr", "de")),
        page,
        ("---\ntitle: [\n---\n", "---\nid: ink\n---\n[x](nowhere.md)\n"),
    ),
    "included file": Input(("parts/a.md", "parts/b.md", "content/parts/b.md"), fragment, ("[x](nowhere.md)\n", b"\xff\n", ":::include a.md\n")),
    "glossary": Input(("glossary.md",), one_of("*[ink]: WORD\n", "*[ink]: WORD\n*[HTML]: OTHER\n"), (b"\xff\n",)),
    "defaults": Input(
        tuple(f"{folder}/_defaults.yml" for folder in FOLDERS),
        one_of("author: WORD\n", "tags: [WORD]\n", "draft: true\n", "template: own\ntoc: false\n", "series: WORD\ncolour: OTHER\n", "unlisted: true\n"),
        ("- x\n", "slug: x\n", "draft: [\n"),
    ),
    "order": Input(
        ("content/_nav.yml", "content/guide/_nav.yml"),
        one_of("title: WORD\n", "items:\n  - p1.md\n  - WORD: p2.md\n  - ...\n", "title: WORD\nitems: [guide/, ..., {OTHER: 'https://x.example/'}]\n"),
        ("items: [nowhere.md]\n", "titel: x\n", "items: [\n"),
    ),
    "data": Input(
        ("data/team.yml", "data/team.json", "data/shop/prices.csv", "data/more.toml", "data/more.yaml"),
        lambda r, path: filled(r, {"yml": "- WORD\n- OTHER\n", "yaml": "WORD: NUMBER\n", "json": '["WORD", NUMBER]', "csv": "a,b\nWORD,NUMBER\n", "toml": 'x = "WORD"\n'}[path.rpartition(".")[2]]),
        ("{ [", "a,b\n1\n"),
    ),
    "text file": Input(("data/x.txt", "data/y.txt", "data/deep/z.txt", "blog/list.csv", ".env"), one_of("WORD", "WORD OTHER"), (b"\xff",)),
    "module": Input(
        ("blog/shared.py", "blog/middle.py", "blog/deepest.py", "blog/counting.py"),
        by_path(shared=SHARED, middle=MIDDLE, deepest=DEEPEST, counting=COUNTING),
        ("def shown(:\n", "raise ValueError('x')\n", "import nowhere\n"),
    ),
    "model": Input(
        ("models.py",),
        lambda r, path: filled(r, MODEL.format(r.choice(["colour: str = 'WORD'", "colour: Literal['WORD', 'ink'] = 'ink'", "size: int = leaf()", "colour: str"]))),
        ("class M:\n", "M = 1\n", "import nowhere\n"),
    ),
    "plug-in": Input(
        ("plugs.py", "plughelp.py"),
        lambda r, path: filled(r, PLUGIN if path == "plugs.py" else "said = 'WORD'\n"),
        ("def markdown(:\n", "said = 'x'\ndef outputs(site):\n    yield '../x', ''\n", "said = 'x'\ndef fences():\n    return {'bars': lambda code, fence: 1 / 0}\n",
         "said = 'x'\ndef outputs(site):\n    return 1 / 0\n", "said = 'x'\ndef markdown(md):\n    md.nothing()\n"),
    ),
    "package": Input(
        ("shapes/__init__.py", "shapes/round.py", "src/shapes.py"),
        by_path(__init__='"""Shapes of WORD."""\n\nfrom shapes.round import Circle\n\n__all__ = ["Circle"]\n', round=ROUND, shapes="def area():\n    'WORD.'\n"),
        ("class Circle(:\n",),
    ),
    "inventory": Input(("other.inv",), inventory, (b"nothing",)),
    "template": Input(
        tuple(f"templates/{'components/' * (name in ('footer', 'post-card', 'mark'))}{name}.html" for name in NAMES),
        lambda r, path: filled(r, NAMES[path.rpartition("/")[2].removesuffix(".html")]),
        BROKEN_TEMPLATES,
    ),
    "theme": Input(
        tuple(f"lead/{name}" for name in ("templates/post.html", "templates/components/footer.html", "assets/look.css", "theme.toml", "words/de.toml", "words/en.toml")),
        by_path(
            post="{% extends 'pressrun/post.html' %}{% block skip %}WORD {{ page.title }}{% endblock %}\n",
            footer="<footer>WORD</footer>\n",
            look=".WORD { color: red }\n",
            theme='[look]\nlabel_font = "WORD, serif"\n',
            de='skip = "WORD"\n',
            en='previous = "WORD"\ncolophon = "OTHER"\n',
        ),
        ("{% if %}\n", "[look\n"),
    ),
    "component": Input(tuple(f"templates/components/{name}.html" for name in COMPONENTS), by_path(**COMPONENTS), BROKEN_TEMPLATES),
    "hook": Input(tuple(f"templates/markdown/{name}.html" for name in HOOKS), by_path(**HOOKS), BROKEN_TEMPLATES),
    "picture": Input(tuple(f"{folder}/picture.{form}" for folder in FOLDERS for form in ("png", "gif")), picture, (b"nothing", photo(1)[:60])),
    "static file": Input(
        ("static/custom.css", "static/favicon.svg", "static/logo.svg", "static/a.woff2", "static/robots.txt", "static/x.txt", "static/blog/p0/index.html", "static/404.html"),
        one_of("WORD", "OTHER WORD"),
        ("",),
    ),
    "ledger": Input(
        ("permalinks.json",),
        one_of('{"format": 1, "urls": {"/blog/pNUMBER/": []}, "gone": {}}\n', '{"format": 1, "urls": {"/blog/p0/": ["WORD"], "/": []}, "gone": {"/blog/p0/": "WORD"}}\n'),
        ("{", '{"format": 2}\n', "[]"),
    ),
}  # fmt: skip
"""Kind of input → where and what it is."""

# ---------------------------------------------------------------- the configuration

BLOG = '[tool.pressrun.collections.blog]\nfolder = "blog"\nurl = "{url}"\nlist = true\ntemplate = "post.html"\norder = "{order}"\npage_size = {size}\ntaxonomies = {taxonomies}\n'
DOCS = '[tool.pressrun.collections.content]\nfolder = "content"\nurl = "/{{path}}/"\n{more}'
WHOLE = '[tool.pressrun.collections.all]\nfolder = "."\nurl = "/{path}/"\ntemplate = "post.html"\nlist = true\norder = "newest"\n'


def collections(r: Random, _: str) -> str:
    """Write the tables of the collections."""
    if r.random() < 0.15:
        return WHOLE
    url = filled(r, r.choice(["/blog/{slug}/", "/blog/{slug}/", "/WORD/{slug}/"]))
    taxonomies = r.choice(['["tags", "series", "authors"]', '["tags"]', '["tags", "authors", "colour"]'])
    blog = BLOG.format(
        url=url,
        order=r.choice(["newest", "oldest", "title", "weight"]),
        size=r.choice([1, 2, 20]),
        taxonomies=taxonomies,
    )
    more = r.choice(["", 'schema = "models:M"\n', 'schema = "models:M"\n', 'dialect = "flexdown"\n', 'html = "sanitize"\n', "list = true\n",
                     "[tool.pressrun.collections.content.defaults]\nauthor = 'WORD'\n"])  # fmt: skip
    terms = r.choice(
        [
            "",
            '[tool.pressrun.taxonomies.tags]\ntitle = "WORD"\norder = "title"\n',
            '[tool.pressrun.taxonomies.tags]\nkey = "colour"\n',
        ]
    )
    return blog + filled(r, DOCS.format(more=more) + terms)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the configuration."""

    right: Callable[[Random, str], str]
    wrong: tuple[str, ...]


def table(name: str, *bodies: str, wrong: tuple[str, ...]) -> Part:
    """Describe a table of the configuration."""
    head = f"[tool.pressrun.{name}]\n"
    return Part(one_of(*(head + body for body in bodies)), tuple(head + body for body in wrong))


PARTS: dict[str, Part] = {
    "title": Part(one_of('title = "WORD"\n', 'title = "WORD"\ndescription = "OTHER"\n'), ("title = 3\n", 'titel = "x"\n')),
    "address": Part(one_of('base_url = "https://site.example/"\n', 'base_url = "https://site.example/WORD/"\n'), ('base_url = "site.example"\n',)),
    "author": Part(one_of('author = "WORD"\ncopyright = "OTHER"\n', 'author = "WORD"\n'), ("author = []\n",)),
    "languages": Part(one_of('languages = ["fr"]\n', 'languages = ["fr", "de"]\n', 'language = "de"\nlanguages = ["fr"]\n'), ('languages = "fr"\n', 'languages = ["en", "en"]\n')),
    "nav": Part(one_of('nav = ["guide/", "..."]\n', 'nav = [{ "WORD" = ["p1.md", "guide/p2.md"] }, "..."]\n', 'nav = ["p0.md", "..."]\n', 'nav = ["pNUMBER.md"]\n'), ('nav = ["nowhere.md"]\n', "nav = 3\n")),
    "llms": Part(one_of("llms = true\n", "llms = false\n"), ("llms = 1\n",)),
    "related": Part(one_of("related = NUMBER\n"), ("related = 'x'\n",)),
    "edit address": Part(one_of('edit_url = "https://code.example/WORD/{path}"\n'), ("edit_url = 1\n",)),
    "exclude": Part(one_of('exclude = ["blog/p1*", "data"]\n', 'exclude = ["content/guide/*"]\n', 'exclude = ["WORD"]\n'), ("exclude = 'x'\n",)),
    "plug-ins": Part(one_of('plugins = ["plugs"]\n', 'plugins = ["plugs", "plugs"]\n'), ('plugins = ["nowhere"]\n', 'plugins = ["plughelp"]\n')),
    "permalinks": Part(one_of("permalinks = false\n", "permalinks = true\n"), ("permalinks = 'x'\n",)),
    "theme": Part(one_of('theme = "lead"\n', 'theme = ""\n'), ('theme = "nowhere"\n', "theme = 1\n")),
    "collections": Part(collections, ('[tool.pressrun.collections.blog]\nfolder = "nowhere"\n', '[tool.pressrun.collections.blog]\norder = "newst"\n')),
    "Markdown": table(
        "markdown", "wikilinks = true\n", 'wikilinks = true\nglossary = "glossary.md"\n', "toc_depth = 2\nsmart_quotes = true\n", "highlight = false\n", 'slugs = "mdn"\nglossary = "glossary.md"\n',
        'html = "escape"\nwikilinks = true\n', 'dialect = "mkdocs"\n',
        'glossary = "content/p1.md"\n', 'preset = "commonmark"\n', wrong=("toc_depth = 'x'\n", 'glossary = "nowhere.md"\n'),
    ),
    "execute": table("execute", "timeout = 20\n", "keep_failing = true\n", "timeout = 25\n", "enabled = false\n", wrong=("timeout = 'x'\n",)),
    "demos": table("demos", "limit = 50\n", "engine = 'micropython'\n", wrong=("engine = 'x'\n",)),
    "images": table("images", "formats = ['webp']\n", "formats = []\n", "strip = false\nformats = ['webp']\n", wrong=("formats = ['png']\n",)),
    "search": table("search", "enabled = true\n", "enabled = true\n", "enabled = false\n", wrong=("enable = true\n",)),
    "API": table("api", 'source = "https://code.example/WORD/{path}#L{first}"\n', 'folders = ["src"]\n', wrong=("folders = 1\n",)),
    "cards": table("cards", "enabled = true\n", "enabled = true\npaper = '#ffffff'\n", "enabled = false\n", wrong=("enabled = true\nfont = 'static/x.txt'\n", "paper = 'white'\n")),
    "newsletter": table("newsletter", "action = 'https://news.example/WORD'\n", wrong=("action = 1\n",)),
    "feeds": table("feeds", "full = true\n", "of = ['site', 'tags', 'authors']\n", "formats = ['atom']\nlength = 1\n", "full = true\nof = ['collections', 'tags']\n", wrong=("formats = ['x']\n",)),
    "look": table("look", "accent = '#0b6e4f'\n", "font = '/a.woff2'\n", "logo = '/logo.svg'\n", "share = []\npaper = '#ffffff'\n", wrong=("accent = '#eeeeee'\n", "logo = '/nowhere.svg'\n")),
    "words": table("words", "en.skip = 'WORD'\n", "de.previous = 'WORD'\nfr.kind_note = 'OTHER'\n", "sv.copy = 'WORD'\nen.months_alone = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', 'WORD']\n", wrong=("en.skpi = 'x'\n", "de = 1\n")),
    "links": table("links", "ignore = ['/WORD/*', '*.txt']\n", "beyond = 'https://beyond.example/'\n", wrong=("ignore = 1\n",)),
    "redirects": table("redirects", '"/old-WORD/" = "/tags/"\n', '"/gone/" = "https://x.example/WORD"\n', '"/blog/p0/" = "/"\n', wrong=('"/old/" = "/nowhere/"\n',)),
    "inventories": table("inventories", '"https://other.example/" = "other.inv"\n', '"https://other.example/WORD/" = "other.inv"\n', wrong=('"https://other.example/" = "nowhere.inv"\n',)),
}  # fmt: skip
"""Part of the configuration → what it may be; tables stand behind all plain keys, as TOML wants it."""

# ---------------------------------------------------------------- what is of use only where something asks for it

USES: dict[str, tuple[dict[str, str], str]] = {
    "included file": ({}, ":::include /parts/a.md\n\n:::include{file=/parts/b.md region=mid shift=1}\n"),
    "glossary": ({"Markdown": '[tool.pressrun.markdown]\nglossary = "glossary.md"\n'}, "The ink and the HTML of paper.\n"),
    "data": ({}, "{{ sorted(data) }} {{ data.get('team') }} {{ data.get('more') }} {{ data.shop.prices[0] if 'shop' in data and 'prices' in data.shop else '' }}\n"),
    "text file": ({}, "{{ [Path('data', name).read_text() for name in ('x.txt', 'y.txt', 'deep/z.txt') if Path('data', name).is_file()] }}\n"),
    "module": ({}, "{{ shown() }}\n\n```python source=blog.deepest:leaf\n```\n\n```python source=counting.Counter\n```\n"),
    "model": ({"collections": BLOG.format(url="/blog/{slug}/", order="newest", size=20, taxonomies='["tags"]') + DOCS.format(more='schema = "models:M"\n')}, ""),
    "plug-in": ({"plug-ins": 'plugins = ["plugs"]\n'}, "```bars\nWORD\n```\n"),
    "package": ({}, "```api shapes\n```\n\n```api shapes.round.Circle\n```\n"),
    "inventory": ({"inventories": '[tool.pressrun.inventories]\n"https://other.example/" = "other.inv"\n'}, "The [a](api:other.press), [b](api:other.ink), [c](api:other.type).\n"),
    "theme": ({"theme": 'theme = "lead"\n'}, ""),
    "component": ({}, ":::box[WORD]{size=NUMBER}\nInner.\n:::\n\n:::note[WORD]\nInner.\n:::\n"),
    "hook": ({}, "A [tag](/tags/) and ![p](picture.png).\n\n## WORD\n\n> A quotation.\n\n|a|b|\n|---|---|\n|1|2|\n\n```text\nWORD\n```\n"),
    "picture": ({}, "A ![p](picture.png) and ![q](picture.gif 'Title').\n"),
}  # fmt: skip
"""Kind of input → parts of the configuration, and words of a page, without which hardly any such file matters."""


def asking(r: Random, kind: str) -> str:
    """Write a page that asks for a kind of input, published long ago."""
    code = (
        "---\nimport os\nfrom pathlib import Path\n"
        + "from blog import counting\nfrom blog.shared import shown\n" * (kind == "module")
    )
    return filled(
        r, f"---\ntitle: WORD NUMBER\ndate: 2026-03-1NUMBER\n---\n{code}---\n\nIt asks.\n\n{USES[kind][1]}"
    )
