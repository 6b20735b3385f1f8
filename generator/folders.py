"""Folders: what holds for all pages of a folder: the defaults of their front matter, by `_defaults.yml` or the configuration."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from generator.config import CONFIG_FILE
from generator.errors import error
from generator.pages import FIELDS, NO_RULES, Rules, read_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.cache import Reads
    from generator.config import Collection, Config
    from generator.errors import Problem
    from generator.sources import Source

DEFAULTS_FILE = "_defaults.yml"
PERSONAL = ("title", "slug", "permalink", "aliases", "id")
"""Keys that one page alone can have."""


def rules_of(
    config: Config, sources: Iterable[Source], settings: Iterable[str], reads: Reads, known: Mapping[str, Any]
) -> tuple[dict[str, Rules], list[Problem]]:
    """Give folder → what holds for its pages; folders for which nothing is said are left out.

    `settings` are the files of that name that there are; `known` tells which keys the schema of a collection knows.
    """
    problems: list[Problem] = []
    written = [path for path in settings if path.rpartition("/")[2] == DEFAULTS_FILE]
    said = {path.rpartition("/")[0]: read_defaults(path, reads, problems) for path in written}
    keys = {one.name: one.key for one in config.taxonomies}
    tops = {}
    for collection in config.collections:
        rules = configured(collection, problems)
        words = tuple(keys[name] for name in collection.taxonomies if keys[name] not in FIELDS)
        tops[collection.name] = replace(rules, words=words, known=tuple(known.get(collection.name, ())))
    found: dict[str, Rules] = {}
    owners = {s.path.rpartition("/")[0]: s.collection for s in sources if s.is_page}
    by_name = {collection.name: collection for collection in config.collections}
    for folder, name in owners.items():
        rules, top = tops[name], by_name[name].folder
        parts = folder.split("/") if folder else []
        depth = 0 if top == "." else top.count("/") + 1
        for count in range(depth, len(parts) + 1):
            rules = over(rules, said.get("/".join(parts[:count]), NO_RULES))
        if rules != NO_RULES:
            found[folder] = rules
    return found, sorted(set(problems))


def over(above: Rules, own: Rules) -> Rules:
    """Give what holds in a folder inside another one."""
    if not own.given:
        return above
    changes = {key: getattr(own.matter, key) for key in own.given if key in FIELDS}
    matter = replace(above.matter, **changes, extra={**above.matter.extra, **own.matter.extra})
    return replace(above, matter=matter, given=tuple(dict.fromkeys((*above.given, *own.given))))


def read_defaults(path: str, reads: Reads, problems: list[Problem]) -> Rules:
    """Read one `_defaults.yml`."""
    from generator.frontmatter.values import Block, Wrong, compose_yaml, placed

    text, problem = read_page(path, reads)
    problems += [problem] if problem else []
    block = Block(text or "", 1, 0, 0)
    try:
        node = compose_yaml(block.text)
    except Wrong as wrong:
        problems.append(placed(path, block, wrong))
        return NO_RULES
    return checked(path, block, node, problems)


def configured(collection: Collection, problems: list[Problem]) -> Rules:
    """Read the defaults that the configuration has for a collection."""
    if not collection.defaults:
        return NO_RULES
    from generator.frontmatter.values import Block, compose_yaml

    rules = NO_RULES
    for key, value, line in collection.defaults:
        block = Block(f'"{key}": {value}', line, 0, 0)
        rules = over(rules, checked(CONFIG_FILE, block, compose_yaml(block.text), problems, column=1))
    return rules


def checked(path: str, block: Any, node: Any, problems: list[Problem], column: int = 0) -> Rules:
    """Type the defaults of a mapping and refuse what belongs to one page; `column` for a place that YAML cannot tell."""
    import yaml

    from generator.frontmatter.values import place, typed

    if node is None:
        return NO_RULES
    if not isinstance(node, yaml.MappingNode):
        problems.append(error(path, "defaults must be a mapping (key: value)", line=block.line, column=1))
        return NO_RULES
    matter, found, given = typed(path, block, node)
    problems += [replace(one, column=column) for one in found] if column else found
    for key in PERSONAL:
        if key in given:
            line, there = place(node, key, block)
            message = f"“{key}” belongs to one page and cannot be a default"
            problems.append(error(path, message, line=line, column=column or there))
    good = tuple(key for key in given if key not in PERSONAL)
    return Rules(replace(matter, **{key: getattr(NO_RULES.matter, key) for key in PERSONAL}), good)
