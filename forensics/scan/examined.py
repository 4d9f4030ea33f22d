"""Contents through the detectors, each once, and then for the values that were found in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from detectors.ignoring import is_pending
from detectors.scanner import Scanner
from detectors.secret import Secret
from forensics.git.batch import ReadObject, Unread
from forensics.index.records import Sighting, Skip
from forensics.key import Key
from forensics.scan.examine import examine, examine_large
from forensics.scan.examined_payloads import ExaminedPayloads
from forensics.scan.masking import Masker

if TYPE_CHECKING:
    from forensics.git.inflate import Content
    from forensics.git.lfs import PayloadStore
    from forensics.scan.by_value import KnownValues, Look

__all__ = ["Examined", "Held", "Read"]

_MOST_LEARNED = 10_000
"""Secrets found here that are looked for by value, too. With more, enough is found."""
Read = Callable[[Iterable[bytes]], Iterator[ReadObject | Unread]]
"""Gives contents by id."""


class Held(NamedTuple):
    """How a content holds a secret."""

    openly: bool
    """Whether nothing in the content says that it is to be ignored."""
    by_rule: bool
    """Whether a rule finds it, and not only who knows its value."""

    def and_also(self, other: Held) -> Held:
        """At several places."""
        return Held(self.openly or other.openly, self.by_rule or other.by_rule)

    def more_than(self, other: Held) -> bool:
        """Whether it is exposed in a way that it is not there."""
        return (self.openly and not other.openly) or (self.by_rule and not other.by_rule)


class Examined:
    """Contents through the detectors, each once."""

    def __init__(
        self,
        scanner: Scanner,
        key: Key,
        read: Read,
        most_bytes: int | None = None,
        known: KnownValues | None = None,
        store: PayloadStore | None = None,
    ) -> None:
        """Examine contents.

        Args:
            scanner: the rules.
            key: makes fingerprints.
            read: where contents come from.
            most_bytes: nothing is looked for in larger ones.
            known: what is looked for by its value, too.
            store: where payloads of LFS lie.
        """
        self._scanner, self._key, self._read = scanner, key, read
        self.masker = Masker(scanner, key)
        self._found: dict[bytes, list[Sighting]] = {}
        self._known: set[bytes] = set()
        self.skips: list[Skip] = []
        self.bytes_read = 0
        self._most_bytes = most_bytes
        self.left_out = 0
        self._payloads = ExaminedPayloads(store, key, most_bytes)
        self._looks: list[Look] = self._looks_for(known) if known else []
        self.masker.learn(self._looks)
        self._secrets = frozenset(known.secrets) if known else frozenset()
        self._new: dict[bytes, tuple[Sighting, Secret, Secret]] = {}

    @property
    def payloads(self) -> ExaminedPayloads:
        """What came of payloads of LFS."""
        return self._payloads

    @property
    def objects(self) -> int:
        """How many contents were read."""
        return len(self._known)

    def look(self, oid: bytes, kind: str, content: Content) -> None:
        """Examine one content."""
        self._known.add(oid)
        if self._is_too_large(content):
            self.left_out += 1
            return
        self.bytes_read += len(content)
        self._by_rules(oid, kind, content)
        self._by_value(oid, kind, content, self._looks)
        if kind == "blob":
            self._add(
                oid, self._payloads.look(self._scanner, oid, content, self._looks, self._learn)
            )

    def look_for_what_was_found(self) -> None:
        """Look for the secrets found so far where no rule finds them: in all that was read, and
        in what is read from now on."""
        if not self._new:
            return
        from forensics.scan.by_value import KnownValues

        known = KnownValues()
        for sample, canonical, raw in self._new.values():
            known.add(sample, canonical, raw)
        self._secrets |= self._new.keys()
        self._new.clear()
        looks = self._looks_for(known)
        if not looks:
            return
        self._looks += looks
        self.masker.learn(looks)
        for one in self._read(sorted(self._known)):
            if isinstance(one, ReadObject) and not self._is_too_large(one.content):
                self._by_value(one.oid, one.kind, one.content, looks)
                self._add(one.oid, self._payloads.look_again(one.oid, looks))

    def need(self, oids: Iterable[bytes]) -> None:
        """Read and examine those that were not yet."""
        for one in self._read(dict.fromkeys(oid for oid in oids if oid not in self._known)):
            if isinstance(one, Unread):
                self._known.add(one.oid)
                self.skips.append(Skip(one.oid, one.reason))
            else:
                self.look(one.oid, one.kind, one.content)

    def raw(self, oids: Iterable[bytes]) -> dict[bytes, bytes]:
        """Contents of commits and tags, by id; without those that are too large, or not there."""
        read = self._read(dict.fromkeys(oids))
        return {
            one.oid: one.content
            for one in read
            if isinstance(one, ReadObject) and isinstance(one.content, bytes)
        }

    def found(self, oid: bytes) -> list[Sighting]:
        """The sightings in an examined content."""
        return self._found.get(oid, [])

    def held(self, oid: bytes) -> dict[bytes, Held]:
        """Fingerprints of what an examined content holds, and how."""
        held: dict[bytes, Held] = {}
        for one in self.found(oid):
            here = Held(not one.ignored or is_pending(one.ignored), not one.by_value)
            held[one.fingerprint] = here.and_also(held.get(one.fingerprint, here))
        return held

    def _looks_for(self, known: KnownValues) -> list[Look]:
        return [look for _, look in known.parts(self._key, marks=self._scanner.marks)]

    def _is_too_large(self, content: Content) -> bool:
        return self._most_bytes is not None and len(content) > self._most_bytes

    def _by_rules(self, oid: bytes, kind: str, content: Content) -> None:
        if not isinstance(content, bytes):
            seen, missed = examine_large(self._scanner, self._key, oid, kind, content, self._learn)
        elif (anchors := self._scanner.prefilter.find(content)) is None:
            return
        else:
            seen, missed = examine(
                self._scanner, self._key, oid, kind, content, anchors, self._learn
            )
        if seen:
            self._found[oid] = seen
        self.skips += missed

    def _learn(self, sighting: Sighting, canonical: Secret, raw: Secret) -> None:
        """Remember what is new here and not ignored."""
        if sighting.ignored and not is_pending(sighting.ignored):
            return
        if sighting.fingerprint not in self._secrets and len(self._new) < _MOST_LEARNED:
            from forensics.scan.by_value import by_value

            self._new.setdefault(sighting.fingerprint, (by_value(sighting), canonical, raw))

    def _by_value(self, oid: bytes, kind: str, content: Content, looks: list[Look]) -> None:
        found = [one._replace(oid=oid, kind=kind) for look in looks for one in look(content) or ()]
        self._add(oid, found)

    def _add(self, oid: bytes, found: list[Sighting]) -> None:
        """Add what was found, unless the same secret is known there."""
        if not found:
            return
        from forensics.scan.by_value import elsewhere

        here = self._found.get(oid, [])
        taken: dict[tuple[bytes, bytes], list[tuple[int, int]]] = {}
        for one in here:
            taken.setdefault((oid, one.fingerprint), []).append((one.start, one.end))
        if more := elsewhere(found, taken):
            self._found[oid] = here + more
