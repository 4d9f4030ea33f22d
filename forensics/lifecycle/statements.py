"""What people said of secrets, as far as it still holds."""

from __future__ import annotations

import time
from collections.abc import Iterable

from forensics.index.database import Connection
from forensics.index.triage import Triaged, decisions
from forensics.lifecycle.status import Statement

__all__ = ["said_when", "stated", "statements"]


def statements(
    connection: Connection, now: float | None = None, secret: str = ""
) -> dict[str, Statement]:
    """By fingerprint, the last decision about each secret that is not open again.

    Args:
        connection: of the index.
        now: seconds since 1970.
        secret: only about the secret of this fingerprint.
    """
    return stated(decisions(connection, secret), time.time() if now is None else now)


def stated(decided: Iterable[Triaged], now: float) -> dict[str, Statement]:
    """The same of decisions that are at hand."""
    found: dict[str, Statement] = {}
    for one in decided:
        state, said = one.state(now), one.decision
        if state != "open":
            found[one.secret] = Statement(
                state, said.owner or one.actor, said_when(one), said.evidence
            )
    return found


def said_when(one: Triaged) -> int:
    """When what was decided came about; in seconds since 1970."""
    return one.changed if one.decision.revoked_at is None else one.decision.revoked_at
