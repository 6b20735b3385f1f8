"""The cards of "Many tasks at once", without a browser."""

from __future__ import annotations

import pytest

from blog.lorem_stream import WORDS, Stream, stream
from pressrun.testing import Demo, mount


@pytest.fixture(autouse=True)
def certain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every card has eight steps."""
    monkeypatch.setattr("random.randint", lambda low, high: 8)


def written(demo: Demo, number: int) -> list[str]:
    card = next(card for card in demo.state(Stream).cards if card["id"] == number)
    assert (card["text"] or "Pause") in demo.text
    return card["text"].split()


def progress(demo: Demo, number: int) -> tuple[str | None, str | None]:
    bar = demo.find(f"Progress of task {number}")
    return bar["value"], bar["max"]


def test_a_card_gets_three_words_every_half_second() -> None:
    """And the bar follows; at the end it cannot be paused any more."""
    demo = mount(stream)
    demo.click("New task")
    assert progress(demo, 1) == ("0", "8")
    demo.sleep(0.5)
    assert len(written(demo, 1)) == 3
    assert set(written(demo, 1)) <= set(WORDS)
    assert progress(demo, 1) == ("1", "8")
    demo.settle()
    assert demo.time == 4
    assert len(written(demo, 1)) == 24
    assert progress(demo, 1) == ("8", "8")
    assert not demo.all("Pause task 1")


def test_cards_run_side_by_side() -> None:
    demo = mount(stream)
    for _ in range(3):
        demo.click("New task")
        demo.sleep(0.25)
    demo.sleep(0.5)
    assert [progress(demo, number)[0] for number in (1, 2, 3)] == ["2", "2", "1"]
    demo.settle()
    assert demo.time == 4.5


def test_a_paused_card_waits_and_goes_on() -> None:
    """However often it is paused and resumed within half a second, one task writes."""
    demo = mount(stream)
    demo.click("New task")
    demo.sleep(1)
    demo.click("Pause task 1")
    demo.sleep(5)
    assert progress(demo, 1) == ("2", "8")
    assert not demo.running
    for _ in range(3):
        demo.click("Resume task 1")
        demo.click("Pause task 1")
    demo.click("Resume task 1")
    demo.sleep(1)
    assert progress(demo, 1) == ("4", "8")


def test_a_card_can_be_started_again_at_any_time() -> None:
    """In the middle, while it is paused, and at the end."""
    demo = mount(stream)
    demo.click("New task")
    for _ in range(2):
        demo.sleep(1)
        demo.click("Restart task 1")
        assert (progress(demo, 1), written(demo, 1)) == (("0", "8"), [])
        demo.sleep(0.5)
        assert progress(demo, 1) == ("1", "8")
        demo.settle()


def test_a_removed_card_takes_its_task_with_it() -> None:
    demo = mount(stream)
    demo.click("New task")
    demo.click("New task")
    demo.sleep(0.6)
    demo.click("Remove task 1")
    assert [one.text for one in demo.all(role="heading")] == ["Task 2"]
    demo.settle()
    assert progress(demo, 2) == ("8", "8")
    demo.click("New task")
    assert [one.text for one in demo.all(role="heading")] == ["Task 2", "Task 3"]
