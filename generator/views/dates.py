"""Dates as readers and machines read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import pass_context

from generator.words import STANDALONE, Words, english

if TYPE_CHECKING:
    from datetime import date

    from jinja2.runtime import Context


def words_of(context: Context) -> Words:
    """Give the words of the page that a template is rendered for; English ones in a macro that sees nothing of it."""
    found = context.resolve("say")
    return found if isinstance(found, Words) else english()


@pass_context
def long_date(context: Context, value: date) -> str:
    """Write a date for readers, in the page's language: 21 November 2026."""
    words = words_of(context)
    day = str(value.day) if value.day > 1 else words.text("first_day")
    return words.text("date", day=day, month=words.said["months"][value.month - 1], year=value.year)


def iso_date(value: date) -> str:
    """Write a date for machines."""
    return (
        value.strftime("%Y-%m-%d")
        if value.year >= 1000
        else f"{value.year:04}-{value.month:02}-{value.day:02}"
    )


@pass_context
def month_name(context: Context, value: date) -> str:
    """Write the month of a date for readers, in the page's language: November 2026."""
    words = words_of(context)
    return words.text("month_of_year", month=words.said[STANDALONE][value.month - 1], year=value.year)
