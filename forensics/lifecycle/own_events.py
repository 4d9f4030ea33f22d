"""What happened to a secret, each thing once."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.index.life import LifeEvent

__all__ = ["moved_once", "own_events"]


def own_events(events: Sequence[LifeEvent]) -> list[LifeEvent]:
    """Of a secret's events those to tell: without merges that only repeat on one branch what was
    done on another, and a move once, as `moved_once` has it."""
    return [one for one in moved_once(events) if one.how != "merged"]


def moved_once(events: Sequence[LifeEvent]) -> list[LifeEvent]:
    """Events without the first half of a move: where a secret came to with it names the path that
    it left."""
    left = {
        (one.at.commit, one.related.path)
        for one in events
        if one.kind == "introduced" and one.how == "moved" and one.related is not None
    }
    return [
        one for one in events
        if one.kind != "removed" or one.how != "moved" or (one.at.commit, one.path) not in left
    ]  # fmt: skip
