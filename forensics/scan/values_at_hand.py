"""The values that are masked in what is shown of a repository."""

from __future__ import annotations

from collections.abc import Collection

from forensics.git.single import SingleObjects
from forensics.index.database import Connection
from forensics.index.shown_place import fingerprints_at, fingerprints_of
from forensics.key import Key
from forensics.scan.masked_object import Values
from forensics.scan.reveal import read_values
from forensics.scan.setup import ScannerSetup

__all__ = ["MOST", "values_at_hand"]

_MOST_AT_PATHS = 200
MOST = 2_000
"""Secrets whose values are read again."""


def values_at_hand(
    connection: Connection,
    key: Key,
    row: int,
    single: SingleObjects,
    setup: ScannerSetup,
    *,
    paths: Collection[bytes] = (),
    secrets: Collection[str] = (),
) -> Values:
    """The values of these secrets and of those that were at these paths; of the repository's
    others, as far as there is room, those that do not stand somewhere by chance.

    Args:
        connection: of the index.
        key: the index's.
        row: of the repository in it.
        single: reads its objects.
        setup: what finds values that are encoded.
        paths: what is shown of.
        secrets: fingerprints.
    """
    wanted = {*secrets, *fingerprints_at(connection, key, row, paths, _MOST_AT_PATHS)}
    others = [one for one in fingerprints_of(connection, row, MOST) if one not in wanted]
    every = [*wanted, *others[: max(0, MOST - len(wanted))]]
    found = read_values(single.repository, connection, key, every, setup, single)
    values = Values()
    for secret, value in found.items():
        values.read_again(secret, value, sure=secret not in wanted)
    return values
