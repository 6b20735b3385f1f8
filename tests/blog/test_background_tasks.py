"""The Collatz demo of "Background tasks", without a browser: every step at its time."""

from __future__ import annotations

import pytest

from blog.background_tasks import Collatz, FirstCollatz, collatz
from pressrun.components import switch, text, vstack
from pressrun.testing import Demo, mount


def enter(demo: Demo, words: str) -> None:
    demo.fill("Enter a number below", words)
    demo.press("Enter a number below", "Enter")


def shown(demo: Demo) -> tuple[str, bool]:
    return demo.find("Enter a number below").value, demo.find("Running").checked


def test_six_walks_down_to_one_at_every_half_second() -> None:
    """The switch goes on at once, a step comes every half second, and half a second after 1 it goes off."""
    demo = mount(collatz)
    enter(demo, "6")
    story = [shown(demo)]
    for _ in range(9):
        demo.sleep(0.5)
        story.append(shown(demo))
    assert [number for number, _ in story] == ["6", "3", "10", "5", "16", "8", "4", "2", "1", "1"]
    assert [on for _, on in story] == [True] * 9 + [False]
    assert not demo.running


def test_typing_alone_starts_it_after_half_a_second() -> None:
    demo = mount(collatz)
    demo.type("Enter a number below", "12", delay=0.25)
    assert shown(demo) == ("12", False)
    demo.sleep(0.25)
    assert shown(demo) == ("12", True)


def test_off_and_on_within_half_a_second_runs_one_task() -> None:
    """However the switch is played, one step comes every half second."""
    demo = mount(collatz)
    enter(demo, "27")
    demo.sleep(0.2)
    for _ in range(3):
        demo.uncheck("Running")
        demo.sleep(0.05)
        demo.check("Running")
    demo.sleep(0.5)
    assert shown(demo) == ("82", True)
    demo.sleep(0.5)
    assert shown(demo) == ("41", True)


def test_the_first_version_runs_two_then() -> None:
    """What the post says of the obvious program: it moves at twice the speed."""
    demo = mount(
        lambda: vstack(
            switch(checked=FirstCollatz.running, on_change=FirstCollatz.switch, aria_label="Running"),
            text(FirstCollatz.number, id="number"),
        )
    )
    demo.click("Running")
    demo.sleep(0.1)
    demo.click("Running")
    demo.sleep(0.1)
    demo.click("Running")
    demo.sleep(0.5)
    assert demo.find("number").text == "10"  # two steps after 6: by now, one task would have done one


def test_another_number_during_a_run_takes_over() -> None:
    demo = mount(collatz)
    enter(demo, "27")
    demo.sleep(0.5)
    enter(demo, "8")
    demo.sleep(0.5)
    assert shown(demo) == ("4", True)
    demo.settle()
    assert shown(demo) == ("1", False)


@pytest.mark.parametrize(
    ("words", "message"), [("", "Please enter a whole number."), ("abc", "“abc” is no whole number.")]
)
def test_what_is_no_number_gets_a_message_and_the_number_stays(words: str, message: str) -> None:
    demo = mount(collatz)
    enter(demo, "1024")
    demo.sleep(0.5)
    demo.uncheck("Running")
    enter(demo, words)
    assert demo.find(role="status").text == message
    assert demo.state(Collatz).number == 512
    demo.check("Running")
    demo.sleep(0.5)
    assert shown(demo) == ("256", True)


def test_a_negative_number_loses_its_sign_and_zero_stops_at_once() -> None:
    demo = mount(collatz)
    enter(demo, "-6")
    assert shown(demo) == ("6", True)
    enter(demo, "0")
    assert shown(demo) == ("0", False)
    demo.click("Running")
    assert shown(demo) == ("0", False)
