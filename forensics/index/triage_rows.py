"""Rows of decisions, with the seal over them and what the journal tells of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from forensics.errors import StaleDecision
from forensics.index.decision import COLUMNS, Decision, Triaged, decisions, triaged
from forensics.index.journal import Entry, Journal, of_secret
from forensics.index.triage_places import Place, pack
from forensics.index.triage_seal import TriageSeal, forged
from forensics.key import Key

__all__ = ["FEW", "Change", "Last", "TriageRows"]

FEW = 500
"""Secrets that a query names one by one."""


class Change(NamedTuple):
    """A decision to be stored."""

    secret: str
    decision: Decision
    changed: int
    by: str
    places: tuple[Place, ...] | None = None
    """Where it stood, if whoever decided said so."""


class Last(NamedTuple):
    """A decision that may be taken back."""

    row: int
    secret: str
    made_by: int
    cause: int
    """What made all those that were decided together with it."""


class TriageRows:
    """Reads them, and changes some inside a transaction."""

    def __init__(self, connection: sqlite3.Connection, key: Key) -> None:
        self._db, self._key = connection, key
        self._journal = Journal(connection, key)
        self._sealed = TriageSeal(connection, key, self._journal)
        self._trusted: int | None = None

    @property
    def connection(self) -> sqlite3.Connection:
        """Of the index."""
        return self._db

    def sound(self) -> bool:
        """Whether every row is one that this program wrote."""
        return self._sealed.right()

    def refuse_forged(self) -> None:
        """Change and pass on nothing that somebody else wrote. All is looked at once, and again
        if another connection wrote since; a change never makes up for what was forged meanwhile.

        Raises:
            IndexRefused: somebody without the key changed a decision.
        """
        version = self._version()
        if self._trusted != version:
            if not self.sound():
                raise forged()
            self._trusted = version

    def current(self, secrets: Collection[str] | None = None) -> list[Triaged]:
        """The last decision about each secret, by fingerprint; of all, or of these."""
        if secrets is None:
            return decisions(self._db)
        query = f"SELECT {COLUMNS} FROM triage WHERE fingerprint = ? AND ended_by IS NULL"  # noqa: S608
        rows = (self._db.execute(query, (bytes.fromhex(one),)) for one in sorted(set(secrets)))
        return [triaged(row) for found in rows for row in found]

    def reopened_at(self) -> dict[str, float]:
        """By secret whose last decision was reopened, when that was: seconds since 1970."""
        return dict(
            self._db.execute(
                "SELECT lower(hex(fingerprint)), time FROM triage"
                " JOIN journal ON journal.id = reopened_by WHERE ended_by IS NULL"
            )
        )

    def _version(self) -> int:
        """Another one as soon as another connection has written."""
        return int(self._db.execute("PRAGMA main.data_version").fetchone()[0])

    def _refuse_stale(self, seen: Mapping[str, int] | None, secrets: Iterable[str]) -> None:
        """Inside a transaction, so that nobody comes between."""
        if seen is not None:
            changed = sum(self._revision(one) != seen[one] for one in secrets if one in seen)
            if changed:
                raise StaleDecision(changed)

    def _revision(self, secret: str) -> int:
        """See `Triaged.revision`."""
        row = self._db.execute(
            "SELECT max(made_by, coalesce(reopened_by, 0)) FROM triage"
            " WHERE fingerprint = ? AND ended_by IS NULL",
            (bytes.fromhex(secret),),
        ).fetchone()
        return int(row[0]) if row else 0

    def _store(
        self,
        batch: Sequence[Change],
        places: Mapping[bytes, Sequence[Place]],
        cause: int | None,
        told: Entry | None,
    ) -> list[int]:
        """Store decisions about different secrets, inside a transaction; the rows of the journal
        that tell of them.

        Args:
            batch: the decisions.
            places: where secrets stand now.
            cause: the row of the journal that tells of the whole change; None for the first.
            told: what tells of the whole change and is yet to be told.
        """
        names = [bytes.fromhex(one.secret) for one in batch]
        before = {
            name: (row, state)
            for name, row, state in self._db.execute(
                "SELECT fingerprint, id, state FROM triage WHERE ended_by IS NULL"  # noqa: S608
                f" AND fingerprint IN ({','.join('?' * len(names))})",
                names,
            )
        }
        with self._sealed.changing([row for row, _ in before.values()]):
            if told is not None:
                (cause,) = self._journal.extend([told])
            rows: list[int] = []
            entries = (
                Entry(
                    "triaged", of_secret(one.secret), one.secret,
                    {
                        **{field: said for field, said in one.decision._asdict().items() if said},
                        "by": one.by, "before": before[name][1] if name in before else "open",
                    },
                )
                for one, name in zip(batch, names, strict=True)
            )  # fmt: skip
            if cause is None:
                rows += self._journal.extend([next(entries)])
                cause = rows[0]
            rows += self._journal.extend(one._replace(related_to=cause) for one in entries)
            made = list(zip(batch, names, rows, strict=True))
            self._db.executemany(
                "UPDATE triage SET ended_by = ? WHERE id = ?",
                [(row, before[name][0]) for _, name, row in made if name in before],
            )
            self._db.executemany(
                f"INSERT INTO triage ({COLUMNS}) VALUES (?{', ?' * 13})",  # noqa: S608
                [
                    (name, *one.decision, one.changed, one.by, _packed(one, places.get(name)), row,
                     None)
                    for one, name, row in made
                ],
            )  # fmt: skip
        return rows

    def _standing(self, secrets: Collection[str] | None) -> list[Last]:
        """The decisions that stand, of all secrets or of these, in the order they were made."""
        few = secrets is not None and len(secrets) <= FEW
        names = [bytes.fromhex(one) for one in secrets or ()] if few else []
        only = f" AND fingerprint IN ({','.join('?' * len(names))})" if few else ""
        rows = self._db.execute(
            "SELECT triage.id, lower(hex(fingerprint)), made_by, coalesce(related_to, made_by)"  # noqa: S608
            " FROM triage JOIN journal ON journal.id = made_by WHERE ended_by IS NULL"
            f"{only} ORDER BY made_by",
            names,
        )
        found = (Last._make(row) for row in rows)
        return [one for one in found if secrets is None or one.secret in secrets]

    def _undo(self, batch: Sequence[Last]) -> list[int]:
        """Let decisions end and what was before them hold again, inside a transaction; the rows of
        the journal that tell of each."""
        marks = ",".join("?" * len(batch))
        made = [one.made_by for one in batch]
        before = self._db.execute(f"SELECT id FROM triage WHERE ended_by IN ({marks})", made)  # noqa: S608
        with self._sealed.changing([*(one.row for one in batch), *(row for (row,) in before)]):
            rows = self._journal.extend(
                Entry("undone", of_secret(one.secret), one.secret, related_to=one.made_by)
                for one in batch
            )
            self._db.executemany(
                "UPDATE triage SET ended_by = ? WHERE id = ?",
                [(row, one.row) for row, one in zip(rows, batch, strict=True)],
            )
            self._db.executemany(
                "UPDATE triage SET ended_by = NULL WHERE ended_by = ?", [(one,) for one in made]
            )
        return rows

    def _reopen(
        self,
        reasons: Sequence[tuple[Triaged, str]],
        kept: Sequence[tuple[bytes, int]],
        cause: int | None,
    ) -> None:
        """Let decisions no longer hold, and keep where others stand now, inside a transaction.

        Args:
            reasons: decisions, with why.
            kept: places, packed, of those that a row of the journal tells of.
            cause: what to tell that it came from; None for the decision itself.
        """
        standing = self._db.execute("SELECT made_by, id FROM triage WHERE ended_by IS NULL")
        row_of = dict(standing.fetchall())
        known = [(packed, row_of[made_by]) for packed, made_by in kept if made_by in row_of]
        reopened = [(one, why, row_of[one.made_by]) for one, why in reasons]
        changed = [*(row for _, row in known), *(row for _, _, row in reopened)]
        with self._sealed.changing(changed):
            rows = self._journal.extend(
                Entry("reopened", of_secret(one.secret), one.secret,
                      {"was": one.decision.state, "why": why, "decided": one.made_by},
                      cause or one.made_by)
                for one, why, _ in reopened
            )  # fmt: skip
            self._db.executemany(
                "UPDATE triage SET reopened_by = ? WHERE id = ?",
                [(told, row) for told, (_, _, row) in zip(rows, reopened, strict=True)],
            )
            self._db.executemany("UPDATE triage SET places = ? WHERE id = ?", known)


def _packed(one: Change, now: Sequence[Place] | None) -> bytes | None:
    stands = one.places if one.places is not None else now
    return None if stands is None else pack(stands)
