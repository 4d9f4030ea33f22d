"""What conditions ask beyond a finding itself, worked out when the first of them asks."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import NamedTuple

from forensics.gate.new import Base, NewSince
from forensics.index.database import Connection
from forensics.index.lives import Lives
from forensics.index.reader import IndexReader
from forensics.index.records import Finding
from forensics.lifecycle.case import days_between, since_of
from forensics.lifecycle.refs import present_at, refs_by_place
from forensics.lifecycle.statements import statements
from forensics.lifecycle.status import status_of
from forensics.scan.listed import Known

__all__ = ["Facts", "Standing"]

_UNROTATED = frozenset(("exposed", "rolled-back", "replaced-still-elsewhere"))


class Standing(NamedTuple):
    """Where a secret stands, as `forensics rotation` has it."""

    status: str
    unrotated_days: int | None
    """Whole days since the first commit had it, if it still stands at a tip; None where it does
    not, or no commit brought it."""


class Facts:
    """Of one index, or of one repository in it."""

    def __init__(
        self, connection: Connection, row: int | None, bases: Mapping[int, Base | None]
    ) -> None:
        """Facts of the repository `row`, or of all.

        Args:
            connection: of the index.
            row: of a repository.
            bases: by row, what new things are compared with; None where no entry asks.
        """
        self._connection, self._row, self._bases = connection, row, bases

    def standing(self, finding: Finding) -> Standing | None:
        """Where a finding's secret stands; None where that cannot be told."""
        return self._standings.get(finding.secret)

    def new_since(self, ref: str, finding: Finding) -> tuple[bool, ...]:
        """Of each commit that introduced it, whether the ref does not lead to it. What no commit
        introduced, as what stands in a tag's message, is new.

        Raises:
            GitFailed: history cannot be walked.
        """
        row, commits = self._introductions.get(finding.occurrence, (0, ()))
        if finding.kind == "tag" or row not in self._new:
            return (True,)
        return self._new[row].among(ref, commits)

    def known(self, baseline: Known, finding: Finding) -> bool:
        """Whether a baseline lists it."""
        return baseline.lists(
            finding.secret,
            finding.path,
            finding.rule,
            lambda: self._lines.get(finding.secret, ()),
            lambda: self._introductions.get(finding.occurrence, (0, ()))[1],
        )

    @cached_property
    def _lines(self) -> Mapping[str, Collection[int]]:
        return IndexReader(self._connection).lines()

    @cached_property
    def _standings(self) -> dict[str, Standing]:
        """As `forensics.lifecycle.case` has them, without what nobody asks for here."""
        now, lives = time.time(), Lives(self._connection)
        said, refs = statements(self._connection, now), refs_by_place(lives.refs())
        found = {}
        for life in lives.all(self._row):
            status = status_of(life, present_at(life.places, refs), said.get(life.secret))
            since = since_of(life) if status.name in _UNROTATED else None
            days = None if since is None else days_between(since.at.commit_time, now)
            found[life.secret] = Standing(status.name, days)
        return found

    @cached_property
    def _introductions(self) -> Mapping[int, tuple[int, tuple[str, ...]]]:
        return IndexReader(self._connection).introductions(self._row)

    @cached_property
    def _new(self) -> Mapping[int, NewSince]:
        commits: dict[int, set[str]] = {}
        for row, those in self._introductions.values():
            commits.setdefault(row, set()).update(those)
        bases = ((row, self._bases[row]) for row in commits)
        return {
            row: NewSince(base, commits[row])
            for row, base in bases
            if base is not None and base.repository is not None
        }
