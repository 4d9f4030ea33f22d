"""Which step of a line a date, a ref or a commit means."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from forensics.drift.model import Line
from forensics.errors import GitFailed, UsageProblem
from forensics.git.first_parents import line_ids
from forensics.git.repository import Repository
from forensics.git.resolve import named_commit

__all__ = ["Moment", "moment_of"]

_DATE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")
_ID = re.compile(r"[0-9a-fA-F]{4,64}")


class Moment(NamedTuple):
    """A step of a line."""

    number: int
    remark: str = ""
    """In words, where it is not quite what was asked for."""


def moment_of(line: Line, asked: str, repository: Repository | None) -> Moment:
    """The last step that the commit or day asked for has behind it.

    Args:
        line: with at least one step.
        asked: a day such as 2024-01-31, a month, or what git calls a commit.
        repository: to ask what a name means; without it, only ids of steps are known.

    Raises:
        UsageProblem: it means no commit, or the line had no step then.
    """
    asked = asked.strip()
    if _DATE.fullmatch(asked):
        return _on(line, asked)
    if not asked or not asked.isprintable():
        raise UsageProblem("that is no date and no name", "write 2024-01-31, a ref or a commit")
    if repository is None:
        return _by_id(line, asked)
    numbers = {step.commit: number for number, step in enumerate(line.steps)}
    try:
        oid = named_commit(repository, asked).oid
        with repository.git() as git:
            found = line_ids(repository, git, oid, numbers)
            there = line_ids(repository, git, line.tip, {oid}).known == oid
    except GitFailed as failure:
        raise UsageProblem(f"git cannot tell what {asked!r} is: {failure}", "name a date") from None
    if not found.known:
        raise UsageProblem(f"{asked!r} has no configuration of this line", "name a later commit")
    remark = "" if there else f"{asked} is not on the line of {line.ref}: this is where it left it"
    return Moment(numbers[found.known], remark)


def _on(line: Line, asked: str) -> Moment:
    """The last step by the end of a day or month, in UTC."""
    try:
        if len(asked) == len("2024-01"):
            first = date.fromisoformat(f"{asked}-01")
            day = (first + timedelta(days=31)).replace(day=1)
        else:
            day = date.fromisoformat(asked) + timedelta(days=1)
        end = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        raise UsageProblem(f"{asked!r} is no date", "write 2024-01-31") from None
    # Clocks of authors go wrong: what counts is the last step before which none is later.
    latest: list[int] = []
    for step in line.steps:
        latest.append(max(step.time, latest[-1] if latest else step.time))
    number = bisect_right(latest, end - 1) - 1
    if number < 0:
        return Moment(0, f"nothing is older than this; {asked} is before the line begins")
    return Moment(number)


def _by_id(line: Line, asked: str) -> Moment:
    if not _ID.fullmatch(asked):
        raise UsageProblem(
            f"the repository is not at hand to tell what {asked!r} is", "name a date or a commit id"
        )
    found = [
        number
        for number, step in enumerate(line.steps)
        if step.commit.hex().startswith(asked.lower())
    ]
    if len(found) != 1:
        what = "several commits" if found else "no commit that changes configuration"
        raise UsageProblem(f"{asked!r} is {what}", "name a date or a longer id")
    return Moment(found[0])
