"""Lines of first parents as far as they change configuration. Believed only under seal."""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from forensics.index.database import writing
from forensics.index.drift_paths import DriftPaths
from forensics.key import Key

__all__ = ["LineStore", "StoredChange", "StoredLine", "StoredStep", "default_readers"]

_LINE = (
    "INSERT INTO drift_line (repository_id, mark, ref, is_default, tip, tip_time, step_id, cut,"
    " reader, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (repository_id, mark) DO UPDATE SET ref = excluded.ref,"
    " is_default = excluded.is_default, tip = excluded.tip, tip_time = excluded.tip_time,"
    " step_id = excluded.step_id, cut = excluded.cut, reader = excluded.reader,"
    " seal = excluded.seal"
)


class StoredChange(NamedTuple):
    """A file that a step changes."""

    path: bytes
    """As it is; empty where the index has it masked only."""
    mark: bytes
    """Keyed fingerprint of the path."""
    before: bytes
    after: bytes


class StoredStep(NamedTuple):
    """A commit that changes configuration."""

    oid: bytes
    merge: bool
    author: str
    time: int
    offset: int
    changes: tuple[StoredChange, ...]
    cut: str = ""
    """Why nothing before it counts."""


class StoredLine(NamedTuple):
    """How far a line was read."""

    ref: str
    tip: bytes
    tip_time: int
    step: bytes
    """The newest step; empty where there is none."""
    cut: str


class _Known(NamedTuple):
    """A step as it is known here."""

    id: int
    previous: bytes
    number: int
    chain: bytes
    step: StoredStep


class LineStore:
    """The lines and steps of one repository, as one reader tells them."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        key: Key,
        repository: int,
        reader: bytes,
        paths: DriftPaths,
        *,
        to_read: bool = False,
    ) -> None:
        """Load what is stored. Where anything is not sealed rightly, or another reader told it,
        all of it is dropped.

        Args:
            connection: of the index.
            key: the index's.
            repository: its row.
            reader: what tells configuration files from others and reads them.
            paths: the rows of paths.
            to_read: whether nothing is written: what would be dropped is only not told.
        """
        self._db, self._key, self._repository, self._reader = connection, key, repository, reader
        self._paths = paths
        self._steps: dict[bytes, _Known] = {}
        self._lines: dict[bytes, StoredLine] = {}
        if not self._load():
            if to_read:
                self._steps, self._lines = {}, {}
            else:
                self.forget()

    def lines(self) -> Mapping[bytes, StoredLine]:
        """All lines by the mark of what was asked for."""
        return self._lines

    def commits(self) -> set[bytes]:
        """Ids of all steps."""
        return set(self._steps)

    def steps(self, newest: bytes) -> list[StoredStep]:
        """The steps that end with this one, oldest first."""
        found = []
        while newest:
            known = self._steps[newest]
            found.append(known.step)
            newest = known.previous
        return found[::-1]

    def mark(self, ref: str | None) -> bytes:
        """What the line of a ref, or of the default branch, is known by."""
        return self._key.fingerprint(b"line\0" + (b"" if ref is None else b"=" + ref.encode()))

    def add_steps(
        self, previous: bytes, steps: Sequence[StoredStep], shown: Mapping[bytes, bytes]
    ) -> bytes:
        """Store steps that follow each other, inside the caller's transaction.

        Args:
            previous: the step that comes before them; empty where there is none.
            steps: oldest first. One that has a cut starts anew.
            shown: paths with secrets in them masked, by what they are.

        Returns:
            The newest step.
        """
        for step in steps:
            before = self._steps.get(previous) if previous and not step.cut else None
            known = self._steps.get(step.oid)
            if known is None:
                known = self._add_step(before, step, shown)
                self._steps[step.oid] = known
            previous = step.oid
        return previous

    def _add_step(
        self, before: _Known | None, step: StoredStep, shown: Mapping[bytes, bytes]
    ) -> _Known:
        number = before.number + 1 if before else 0
        chain = self._chain(before.chain if before else b"", number, step)
        row = self._db.execute(
            "INSERT INTO drift_step (repository_id, oid, previous_id, number, merge, author, time,"
            " offset, cut, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (self._repository, step.oid, before.id if before else None, number, int(step.merge),
             step.author, step.time, step.offset, step.cut, chain),
        ).fetchone()  # fmt: skip
        # A planted index can have rows of a step that was not there.
        self._db.execute("DELETE FROM drift_change WHERE step_id = ?", row)
        self._db.executemany(
            "INSERT INTO drift_change VALUES (?, ?, ?, ?)",
            [
                (row[0], self._paths.row(change.path, shown), change.before, change.after)
                for change in step.changes
            ],
        )
        return _Known(row[0], before.step.oid if before else b"", number, chain, step)

    def set_line(self, mark: bytes, line: StoredLine, *, default: bool) -> None:
        """Store how far a line was read, inside the caller's transaction."""
        known = self._steps.get(line.step)
        seal = self._line_seal(mark, line, known.chain if known else b"")
        self._db.execute(
            _LINE,
            (self._repository, mark, line.ref, int(default), line.tip, line.tip_time,
             known.id if known else None, line.cut, self._reader, seal),
        )  # fmt: skip
        self._lines[mark] = line

    def forget(self) -> None:
        """Drop all lines and steps, so that they are told anew."""
        with writing(self._db):
            for table in ("drift_line", "drift_step"):  # steps the last first: others stand on them
                rows = self._db.execute(
                    f"SELECT id FROM {table} WHERE repository_id = ? ORDER BY id DESC",  # noqa: S608
                    (self._repository,),
                ).fetchall()
                self._db.executemany(f"DELETE FROM {table} WHERE id = ?", rows)  # noqa: S608
        self._steps, self._lines = {}, {}

    def _chain(self, before: bytes, number: int, step: StoredStep) -> bytes:
        changes = sorted((one.mark, one.before, one.after) for one in step.changes)
        facts = (self._repository, number, *step[:5], step.cut, changes)
        return self._key.seal("drift step", self._reader, before, repr(facts).encode())

    def _line_seal(self, mark: bytes, line: StoredLine, chain: bytes) -> bytes:
        facts = (self._repository, mark, *line)
        return self._key.seal("drift line", self._reader, chain, repr(facts).encode())

    def _load(self) -> bool:
        """Take lines and steps; whether all of them can be believed."""
        lines = self._db.execute(
            "SELECT mark, ref, tip, tip_time, coalesce(step.oid, x''), drift_line.cut, reader, seal"
            " FROM drift_line LEFT JOIN drift_step AS step ON step.id = step_id"
            " WHERE drift_line.repository_id = ?",
            (self._repository,),
        ).fetchall()
        changes = self._changes()
        if changes is None:
            return False
        oids: dict[int, bytes] = {}
        rows = self._db.execute(
            "SELECT id, previous_id, number, oid, merge, author, time, offset, cut, chain"
            " FROM drift_step WHERE repository_id = ? ORDER BY id",
            (self._repository,),
        )
        for row, above, number, oid, merge, author, time, offset, cut, chain in rows:
            step = StoredStep(
                oid, bool(merge), author, time, offset, tuple(changes.get(row, ())), cut
            )
            previous = oids.get(above, b"")
            before = self._steps.get(previous)
            if not hmac.compare_digest(
                chain, self._chain(before.chain if before else b"", number, step)
            ):
                return False
            oids[row] = oid
            self._steps[oid] = _Known(row, previous, number, chain, step)
        for mark, ref, tip, tip_time, newest, cut, reader, seal in lines:
            line = StoredLine(ref, tip, tip_time, newest, cut)
            known = self._steps.get(newest)
            if reader != self._reader or not hmac.compare_digest(
                seal, self._line_seal(mark, line, known.chain if known else b"")
            ):
                return False
            self._lines[mark] = line
        return True

    def _changes(self) -> dict[int, list[StoredChange]] | None:
        """What each step changes; None where a path is not what its mark says."""
        paths: dict[int, tuple[bytes, bytes]] = {}
        for row, mark, shown, masked in self._db.execute(
            "SELECT id, mark, shown, masked FROM drift_path"
        ):
            if masked or hmac.compare_digest(mark, self._paths.mark(shown)):
                paths[row] = (b"" if masked else shown, mark)
        found: dict[int, list[StoredChange]] = {}
        for step, path, before, after in self._db.execute(
            "SELECT step_id, path_id, before, after FROM drift_change"
            " JOIN drift_step ON drift_step.id = step_id WHERE repository_id = ?",
            (self._repository,),
        ):
            if path not in paths:
                return None
            found.setdefault(step, []).append(StoredChange(*paths[path], before, after))
        return found


def default_readers(connection: sqlite3.Connection) -> list[tuple[int, bytes]]:
    """Repositories of which the line of the default branch is stored, and what told each."""
    rows = connection.execute(
        "SELECT repository_id, reader FROM drift_line WHERE is_default = 1 ORDER BY repository_id"
    )
    return [(int(repository), bytes(reader)) for repository, reader in rows]
