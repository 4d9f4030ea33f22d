"""Reading a query."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from forensics.query.fields import Field, field_named, names
from forensics.query.lexer import Word, Words, words
from forensics.query.problem import QueryProblem
from forensics.query.times import read_time
from forensics.query.tree import Digits, Numbers, OneOf, Pattern, Position, Query, Term, Value

__all__ = ["parse"]

_SHOWN = 40
"""Characters of a value in a message."""

_OPERATOR = re.compile(r"(>=|<=|>|<|=)")
_NUMBER = re.compile(r"\d{1,15}")
_ROW = re.compile(r"#(\d{1,15})")
_VISIT = "visit"
_FINGERPRINT = re.compile(r"#?([0-9a-f]{1,64})(?:…|\.\.\.)?", re.IGNORECASE)


class _Given(NamedTuple):
    """A value, and what it belongs to."""

    text: str
    field: Field
    word: Word
    operator: str
    rest: str
    """Without the operator."""

    def wrong(self) -> QueryProblem:
        shown = self.word.text if len(self.word.text) < _SHOWN else self.word.text[:_SHOWN] + "…"
        message = f"{shown!r} is no value of {self.field.name}"
        if self.field.choices:
            message += _nearest(self.rest.lower(), (*self.field.choices, *self.field.called))
        return QueryProblem(message, self.field.expected, self.text, self.word.start)


def parse(text: str) -> Query:
    """What a query says; an empty one asks for everything.

    Raises:
        QueryProblem: it cannot be read.
    """
    return Query(tuple(_term(text, one) for one in words(text)))


def _term(text: str, written: Words) -> Term:
    if not written.field:
        values: tuple[Value, ...] = tuple(
            Pattern(one.text, one.pattern, exact=False) for one in written.values
        )
        for one in written.values:
            if not one.text:
                raise QueryProblem("a text is empty", "something to look for", text, one.start)
        return Term("", written.negated, values, written.start, written.end)
    field = field_named(written.field)
    if field is None:
        message = f"{written.field!r} is no field{_nearest(written.field, names())}"
        raise QueryProblem(
            message, "a field, or quotation marks around a text", text, written.field_start
        )
    values = tuple(_value(text, field, one) for one in written.values)
    return Term(field.name, written.negated, values, written.start, written.end)


def _nearest(given: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches  # only a mistake needs it

    close = get_close_matches(given[:_SHOWN], known, 1)
    return f", {close[0]} is" if close else ""


def _value(text: str, field: Field, word: Word) -> Value:
    sign = None if word.quoted else _OPERATOR.match(word.text)
    operator = sign[0] if sign else ""
    given = _Given(text, field, word, operator, word.text[len(operator) :])
    if not given.rest:
        raise QueryProblem(
            f"a value is missing after {field.name}:{operator}", field.expected, text, word.end
        )
    if field.kind == "pattern":
        if operator not in ("", "="):
            raise given.wrong()
        return Pattern(given.rest, word.pattern[len(operator) :], exact=operator == "=")
    return _READERS[field.kind](given)


def _choice(given: _Given) -> OneOf:
    field, name = given.field, given.rest.lower()
    name = field.called.get(name, name)
    if name not in field.choices or (given.operator not in ("", "=") and not field.ordered):
        raise given.wrong()
    at = field.choices.index(name)
    chosen = {
        ">": field.choices[at + 1 :],
        ">=": field.choices[at:],
        "<": field.choices[:at],
        "<=": field.choices[: at + 1],
    }
    return OneOf(frozenset(chosen.get(given.operator, (name,))))


def _number(given: _Given) -> Numbers:
    low, dots, high = given.rest.partition("..")
    ends = [one for one in (low, high) if one]
    if not ends or not all(_NUMBER.fullmatch(one) and one.isascii() for one in ends):
        raise given.wrong()
    if dots:
        if given.operator not in ("", "="):
            raise given.wrong()
        return Numbers(int(low) if low else None, int(high) if high else None)
    number = int(low)
    return {
        ">": Numbers(number + 1, None),
        ">=": Numbers(number, None),
        "<": Numbers(None, number - 1),
        "<=": Numbers(None, number),
    }.get(given.operator, Numbers(number, number))


def _time(given: _Given) -> Value:
    found = read_time(given.operator, given.rest)
    if found is None:
        raise given.wrong()
    return found


def _point(given: _Given) -> Value:
    row = _ROW.fullmatch(given.rest)
    if row and row[1].isascii() and not given.operator:
        return Position(int(row[1]))
    if given.rest.lower() == _VISIT and given.operator in ("", "="):
        return Position(None)
    return _time(given)


def _due(given: _Given) -> Value:
    found = read_time(given.operator, given.rest, ahead=True)
    if found is None:
        raise given.wrong()
    return found


def _fingerprint(given: _Given) -> Digits:
    digits = _FINGERPRINT.fullmatch(given.rest)
    if digits is None or given.operator not in ("", "="):
        raise given.wrong()
    return Digits(digits[1].lower())


_READERS: dict[str, Callable[[_Given], Value]] = {
    "choice": _choice,
    "number": _number,
    "time": _time,
    "due": _due,
    "point": _point,
    "fingerprint": _fingerprint,
}
