"""Stories of revisions that no parser reads: they make an interval uncertain, and remove nothing.

What happened while a file could not be read is told by the last version before and the first
after. So either commit, of those that it may have been, is right for such an end of an event.
"""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.builder import BEN
from fixtures_repos.stories.drift.story import (
    DEV,
    PROD,
    STAGING,
    DriftStory,
    Event,
    Telling,
    each,
)

__all__ = [
    "unparsable_at_the_end",
    "unparsable_in_between",
    "unparsable_json_in_between",
    "unparsable_when_it_closes",
    "unparsable_when_it_opens",
    "unparsable_while_missing",
]

PLACE = "config/{}.yaml"
PROD_FILE = PLACE.format(PROD)
CONTENT = "queue:\n  retries: 3\nmail:\n  sender: parcels\n"
MORE = CONTENT + "search:\n  depth: 40\n"
CONFLICT = (
    "queue:\n<<<<<<< HEAD\n  retries: 3\n=======\n  retries: 4\n>>>>>>> feature\n"
    "mail:\n  sender: [parcels\n"
)
"""Markers of a merge that nobody finished, and a bracket that never closes."""


def unparsable_in_between(path: Path) -> DriftStory:
    """Prod's file is broken for a day; nothing in it was removed."""
    told = Telling(path, each(PLACE, MORE))
    told.change("break", {PROD_FILE: CONFLICT}, author=BEN)
    told.change("repair", {PROD_FILE: MORE})
    return told.end()


def unparsable_json_in_between(path: Path) -> DriftStory:
    """All files are broken by one commit, one after the other is repaired."""
    place, content = "config/{}.json", '{"queue": {"retries": 3, "depth": 40}}\n'
    told = Telling(path, each(place, content))
    told.change("break", each(place, '{"queue": {"retries": 3, "depth": 40}\n'), author=BEN)
    for name in ("dev", "staging", "prod"):
        told.change(f"repair {name}", {place.format(name): content})
    return told.end()


def unparsable_when_it_opens(path: Path) -> DriftStory:
    """While prod's file is broken the others get a key; once repaired, prod lacks it."""
    told = Telling(path, each(PLACE, CONTENT))
    told.change("break", {PROD_FILE: CONFLICT}, author=BEN)
    told.change("add", each(PLACE, MORE, (DEV, STAGING)))
    told.change("repair", {PROD_FILE: CONTENT})
    told.change("close", {PROD_FILE: MORE}, days=6)
    return told.end(
        Event(
            "missing", "search.depth", ("add", "repair"), "close", (DEV, STAGING), (PROD,),
            certain=False,
        )
    )  # fmt: skip


def unparsable_when_it_closes(path: Path) -> DriftStory:
    """What prod lacked before its file was broken it has once that is repaired."""
    told = Telling(path, each(PLACE, CONTENT))
    told.change("add", each(PLACE, MORE, (DEV, STAGING)))
    told.change("break", {PROD_FILE: CONFLICT}, author=BEN, days=6)
    told.change("repair", {PROD_FILE: MORE})
    return told.end(
        Event(
            "missing", "search.depth", "add", ("break", "repair"), (DEV, STAGING), (PROD,),
            certain=False,
        )
    )  # fmt: skip


def unparsable_while_missing(path: Path) -> DriftStory:
    """Prod lacks a key before and after its file was broken: one event, with certain ends."""
    told = Telling(path, each(PLACE, CONTENT))
    told.change("add", each(PLACE, MORE, (DEV, STAGING)))
    told.change("break", {PROD_FILE: CONFLICT}, author=BEN)
    told.change("repair", {PROD_FILE: CONTENT})
    told.change("close", {PROD_FILE: MORE}, days=6)
    return told.end(Event("missing", "search.depth", "add", "close", (DEV, STAGING), (PROD,)))


def unparsable_at_the_end(path: Path) -> DriftStory:
    """Prod's file is broken as it stands: whether a key is there cannot be said."""
    told = Telling(path, each(PLACE, MORE))
    told.change("break", {PROD_FILE: CONFLICT}, author=BEN)
    return told.end(uncertain=(("search.depth", PROD), ("queue.retries", PROD)))
