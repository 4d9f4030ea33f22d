"""The line of time that a report draws on."""

from __future__ import annotations

import pytest

from forensics.index.life import LifeEvent, Moment, SecretLife
from forensics.lifecycle.case import Case
from forensics.lifecycle.refs import Releases
from forensics.lifecycle.status import Status
from forensics.report.dossier.spans import axis, bar

_DAY = 86_400
_NOW = 1_767_225_600
"""2026-01-01."""


def _event(time: int, how: str = "introduced") -> LifeEvent:
    kind = "removed" if how in ("removed", "replaced") else "introduced"
    at = Moment("ab" * 20, b"A", b"a@x", time, 0, b"A", b"a@x", time, 0, "branch")
    return LifeEvent(1, 1, b"a.env", kind, how, None, "", "", 1, 1, None, True, at)


def _case(*events: LifeEvent, until: int | None = None, name: str = "deleted-not-rotated") -> Case:
    life = SecretLife(
        1, "ab" * 32, "a.b", "A", "high", False, "****", 1.0, None, (), events, (), True
    )
    since = events[0] if events else None
    status = Status(name, (), None, (), "", name)
    return Case(
        life, status, "history-only", (), Releases(None, None, 0), since, until, 1, "", (), {},
        (), _NOW,
    )  # fmt: skip


@pytest.mark.parametrize("days", [1, 3, 10, 40, 100, 250, 500, 1_000, 3_000, 9_000, 13_000])
def test_few_dates_stand_beside_it_in_order(days: int) -> None:
    """However long it is."""
    line = axis([_case(_event(_NOW - days * _DAY))], _NOW)
    positions = [at for at, _ in line.ticks]
    assert 1 <= len(positions) <= 8
    assert positions == sorted(positions)
    assert 0 <= positions[0] <= positions[-1] <= 1
    assert len({says for _, says in line.ticks}) == len(positions)


def test_a_date_before_git_does_not_stretch_it() -> None:
    """Commits can claim any date; what lies outside is drawn at the edge, as uncertain."""
    cases = [_case(_event(0)), _case(_event(_NOW + 9_000 * _DAY)), _case(_event(_NOW - _DAY))]
    line = axis(cases, _NOW)
    assert (line.first, line.last) == (631_152_000, _NOW)
    drawn = [bar(case, line) for case in cases]
    assert [(one.start, one.uncertain) for one in drawn if one][:2] == [(0.0, True), (1.0, True)]
    assert drawn[2] is not None
    assert not drawn[2].uncertain


def test_a_bar_ends_no_earlier_than_it_starts() -> None:
    """Where dates run backwards."""
    case = _case(_event(_NOW - 5 * _DAY), _event(_NOW - 900 * _DAY, "removed"))
    drawn = bar(case, axis([case], _NOW))
    assert drawn is not None
    assert drawn.start <= drawn.stood <= drawn.end
    assert drawn.uncertain


def test_events_of_one_day_are_one_mark() -> None:
    """Which says how many they are; what says most is drawn last, above the others."""
    start = _NOW - 1_000 * _DAY
    copies = [_event(start + n, "copied") for n in range(50)]
    case = _case(_event(start), *copies, _event(_NOW - _DAY, "replaced"))
    drawn = bar(case, axis([case], _NOW))
    assert drawn is not None
    assert [one.shape for one in drawn.marks] == ["minor", "came", "replaced"]
    assert drawn.marks[0].says.endswith("copied, and 49 more")


def test_without_a_commit_there_is_no_bar() -> None:
    """A file outside of git has no date."""
    assert bar(_case(), axis([], _NOW)) is None
