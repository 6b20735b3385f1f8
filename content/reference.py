"""Tables of the manual that are made from the code itself, so that they cannot disagree with it."""

import ast
import inspect
import json
from dataclasses import fields
from html import escape
from itertools import pairwise
from pathlib import Path

from generator.demos.library import LIBRARY
from generator.demos.shims import NAMES
from pressrun.components import DOM_EVENTS, events_of, python_name
from pressrun.components import KINDS as COMPONENTS

KINDS = {
    "str": "text",
    "bool": "true or false",
    "int": "whole number",
    "float": "number",
    "tuple[str, ...]": "list of text",
}


def table(headings, rows):
    """Write a table; cells are HTML."""
    head = "".join(f"<th>{cell}</th>" for cell in headings)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f'<div class="table" tabindex="0" role="group" aria-label="Table"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table></div>\n'


def documented(kind, *, without=(), defaults=False):
    """List the fields of a dataclass with the docstrings that stand below them."""
    body = ast.parse(inspect.getsource(kind)).body[0].body
    words = {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }
    rows = []
    for field in fields(kind):
        if field.name not in without:
            row = [code(field.name), KINDS.get(str(field.type), "table"), inline(words.get(field.name, ""))]
            rows.append([*row, code(toml(field.default))] if defaults else row)
    return table(["key", "type", "meaning", *(["default"] if defaults else [])], rows)


def toml(value):
    """Write a default as TOML does."""
    return json.dumps(value, ensure_ascii=False)


def commands(group):
    """List the options of all commands of a click group, a section for each."""
    parts = []
    for name, command in sorted(group.commands.items()):
        rows = []
        for parameter in command.params:
            names = ", ".join([*parameter.opts, *parameter.secondary_opts])
            if parameter.param_type_name == "argument":
                rows.append(
                    [
                        code(parameter.human_readable_name),
                        "the folder of the site; the current one by default",
                    ]
                )
            else:
                rows.append([code(names), escape(parameter.help or "")])
        heading = f'<h2 id="{name}">pressrun {name}<a class="anchor" href="#{name}" aria-label="Link to this section"></a></h2>\n'
        parts.append(heading + f"<p>{escape(command.help or '')}</p>\n" + table(["option", "meaning"], rows))
    return "\n".join(parts)


GIVEN = {
    "": "nothing",
    "value": "the value, as text",
    "checked": "whether it is ticked",
    "pressed": "whether it is on",
    "key": "the name of the key",
    "form": "a dict: the controls' names and values",
}


def components():
    """List the components with their own props and what their own events give."""
    rows = []
    for name, kind in sorted(COMPONENTS.items()):
        own = {
            event: gives for event, gives in events_of(kind).items() if event in ("on_change", "on_submit")
        }
        given = [f"{code(event)}: {GIVEN[gives]}" for event, gives in own.items()]
        props = " ".join(code(python_name(prop)) for prop in kind.props)
        rows.append([code(name), code(f"<{kind.tag}>"), inline(kind.purpose), props, "<br>".join(given)])
    return table(["component", "element", "purpose", "props", "events"], rows)


def events():
    """List the events that all components know, with what the handler gets."""
    rows = [
        [code(name), code(dom), GIVEN[gives]]
        for name, (dom, gives) in DOM_EVENTS.items()
        if name not in ("on_change", "on_submit")
    ]
    return table(["event", "in the browser", "the handler gets"], rows)


def library():
    """List the modules and names of the standard library that the browser's Python has."""
    rows = []
    for name in sorted(LIBRARY, key=lambda name: (name == "builtins", name)):
        ours = {shim.rpartition(".")[2] for shim in NAMES if shim.rpartition(".")[0] == name}
        names = [f"<em>{code(n)}</em>" if n in ours else code(n) for n in sorted(LIBRARY[name] | ours)]
        rows.append(["built in" if name == "builtins" else code(name), " ".join(names)])
    return table(["module", "names"], rows)


def code_map(package):
    """List the modules of a package with the first line of their docstrings."""
    folder = Path(package)
    lines = []
    for path in sorted([*folder.glob("*.py"), *folder.glob("*/__init__.py")]):
        name = path.parent.name + "/" if path.name == "__init__.py" and path.parent != folder else path.name
        text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        if not name.startswith("__"):
            lines.append(f"{name:<16}{' '.join(text.split(chr(10) * 2)[0].split())}")
    return "\n".join(lines)


def code(text):
    """Write a piece of code."""
    return f"<code>{escape(text)}</code>"


def inline(text):
    """Write a docstring: words between backticks are code."""
    parts = escape(text, quote=False).split("`")
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))
