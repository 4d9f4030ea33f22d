"""The drift of an index, to be browsed: followed once, then looked at after any step."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from threading import Lock, local
from typing import TYPE_CHECKING, NamedTuple

from forensics.drift.acceptance import Acceptance, accept_events
from forensics.drift.environments import Placer
from forensics.drift.matrix import matrix_of
from forensics.drift.model import DriftEvent, Line
from forensics.drift.moments import Moment, moment_of
from forensics.drift.past import Past, Read, past_of
from forensics.drift.record import reader_version
from forensics.drift.sops_file import placer_of
from forensics.drift.stored import Stored, StoredReadings, stored_line
from forensics.drift.survey import surveyed
from forensics.git.repository import open_repository
from forensics.git.resolve import named_commit
from forensics.index.database import Connection
from forensics.index.drift_lines import default_readers
from forensics.index.reader import IndexReader
from forensics.index.writer import repository_mark
from forensics.key import Key
from forensics.scan.drift_names import Names

if TYPE_CHECKING:
    from forensics.drift.overrides import Overrides

__all__ = ["Browsed", "browsed", "open_drift"]


class _AtHand(NamedTuple):
    """A repository that can be read anew."""

    row: int
    """In the index."""
    placer: Placer
    reader: bytes
    """What would read it now."""


class Browsed:
    """A line that was followed, and how its files are read again. For any thread."""

    def __init__(
        self, past: Past, stored: Stored, key: Key, repository: Path | None, placer: Placer
    ) -> None:
        self.past, self.stored, self.placer = past, stored, placer
        self._key, self._repository = key, repository
        self._names = Names(key)
        self._reads = local()
        self._lock = Lock()

    def read(self, connection: Connection) -> Read:
        """What versions of files held, for the thread of this connection, the last of its own."""
        known: tuple[Connection, StoredReadings] | None = getattr(self._reads, "known", None)
        if known is None or known[0] is not connection:
            known = self._reads.known = (
                connection,
                StoredReadings(connection, self._key, self.stored),
            )
        return known[1]

    def masked(self, name: str) -> str:
        """A path or the name of a set, secrets in it masked."""
        with self._lock:
            return self._names.masked(name)

    def moment(self, asked: str) -> Moment:
        """The step that a date, ref or commit means; see `moment_of`."""
        repository = open_repository(self._repository) if self._repository else None
        return moment_of(self.stored.line, asked, repository)


def browsed(
    connection: Connection,
    key: Key,
    repository: Path | None,
    told: Callable[[int, int], None],
    line: Line | None = None,
    shown: Browsed | None = None,
    overrides: Overrides | None = None,
) -> Browsed | None:
    """Follow the line of the default branch as the index has it; None where it has none, no
    configuration is on it, or the repository is at hand to be read anew and another version of
    the program read it, or only a part of it was read.

    Args:
        connection: of the index, for reading.
        key: the index's.
        repository: if it is at hand; else the first of the index is taken.
        told: is told how many commits were followed, and of how many.
        line: as it was just read from the repository.
        shown: what is shown already, which comes back where nothing is new.
        overrides: what the user says of names and files.
    """
    placer, here = Placer(overrides), None
    if repository is not None:
        here = _at_hand(connection, key, repository, placer)
        if here is None:
            return None
        placer = here.placer
    stored = stored_line(connection, key, here.row if here else None)
    if stored is not None and line is not None:
        stored = stored._replace(line=line, left_out=0)
    if stored is None or not stored.line.steps:
        return None
    if here is not None and here.reader != stored.reader:
        return None  # it is about to be read anew, and what it held to go
    if shown is not None and shown.stored == stored:
        return shown
    read = StoredReadings(connection, key, stored)
    past = past_of(stored.line, read, placer, told)
    if read.lost and line is None and repository is not None:
        return None
    return Browsed(past, stored, key, repository, placer)


def open_drift(
    connection: Connection,
    key: Key,
    repository: Path | None,
    overrides: Overrides | None,
    accepted: Sequence[Acceptance],
    today: date,
) -> list[DriftEvent] | None:
    """What is open on the default branches of an index, and neither meant to be nor accepted, as
    far as it was recorded; None where that never was, or not by what would read it now.

    Files whose names hold a secret are left out: the index does not have their names.

    Args:
        connection: of the index, for reading.
        key: the index's.
        repository: if one is at hand.
        overrides: what the user says of names and files.
        accepted: what people accept.
        today: the day on which that is judged.
    """
    found: list[DriftEvent] = []
    placer, known = Placer(overrides), False
    here = _at_hand(connection, key, repository, placer) if repository is not None else None
    for row, reader in default_readers(connection):
        own = here if here is not None and here.row == row else None
        stored = stored_line(connection, key, row)
        if stored is None or (own is not None and own.reader != reader):
            continue
        known = True
        read = StoredReadings(connection, key, stored)
        survey = surveyed(stored.line, read, own.placer if own is not None else placer)
        events = survey.events
        if accepted:
            events = accept_events(events, accepted, today, matrix_of(survey, events))
        found += [
            one for one in events if one.closed is None and not (one.expected or one.accepted)
        ]
    return found if known else None


def _at_hand(connection: Connection, key: Key, repository: Path, placer: Placer) -> _AtHand | None:
    """A repository as it would be read now; None where the index does not know it."""
    opened = open_repository(repository)
    row = IndexReader(connection).repository(repository_mark(key, os.fsencode(opened.home)))
    if row is None:
        return None
    placer = placer_of(opened, named_commit(opened).oid, placer)
    return _AtHand(row, placer, reader_version(opened, placer))
