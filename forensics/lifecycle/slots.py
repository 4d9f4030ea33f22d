"""Slots of secrets in versions of files, and what became of them in the next version."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from forensics.config.became import what_became
from forensics.config.read import read_slots
from forensics.config.slot import Slot, Slots, slot_at
from forensics.config.standing import standing

__all__ = ["Fate", "Place", "Versions"]

_KEPT = 64
_LEAST_AROUND = 3
"""Bytes of a line besides the value that tell the line from others."""
_LONGEST_LINE = 4096

Span = tuple[int, int]


class Place(NamedTuple):
    """Where in one version of a file a secret stands."""

    span: Span
    slot: str | None
    """Key of its slot; None where it stands in none."""


class Fate(NamedTuple):
    """What stands in the next version where a secret stood."""

    kind: str
    """`literal`, `reference`, `ciphertext`, `placeholder`, `empty` or `absent`."""
    by: str = ""
    """What a reference goes through."""
    span: Span | None = None
    """Of what stands there now."""
    uncertain: str = ""
    """Why that cannot be told for sure."""


class Versions:
    """Versions of files, read as slots; the latest ones are kept."""

    def __init__(
        self,
        read: Callable[[bytes], bytes | None],
        spans: Mapping[tuple[bytes, bytes], Sequence[Span]],
    ) -> None:
        """Look into blobs.

        Args:
            read: the content of a blob by its id, None where it cannot be read.
            spans: where in which blob which secret stands, by id and fingerprint.
        """
        self._read, self.spans = read, spans
        self._contents: OrderedDict[bytes, bytes | None] = OrderedDict()
        self._slots: OrderedDict[tuple[bytes, bytes], Slots] = OrderedDict()

    def content(self, blob: bytes) -> bytes | None:
        """The content of a blob."""
        if blob not in self._contents:
            self._contents[blob] = self._read(blob)
            if len(self._contents) > _KEPT:
                self._contents.popitem(last=False)
        return self._contents[blob]

    def slots(self, path: bytes, blob: bytes) -> Slots | None:
        """The slots of a blob at a path; None if it cannot be read."""
        name = path.rpartition(b"/")[2]
        if (name, blob) not in self._slots:
            content = self.content(blob)
            if content is None:
                return None
            self._slots[name, blob] = read_slots(path, content)
            if len(self._slots) > _KEPT:
                self._slots.popitem(last=False)
        return self._slots[name, blob]

    def places(self, path: bytes, blob: bytes, fingerprint: bytes) -> list[Place]:
        """Where a secret stands in a blob."""
        spans = self.spans.get((blob, fingerprint), ())
        slots = self.slots(path, blob)
        if slots is None:
            return [Place(span, None) for span in spans]
        found = [(span, slot_at(slots, *span)) for span in spans]
        return [Place(span, slot.key if slot else None) for span, slot in found]

    def fate(self, path: bytes, before: bytes, place: Place, after: bytes) -> Fate:
        """What stands in another version of the file where a secret stood.

        Args:
            path: of the file.
            before: the blob that the secret stood in.
            place: where.
            after: the blob after.
        """
        old, new = self.content(before), self.content(after)
        if old is None or new is None:
            return Fate("absent", uncertain="a version of the file cannot be read")
        fate = Fate("absent")
        if place.slot is not None:
            slots = self.slots(path, before)
            became = what_became(path, new, place.slot, slots.kind if slots else "")
            span = (became.slot.start, became.slot.end) if became.slot else None
            doubt = "the file could not be parsed as a whole" if became.uncertain else ""
            fate = Fate(became.kind, became.by, span, doubt)
        if fate.kind == "absent":
            return self._on_its_line(path, old, place.span, new, after) or fate
        return fate

    def _on_its_line(
        self, path: bytes, old: bytes, span: Span, new: bytes, after: bytes
    ) -> Fate | None:
        """What stands between the same texts on a line of its own."""
        start = old.rfind(b"\n", 0, span[0]) + 1
        end = old.find(b"\n", span[1])
        end = len(old) if end < 0 else end
        first, last = old[start : span[0]], old[span[1] : end]
        if len(first.strip()) < _LEAST_AROUND or end - start > _LONGEST_LINE:
            return None
        at = -1
        while (at := new.find(first, at + 1)) >= 0:
            if at and new[at - 1] != 10:
                continue
            stop = new.find(b"\n", at + len(first))
            stop = len(new) if stop < 0 else stop
            inside = at + len(first), stop - len(last)
            if inside[0] <= inside[1] and new[inside[1] : stop] == last:
                slots = self.slots(path, after)
                kind = slots.kind if slots else "text"
                stands = standing(new, Slot("", *inside, 0), kind)
                return Fate(stands.kind, stands.by, inside)
        return None
