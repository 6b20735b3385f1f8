"""Dates as readers and machines read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def long_date(value: date) -> str:
    """Write a date for readers: 21 November 2026."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def iso_date(value: date) -> str:
    """Write a date for machines."""
    return (
        value.strftime("%Y-%m-%d")
        if value.year >= 1000
        else f"{value.year:04}-{value.month:02}-{value.day:02}"
    )


def month_name(value: date) -> str:
    """Write the month of a date for readers: November 2026."""
    return f"{MONTHS[value.month - 1]} {value.year}"
