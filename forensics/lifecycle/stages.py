"""How far the rotation of each secret has come: rows of a board."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

from forensics.index.database import Connection
from forensics.index.fate import FateCount, fate_counts
from forensics.index.life import Lives
from forensics.index.triage import Decision, Triaged
from forensics.lifecycle.case import Case, cases
from forensics.lifecycle.statements import stated
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
]

_SEVERITIES = ("critical", "high", "medium", "low")
_AWAY = ("false-positive", "accepted", "test")
_TOLD_EACH = 1000
_NEVER = 1 << 62


class RotationRow(NamedTuple):
    """What a list says of a secret."""

    secret: str
    """Fingerprint in hexadecimal digits."""
    rule: str
    severity: str
    preview: str
    slot: str
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
        life.secret, life.rule, life.severity, life.preview, case.slot, case.status.by_events,
        triaged.state(now) if triaged else "open", life.swept and not by_history.uncertain,
        len(case.present_at), len(life.places), case.exposed_days, said.owner, said.due,
        triaged.revision if triaged else 0,
        min((one.at.commit_time for one in life.events if one.kind == "introduced"), default=None),
        stated.when if stated is not None else None,
    )  # fmt: skip


def restated(row: RotationRow, said: Decision, revision: int) -> RotationRow:
    """The row once somebody has decided so."""
    return row._replace(
        state=said.state, owner=said.owner, due=said.due, revision=revision,
        revoked=said.revoked_at,
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


def counts_by_stage(connection: Connection, now: float) -> tuple[dict[str, int], dict[str, int]]:
    """How many secrets are at each stage, and how many have each status: as `cases` has it, from
    what is kept of each secret.

    Args:
        connection: of the index.
        now: seconds since 1970.
    """
    stages, statuses = Counter[str](), Counter[str]()
    for one in fate_counts(connection, now):
        by_events = "ignored" if one.ignored else name_of(_course(one))
        stage = stage_of(
            one.state, by_events, owned=one.owned, gone=one.certain and not one.present
        )
        stages[stage] += one.secrets
        statuses[named(by_events, one.state)] += one.secrets
    return dict(stages), dict(statuses)


def _course(one: FateCount) -> Course:
    if one.present or one.ended or not one.at_tip:
        return Course(one.present, one.back, one.ended, one.changed, one.replaced)
    return Course(True, one.back_at_tip, False, one.changed, one.replaced)


def rotation_rows(
    lives: Lives,
    decided: Mapping[str, Triaged],
    now: float,
    *,
    first: int | None = None,
    tell: Callable[[int], None] = lambda _: None,
) -> list[RotationRow]:
    """The rows of all secrets, most urgent first.

    Args:
        lives: of the index.
        decided: by fingerprint, the last decision about each.
        now: seconds since 1970.
        first: only up to about so many, which come sooner.
        tell: is given how many there are so far, now and then.
    """
    rows = []
    for case in cases(lives, stated(decided.values(), now), first=first, now=now):
        rows.append(row_of(case, decided.get(case.life.secret), now))
        if not len(rows) % _TOLD_EACH:
            tell(len(rows))
    return sorted(rows, key=most_urgent_first(now))
