"""The words of a query, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from forensics.query.problem import QueryProblem

__all__ = ["LONGEST", "Word", "Words", "quoted", "words"]

LONGEST = 10_000
"""Characters of a query."""
MOST_TERMS = 100
MOST_VALUES = 500

_SPACE = re.compile(r"\s+")
_FIELD = re.compile(r"([A-Za-z][A-Za-z_-]*):")
_PLAIN = re.compile(r'[^\s",\\]+')
_QUOTED = re.compile(r'[^"\\]+')
_WILD = "*?\\"
_NEEDS_QUOTES = re.compile(r'[\s",]|^[-=<>#]|:|\.\.|^$')


class Word(NamedTuple):
    """A value as it is written, between commas."""

    text: str
    """Without quotes and escapes."""
    pattern: str
    """The same with a backslash before each character that stands for itself although it could
    mean more."""
    start: int
    end: int
    quoted: bool
    """Whether it starts with a quotation mark or backslash, so that it has no operator."""


class Words(NamedTuple):
    """A term as it is written."""

    field: str
    """In lower case; empty where there is none."""
    field_start: int
    negated: bool
    values: tuple[Word, ...]
    start: int
    end: int


def words(text: str, *, unfinished: bool = False) -> Iterator[Words]:
    """The terms of a query.

    Args:
        text: the query.
        unfinished: whether it may end in the middle, as while somebody types it.

    Raises:
        QueryProblem: it is too long, a quotation mark has no other, or a value is missing.
    """
    if len(text) > LONGEST:
        raise QueryProblem(
            f"a query of {len(text):,} characters is too long",
            f"at most {LONGEST:,} characters", text, LONGEST,
        )  # fmt: skip
    at = terms = values = 0
    while True:
        if space := _SPACE.match(text, at):
            at = space.end()
        if at == len(text):
            return
        term = _term(text, at, unfinished)
        terms, values, at = terms + 1, values + len(term.values), term.end
        if terms > MOST_TERMS or values > MOST_VALUES:
            raise QueryProblem(
                "the query has too many parts",
                f"at most {MOST_TERMS} terms and {MOST_VALUES} values", text, term.start,
            )  # fmt: skip
        yield term


def _term(text: str, start: int, unfinished: bool) -> Words:
    at = start
    negated = text.startswith("-", at) and at + 1 < len(text) and not text[at + 1].isspace()
    at += negated
    field, field_start = "", at
    if named := _FIELD.match(text, at):
        field, at = named[1].lower(), named.end()
    found: list[Word] = []
    while True:
        value = _value(text, at, unfinished)
        if value.start == value.end and not unfinished:
            where = (
                "after the comma" if found else f"after {field}:" if field else "before the comma"
            )
            raise QueryProblem(f"a value is missing {where}", "a value there", text, at)
        found.append(value)
        at = value.end
        if not text.startswith(",", at):
            return Words(field, field_start, negated, tuple(found), start, at)
        at += 1


def _value(text: str, start: int, unfinished: bool) -> Word:
    """The value that starts there, empty if none does."""
    at, literal, pattern = start, "", ""
    opened = -1
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):
            literal += text[at + 1]
            pattern += "\\" + text[at + 1] if text[at + 1] in _WILD else text[at + 1]
            at += 2
        elif text[at] == "\\":
            if not unfinished:
                raise QueryProblem(
                    "nothing follows the backslash", "the character that it stands before", text, at
                )
            at += 1
        elif text[at] == '"':
            opened = at if opened < 0 else -1
            at += 1
        elif plain := (_PLAIN if opened < 0 else _QUOTED).match(text, at):
            literal += plain[0]
            pattern += plain[0]
            at = plain.end()
        else:
            break
    if opened >= 0 and not unfinished:
        raise QueryProblem("a quotation mark has no other", 'a closing "', text, opened)
    return Word(literal, pattern, start, at, text.startswith(('"', "\\"), start))


def quoted(text: str, *, literal: bool = True) -> str:
    """A value as it can stand in a query.

    Args:
        text: the value; a pattern, with its escapes, unless `literal`.
        literal: whether `*` and `?` in it stand for themselves.
    """
    needs = _NEEDS_QUOTES.search(text) is not None
    escaped = text.replace("\\", "\\\\") if literal else text
    for one in '"*?' if literal else '"':
        escaped = escaped.replace(one, "\\" + one)
    return f'"{escaped}"' if needs else escaped
