"""Time limits for confirming what the prefilter found."""

from __future__ import annotations

from time import monotonic

__all__ = ["Deadline"]


class Deadline:
    """A moment after which confirming one content stops."""

    __slots__ = ("_at",)

    def __init__(self, seconds: float) -> None:
        self._at = monotonic() + seconds

    def half(self) -> Deadline:
        """A deadline after half of the time that is left.

        Raises:
            TimeoutError: none is.
        """
        return Deadline(self.remaining() / 2)

    def remaining(self) -> float:
        """Seconds left.

        Raises:
            TimeoutError: none are.
        """
        left = self._at - monotonic()
        if left <= 0:
            raise TimeoutError
        return left
