"""Testing: `mount` drives a demo in pytest, without a browser. The one module here that knows the engine; it never travels.

from pressrun.testing import mount

def test_it_counts():
    demo = mount(counter)
    demo.click("Add")
    assert "Count: 1" in demo.text
"""

from __future__ import annotations

from generator.testing import Demo, Element, mount

__all__ = ["Demo", "Element", "mount"]
