"""Components: the HTML they become, styles without inline style, what is refused and with which words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from harness import Project

import pressrun as rx
from generator.demos import RESET, DemoCompiler, DemoError
from generator.demos.markup import ADDRESSES
from pressrun.components import KINDS, ViewError, parts
from pressrun.components.icons import ALSO, ICONS
from pressrun.components.kinds import python_name
from pressrun.components.looks import CSS, VALUES

ROOT = Path(__file__).parents[2]


class Shop(rx.State):
    """What the views below are about."""

    word: str = "ink"
    hostile: str = "javascript:alert(1)"
    markup: str = '"><script>alert(1)</script>'
    on: bool = True
    n: int = 40
    rows: list[dict[str, Any]] = [{"id": 7, "name": "a"}, {"id": 8, "name": "b"}]

    def take(self, value: Any = None):
        pass


def compiled(*views: Any) -> tuple[str, DemoCompiler]:
    demos = DemoCompiler(ROOT, "page.md", "")
    return "".join(demos.add(view, {}, 1) for view in views), demos


def html(view: Any) -> str:
    """The HTML within the frame."""
    made = compiled(view)[0]
    return made[made.index(">") + 1 :].removesuffix(RESET.format("Reset") + "</div>")


def refusal(make: Callable[[], Any]) -> str:
    with pytest.raises((ViewError, DemoError)) as caught:
        compiled(make())
    return f"{caught.value.message} {caught.value.hint}".removesuffix(" The demo stands at page.md:1.")


def function_of(name: str) -> Any:
    """The function of a component by its name in the table."""
    family, _, member = name.rpartition(".")
    return getattr(getattr(rx, family), member) if family else getattr(rx, name)


NEEDED: dict[str, dict[str, Any]] = {
    "tabs.trigger": {"value": "a"}, "tabs.content": {"value": "a"}, "icon": {"tag": "check"}, "code_block": {"code": "x"},
}  # fmt: skip
"""Props without which a component says that something is missing."""


@pytest.mark.parametrize("name", KINDS)
def test_each_component_becomes_its_element(name: str) -> None:
    """The element of the table, with the class of its name; `as_` says another."""
    kind = KINDS[name]
    made = html(function_of(name)(**NEEDED.get(name, {"id": "it"})))
    if name == "select.trigger":
        assert made == ""  # without a placeholder there is nothing to say
        return
    assert f"<{kind.tag} " in made
    assert re.search(rf'class="pr-{name.replace(".", "-")}[" ]', made)
    other = html(function_of(name)(**NEEDED.get(name, {}), as_="em"))
    assert "<em " in other


@pytest.mark.parametrize("name", KINDS)
def test_each_component_refuses_a_prop_nobody_knows(name: str) -> None:
    """With the component's name, and the nearest prop."""
    words = refusal(lambda: function_of(name)("x", **NEEDED.get(name, {}), clas_name="x")) if name not in (
        "icon", "code_block") else refusal(lambda: function_of(name)(**NEEDED[name], clas_name="x"))  # fmt: skip
    assert words == f"{name}() has no prop 'clas_name'. Did you mean 'class_name'?"


def test_each_class_of_looks_is_in_the_style_sheet() -> None:
    """No value that is accepted has no effect."""
    sheet = (ROOT / "generator/theme/assets/demo.css").read_text("utf-8")
    unstyled = {"pr-solid", "pr-classic", "pr-dir-row"}  # what things look like anyway
    from pressrun.components.looks import CLASSES, TONES

    names = {CLASSES[prop] + value for prop, values in VALUES.items() for value in values}
    names |= {f"pr-tone-{tone}" for tone in TONES.values()}
    assert {name for name in names - unstyled if not re.search(rf"\.{name}\b", sheet)} == set()


# Styles


def test_constant_styles_become_a_class() -> None:
    """There is no inline style, which the policy forbids; the same style is one rule, the theme's steps and inks are known."""
    made, demos = compiled(
        rx.box(width="50%", padding="4", bg="surface", max_width=300, z_index=2),
        rx.text("x", style={"color": "red", "_hover": {"textDecoration": "underline"}}),
        rx.box(width="50%", padding="4", bg="surface", max_width=300, z_index=2),
    )
    assert "style=" not in made
    one, two = re.findall(r"s-\w+", made)[:2]
    assert made.count(one) == 2
    assert demos.sheet.css() == (
        f".demo .{one}.{one}{{width:50%;padding:1rem;background:var(--pr-surface);max-width:300px;z-index:2}}\n"
        f".demo .{two}.{two}{{color:var(--pr-danger)}}\n"
        f".demo .{two}.{two}:hover{{text-decoration:underline}}\n"
    )


def test_a_list_has_a_value_for_each_width_of_the_window() -> None:
    """As Reflex has it: the first for all, each of the others from a width on, None as before; looks as well as CSS."""
    _, demos = compiled(
        rx.flex(direction=["column", "row"], spacing=["2", None, "4"], justify=["start", "between"]),
        rx.grid(columns=["1", "2"], _hover={"color": ["red", "accent"]}),
    )
    one, two = dict.fromkeys(re.findall(r"s-\w{8}", demos.sheet.css()))
    assert demos.sheet.css() == (
        f".demo .{one}.{one}{{flex-direction:column;gap:.5rem;justify-content:start;"
        "@media (min-width:30em){flex-direction:row;justify-content:space-between};@media (min-width:48em){gap:1rem}}\n"
        f".demo .{two}.{two}{{grid-template-columns:repeat(1, minmax(0, 1fr));"
        "@media (min-width:30em){grid-template-columns:repeat(2, minmax(0, 1fr))}}\n"
        f".demo .{two}.{two}:hover{{color:var(--pr-danger);@media (min-width:30em){{color:var(--pr-accent)}}}}\n"
    )


def test_live_styles_are_bound_and_have_a_rule_for_the_first_paint() -> None:
    """The page's script sets them; until then, and without it, a rule stands for the first value, in rows too."""
    made, demos = compiled(rx.box(width=f"{Shop.n}%", color=Shop.word))
    look = re.search(r'data-look="(\w+)"', made)
    assert look
    assert 'data-bind="css:width=1 css:color=2"' in made
    assert demos.sheet.css() == f'.demo [data-look="{look[1]}"][data-look]{{width:40%;color:ink}}\n'
    made, demos = compiled(rx.foreach(Shop.rows, lambda row: rx.box(order=row.id)))
    assert demos.sheet.css().count("order:") == 2


def test_a_hostile_first_value_makes_no_rule() -> None:
    """What could end a declaration stays out of the style sheet."""
    _, demos = compiled(rx.box(color=Shop.markup), rx.box(width=f"{Shop.n}}} body {{"))
    assert demos.sheet.css() == ""


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: rx.box(width="1px; color: red"), "width: '1px; color: red' is no value in CSS."),
        (lambda: rx.box(widht="1px"), "box() has no prop 'widht'. Did you mean 'width'?"),
        (lambda: rx.box(style={"colour": "red"}), "box(style=…): CSS has no property 'colour' for a demo. Did you mean 'color'?"),
        (lambda: rx.box(style="color: red"), "box(style=…) needs a dict, not str."),
        (lambda: rx.box(_hover={"color": Shop.word}), "box(): the style for :hover cannot hold expressions."),
        (lambda: rx.vstack(spacing="12"), "There is no spacing='12'. There are '0', '1'"),
        (lambda: rx.vstack(spacing=["1", "12"]), "There is no spacing='12'. There are '0', '1'"),
        (lambda: rx.box(width=[]), ("width cannot be [] in CSS. A list has a value for each width of the window, from the first on "
         "(initial, xs, sm, md, lg, xl); None: as before.")),
        (lambda: rx.box(width=["1px", Shop.word]), ("width: a value for a width of the window cannot be an expression. "
         "Use `cond` between two components, or one expression for all widths.")),
        (lambda: rx.text("x", weight=["bold", "light"]), ("weight cannot be a list. These can: spacing, gap, align, justify, wrap, "
         "direction, columns, text_align, and the properties of CSS.")),
        (lambda: rx.accordion.root(type="multiple", value=Shop.word), ('accordion(type="multiple") does not know one value. '
         "Give each item `open=` and its trigger `on_click=` with `prevent_default=True`.")),
        (lambda: rx.accordion.root(on_change=Shop.take), "accordion(on_change=…) needs a value. Write `value=State.field` beside it."),
        (lambda: rx.accordion.root(rx.accordion.item(header="A", content="a"), value=Shop.word),
         'accordion.item() needs a value here. Write `accordion.item(…, value="one")`.'),
        (lambda: rx.button("x", variant=Shop.word), "button(variant=…) cannot be an expression. Use `cond("),
        (lambda: rx.badge("x", color_scheme="blu"), "badge(color_scheme='blu'): there is no such scheme. Did you mean 'blue'?"),
        (lambda: rx.icon("chek"), "There is no icon 'chek'. Did you mean 'check'?"),
        (lambda: rx.icon(rx.cond(Shop.on, "play", "trash_2")), "icon() takes 'trash' for 'trash_2'."),
        (lambda: rx.table.rw, "There is no table.rw. Did you mean table.row?"),
        (lambda: rx.tabs.trigger("A"), "tabs.trigger() needs a value."),
        (lambda: rx.el.iframe(src="/x"), "iframe() does not make <iframe>"),
        (lambda: rx.box(as_="script"), "box() does not make <script>"),
        (lambda: rx.input("x"), "input() takes no children."),
        (lambda: rx.match(Shop.n, 1, "x"), "A case of match() is a tuple"),
        (lambda: rx.foreach(Shop.rows, Shop.rows), "foreach() needs a function that gives a component, not Field."),
        (lambda: rx.list.unordered(rx.foreach(Shop.rows, lambda row: rx.cond(row.id, rx.list_item("x")))),
         "Give one list_item() there, and put the `cond` or `match` inside of it."),
        (lambda: rx.text(rx.text), "A function cannot stand in a view."),
        (lambda: rx.text(Shop.word.titel()), "`Shop.word` has no method `titel()`"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_the_remedy(make: Callable[[], Any], words: str) -> None:
    """One sentence names the component and what is wrong, the next what to write."""
    with pytest.raises(Exception) as caught:
        compiled(make())
    error: Any = caught.value
    assert words in f"{error.message} {error.hint}"


def test_a_component_nobody_knows_names_the_nearest() -> None:
    """As an attribute of the module, where Python itself would only say that there is none."""
    with pytest.raises(AttributeError, match="has no 'vstak'; did you mean 'vstack'"):
        _ = rx.vstak
    with pytest.raises(AttributeError, match="has no attribute 'zzz'"):
        _ = rx.zzz


# Hostile values

TAKES_ADDRESS = [(name, prop) for name, kind in KINDS.items() for prop in kind.props if prop in ADDRESSES]


def test_addresses_are_where_they_are_thought_to_be() -> None:
    """The list of props that take an address, so that none comes unnoticed."""
    assert TAKES_ADDRESS == [("link", "href"), ("image", "src"), ("avatar", "src")]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "\tJaVaScRiPt:x", "java\nscript:x", "vbscript:x", "data:text/html,x"])  # fmt: skip
@pytest.mark.parametrize(("name", "prop"), [*TAKES_ADDRESS, *(("el", name) for name in sorted(ADDRESSES))])
def test_no_address_runs(name: str, prop: str, address: str) -> None:
    """A constant is refused; a value from the state is left out, in the first paint and in rows."""
    make: Any = (lambda **props: rx.el("a", "x", **props)) if name == "el" else function_of(name)
    with pytest.raises(DemoError, match="could run a script"):
        compiled(make(**{prop: address}))
    assert "alert" not in html(make(**{prop: Shop.hostile}))


@pytest.mark.parametrize("name", [name for name in KINDS if name != "select.trigger"])
def test_markup_in_any_prop_is_text(name: str) -> None:
    """Whatever a field holds, it ends no attribute and no element."""
    kind = KINDS[name]
    plain = [python_name(p) for p in (*kind.props, "title", "id") if p not in ADDRESSES]
    props: dict[str, Any] = dict.fromkeys(plain, Shop.markup)
    if name in ("tabs.trigger", "tabs.content"):
        props["value"] = "a"
    children = () if kind.tag in ("input", "img", "hr") or name in ("icon", "code_block") else (Shop.markup,)
    made = html(function_of(name)(*children, **{**NEEDED.get(name, {}), **props}))
    assert "<script" not in made
    assert 'title="&quot;&gt;&lt;script&gt;' in made


# Parts that are put together


def test_icons_are_in_the_page_once_and_only_those_in_use() -> None:
    """One drawing for all demos of the page; second names mean the same; an expression brings what it may choose."""
    made, _ = compiled(
        rx.hstack(rx.icon("trash-2"), rx.icon("trash")),
        rx.hstack(rx.icon("trash"), rx.icon(rx.cond(Shop.on, "play", "pause"), aria_label="Run")),
    )
    assert re.findall(r'<symbol id="pr-i-([\w-]+)"', made) == ["trash", "pause", "play"]
    assert made.count('href="#pr-i-trash"') == 3
    assert 'href="#pr-i-play"' in made
    assert 'role="img" aria-label="Run"' in made
    assert made.count('aria-hidden="true"') == 5  # two sprites and three ornaments
    assert set(ALSO.values()) <= set(ICONS)


def test_radio_buttons_belong_to_their_group_in_each_row() -> None:
    """A name that no other group has; in rows it holds the row's key, so that a moved row keeps its choice."""
    made, _ = compiled(
        rx.radio_group(["x", "y"], value=Shop.word),
        rx.foreach(Shop.rows, lambda row: rx.box(rx.radio_group(["x"], value=row.name), key=row.id)),
    )
    names = re.findall(r'type="radio"[^>]*? name="([^"]+)"', made)
    assert names == ["pr-radio-1-1", "pr-radio-1-1", "pr-radio-2-1-7", "pr-radio-2-1-8"]


def test_select_marks_what_is_chosen_before_any_script_runs() -> None:
    """Of texts, of items in groups, and of a list in the state."""
    for made in (
        html(rx.select(["ink", "paper"], value=Shop.word)),
        html(rx.select.root(rx.select.trigger(placeholder="?"), rx.select.content(rx.select.group(
            rx.select.item("Ink", value="ink"), rx.select.item("Paper", value="paper"), label="all")), value=Shop.word)),
        html(rx.select(["ink", "paper"], default_value="ink")),
    ):  # fmt: skip
        assert re.findall(r"<option[^>]*? selected", made)
        assert made.count(" selected") == 1


def test_tabs_and_dialogs_ask_for_the_script_that_moves_them() -> None:
    """A demo without them does not load it."""
    tabs = rx.tabs.root(
        rx.tabs.list(rx.tabs.trigger("A", value="a"), rx.tabs.trigger("B", value="b")),
        rx.tabs.content("1", value="a"), rx.tabs.content("2", value="b"), default_value="b",
    )  # fmt: skip
    made, _ = compiled(tabs)
    assert made.startswith('<div class="demo" data-demo="1" data-parts ')
    assert re.findall(r'aria-selected="(\w+)" tabindex="(-?\d)"', made) == [("false", "-1"), ("true", "0")]
    assert re.findall(r'data-value="(\w)" aria-label="(\w)" id="([^"]+)"( hidden)?', made) == [
        ("a", "A", "pr-panel-1-1", " hidden"),
        ("b", "B", "pr-panel-1-2", ""),
    ]
    assert re.findall(r'aria-controls="([^"]+)"', made) == ["pr-panel-1-1", "pr-panel-1-2"]
    assert "data-parts" not in compiled(rx.text("x"))[0]


def test_what_rows_are_made_of_is_valid_html() -> None:
    """Words that come with each row are dots in the template: a heading or a button without any is a mistake for every judge."""
    made = html(
        rx.foreach(
            Shop.rows, lambda row: rx.card(rx.heading(row.name), rx.icon_button("x", aria_label=row.name))
        )
    )
    template = made[made.index("<template") : made.index("</template>")]
    assert re.search(r"<h2[^>]*>…</h2>", template)
    assert 'aria-label="…"' in template
    assert "…" not in made[made.index("</template>") :]


def test_controls_that_are_ticked_have_no_autocomplete() -> None:
    """HTML allows it where something is typed or chosen from a list; `demo.js` sets ticks to what the state says."""
    for control in (rx.checkbox("One"), rx.radio_group(["a", "b"]), rx.input(type="checkbox")):
        assert "autocomplete" not in html(control)
    assert 'autocomplete="off"' in html(rx.input())


def test_code_has_its_colours_when_it_is_known() -> None:
    """Constant code is highlighted when the site is built; code from the state is text."""
    assert '<span class="k">def</span>' in html(rx.code_block("def f(): pass", language="python"))
    made = html(rx.code_block(Shop.markup, language="python"))
    assert '<code data-bind="text=1">"&gt;&lt;script&gt;' in made


def test_arguments_of_rows_are_in_the_page() -> None:
    """A click before the worker is there knows its row."""
    made = html(rx.foreach(Shop.rows, lambda row: rx.button("x", on_click=Shop.take(row.id))))
    assert re.findall(r'data-on\d+="([^"]+)"', made) == [
        "[[[&quot;=&quot;,7]]]", "[[[&quot;=&quot;,8]]]",
    ]  # fmt: skip


def test_effects_are_events_of_a_view() -> None:
    """`toast` and `console_log` can be given to an event prop, alone or in a list."""
    _, demos = compiled(rx.button("x", on_click=[rx.toast.info("Hi"), Shop.take("v")]))
    table = json.loads(demos.finish() or b"")[0]["views"]["1"]
    assert table["1"] == ["on", [["", "toast", [["=", "Hi"], ["=", "info"]], {}],
                                 [Shop._key, "take", [["=", "v"]], {}]]]  # fmt: skip


def test_css_properties_are_written_as_css_writes_them() -> None:
    """The table is of CSS names."""
    assert {name for name in CSS if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name)} == set()
    assert parts.help_of(KINDS["button"]) == rx.button.__doc__


REFLEX = '''import pressrun as rx


class FormState(rx.State):
    form_data: dict = {}

    @rx.event
    def handle_submit(self, form_data: dict):
        """Handle the form submit."""
        self.form_data = form_data


def form_example():
    return rx.card(
        rx.vstack(
            rx.heading("A form", size="4", margin_bottom="0.5em"),
            rx.form.root(
                rx.hstack(
                    rx.input(name="first", placeholder="First name", type="text", required=True),
                    rx.select(["one", "two"], name="which", default_value="two"),
                    rx.button("Submit", type="submit", _hover={"opacity": 0.8}),
                    width="100%",
                ),
                on_submit=FormState.handle_submit,
                reset_on_submit=True,
            ),
            rx.divider(),
            rx.foreach(FormState.form_data, lambda pair: rx.text(f"{pair[0]}: ", rx.code(pair[1]))),
            rx.badge(FormState.form_data.to_string(), color_scheme="gray"),
            align_items="left",
        ),
        width="50%",
        padding_x="2em",
    )
'''


def test_an_example_for_reflex_runs_after_changing_its_import(project: Project) -> None:
    """Names, props, events and styles as Reflex users write them; the page has a style sheet of its own for the styles."""
    project.write("content/form.py", REFLEX).write(
        "content/index.md",
        "---\ntitle: Form\n---\n---\nfrom content.form import form_example\n---\n```python demo\nform_example()\n```\n",
    ).build()
    assert project.problems == []
    page = project.html("/")
    sheet = re.search(r'href="/(assets/demos/\w+\.css)"', page)
    assert sheet
    css = (project.root / "site" / sheet[1]).read_text()
    assert "{width:50%;padding-inline:2em}" in css
    assert ":hover{opacity:0.8}" in css
    assert "style=" not in page
    assert '<option value="two" class="pr-option" selected>two</option>' in page
