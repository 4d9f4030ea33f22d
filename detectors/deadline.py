"""Time limits for confirming what the prefilter found.

They count this process's processor time, as the limits of `regex` do: so what is given up does not
depend on what else the machine does.
"""

from __future__ import annotations

from time import process_time

__all__ = ["Deadline"]


class Deadline:
    """An amount of processor time after which confirming one content stops."""

    __slots__ = ("_at",)

    def __init__(self, seconds: float) -> None:
        self._at = process_time() + seconds

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
        left = self._at - process_time()
        if left <= 0:
            raise TimeoutError
        return left
