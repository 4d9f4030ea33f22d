"""Whether the index is still the file that was opened."""

from __future__ import annotations

from pathlib import Path

from forensics.errors import IndexReadFailed
from forensics.index.database import Connection
from forensics.index.overview import point_of

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
        self._id: str | None = None

    def anew(self) -> None:
        """Whatever stands there from now on is what is meant."""
        self.file = self._id = None

    def check_id(self, connection: Connection) -> None:
        """See that what is open is the index that was open first: another one can have been
        written over it.

        Raises:
            IndexReadFailed: it is not.
        """
        if self.file is None:  # an empty one serves each thread as long as there is none
            return
        now = point_of(connection).index_id
        if self._id is None:
            self._id = now
        elif now != self._id:
            raise IndexReadFailed(f"another index stands at {self._index} now", _AGAIN)

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
