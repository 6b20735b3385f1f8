"""Plates: the picture of a post that has none: three inks printed over each other, composed by the digest of its address."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from generator.cache import digest

WIDTH, HEIGHT = 120, 72
"""Units of a plate's drawing."""
INKS = ("p-c", "p-m", "p-y")
SHAPES = 8
"""How many kinds of shape an ink can print."""


@lru_cache(maxsize=4096)
def plate(key: str) -> Markup:
    """Draw the plate of an address: always the same one, and hardly ever that of another."""
    numbers = list(bytes.fromhex(digest(key.encode())))
    drawn = []
    first = numbers[15] % SHAPES
    for index, ink in enumerate(INKS):
        kind, a, b, c = numbers[4 * index : 4 * index + 4]
        # kinds that follow each other by three are never the same, and lie well over each other
        drawn.append(f'<g class="{ink}">{shape((first + 3 * index + kind % 2) % SHAPES, a, b, c)}</g>')
    x, y = 10 + numbers[13] % 100, 10 + numbers[14] % 52
    mark = f'<g class="p-k"><path d="M{x - 6} {y}h12M{x} {y - 6}v12" stroke="currentColor"/><circle cx="{x}" cy="{y}" r="3.5" fill="none" stroke="currentColor"/></g>'
    return Markup(  # noqa: S704  (numbers and our own words)
        f'<svg class="plate" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">{"".join(drawn)}{mark}</svg>'
    )


def shape(kind: int, a: int, b: int, c: int) -> str:
    """Draw one shape; `a`, `b`, `c` (0 to 255) say where and how large."""
    x, y, size = 20 + a % 81, 14 + b % 45, 16 + c % 20
    if kind == 0:
        return f'<circle cx="{x}" cy="{y}" r="{size}" fill="currentColor"/>'
    if kind == 1:
        return f'<circle cx="{x}" cy="{y}" r="{size}" fill="none" stroke="currentColor" stroke-width="{6 + c % 7}"/>'
    if kind == 2:  # dots of a halftone
        rows = "".join(f"M{(row % 2) * 4 - 2} {row * 7 - 2}h130" for row in range(12))
        return f'<path d="{rows}" fill="none" stroke="currentColor" stroke-width="{2.4 + c % 4 * 0.7:.1f}" stroke-linecap="round" stroke-dasharray="0 8"/>'
    if kind == 3:
        return f'<path d="M{x - 60} 72 {x} 0h{size}L{x - 60 + size} 72z" fill="currentColor"/>'
    if kind == 4:  # lines of a screen
        step = 5 + c % 4
        rows = "".join(f"M0 {at}h120" for at in range(3 + a % 4, HEIGHT, step))
        return f'<path d="{rows}" fill="none" stroke="currentColor" stroke-width="{step / 2.5:.1f}"/>'
    if kind == 5:
        return f'<path d="M0 {y}h120v{72 - y}H0z" fill="currentColor"/>'
    if kind == 6:
        return f'<path d="M{x - size} {y}a{size} {size} 0 0 1 {2 * size} 0z" fill="currentColor"/>'
    return f'<path d="M{x - size} {max(0, y - size)}h{2 * size}v{2 * size - 6}h-{2 * size}z" fill="currentColor"/>'
