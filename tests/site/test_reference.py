"""API reference: signatures, docstrings of three styles, links between objects and into other documentation."""

from __future__ import annotations

import re
import zlib
from html import unescape

import pytest
from harness import Project

from generator.reference import read_inventory, write_inventory

SHAPES = '''\
"""Shapes.

See :class:`Circle` and [the area][pkg.area].
"""
from __future__ import annotations
from collections.abc import Sequence

PI = 3.0
"""Nearly."""

class Shape:
    """A shape."""

    def move(self, by: float, *, speed: int = 2, **rest: object) -> Shape:
        """Move it.

        Args:
            by: How *far*.
            speed: How fast.

        Raises:
            ValueError: When tired.

        Examples:
            >>> Shape().move(1)
        """
        return self

class Circle(Shape):
    """A circle.

    Parameters
    ----------
    radius : float
        Its radius.
    """

    def __init__(self, radius: float | None = None): ...

    @property
    def size(self) -> Sequence[Shape]:
        """Its size."""

    async def roll(self, far: int, /) -> None:
        """Roll.

        :param far: how far
        :returns: nothing
        """

    def _hidden(self): ...

def area(shape: Circle | Shape, exact: bool = False) -> dict[str, Shape]:
    """Give the area of a :py:meth:`~pkg.shapes.Shape.move`."""
'''
INIT = '"""Pkg."""\nfrom .shapes import Circle, Shape, area\n\n__all__ = ["Circle", "Shape", "area"]\n'
PAGE = "# The reference\n\n```api pkg\n```\n"


@pytest.fixture
def site(project: Project) -> Project:
    project.write("src/pkg/__init__.py", INIT).write("src/pkg/shapes.py", SHAPES)
    project.write("content/api.md", PAGE).write(
        "content/guide.md", "# Guide\n\n[the circle](api:pkg.Circle)\n"
    )
    return project.build()


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def test_a_module_is_shown_with_what_it_exports(site: Project) -> None:
    """Members of modules that it only imports from stand under the names by which readers import them."""
    assert site.problems == []
    html = site.main("/api/")
    assert re.findall(r'<h2 id="([\w.]+)">', html) == ["pkg.Circle", "pkg.Shape", "pkg.area"]
    assert re.findall(r'<h3 id="([\w.]+)">', html) == ["pkg.Circle.size", "pkg.Circle.roll", "pkg.Shape.move"]
    assert "_hidden" not in html
    assert re.findall(r'<a href="#(pkg[\w.]*)">(\w+)</a>', html) == [
        ("pkg.Circle", "Circle"),
        ("pkg.Shape", "Shape"),
        ("pkg.area", "area"),
    ]


def test_signatures_have_their_types_linked(site: Project) -> None:
    html = site.main("/api/")
    codes = re.findall(r'<code class="language-python">(.*?)</code></pre>', html, re.DOTALL)
    assert [unescape(re.sub(r"<[^>]*>", "", code)) for code in codes] == [
        "class Circle(radius: float | None = None)",
        "size: Sequence[Shape]",
        "async def roll(far: int, /) -> None",
        "class Shape",
        "def move(by: float, *, speed: int = 2, **rest: object) -> Shape",
        "def area(shape: Circle | Shape, exact: bool = False) -> dict[str, Shape]",
    ]
    assert '<a href="/api/#pkg.Circle">Circle</a> | <a href="/api/#pkg.Shape">Shape</a>' in codes[-1]


def test_docstrings_of_three_styles_come_out_alike(site: Project) -> None:
    html = site.main("/api/")
    assert "<dt><code>by</code> <code>float</code></dt>\n<dd><p>How <em>far</em>.</p>\n</dd>" in html
    assert "<dt><code>radius</code> <code>float = None</code></dt>\n<dd><p>Its radius.</p>\n</dd>" in html
    assert "<dt><code>far</code> <code>int</code></dt>\n<dd><p>how far</p>\n</dd>" in html
    assert "<dt><code>ValueError</code></dt>" in html
    assert re.findall(r'<p class="api-part">(.*?)</p>', html) == [
        "Parameters",
        "Parameters",
        "Returns",
        "Parameters",
        "Raises",
        "Examples",
    ]
    assert 'data-lang="pycon"' in html
    assert '<a href="/api/#pkg.Shape.move"><code>move</code></a>' in html


def test_what_a_class_has_from_another_is_linked(site: Project) -> None:
    assert (
        '<p>Inherited from <code><a href="/api/#pkg.Shape">Shape</a></code>: <code><a href="/api/#pkg.Shape.move">move</a></code></p>'
        in site.main("/api/")
    )


def test_pages_link_to_objects_and_a_wrong_name_is_a_broken_link(site: Project) -> None:
    assert '<a href="/api/#pkg.Circle">the circle</a>' in site.main("/guide/")
    site.write("content/guide.md", "# Guide\n\nSee [it](api:pkg.Circel).\n").build()
    assert [str(one) for one in site.last.problems] == [
        "content/guide.md:3:10: error: broken link “api:pkg.Circel”: nothing that is documented is called so\n    did you mean “api:pkg.Circle”?"
    ]


def test_a_wrong_name_in_a_docstring_is_a_broken_link(site: Project) -> None:
    site.write("src/pkg/shapes.py", SHAPES.replace("pkg.shapes.Shape.move", "pkg.shapes.Shape.mvoe")).build()
    assert [str(one) for one in site.last.problems] == [
        "content/api.md:3: error: broken link “pkg.shapes.Shape.mvoe” in the docstring of pkg.shapes.area (src/pkg/shapes.py:53): nothing that is documented is called so\n    did you mean “pkg.shapes.Shape.move”?"
    ]


def test_an_edit_of_a_module_is_followed_and_one_of_another_function_is_not(site: Project) -> None:
    """The pages that show what changed are composed; those that link there are when the place changes."""
    assert site.build().last.ran == {}
    site.write("src/pkg/shapes.py", SHAPES.replace("A circle.", "A round thing.")).build()
    assert site.ran("api") == ["pkg"]
    assert site.ran("compose") == ["content/api.md"]
    assert "A round thing." in site.main("/api/")
    site.write(
        "src/pkg/shapes.py",
        SHAPES.replace("A circle.", "A round thing.").replace(
            "def _hidden(self): ...", "def _hidden(self): 1"
        ),
    ).build()
    assert (site.ran("api"), site.ran("compose"), site.written) == (["pkg"], [], [])
    site.write("content/api.md", "---\nslug: reference\n---\n" + PAGE).build()
    assert site.ran("compose") == ["content/api.md", "content/guide.md"]
    assert '<a href="/reference/#pkg.Circle">' in site.main("/guide/")
    site.write("src/pkg/__init__.py", INIT.replace('"Circle", ', "")).build()
    assert "api:pkg.Circle" in site.problems[0]


def test_a_block_can_name_one_object_and_the_members_to_show(site: Project) -> None:
    site.write(
        "content/api.md",
        "# A\n\n## Circles {#circles}\n\n```api pkg.Circle\nroll\n```\n\n````markdown\n```api pkg.nothing\n```\n````\n",
    ).build()
    html = site.main("/api/")
    assert re.findall(r'<h[23] id="([\w.]+)">', html) == ["circles", "pkg.Circle", "pkg.Circle.roll"]
    assert site.problems == []


def test_what_is_not_there_is_said_with_its_place(site: Project) -> None:
    site.write(
        "content/api.md",
        "# A\n\n```api pkg.Circel\n```\n\n```api pkg.Circle\nrol\n```\n\n```api other\n```\n\n```api\n```\n",
    )
    site.write("content/guide.md", "# G\n").build()
    assert [str(one) for one in site.last.problems] == [
        "content/api.md:3: error: api: “pkg.Circel” is nothing that the site's modules define\n    did you mean “Circle”?",
        "content/api.md:6: error: api: “pkg.Circle” has no documented member “rol”\n    did you mean “roll”?",
        "content/api.md:10: error: api: “other” is nothing that the site's modules define\n    expected a dotted name such as package.module.Class",
        "content/api.md:13: error: api: the block names no object\n    expected a dotted name such as package.module.Class",
    ]


def test_a_module_of_nearly_that_name_is_suggested(site: Project) -> None:
    """Those below the root and in `src/`; when it comes to be, the reference is shown."""
    site.write("leafpress.py", '"""Leaves."""\n').write("content/guide.md", "# G\n")
    site.write("content/api.md", "# A\n\n```api leafpres\n```\n\n```api pgk.Circle\n```\n").build()
    message = "content/api.md:{}: error: api: “{}” is nothing that the site's modules define\n    did you mean “{}”?"
    wrong = message.format(3, "leafpres", "leafpress")
    assert [str(one) for one in site.last.problems] == [wrong, message.format(6, "pgk.Circle", "pkg.Circle")]
    site.write("src/pgk.py", "class Circle: ...\n").build()
    assert [str(one) for one in site.last.problems] == [wrong]
    site.write("src/leafpres.py", '"""Leaf."""\n').build()
    assert site.problems == []


def test_an_inventory_of_others_links_their_types_and_ours_can_be_read_by_them(site: Project) -> None:
    theirs = write_inventory(
        "Python",
        [
            ("float", "class", "library/functions.html#float"),
            ("collections.abc.Sequence", "class", "library/abc.html#x"),
        ],
        "3",
    )
    site.write("inventories/python.inv", theirs)
    site.write(
        "pyproject.toml",
        "[tool.pressrun]\ntitle = 'T'\n[tool.pressrun.inventories]\n'https://docs.example/3/' = 'inventories/python.inv'\n[tool.pressrun.api]\nsource = 'https://forge.example/{path}#L{first}-{last}'\n",
    ).build()
    assert site.problems == []
    html = site.main("/api/")
    assert '<a href="https://docs.example/3/library/functions.html#float">float</a>' in html
    assert '<a href="https://docs.example/3/library/abc.html#x">Sequence</a>' in html
    first, last = (SHAPES[: SHAPES.index(words)].count("\n") + 1 for words in ("class Circle", "def _hidden"))
    assert (
        f'<a href="https://forge.example/src/pkg/shapes.py#L{first}-{last}">Source: src/pkg/shapes.py, line {first}</a>'
        in html
    )
    ours = (site.root / "site/objects.inv").read_bytes()
    assert ours.startswith(b"# Sphinx inventory version 2\n# Project: T\n# Version: \n")
    assert (
        zlib.decompress(ours.split(b"\n", 4)[4]).decode().splitlines()[1] == "pkg.Circle py:class 1 api/#$ -"
    )
    assert (
        read_inventory(ours, "https://x.example/")["pkg.Shape.move"]
        == "https://x.example/api/#pkg.Shape.move"
    )
    site.write("inventories/python.inv", write_inventory("Python", [], "3")).build()
    assert "docs.example" not in site.main("/api/")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            None,
            "inventories/python.inv: error: no such inventory; it is named in [tool.pressrun.inventories]",
        ),
        (
            b"# Sphinx inventory version 1\n",
            "inventories/python.inv: error: is no inventory of version 2; expected a file objects.inv",
        ),
        (
            b"# Sphinx inventory version 2\n#\n#\n#\nxx",
            "inventories/python.inv: error: is damaged; expected a file objects.inv",
        ),
    ],
)
def test_an_inventory_that_cannot_be_read_is_said(site: Project, data: bytes | None, message: str) -> None:
    site.write(
        "pyproject.toml", "[tool.pressrun.inventories]\n'https://docs.example/' = 'inventories/python.inv'\n"
    )
    if data is not None:
        site.write("inventories/python.inv", data)
    assert site.build().problems == [message]


def test_the_configuration_is_checked(project: Project) -> None:
    project.write(
        "pyproject.toml",
        "[tool.pressrun.api]\nsource = '{file}'\n[tool.pressrun.inventories]\n'docs.example' = 'x'\n'https://docs.example/' = '../x'\n",
    ).build()
    assert [str(one) for one in project.last.problems] == [
        "pyproject.toml:2:1: error: “source” must be a URL in which braces hold path, first or last",
        "pyproject.toml:4:1: error: 'docs.example' must be a URL that ends with /",
        "pyproject.toml:5:1: error: “https://docs.example/” must have a file of the site, not '../x'",
    ]


def test_an_id_that_no_page_has_may_be_a_documented_object(site: Project) -> None:
    """A page with that id goes before it; both ways are followed when the page comes and goes."""
    site.write("content/guide.md", "# Guide\n\n[a](id:pkg.Circle) [b](id:pkg.Circel)\n").build()
    assert '<a href="/api/#pkg.Circle">a</a>' in site.main("/guide/")
    assert site.problems == ["content/guide.md:3:24: error: broken link “id:pkg.Circel”: no page has this id"]
    site.write("content/own.md", "---\nid: pkg.Circle\n---\n# Own\n").build()
    assert '<a href="/own/">a</a>' in site.main("/guide/")
    site.delete("content/own.md").build()
    assert '<a href="/api/#pkg.Circle">a</a>' in site.main("/guide/")


SESSIONS = '''\
"""Sessions."""

def google(days: int) -> int:
    """Count.

    >>> google(1)  # doctest: +SKIP
    <BLANKLINE>
    1

    Use it like this::

        google(2)

    > A quotation.

    Args:
        days: How many.

            >>> google(2)
            2

    Example:
        >>> google(12)
        6
    """

def numpy(days):
    """Count.

    Parameters
    ----------
    days : int
        How many.

    Example
    -------
    >>> numpy(12)
    6

    Examples
    --------
    >>> numpy(13)
    6
    """

def sphinx(days):
    """Count.

    Example:
        >>> sphinx(12)
        6

    - A list::

          >>> sphinx(13)
          6

    .. code-block:: sh
       :caption: Left out

       count 13

    :param days: How many.
    :type days: int

    Afterwards:
        >>> sphinx(14)
        6
    """
'''


def test_sessions_and_literal_blocks_in_docstrings_are_code(project: Project) -> None:
    """Of all three styles, bare, in sections of any name, in lists and parameters; quotations stay quotations."""
    project.write("src/days.py", SESSIONS).write("content/api.md", "# A\n\n```api days\n```\n").build()
    assert project.problems == []
    html = project.main("/api/")
    blocks = re.findall(r'<div class="code" data-lang="(\w+)">(.*?)</div>', html, re.DOTALL)
    assert [(language, unescape(re.sub(r"<[^>]*>", "", code))) for language, code in blocks] == [
        ("python", "def google(days: int) -> int"),
        ("pycon", ">>> google(1)\n\n1\n"),
        ("python", "google(2)\n"),
        ("pycon", ">>> google(2)\n2\n"),
        ("pycon", ">>> google(12)\n6\n"),
        ("python", "def numpy(days)"),
        ("pycon", ">>> numpy(12)\n6\n"),
        ("pycon", ">>> numpy(13)\n6\n"),
        ("python", "def sphinx(days)"),
        ("pycon", ">>> sphinx(12)\n6\n"),
        ("pycon", ">>> sphinx(13)\n6\n"),
        ("sh", "count 13\n"),
        ("pycon", ">>> sphinx(14)\n6\n"),
    ]
    assert re.findall(r"<blockquote>\s*(.*?)\s*</blockquote>", html, re.DOTALL) == ["<p>A quotation.</p>"]
    assert "<p>Use it like this:</p>" in html
    assert '<p class="api-part">Example</p>' in html


MADE = '''\
"""Made."""
from collections.abc import Iterator
from dataclasses import dataclass

class Scale:
    """A scale."""

    def __init__(self, weight: float, unit: str = "g", *rest: int, exact=False, **more: int) -> None:
        """Set it up.

        Args:
            weight: How heavy.
            unit: Of the weight.
            *rest: Others.
            exact: Whether it is.
            **more: And others.

        Raises:
            ValueError: When it is negative.
        """

    def steps(self) -> Iterator[list[str]]:
        """Go through it.

        Yields:
            str: A step.
        """

    def total(self) -> int:
        """Add up.

        Returns:
            total: The sum.
        """

    def table(self):
        """Tell.

        Returns:
            dict[str, Scale]: By name.
        """

class Kitchen(Scale):
    """A kitchen's.

    Args:
        weight: How heavy it is here.
    """

@dataclass
class Size:
    """A size.

    Args:
        far: How far.
    """

    far: int = 3
'''


def entry(html: str, name: str) -> str:
    """Give the words of one object, with its rows and titles one a line; what else stands there is left out."""
    part = html.partition(f'id="made.{name}"')[2].partition("<h")[0]
    found = re.findall(r'<p class="api-part">.*?</p>|<dt>.*?</dt>|<p>.*?</p>', part, re.DOTALL)
    return "\n".join(map(text, found))


def test_a_class_shows_what_its_constructor_takes_and_raises(project: Project) -> None:
    """An inherited `__init__` says what its parameters are, unless the class itself does; its running text is of the other class."""
    project.write("src/made.py", MADE).write("content/api.md", "# A\n\n```api made\n```\n").build()
    assert project.problems == []
    html = project.main("/api/")
    assert (
        entry(html, "Scale")
        == """\
A scale.
Set it up.
Parameters
weight float
How heavy.
unit str = 'g'
Of the weight.
*rest int
Others.
exact = False
Whether it is.
**more int
And others.
Raises
ValueError
When it is negative."""
    )
    assert entry(html, "Kitchen").startswith(
        """\
A kitchen's.
Parameters
weight float
How heavy it is here.
unit str = 'g'
Of the weight."""
    )
    assert "Set it up." not in entry(html, "Kitchen")


def test_parameters_show_their_defaults_and_results_their_types_once(project: Project) -> None:
    """A word before a colon is a type where it can be one, and a name elsewhere."""
    project.write("src/made.py", MADE).write("content/api.md", "# A\n\n```api made\n```\n").build()
    html = project.main("/api/")
    assert entry(html, "Size") == "A size.\nParameters\nfar int = 3\nHow far."
    assert entry(html, "Scale.steps") == "Go through it.\nYields\nstr\nA step."
    assert entry(html, "Scale.total") == "Add up.\nReturns\ntotal int\nThe sum."
    assert entry(html, "Scale.table") == "Tell.\nReturns\ndict[str, Scale]\nBy name."
    assert '<code>dict[str, <a href="/api/#made.Scale">Scale</a>]</code>' in html
