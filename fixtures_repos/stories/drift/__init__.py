"""Small histories of configuration, each telling one way environments part, or seem to.

Every story is a function from an empty folder to a `DriftStory`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from fixtures_repos.stories.drift import (
    components,
    environments,
    layers,
    moves,
    presence,
    secrets,
    sops,
    unparsable,
    values,
    writing,
)
from fixtures_repos.stories.drift.story import ANY, DriftStory, Event

__all__ = ["ANY", "DRIFT_STORIES", "DriftStory", "Event"]

DRIFT_STORIES: Mapping[str, Callable[[Path], DriftStory]] = {
    name: getattr(room, name)
    for room in (
        presence, values, secrets, sops, layers, moves, unparsable, writing, environments,
        components,
    )
    for name in room.__all__
}  # fmt: skip
"""Every story by its name."""
