"""Whose commits a merge brought in, for events that a merge opened or closed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable

from forensics.drift.model import DriftEvent, Step

__all__ = ["with_merged_commits"]

_MOST_ASKED = 300
"""Files of merges that are looked into."""
_MOST_FILES = 4
"""Of one merge, for one event."""
_MOST_NAMED = 5
_SECONDS = 20.0
"""For all of them."""


def with_merged_commits(
    events: Iterable[DriftEvent], merged: Callable[[bytes, bytes], tuple[Step, ...]]
) -> tuple[DriftEvent, ...]:
    """Events with the commits that their merges brought in and that touched their files, or others
    in the folders of these; without them where there are too many to ask for.

    Args:
        events: any.
        merged: of a merge and a path: such commits, newest first.
    """
    end = time.monotonic() + _SECONDS
    asked: dict[tuple[bytes, bytes], tuple[Step, ...]] = {}

    def commits(step: Step | None, event: DriftEvent) -> tuple[Step, ...]:
        if step is None or not step.merge:
            return ()
        changed = [change.path for change in step.changes]
        own = {os.fsencode(path) for path in event.paths}
        folders = {os.path.dirname(path) for path in own}
        files = [path for path in changed if path in own] or [
            path for path in changed if os.path.dirname(path) in folders
        ]
        found: dict[bytes, Step] = {}
        for path in files[:_MOST_FILES]:
            place = (step.commit, path)
            if place not in asked:
                if len(asked) >= _MOST_ASKED or time.monotonic() > end:
                    continue
                asked[place] = merged(*place)
            found.update((each.commit, each) for each in asked[place])
        return tuple(found.values())[:_MOST_NAMED]

    return tuple(
        event._replace(
            opened_in=commits(event.opened, event), closed_in=commits(event.closed, event)
        )
        for event in events
    )
