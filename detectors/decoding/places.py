"""Where decoded bytes stand in what they were decoded from."""

from __future__ import annotations

from bisect import bisect_right

__all__ = ["Pieces", "base64_place"]


class Pieces:
    """Decoded bytes as a row of pieces, each of which takes up its own stretch outside.

    A piece has a scale: so many bytes outside stand for each byte inside. With scale 0, the piece
    is one unit, and any part of it stands for all of it.
    """

    __slots__ = ("_end", "_inner", "_outer", "_scale")

    def __init__(self) -> None:
        self._inner: list[int] = []
        self._outer: list[int] = []
        self._scale: list[int] = []
        self._end: list[int] = []

    def add(self, inner: int, outer: int, end: int, scale: int = 1) -> None:
        """A piece from `inner` on, which stands at `outer` to `end`."""
        if self._inner and scale and scale == self._scale[-1] and outer == self._end[-1]:
            self._end[-1] = end
            return
        self._inner.append(inner)
        self._outer.append(outer)
        self._end.append(end)
        self._scale.append(scale)

    def __call__(self, start: int, end: int) -> tuple[int, int]:
        """The span outside of the bytes from `start` to `end`."""
        at = max(bisect_right(self._inner, start) - 1, 0)
        first = self._outer[at] + (start - self._inner[at]) * self._scale[at]
        at = max(bisect_right(self._inner, end - 1) - 1, 0)
        if not self._scale[at]:
            return first, self._end[at]
        return first, self._outer[at] + (end - self._inner[at]) * self._scale[at]

    def inside(self, position: int) -> int:
        """Where the byte that stands at `position` outside stands inside."""
        at = max(bisect_right(self._outer, position) - 1, 0)
        return self._inner[at] + (position - self._outer[at]) // (self._scale[at] or 1)


def base64_place(start: int, end: int) -> tuple[int, int]:
    """The span of base64 characters, counted from the first, that hold these decoded bytes."""
    return start * 8 // 6, (end * 8 - 1) // 6 + 1
