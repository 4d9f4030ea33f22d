"""Known values in a content: wherever they stand, whether a rule finds them there or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from detectors.ignoring import is_pending
from detectors.inline import ignored_inline
from detectors.literals import LiteralFinder
from detectors.literals.forms import too_short
from detectors.secret import Secret
from forensics.index.records import Sighting
from forensics.key import Key
from forensics.scan.examine import line_mark

if TYPE_CHECKING:
    from forensics.git.inflate import Content

__all__ = ["KnownValues", "Look", "by_value", "elsewhere"]

_LONGEST = 1 << 14
"""Bytes; a longer value is taken for what only rules can find again."""
_AT_ONCE = 50_000

Look = Callable[["Content"], Sequence[Sighting] | None]
"""What finds values in a content, as sightings that lack the object's id; None where it says that
it saw nothing of them, see `LiteralFinder.places`."""


class KnownValues:
    """What to look for. Prints as a number."""

    def __init__(self) -> None:
        self._literals: list[bytes] = []
        self._samples: list[Sighting] = []
        self.secrets: set[bytes] = set()
        """Fingerprints."""

    def __repr__(self) -> str:
        return f"KnownValues({len(self.secrets)})"

    def __bool__(self) -> bool:
        return bool(self._literals)

    def add(self, sample: Sighting, canonical: Secret, raw: Secret) -> None:
        """Look for a secret too, unless it is so short that it can stand somewhere by chance.

        Args:
            sample: a sighting of it, whose facts go for every other.
            canonical: its value, as its fingerprint was made of.
            raw: as it stands in a content.
        """
        forms = [one.reveal() for one in (canonical, raw)]
        if sample.fingerprint in self.secrets or too_short(forms[0]):
            return
        self.secrets.add(sample.fingerprint)
        for literal in dict.fromkeys(forms):
            if len(literal) <= _LONGEST and not too_short(literal):
                self._literals.append(literal)
                self._samples.append(sample)

    def learn(self, found: Sighting, canonical: Secret, raw: Secret) -> None:
        """`add` of what was just found by a rule."""
        if not found.ignored or is_pending(found.ignored):
            self.add(by_value(found), canonical, raw)

    def parts(self, key: Key, *, marks: bool) -> Iterator[tuple[LiteralFinder, Look]]:
        """What finds them, as many at once as it can.

        Args:
            key: makes what tells one place on a line from another.
            marks: whether marks beside them ignore them.
        """
        for at in range(0, len(self._literals), _AT_ONCE):
            finder = LiteralFinder(self._literals[at : at + _AT_ONCE])
            yield finder, _looking_for(finder, self._samples[at : at + _AT_ONCE], key, marks)


def _looking_for(finder: LiteralFinder, samples: Sequence[Sighting], key: Key, marks: bool) -> Look:
    """What finds the literals in a content, as sightings like these samples."""

    def look(content: Content) -> Sequence[Sighting] | None:
        places = finder.places(content)
        if not places:
            return None if places is None else ()
        found: list[Sighting] = []
        line, counted, line_start = 1, 0, 0
        for number, start, end in places:
            passed = bytes(content[counted:start])
            line += passed.count(b"\n")
            if (last := passed.rfind(b"\n")) >= 0:
                line_start = counted + last + 1
            counted = start
            inside = bytes(content[start : end - 1])
            end_line = line + inside.count(b"\n")
            last = inside.rfind(b"\n")
            end_start = line_start if last < 0 else start + last + 1
            found.append(
                samples[number]._replace(
                    start=start,
                    end=end,
                    start_line=line,
                    start_column=start - line_start + 1,
                    end_line=end_line,
                    end_column=end - end_start,
                    mark=line_mark(key, content, line_start, start),
                    ignored=(marks and ignored_inline(content, start, end)) or None,
                )
            )
        return found

    return look


def by_value(found: Sighting) -> Sighting:
    """A sample of a secret, of a sighting of it by a rule."""
    return found._replace(by_value=True, reasons=None, decoded=None, partner=None, ignored=None)


def elsewhere(
    found: Iterable[Sighting], taken: Mapping[tuple[bytes, bytes], Sequence[tuple[int, int]]]
) -> list[Sighting]:
    """Those that overlap no place where the same secret is known to stand, one a place.

    Args:
        found: by value.
        taken: spans by the ids of objects and the fingerprints of secrets.
    """
    spans = {place: list(those) for place, those in taken.items()}
    kept: list[Sighting] = []
    for one in sorted(found, key=lambda one: (one.oid, one.start, -one.end)):
        here = spans.setdefault((one.oid, one.fingerprint), [])
        if all(one.end <= start or end <= one.start for start, end in here):
            here.append((one.start, one.end))
            kept.append(one)
    return kept
