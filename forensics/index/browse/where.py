"""A query as SQL. What each field means is told in docs/query.md.

A secret fits if one of its places meets all terms about places at once, and the secret itself all
others. A secret that no scan has placed yet has no place: it meets none of the former, and so all
that are negated.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from forensics.index.browse.names import Names
from forensics.index.browse.sql import Sql, joined, wrap
from forensics.index.browse.terms import LIST, PLACE, secret, text_of_secret
from forensics.query.tree import Query, Term, Value

__all__ = ["OF_PLACES", "Where", "where"]

OF_PLACES = frozenset(PLACE)
"""Fields that ask about a place."""


class Where(NamedTuple):
    """A query as terms over `secret` and over `place`, each empty where it asks for nothing.

    A plus keeps SQLite from looking into an index for each of many thousand rows of a list, for
    each of another: one pass over a table takes a few hundredths of a second at most.
    """

    of_secret: Sql
    of_place: Sql
    visible: Sql
    """Over `secret`: that it has a place, if need be one that meets the terms over `place`; or is
    not placed yet."""
    looked_up: Sql
    """The same, quicker where only some secrets are asked about, or nearly all fit."""
    common: bool
    """Whether nearly all fit, by what is asked of places: only that they are not so."""

    def secrets(self, *, some: bool = False) -> Sql:
        """Everything as one term over `secret`, of all secrets or of some."""
        visible = self.looked_up if some or self.common else self.visible
        return joined((visible, self.of_secret), " AND ") or _ALL

    def places(self) -> Sql:
        """Everything as one term over `place`."""
        return joined((self.of_place, self._of("+place.secret_id")), " AND ") or _ALL

    def introducers(self) -> Sql:
        """Everything as one term over `introducer`."""
        if not self.of_place:
            return self._of("+introducer.secret_id") or _ALL
        return wrap(
            "+introducer.occurrence_id IN (SELECT occurrence_id FROM place WHERE {})", self.places()
        )

    def _of(self, column: str) -> Sql:
        return wrap(_OF.format(column), self.of_secret)


_ALL = Sql("1")
_OF = "{} IN (SELECT secret.id FROM secret WHERE {{}})"
_AMONG = "+secret.id IN (SELECT secret_id FROM place WHERE {})"
_LOOKED_UP = "EXISTS (SELECT 1 FROM place WHERE place.secret_id = secret.id AND {})"


def where(query: Query, names: Names, now: float) -> Where:
    """The SQL of a query; inside the transaction that asks it."""
    of_secret: list[Sql] = []
    of_place: list[Sql] = []
    unplaced: list[Sql] = []
    for term in query.terms:
        if term.field in OF_PLACES:
            of_place.append(_any(term, partial(PLACE[term.field], names)))
            unplaced.append(_unplaced(term, names))
        else:
            of_secret.append(_any(term, partial(secret, term.field, names, now)))
    places = joined(of_place, " AND ")
    secrets = joined(of_secret, " AND ")
    common = all(term.negated for term in query.terms if term.field in OF_PLACES)
    if not places:
        visible = Sql(LIST.format("secret.id NOT"), (names.hidden,)) if names.hidden else Sql("")
        return Where(secrets, places, visible, visible, common)
    met = (wrap(_AMONG, places), wrap(_LOOKED_UP, places))
    if names.unplaced:
        unplaced.append(Sql(LIST.format("secret.id"), (names.unplaced,)))
        other = joined(unplaced, " AND ")
        met = (joined((met[0], other), " OR "), joined((met[1], other), " OR "))
    return Where(secrets, places, *met, common)


def _any(term: Term, compiled: Callable[[Value], Sql]) -> Sql:
    """Any of the values of a term, or, negated, none. What is unknown is not so."""
    made = joined((compiled(value) for value in term.values), " OR ")
    return wrap("({}) IS NOT TRUE" if term.negated else "({}) IS TRUE", made)


def _unplaced(term: Term, names: Names) -> Sql:
    """A term about places, of a secret that has none."""
    if term.field:
        return Sql("1" if term.negated else "0")
    return _any(term, partial(text_of_secret, names, "secret.id"))
