"""What somebody decided about a secret, as the index has it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from typing import NamedTuple

from forensics.index.triage_places import Place, unpack
from forensics.query.fields import STATES

__all__ = [
    "ASK_FOR_COUNT", "COLUMNS", "MAY_BE_DUE", "STATES", "Decision", "Triaged", "decisions",
    "triaged", "unfit",
]  # fmt: skip

MAY_BE_DUE = ("open", "confirmed")
"""States of what is to be rotated by some day."""
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


def unfit(said: Decision) -> tuple[str, str] | None:
    """What does not fit together in a decision, and what to do about that on the command line."""
    if said.due is not None and said.state not in MAY_BE_DUE:
        return "nothing is due of what is not to be rotated", "leave --due out"
    if said.state == "revoked":
        if not said.evidence or said.revoked_at is None:
            return "a revocation has to be shown", "give --when DATE and --evidence TEXT"
        if said.expires is not None:
            return "a revocation does not expire", "leave --expires out"
    elif said.evidence or said.revoked_at is not None:
        return "a date and evidence are those of a revocation", "give --state revoked, or --reason"
    if said.state == "open" and said.expires is not None:
        return "what is open does not expire", "give a --state too"
    return None


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
