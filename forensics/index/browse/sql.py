"""Terms of SQL with what they take, and how they are joined."""

from __future__ import annotations

from collections.abc import Iterable
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
    return Sql(word.join(f"({one.text})" for one in given), values)


def wrap(template: str, inner: Sql) -> Sql:
    """The template around a term; nothing around nothing."""
    return inner and Sql(template.format(inner.text), inner.values)


def marks(values: Iterable[object]) -> str:
    """A question mark for each value."""
    return ",".join("?" for _ in values)
