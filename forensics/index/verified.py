"""Whether what people did stands in an index as it was written: the journal, and triage."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from forensics.index.journal import Head, Journal
from forensics.index.triage import Triage
from forensics.key import Key

__all__ = ["Verified", "verified"]


class Verified(NamedTuple):
    """What was looked at, and what is wrong with it."""

    head: Head
    """Of the journal."""
    problems: list[str]
    """None where all is as it was written."""


def verified(connection: sqlite3.Connection, key: Key, kept: Head | None = None) -> Verified:
    """Look through the journal and all decisions.

    Args:
        connection: to the index.
        key: that the index was made with.
        kept: a head of the journal kept elsewhere, of now or of before.
    """
    journal = Journal(connection, key)
    problems = journal.verify(kept)
    if not Triage(connection, key).sound():
        problems.append("triage was changed by something else")
    return Verified(journal.head(), problems)
