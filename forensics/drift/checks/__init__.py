"""Kinds of drift, one module each, in the order in which they look at a change."""

from __future__ import annotations

from forensics.drift.checks.check import Check
from forensics.drift.checks.flapping import Flapping
from forensics.drift.checks.placeholder import Placeholders
from forensics.drift.checks.presence import Presence
from forensics.drift.checks.rewrap import Rewraps
from forensics.drift.checks.rotation import Rotations
from forensics.drift.checks.shared import Shared
from forensics.drift.checks.types import Types
from forensics.drift.checks.values import Values
from forensics.drift.ledger import Ledger

__all__ = ["all_checks"]


def all_checks(ledger: Ledger) -> tuple[Check, ...]:
    """One of each, all writing into one ledger."""
    return (
        Presence(ledger), Types(ledger), Values(ledger), Placeholders(ledger), Shared(ledger),
        Rewraps(ledger), Rotations(ledger), Flapping(ledger),
    )  # fmt: skip
