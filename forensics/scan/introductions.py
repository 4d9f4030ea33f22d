"""What commits introduce: secrets at paths where no parent has them, in messages and in names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from detectors.ignoring import is_pending
from detectors.scanner import Scanner
from forensics.git.batch import ReadObject, Unread
from forensics.git.introduced import Change, Changes
from forensics.index.records import Sighting, Skip
from forensics.key import Key
from forensics.scan.examine import Buffer, examine, examine_large
from forensics.scan.masking import MaskedName, Masker

__all__ = ["Examined", "Introduction", "introductions"]


class Introduction(NamedTuple):
    """A secret at a place, and the commit that brought it there."""

    fingerprint: bytes
    path: tuple[bytes, bytes] | None
    """As `Occurrence` has it; None in a message."""
    oid: bytes
    kind: str
    """Of the object in which it stands."""
    commit: bytes
    """Empty where it is not committed yet. That of a tag is what it leads to, if that was read."""
    open: bool
    """Whether nothing in the content says that it is to be ignored."""


class Examined:
    """Contents through the detectors, each once."""

    def __init__(
        self,
        scanner: Scanner,
        key: Key,
        read: Callable[[Iterable[bytes]], Iterator[ReadObject | Unread]],
        most_bytes: int | None = None,
    ) -> None:
        """Examine what `read` gives; nothing in contents of more than so many bytes."""
        self._scanner, self._key, self._read = scanner, key, read
        self.masker = Masker(scanner, key)
        self._found: dict[bytes, list[Sighting]] = {}
        self._known: set[bytes] = set()
        self.skips: list[Skip] = []
        self.bytes_read = 0
        self._most_bytes = most_bytes
        self.left_out = 0

    @property
    def objects(self) -> int:
        """How many contents were read."""
        return len(self._known)

    def look(self, oid: bytes, kind: str, content: bytes | Buffer) -> None:
        """Examine one content."""
        self._known.add(oid)
        if self._most_bytes is not None and len(content) > self._most_bytes:
            self.left_out += 1
            return
        self.bytes_read += len(content)
        if not isinstance(content, bytes):
            seen, missed = examine_large(self._scanner, self._key, oid, kind, content)
        elif (anchors := self._scanner.prefilter.find(content)) is None:
            return
        else:
            seen, missed = examine(self._scanner, self._key, oid, kind, content, anchors)
        if seen:
            self._found[oid] = seen
        self.skips += missed

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

    def held(self, oid: bytes) -> dict[bytes, bool]:
        """Fingerprints of what an examined content holds, and whether it does so openly."""
        held: dict[bytes, bool] = {}
        for one in self.found(oid):
            openly = not one.ignored or is_pending(one.ignored)
            held[one.fingerprint] = held.get(one.fingerprint, False) or openly
        return held


def introductions(
    examined: Examined,
    commits: Sequence[Changes],
    tags: Mapping[bytes, bytes] = MappingProxyType({}),
    refs: Sequence[bytes] = (),
    *,
    kind: str = "blob",
) -> tuple[list[Introduction], list[Sighting]]:
    """All that is introduced, in the order of the commits, and every sighting to show it by.

    Args:
        examined: where contents come from.
        commits: what each changes, parents first.
        tags: annotated tags whose messages count, and the commits that they lead to, by id; empty
            where that is none.
        refs: names that count.
        kind: of the contents that hold what is changed.
    """
    examined.need(change.oid for one in commits for change in one.changes)
    examined.need(
        before
        for one in commits
        for change in one.changes
        if examined.found(change.oid)
        for before in change.before
    )
    examined.need(one.commit for one in commits if one.commit)
    examined.need(tags)
    found: list[Introduction] = []
    sightings: dict[tuple[bytes, str], list[Sighting]] = {}
    names: dict[bytes, MaskedName] = {}
    for one in commits:
        for change in one.changes:
            came = _brought(examined, change)
            if not came and change.before:
                continue
            if change.path not in names:
                names[change.path] = name = examined.masker.name(change.path, "path")
                examined.skips += name.skips
            name = names[change.path]
            path = (name.shown, name.fingerprint)
            named = dict.fromkeys(each.fingerprint for each in name.sightings)
            for fingerprint, openly in came.items():
                if change.before and fingerprint in named:
                    continue  # the path itself has held it all along
                found.append(Introduction(fingerprint, path, change.oid, kind, one.commit, openly))
                sightings[change.oid, kind] = examined.found(change.oid)
            if not change.before and named:
                oid = name.sightings[0].oid
                sightings[oid, "path"] = list(name.sightings)
                found += [
                    Introduction(fingerprint, path, oid, "path", one.commit, True)
                    for fingerprint in named
                ]
        found += _message(examined, sightings, one.commit, "commit", one.commit)
    told = {one.commit for one in commits}
    for tag, leads_to in tags.items():
        commit = leads_to if leads_to in told else b""
        found += _message(examined, sightings, tag, "tag", commit)
    for ref in refs:
        name = examined.masker.name(ref, "ref")
        examined.skips += name.skips
        sightings[name.fingerprint, "ref"] = list(name.sightings)
        found += [
            Introduction(fingerprint, None, name.fingerprint, "ref", b"", True)
            for fingerprint in dict.fromkeys(each.fingerprint for each in name.sightings)
        ]
    return found, [each for those in sightings.values() for each in those]


def _brought(examined: Examined, change: Change) -> dict[bytes, bool]:
    """What stands there and in no parent; or openly there, and openly in no parent."""
    now = examined.held(change.oid)
    if not now:
        return now
    before: dict[bytes, bool] = {}
    for oid in change.before:
        for fingerprint, openly in examined.held(oid).items():
            before[fingerprint] = before.get(fingerprint, False) or openly
    return {
        fingerprint: openly
        for fingerprint, openly in now.items()
        if fingerprint not in before or (openly and not before[fingerprint])
    }


def _message(
    examined: Examined,
    sightings: dict[tuple[bytes, str], list[Sighting]],
    oid: bytes,
    kind: str,
    commit: bytes,
) -> Iterator[Introduction]:
    if not oid:
        return
    for fingerprint, openly in examined.held(oid).items():
        sightings[oid, kind] = examined.found(oid)
        yield Introduction(fingerprint, None, oid, kind, commit, openly)
