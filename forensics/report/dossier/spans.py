"""Where on a line of time secrets were exposed. Dates come from commits, and commits can lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from forensics.lifecycle.case import Case
from forensics.lifecycle.own_events import own_events
from forensics.report.text import iso_date

__all__ = ["Axis", "Bar", "Mark", "axis", "bar"]

_DAY = 86_400
_EARLIEST = 631_152_000
"""1990-01-01: what claims to be older is drawn at the edge."""
_MOST_TICKS = 7
_MOST_MARKS = 60
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
_DAYS = (1, 2, 7, 14)
_SHAPE = {
    "introduced": "came", "reintroduced": "back", "rolled-back": "back", "removed": "gone",
    "replaced": "replaced", "externalised": "out",
}  # fmt: skip
_STANDING = frozenset({"exposed", "rolled-back", "replaced-still-elsewhere"})
_MINOR = "minor"
"""A copy, a move, a merge, a rename or a placeholder."""


class Axis(NamedTuple):
    """A stretch of time, in seconds since 1970, and what is written beside it."""

    first: int
    last: int
    ticks: tuple[tuple[float, str], ...]
    """Positions and dates."""

    def at(self, moment: int) -> float:
        """The position of a moment, from 0 to 1."""
        return min(1.0, max(0.0, (moment - self.first) / (self.last - self.first)))

    def has(self, moment: int) -> bool:
        """Whether a moment lies on it."""
        return self.first <= moment <= self.last


class Mark(NamedTuple):
    """Something that happened."""

    at: float
    shape: str
    """came, back, gone, replaced, out or minor."""
    says: str
    uncertain: bool


class Bar(NamedTuple):
    """From when until when a secret was of use to whoever found it."""

    start: float
    stood: float
    """Until when it stood in files; after that, history still had it."""
    end: float
    lasting: bool
    """Whether nothing ended it."""
    uncertain: bool
    marks: tuple[Mark, ...]


def axis(cases: Iterable[Case], now: int) -> Axis:
    """A line of time for all of these, until `now`."""
    since = [case.since.at.commit_time for case in cases if case.since is not None]
    first = max(_EARLIEST, min((one for one in since if one < now), default=now))
    first = min(first, now - 7 * _DAY)
    return Axis(first, now, tuple(_ticks(first, now)))


def _ticks(first: int, last: int) -> Iterable[tuple[float, str]]:
    start, end = datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC)
    length = last - first
    for days in _DAYS:
        if length / _DAY / days <= _MOST_TICKS:
            begin = (first // _DAY + 1) * _DAY
            for moment in range(begin, last + 1, days * _DAY):
                day = datetime.fromtimestamp(moment, UTC)
                yield (moment - first) / length, day.strftime("%Y-%m-%d")
            return
    counted = (start.year * 12 + start.month - 1, end.year * 12 + end.month - 1)
    step = next((one for one in _MONTHS if (counted[1] - counted[0]) / one <= _MOST_TICKS), 600)
    for month in range((counted[0] // step + 1) * step, counted[1] + 1, step):
        day = datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
        shown = day.strftime("%Y" if step >= 12 else "%Y-%m")
        yield (day.timestamp() - first) / length, shown


def bar(case: Case, line: Axis) -> Bar | None:
    """A secret on a line of time; None where no commit tells when it came."""
    if case.since is None:
        return None
    start, events = case.since.at.commit_time, case.life.events
    end = line.last if case.until is None else case.until
    left = [one.at.commit_time for one in events if one.kind == "removed" and one.lasting]
    standing = case.present or case.status.name in _STANDING
    stood = end if standing else max(left, default=start)
    moments = [start, end, *(one.at.commit_time for one in events)]
    doubtful = bool(case.status.uncertain) or not all(map(line.has, moments)) or end < start
    low = line.at(start)
    high = max(low, line.at(end))
    return Bar(
        low, min(high, max(low, line.at(stood))), high, case.until is None, doubtful,
        tuple(_marks(case, line)),
    )  # fmt: skip


def _marks(case: Case, line: Axis) -> Sequence[Mark]:
    """One for all events of a kind that stand too near each other to be told apart."""
    found: dict[tuple[str, int], list[Mark]] = {}
    for one in own_events(case.life.events):
        at, shape = line.at(one.at.commit_time), _SHAPE.get(one.how, _MINOR)
        date = (iso_date(one.at.commit_time, one.at.commit_offset) or "no date")[:10]
        mark = Mark(at, shape, f"{date} {one.how}", bool(one.uncertain))
        found.setdefault((shape, round(at * 200)), []).append(mark)
    marks = [
        same[0] if len(same) == 1 else same[0]._replace(
            says=f"{same[0].says}, and {len(same) - 1:,} more",
            uncertain=any(one.uncertain for one in same),
        )
        for same in found.values()
    ]  # fmt: skip
    marks.sort(key=lambda one: (one.shape != _MINOR, one.at))
    return marks if len(marks) <= _MOST_MARKS else marks[-_MOST_MARKS:]
