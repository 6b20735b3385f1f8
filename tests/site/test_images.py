"""Images: sizes, smaller copies, the first impression, what is private in them; each made once."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import PIL.Image
import pytest
from harness import Project
from PIL import ExifTags, PngImagePlugin

from generator import pictures

FORMS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
CONFIG = "[tool.pressrun]\nbase_url = 'https://site.example/below/'\n"


def photo(
    width: int = 1200,
    height: int = 800,
    *,
    form: str = "JPEG",
    mode: str = "RGB",
    turn: int = 1,
    place: bool = True,
) -> bytes:
    """A picture: red on the left, blue on the right; a JPEG with the place where it was taken."""
    colours = {
        "RGB": ((200, 30, 30), (30, 30, 200)),
        "RGBA": ((200, 30, 30, 90), (30, 30, 200, 255)),
        "P": (3, 5),
        "CMYK": ((0, 200, 200, 0), (200, 200, 0, 0)),
    }[mode]
    image = PIL.Image.new(mode, (width, height), colours[0])
    image.paste(colours[1], (width // 2, 0, width, height))
    exif = PIL.Image.Exif()
    if place and form == "JPEG":
        exif[ExifTags.Base.Make] = "SecretCamera"
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (52.0, 31.0, 12.0)
    if turn != 1:
        exif[ExifTags.Base.Orientation] = turn
    made = io.BytesIO()
    image.save(made, form, **({"exif": exif} if form == "JPEG" else {}))
    return made.getvalue()


def tags(html: str, name: str) -> list[dict[str, str]]:
    """The attributes of all tags of a name."""
    return [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall(rf"<{name}\b([^>]*)>", html)]


def test_an_image_of_another_site_is_itself_also_after_one_of_ours(project: Project) -> None:
    """Of what stands elsewhere nothing is known: it has neither size nor copies, least of all those of the image before it."""
    project.write("blog/ink.jpg", photo(100, 80))
    project.write(
        "blog/a.md", "# A\n\n![a](ink.jpg) and ![b](https://other.example/b.png) and ![c](ink.jpg)\n"
    ).build()
    html = project.main("/blog/a/")
    assert '</picture> and <img src="https://other.example/b.png" alt="b" /> and <picture>' in html
    assert html.count("<source") == 4


def test_an_image_has_its_size_and_smaller_copies_in_better_formats(project: Project) -> None:
    """Browsers choose; each copy is what its name says, and nothing of the camera is in it."""
    project.write("pyproject.toml", CONFIG)
    project.write("blog/ink.jpg", photo()).write(
        "blog/a.md", '# A\n\n![Ink & "paper"](ink.jpg "Title")\n'
    ).build()
    assert project.problems == []
    html = project.main("/blog/a/")
    [image] = tags(html, "img")
    assert image == {
        "src": "/below/blog/ink.jpg", "alt": "Ink &amp; &quot;paper&quot;", "width": "1200", "height": "800",
        "fetchpriority": "high", "decoding": "async",
    }  # fmt: skip
    assert "<figcaption>Title</figcaption>" in html, "the title of an image that stands alone is its caption"
    sources = tags(html, "source")
    assert [one["type"] for one in sources] == ["image/avif", "image/webp"]
    for one in sources:
        rows = [row.split(" ") for row in one["srcset"].split(", ")]
        assert [width for _, width in rows] == ["480w", "960w", "1200w"]
        for path, width in rows:
            with PIL.Image.open(project.root / "site" / path.removeprefix("/below/")) as made:
                assert made.size == (int(width[:-1]), round(int(width[:-1]) * 2 / 3))
                assert made.format == one["type"].removeprefix("image/").upper()
                assert not made.getexif()
                left, right = (made.convert("RGB").getpixel((made.width * part // 4, 9)) for part in (1, 3))
                assert left[0] > 150 > 90 > left[2]
                assert right[2] > 150 > 90 > right[0]


def test_what_is_private_in_a_photograph_is_not_published_and_its_pixels_stay(project: Project) -> None:
    """The place, the camera, comments; how it is to be turned stays."""
    project.write("content/a.md", "![A](a.jpg)\n\n![B](b.png)\n\n![C](c.webp)\n")
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "SecretCamera")
    files = {"a.jpg": io.BytesIO(photo(turn=6)), "b.png": io.BytesIO(), "c.webp": io.BytesIO()}
    exif = PIL.Image.Exif()
    exif[ExifTags.Base.Make] = "SecretCamera"
    PIL.Image.new("RGB", (100, 100)).save(files["b.png"], "PNG", pnginfo=text)
    PIL.Image.new("RGB", (100, 100)).save(files["c.webp"], "WEBP", exif=exif)
    for name, data in files.items():
        assert b"SecretCamera" in data.getvalue()
        project.write(f"content/{name}", data.getvalue())
    assert project.build().problems == []
    for name, data in files.items():
        made = project.tree()[name]
        assert b"SecretCamera" not in made
        with PIL.Image.open(io.BytesIO(made)) as ours, PIL.Image.open(data) as theirs:
            assert ours.tobytes() == theirs.tobytes()
            assert dict(ours.getexif()) == ({274: 6} if name == "a.jpg" else {})
        assert pictures.stripped(made) == made
    assert [(i["width"], i["height"]) for i in tags(project.main("/a/"), "img")] == [
        ("800", "1200"),
        ("100", "100"),
        ("100", "100"),
    ]
    project.write("pyproject.toml", "[tool.pressrun.images]\nstrip = false\n").build()
    assert project.tree()["a.jpg"] == files["a.jpg"].getvalue()


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_photograph_has_turned_copies(turn: int) -> None:
    data = photo(400, 200, turn=turn)
    picture = pictures.look("a.jpg", data)
    assert (picture.width, picture.height) == ((400, 200) if turn < 5 else (200, 400))
    with PIL.Image.open(io.BytesIO(pictures.encoded(data, picture.width, "webp"))) as made:
        assert made.size == (picture.width, picture.height)
    with PIL.Image.open(io.BytesIO(pictures.stripped(data))) as ours:
        assert ours.getexif().get(274, 1) == turn


def test_the_first_impression_needs_no_style_and_no_request(project: Project) -> None:
    """Twelve fields of colour; a picture that one can see through has none, nor has one within words."""
    project.write("content/ink.jpg", photo()).write("content/glass.png", photo(form="PNG", mode="RGBA"))
    project.write("content/a.md", "![A](ink.jpg)\n\n![B](glass.png)\n\nWords ![C](ink.jpg) around.\n").build()
    html = project.main("/a/")
    assert (
        html.count(
            '<span class="picture"><svg viewBox="0 0 4 3" preserveAspectRatio="none" aria-hidden="true">'
        )
        == 1
    )
    fields = tags(html, "path")
    assert len(fields) == 12
    assert [(one["d"], one["fill"][1:3] > "b0") for one in fields[:4]] == [
        ("M0 0h1v1h-1z", True), ("M1 0h1v1h-1z", True), ("M2 0h1v1h-1z", False), ("M3 0h1v1h-1z", False),
    ]  # fmt: skip
    assert "style=" not in html


def test_images_below_the_fold_are_loaded_when_the_reader_comes_near(project: Project) -> None:
    project.write("content/ink.jpg", photo(200, 100))
    project.write("content/a.md", f"Short.\n\n![A](ink.jpg)\n\n{'Word. ' * 200}\n\n![B](ink.jpg)\n").build()
    first, second = tags(project.main("/a/"), "img")
    assert "loading" not in first
    assert second["loading"] == "lazy"


def test_drawings_icons_and_moving_pictures_have_a_size_and_no_copies(project: Project) -> None:
    moving = io.BytesIO()
    frames = [PIL.Image.new("L", (90, 60), shade) for shade in (0, 90, 200)]
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:])
    project.write("content/m.gif", moving.getvalue()).write("content/i.png", photo(16, 16, form="PNG"))
    project.write(
        "content/d.svg",
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="30px" height="20"/>',
    )
    project.write("content/v.svg", '<svg viewBox="0 0 640 480"/>').write("content/n.svg", "<svg/>")
    project.write(
        "content/a.md", "\n\n".join(f"![x]({name})" for name in ("m.gif", "i.png", "d.svg", "v.svg", "n.svg"))
    ).build()
    assert project.problems == []
    sizes = [(one.get("width"), one.get("height")) for one in tags(project.main("/a/"), "img")]
    assert sizes == [("90", "60"), ("16", "16"), ("30", "20"), ("640", "480"), (None, None)]
    assert "<picture" not in project.main("/a/")


def test_copies_are_made_once_and_for_those_images_alone_that_pages_show(project: Project) -> None:
    """Another word on the page makes none anew; another image does; what nobody shows any more goes."""
    project.write("content/ink.jpg", photo(300, 200)).write("content/other.jpg", photo(300, 200))
    project.write("content/a.md", "---\ndescription: d\n---\n![A](ink.jpg)\n").build()
    assert project.ran("variant") == ["300.avif:content/ink.jpg", "300.webp:content/ink.jpg"]
    assert sorted(project.ran("picture")) == ["content/ink.jpg", "content/other.jpg"]
    project.write("content/a.md", "---\ndescription: d\n---\n![A](ink.jpg) and more\n").build()
    assert {unit.partition(":")[0] for unit in project.last.ran} == {"load", "compose", "render"}
    project.write("content/ink.jpg", photo(300, 150)).build()
    assert {unit.partition(":")[0] for unit in project.last.ran} == {
        "picture",
        "compose",
        "render",
        "variant",
        "stripped",
    }
    assert len([path for path in project.tree() if path.startswith("assets/images/")]) == 2
    project.write("content/a.md", "![A](other.jpg)\n").build()
    assert all("/other." in path for path in project.tree() if path.startswith("assets/images/"))
    assert project.build().last.ran == {}


def test_two_builds_make_the_same_bytes(project: Project, tmp_path: Path) -> None:
    for number, name in enumerate(("a.jpg", "blog-a.png", "b.webp")):
        project.write(f"content/{name}", photo(500 + number, 300, form=FORMS[name.rpartition(".")[2]]))
    project.write("content/copy/a.jpg", project.root.joinpath("content/a.jpg").read_bytes())
    project.write("content/a.md", "![](a.jpg) ![](blog-a.png) ![](b.webp) ![](copy/a.jpg)\n").build()
    assert project.problems == []
    assert project.clean_tree(tmp_path / "clean") == project.tree()


def test_the_picture_of_a_post_is_treated_alike(project: Project) -> None:
    project.write("pyproject.toml", CONFIG).write("blog/ink.jpg", photo(600, 300))
    project.write(
        "blog/a.md", "---\ntitle: A\ndate: 2026-01-01\nimage: ink.jpg\nimage_alt: Ink\n---\nText\n"
    ).build()
    assert project.problems == []
    html = project.main("/blog/a/")
    [image] = tags(html, "img")
    assert (image["src"], image["alt"], image["width"], image["fetchpriority"]) == (
        "/below/blog/ink.jpg",
        "Ink",
        "600",
        "high",
    )
    for path in re.findall(r"/below/(assets/images/\S+)", html):
        assert path in project.tree()
    assert 'property="og:image" content="https://site.example/below/blog/ink.jpg"' in project.html("/blog/a/")


def test_a_post_with_a_picture_of_its_own_is_shown_by_it_and_by_no_drawing(
    project: Project, tmp_path: Path
) -> None:
    post = "---\ntitle: {}\ndate: 2026-01-0{}\n{}---\nText\n"
    project.write("pyproject.toml", CONFIG).write("blog/ink.jpg", photo(1000, 500))
    rows = (
        ("A", 4, "image: ink.jpg"),
        ("B", 3, "image: ink.jpg"),
        ("C", 2, "image: https://e.example/c.png"),
    )
    for name, day, key in (*rows, ("D", 1, "")):
        project.write(f"blog/{name.lower()}.md", post.format(name, day, key and f"{key}\n"))
    project.build()
    assert project.problems == []
    first, second, foreign = tags(project.main("/blog/"), "img")
    assert project.main("/blog/").count('class="plate"') == 1
    assert (first["class"], first["src"], first["alt"]) == ("cover", "/below/blog/ink.jpg", "")
    assert (first["width"], first["height"], "loading" in first) == ("1000", "500", False)
    assert (second["width"], second["loading"]) == ("1000", "lazy")
    assert (foreign["src"], "width" in foreign) == ("https://e.example/c.png", False)
    found = [one["sizes"] for one in tags(project.main("/blog/"), "source") if one["type"] == "image/avif"]
    assert found == ["(min-width: 48rem) 44rem, 100vw", "(min-width: 48rem) 28rem, 100vw"]
    for path in re.findall(r"/below/(assets/images/\S+)", project.main("/blog/")):
        assert path in project.tree()
    assert ["plate" in project.main(f"/blog/{name}/") for name in "acd"] == [False, False, True]
    assert len(tags(project.main("/blog/a/"), "img")) == 1
    project.write("blog/ink.jpg", photo(800, 500)).build()
    assert tags(project.main("/blog/"), "img")[0]["width"] == "800"
    assert project.tree() == project.clean_tree(tmp_path / "clean")


def test_raw_html_gets_the_size_that_it_does_not_say(project: Project) -> None:
    project.write("content/ink.jpg", photo(600, 300))
    project.write(
        "content/a.md",
        '<img src="ink.jpg" alt="A">\n\nB <img src="ink.jpg" alt="B" width="60"> <video src="ink.jpg"></video>\n',
    ).build()
    assert [(i["width"], i.get("height")) for i in tags(project.main("/a/"), "img")] == [
        ("600", "300"),
        ("60", None),
    ]
    assert tags(project.main("/a/"), "video") == [{"src": "/ink.jpg"}]


def test_an_image_is_as_wide_as_its_author_says(project: Project) -> None:
    """The other side follows in proportion, and so does the copy that browsers choose; what is no number of pixels is left alone."""
    sizes = ("{width=300}", "{height=100}", "{width=300 height=20}", '{width="50%"}', "{.small}")
    rows = "\n\n".join(f"![A](ink.jpg){size}" for size in sizes)
    project.write("content/ink.jpg", photo(1200, 600)).write("content/a.md", f"# A\n\n{rows}\n").build()
    assert project.problems == []
    html = project.main("/a/")
    assert [(i.get("width"), i.get("height")) for i in tags(html, "img")] == [
        ("300", "150"), ("200", "100"), ("300", "20"), ("50%", None), ("1200", "600"),
    ]  # fmt: skip
    usual = "(min-width: 48rem) 44rem, 100vw"
    own = [f"(min-width: {width}px) {width}px, 100vw" for width in (300, 200, 300)]
    assert [s["sizes"] for s in tags(html, "source") if s["type"] == "image/webp"] == [*own, usual, usual]


def test_an_image_that_is_missing_or_damaged_is_said_with_its_place(project: Project) -> None:
    project.write("blog/a.md", "---\ntitle: A\nimage: inc.jpg\n---\n\nSee ![A](ink.jqg)\n\n![B](bad.png)\n")
    project.write("blog/b.md", "---\ntitle: B\nimage: /none.png\n---\n![B](cut.jpg)\n")
    project.write("blog/bad.png", b"no image").write("blog/ink.jpg", photo()).write(
        "blog/cut.jpg", photo()[:900]
    )
    project.build()
    assert [str(one) for one in project.last.problems] == [
        "blog/a.md:3: error: broken image link “inc.jpg”: no such page or file\n    did you mean “ink.jpg”?",
        "blog/a.md:6:10: error: broken image link “ink.jqg”: no such page or file\n    did you mean “ink.jpg”?",
        "blog/a.md:8: warning: the image “bad.png” cannot be read: it is no image, or a damaged one",
        "blog/b.md:3: error: broken image link “/none.png”: no such page or file",
        "blog/b.md:5: warning: the image “cut.jpg” cannot be read: image file is truncated (18 bytes not processed)",
    ]


def test_formats_can_be_chosen_and_others_are_refused(project: Project) -> None:
    project.write("pyproject.toml", '[tool.pressrun.images]\nformats = ["webp"]\n').write(
        "content/ink.jpg", photo(300, 200)
    )
    project.write("content/a.md", "![A](ink.jpg)\n").build()
    assert [one["type"] for one in tags(project.main("/a/"), "source")] == ["image/webp"]
    project.write("pyproject.toml", "[tool.pressrun.images]\nformats = []\n").build()
    assert tags(project.main("/a/"), "source") == []
    assert not [path for path in project.tree() if path.startswith("assets/images/")]
    project.write("pyproject.toml", '[tool.pressrun.images]\nformats = ["wepb"]\n').build()
    assert (
        str(project.problem())
        == "pyproject.toml:2:1: error: “formats” must be of avif, webp, not 'wepb'\n    did you mean “webp”?"
    )


def test_a_site_without_images_does_not_load_the_library(project: Project) -> None:
    project.write("content/a.md", "# A\n")
    code = "import sys; from generator.cli import main\ntry: main()\nexcept SystemExit: pass\nassert 'PIL' not in sys.modules"
    done = subprocess.run(
        [sys.executable, "-c", code, "build", "--jobs", "1", str(project.root)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
