"""Dates of a decision, as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from forensics.errors import UsageProblem

__all__ = ["Dates", "check_ahead", "dates_from", "likely"]

_DAY = 24 * 60 * 60
_NEVER = "none"
_MOST_DAYS = 3653
"""Ten years."""
_FIRST, _LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (1971, 2200))


class Dates(NamedTuple):
    """Seconds since 1970; None where nothing was given."""

    expires: int | None
    when: int | None
    due: int | None
    never_due: bool
    """Whether a date by which it is due is taken away."""


def dates_from(given: Mapping[str, str | None], now: float) -> Dates:
    """What is given as `expires`, `when` and `due`: a date, or `90d` for days from now.

    Raises:
        UsageProblem: one is no date, on the wrong side of now, or too far ahead.
    """
    expires = _moment("--expires", given.get("expires"), now)
    when = _moment("--when", given.get("when"), now)
    never = given.get("due") == _NEVER
    due = None if never else _moment("--due", given.get("due"), now)
    for option, moment in (("--expires", expires), ("--due", due)):
        if moment is not None:
            check_ahead(option, (moment - now) / _DAY)
    if when is not None and when > now + _DAY:
        raise UsageProblem("--when is in the future", "say when it was revoked")
    if when is not None and not likely(when):
        raise UsageProblem("--when is before 1971", "say when it was revoked")
    return Dates(expires, when, due, never)


def likely(moment: int) -> bool:
    """Whether somebody can have meant a moment, in seconds since 1970: from 1971 to 2199, which any
    format and time zone can tell."""
    return _FIRST <= moment < _LAST


def check_ahead(option: str, days: float) -> None:
    """See that what is so many days ahead can have been meant.

    Raises:
        UsageProblem: it is in the past, or so far ahead that it was surely mistyped.
    """
    if days <= 0:
        raise UsageProblem(f"{option} is in the past", "give a later date")
    if days > _MOST_DAYS:
        raise UsageProblem(f"{option} is more than ten years ahead", "give an earlier date")


def _moment(option: str, given: str | None, now: float) -> int | None:
    """Seconds since 1970 of a date, or of so many days from now."""
    if given is None:
        return None
    if days := re.fullmatch(r"(\d{1,5})d", given):
        return int(now) + int(days[1]) * _DAY
    try:
        read = datetime.fromisoformat(given)
        return int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        raise UsageProblem(
            f"{option} {given!r} is not a date", "write 2027-01-31, or 90d for days from now"
        ) from None
