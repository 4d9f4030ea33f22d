"""What was looked at, and how it is."""

from __future__ import annotations

from typing import NamedTuple

from forensics.errors import ForensicsError

__all__ = ["OK", "PROBLEM", "WARNING", "Check", "failed", "ok", "problem", "warning"]

OK, WARNING, PROBLEM = "ok", "warning", "problem"


class Check(NamedTuple):
    """One thing that was looked at."""

    area: str
    """What it belongs to: `git`, `key` and so on."""
    state: str
    """`ok`; `warning` where scans work, but do or cover less; `problem` where they fail."""
    found: str
    advice: str = ""
    """What to do about it."""


def ok(area: str, found: str) -> Check:
    """All is well."""
    return Check(area, OK, found)


def warning(area: str, found: str, advice: str) -> Check:
    """Scans work, but do or cover less than they could."""
    return Check(area, WARNING, found, advice)


def problem(area: str, found: str, advice: str) -> Check:
    """Scans fail."""
    return Check(area, PROBLEM, found, advice)


def failed(area: str, error: ForensicsError) -> Check:
    """A problem, in the words of the error that a command would end with."""
    return problem(area, str(error.args[0]), error.hint)
