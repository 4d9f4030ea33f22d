"""What commits introduce: secrets at paths where no parent has them, in messages and in names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from forensics.git.introduced import Change, Changes
from forensics.index.records import Sighting
from forensics.scan.examined import Examined, Held
from forensics.scan.masking import MaskedName

__all__ = ["Introduction", "introductions"]


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
    examined.need(one.commit for one in commits if one.commit)
    examined.need(tags)
    examined.look_for_what_was_found()
    examined.need(
        before
        for one in commits
        for change in one.changes
        if examined.found(change.oid)
        for before in change.before
    )
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
    """What stands there and in no parent; or openly there, and openly in no parent; or by a rule
    there, and by its value alone in parents."""
    now = examined.held(change.oid)
    if not now:
        return {}
    before: dict[bytes, Held] = {}
    for oid in change.before:
        for fingerprint, held in examined.held(oid).items():
            before[fingerprint] = held.and_also(before.get(fingerprint, held))
    return {
        fingerprint: held.openly
        for fingerprint, held in now.items()
        if fingerprint not in before or held.more_than(before[fingerprint])
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
    for fingerprint, held in examined.held(oid).items():
        sightings[oid, kind] = examined.found(oid)
        yield Introduction(fingerprint, None, oid, kind, commit, held.openly)
