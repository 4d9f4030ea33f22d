"""What people decided about secrets, sealed with the key and told in the journal."""

from __future__ import annotations

import hmac
import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from forensics.actor import actor
from forensics.errors import IndexRefused, StaleDecision, UsageProblem
from forensics.index.database import writing
from forensics.index.decision import COLUMNS, STATES, Decision, Triaged, decisions, triaged
from forensics.index.journal import INDEX, Entry, Journal, of_secret
from forensics.index.snapshot import snapshot
from forensics.index.triage_places import Place, changes, pack, places_by_secret
from forensics.key import Key

__all__ = ["STATES", "Decision", "Triage", "Triaged", "decisions", "distrust_forged_triage"]

_OF_PLACES = ("accepted", "test")
"""States that hold only where the secret stood when it was decided."""

_TOLD_AS = ("triaged", "undone", "reopened", "imported")
"""Rows of the journal that go with a change here."""

_FEW = 500
"""Secrets that a query names one by one."""


class Triage:
    """Reads and changes decisions. Every change is one transaction with its rows of the
    journal."""

    def __init__(self, connection: sqlite3.Connection, key: Key) -> None:
        self._db, self._key = connection, key
        self._journal = Journal(connection, key)

    def sound(self) -> bool:
        """Whether every row is one that this program wrote."""
        with snapshot(self._db):
            seal = self._db.execute("SELECT value FROM main.meta WHERE name = 'triage'").fetchone()
            if seal is None:
                empty = self._db.execute("SELECT 1 FROM main.triage LIMIT 1").fetchone() is None
                return empty and not self._journal.last_chain(_TOLD_AS)
            return hmac.compare_digest(seal[0], self._digest())

    def current(self, secrets: Collection[str] | None = None) -> list[Triaged]:
        """The last decision about each secret, by fingerprint; of all, or of these."""
        if secrets is None:
            return decisions(self._db)
        query = f"SELECT {COLUMNS} FROM triage WHERE fingerprint = ? AND ended_by IS NULL"  # noqa: S608
        rows = (self._db.execute(query, (bytes.fromhex(one),)) for one in sorted(set(secrets)))
        return [triaged(row) for found in rows for row in found]

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """A transaction in which decisions change. That nobody forged those before it is checked
        first, which takes long where they are many, and again only if somebody wrote meanwhile."""
        before = self._version()
        self.refuse_forged()
        with writing(self._db):
            if self._version() != before:
                self.refuse_forged()
            yield
            self._seal()

    def _version(self) -> int:
        """Another one as soon as another connection has written."""
        return int(self._db.execute("PRAGMA main.data_version").fetchone()[0])

    def decide_all(
        self, decisions: Iterable[tuple[str, Decision]], *, seen: Mapping[str, int] | None = None
    ) -> dict[str, int]:
        """Decide about secrets, by fingerprint, as one change; their revisions after it.

        Args:
            decisions: one a secret.
            seen: the revision of each secret when whoever decides looked at it, 0 where nothing
                was decided; None lets the last one win.

        Raises:
            StaleDecision: a secret has another revision by now.
        """
        now, who = int(time.time()), actor()
        with self._changing():
            self._refuse_stale(seen)
            return self._change(
                [(secret, decision, now, who, None) for secret, decision in decisions]
            )

    def _refuse_stale(self, seen: Mapping[str, int] | None) -> None:
        """Inside the caller's transaction, so that nobody comes between."""
        if seen is not None:
            changed = sum(self._revision(secret) != known for secret, known in seen.items())
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

    def take_in(
        self, given: Iterable[Triaged], name: str, *, force: bool
    ) -> tuple[int, int, list[str]]:
        """Store decisions out of a file, as one change: how many were taken, how many were known,
        and the secrets of which the index has a later one, which is kept unless `force`."""
        with self._changing():
            before = {one.secret: one for one in self.current()}
            taken: list[Triaged] = []
            kept: list[str] = []
            same = 0
            for one in given:
                known = before.get(one.secret)
                if known and (known.decision, known.changed) == (one.decision, one.changed):
                    same += 1
                elif known and known.changed >= one.changed and not force:
                    kept.append(one.secret)
                else:
                    taken.append(one)
            detail = {"taken": len(taken), "known": same, "kept": len(kept), "force": force}
            cause = self._journal.append("imported", INDEX, name, detail)
            self._change(
                [(one.secret, one.decision, one.changed, one.actor, one.places) for one in taken],
                cause,
            )
        return len(taken), same, kept

    def _change(
        self,
        given: Sequence[tuple[str, Decision, int, str, tuple[Place, ...] | None]],
        cause: int | None = None,
    ) -> dict[str, int]:
        """Store decisions; by secret, the row of the journal that tells of it."""
        made: dict[str, int] = {}
        names = tuple(bytes.fromhex(change[0]) for change in given)
        few = len(names) <= _FEW
        term = f"secret.fingerprint IN ({','.join('?' * len(names))})" if few else "1"
        places = places_by_secret(self._db, self._key, term, names if few else ())
        for secret, decision, changed, by, told in given:
            name = bytes.fromhex(secret)
            before = self._db.execute(
                "SELECT id, state FROM triage WHERE fingerprint = ? AND ended_by IS NULL", (name,)
            ).fetchone()
            said = {field: value for field, value in decision._asdict().items() if value}
            row = self._journal.append(
                "triaged", of_secret(secret), secret,
                {**said, "by": by, "before": before[1] if before else "open"}, cause,
            )  # fmt: skip
            cause = cause or row  # a change of many is told by its first row
            if before:
                self._db.execute("UPDATE triage SET ended_by = ? WHERE id = ?", (row, before[0]))
            stands = told if told is not None else places.get(name)
            self._db.execute(
                f"INSERT INTO triage ({COLUMNS}) VALUES (?{', ?' * 13})",  # noqa: S608
                (name, *decision, changed, by, None if stands is None else pack(stands), row, None),
            )
            made[secret] = row
        return made

    def undo(
        self, secrets: Collection[str] | None = None, *, seen: Mapping[str, int] | None = None
    ) -> list[str]:
        """Take back the last change, or the last of each of these secrets; the secrets concerned.

        Args:
            secrets: by fingerprint.
            seen: the revision of each that is to be taken back; None takes back whatever is last.

        Raises:
            UsageProblem: there is nothing to take back.
            StaleDecision: a secret has another revision by now.
        """
        with self._changing():
            self._refuse_stale(seen)
            rows = self._db.execute(
                "SELECT triage.id, lower(hex(fingerprint)), made_by, coalesce(related_to, made_by)"
                " FROM triage JOIN journal ON journal.id = made_by WHERE ended_by IS NULL"
                " ORDER BY made_by"
            ).fetchall()
            if secrets is not None:
                rows = [row for row in rows if row[1] in secrets]
            elif rows:
                rows = [row for row in rows if row[3] == rows[-1][3]]
            if not rows:
                raise UsageProblem("there is nothing to undo", "`forensics triage` lists what is")
            for number, secret, made_by, _ in rows:
                undone = self._journal.append(
                    "undone", of_secret(secret), secret, related_to=made_by
                )
                self._db.execute("UPDATE triage SET ended_by = ? WHERE id = ?", (undone, number))
                self._db.execute("UPDATE triage SET ended_by = NULL WHERE ended_by = ?", (made_by,))
        return [row[1] for row in rows]

    def reopen(self, repository: int, cause: int | None = None) -> list[str]:
        """After a scan of a repository: reopen what has expired, and what was accepted and now
        stands at a new place or has come back; the secrets concerned.

        Writes only where there is something to write.

        Args:
            repository: its row.
            cause: the scan's row of the journal.
        """
        if not self._db.execute("SELECT 1 FROM triage LIMIT 1").fetchone() or not self.sound():
            return []
        reasons, kept = self._look(repository)
        if not reasons and not kept:
            return []
        with writing(self._db):
            reasons, kept = self._look(repository)  # somebody may have been faster
            rows = self._journal.extend(
                Entry("reopened", of_secret(one.secret), one.secret,
                      {"was": one.decision.state, "why": why, "decided": one.made_by},
                      cause or one.made_by)
                for one, why in reasons
            )  # fmt: skip
            self._db.executemany(
                "UPDATE triage SET reopened_by = ? WHERE made_by = ? AND ended_by IS NULL",
                [(row, one.made_by) for row, (one, _) in zip(rows, reasons, strict=True)],
            )
            self._db.executemany(
                "UPDATE triage SET places = ? WHERE made_by = ? AND ended_by IS NULL", kept
            )
            self._seal()
        return [one.secret for one, _ in reasons]

    def _look(self, repository: int) -> tuple[list[tuple[Triaged, str]], list[tuple[bytes, int]]]:
        """What is to be reopened and why, and the places to keep of what is not."""
        holding = [one for one in self.current() if one.reopened_by is None]
        now = places_by_secret(
            self._db, self._key,
            "occurrence.repository_id = ? AND secret.fingerprint IN (SELECT fingerprint FROM triage"
            " WHERE ended_by IS NULL AND reopened_by IS NULL)",
            (repository,),
        )  # fmt: skip
        reasons: list[tuple[Triaged, str]] = []
        kept: list[tuple[bytes, int]] = []
        for one in holding:
            if one.decision.state != "open" and one.state() == "open":
                reasons.append((one, "it has expired"))
                continue
            stands = now.get(bytes.fromhex(one.secret), [])
            if not stands:
                continue
            why, keep = changes(one.places if one.places is not None else stands, stands)
            if why and one.decision.state in _OF_PLACES:
                more = f", and {len(why) - 1} more" if len(why) > 1 else ""
                reasons.append((one, why[0] + more))
            elif one.places is None or pack(keep) != pack(one.places):
                kept.append((pack(keep), one.made_by))
        return reasons, kept

    def refuse_forged(self) -> None:
        """Change and pass on nothing that somebody else wrote.

        Raises:
            IndexRefused: somebody without the key changed a decision.
        """
        if not self.sound():
            raise IndexRefused(
                "triage in the index was changed by something else",
                "`forensics log verify` says whether the journal was too; move the index away, scan"
                " again and import what was exported",
            )

    def _digest(self) -> str:
        rows = [
            row if row[-1] is not None else row[:-1]  # as it was sealed before there were due dates
            for row in self._db.execute("SELECT * FROM main.triage ORDER BY id")
        ]
        # With the journal's last word on triage, so that older rows do not fit a newer journal.
        told = self._journal.last_chain(_TOLD_AS)
        return self._key.seal("triage", told, repr(rows).encode()).hex()

    def _seal(self) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES ('triage', ?)", (self._digest(),))


def distrust_forged_triage(connection: sqlite3.Connection, key: Key) -> bool:
    """Let nothing count as triaged, for as long as the connection lasts, if somebody without the
    key changed what is; whether that is so."""
    if Triage(connection, key).sound():
        return False
    for name in ("triage", "triaged"):
        connection.execute(
            f"CREATE TEMP VIEW IF NOT EXISTS {name} AS SELECT * FROM main.{name} WHERE 0"  # noqa: S608
        )
    return True
