"""What a scan was told to ignore, as far as a content can tell."""

from __future__ import annotations

from typing import Protocol

from detectors.hit import Hit

__all__ = ["PENDING", "Ignorer", "is_pending"]

PENDING = "?"
"""Starts the name of what would ignore a hit only at some paths or in some commits, which
whoever knows these must decide. Several such names stand on a line each."""


def is_pending(ignored: str) -> bool:
    """Whether `Hit.ignored` holds only at some paths or in some commits."""
    return ignored.startswith(PENDING)


class Ignorer(Protocol):
    """A user's own list of what is no finding."""

    @property
    def version(self) -> str:
        """Changes whenever the same hits could be ignored or not."""

    def reason(self, content: bytes, hit: Hit) -> str:
        """What ignores `hit`, after `PENDING` where that depends on more than the content;
        empty if nothing does."""
