"""Pieces of known values where Hyperscan has no build: slower, and the same places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from mmap import mmap

__all__ = ["PurePieces"]


class PurePieces:
    """Looks for one piece after the other."""

    name = "pure Python"

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = tuple(pieces)

    def search(self, content: bytes | mmap, found: Callable[[int, int], bool | None]) -> None:
        """Call `found` as `PieceFinder` says, though not in the order of places."""
        for number, piece in enumerate(self._pieces):
            at = content.find(piece)
            while at >= 0:
                if found(number, at + len(piece)):
                    return
                at = content.find(piece, at + 1)
