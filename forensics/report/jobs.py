"""What waits in quarantine, as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forensics.index.quarantine import Job
from forensics.report.text import iso_date, printable

__all__ = ["job_lines"]


def job_lines(jobs: Iterable[Job]) -> Iterator[str]:
    """One line an object: state, attempts, since when, which, and why."""
    for one in jobs:
        since = (iso_date(int(one.first_seen), 0) or "")[:10]
        name = one.oid.hex() or "-"
        tries = "1 try" if one.attempts == 1 else f"{one.attempts} tries"
        yield f"{one.state:<13}{tries:<10}since {since}  {name}  {printable(one.reason)}"
