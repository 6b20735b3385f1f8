"""Flow: what takes the place of `if`, `match` and `for` in a view, where values are not known yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pressrun.expr import Var, VarTypeError, tree

from .making import live, room_of
from .node import NODES, Cond, Foreach, Fragment, ViewError

if TYPE_CHECKING:
    from collections.abc import Callable


def fragment(*children: Any) -> Fragment:
    """Several components without an element around them."""
    return Fragment(children)


def cond(test: Any, yes: Any, no: Any = None) -> Any:
    """`yes` while the condition is true, else `no`: components, or values to be used as text or prop."""
    test = live(test)
    if not isinstance(test, Var):
        return yes if test else no
    if not any(isinstance(branch, NODES) for branch in (yes, no)):
        return Var(["?", test._tree, tree(yes), tree(no)])
    tests, branches = [test._tree], [yes]
    if no is not None:
        tests.append(["~", test._tree])
        branches.append(no)
    return Cond(tuple(tests), tuple(branches))


def match(subject: Any, *cases: Any) -> Any:
    """The last item of the first case that has the subject's value among its other items; else what stands alone at the end.

    `match(State.n, (0, text("none")), (1, 2, text("few")), text("many"))`
    """
    other = cases[-1] if cases and not isinstance(cases[-1], tuple) else None
    cases = cases if other is None else cases[:-1]
    for case in cases:
        if not isinstance(case, tuple) or len(case) < 2:
            raise ViewError(
                "A case of match() is a tuple of values and what is shown for them.",
                "Write `match(State.field, (value, component), (one, other, component), default)`.",
            )
    tests = []
    for *values, _ in cases:
        test = ["==", tree(subject), tree(values[0])]
        for value in values[1:]:
            test = ["|", test, ["==", tree(subject), tree(value)]]
        tests.append(test)
    branches = [case[-1] for case in cases]
    if not any(isinstance(branch, NODES) for branch in (*branches, other)):
        chosen = tree(other)
        for test, branch in zip(reversed(tests), reversed(branches), strict=True):
            chosen = ["?", test, tree(branch), chosen]
        return Var(chosen)
    which: list[Any] = ["=", len(tests)]
    for number in range(len(tests) - 1, -1, -1):
        which = ["?", tests[number], ["=", number], which]
    if other is not None:
        branches.append(other)
    return Cond(tuple(["==", which, ["=", number]] for number in range(len(branches))), tuple(branches))


def foreach(items: Any, render: Callable[..., Any]) -> Any:
    """One component for each item: `foreach(State.items, lambda item: text(item))`, or `lambda item, index: …`.

    Of a dict, an item is its key and its value. With `key=` on the component, a row that moves keeps what was typed into it.
    """
    if isinstance(render, Var) or not callable(render):
        raise ViewError(
            f"foreach() needs a function that gives a component, not {type(render).__name__}.",
            "Write `foreach(State.items, lambda item: text(item))`.",
        )
    room = room_of(render) if room_of(render) < 99 else 1
    if isinstance(items, Var):
        return Foreach(items, lambda item, index: render(*(item, index)[:room]))
    pairs = [list(pair) for pair in items.items()] if isinstance(items, dict) else items
    try:
        return Fragment(tuple(render(*(item, index)[:room]) for index, item in enumerate(pairs)))
    except VarTypeError as error:
        raise ViewError(error.message, error.hint) from error
