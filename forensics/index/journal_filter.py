"""What somebody wants of the journal, as it is written."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from forensics.query.problem import QueryProblem

__all__ = ["KINDS", "JournalFilter", "journal_filter"]

KINDS = (
    "acknowledged", "baseline-written", "cut-off", "drift-accepted", "drift-taken-back",
    "exported", "found", "imported", "quarantined", "read-after-all", "reopened", "retried",
    "revealed", "scan-finished", "scan-started", "triaged", "undone",
)  # fmt: skip
"""Kinds of rows that this version writes."""
_TERM = re.compile(r"(?<!\S)(kind|after):(\S*)")
_ROW = re.compile(r"[0-9]{1,18}")
_SHOWN = 40
"""Characters of a kind in a message."""


class JournalFilter(NamedTuple):
    """Rows that are of one of these kinds, if there are any, came after a row, and have a text."""

    kinds: tuple[str, ...] = ()
    after: int = 0
    text: str = ""


def journal_filter(written: str, known: Collection[str] = ()) -> JournalFilter:
    """What `kind:triaged,undone after:12 some text` wants.

    Args:
        written: as above, in any order.
        known: kinds of rows besides those that this version writes.

    Raises:
        QueryProblem: there is no such kind, or `after:` has no number of a row.
    """
    kinds: list[str] = []
    after = 0
    for term in _TERM.finditer(written):
        if term[1] == "after":
            if not _ROW.fullmatch(term[2]):
                raise QueryProblem(
                    f"{term[2][:_SHOWN]!r} is no number of an entry", "one, such as after:12",
                    written, term.start(2),
                )  # fmt: skip
            after = max(after, int(term[2]))
            continue
        at = term.start(2)
        for kind in term[2].split(","):
            if kind not in KINDS and kind not in known:
                raise QueryProblem(
                    f"there is no kind {kind[:_SHOWN]!r}", f"one of {', '.join(KINDS)}",
                    written, at,
                )  # fmt: skip
            kinds.append(kind)
            at += len(kind) + 1
    return JournalFilter(tuple(kinds), after, _TERM.sub(" ", written).strip())
