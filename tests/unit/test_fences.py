"""Fences: whatever stands behind three backticks, something sensible comes out."""

from __future__ import annotations

import pytest

from generator.fences import Fence, line_numbers, read_fence


@pytest.mark.parametrize(
    "info",
    [
        "",
        "python",
        "text",
        "c++",
        "objective-c",
        "Python3",
        "weird{",
        "{.a}",
        "=x",
        "'",
        '"a',
        "a=b=c",
        "\0",
        "💥",
        "x" * 9999,
    ],
)
def test_a_plain_fence_asks_for_nothing_and_is_never_wrong(info: str) -> None:
    fence = read_fence(info)
    assert (fence.runs, fence.wrong) == (False, "")


@pytest.mark.parametrize(
    ("info", "verbs"),
    [
        ("python exec", ("exec",)),
        ("py eval", ("eval",)),
        ("python demo exec", ("demo", "exec")),
        ("python   demo", ("demo",)),
        ("text interpolate", ("interpolate",)),
        ("bash exec", ()),
        ("exec", ()),
    ],
)
def test_verbs_belong_to_python(info: str, verbs: tuple[str, ...]) -> None:
    assert read_fence(info).verbs == verbs


def test_options_may_be_quoted() -> None:
    fence = read_fence(
        """python source=a.b:C.d title="two 'words'" replace='x->"y"' hl=1,3-5 lines="2-" dedent"""
    )
    assert dict(fence.options) == {
        "source": "a.b:C.d", "title": "two 'words'", "replace": 'x->"y"', "hl": "1,3-5", "lines": "2-",
    }  # fmt: skip
    assert fence.verbs == ("dedent",)


def test_braces_are_lines_or_classes() -> None:
    assert dict(read_fence("python {1,3-5}").options) == {"hl": "1,3-5"}
    assert read_fence("python {.a .b-c}").classes == ("a", "b-c")


@pytest.mark.parametrize(
    ("info", "wrong", "hint"),
    [
        (
            "python exec show=bth",
            "show=bth is unknown; expected one of both, code, output, nothing",
            "did you mean “both”?",
        ),
        ("python exec eval", "eval stands alone; expected either eval, or exec, or demo, or demo exec", ""),
        ("python exec shwo=both", "“shwo” means nothing on a block that runs", "did you mean “show”?"),
        ("python exec dem", "“dem” means nothing on a block that runs", "did you mean “demo”?"),
    ],
)
def test_a_block_that_runs_says_what_it_does_not_understand(info: str, wrong: str, hint: str) -> None:
    assert (read_fence(info).wrong, read_fence(info).hint) == (wrong, hint)


def test_a_fence_is_plain_until_it_asks() -> None:
    assert not Fence().runs
    assert read_fence("python source=x").runs
    assert read_fence("text interpolate").interpolates


def test_line_numbers_are_ranges() -> None:
    assert line_numbers("1,3-5", 10) == {1, 3, 4, 5}
    assert line_numbers("2-", 4) == {2, 3, 4}
    assert line_numbers("1-999999", 3) == {1, 2, 3}
    assert line_numbers("9-2", 10) == set()


@pytest.mark.parametrize("spec", ["x", "", "-3", "1-2-3", "1.5", "9999999", "１x"])
def test_what_is_no_list_of_lines_is_said(spec: str) -> None:
    with pytest.raises(ValueError, match="is no line number or range; expected for example 1,3-5"):
        line_numbers(spec, 10)
