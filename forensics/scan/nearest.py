"""Which of many paths is most like another."""

from __future__ import annotations

from collections.abc import Mapping

from forensics.scan.pairs import Pairs, Path, bits, number_of

__all__ = ["Nearest", "NearestPairs"]

_FEW = 64


class Nearest:
    """Finds it among the paths of one secret, each by the number of its pair: sets of them are the
    bits of integers, in the order of their paths, so that all are compared at once."""

    def __init__(self, paths: Mapping[int, Path]) -> None:
        self._numbers = sorted(paths, key=paths.__getitem__)
        self._place = {number: at for at, number in enumerate(self._numbers)}
        self._parts = [paths[number][0].split(b"/") for number in self._numbers]
        self._named: dict[bytes, list[int]] = {}
        self._having: dict[tuple[int, bytes], list[int]] = {}
        """Places of paths by a part and where in them it stands."""
        for at, parts in enumerate(self._parts):
            self._named.setdefault(parts[-1], []).append(at)
            for part in enumerate(parts):
                self._having.setdefault(part, []).append(at)
        self._sets: dict[bytes | tuple[int, bytes], int] = {}
        self._last = self._among = 0

    def to(self, number: int, among: int) -> int:
        """The pair whose path shares most with that of `number`: the file name, else the most
        folders; of several the last by name, so that it does not depend on what was scanned when.

        Args:
            number: of a pair.
            among: the pairs to choose from, at least one, as bits.
        """
        parts = self._parts[self._place[number]]
        there = self._there(among)
        there = there & self._set(parts[-1], self._named[parts[-1]]) or there
        shared = [there]  # by least number of parts that these have in the same places
        for part in enumerate(parts):
            having = self._set(part, self._having[part])
            shared.append(0)
            for least in range(len(shared) - 1, 0, -1):
                shared[least] |= shared[least - 1] & having
        best = next(one for one in reversed(shared) if one)
        return self._numbers[best.bit_length() - 1]

    def _there(self, among: int) -> int:
        """Bits by pair as bits by path: only what differs from the last time costs anything."""
        changed = (self._place[one] for one in bits(among ^ self._last))
        self._among ^= number_of(changed, len(self._numbers))
        self._last = among
        return self._among

    def _set(self, name: bytes | tuple[int, bytes], places: list[int]) -> int:
        if len(places) < _FEW:  # would be many to keep
            return number_of(places, len(self._numbers))
        if name not in self._sets:
            self._sets[name] = number_of(places, len(self._numbers))
        return self._sets[name]


class NearestPairs:
    """Finds it among the pairs of each secret, as history brings more of them."""

    def __init__(self, pairs: Pairs) -> None:
        self._pairs = pairs
        self._known: dict[bytes, tuple[int, Nearest]] = {}
        """By secret, all its pairs as bits, and what finds likenesses among them."""

    def to(self, number: int, among: int) -> int:
        """As `Nearest` has it; all are of one secret."""
        if not among & (among - 1):
            return among.bit_length() - 1
        fingerprint = self._pairs.all[number].fingerprint
        same = self._pairs.of_secret(fingerprint)
        known = self._known.get(fingerprint)
        if known is None or known[0] != same:
            paths = {one: self._pairs.all[one].path for one in bits(same)}
            known = self._known[fingerprint] = same, Nearest(paths)
        return known[1].to(number, among)
