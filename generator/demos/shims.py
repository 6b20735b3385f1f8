"""Small stand-ins for what the browser's Python lacks of the standard library. A demo gets those that it uses, and no others.

Each function is called `module_name` and behaves as CPython's `module.name`, except that what there gives an iterator may
give a list here. They run on MicroPython: no function may need another, or a name of this module.
"""

from __future__ import annotations

import ast
import inspect
import sys
from typing import Any

MODULE = "_standard"
"""The name of the module in which they travel."""
NAMES = frozenset(
    [
        "itertools.combinations", "itertools.pairwise", "itertools.permutations", "itertools.product",
        "itertools.zip_longest", "math.comb", "math.gcd", "math.hypot", "math.perm", "math.prod",
        "operator.itemgetter", "random.choices", "random.sample", "random.shuffle", "time.monotonic",
        "time.perf_counter",
    ]
)  # fmt: skip
"""The names that they stand in for."""


def local(name: str) -> str:
    """Give the name of a stand-in in its module: `random.shuffle` → `random_shuffle`."""
    return name.replace(".", "_")


def shims_source(names: set[str]) -> str:
    """Give the module with these stand-ins, without annotations and docstrings."""
    wanted = {local(name) for name in names}
    functions = []
    for node in ast.parse(inspect.getsource(sys.modules[__name__])).body:
        if isinstance(node, ast.FunctionDef) and node.name in wanted:
            node.returns, node.body = None, node.body[1:]
            for one in ast.walk(node):
                if isinstance(one, ast.arg):
                    one.annotation = None
            functions.append(ast.unparse(node))
    return "\n".join(functions) + "\n"


def time_monotonic() -> float:
    """Seconds since some moment in the past."""
    import time

    return float(time.ticks_ms() / 1000)  # type: ignore[attr-defined]  # CPython has no such function


def time_perf_counter() -> float:
    """Seconds since some moment in the past."""
    import time

    return float(time.ticks_ms() / 1000)  # type: ignore[attr-defined]  # CPython has no such function


def random_shuffle(items: Any) -> None:
    """Put a list into a random order."""
    import random

    mixed = list(items)
    for last in range(len(mixed) - 1, 0, -1):
        other = random.randrange(last + 1)  # noqa: S311
        mixed[last], mixed[other] = mixed[other], mixed[last]
    items[:] = mixed


def random_sample(population: Any, k: int) -> list[Any]:
    """Choose some of a sequence, none of them twice."""
    import random

    rest = list(population)
    if not 0 <= k <= len(rest):
        raise ValueError("Sample larger than population or is negative")
    return [rest.pop(random.randrange(len(rest))) for _ in range(k)]  # noqa: S311


def random_choices(population: Any, weights: Any = None, *, cum_weights: Any = None, k: int = 1) -> list[Any]:
    """Choose some of a sequence, one at a time, with weights or without."""
    import random

    total, steps = 0, list(cum_weights or [])
    if not cum_weights:
        for weight in [1] * len(population) if weights is None else weights:
            total += weight
            steps.append(total)
    chosen = []
    for _ in range(k):
        point = random.random() * steps[-1]  # noqa: S311
        chosen.append(next(item for item, step in zip(population, steps) if point < step))  # noqa: B905
    return chosen


def math_comb(n: int, k: int) -> int:
    """In how many ways k of n can be chosen."""
    if k > n:
        return 0
    result = 1
    for step in range(1, k + 1):
        result = result * (n - step + 1) // step
    return result


def math_perm(n: int, k: int | None = None) -> int:
    """In how many ways k of n can be chosen, in order."""
    if k is not None and k > n:
        return 0
    result = 1
    for step in range(n if k is None else k):
        result *= n - step
    return result


def math_gcd(*numbers: int) -> int:
    """The greatest number that divides them all."""
    result = 0
    for number in numbers:
        while number:
            result, number = number, result % number  # noqa: PLW2901
    return abs(result)


def math_hypot(*sides: float) -> float:
    """The length of a vector."""
    import math

    return math.sqrt(sum([side * side for side in sides]))


def math_prod(numbers: Any, *, start: Any = 1) -> Any:
    """The product of numbers."""
    for number in numbers:
        start = start * number
    return start


def operator_itemgetter(*keys: Any) -> Any:
    """A function that gives the item, or the items, under these keys."""
    if len(keys) == 1:
        return lambda thing: thing[keys[0]]
    return lambda thing: tuple([thing[key] for key in keys])


def itertools_product(*groups: Any, repeat: int = 1) -> list[Any]:
    """All ways to take one of each group."""
    found: list[Any] = [()]
    for group in [list(group) for group in groups] * repeat:
        found = [one + (item,) for one in found for item in group]  # noqa: RUF005
    return found


def itertools_permutations(items: Any, r: int | None = None) -> list[Any]:
    """All orders of r of the items."""
    pool = list(items)
    found: list[Any] = [[]]
    for _ in range(len(pool) if r is None else r):
        found = [one + [place] for one in found for place in range(len(pool)) if place not in one]  # noqa: RUF005
    return [tuple([pool[place] for place in one]) for one in found]


def itertools_combinations(items: Any, r: int) -> list[Any]:
    """All choices of r of the items, in their order."""
    pool = list(items)
    found: list[Any] = [[]]
    for _ in range(r):
        found = [one + [p] for one in found for p in range(one[-1] + 1 if one else 0, len(pool))]  # noqa: RUF005
    return [tuple([pool[place] for place in one]) for one in found]


def itertools_pairwise(items: Any) -> list[Any]:
    """Each item with the next one."""
    items = list(items)
    return list(zip(items, items[1:]))  # noqa: B905, RUF007


def itertools_zip_longest(*groups: Any, fillvalue: Any = None) -> list[Any]:
    """As `zip`, up to the end of the longest."""
    lists = [list(group) for group in groups]
    longest = max([len(one) for one in lists], default=0)
    return list(zip(*[one + [fillvalue] * (longest - len(one)) for one in lists]))  # noqa: B905
