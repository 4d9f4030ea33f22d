"""What somebody decided about a secret, as the index has it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from typing import NamedTuple

from forensics.index.triage_places import Place, unpack
from forensics.query.fields import STATES

__all__ = ["ASK_FOR_COUNT", "COLUMNS", "STATES", "Decision", "Triaged", "decisions", "triaged"]

ASK_FOR_COUNT = 50
"""Where more secrets are decided about at once, their number has to be typed."""
COLUMNS = (
    "fingerprint, state, owner, reason, note, evidence, revoked_at, expires, due, changed, actor,"
    " places, made_by, reopened_by"
)
"""Of the table, in the order of a row."""


class Decision(NamedTuple):
    """What somebody decided. Texts hold no secret: whoever takes them in masks them."""

    state: str
    owner: str = ""
    reason: str = ""
    note: str = ""
    evidence: str = ""
    """What shows that it was revoked."""
    revoked_at: int | None = None
    expires: int | None = None
    """Seconds since 1970, as all times."""
    due: int | None = None
    """Until when its owner is to have rotated it."""


class Triaged(NamedTuple):
    """The last decision about a secret, and whether it still holds."""

    secret: str
    """Fingerprint in hexadecimal digits."""
    decision: Decision
    changed: int
    actor: str
    places: tuple[Place, ...] | None
    made_by: int
    """Its row of the journal; 0 where a file tells of it."""
    reopened_by: int | None

    @property
    def revision(self) -> int:
        """Grows with whatever is decided, and when that is reopened; 0 stands for no decision."""
        return max(self.made_by, self.reopened_by or 0)

    def state(self, now: float | None = None) -> str:
        """What holds now: `open` once the decision was reopened or has expired."""
        expires = self.decision.expires
        over = expires is not None and expires <= (time.time() if now is None else now)
        return "open" if over or self.reopened_by is not None else self.decision.state


def triaged(row: Sequence[object]) -> Triaged:
    """Of a row with these columns."""
    fingerprint, *said, changed, by, places, made_by, reopened_by = row
    kept = None if places is None else tuple(unpack(bytes(places)))  # type: ignore[call-overload]
    return Triaged(
        bytes(fingerprint).hex(), Decision(*said), changed, by, kept, made_by, reopened_by  # type: ignore[arg-type, call-overload]
    )  # fmt: skip


def decisions(connection: sqlite3.Connection, secret: str = "") -> list[Triaged]:
    """The last decision about each secret, by fingerprint; or only about one."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM triage WHERE ended_by IS NULL"  # noqa: S608
        f"{' AND fingerprint = ?' if secret else ''} ORDER BY fingerprint",
        (bytes.fromhex(secret),) if secret else (),
    )
    return [triaged(row) for row in rows]
