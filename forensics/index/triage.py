"""What people decided about secrets, sealed with the key and told in the journal."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from forensics.actor import actor
from forensics.errors import IndexWriteFailed, StaleDecision, UsageProblem
from forensics.index.database import writing
from forensics.index.decision import STATES, Decision, Triaged, decisions
from forensics.index.journal import INDEX, Entry
from forensics.index.snapshot import snapshot
from forensics.index.triage_places import changes, pack, places_by_secret
from forensics.index.triage_rows import FEW, Change, Last, TriageRows
from forensics.key import Key

__all__ = [
    "STATES", "Decision", "Triage", "Triaged", "decisions", "distrust_forged_triage",
    "distrust_triage",
]  # fmt: skip

_OF_PLACES = ("accepted", "test")
"""States that hold only where the secret stood when it was decided."""

_AT_ONCE = 250
"""Secrets that one transaction changes: others who write wait a few hundredths of a second."""

_LONGEST_PAUSE = 0.1
"""Seconds between two parts of a change."""


class Triage(TriageRows):
    """Reads and changes decisions. Every decision is one transaction with its row of the journal;
    of very many that are one change, so many at once that nobody else waits for long. What a
    killed process leaves of such a change can be taken back as one, too."""

    def decide_all(
        self, decisions: Iterable[tuple[str, Decision]], *, seen: Mapping[str, int] | None = None
    ) -> dict[str, int]:
        """Decide about secrets, by fingerprint, as one change; their revisions after it.

        Args:
            decisions: one a secret.
            seen: the revision of each secret when whoever decides looked at it, 0 where nothing
                was decided; None lets the last one win.

        Raises:
            StaleDecision: a secret has another revision by now; nothing of this holds.
        """
        now, who = int(time.time()), actor()
        given = [Change(secret, decision, now, who) for secret, decision in decisions]
        return self._change(given, seen)

    def take_in(
        self, given: Iterable[Triaged], name: str, *, force: bool
    ) -> tuple[int, int, list[str]]:
        """Store decisions out of a file, as one change: how many were taken, how many were known,
        and the secrets of which the index has a later one, which is kept unless `force`. What was
        reopened where it was written is reopened here; what was here stays so.

        Raises:
            StaleDecision: somebody decided about one of them meanwhile; none was taken.
        """
        self.refuse_forged()
        before = {one.secret: one for one in self.current()}
        taken: dict[str, Triaged] = {}
        kept: list[str] = []
        reopened: list[str] = []
        same = 0
        for one in given:
            known = before.get(one.secret)
            if known and (known.decision, known.changed) == (one.decision, one.changed):
                if one.reopened_by is not None and known.reopened_by is None:
                    reopened.append(one.secret)
                else:
                    same += 1
            elif known and known.changed >= one.changed and not force:
                kept.append(one.secret)
            else:
                taken[one.secret] = one
        number = len(taken) + len(reopened)
        detail = {"taken": number, "known": same, "kept": len(kept), "force": force}
        seen = {one: before[one].revision if one in before else 0 for one in taken}
        self._change(
            [Change(one.secret, one.decision, one.changed, one.actor, one.places)
             for one in taken.values()],
            seen, Entry("imported", INDEX, name, detail),
        )  # fmt: skip
        reopened += [one.secret for one in taken.values() if one.reopened_by is not None]
        if reopened:
            with writing(self._db):
                now = [one for one in self.current(reopened) if one.reopened_by is None]
                self._reopen([(one, f"it was in {name}") for one in now], (), None)
        return number, same, kept

    def _change(
        self,
        given: Sequence[Change],
        seen: Mapping[str, int] | None,
        told: Entry | None = None,
    ) -> dict[str, int]:
        """Store decisions, told of by an entry of the journal before them if need be; by secret,
        the row of the journal that tells of it."""
        self.refuse_forged()
        with snapshot(self._db):
            self._refuse_stale(seen, seen or ())
            names = tuple({bytes.fromhex(one.secret) for one in given})
            few = len(names) <= FEW
            term = f"secret.fingerprint IN ({','.join('?' * len(names))})" if few else "1"
            places = places_by_secret(self._db, self._key, term, names if few else ())
        made: dict[str, int] = {}
        cause: int | None = None
        for batch in _batches(given):
            try:
                with self._part(made):
                    self._refuse_stale(seen, (one.secret for one in batch))
                    rows = self._store(batch, places, cause, told)
            except (StaleDecision, IndexWriteFailed):
                with suppress(IndexWriteFailed):
                    self._take_back(made)
                raise
            if cause is None:  # a change of many is told by its first row
                cause, told = (rows[0] if told is None else rows[0] - 1), None
            made.update(zip((one.secret for one in batch), rows, strict=True))
        if told is not None:
            with writing(self._db), self._sealed.changing(()):
                self._journal.extend([told])
        return made

    @contextmanager
    def _part(self, after: object) -> Iterator[None]:
        """A transaction, after others of the same change or first of all: between them the index
        is free for as long as the last one had it, or who waits for it would never come in."""
        if after:
            time.sleep(self._held)
        started = time.monotonic()
        with writing(self._db):
            yield
        self._held = min(time.monotonic() - started, _LONGEST_PAUSE)

    _held = 0.0

    def _take_back(self, made: Mapping[str, int]) -> None:
        """Take back what this program has just stored, as far as nobody came after it."""
        rows = [one for one in self._standing(made) if made[one.secret] == one.made_by]
        for number, batch in enumerate(_parts(rows)):
            with self._part(number):
                self._undo([one for one in batch if self._revision(one.secret) == one.made_by])

    def undo(
        self, secrets: Collection[str] | None = None, *, seen: Mapping[str, int] | None = None
    ) -> dict[str, int]:
        """Take back the last change, or the last of each of these secrets; by secret, the row of
        the journal that tells of it.

        Args:
            secrets: by fingerprint.
            seen: the revision of each that is to be taken back; None takes back whatever is last.

        Raises:
            UsageProblem: there is nothing to take back.
            StaleDecision: a secret has another revision by now. Nothing is taken back, unless that
                came about while very many were: then those before it are.
        """
        self.refuse_forged()
        with snapshot(self._db):
            self._refuse_stale(seen, seen or ())
            rows = self._standing(secrets)
            if secrets is None:
                rows = [one for one in rows if one.cause == rows[-1].cause]
            known = {one.secret: self._revision(one.secret) for one in rows}
        if not rows:
            raise UsageProblem("there is nothing to undo", "`forensics triage` lists what is")
        told: dict[str, int] = {}
        for number, batch in enumerate(_parts(rows)):
            with self._part(number):
                self._refuse_stale(known, (one.secret for one in batch))
                undone = self._undo(batch)
            told.update(zip((one.secret for one in batch), undone, strict=True))
        return told

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
        version = self._version()
        reasons, kept = self._look(repository)
        if not reasons and not kept:
            return []
        with writing(self._db):
            if self._version() != version:  # somebody was faster
                reasons, kept = self._look(repository)
            self._reopen(reasons, kept, cause)
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


def _batches(given: Sequence[Change]) -> Iterator[Sequence[Change]]:
    """Parts in order, in which no secret is twice."""
    names: set[str] = set()
    batch: list[Change] = []
    for one in given:
        if len(batch) == _AT_ONCE or one.secret in names:
            yield batch
            names, batch = set(), []
        names.add(one.secret)
        batch.append(one)
    if batch:
        yield batch


def _parts(rows: Sequence[Last]) -> Iterator[Sequence[Last]]:
    return (rows[at : at + _AT_ONCE] for at in range(0, len(rows), _AT_ONCE))


def distrust_forged_triage(connection: sqlite3.Connection, key: Key) -> bool:
    """Let nothing count as triaged, for as long as the connection lasts, if somebody without the
    key changed what is; whether that is so."""
    if Triage(connection, key).sound():
        return False
    distrust_triage(connection)
    return True


def distrust_triage(connection: sqlite3.Connection) -> None:
    """Let nothing count as triaged, for as long as the connection lasts."""
    for name in ("triage", "triaged"):
        connection.execute(
            f"CREATE TEMP VIEW IF NOT EXISTS {name} AS SELECT * FROM main.{name} WHERE 0"  # noqa: S608
        )
