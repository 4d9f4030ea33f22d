"""What a query says, read."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

__all__ = ["Digits", "Numbers", "OneOf", "Pattern", "Position", "Query", "Term", "Value", "When"]


class Pattern(NamedTuple):
    """A text to look for; see `forensics.query.match`."""

    text: str
    """As it was meant, without quotes and escapes."""
    pattern: str
    """With wildcards, and a backslash before what stands for itself."""
    exact: bool
    """Whether it is the whole and nothing in it is a wildcard."""


class OneOf(NamedTuple):
    """Any of these."""

    choices: frozenset[str]


class Numbers(NamedTuple):
    """From the first to the last, both included."""

    low: int | None
    high: int | None


class When(NamedTuple):
    """A time: from the first moment on, before the second."""

    low: int | None
    high: int | None
    """Seconds since 1970; where `ago`, seconds before now."""
    low_ago: bool = False
    high_ago: bool = False

    def between(self, now: float) -> tuple[int | None, int | None]:
        """The same in seconds since 1970."""
        low, high = self.low, self.high
        return (
            int(now) - low if low is not None and self.low_ago else low,
            int(now) - high if high is not None and self.high_ago else high,
        )


class Position(NamedTuple):
    """After a row of the journal."""

    row: int | None
    """None for the last one that was there when the user last left the index."""


class Digits(NamedTuple):
    """What a fingerprint starts with, in hexadecimal digits."""

    text: str


Value: TypeAlias = Pattern | OneOf | Numbers | When | Position | Digits


class Term(NamedTuple):
    """One condition: any of the values, or, negated, none of them."""

    field: str
    """Empty for a text anywhere."""
    negated: bool
    values: tuple[Value, ...]
    start: int
    end: int
    """Its place in the text."""


class Query(NamedTuple):
    """All of the terms hold."""

    terms: tuple[Term, ...] = ()

    def without(self, field: str) -> Query:
        """What is left without the terms of a field."""
        return Query(tuple(one for one in self.terms if one.field != field))

    def names(self, field: str) -> bool:
        """Whether a term is of that field."""
        return any(one.field == field for one in self.terms)
