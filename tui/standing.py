"""Whether the index is still the file that was opened."""

from __future__ import annotations

from pathlib import Path

from forensics.errors import IndexReadFailed

__all__ = ["Standing"]

_AGAIN = "leave, and start again"


class Standing:
    """The file at the place of the index.

    Another one there, or none, would be written while the one that is open goes on being read.

    Args:
        index: where it stands; it may come later.
    """

    def __init__(self, index: Path) -> None:
        self._index = index
        self.file: tuple[int, int] | None = None
        """Device and number of the one that stood there first; None before there was one."""

    def anew(self) -> None:
        """Whatever stands there from now on is what is meant."""
        self.file = None

    def check(self) -> None:
        """See that it is the one that stood there first.

        Raises:
            IndexReadFailed: it is not.
        """
        try:
            facts = self._index.stat()
        except OSError:
            if self.file is not None:
                raise IndexReadFailed(f"the index is gone: {self._index}", _AGAIN) from None
            return
        now = facts.st_dev, facts.st_ino
        if self.file is None:
            self.file = now
        elif now != self.file:
            raise IndexReadFailed(f"another index stands at {self._index} now", _AGAIN)
