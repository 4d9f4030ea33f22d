"""Changing the text of a query, with everything else left as the user wrote it.

Values are given as they would be written: `high`, `>=high`, `deploy/**`, `"two words"`; `quoted`
and `exactly` write any text so.
"""

from __future__ import annotations

from typing import NamedTuple

from forensics.query.fields import field_named
from forensics.query.lexer import Words, quoted, words
from forensics.query.parse import parse
from forensics.query.tree import Value

__all__ = ["add", "exactly", "remove", "wants", "without_texts"]


class _Found(NamedTuple):
    written: Words
    values: tuple[Value, ...]


def exactly(text: str) -> str:
    """A text as the value that means this text and no other."""
    return "=" + quoted(text)


def add(text: str, field: str, value: str, *, negated: bool = False) -> str:
    """The query with a value of a field wanted or, negated, not wanted; and no longer the other way
    round. Where a term of the field is there, the value is joined to it with a comma.

    Args:
        text: a query.
        field: the name of a field; empty for a text.
        value: as it would be written.
        negated: whether it is not wanted.

    Raises:
        QueryProblem: one of them cannot be read.
    """
    text = remove(text, field, value, negated=not negated)
    found = _terms(text, field, negated)
    if any(_meant(field, value) in one.values for one in found):
        return text
    if found:
        end = found[-1].written.end
        return f"{text[:end]},{value}{text[end:]}"
    gap = " " if text and not text[-1].isspace() else ""
    return f"{text}{gap}{'-' if negated else ''}{field}{':' if field else ''}{value}"


def remove(text: str, field: str, value: str, *, negated: bool = False) -> str:
    """The query without a value of a field, and without a term whose only value that was.

    Raises:
        QueryProblem: one of them cannot be read.
    """
    meant = _meant(field, value)
    for written, values in reversed(_terms(text, field, negated)):
        kept = [
            text[word.start : word.end]
            for word, other in zip(written.values, values, strict=True)
            if other != meant
        ]
        if not kept:
            text = _cut(text, written)
        elif len(kept) < len(values):
            text = text[: written.values[0].start] + ",".join(kept) + text[written.end :]
    return text


def wants(text: str, field: str, value: str) -> bool | None:
    """Whether a value is wanted; None where the query does not name it.

    Raises:
        QueryProblem: one of them cannot be read.
    """
    meant = _meant(field, value)
    for negated in (False, True):
        if any(meant in one.values for one in _terms(text, field, negated)):
            return not negated
    return None


def _meant(field: str, value: str) -> Value:
    (term,) = parse(f"{field}:{value}" if field else value).terms
    (meant,) = term.values
    return meant


def _terms(text: str, field: str, negated: bool) -> list[_Found]:
    """The terms of that field, under any of its names."""
    known = field_named(field)
    name = known.name if known else field
    return [
        _Found(written, term.values)
        for written, term in zip(words(text), parse(text).terms, strict=True)
        if (term.field, term.negated) == (name, negated)
    ]


def _cut(text: str, term: Words) -> str:
    """The text without a term, and without the space that set it off."""
    before, after = text[: term.start], text[term.end :]
    return before + after[1:] if after else before[:-1]


def without_texts(text: str) -> str:
    """The query without its terms that are no more than a text, which can be what somebody looks
    for: a value.

    Raises:
        QueryProblem: it cannot be read.
    """
    left, at = [], 0
    for term in sorted(parse(text).terms, key=lambda one: one.start):
        if not term.field:
            left.append(text[at : term.start])
            at = term.end
    return " ".join("".join([*left, text[at:]]).split()) if left else text
