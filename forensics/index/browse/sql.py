"""Terms of SQL with what they take, and how they are joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

__all__ = ["Sql", "joined", "marks", "wrap"]


class Sql(NamedTuple):
    """An SQL term and what it takes; an empty one asks for nothing."""

    text: str
    values: tuple[object, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text)


def joined(terms: Iterable[Sql], word: str) -> Sql:
    """Terms in parentheses, joined; those that ask for nothing left out."""
    given = [one for one in terms if one]
    values = tuple(value for one in given for value in one.values)
    return Sql(_nested([one.text for one in given], word), values)


def _nested(terms: Sequence[str], word: str) -> str:
    """Terms joined in halves of halves: SQLite takes no chain of a thousand."""
    if len(terms) < 2:
        return f"({terms[0]})" if terms else ""
    middle = len(terms) // 2
    return f"({_nested(terms[:middle], word)}{word}{_nested(terms[middle:], word)})"


def wrap(template: str, inner: Sql) -> Sql:
    """The template around a term; nothing around nothing."""
    return inner and Sql(template.format(inner.text), inner.values)


def marks(values: Iterable[object]) -> str:
    """A question mark for each value."""
    return ",".join("?" for _ in values)
