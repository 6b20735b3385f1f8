"""Demos mounted without a browser: what authors' tests can do, and what they are told when something is wrong."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import time

import pytest

from pressrun import State, console_log, event, var
from pressrun.components import (
    accordion,
    box,
    button,
    checkbox,
    cond,
    dialog,
    el,
    foreach,
    form,
    heading,
    hstack,
    image,
    input,
    label,
    link,
    list_item,
    option,
    select,
    slider,
    switch,
    tabs,
    text,
    text_area,
    unordered_list,
    vstack,
)  # fmt: skip
from pressrun.expr import VarTypeError
from pressrun.testing import Demo, mount


class Shop(State):
    """What most of these views show."""

    words: list[str] = ["ink", "paper"]
    word: str = ""
    loud: bool = False
    ratio: float = 3.0
    colour: str = "red"
    volume: int = 5
    seen: list[str] = []

    @var
    def summary(self) -> str:
        return f"{len(self.words)} things"

    @var
    async def echo(self) -> str:
        await asyncio.sleep(0)
        return self.word * 2

    def write(self, word: str):
        self.word = word

    def shout(self, word: str):
        self.word = word.upper()

    def add(self):
        self.words.append(self.word or "nothing")
        self.word = ""

    def remove(self, index: int, word: str):
        assert self.words[index] == word
        del self.words[index]

    def be_loud(self, on: bool):
        self.loud = on

    def refuse(self, on: bool):
        pass

    def choose(self, colour: str):
        self.colour = colour

    def slide(self, value: str):
        self.volume = int(value)

    def note(self, what: str):
        self.seen.append(what)

    def send(self, fields: dict[str, str]):
        self.seen.append(", ".join(f"{name}={value}" for name, value in sorted(fields.items())))

    def crash(self):
        self.word = "crashed"
        raise ValueError("it broke")

    def speak(self):
        return console_log("spoken")


class Worker(State):
    """Things that take time."""

    count: int = 0
    status: str = "resting"
    stopped: bool = False

    async def think(self):
        self.status = "thinking"
        yield
        await asyncio.sleep(1)
        self.status = "done"

    @event(background=True)
    async def tick(self):
        while not self.stopped:
            await asyncio.sleep(0.1)
            async with self:
                self.count += 1

    @event(background=True)
    async def spin(self):
        while not self.stopped:
            async with self:
                self.count += 1
            await asyncio.sleep(0)

    @event(background=True)
    async def fail_later(self):
        await asyncio.sleep(2)
        raise RuntimeError("too late")

    @event(background=True)
    async def never(self):
        await asyncio.Event().wait()

    async def yields_a_wrong_thing(self):
        return 7

    def stop(self):
        self.stopped = True

    def zero(self):
        self.count = 0


def shop():
    return vstack(
        heading("Shop"),
        hstack(
            input(id="word", value=Shop.word, on_change=Shop.write, placeholder="one more", debounce=500),
            button("Add", on_click=Shop.add),
            button("Crash", on_click=Shop.crash),
            button("Speak", on_click=Shop.speak),
            button("Nothing", disabled=True, on_click=Shop.add),
        ),
        unordered_list(
            foreach(
                Shop.words,
                lambda word, index: list_item(
                    word, button("Remove", aria_label=f"Remove {word}", on_click=Shop.remove(index, word))
                ),
            )
        ),
        cond(Shop.words.length() > 2, text("Many"), text("Few")),
        text(Shop.summary, ", ratio ", Shop.ratio, ", echo ", Shop.echo, id="summary"),
    )


def controls():
    return box(
        label(switch(checked=Shop.loud, on_change=Shop.be_loud), "Loud"),
        label(switch(checked=Shop.loud, on_change=Shop.refuse), "Stubborn"),
        label(checkbox(checked=Shop.loud, on_change=Shop.be_loud), "Also loud"),
        select(["red", "green"], value=Shop.colour, on_change=Shop.choose, aria_label="Colour"),
        select(
            option("A bit", value="a"), option("A lot", value="b"), aria_label="Amount", on_change=Shop.note
        ),
        slider(value=Shop.volume, min=0, max=10, on_change=Shop.slide, aria_label="Volume"),
        input(type="number", aria_label="Number", on_change=Shop.note),
        text_area(value=Shop.word, on_change=Shop.shout, aria_label="Story"),
        link(image(src="/a.png", alt="A picture"), href="/there/"),
        text("", hidden=True, id="secret"),
        text(Shop.volume, " ", Shop.colour, id="shown"),
    )


def events():
    return box(
        button("Inner", on_click=Shop.note("inner")),
        button("Alone", on_click=Shop.note("alone"), stop_propagation=True),
        input(aria_label="Keys", on_key_down=Shop.note, on_blur=Shop.note),
        button("Throttled", on_click=Shop.note("t"), throttle=500),
        form(
            input(name="first", required=True, aria_label="First"),
            checkbox(name="tick", aria_label="Tick"),
            button("Send", type="submit"),
            on_submit=Shop.send,
        ),
        text("born", on_mount=Shop.note("mounted")),
        on_click=Shop.note("outer"),
    )


def worker():
    return vstack(
        text(Worker.count, id="count"),
        text(Worker.status, id="status"),
        button("Think", on_click=Worker.think),
        button("Tick", on_click=Worker.tick),
        button("Spin", on_click=Worker.spin),
        button("Fail", on_click=Worker.fail_later),
        button("Never", on_click=Worker.never),
        button("Wrong", on_click=Worker.yields_a_wrong_thing),
        button("Stop", on_click=Worker.stop),
        button("Zero", on_click=Worker.zero),
    )


def test_text_and_html_are_what_a_browser_would_show() -> None:
    """Numbers as JavaScript writes them, async computed vars too; a line for each block; bindings left out."""
    demo = mount(shop)
    assert demo.text.splitlines() == [
        "Shop",
        "Add Crash Speak Nothing",
        "ink Remove",
        "paper Remove",
        "Few",
        "2 things, ratio 3, echo",
    ]
    assert '<p id="summary" class="pr-text">2 things, ratio 3, echo </p>' in demo.html
    assert "data-bind" not in demo.html
    assert "<template" not in demo.html


def test_clicks_change_lists_conditions_and_computed_vars() -> None:
    """Elements are found by name or id; rows call with their own arguments; the state can be asked."""
    demo = mount(shop)
    demo.fill("word", "type")
    demo.press("one more", "Enter")
    assert demo.find("summary").text == "2 things, ratio 3, echo typetype"
    demo.click("Add")
    assert demo.state(Shop).words == ["ink", "paper", "type"]
    assert demo.find("#word").value == ""
    assert "Many" in demo.text
    demo.click("Remove paper")
    assert [item.text for item in demo.all(role="listitem")] == ["ink Remove", "type Remove"]
    assert len(demo.all("Remove", role="button")) == 2  # by its words
    assert [one.name for one in demo.find(role="list").all(role="button")] == ["Remove ink", "Remove type"]


def test_each_mount_has_a_page_of_its_own() -> None:
    """No test sees what another has done."""
    first, second = mount(shop), mount(shop())
    first.click("Add")
    assert len(first.state(Shop).words) == 3
    assert len(second.state(Shop).words) == 2


def test_what_is_typed_waits_for_its_debounce() -> None:
    """Half a virtual second without a key; leaving the field sends it at once."""
    demo = mount(shop)
    demo.type("word", "abc", delay=0.3)
    assert demo.state(Shop).word == ""
    assert demo.running
    demo.sleep(0.2)
    assert demo.state(Shop).word == "abc"
    assert not demo.running
    demo.type("word", "d")
    assert (demo.state(Shop).word, demo.find("word").value) == ("abc", "abcd")
    demo.blur()
    assert demo.state(Shop).word == "abcd"
    demo.fill("word", "e")
    demo.click("Add")
    assert demo.state(Shop).words[-1] == "e"


def test_switches_boxes_selects_and_sliders_follow_the_state() -> None:
    """What a control shows is what the state says, also when it refuses."""
    demo = mount(controls)
    demo.check("Loud")
    assert demo.find("Also loud").checked
    demo.uncheck("Also loud")
    assert not demo.find("Loud").checked
    demo.uncheck("Loud")
    demo.click("Stubborn")
    assert not demo.find("Stubborn").checked
    demo.select("Colour", "green")
    assert demo.find("Colour").value == "green"
    demo.select("Amount", "A lot")
    assert demo.state(Shop).seen == ["b"]
    demo.fill("Volume", 70)
    assert demo.find("shown").text == "10 green"
    demo.fill("Number", "abc")
    assert demo.state(Shop).seen == ["b", ""]
    demo.fill("Story", "once")
    assert demo.find("Story").value == "ONCE"
    assert demo.find(role="link").name == "A picture"
    assert demo.find(role="link")["href"] == "/there/"
    assert demo.find(role="link")["target"] is None
    with pytest.raises(LookupError, match="there is no element “secret”"):
        demo.find("secret")


def test_events_bubble_and_forms_are_sent() -> None:
    """As in a browser: from the inside out, until somebody stops them; Enter sends a form."""
    demo = mount(events)
    state = demo.state(Shop)
    assert state.seen == ["mounted"]
    demo.click("Inner")
    demo.click("Alone")
    assert state.seen == ["mounted", "inner", "outer", "alone"]
    state.seen.clear()
    demo.type("Keys", "a")
    demo.press("Keys", "Escape")
    demo.blur()
    assert state.seen == ["a", "Escape", "a"]
    state.seen.clear()
    for _ in range(3):
        demo.find("Throttled").click()
    assert state.seen.count("t") == 1
    demo.sleep(0.5)
    demo.click("Throttled")
    assert state.seen.count("t") == 2
    state.seen.clear()
    with pytest.raises(
        AssertionError, match=r"^the form cannot be sent: textbox “First” is required and empty$"
    ):
        demo.click("Send")
    demo.fill("First", "Ada")
    demo.check("Tick")
    demo.press("First", "Enter")
    assert [one for one in state.seen if one != "outer"] == ["first=Ada, tick=on"]


def test_what_is_folded_away_is_read_when_it_is_opened() -> None:
    """As a browser does by itself; text inside cannot be read before."""
    demo = mount(
        box(el("details", el("summary", "More"), text(Shop.summary)), button("Add", on_click=Shop.add))
    )
    assert "things" not in demo.text
    demo.click("More")
    assert "2 things" in demo.text
    demo.click("Add")
    assert "3 things" in demo.text
    demo.click("More")
    assert "things" not in demo.text


class Page(State):
    """Rows with keys, a dialog that the state holds."""

    rows: list[str] = ["a", "b", "c"]
    asked: bool = False
    fold: str = ""

    def turn(self):
        self.rows = ["z", *reversed(self.rows)]

    def ask(self, on: bool):
        self.asked = on

    def unfold(self, part: str):
        self.fold = part


def page():
    return vstack(
        foreach(Page.rows, lambda row: hstack(text(row), input(aria_label=f"Beside {row}"), key=row)),
        button("Turn", on_click=Page.turn),
        tabs.root(
            tabs.list(tabs.trigger("One", value="one"), tabs.trigger("Two", value="two")),
            tabs.content("uno", value="one"),
            tabs.content("due", value="two"),
        ),
        dialog.root(
            dialog.trigger(button("Ask")),
            dialog.content(dialog.title("Really?"), dialog.close(button("No"))),
            open=Page.asked,
            on_open_change=Page.ask,
        ),
        dialog.root(
            dialog.trigger(button("Help")),
            dialog.content(dialog.title("Helpful"), dialog.close(button("Thanks"))),
        ),
    )


def test_what_is_typed_in_a_row_moves_with_its_row() -> None:
    """As in a browser, where the row's elements move."""
    demo = mount(page)
    demo.fill("Beside b", "mine")
    demo.click("Turn")
    fields = [(one.name, one.value) for one in demo.all(role="textbox")]
    assert fields == [("Beside z", ""), ("Beside c", ""), ("Beside b", "mine"), ("Beside a", "")]


def test_tabs_and_dialogs_open_and_close() -> None:
    """By themselves, or by the state."""
    demo = mount(page)
    assert "uno" in demo.text
    assert "due" not in demo.text
    demo.click("Two")
    assert ("uno" in demo.text, "due" in demo.text) == (False, True)
    assert demo.find("Two", role="tab")["aria-selected"] == "true"
    demo.click("Help")
    assert demo.find(role="dialog").name == "Helpful"
    demo.click("Thanks")
    assert demo.all(role="dialog") == []
    for _ in range(2):
        demo.click("Ask")
        assert demo.state(Page).asked
        assert "Really?" in demo.text
        demo.click("No")
        assert not demo.state(Page).asked
        assert "Really?" not in demo.text


def test_folds_open_and_close() -> None:
    """By themselves, or by the state, which gets the value of the part to open."""

    def folds():
        parts = [
            accordion.item(header=word.upper(), content=f"about {word}", value=word) for word in ("a", "b")
        ]
        return vstack(accordion.root(*parts), accordion.root(
            accordion.item(header="One", content="uno", value="one"), accordion.item(header="Two", content="due", value="two"),
            value=Page.fold, on_change=Page.unfold,
        ))  # fmt: skip

    demo = mount(folds)
    demo.click("A")
    assert "about a" in demo.text
    for header, seen in (("One", "one"), ("Two", "two"), ("Two", ""), ("One", "one")):
        demo.click(header)
        assert demo.state(Page).fold == seen
        assert ("uno" in demo.text, "due" in demo.text) == (seen == "one", seen == "two")


def test_time_is_virtual_and_exact() -> None:
    """A hundred seconds take no time, and a click takes none of them."""
    started = time.monotonic()
    demo = mount(worker)
    demo.click("Tick")
    demo.sleep(100)
    assert demo.find("count").text == "1000"
    assert demo.time == 100
    demo.click("Zero")
    demo.sleep(0.3)
    assert demo.find("count").text == "3"
    demo.click("Stop")
    demo.settle()
    assert demo.find("count").text == "4"
    assert demo.time == pytest.approx(100.4)
    assert time.monotonic() - started < 20


def test_a_click_shows_what_can_be_shown_at_once() -> None:
    """A handler that waits goes on when time passes."""
    demo = mount(worker)
    demo.click("Think")
    assert demo.find("status").text == "thinking"
    demo.sleep(0.999)
    assert demo.find("status").text == "thinking"
    demo.wait_for("done")
    assert demo.time == 1
    assert not demo.running


def test_a_task_that_never_rests_takes_time_too() -> None:
    """`sleep(0)` in a loop neither hangs a click nor stops the clock."""
    demo = mount(worker)
    demo.click("Spin")
    before = demo.state(Worker).count
    demo.sleep(0.5)
    assert demo.state(Worker).count > before + 100
    demo.click("Zero")
    demo.click("Stop")
    demo.settle()
    assert not demo.running


def test_an_exception_in_a_handler_is_raised_in_the_test() -> None:
    """By the call during which it happened, with the author's line in its traceback; what was changed is there."""
    demo = mount(shop)
    with pytest.raises(ValueError, match=r"^it broke$") as caught:
        demo.click("Crash")
    assert caught.traceback[-1].name == "crash"
    assert demo.find("word").value == "crashed"
    demo.click("Add")
    late = mount(worker)
    late.click("Fail")
    late.sleep(1.9)
    with pytest.raises(RuntimeError, match=r"^too late$"):
        late.settle()
    with pytest.raises(TypeError, match=r"Your handler Worker.yields_a_wrong_thing must only return/yield"):
        late.click("Wrong")


def test_exceptions_can_be_looked_at_as_a_reader_sees_them() -> None:
    """`raises=False`: the message in the frame."""
    demo = mount(shop, raises=False)
    demo.click("Crash")
    assert demo.errors == ["ValueError: it broke"]
    demo.click("Speak")
    assert demo.console == [["spoken"]]
    assert demo.effects == [("log", ["spoken"])]


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (
            lambda demo: demo.click("Ad"),
            (
                "there is no control “Ad”; did you mean “Add”? There is: textbox “one more” (id word), button “Add”, "
                "button “Crash”, button “Speak”, button “Nothing”, button “Remove ink”, button “Remove paper”."
            ),
        ),
        (
            lambda demo: demo.find("Shop", role="listitem"),
            "there is no listitem “Shop”; There is: listitem, listitem.",
        ),
        (
            lambda demo: demo.find(role="listitem"),
            "there are 2 of listitem; expected one. There is: listitem, listitem.",
        ),
        (lambda demo: demo.click("Nothing"), "button “Nothing” is disabled"),
        (lambda demo: demo.fill("Add", "x"), "button “Add” is no <input> or <textarea>"),
        (lambda demo: demo.find(role="tab"), "there is no tab; There is nothing of that kind."),
    ],
)
def test_what_cannot_be_done_says_what_there_is(action: object, message: str) -> None:
    """The whole message."""
    with pytest.raises((LookupError, AssertionError, TypeError)) as caught:
        action(mount(shop))  # type: ignore[operator]
    assert str(caught.value) == message


def test_unknown_options_and_elements_that_went_are_named() -> None:
    """Options with a hint; an element that is gone says so."""
    with pytest.raises(LookupError) as caught:
        mount(controls).select("Colour", "gren")
    assert str(caught.value) == "there is no option “gren”; did you mean “green”? There is: “red”, “green”."
    demo = mount(shop)
    last = demo.all(role="listitem")[1]
    demo.click("Remove paper")
    with pytest.raises(LookupError, match=r"^this element is no longer in the view; find it anew$"):
        last.text  # noqa: B018


def test_waiting_in_vain_says_for_what_and_what_is_at_work() -> None:
    """For something that comes never, and for something that does not come in time."""
    demo = mount(worker)
    with pytest.raises(TimeoutError) as caught:
        demo.wait_for("done")
    shows = "The page shows:\n0\nresting\nThink Tick Spin Fail Never Wrong Stop Zero"
    assert (
        str(caught.value)
        == f"nothing will ever happen again, and not “done” can be read. At work: nothing. {shows}"
    )
    demo.click("Never")
    with pytest.raises(
        TimeoutError, match=r"nothing will ever happen again, and not nothing runs. At work: Worker.never"
    ):
        demo.settle()
    demo.click("Tick")
    with pytest.raises(
        TimeoutError, match=r"after 5 seconds still not the condition is true. At work: .*Worker.tick"
    ):
        demo.wait_for(lambda: False, limit=5)


def test_the_same_calls_can_be_awaited() -> None:
    """In tests that are coroutines, inside a loop of their own."""

    async def play() -> str:
        demo = mount(shop)
        await demo.fill("word", "type")
        await demo.sleep(0.5)
        await demo.click("Add")
        with pytest.raises(ValueError, match="it broke"):
            await demo.click("Crash")
        return demo.text

    assert "type Remove" in asyncio.run(play())


def test_a_view_that_cannot_be_made_fails_at_mount() -> None:
    """With the compiler's own words."""
    with pytest.raises(VarTypeError, match="has no value while the view is made"):
        mount(lambda: text("yes") if Shop.loud else text("no"))


def test_closing_ends_the_tasks() -> None:
    """As a reader does who leaves the page."""
    with mount(worker) as demo:
        demo.click("Tick")
        demo.click("Never")
        state = demo.state(Worker)
    assert not demo._demos.runtime.guards
    assert state.count == 0


def test_a_demo_that_is_left_in_the_middle_leaves_no_warning() -> None:
    """Nobody has to close anything: neither tasks nor loops complain when a test ends."""
    program = (
        "import gc\nfrom tests.unit.test_mount import mount, worker, shop\n"
        "for _ in range(3):\n"
        " demo = mount(worker)\n demo.click('Tick')\n demo.click('Never')\n demo.click('Think')\n demo.sleep(0.55)\n"
        "del demo\ngc.collect()\nmount(shop).fill('word', 'x')\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_demos_go_when_nobody_holds_them() -> None:
    """A thousand tests do not keep a thousand pages."""
    gc.collect()
    for _ in range(5):
        mount(worker).click("Tick")
    gc.collect()
    assert sum(isinstance(one, Demo) for one in gc.get_objects()) <= 1
