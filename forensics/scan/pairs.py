"""Secrets at paths, numbered, and the sets of them that blobs at paths stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from forensics.index.records import Event, Holdings

__all__ = ["Pair", "Pairs", "Path", "bits", "number_of"]

Path = tuple[bytes, bytes]
"""What may be shown of a name, and the keyed fingerprint of the whole if it is masked."""


def bits(value: int) -> Iterator[int]:
    """Places of the ones in a number, ascending."""
    digits = bin(value)[:1:-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)


def number_of(places: Iterable[int], most: int) -> int:
    """The number with ones at these places, all below `most`."""
    digits = bytearray((most + 7) // 8)
    for place in places:
        digits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(digits, "little")


@dataclass(slots=True)
class Pair:
    """A secret at a path, while history is followed."""

    fingerprint: bytes
    path: Path
    events: list[Event] = field(default_factory=list)
    seen: list[tuple[bytes, bytes, str]] = field(default_factory=list)
    """Of each commit that introduced it, the id, and id and kind of the object it stood in."""

    open_at: tuple[int, bytes] = (-1, b"")
    """How openly it stood at the path at most, and in which blob; see `Holdings`."""

    def best_seen(
        self, reach: Mapping[bytes, int], openly: Mapping[tuple[bytes, bytes], int]
    ) -> tuple[bytes, str]:
        """The object to show: in the first commit among those that the strongest leads to; where
        it is ignored there, another in which it is not."""
        _, oid, kind = max(
            self.seen,
            key=lambda one: (
                openly.get((one[1], self.fingerprint), 0),
                reach.get(one[0], 0).bit_length(),
            ),
        )
        if self.open_at[0] > openly.get((oid, self.fingerprint), 0):
            return self.open_at[1], "blob"
        return oid, kind


class Pairs:
    """Numbers for (secret, path) pairs, and the sets that blobs at paths stand for, as the bits
    of one integer."""

    def __init__(self, held: Holdings) -> None:
        self._held = held
        self.all: list[Pair] = []
        self._number: dict[tuple[bytes, Path], int] = {}
        self._mask: dict[tuple[Path, bytes], int] = {}
        self._at_path: dict[Path, int] = {}
        self._of_secret: dict[bytes, int] = {}

    def mask(self, path: Path, blob: bytes) -> int:
        """The pairs that `blob` at `path` stands for; an empty id stands for none."""
        if not blob:
            return 0
        known = self._mask.get((path, blob))
        if known is None:
            known = 0
            held = set(self._held.secrets.get((blob, "blob"), ()))
            if path[1]:
                held |= self._held.secrets.get((path[1], "path"), set())
            for fingerprint in sorted(held):
                number = self._number.setdefault((fingerprint, path), len(self.all))
                if number == len(self.all):
                    self.all.append(Pair(fingerprint, path))
                    bit = 1 << number
                    self._of_secret[fingerprint] = self._of_secret.get(fingerprint, 0) | bit
                known |= 1 << number
                if self._held.openly:
                    seen = (self._held.openly.get((blob, fingerprint), 0), blob)
                    pair = self.all[number]
                    if (seen[0], pair.open_at[1]) > (pair.open_at[0], blob):
                        pair.open_at = seen
            self._mask[path, blob] = known
            self._at_path[path] = self._at_path.get(path, 0) | known
        return known

    def blobs(self) -> set[bytes]:
        """Every blob that some commit holds, as far as its pairs were ever introduced."""
        numbers = (number for number, pair in enumerate(self.all) if pair.events)
        there = number_of(numbers, len(self.all))
        return {blob for (_, blob), mask in self._mask.items() if mask and not mask & ~there}

    def at_path(self, path: Path) -> int:
        """All pairs that stand for secrets at `path`."""
        return self._at_path.get(path, 0)

    def of_secret(self, fingerprint: bytes) -> int:
        """All pairs of one secret."""
        return self._of_secret[fingerprint]

    def object_at(self, number: int, blob: bytes) -> tuple[bytes, str]:
        """Id and kind of the object in which a pair stands: the blob, or its path's name."""
        pair = self.all[number]
        in_blob = pair.fingerprint in self._held.secrets.get((blob, "blob"), ())
        return (blob, "blob") if in_blob else (pair.path[1], "path")

    def moved_inside(self, path: Path, before: bytes, after: bytes) -> Iterator[int]:
        """The pairs in both of two versions of a file that do not stand in the same places of
        them, by what is before them on their lines."""
        marks = self._held.marks
        for number in bits(self.mask(path, before) & self.mask(path, after)):
            fingerprint = self.all[number].fingerprint
            if marks.get((before, fingerprint)) != marks.get((after, fingerprint)):
                yield number
