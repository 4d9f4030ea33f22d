"""Known values: every place where any of many byte strings stands in a content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from detectors.literals.pieces import choose_pieces

if TYPE_CHECKING:
    from collections.abc import Callable
    from mmap import mmap
    from typing import Protocol

    class PieceFinder(Protocol):
        """Says where pieces end."""

        name: str

        def search(self, content: bytes | mmap, found: Callable[[int, int], bool | None]) -> None:
            """Call `found` with the number of a piece and where it ends, for each place where one
            stands, until it gives something true."""


__all__ = ["MOST_LITERALS", "MOST_PLACES", "LiteralFinder"]

MOST_LITERALS = 100_000
MOST_PLACES = 10_000
"""Places listed of one content; past it, only the first place of each literal."""


class LiteralFinder:
    """Finds byte strings that are known: secrets, so it prints as their number, cannot be pickled,
    and nothing of it is ever kept on disk. A forked process inherits it."""

    def __init__(self, literals: Sequence[bytes], *, pure: bool = False) -> None:
        """Make one for these literals, which are numbered as they come; equal ones each count.

        Args:
            literals: none of them empty.
            pure: do without Hyperscan, as where there is no build of it.

        Raises:
            ValueError: one is empty, or there are more than MOST_LITERALS.
        """
        if len(literals) > MOST_LITERALS or not all(literals):
            raise ValueError(f"between 0 and {MOST_LITERALS:,} literals, none of them empty")
        self._literals = tuple(literals)
        pieces, self._owners = choose_pieces(self._literals)
        self._reach = max(map(len, pieces), default=0)
        self._engine = _engine(pieces, pure)

    @property
    def name(self) -> str:
        """What it searches with."""
        return self._engine.name

    @property
    def reach(self) -> int:
        """Bytes of the longest piece by which literals are found; 0 if there is none."""
        return self._reach

    def may_stand_in(self, content: bytes | mmap) -> bool:
        """Whether a piece stands in a content that stands in every place of some literal: so that
        without one, a literal can only come with a change in that many bytes, see `reach`."""
        seen = False

        def found(_piece: int, _end: int) -> bool:
            nonlocal seen
            seen = True
            return True

        self._engine.search(content, found)
        return seen

    def places(self, content: bytes | mmap) -> list[tuple[int, int, int]] | None:
        """As `find`; None where `may_stand_in` is false."""
        seen = False

        def touched() -> None:
            nonlocal seen
            seen = True

        places = self._find(content, touched)
        return places if seen else None

    def stands_in(self, content: bytes | mmap) -> bool:
        """Whether any literal stands in a content."""
        seen = False

        def found(piece: int, end: int) -> bool:
            nonlocal seen
            seen = any(True for _ in self._verified(content, piece, end))
            return seen

        self._engine.search(content, found)
        return seen

    def find(self, content: bytes | mmap) -> list[tuple[int, int, int]]:
        """Number, start and end of each place where a literal stands, ascending by start, end and
        number; overlapping ones too.

        Where there are MOST_PLACES or more, the first place of each literal is among them, and
        not all others are.
        """
        return self._find(content, lambda: None)

    def _find(
        self, content: bytes | mmap, touched: Callable[[], None]
    ) -> list[tuple[int, int, int]]:
        """The same; `touched` is called for each piece."""
        places: list[tuple[int, int, int]] = []
        listed: set[int] = set()

        def found(piece: int, end: int) -> None:
            touched()
            for place in self._verified(content, piece, end):
                if len(places) < MOST_PLACES or place[0] not in listed:
                    listed.add(place[0])
                    places.append(place)

        self._engine.search(content, found)
        if len(places) > 1:
            places.sort(key=lambda place: (place[1], place[2], place[0]))
        return places

    def _verified(self, content: bytes | mmap, piece: int, end: int) -> list[tuple[int, int, int]]:
        """The literals that stand around a piece of theirs."""
        literals = self._literals
        around: list[tuple[int, int, int]] = []
        for number, piece_end in self._owners[piece]:
            start = end - piece_end
            literal = literals[number]
            stop = start + len(literal)
            if start >= 0 and content[start:stop] == literal:
                around.append((number, start, stop))
        return around

    def __len__(self) -> int:
        return len(self._literals)

    def __repr__(self) -> str:
        return f"LiteralFinder({len(self._literals)} literals)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("known values do not leave their process")


def _engine(pieces: Sequence[bytes], pure: bool) -> PieceFinder:
    """Hyperscan's where there is a build of it for this platform, else the pure Python one."""
    if pieces and not pure:
        try:
            from detectors.literals.hyperscan import HyperscanPieces
        except ImportError:
            pass
        else:
            return HyperscanPieces(pieces)
    from detectors.literals.pure import PurePieces

    return PurePieces(pieces)
