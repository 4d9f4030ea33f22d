"""What could be typed next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from forensics.query.fields import FIELDS, field_named
from forensics.query.lexer import quoted, words
from forensics.query.problem import QueryProblem

__all__ = ["Completion", "complete"]

_OPERATORS = "<>="


class Completion(NamedTuple):
    """One way to go on."""

    text: str
    """The whole query then."""
    cursor: int
    """Where in it the cursor then stands."""
    shown: str
    what: str
    """What it means, where that is known."""


def complete(
    text: str, cursor: int, values: Callable[[str], Iterable[str]], *, most: int = 50
) -> list[Completion]:
    """Ways to complete what stands before the cursor; names of fields, then values.

    Args:
        text: a query, which need not be finished.
        cursor: the number of characters before the cursor.
        values: known texts for a field, by its name, best first; choices need none.
        most: of them.
    """
    try:
        before = [*words(text[:cursor], unfinished=True)]
    except QueryProblem:  # it is too long
        return []
    last = before[-1] if before and before[-1].end == cursor else None
    found: list[tuple[str, str, str, int]] = []
    if last is None or not last.field:
        start = last.field_start if last else cursor
        typed = text[start:cursor].lower()
        if last is None or len(last.values) == 1:
            found = [
                (f"{one.name}:", one.name, one.what, start)
                for one in FIELDS
                if any(name.startswith(typed) for name in (one.name, *one.aliases))
            ]
    elif field := field_named(last.field):
        word = last.values[-1]
        sign = (
            "" if word.quoted else word.text[: len(word.text) - len(word.text.lstrip(_OPERATORS))]
        )
        typed = word.text[len(sign) :].lower()
        known = [*(field.choices or values(field.name))]
        starting = [one for one in known if one.lower().startswith(typed)]
        within = [
            one for one in known if typed in one.lower() and not one.lower().startswith(typed)
        ]
        found = [(sign + quoted(one), one, "", word.start) for one in (*starting, *within)]
    return [
        Completion(text[:start] + new + text[cursor:], start + len(new), shown, what)
        for new, shown, what, start in found[:most]
    ]
