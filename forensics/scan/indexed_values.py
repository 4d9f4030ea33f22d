"""The values that an index knows of a repository, read again from what git has there."""

from __future__ import annotations

import os
from collections.abc import Iterable

from forensics.git.batch import ReadObject, read_objects
from forensics.git.repository import Repository
from forensics.git.runner import Git
from forensics.index.database import Connection
from forensics.index.places import SecretPlace, places_of
from forensics.index.reader import IndexReader
from forensics.index.swept import holds_more_than, samples_of
from forensics.index.writer import repository_mark
from forensics.key import Key
from forensics.scan.by_value import KnownValues
from forensics.scan.setup import ScannerSetup
from forensics.scan.values import ValueReader

__all__ = ["indexed_values"]

_TRIES = 3
"""Objects that are read for one secret, where earlier ones are gone."""
_KINDS = ("blob", "commit", "tag")


def indexed_values(
    connection: Connection,
    key: Key,
    setup: ScannerSetup,
    repository: Repository,
    git: Git,
    most: int,
) -> KnownValues | None:
    """What to look for, without what cannot be read again; None where the index knows more than
    that many secrets.

    Args:
        connection: of the index.
        key: the index's.
        setup: what finds values that are encoded.
        repository: in which they were found.
        git: over it.
        most: secrets.
    """
    if holds_more_than(connection, most):
        return None
    known = KnownValues()
    row = IndexReader(connection).repository(repository_mark(key, os.fsencode(repository.home)))
    if row is None:
        return known
    samples = samples_of(connection, row)
    places = _places(places_of(connection, row, [one.hex() for one in samples]))
    reader = ValueReader(key, setup)
    for number in range(_TRIES):
        groups: dict[bytes, list[SecretPlace]] = {}
        for secret, those in places.items():
            if secret not in reader.found and number < len(those):
                groups.setdefault(those[number].oid, []).append(those[number])
        for one in read_objects(git, groups):
            if isinstance(one, ReadObject):
                reader.look(one.content, groups[one.oid])
    for name, value in sorted(reader.found.items()):
        known.add(samples[bytes.fromhex(name)], value.canonical, value.raw)
    return known


def _places(places: Iterable[SecretPlace]) -> dict[str, list[SecretPlace]]:
    """By secret: where it is read, best first: as it is before encoded."""
    found: dict[str, tuple[list[SecretPlace], list[SecretPlace]]] = {}
    for one in places:
        if one.kind in _KINDS:
            those = found.setdefault(one.secret, ([], []))[one.decoded]
            if len(those) < _TRIES:
                those.append(one)
    return {secret: (plain + encoded)[:_TRIES] for secret, (plain, encoded) in found.items()}
