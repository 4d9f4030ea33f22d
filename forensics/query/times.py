"""Times as a query writes them, in UTC."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from datetime import UTC, datetime

from forensics.query.tree import When

__all__ = ["read_time"]

_DAY = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {"h": 3600, "d": _DAY, "w": 7 * _DAY, "m": 30 * _DAY, "y": 365 * _DAY}
_AGO = re.compile(r"([0-9]{1,6})([hdwmy])", re.IGNORECASE)
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")


def read_time(operator: str, text: str, *, ahead: bool = False) -> When | None:
    """The time that a text means after an operator; None if it means none.

    `30d` is a length: `<30d` is less than 30 days ago, as in "younger than"; or, if `ahead`, before
    30 days from now. `2024`, `2024-11` and `2024-11-19` last until they are over: `>2024` starts
    with 2025.
    """
    found = _read(operator, text)
    if found is None or not ahead:
        return found
    low = found.low if found.low is None or not found.low_ago else -found.low
    high = found.high if found.high is None or not found.high_ago else -found.high
    if ".." in text or not (found.low_ago or found.high_ago):
        return When(low, high, found.low_ago, found.high_ago)
    return When(high, low, found.high_ago, found.low_ago)  # less than so far ahead is earlier


def _read(operator: str, text: str) -> When | None:
    low, dots, high = text.partition("..")
    if dots:
        return None if operator not in ("", "=") else _range(low, high)
    if ago := _AGO.fullmatch(text):
        seconds = int(ago[1]) * _UNITS[ago[2].lower()]
        if operator in ("<", "<="):
            return When(seconds, None, low_ago=True)
        if operator in (">", ">="):
            return When(None, seconds, high_ago=True)
        return None
    stretch = _stretch(text)
    if stretch is None:
        return None
    start, end = stretch
    return {
        "<": When(None, start),
        "<=": When(None, end),
        ">": When(end, None),
        ">=": When(start, None),
    }.get(operator, When(start, end))


def _range(low: str, high: str) -> When | None:
    """From the start of one to the end of the other; either may be left open."""
    if not low and not high:
        return None
    found = When(None, None)
    for text, first in ((low, True), (high, False)):
        if not text:
            continue
        if ago := _AGO.fullmatch(text):
            at, is_ago = int(ago[1]) * _UNITS[ago[2].lower()], True
        elif stretch := _stretch(text):
            at, is_ago = stretch[not first], False
        else:
            return None
        found = (
            found._replace(low=at, low_ago=is_ago)
            if first
            else found._replace(high=at, high_ago=is_ago)
        )
    return found


def _stretch(text: str) -> tuple[int, int] | None:
    """The first second of a year, month or day, and the first after it."""
    date = _DATE.fullmatch(text)
    if date is None:
        return None
    year, month, day = int(date[1]), int(date[2] or 1), int(date[3] or 1)
    try:
        start = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
    if date[3]:
        days = 1
    elif date[2]:
        days = monthrange(year, month)[1]
    else:
        days = 365 + isleap(year)
    first = int((start - _EPOCH).total_seconds())
    return first, first + days * _DAY
