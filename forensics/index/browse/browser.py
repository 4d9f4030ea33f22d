"""An index that is browsed: one connection, asked by one thread at a time."""

from __future__ import annotations

import json
import sqlite3
import time
from array import array
from collections.abc import Callable, Iterable

from forensics.index.browse.facets import Facet, facet
from forensics.index.browse.names import Kept, Known, Names
from forensics.index.browse.order import Order
from forensics.index.browse.rows import SecretRow, secret_rows
from forensics.index.browse.sql import Sql
from forensics.index.browse.where import Where, where
from forensics.index.snapshot import snapshot
from forensics.query.tree import Query

__all__ = ["Browser"]

_AHEAD = 1024
"""Secrets among which the first are looked for before all are."""


class Browser:
    """Answers questions of those who browse. Each answer is of one moment; others may write
    meanwhile."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        known: Known = Known(),  # noqa: B008  never changed
        *,
        clock: Callable[[], float] = time.time,
        kept: Kept | None = None,
    ) -> None:
        """Ask that connection.

        Args:
            connection: open for reading.
            known: what the index does not tell.
            clock: what relative times are counted from.
            kept: what it shares with others that browse this index.
        """
        self._db, self._clock = connection, clock
        self._names = Names(connection, known, kept)

    def close(self) -> None:
        """Let go of the index."""
        self._db.close()

    def journal_end(self) -> int:
        """The last row of the journal: what is found from now on is `new:#` of that."""
        row = self._db.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()
        return int(row[0])

    def total(self, query: Query = Query()) -> int:  # noqa: B008  never changed
        """How many secrets fit."""
        with snapshot(self._db):
            term = self._where(query)
            row = self._db.execute(f"SELECT count(*) FROM secret WHERE {term.text}", term.values)  # noqa: S608
            return int(row.fetchone()[0])

    def first(self, query: Query, order: Order, size: int) -> tuple[int, ...]:
        """Rows of the first secrets that fit, in order."""
        with snapshot(self._db):
            given = self._given(query)
            ordered = f"ORDER BY {order.sorted()} LIMIT ?"
            rows: list[tuple[int]] = []
            if given.of_place:  # often enough of those that come first fit
                term = given.secrets(some=True)
                rows = self._db.execute(
                    f"SELECT id FROM (SELECT id, key FROM ({self._secrets(order)})"  # noqa: S608
                    f" {ordered}) AS ahead WHERE id IN (SELECT id FROM secret"
                    f" WHERE secret.id = ahead.id AND {term.text}) {ordered}",
                    (_AHEAD, *term.values, size),
                ).fetchall()
            if len(rows) < size:
                term = given.secrets()
                rows = self._db.execute(
                    f"SELECT id FROM ({self._secrets(order)} WHERE {term.text}) {ordered}",  # noqa: S608
                    (*term.values, size),
                ).fetchall()
        return tuple(row for (row,) in rows)

    def vector(self, query: Query, order: Order) -> array[int]:
        """Rows of all secrets that fit, in order. What stands at a place is found by number, and
        where a secret stands with `index`."""
        with snapshot(self._db):
            term = self._where(query)
            # As one text: other threads would be held up between any two of many rows.
            (listed,) = self._db.execute(
                "SELECT coalesce(group_concat(id), '') FROM"  # noqa: S608
                f" (SELECT id FROM ({self._secrets(order)} WHERE {term.text})"
                f" ORDER BY {order.sorted()})",
                term.values,
            ).fetchone()
        return array("q", json.loads(f"[{listed}]"))

    def rows(self, secrets: Iterable[int]) -> dict[int, SecretRow]:
        """What is shown of secrets, by row; those that are not there any more are left out."""
        return secret_rows(self._db, secrets)

    def facet(self, query: Query, field: str, *, most: int = 50) -> Facet:
        """How many secrets there are of each value of a field, if its own terms were not in the
        query."""
        with snapshot(self._db):
            given = self._given(query.without(field))
            return facet(self._db, field, given, self._names, self._clock(), most=most)

    def fingerprints(self, query: Query) -> set[str]:
        """Those of all secrets that fit."""
        with snapshot(self._db):
            term = self._where(query)
            rows = self._db.execute(
                f"SELECT lower(hex(fingerprint)) FROM secret WHERE {term.text}",  # noqa: S608
                term.values,
            )
            return {secret for (secret,) in rows}

    def places(self, query: Query) -> Sql:
        """A query as a term over `occurrence`, for who joins it to more."""
        term = self._given(query).places()
        within = f"occurrence.id IN (SELECT occurrence_id FROM place WHERE {term.text})"  # noqa: S608
        return Sql(within, term.values)

    def _secrets(self, order: Order) -> str:
        return order.rows(all_tallied=not self._names.unplaced)

    def _given(self, query: Query) -> Where:
        self._names.refresh()
        return where(query, self._names, self._clock())

    def _where(self, query: Query) -> Sql:
        return self._given(query).secrets()
