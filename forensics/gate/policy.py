"""A policy: entries in order, of which the first that fits a finding decides."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from forensics.git.own_files import OwnFiles

__all__ = ["FAIL", "PASS", "SEVERITIES", "DriftEntry", "Entry", "Policy"]

PASS, FAIL = "pass", "fail"
SEVERITIES = ("critical", "high", "medium", "low")
"""The worst first."""


class Entry(NamedTuple):
    """An entry of [[gate.rules]]. What it does not say holds for everything."""

    number: int
    """From 1."""
    action: str
    reason: str = ""
    paths: tuple[str, ...] = ()
    """Globs."""
    patterns: tuple[re.Pattern[str], ...] = ()
    """Of `paths`."""
    rules: tuple[str, ...] = ()
    """Ids, globs over ids, and what other tools call rules."""
    severity: str = ""
    """Or worse."""
    confidence: float = 0.0
    """Or more."""
    status: tuple[str, ...] = ()
    """As `forensics rotation` has them."""
    new_since: str = ""
    """A ref."""
    unrotated_days: int | None = None
    """Or more."""
    baseline: str = ""
    """A report that lists it."""


class DriftEntry(NamedTuple):
    """An entry of [[gate.drift]]."""

    number: int
    action: str
    reason: str = ""
    kinds: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    """Globs, as those that follow."""
    environments: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    severity: str = ""
    """Or worse."""
    open_days: int = 0
    """Or more."""


class Policy(NamedTuple):
    """What a [gate] says."""

    name: str
    """Of the file."""
    default: str
    """For what no entry fits."""
    entries: tuple[Entry, ...] = ()
    drift: tuple[DriftEntry, ...] = ()
    folder: Path | None = None
    """Where the file lies."""
    own: OwnFiles | None = None
    """The files of the repository that it is one of; None for a user's."""

    @property
    def refs(self) -> frozenset[str]:
        """All that entries compare with."""
        return frozenset(one.new_since for one in self.entries if one.new_since)
