"""What a value's own structure makes of a match."""

from __future__ import annotations

from typing import NamedTuple

from detectors.structure import Token, inspect
from detectors.structure.names import CHECKSUMS

__all__ = ["AROUND", "Judged", "judged"]

AROUND = 1000
"""Bytes before and after a value that its inspector sees, at most."""
_DOUBT_LEFT, _FORGED = 0.1, 0.3
"""The share of the doubt that is left about a token whose structure is right, so that 0.9 becomes
0.99, and the factor on the confidence in one whose is wrong."""


class Judged(NamedTuple):
    """How sure a match is, and what the token says."""

    confidence: float
    checksum: bool | None = None
    facts: tuple[tuple[str, str], ...] = ()


def judged(structure: str, confidence: float, value: bytes, before: bytes, after: bytes) -> Judged:
    """A match that is as sure as `confidence`, once its inspector has read it.

    Args:
        structure: name of the inspector; empty where the rule names none.
        confidence: of the rule.
        value: as it stands in the content.
        before: what stands before it; of more, the last `AROUND` bytes count.
        after: what stands after it.
    """
    if not structure:
        return Judged(confidence)
    read = inspect(structure, Token(value, before[-AROUND:], after[:AROUND]))
    if read.valid is not None:
        doubt = (1 - confidence) * _DOUBT_LEFT
        confidence = round(1 - doubt if read.valid else confidence * _FORGED, 4)
    facts = read.facts
    if read.valid is not None and structure in CHECKSUMS:
        facts = (("checksum", "right" if read.valid else "wrong"), *facts)
    return Judged(confidence, read.valid, facts)
