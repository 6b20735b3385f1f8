"""Numbers and texts as JavaScript writes them, for the Python that has no JavaScript around it."""

from __future__ import annotations

import json
from typing import Any


def number(value: Any) -> str:
    """A float by ECMAScript's rules for Number::toString (NaN and infinities by their names)."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    sign = "-" if value < 0 else ""
    if 0 < point <= 21:
        if len(digits) <= point:
            return sign + digits + "0" * (point - len(digits))
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    rest = "." + digits[1:] if len(digits) > 1 else ""
    return "%s%s%se%+d" % (sign, digits[0], rest, point - 1)


def quoted(text: str) -> str:
    """A text in JSON; letters stay letters."""
    return json.dumps(text, ensure_ascii=False)
