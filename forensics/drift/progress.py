"""How far a record is, for whoever waits."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Progress", "Silent"]


class Progress(Protocol):
    """Is told how far a record is."""

    def walked(self, commits: int, total: int) -> None:
        """So many commits of the line were looked at."""

    def read(self, versions: int, total: int) -> None:
        """So many versions of files were read."""


class Silent:
    """Tells nobody."""

    def walked(self, commits: int, total: int) -> None: ...

    def read(self, versions: int, total: int) -> None: ...
