"""What people said of secrets, as far as it still holds."""

from __future__ import annotations

import time

from forensics.index.database import Connection
from forensics.index.triage import decisions
from forensics.lifecycle.status import Statement

__all__ = ["statements"]


def statements(connection: Connection, now: float | None = None) -> dict[str, Statement]:
    """By fingerprint, the last decision about each secret that is not open again.

    Args:
        connection: of the index.
        now: seconds since 1970.
    """
    moment = time.time() if now is None else now
    found: dict[str, Statement] = {}
    for one in decisions(connection):
        state, said = one.state(moment), one.decision
        if state != "open":
            when = one.changed if said.revoked_at is None else said.revoked_at
            found[one.secret] = Statement(state, said.owner or one.actor, when, said.evidence)
    return found
