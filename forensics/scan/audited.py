"""Revealing: the journal knows of it before anything is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from forensics.errors import NotARepository
from forensics.git.repository import open_repository
from forensics.git.single import SingleObjects
from forensics.index.database import Connection, writing
from forensics.index.journal import Entry, Journal, of_secret
from forensics.key import Key
from forensics.scan.reveal import read_folder_values, read_values
from forensics.scan.setup import ScannerSetup, usual_setup
from forensics.scan.values import Value

__all__ = ["plain_value", "revealed_value", "tell_revealed"]


def tell_revealed(connection: Connection, key: Key, secrets: Iterable[str], to: str) -> list[int]:
    """Write to the journal that values are about to be shown; its rows.

    Args:
        connection: of the index, to write.
        key: the index's.
        secrets: fingerprints.
        to: where they go: `terminal`, `pipe`, `editor`, `clipboard`.

    Raises:
        IndexWriteFailed: it cannot be written; then nothing may be shown.
    """
    with writing(connection):
        return Journal(connection, key).extend(
            Entry("revealed", of_secret(one), one, {"to": to}) for one in secrets
        )


def revealed_value(
    connection: Connection,
    key: Key,
    secret: str,
    places: Iterable[Path | SingleObjects],
    to: str,
    *,
    told: Callable[[list[int]], None] = lambda _: None,
) -> Value | None:
    """A secret's value, read again, after the journal was told; None where none of these places
    has it any more.

    Args:
        connection: of the index, to write.
        key: the index's.
        secret: its fingerprint.
        places: where it may be read; the next is asked for where one has it not.
        to: as for `tell_revealed`.
        told: is given the rows of the journal.

    Raises:
        IndexWriteFailed: the journal cannot be written. Nothing was read then.
    """
    told(tell_revealed(connection, key, [secret], to))
    setup = usual_setup(key)
    for place in places:
        if isinstance(place, Path):
            found = _values_at(place, connection, key, secret, setup)
        else:
            found = read_values(place.repository, connection, key, [secret], setup, place)
        if secret in found:
            return found[secret]
    return None


def _values_at(
    place: Path, connection: Connection, key: Key, secret: str, setup: ScannerSetup
) -> dict[str, Value]:
    """The value, by its fingerprint, from a repository or folder."""
    with suppress(NotARepository):
        found = read_values(open_repository(place), connection, key, [secret], setup)
        if found:
            return found
    return read_folder_values(place, connection, key, [secret], setup)


def plain_value(value: Value) -> bytes:
    """What people know as the value: as it stands there, or what it was decoded to."""
    return (value.canonical if value.decoded else value.raw).reveal()
