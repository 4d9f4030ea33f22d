"""Differences that people accept: what an acceptance is about, and which drift it covers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fnmatch import fnmatchcase
from glob import escape
from typing import NamedTuple

from forensics.drift.model import ABSENT, DriftEvent, Matrix, Row

__all__ = ["KINDS", "Acceptance", "accept_events", "concerned", "fits", "printable_glob", "unused"]

KINDS = (
    "missing", "extra", "type", "value", "shared", "stale", "flapping", "placeholder", "rotation",
    "rewrap",
)  # fmt: skip
"""Of drift, as `DriftEvent.kind` has them."""

_LACKING = frozenset(("missing", "rotation"))
"""Kinds in which those are concerned that lack something."""
_COMPARING = frozenset(("type", "value", "stale", "shared"))
"""Kinds that take two environments: nothing is wrong with one alone."""
_OF_VALUES = frozenset(("value", "stale"))


class Acceptance(NamedTuple):
    """A statement that some drift is meant to be, until a day."""

    set: str
    """A glob."""
    key: str
    """A glob."""
    kind: str
    """Empty for every kind."""
    environment: str
    """Empty for every environment."""
    reason: str
    owner: str
    expires: date
    """The last day on which it counts."""
    line: int = 0
    """Where it begins in its file; 0 where that is not known."""

    @property
    def about(self) -> tuple[str, str, str, str]:
        """What it is about, which no other acceptance of a file is; its place among them."""
        return self.set, self.key, self.kind, self.environment

    def expired(self, today: date) -> bool:
        """Whether it no longer counts."""
        return today > self.expires

    def told(self) -> str:
        """Reason, owner and expiry in one line."""
        return f"{self.reason} ({self.owner}, until {self.expires.isoformat()})"


def fits(text: str, glob: str) -> bool:
    """Whether a set or key is what a glob means. A text is always what it says itself, also where
    it has brackets, as keys of lists do."""
    return text == glob or fnmatchcase(text, glob)


def printable_glob(text: str) -> str:
    """A glob that means this set or key and can stand in a file for review: itself, mostly; what
    does not print is any one character."""
    if text.isprintable():
        return text
    return "".join(escape(one) if one.isprintable() else "?" for one in text)


def concerned(event: DriftEvent, row: Row | None = None) -> tuple[str, ...]:
    """The environments that something would have to be done about.

    Args:
        event: what is wrong.
        row: the key as it stands now, which tells what is missing no longer.
    """
    if event.kind not in _LACKING or not event.missing:
        return event.present
    if event.kind == "missing" and event.closed is None and row is not None:
        still = tuple(
            name for name in event.missing if name in row.cells and row.cells[name].state == ABSENT
        )
        return still or event.missing
    return event.missing


def accept_events(
    events: Iterable[DriftEvent],
    acceptances: Sequence[Acceptance],
    today: date,
    matrix: Matrix | None = None,
) -> tuple[DriftEvent, ...]:
    """The events, those marked that are accepted.

    An event is accepted once every environment that it concerns is. Of a kind that compares
    environments, what is left after those may be one environment, or several of one value.

    Args:
        events: of any kind.
        acceptances: of which those that expired do not count.
        today: the day on which that is asked.
        matrix: how keys stand now.
    """
    valid = [one for one in acceptances if not one.expired(today)]
    if not valid:
        return tuple(events)
    rows = {(row.set, row.key): row for row in matrix.rows} if matrix is not None else {}
    return tuple(_judged(one, valid, rows.get((one.set, one.key))) for one in events)


def _judged(event: DriftEvent, acceptances: Sequence[Acceptance], row: Row | None) -> DriftEvent:
    about = [one for one in acceptances if _about(one, event)]
    left = [
        name
        for name in concerned(event, row)
        if not any(one.environment in ("", name) for one in about)
    ]
    if not about or (left and not _agree(event, left, row)):
        return event
    said = next((one for one in about if not one.environment), about[0])
    return event._replace(accepted=True, acceptance=said.told())


def _about(one: Acceptance, event: DriftEvent) -> bool:
    return (
        one.kind in ("", event.kind)
        and (not one.environment or one.environment in concerned(event))
        and fits(event.set, one.set)
        and fits(event.key, one.key)
    )


def _agree(event: DriftEvent, left: Sequence[str], row: Row | None) -> bool:
    """Whether nothing is wrong among the environments that are left."""
    if event.kind not in _COMPARING:
        return False
    if len(left) == 1:
        return True
    if event.kind not in _OF_VALUES or event.closed is not None or row is None:
        return False
    groups = {row.cells[name].group if name in row.cells else "" for name in left}
    return len(groups) == 1 and "" not in groups


def unused(
    acceptances: Iterable[Acceptance], events: Iterable[DriftEvent], today: date
) -> list[Acceptance]:
    """Those that still count and are about nothing that is open."""
    open_events = [event for event in events if event.closed is None]
    return [
        one
        for one in acceptances
        if not one.expired(today) and not any(_about(one, event) for event in open_events)
    ]
