"""How much of an expression is fixed bytes, which is what makes looking for it cheap."""

from __future__ import annotations

from functools import reduce
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

__all__ = ["LEAST_LITERAL", "longest_literal"]

LEAST_LITERAL = 3
"""Bytes. An anchor without so long a run of fixed bytes is looked for at every position."""

_SMALL_CLASS = 5
"""A class of at most so many bytes, like `[_.-]`, counts as a fixed byte: it multiplies out."""


class _Run(NamedTuple):
    """Lengths of runs of fixed bytes that stand in every match of a part of an expression."""

    first: int = 0
    last: int = 0
    best: int = 0
    fixed: bool = False
    """Whether the part is nothing but fixed bytes."""

    def then(self, other: _Run) -> _Run:
        return _Run(
            self.first + (other.first if self.fixed else 0),
            other.last + (self.last if other.fixed else 0),
            max(self.best, other.best, self.last + other.first),
            self.fixed and other.fixed,
        )


_NOTHING = _Run(fixed=True)
_BYTE = _Run(1, 1, 1, True)
_ANY = _Run()


def _sequence(parts: Any) -> _Run:
    return reduce(_Run.then, (_part(kind, argument) for kind, argument in parts), _NOTHING)


def _repeated(least: int, most: int, inner: _Run) -> _Run:
    if least == 0:
        return _ANY
    if not inner.fixed:
        return inner
    length = inner.best * least
    return _Run(length, length, length, least == most)


def _part(kind: Any, argument: Any) -> _Run:
    if kind is op.LITERAL:
        return _BYTE
    if kind is op.IN:
        small = len(argument) <= _SMALL_CLASS and all(each[0] is op.LITERAL for each in argument)
        return _BYTE if small else _ANY
    if kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
        return _NOTHING
    if kind is op.SUBPATTERN:
        return _sequence(argument[3])
    if kind is op.ATOMIC_GROUP:
        return _sequence(argument)
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return _repeated(argument[0], argument[1], _sequence(argument[2]))
    if kind is op.BRANCH:
        runs = [_sequence(branch) for branch in argument[1]]
        return _Run(
            min(run.first for run in runs),
            min(run.last for run in runs),
            min(run.best for run in runs),
            all(run.fixed for run in runs),
        )
    return _ANY


def longest_literal(expression: str) -> int:
    """Bytes in the longest run of fixed bytes that every match of `expression` contains.

    Raises:
        re.error: the expression does not parse.
    """
    return _sequence(parser.parse(expression.encode())).best
