"""Drift of a repository: all of its events, and where its environments stand at a commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from forensics.drift.checks import all_checks
from forensics.drift.environments import Placer
from forensics.drift.ledger import Entry, Ledger
from forensics.drift.model import DriftEvent, Line, Reading, Step
from forensics.drift.ordering import Order
from forensics.drift.renames import renamed_keys
from forensics.drift.state import SetState
from forensics.drift.walk import Move, Turn, Walk

__all__ = ["Following", "Survey", "surveyed"]


class Survey(NamedTuple):
    """What the history of a line tells."""

    line: Line
    events: tuple[DriftEvent, ...]
    """By when they opened."""
    states: dict[str, SetState]
    """By set: what its environments get at the end of the line."""
    order: Order


def surveyed(line: Line, reading: Callable[[bytes, bytes], Reading], placer: Placer) -> Survey:
    """Follow a line from its first commit to its tip.

    Args:
        line: see `forensics.drift.record`.
        reading: of a path and a blob.
        placer: says which environment a file belongs to.
    """
    following = Following(reading, placer)
    for step in line.steps:
        following.take(step)
    following.finish(line.tip_time)
    ledger, order = following.ledger, following.ledger.order
    return Survey(line, ledger.events(line.tip_time), following.walk.states, order)


class Following:
    """Takes the steps of a line, oldest first, and keeps the book of drift."""

    def __init__(self, reading: Callable[[bytes, bytes], Reading], placer: Placer) -> None:
        """Begin before the first step; see `surveyed`."""
        self.walk = Walk(reading, placer)
        self.ledger = Ledger(Order(placer.tier))
        self._checks = all_checks(self.ledger)

    def take(self, step: Step) -> list[Turn | Move]:
        """Enter what the next step opens, changes or closes; what it changes."""
        turns = []
        for turn in self.walk.taken(step):
            turns.append(turn)
            if isinstance(turn, Move):
                self.ledger.moved(turn.before, turn.after, turn.step)
                for check in self._checks:
                    check.moved(turn.before, turn.after)
            else:
                self._see(turn)
        return turns

    def _see(self, turn: Turn) -> None:
        renamed = renamed_keys(turn)
        for entry in self.ledger.about(turn.set) if renamed else ():
            if entry.key in renamed:
                self.ledger.renamed(entry, renamed[entry.key], turn.step)
        for check in self._checks:
            for old, new in renamed.items():
                check.renamed(turn.set, old, new)
        for check in self._checks:
            check.see(turn)

    def finish(self, now: int) -> None:
        """The line has ended, at `now`."""
        for check in self._checks:
            check.finish(now)

    def ends(self, entry: Entry) -> int | None:
        """When an open entry is over though nothing happens; None if never."""
        times = (check.ends(entry) for check in self._checks)
        return next((time for time in times if time is not None), None)
