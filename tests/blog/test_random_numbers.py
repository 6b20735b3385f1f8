"""The two versions of the page of random numbers, without a browser: what blocks, and what does not."""

from __future__ import annotations

import pytest

from blog.random_numbers import Beside, Chained, Numbers, beside, chained
from pressrun.testing import Demo, mount

BOTH = pytest.mark.parametrize(
    ("view", "state"), [(chained, Chained), (beside, Beside)], ids=["chained", "beside"]
)
RANGE = "From {} to {}"


@pytest.fixture(autouse=True)
def certain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each number drawn is the highest of its range."""
    monkeypatch.setattr("random.randint", lambda low, high: high)


def last(demo: Demo) -> list[str]:
    return [one.text for one in demo.find("The last ten").all(role="")]


@BOTH
def test_a_single_step_waits_and_draws_one_number(view: object, state: type[Numbers]) -> None:
    """While it waits, a spinner turns and the button cannot be pressed."""
    demo = mount(view)
    assert not demo.all("Waiting")
    demo.click("Single step")
    assert demo.find("Waiting").role == "status"
    assert demo.find("Single step").disabled
    demo.sleep(0.9)
    assert last(demo) == []
    demo.sleep(0.1)
    assert last(demo) == ["20"]
    assert "Total 20" in demo.text
    assert not demo.all("Waiting")
    assert not demo.running


@BOTH
def test_running_draws_one_number_each_delay_and_keeps_ten(view: object, state: type[Numbers]) -> None:
    """Until the switch goes off; Clear forgets them."""
    demo = mount(view)
    demo.select("Delay", "half a second")
    demo.check("Run")
    demo.sleep(6)
    assert last(demo) == ["20"] * 10
    assert "Total 240" in demo.text
    demo.uncheck("Run")
    demo.settle()
    demo.click("Clear")
    assert (last(demo), demo.state(state).total) == ([], 0)


@BOTH
def test_the_range_keeps_its_order_and_can_be_balanced(view: object, state: type[Numbers]) -> None:
    demo = mount(view)
    demo.fill("Lowest", 30)
    assert RANGE.format(30, 30) in demo.text
    demo.fill("Highest", -40)
    assert RANGE.format(-40, -40) in demo.text
    demo.click("Balance")
    assert RANGE.format(-40, 40) in demo.text
    assert [demo.find(name).value for name in ("Lowest", "Highest")] == ["-40", "40"]


def test_chained_everything_waits_for_the_step() -> None:
    """While a step waits, the slider shows what was set, but the state hears of it only afterwards; so does the switch."""
    demo = mount(chained)
    demo.check("Run")
    demo.sleep(0.2)
    demo.fill("Highest", 40)
    assert demo.find("Highest").value == "40"
    assert RANGE.format(-10, 20) in demo.text
    demo.sleep(0.8)
    assert RANGE.format(-10, 40) in demo.text
    assert last(demo) == ["20"]
    demo.sleep(0.2)
    demo.uncheck("Run")
    demo.click("Clear")
    assert last(demo) == ["20"]
    demo.sleep(0.8)
    assert last(demo) == []
    demo.settle()
    assert last(demo) == ["40"]  # the step that was queued before the switch went off


def test_beside_nothing_waits() -> None:
    """The next number is of the new range, the switch stops at once."""
    demo = mount(beside)
    demo.check("Run")
    demo.sleep(0.2)
    demo.fill("Highest", 40)
    assert RANGE.format(-10, 40) in demo.text
    demo.sleep(0.8)
    assert last(demo) == ["40"]
    demo.sleep(0.2)
    demo.uncheck("Run")
    assert not demo.all("Waiting")
    demo.click("Clear")
    demo.settle()
    assert last(demo) == []


def test_beside_off_and_on_runs_one_task() -> None:
    """A newer run takes the place of the older one."""
    demo = mount(beside)
    for _ in range(3):
        demo.check("Run")
        demo.sleep(0.1)
        demo.uncheck("Run")
    demo.check("Run")
    demo.sleep(3)
    assert last(demo) == ["20"] * 3
