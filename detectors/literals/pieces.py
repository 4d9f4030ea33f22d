"""Which bytes of each literal to look for, so that little else looks like them.

A matcher for many literals goes by the ends of what it is given, a few bytes each. So of a literal
that piece is looked for whose end is rarest in text, and the rest is compared where it stands. This
also serves literals longer than any matcher takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

__all__ = ["choose_pieces"]

_PIECE = 16
"""Bytes of a piece; of a shorter literal, all."""
_END = 4
"""Bytes by whose rarity a piece is chosen."""
_TRIED = 256
"""Pieces looked at in one literal; those of a longer one are taken at even distances."""
_SHARED_BY = 8
"""Literals that may share a piece, if they have others."""

_COMMON = (
    b" etairnosldcupmhf\0\n\t_gb-,./;)(0v=\"*k1y>w'x2:#<3E4S586T9A7RICN"
    b"jOzqLDPM{}[]F+UGB&|H!\\VW$KYX%@J?^~Q`Z"
)
"""Bytes of source code and trees, the most common first."""
_RARITY = [len(_COMMON)] * 256
for _rank, _byte in enumerate(_COMMON):
    _RARITY[_byte] = _rank

Owners = list[list[tuple[int, int]]]
"""By piece: the numbers of the literals that it is for, and where in each it ends."""


def _by_rarity(literal: bytes) -> Iterator[tuple[bytes, int]]:
    """Pieces of a literal and where they end, the best first."""
    if len(literal) <= _PIECE:
        yield literal, len(literal)
        return
    step = -(-(len(literal) - _PIECE + 1) // _TRIED)
    ends = range(_PIECE, len(literal) + 1, step)

    def rarity(end: int) -> tuple[int, int]:
        last = literal[end - _END : end]
        different = len(set(literal[end - _PIECE : end]))
        return sum(_RARITY[byte] for byte in last) + 16 * min(different, 8), end

    for end in sorted(ends, key=rarity, reverse=True):
        yield literal[end - _PIECE : end], end


def choose_pieces(literals: Sequence[bytes]) -> tuple[list[bytes], Owners]:
    """The pieces to look for, each once, and whose they are."""
    numbers: dict[bytes, int] = {}
    owners: Owners = []
    for number, literal in enumerate(literals):
        best: tuple[bytes, int] | None = None
        for piece, end in _by_rarity(literal):
            best = best or (piece, end)
            if piece not in numbers or len(owners[numbers[piece]]) < _SHARED_BY:
                best = (piece, end)
                break
        assert best is not None
        place = numbers.setdefault(best[0], len(owners))
        if place == len(owners):
            owners.append([])
        owners[place].append((number, best[1]))
    return list(numbers), owners
