"""Wheels that travel with demos: what is read of them, what of them travels, and what is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from generator.demos import DemoError
from generator.demos.packages import packages_of, used

HINT = (
    "Name wheels of pure Python, by their paths below the site's root, in packages of [tool.pressrun.demos]."
)
MINE = {
    "mine/__init__.py": "from .deep.inner import word\n",
    "mine/deep/__init__.py": "",
    "mine/deep/inner.py": "import theirs\nword = theirs.word\n",
    "mine/words.txt": "data",
    "mine-1.0.dist-info/METADATA": "Name: mine\n",
}


def wheel(folder: Path, name: str, files: dict[str, str]) -> str:
    """Write a wheel; gives its path below the folder."""
    with zipfile.ZipFile(folder / name, "w") as made:
        for path, text in files.items():
            made.writestr(path, text)
    return name


def test_a_package_brings_the_names_and_the_python_of_its_wheel(tmp_path: Path) -> None:
    """Nothing else of it: neither data nor what installers need; a package's own module keeps its file's name."""
    [mine] = packages_of(tmp_path, [wheel(tmp_path, "mine-1.0-py3-none-any.whl", MINE)])
    assert mine.names == {"mine"}
    assert [(one.name, one.path) for one in mine.modules] == [
        ("mine.__init__", "mine-1.0-py3-none-any.whl/mine/__init__.py"),
        ("mine.deep.__init__", "mine-1.0-py3-none-any.whl/mine/deep/__init__.py"),
        ("mine.deep.inner", "mine-1.0-py3-none-any.whl/mine/deep/inner.py"),
    ]


def test_what_is_imported_travels_and_what_that_imports(tmp_path: Path) -> None:
    """Wherever the import stands; relative ones are the package's own affair, other wheels stay at home."""
    paths = [
        wheel(tmp_path, "mine-1.0-py3-none-any.whl", MINE),
        wheel(tmp_path, "theirs-1.0-py3-none-any.whl", {"theirs.py": "word = 'ink'\n"}),
        wheel(tmp_path, "others-1.0-py3-none-any.whl", {"others.py": "import mine\n"}),
    ]
    packages = packages_of(tmp_path, paths)
    sources = ["import json\n", "def handler():\n    from mine.deep import inner\n"]
    assert [one.name for one in used(packages, sources)] == [
        "mine.__init__", "mine.deep.__init__", "mine.deep.inner", "theirs",
    ]  # fmt: skip
    assert used(packages, ["from . import mine\nimport json\n"]) == []


def test_what_is_no_wheel_of_python_is_refused(tmp_path: Path) -> None:
    """Missing, broken, or with parts that were built for a machine."""
    (tmp_path / "broken.whl").write_bytes(b"PK")
    quick = wheel(
        tmp_path, "quick-1.0-cp314-cp314-linux_x86_64.whl", {"quick/__init__.py": "", "quick/core.so": ""}
    )
    for path, message in (
        ("none.whl", "there is no package none.whl"),
        ("broken.whl", "the package broken.whl cannot be read: File is not a zip file"),
        (quick, f"{quick} has more than Python in it (core.so)"),
    ):
        with pytest.raises(DemoError) as caught:
            packages_of(tmp_path, [path])
        assert (caught.value.message, caught.value.hint) == (message, HINT)
