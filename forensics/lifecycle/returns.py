"""What a secret came back after: which of its departures, on what is above, was the last."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from forensics.index.records import Event, EventKey, Told

__all__ = ["MOST_ABOVE", "Departure", "Departures", "IsAncestor"]

MOST_ABOVE = 8
"""Events of one secret, the last ones, that are tried for being above another."""
_NO_PATH = (b"", b"")

Path = tuple[bytes, bytes]
IsAncestor = Callable[[bytes, bytes], bool]


class Departure(NamedTuple):
    """A secret leaves a path, or a slot."""

    key: EventKey
    sequence: int
    """Place in the order of history."""
    told: Told


class Departures:
    """Those of one secret."""

    def __init__(self, departures: Iterable[Departure], is_ancestor: IsAncestor) -> None:
        self._is_ancestor = is_ancestor
        left = [one for one in departures if one.told.how != "moved"]
        left.sort(key=_place)
        self._all = left
        self._at_path: dict[Path, list[Departure]] = {}
        self._replaced: dict[tuple[str | None, Path | bytes], list[Departure]] = {}
        """By slot, and by path and by name of the file."""
        for one in left:
            path = one.key.path
            if path is not None:
                self._at_path.setdefault(path, []).append(one)
                if one.told.how == "replaced":
                    for file in (path, _name(path)):
                        self._replaced.setdefault((one.told.slot, file), []).append(one)

    def before(self, path: Path | None, event: Event, told: Told) -> Told:
        """An arrival, or a change, as what it is if the value stood there before.

        Args:
            path: of the file.
            event: that brought the secret.
            told: of it.
        """
        if path is not None:
            # What only came to one more file was never replaced in that file, whatever its name.
            known = told.how != "copied" or bool(event.other)
            replaced = self._replaced.get((told.slot, _name(path) if known else path), ())
            last = self._last(replaced, path, event)
            if last is not None:
                return told._replace(how="rolled-back", related=last)
        if told.how == "reintroduced":
            here = self._last(self._at_path.get(path, ()), path, event) if path else None
            return told._replace(related=here or self._last(self._all, path, event))
        return told

    def _last(self, among: Sequence[Departure], path: Path | None, event: Event) -> EventKey | None:
        keys = (one.key for one in islice(_latest(among, path, event.sequence), MOST_ABOVE))
        return next((key for key in keys if self._is_ancestor(key.commit, event.commit)), None)


def _latest(among: Sequence[Departure], path: Path | None, sequence: int) -> Iterator[Departure]:
    """Those before a place in the order of history, the latest first; of one commit's, those at
    the path."""
    start = bisect_left(among, (1 - sequence, _NO_PATH), key=_place)
    here: Sequence[Departure] = ()
    for at in range(start, len(among)):
        one = among[at]
        if at == start or one.sequence != among[at - 1].sequence:
            here = _at(among, one.sequence, path)
            yield from here
        if one not in here:
            yield one


def _at(among: Sequence[Departure], sequence: int, path: Path | None) -> Sequence[Departure]:
    """Those of one commit at a path."""
    place = (-sequence, path or _NO_PATH)
    start = bisect_left(among, place, key=_place)
    end = start
    while end < len(among) and _place(among[end]) == place:
        end += 1
    return among[start:end]


def _place(one: Departure) -> tuple[int, Path]:
    return -one.sequence, one.key.path or _NO_PATH


def _name(path: Path) -> bytes:
    return path[0].rpartition(b"/")[2]
