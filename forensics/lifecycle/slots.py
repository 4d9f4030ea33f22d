"""Slots of secrets in versions of files, and what became of them in the next version."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence

from forensics.config.became import became_in
from forensics.config.kinds import kind_of
from forensics.config.read import read_slots
from forensics.config.slot import Slot, Slots, slot_at
from forensics.config.standing import standing
from forensics.lifecycle.parts import Fate, Place, Span, part_of, weighed

__all__ = ["Fate", "Place", "Versions"]

_KEPT = 64
_SLOTS_KEPT = 100_000
_LEAST_AROUND = 3
"""Bytes of a line besides the value that tell the line from others."""
_LONGEST_LINE = 4096
_NEAR = {"text": 1024, "code": 6144}
"""Kinds of files that can be read in part, and how many bytes around a value are enough."""
_MOST_LOOKED = 20
_NUMBER = re.compile(r"#\d+$")
_NUMBERED = re.compile(r"\[\d+\]|#\d+")
"""What tells one of several in a list, or of equal name, from the others."""
_LAST_NAME = re.compile(r"[\w-]+(?=\W*$)")

_MOST_COMPARED = 1 << 20
"""Bytes."""


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
        self._slots: OrderedDict[tuple[bytes, bytes, str], Slots] = OrderedDict()
        """By last part of the path, blob or digest of a part of one, and kind."""
        self._held = 0

    def content(self, blob: bytes) -> bytes | None:
        """The content of a blob."""
        if blob not in self._contents:
            self._contents[blob] = self._read(blob)
            if len(self._contents) > _KEPT:
                self._contents.popitem(last=False)
        return self._contents[blob]

    def slots(self, path: bytes, blob: bytes, kind: str = "") -> Slots | None:
        """The slots of a blob at a path; None if it cannot be read. `kind` is how to read it where
        neither path nor content tells."""
        key = (path.rpartition(b"/")[2], blob, kind)
        if key not in self._slots:
            content = self.content(blob)
            if content is None:
                return None
            self._keep(key, read_slots(path, content, kind=kind))
        return self._slots[key]

    def _slots_of_part(self, path: bytes, window: bytes) -> Slots:
        """The slots of a part of a file. Of most files it is the same in many versions."""
        key = (path.rpartition(b"/")[2], hashlib.sha256(window).digest(), "part")
        if key not in self._slots:
            self._keep(key, read_slots(path, window))
        return self._slots[key]

    def _keep(self, key: tuple[bytes, bytes, str], slots: Slots) -> None:
        self._slots[key] = slots
        self._held += len(slots.slots) + 1
        while self._held > _SLOTS_KEPT and len(self._slots) > 1:
            self._held -= len(self._slots.popitem(last=False)[1].slots) + 1

    def places(self, path: bytes, blob: bytes, fingerprint: bytes) -> list[Place]:
        """Where a secret stands in a blob."""
        spans = self.spans.get((blob, fingerprint), ())
        content = self.content(blob)
        if content is None:
            return [Place(span, None) for span in spans]
        around = self._around(path, content)
        if around:
            return [Place(span, self._key_near(path, content, span, around)) for span in spans]
        slots = self.slots(path, blob)
        found = [(span, slots and slot_at(slots, *span)) for span in spans]
        return [Place(span, slot.key if slot else None) for span, slot in found]

    @staticmethod
    def _around(path: bytes, content: bytes) -> int:
        """How many bytes around a value tell its slot, in a file that need not be read whole; else
        0."""
        around = _NEAR.get(kind_of(path, content), 0)
        return around if len(content) > 2 * around else 0

    def alike(self, one: bytes, other: bytes) -> bool:
        """Whether half of the lines of two blobs, at least, are the same."""
        contents = self.content(one), self.content(other)
        if contents[0] is None or contents[1] is None:
            return False
        lines = [Counter(content[:_MOST_COMPARED].split(b"\n")) for content in contents if content]
        for each in lines:
            each.pop(b"", None)
        if len(lines) < 2 or not all(lines):
            return False
        return 2 * (lines[0] & lines[1]).total() >= max(each.total() for each in lines)

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
        fate = self._fate(path, before, place, after, old, new)
        return weighed(fate, old[slice(*place.span)], new)

    def _fate(
        self, path: bytes, before: bytes, place: Place, after: bytes, old: bytes, new: bytes
    ) -> Fate:
        around = self._around(path, new)
        if around:
            stands = self._on_its_line(path, old, place.span, new)
            return stands or self._named_near(path, new, place.slot, around) or Fate("absent")
        fate = Fate("absent")
        if place.slot is not None:
            slots = self.slots(path, before)
            later = self.slots(path, after, slots.kind if slots else "")
            if later is None:
                return Fate("absent", uncertain="a version of the file cannot be read")
            became = became_in(later, new, place.slot)
            span = (became.slot.start, became.slot.end) if became.slot else None
            doubt = "the file could not be parsed as a whole" if became.uncertain else ""
            fate = Fate(became.kind, became.by, span, doubt)
            if fate.kind == "literal" and slots is not None and became.slot is not None:
                if _stood_before(slots, old, place.slot, later, new, became.slot):
                    return Fate("absent")
                fate = part_of(old, slots, place, new, became.slot)
                fate = fate._replace(uncertain=fate.uncertain or doubt)
        if fate.kind == "absent":
            return self._on_its_line(path, old, place.span, new) or fate
        return fate

    @staticmethod
    def _on_its_line(path: bytes, old: bytes, span: Span, new: bytes) -> Fate | None:
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
                line = new[at:stop]
                if old.split(b"\n").count(line) >= new.split(b"\n").count(line):
                    continue  # it stood there before, of something else
                stands = standing(new, Slot("", *inside, 0), kind_of(path, new))
                return Fate(stands.kind, stands.by, inside)
        return None

    def _key_near(self, path: bytes, content: bytes, span: Span, around: int) -> str | None:
        """The key of the slot in which something stands, by what is around it."""
        first, window = _window(content, *span, around)
        slot = slot_at(self._slots_of_part(path, window), span[0] - first, span[1] - first)
        return _plain(slot.key) if slot else None

    def _named_near(self, path: bytes, content: bytes, key: str | None, around: int) -> Fate | None:
        """What stands in the slot of this key, wherever its name stands; None where no slot is."""
        name = _LAST_NAME.search(key or "")
        at, looked = -1, 0
        while (
            name and (at := content.find(name[0].encode(), at + 1)) >= 0 and looked < _MOST_LOOKED
        ):
            looked += 1
            first, window = _window(content, at, at, around)
            slots = self._slots_of_part(path, window)
            for slot in slots.slots:
                if _plain(slot.key) == key:
                    stands = standing(window, slot, slots.kind)
                    return Fate(stands.kind, stands.by, (first + slot.start, first + slot.end))
            at = first + len(window)
        return None


def _stood_before(
    before: Slots, old: bytes, key: str | None, after: Slots, new: bytes, now: Slot
) -> bool:
    """Whether what stands in a slot that is only numbered stood in another one of its kind before:
    another entry went, and this one moved up."""
    kind = _NUMBERED.sub("", key or "")
    if kind == key and not any(one.key == f"{key}#2" for one in before.slots):
        return False
    text = new[now.start : now.end]
    counts = [
        sum(_NUMBERED.sub("", one.key) == kind and content[one.start : one.end] == text
            for one in slots.slots)
        for slots, content in ((before, old), (after, new))
    ]  # fmt: skip
    return counts[0] >= counts[1]


def _window(content: bytes, start: int, end: int, around: int) -> tuple[int, bytes]:
    """Whole lines around some bytes, and where they start."""
    first = content.rfind(b"\n", 0, max(0, start - around)) + 1
    last = content.find(b"\n", end + around)
    return first, content[first : len(content) if last < 0 else last]


def _plain(key: str) -> str:
    """A key without its number among equal ones, which differs from window to window."""
    return _NUMBER.sub("", key)
