"""What this session wrote to the index, from whichever screen: none of it is news to a screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import RLock

from forensics.index.triage import Triaged

__all__ = ["Own"]


class Own:
    """Rows of the journal that are of this session, and what holds since of which secret.

    Who writes holds the lock until `wrote` is told of it, so that who counts misses nothing.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        self._rows: list[tuple[int, int]] = []
        self._decided: dict[str, tuple[int, Triaged | None]] = {}
        self.decisions = 0
        """How often something was decided."""

    def wrote(self, rows: Iterable[int]) -> None:
        """These rows of the journal are of this session."""
        with self.lock:
            for row in sorted(rows):
                if self._rows and self._rows[-1][1] == row - 1:
                    self._rows[-1] = self._rows[-1][0], row
                else:
                    self._rows.append((row, row))

    def between(self, low: int, high: int) -> int:
        """How many rows of the journal after one, up to another, are of this session."""
        with self.lock:
            return sum(
                max(0, min(last, high) - max(first, low + 1) + 1) for first, last in self._rows
            )

    def from_there(self, row: int) -> int:
        """The last row of the journal that comes after one without a row of others between them."""
        with self.lock:
            for first, last in sorted(self._rows):
                if first <= row + 1 <= last:
                    row = last
        return row

    def decided(self, now: Mapping[str, Triaged | None]) -> None:
        """This holds now of secrets, by fingerprint; None where nothing is decided any more."""
        with self.lock:
            self.decisions += 1
            self._decided.update((secret, (self.decisions, one)) for secret, one in now.items())

    def since(self, decisions: int) -> dict[str, Triaged | None]:
        """What was decided after that many decisions, by fingerprint."""
        with self.lock:
            return {
                secret: one for secret, (when, one) in self._decided.items() if when > decisions
            }
