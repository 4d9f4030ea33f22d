"""Known values in any of the forms in which they may be written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from mmap import mmap
from typing import NamedTuple, NoReturn

from detectors.literals import MOST_LITERALS, LiteralFinder
from detectors.literals.forms import forms_of

__all__ = ["MOST_VALUES", "Standing", "ValueFinder"]

MOST_VALUES = 10_000
_BETWEEN = re.compile(rb"""\\+[rnt]|[\s"'\\,]""")
"""What stands between the lines of encoded text."""
_LINE_ENDS = 6
"""Bytes that may stand between two lines for each 48 of text, and more than that at the ends."""


class Standing(NamedTuple):
    """A value that stands in a content."""

    value: int
    """Its number."""
    form: str
    """How it is written, as `FORMS` has it."""
    start: int
    """About where: of wrapped text, where a piece of it starts."""


class _Piece(NamedTuple):
    value: int
    form: str
    whole: bytes
    wrapped: bool


class ValueFinder:
    """Finds values in all their forms. It prints as their number and cannot be pickled."""

    def __init__(self, values: Sequence[bytes], *, pure: bool = False) -> None:
        """Make one for these values, which are numbered as they come.

        Args:
            values: none of them empty.
            pure: as for `LiteralFinder`.

        Raises:
            ValueError: one is empty, or there are more than MOST_VALUES.
        """
        if len(values) > MOST_VALUES or not all(values):
            raise ValueError(f"between 0 and {MOST_VALUES:,} values, none of them empty")
        self._count = len(values)
        self._pieces: list[_Piece] = []
        literals: list[bytes] = []
        for number, value in enumerate(values):
            for form in forms_of(value):
                for piece in form.pieces:
                    literals.append(piece)
                    self._pieces.append(_Piece(number, form.name, form.whole, form.wrapped))
        self._finders = [
            (at, LiteralFinder(literals[at : at + MOST_LITERALS], pure=pure))
            for at in range(0, len(literals), MOST_LITERALS)
        ]

    @property
    def name(self) -> str:
        """What it searches with."""
        return self._finders[0][1].name if self._finders else "nothing"

    def find(self, content: bytes | mmap) -> list[Standing]:
        """The values in a content: each form of each once, ascending by number."""
        found: dict[tuple[int, str], Standing] = {}
        for first, finder in self._finders:
            for number, start, end in finder.find(content):
                piece = self._pieces[first + number]
                if (piece.value, piece.form) in found:
                    continue
                if not piece.wrapped or _whole(content, start, end, piece.whole):
                    found[piece.value, piece.form] = Standing(piece.value, piece.form, start)
        return [found[place] for place in sorted(found)]

    def stands_in(self, content: bytes | mmap) -> bool:
        """Whether any value stands in a content."""
        return bool(self.find(content))

    def __len__(self) -> int:
        return self._count

    def __repr__(self) -> str:
        return f"ValueFinder({self._count} values)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("known values do not leave their process")


def _whole(content: bytes | mmap, start: int, end: int, whole: bytes) -> bool:
    """Whether encoded text stands around one of its pieces, with line ends in it or without."""
    room = len(whole) + _LINE_ENDS * (len(whole) // 48 + 2)
    around = content[max(0, start - room) : end + room]
    return whole in around or whole in _BETWEEN.sub(b"", around)
