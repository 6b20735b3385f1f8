"""Overrides: checks of a site's own templates that rendering cannot make, because Jinja is silent there."""

from __future__ import annotations

import difflib
import os
import re
from typing import TYPE_CHECKING

import jinja2
from jinja2 import nodes

from generator.cache import Facts, Reads
from generator.errors import Problem, ProblemError, did_you_mean, warning
from generator.templates import BUILT_IN_PREFIX, OVERRIDES, PREFIXES, THEME_PREFIX, Loader, read_override
from generator.themes import layers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def unknown_blocks(reads: Reads) -> list[Problem]:
    """Warn of blocks that no template which theirs extends has: they are never shown, mostly because of a slip."""
    environment = jinja2.Environment(autoescape=True)
    problems = []
    for path in own_templates(reads):
        tree = parsed(environment, reads, path.removeprefix(f"{OVERRIDES}/"))
        parent = extended(tree) if tree else None
        if tree is None or parent is None:
            continue
        known = blocks_above(environment, reads, parent, set())
        called = {node.attr for node in tree.find_all(nodes.Getattr)}  # {{ self.name() }} shows a block too
        for block in outermost(tree):
            if known is not None and block.name not in known | called:
                message = f"“{parent}” has no block “{block.name}”, so this one is never shown"
                hint = did_you_mean(block.name, known)
                problems.append(warning(path, message, line=block.lineno, hint=hint))
    return problems


def own_templates(reads: Reads) -> Iterator[str]:
    """Give the paths of the site's templates; the folders' contents count as looked at."""
    pending = [OVERRIDES]
    while pending:
        folder = pending.pop()
        full = os.path.join(reads.facts.root, folder)
        reads.keys[f"folder:{folder}"] = reads.facts.digest(f"folder:{folder}")
        if not os.path.isdir(full) or os.path.islink(full):
            continue
        for entry in sorted(os.scandir(full), key=lambda e: e.name):
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                pending.append(f"{folder}/{entry.name}")
            elif entry.is_file() and entry.name.endswith(".html"):
                yield f"{folder}/{entry.name}"


def parsed(environment: jinja2.Environment, reads: Reads, name: str) -> nodes.Template | None:
    """Parse a template by its name; None when it is missing or wrong (the pages that use it say so)."""
    if not name.startswith(PREFIXES):
        reads.exists(f"{OVERRIDES}/{name}")
    try:
        return environment.parse(Loader(reads.facts).get_source(environment, name)[0])
    except (jinja2.TemplateError, ProblemError):
        return None


def extended(tree: nodes.Template) -> str | None:
    """Give the name of the template that one extends; None when it extends none, or one that is computed."""
    found = tree.find(nodes.Extends)
    return found.template.value if found and isinstance(found.template, nodes.Const) else None


def blocks_above(
    environment: jinja2.Environment, reads: Reads, name: str | None, seen: set[str]
) -> set[str] | None:
    """Give the blocks of a template and of all that it extends; None when that cannot be known."""
    tree = parsed(environment, reads, name) if name and name not in seen else None
    if tree is None or name is None:
        return None
    own = {block.name for block in tree.find_all(nodes.Block)}
    if tree.find(nodes.Extends) is None:
        return own
    above = blocks_above(environment, reads, extended(tree), seen | {name})
    return None if above is None else own | above


def outermost(node: nodes.Node) -> Iterator[nodes.Block]:
    """Give the blocks that stand in no other block; those inside are shown with the one around them."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Block):
            yield child
        else:
            yield from outermost(child)


def differences(root: Path, theme: str = "") -> Iterator[str]:
    """Give, for each template of a site that replaces one of the theme's, what is other in it, as a unified diff.

    A template that extends the theme's own of its name follows the theme by itself; only its name is given. `theme` is the
    folder of an installed theme.
    """
    reads = Reads(Facts(root))
    for path in sorted(own_templates(reads)):
        name = path.removeprefix(OVERRIDES + "/")
        own, theirs = read_override(reads.facts, path), layers(theme).template(name)
        if own is None or theirs is None:
            continue
        above = re.search(
            rf"""{{%-?\s*extends\s*["'](({THEME_PREFIX}|{BUILT_IN_PREFIX}){re.escape(name)})["']""", own
        )
        if above:
            yield f"{path} extends {above[1]}\n"
            continue
        before, after = (text.splitlines(keepends=True) for text in (theirs.read_text("utf-8"), own))
        for row in difflib.unified_diff(before, after, THEME_PREFIX + name, path):
            yield row if row.endswith("\n") else row + "\n\\ No newline at end of file\n"
