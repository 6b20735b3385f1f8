"""Tables of the manual that are made from the code itself, so that they cannot disagree with it."""

import ast
import inspect
import json
import re
from dataclasses import fields
from html import escape
from itertools import pairwise
from pathlib import Path

from generator.demos.library import LIBRARY
from generator.demos.shims import NAMES
from pressrun.components import DOM_EVENTS, events_of, grid, hstack, icon, python_name
from pressrun.components import KINDS as COMPONENTS
from pressrun.components.icons import ICONS
from pressrun.components.looks import INKS, TONES
from pressrun.expr import METHODS

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


def documented(kind, *, without=(), more=None, defaults=False):
    """List the fields of a dataclass with the docstrings that stand below them; `more`: name → type and meaning."""
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
            kind_of = KINDS.get(str(field.type), "table")
            row = [f"{code(field.name)}<br>{kind_of}", inline(words.get(field.name, ""))]
            rows.append([*row, code(toml(field.default))] if defaults else row)
    rows += [[f"{code(name)}<br>{held}", inline(meaning)] for name, (held, meaning) in (more or {}).items()]
    return table(["key", "meaning", *(["default"] if defaults else [])], rows)


def toml(value):
    """Write a default as TOML does."""
    return json.dumps(value, ensure_ascii=False)


ARGUMENTS = {
    "kind": "pages, drafts, future, expired or unlisted",
    "root": "the folder of the site; the current one by default",
    "wish": "`diff` or `words`",
    "what": "the folder of a new site; or `post`, or `page`",
    "subject": "the title of a new post; or the path of a new page, such as `guide/install`",
    "target": "the name of a target; the only one that is configured, or pages, by default",
}


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
                        inline(ARGUMENTS[parameter.name]),
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
    for name, kind in COMPONENTS.items():
        own = {
            event: gives for event, gives in events_of(kind).items() if event in ("on_change", "on_submit")
        }
        given = "".join(f"<br>{code(event)} gives {GIVEN[gives]}." for event, gives in own.items())
        props = dict.fromkeys(python_name(prop) for prop in (*kind.props, *kind.also))
        names = " ".join(map(code, props))
        rows.append([f"{code(name)}<br>&lt;{kind.tag}&gt;", inline(kind.purpose) + given, names])
    return table(["component", "what it is", "its own props"], rows)


def events():
    """List the events that all components know, with what the handler gets."""
    rows = [
        [code(name), code(dom), GIVEN[gives]]
        for name, (dom, gives) in DOM_EVENTS.items()
        if dom and name not in ("on_submit", "on_value_commit")
    ]
    return table(["event", "in the browser", "the handler gets"], rows)


def expressions():
    """List the methods of expressions."""
    return f"<p>{' '.join(code(name + '()') for name in sorted(METHODS))}</p>"


def schemes():
    """List the colour schemes, by the theme's inks."""
    inks = dict.fromkeys(TONES.values())
    rows = [[code(ink), " ".join(code(name) for name in TONES if TONES[name] == ink)] for ink in inks]
    return table(["ink", "names"], rows)


def styles():
    """List the colours that mean the theme's."""
    return f"<p>{' '.join(map(code, INKS))}</p>"


def icons():
    """Show every icon with its name."""
    return grid(
        *[hstack(icon(name), name, spacing="2") for name in ICONS], columns="4", spacing="3", size="2"
    )


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


THEME = Path("generator/theme")
FILES_OF_PAGES = (
    "base.html",
    "page.html",
    "post.html",
    "list.html",
    "archive.html",
    "tags.html",
    "404.html",
    "redirect.html",
)
BLOCKS = {
    "back": "the way back to the list that a page belongs to",
    "kicker": "above the heading of a tag, an author or a series: what it is; leads to the list of all",
    "body_class": "the class of `<body>`",
    "brand": "the mark and the name of the site, in the header",
    "breadcrumbs": "the sections above a page, and the link to it as Markdown",
    "byline": "who, when, how long, when it was changed",
    "content": "the page's own words",
    "structured": "the structured data of search engines (JSON-LD)",
    "deck": "the description of a post, below its title",
    "edit": "“Edit this page”",
    "links": "the link to the site's source, in the header",
    "plate": "the drawing that stands for a post without a picture",
    "related": "posts that have much in common with this one",
    "series": "the parts of the series that a post belongs to",
    "share": "links that hand a post on",
    "social": "Open Graph, inside `meta`",
    "years": "the years of a blog",
    "custom": "`static/custom.css`, and `components/custom-head.html`",
    "entries": "the list of pages",
    "footer": "`components/footer.html`",
    "head": "empty: what a template adds to the head",
    "header": "the whole header, with the blocks brand, site_nav, search, links, versions, languages and switch",
    "hero": "the page's picture",
    "languages": "the page in other languages",
    "main": "all that stands in `<main>`, with the blocks that the page templates add",
    "meta": "title, description, canonical URL, feeds, colours of the browser, icon; `social`",
    "newsletter": "`components/newsletter.html`, on posts and on a blog's index; empty on pages",
    "pager": "the way to the previous and the next page",
    "scripts": "`early.js` (the stored choice of light or dark) and `theme.js`",
    "search": "`components/search.html`: the button that opens search, where the site has it",
    "sheet_class": "the class of the sheet around sidebar and main; the style sheet lays out by it",
    "sidebar": "the contents of the documentation",
    "site_nav": "`components/site-nav.html`: documentation and collections",
    "skip": "the link that skips to the content",
    "styles": "`theme.css`",
    "switch": "the switch of light and dark",
    "tags": "the page's tags",
    "title": "the heading, with the badge of drafts and scheduled pages",
    "title_text": "the words of `<title>`",
    "versions": "`components/versions.html`: the menu of versions, where the site has them",
    "toc": "the page's headings",
}


def template_blocks():
    """List the blocks of the theme's templates, each with what it holds and the templates that have one of their own."""
    owners = {}
    for name in FILES_OF_PAGES:
        text = (THEME / "templates" / name).read_text("utf-8")
        for block in re.findall(r"{%-? block (\w+)", text):
            owners.setdefault(block, []).append(name)
    assert owners.keys() == BLOCKS.keys(), owners.keys() ^ BLOCKS.keys()
    return table(
        ["block", "what it holds", "in"],
        [
            [code(block), inline(BLOCKS[block]), ", ".join(map(code, names))]
            for block, names in owners.items()
        ],
    )


def template_files():
    """List the theme's templates and partials with the comment that each begins with."""
    folder = THEME / "templates"
    rows = []
    for path in [
        *(folder / name for name in FILES_OF_PAGES),
        *sorted((folder / "components").glob("*.html")),
    ]:
        words = re.match(r"{#-?\s*(.*?)\s*-?#}", path.read_text("utf-8"), re.DOTALL)
        first, *others = re.split(r"(?<=\.) ", " ".join(words[1].split()))
        told = " ".join([first, *(one for one in others if one.startswith("Reads "))])
        rows.append([code(path.relative_to(folder).as_posix()), inline(told)])
    return table(["template", "what it is"], rows)


def tokens():
    """List the design tokens from the comment at the top of the style sheet, with their values in light and dark."""
    text = (THEME / "assets" / "theme.css").read_text("utf-8")
    comment, rest = text.split("*/", 1)
    values = dict(re.findall(r"(--pr-[\w-]+): ([^;]+);", rest.partition("}")[0]))
    rows = {}
    for line in comment.splitlines():
        for names, meaning in re.findall(r"((?:--pr-[\w-]+ +)+)(.*?)(?=\s{2,}--pr-|$)", line):
            for name in names.split():
                short = re.fullmatch(r"light-dark\((#\w+), (#\w+)\)|(.{1,12})", values.get(name, ""))
                cells = [code(value) for value in (short.groups() if short else ()) if value]
                rows[name] = [code(name), inline(meaning), " ".join(cells)]
    assert rows.keys() == values.keys(), rows.keys() ^ values.keys()
    return table(["token", "what it draws", "light, dark"], rows.values())


def attributes(kind, prefix):
    """List what templates can read of a view: its annotated fields and properties with their docstrings."""
    body = ast.parse(inspect.getsource(kind)).body[0].body
    rows = []
    for node, text in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.FunctionDef) and node.decorator_list and not node.name.startswith("_"):
            rows.append((node.name, ast.get_docstring(node)))
        elif isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(text, ast.Expr):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            rows.append((target.id, inspect.cleandoc(text.value.value)))
    return table(
        ["variable", "what it is"],
        [[code(f"{prefix}.{name}"), inline(" ".join(words.split()))] for name, words in sorted(rows)],
    )


def methods(kind):
    """List the public methods and properties of a class, as they are called, with their docstrings; then its attributes."""
    rows = []
    for name, one in vars(kind).items():
        told = (
            inspect.getdoc(one.fget if isinstance(one, property) else one)
            if not name.startswith("_")
            else None
        )
        if isinstance(one, property) and told:
            rows.append([code(name), inline(" ".join(told.split()))])
        elif inspect.isfunction(one) and told:
            rows.append([code(name + parameters(one)), inline(" ".join(told.split()))])
    for name, told in re.findall(
        r'self\.([a-z]\w*): [^\n]*= [^\n]*\n +"""(.*?)"""', inspect.getsource(kind), re.DOTALL
    ):
        rows.append([code(name), inline(" ".join(told.split()))])
    return table(["", "what it is or does"], rows)


def parameters(function):
    """Write what a method is called with."""
    given = list(inspect.signature(function).parameters.values())[1:]
    bare = [one.replace(annotation=inspect.Parameter.empty) for one in given]
    return str(inspect.Signature(bare))


def said(words):
    """List words of the theme by their keys."""
    shown = {key: text["other"] if isinstance(text, dict) else text for key, text in words.items()}
    rows = [
        [code(key), escape(", ".join(text) if isinstance(text, list) else text)]
        for key, text in shown.items()
    ]
    return table(["key", "in English"], rows)


def functions(table_of, form):
    """List functions by the name that templates know, with their docstrings."""
    rows = [
        [code(form.format(name)), inline(" ".join(inspect.getdoc(one).split()))]
        for name, one in table_of.items()
    ]
    return table(["in a template", "what it does"], rows)


def words(names):
    """Write names as code, with commas."""
    return ", ".join(map(code, sorted(names)))
