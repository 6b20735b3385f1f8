"""Scaffold: the files of a new site, a new post and a new page; nothing that is there is ever overwritten."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from generator import __version__
from generator.config import CONFIG_FILE, DEFAULT_COLLECTIONS, is_configured, load_config
from generator.deploy import workflows
from generator.errors import ProblemError, error
from generator.output import shown
from generator.scaffold.starter import EVERY, FILES, PYPROJECT, WRITING
from generator.targets import PAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.config import Collection, Config

TEMPLATES = tuple(FILES)
"""What `--template` can be."""
CODE_HOST = "github"
"""Whose workflow a new site gets."""
PLAIN_YAML = re.compile(r"[^\W\d_][\w .,()/'+&-]*")
"""Text that YAML reads as this very text, without quotes."""
YAML_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
PAGE_SUFFIX = ".md"


def new_site(folder: Path, template: str) -> list[str]:
    """Write a new site; give the paths of its files. Raises ProblemError when the folder holds anything already."""
    root = folder.absolute()
    if root.is_dir() and any(root.iterdir()):
        hint = "choose a new name, or an empty folder"
        raise ProblemError(error(shown(root), "is not empty; nothing was written", hint=hint))
    if root.exists() and not root.is_dir():
        raise ProblemError(error(shown(root), "is a file; a site needs a folder"))
    heading = humanised(root.name)
    description = f"Notes and code of {heading}." if template == "blog" else f"About {heading}."
    words = {
        "name": workflows.slug(root.name),
        "version": __version__,
        "title": json.dumps(heading, ensure_ascii=False),
        "description": json.dumps(description, ensure_ascii=False),
        "heading": heading,
        "yaml_title": as_yaml(heading),
        "yaml_description": as_yaml(description),
        "description_text": description,
        "folder": "content" if template == "docs" else "blog",
        "writing": WRITING[template],
    }
    write(root, {CONFIG_FILE: filled(PYPROJECT, words)})
    config = load_config(root)
    words["date"] = config.now.date().isoformat()
    made = {path: filled(text, words) for path, text in {**EVERY, **FILES[template]}.items()}
    write(root, made)
    return [CONFIG_FILE, *made, *workflows.write(config, workflows.files(config, PAGES, CODE_HOST))]


def filled(text: str, words: Mapping[str, str]) -> str:
    """Put words into the text of a file."""
    return re.sub(r"«(\w+)»", lambda match: words[match[1]], text)


def check_site(config: Config) -> None:
    """Raise ProblemError where nothing says that a folder is a site: no configuration, no folder of pages, no page."""
    folders = [one for one in config.collections if one.folder != "."]
    if folders or is_configured(config.root) or any(config.root.glob(f"*{PAGE_SUFFIX}")):
        return
    message = f"is no site: it has no [tool.pressrun] in a {CONFIG_FILE}, and no folder “content” or “blog”"
    hint = "go to the site's folder, or name it with --root; `pressrun new NAME` makes a new site"
    raise ProblemError(error(shown(config.root), message, hint=hint))


def new_post(config: Config, title: str) -> str:
    """Write an empty post of today; give its path."""
    check_site(config)
    title = one_line(title, "a post's title")
    collection = next((c for c in config.collections if c.list), None) or by_itself(config, "blog")
    if collection is None:
        hint = f"give a collection `list = true` in {CONFIG_FILE}"
        raise ProblemError(error(CONFIG_FILE, "the site has no collection of posts", hint=hint))
    name = file_name(title)
    if not name:
        raise ProblemError(error(title, "no file name can be made of this title; expected some letters"))
    head = {"title": as_yaml(title), "date": config.now.date().isoformat(), "description": '""', "tags": "[]"}
    return new_file(config, collection, name, page_text(head))


def new_page(config: Config, path: str) -> str:
    """Write an empty page of the documentation at a path such as `guide/install`; give its path."""
    check_site(config)
    collection = next((c for c in config.collections if not c.list), None) or by_itself(config, "content")
    if collection is None:
        hint = f"make a collection without `list = true` in {CONFIG_FILE}"
        raise ProblemError(error(CONFIG_FILE, "the site has no collection of pages", hint=hint))
    below = path.removesuffix(PAGE_SUFFIX).strip("/")
    if collection.folder != ".":
        below = below.removeprefix(collection.folder + "/")
    parts = below.split("/")
    if not below or "\\" in below or any(not p.strip() or p.startswith(".") for p in parts):
        raise ProblemError(error(path, "is no path of a page; expected one such as guide/install"))
    title = humanised(parts[-2] if parts[-1] == "index" and len(parts) > 1 else parts[-1])
    return new_file(config, collection, below, page_text({"title": as_yaml(title), "description": '""'}))


def by_itself(config: Config, name: str) -> Collection | None:
    """Give the collection that the folder of a known name will be once it is there; None when another one has its place."""
    taken = any(one.name == name or one.folder in (".", name) for one in config.collections)
    return None if taken else DEFAULT_COLLECTIONS[name]


def new_file(config: Config, collection: Collection, below: str, text: str) -> str:
    """Write a page of a collection."""
    top = "" if collection.folder == "." else collection.folder + "/"
    path = f"{top}{below}{PAGE_SUFFIX}"
    write(config.root, {path: text})
    return path


def write(root: Path, made: Mapping[str, str]) -> None:
    """Write files. Raises ProblemError, with nothing written, when one is there already."""
    for path in made:
        if os.path.lexists(root / path):
            raise ProblemError(error(path, "is there already; nothing was written"))
    for path, text in made.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with open(root / path, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)


def page_text(head: Mapping[str, str]) -> str:
    """Write a page that has a header, given in YAML, and no words yet."""
    return "\n".join(["---", *(f"{key}: {value}" for key, value in head.items()), "---", ""])


def as_yaml(text: str) -> str:
    """Write text as a value of YAML, in quotes where YAML would read something else."""
    plain = PLAIN_YAML.fullmatch(text) and text.casefold() not in YAML_WORDS and text == text.strip()
    return text if plain else json.dumps(text, ensure_ascii=False)


def one_line(text: str, what: str) -> str:
    """Give text without spaces around it. Raises ProblemError when there is none, or more than a line."""
    made = text.strip()
    if not made or not made.isprintable():
        raise ProblemError(error(repr(text), f"is not {what}; expected one line of text"))
    return made


def file_name(title: str) -> str:
    """Make a file's name of a title: small letters and digits of any script, hyphens between words."""
    words = re.findall(
        r"[^\W_]+", title.casefold().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    )
    return "-".join(words).encode()[:100].decode("utf-8", "ignore").strip("-")


def humanised(name: str) -> str:
    """Make a title of a file's or a folder's name."""
    words = " ".join(name.replace("-", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:] or "Site"
