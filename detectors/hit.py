"""What a detector reports."""

from __future__ import annotations

from typing import NamedTuple

from detectors.secret import Secret

__all__ = ["Hit", "Kind"]


class Kind(NamedTuple):
    """What a detector can report, described once for lists, tables and reports."""

    id: str
    title: str
    severity: str
    why: str
    remedy: str
    prefix: str = ""
    """Public start of the secret, which may be shown."""
    generic: bool = False
    """Whether only the context of a value is known, not its provider's shape."""


class Hit(NamedTuple):
    """One secret at one place in one content."""

    kind: Kind
    start: int
    """First byte of the secret in the content."""
    end: int
    """One past its last byte."""
    secret: Secret
    """The value in canonical form."""
    confidence: float
    """0 to 1."""
    checksum: bool | None = None
    """Whether the token's own checksum is right; None where it has none."""
