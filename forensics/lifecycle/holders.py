"""Who holds a secret, asked by secret, though kept by holder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import compress
from typing import Generic, NamedTuple, TypeVar

from forensics.index.life import LifePlace

__all__ = ["Holders"]

Holder = TypeVar("Holder")
Made = TypeVar("Made")

_ONE_BIT = [bytes(byte >> bit & 1 for byte in range(256)) for bit in range(8)]
"""By bit: what turns a byte into that bit of it."""


class _Table(NamedTuple, Generic[Holder]):
    """What the holders of one repository hold: rows of equal width."""

    holders: list[Holder]
    width: int
    rows: bytes

    def column(self, number: int) -> int:
        """Who holds the occurrence of that number: a byte a holder, 0 or 1."""
        byte, bit = divmod(number, 8)
        if byte >= self.width:
            return 0
        return int.from_bytes(self.rows[byte :: self.width].translate(_ONE_BIT[bit]), "little")

    def chosen(self, column: int) -> Iterable[Holder]:
        """The holders in a column."""
        return compress(self.holders, column.to_bytes(len(self.holders), "little"))


class Holders(Generic[Holder, Made]):
    """Refs or people, and which occurrences each of them has.

    Thousands of secrets are held by few sets of holders, so each set is told once.
    """

    def __init__(
        self,
        holders: Iterable[tuple[int, int, Holder]],
        make: Callable[[tuple[Holder, ...]], Made],
    ) -> None:
        """Arrange them.

        Args:
            holders: by repository, with the numbers of the occurrences they have as bits.
            make: what to tell of a set of them.
        """
        by_repository: dict[int, list[tuple[int, Holder]]] = {}
        for repository, held, one in holders:
            by_repository.setdefault(repository, []).append((held, one))
        self._tables: dict[int, _Table[Holder]] = {}
        for repository, rows in by_repository.items():
            width = max((held.bit_length() + 7) // 8 for held, _ in rows)
            joined = b"".join(held.to_bytes(width, "little") for held, _ in rows)
            self._tables[repository] = _Table([one for _, one in rows], width, joined)
        self._make = make
        self._made: dict[tuple[tuple[int, int], ...], Made] = {}

    def of(self, places: Iterable[LifePlace]) -> Made:
        """What is told of those who hold a secret at any of these places."""
        columns: dict[int, int] = {}
        for place in places:
            table = self._tables.get(place.repository)
            if table is not None:
                known = columns.get(place.repository, 0)
                columns[place.repository] = known | table.column(place.number)
        key = tuple(sorted((repository, one) for repository, one in columns.items() if one))
        if key not in self._made:
            self._made[key] = self._make(
                tuple(
                    one for repository, column in key
                    for one in self._tables[repository].chosen(column)
                )
            )  # fmt: skip
        return self._made[key]
