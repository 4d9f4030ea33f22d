"""The journal: what people and the program did, append-only, each row chained to the one before.

The chain is made with the key, so that whoever lacks it can neither change a row unseen nor add
one. The end could be cut off, together with the record of it in `meta`, by somebody who kept an
older copy of the file: against that, keep the head that `Journal.head` gives somewhere else.
"""

from __future__ import annotations

import hmac
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from forensics.actor import actor
from forensics.errors import UsageProblem
from forensics.index.snapshot import snapshot
from forensics.key import Key

__all__ = [
    "COLUMNS",
    "INDEX",
    "Entry",
    "Head",
    "Journal",
    "JournalRow",
    "of_scan",
    "of_secret",
    "read_head",
]

INDEX = "index"
"""The conversation of what concerns the whole index."""

_CUT_OFF = "cut-off"
"""Kind of a row that tells of rows missing before it."""

COLUMNS = "id, time, conversation, related_to, actor, kind, subject, detail"


class JournalRow(NamedTuple):
    """One thing that was done."""

    id: int
    time: float
    """Seconds since 1970, by the clock of the machine."""
    conversation: str
    related_to: int | None
    """The row that caused this one."""
    actor: str
    kind: str
    subject: str
    detail: str
    """A JSON object."""

    @property
    def facts(self) -> dict[str, object]:
        """The detail, read; empty where somebody put there what cannot be."""
        try:
            found = json.loads(self.detail)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


class Entry(NamedTuple):
    """What is to be added; time, actor and place follow from when and by whom."""

    kind: str
    conversation: str
    subject: str = ""
    detail: Mapping[str, object] = MappingProxyType({})
    related_to: int | None = None


class Head(NamedTuple):
    """How long the journal is, and the chain of its last row."""

    length: int
    chain: str
    """In hexadecimal digits."""

    def __str__(self) -> str:
        return f"{self.length}:{self.chain}"


def of_secret(fingerprint: str) -> str:
    """The conversation of a secret, by its fingerprint in hexadecimal digits."""
    return f"secret:{fingerprint}"


def of_scan(run: int) -> str:
    """The conversation of a scan, by its row of `run`."""
    return f"scan:{run}"


def read_head(text: str) -> Head:
    """A head as it was printed, or its chain alone (then with the length -1).

    Raises:
        UsageProblem: it is something else.
    """
    count, _, chain = text.strip().rpartition(":")
    try:
        sound = len(bytes.fromhex(chain)) == 32 and (not count or int(count) >= 0)
    except ValueError:
        sound = False
    if not sound:
        raise UsageProblem(
            f"{text!r} is not a head of a journal", "give what `forensics log verify` printed"
        )
    return Head(int(count) if count else -1, chain.lower())


class Journal:
    """Reads, extends and verifies the journal of one index."""

    def __init__(self, connection: sqlite3.Connection, key: Key) -> None:
        self._db, self._key = connection, key

    def append(
        self,
        kind: str,
        conversation: str,
        subject: str = "",
        detail: Mapping[str, object] | None = None,
        related_to: int | None = None,
    ) -> int:
        """Add a row, inside the caller's transaction; its id."""
        return self.extend([Entry(kind, conversation, subject, detail or {}, related_to)])[0]

    def extend(self, entries: Iterable[Entry]) -> list[int]:
        """Add rows, inside the caller's transaction; their ids."""
        last, chain = self._end()
        now, who = time.time(), actor()
        made: list[tuple[object, ...]] = []
        given = list(entries)
        cut = bool(given) and not self._ends_at(last, chain)
        if cut:  # the new end must not make it look whole again
            given.insert(0, Entry(_CUT_OFF, INDEX, "", {"rows": last}))
        for number, one in enumerate(given, last + 1):
            detail = json.dumps(dict(one.detail), sort_keys=True)
            row = JournalRow(
                number, now, one.conversation, one.related_to, who, one.kind, one.subject, detail
            )
            chain = self._link(chain, row)
            made.append((*row, chain))
        self._db.executemany("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", made)
        self._db.execute(
            "INSERT OR REPLACE INTO meta VALUES ('journal', ?)",
            (self._record(last + len(made), chain),),
        )
        return list(range(last + (2 if cut else 1), last + len(made) + 1))

    def rows(self, conversation: str | None = None) -> Iterator[JournalRow]:
        """Every row, or those of one conversation, in order."""
        where, values = ("WHERE conversation = ?", (conversation,)) if conversation else ("", ())
        query = f"SELECT {COLUMNS} FROM journal {where} ORDER BY id"  # noqa: S608  constants
        return (JournalRow(*row) for row in self._db.execute(query, values))

    def head(self) -> Head:
        """How long it is now, and the chain of its last row."""
        count, chain = self._end()
        return Head(count, chain.hex())

    def verify(self, head: Head | None = None) -> list[str]:
        """What is wrong with it; nothing where it is as it was written.

        Args:
            head: one kept elsewhere, of now or of before.
        """
        with snapshot(self._db):
            return self._problems(head)

    def _problems(self, head: Head | None) -> list[str]:
        chain, count = self._start(), 0
        problems: list[str] = []
        seen = head is None or (head.chain == chain.hex() and head.length in (0, -1))
        query = f"SELECT {COLUMNS}, chain FROM journal ORDER BY id"  # noqa: S608  constants
        for *fields, stored in self._db.execute(query):
            row = JournalRow(*fields)
            if row.id != count + 1:
                problems.append(f"after row {count} comes row {row.id}: rows are missing")
            if not hmac.compare_digest(stored, self._link(chain, row)):
                problems.append(f"row {row.id} is not what was written there")
            if row.kind == _CUT_OFF:
                problems.append(f"before row {row.id} it did not end where the index said")
            chain, count = stored, row.id
            if head is not None and chain.hex() == head.chain and head.length in (count, -1):
                seen = True
        if not self._ends_at(count, chain):
            problems.append("it does not end where the index says that it ends")
        if not seen:
            problems.append("the head given is not in it: it was cut off, or is another journal")
        return problems

    def _end(self) -> tuple[int, bytes]:
        """Number and chain of the last row."""
        row = self._db.execute("SELECT id, chain FROM journal ORDER BY id DESC LIMIT 1").fetchone()
        return (row[0], row[1]) if row else (0, self._start())

    def _ends_at(self, count: int, chain: bytes) -> bool:
        """Whether that is the end that was written last."""
        kept = self._db.execute("SELECT value FROM meta WHERE name = 'journal'").fetchone()
        if kept is None:
            return not count
        return hmac.compare_digest(kept[0].encode(), self._record(count, chain).encode())

    def last_chain(self, kinds: Sequence[str]) -> bytes:
        """The chain of the last row of these kinds; empty where there is none."""
        row = self._db.execute(
            f"SELECT chain FROM journal WHERE kind IN ({','.join('?' * len(kinds))})"  # noqa: S608
            " ORDER BY id DESC LIMIT 1",
            tuple(kinds),
        ).fetchone()
        return row[0] if row else b""

    def _start(self) -> bytes:
        """What the first row is chained to: this index and no other."""
        row = self._db.execute("SELECT value FROM meta WHERE name = 'index_id'").fetchone()
        return self._key.seal("journal start", str(row[0] if row else "").encode())

    def _link(self, before: bytes, row: JournalRow) -> bytes:
        return self._key.seal("journal", before, repr(tuple(row)).encode())

    def _record(self, count: int, chain: bytes) -> str:
        """What `meta` keeps of the end."""
        return f"{count}:{self._key.seal('journal end', str(count).encode(), chain).hex()}"
