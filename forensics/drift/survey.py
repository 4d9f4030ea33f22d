"""Drift of a repository: all of its events, and where its environments stand at a commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from forensics.drift.checks import all_checks
from forensics.drift.environments import Placer
from forensics.drift.ledger import Ledger
from forensics.drift.model import DriftEvent, Line, Reading
from forensics.drift.ordering import Order
from forensics.drift.renames import renamed_keys
from forensics.drift.state import SetState
from forensics.drift.walk import Move, Walk

__all__ = ["Survey", "surveyed"]


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
    walk = Walk(line, reading, placer)
    order = Order(placer.tier)
    ledger = Ledger(order)
    checks = all_checks(ledger)
    for turn in walk.turns():
        if isinstance(turn, Move):
            ledger.moved(turn.before, turn.after, turn.step)
            for check in checks:
                check.moved(turn.before, turn.after)
            continue
        renamed = renamed_keys(turn)
        for entry in ledger.about(turn.set) if renamed else ():
            if entry.key in renamed:
                ledger.renamed(entry, renamed[entry.key], turn.step)
        for check in checks:
            for old, new in renamed.items():
                check.renamed(turn.set, old, new)
        for check in checks:
            check.see(turn)
    for check in checks:
        check.finish(line.tip_time)
    return Survey(line, ledger.events(line.tip_time), walk.states, order)
