"""How far the rotation of each secret has come: rows of a board."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from forensics.index.fate import Fate, Standing, standing_counts, standings
from forensics.index.rotations import Rotation, rotations
from forensics.index.triage import Decision, Triaged
from forensics.lifecycle.case import Case, days_between
from forensics.lifecycle.statements import said_when
from forensics.lifecycle.status import Course, name_of, named, status_of
from forensics.query.fields import STAGES, TO_ROTATE

__all__ = [
    "STAGES",
    "RotationRow",
    "counts_by_stage",
    "most_urgent_first",
    "restated",
    "rotation_rows",
    "row_of",
    "stage_of",
    "stages_by_row",
]

_SEVERITIES = ("critical", "high", "medium", "low")
_AWAY = ("false-positive", "accepted", "test")
_NEVER = 1 << 62


class RotationRow(NamedTuple):
    """What a list says of a secret."""

    id: int
    """Row of the secret."""
    secret: str
    """Fingerprint in hexadecimal digits."""
    rule: str
    severity: str
    preview: str
    by_events: str
    """Its status by what history says alone, see `forensics.lifecycle.status`."""
    state: str
    """By what people said, that holds now."""
    certain: bool
    """Whether its value was looked for, and nothing that happened to it is uncertain."""
    left: int
    """Places at which it stands where people work."""
    places: int
    exposed_days: int | None
    owner: str
    due: int | None
    """Seconds since 1970."""
    revision: int
    """See `Triaged.revision`."""
    came: int | None
    """When a commit first had it."""
    revoked: int | None
    """When it was revoked, as people said."""

    @property
    def stage(self) -> str:
        """One of STAGES; empty where it is not to be rotated."""
        early = self.came is not None and (self.revoked or 0) < self.came
        return stage_of(
            self.state, self.by_events, owned=bool(self.owner),
            gone=self.certain and not self.left and not early,
        )  # fmt: skip

    def overdue(self, now: float) -> bool:
        """Whether it should have been rotated by now."""
        return self.due is not None and self.due <= now and self.stage in TO_ROTATE


def row_of(case: Case, triaged: Triaged | None, now: float) -> RotationRow:
    """The row of a secret.

    Args:
        case: of the secret.
        triaged: what was decided last.
        now: seconds since 1970.
    """
    life, said = case.life, triaged.decision if triaged else Decision("open")
    stated = case.status.statement
    by_history = case.status if stated is None else status_of(life, case.present_at)
    return RotationRow(
        life.id, life.secret, life.rule, life.severity, life.preview, case.status.by_events,
        triaged.state(now) if triaged else "open", life.swept and not by_history.uncertain,
        len(case.present_at), len(life.places), case.exposed_days, said.owner, said.due,
        triaged.revision if triaged else 0,
        min((one.at.commit_time for one in life.events if one.kind == "introduced"), default=None),
        stated.when if stated is not None else None,
    )  # fmt: skip


def restated(row: RotationRow, triaged: Triaged | None, now: float) -> RotationRow:
    """The row once somebody has decided so; None for nothing any more."""
    if triaged is None:
        return row._replace(state="open", owner="", due=None, revision=0, revoked=None)
    said, state = triaged.decision, triaged.state(now)
    return row._replace(
        state=state, owner=said.owner, due=said.due, revision=triaged.revision,
        revoked=said_when(triaged) if state != "open" else None,
    )  # fmt: skip


def most_urgent_first(now: float) -> Callable[[RotationRow], tuple[object, ...]]:
    """A key that sorts rows by stage, then by what is overdue longest and what is worst."""

    def key(row: RotationRow) -> tuple[object, ...]:
        stage = STAGES.index(row.stage) if row.stage else len(STAGES)
        due = row.due if row.due is not None and row.overdue(now) else _NEVER
        severity = _SEVERITIES.index(row.severity)
        return stage, due, severity, -(row.exposed_days or 0), row.secret

    return key


def stage_of(state: str, by_events: str, *, owned: bool, gone: bool) -> str:
    """One of STAGES, empty where a secret is not to be rotated: nobody has it; somebody has; a new
    value stands in its place; it is said to be revoked; and no scan that looked for its value finds
    it where people work.

    Args:
        state: by what people said, that holds now.
        by_events: its status by what history says alone.
        owned: whether somebody is to rotate it.
        gone: whether it is certain that it stands nowhere any more where people work.
    """
    if state in _AWAY or by_events == "ignored":
        return ""
    if state == "revoked":
        return "verified" if gone else "revoked"
    if by_events == "replaced-everywhere":
        return "replaced"
    return "assigned" if owned else "detected"


def counts_by_stage(
    connection: sqlite3.Connection, now: float
) -> tuple[dict[str, int], dict[str, int]]:
    """How many secrets are at each stage, and how many have each status: as `cases` has it, from
    what is kept of each secret.

    Args:
        connection: of the index.
        now: seconds since 1970.
    """
    stages, statuses = Counter[str](), Counter[str]()
    for secrets, one in standing_counts(connection, now):
        stages[_stage(one)] += secrets
        statuses[named(_by_events(one.fate), one.state)] += secrets
    return dict(stages), dict(statuses)


def stages_by_row(connection: sqlite3.Connection, now: float) -> dict[int, str]:
    """The stage of each secret, in the same way."""
    return {secret: _stage(one) for secret, one in standings(connection, now)}


@cache
def _stage(one: Standing) -> str:
    return stage_of(
        one.state, _by_events(one.fate), owned=one.owned,
        gone=one.certain and not one.fate.present,
    )  # fmt: skip


@cache
def _by_events(one: Fate) -> str:
    if one.ignored:
        return "ignored"
    if one.present or one.ended or not one.at_tip:
        return name_of(Course(one.present, one.back, one.ended, one.changed, one.replaced))
    return name_of(Course(True, one.back_at_tip, False, one.changed, one.replaced))


def rotation_rows(connection: sqlite3.Connection, now: float) -> list[RotationRow]:
    """The rows of all secrets, most urgent first: as `row_of` has it, from what is kept of each.

    Args:
        connection: of the index.
        now: seconds since 1970.
    """
    rows = (_kept_row(one, now) for one in rotations(connection, now))
    return sorted(rows, key=most_urgent_first(now))


def _kept_row(one: Rotation, now: float) -> RotationRow:
    by_events = _by_events(one.fate)
    status = named(by_events, one.state)
    until = {"revoked": one.since, "replaced-everywhere": one.over}.get(status)
    days = None
    if one.began is not None:
        days = days_between(one.began, now if until is None else until)
    return RotationRow(
        one.id, one.secret, one.rule, one.severity, one.preview, by_events, one.state, one.certain,
        one.left, one.places, days, one.owner, one.due, one.revision, one.came, one.since,
    )  # fmt: skip
