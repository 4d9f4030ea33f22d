"""Stories of keys that some environments have and others lack."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.builder import BEN
from fixtures_repos.stories.drift.story import (
    ANY,
    DEV,
    PROD,
    STAGING,
    DriftStory,
    Event,
    Telling,
    dotenv,
    each,
)

__all__ = [
    "extra_in_prod",
    "flapping",
    "missing_and_the_rest_follows",
    "missing_in_prod_after_removal",
    "missing_in_prod_still",
    "missing_then_given_up",
    "two_episodes",
]

PLACE = ".env.{}"
BEFORE = dotenv(TIMEOUT_SECONDS=30, RETRIES=3)
AFTER = dotenv(TIMEOUT_SECONDS=30, RETRIES=3, QUEUE_DEPTH=40)


def missing_and_the_rest_follows(path: Path) -> DriftStory:
    """Dev gets a key, staging follows after a day, prod after thirty."""
    told = Telling(path, each(PLACE, BEFORE))
    told.change("dev", {".env.dev": AFTER}, author=BEN)
    told.change("staging", {".env.staging": AFTER})
    told.change("prod", {".env.prod": AFTER}, days=30)
    return told.end(Event("missing", "QUEUE_DEPTH", "dev", "prod", (DEV,), (STAGING, PROD)))


def missing_in_prod_still(path: Path) -> DriftStory:
    """Dev and staging get a key that prod never gets."""
    told = Telling(path, each(PLACE, BEFORE))
    told.change("open", each(PLACE, AFTER, (DEV, STAGING)))
    return told.end(Event("missing", "QUEUE_DEPTH", "open", None, (DEV, STAGING), (PROD,)))


def missing_in_prod_after_removal(path: Path) -> DriftStory:
    """Prod loses a key that all had, and gets it back."""
    told = Telling(path, each(PLACE, AFTER))
    told.change("remove", {".env.prod": BEFORE})
    told.change("restore", {".env.prod": AFTER}, days=12)
    return told.end(Event("missing", "QUEUE_DEPTH", "remove", "restore", (DEV, STAGING), (PROD,)))


def missing_then_given_up(path: Path) -> DriftStory:
    """A key that only dev has is taken away again: that ends the difference too."""
    told = Telling(path, each(PLACE, BEFORE))
    told.change("try", {".env.dev": AFTER})
    told.change("give up", {".env.dev": BEFORE}, days=5)
    return told.end(Event("missing", "QUEUE_DEPTH", "try", "give up", (DEV,), (STAGING, PROD)))


def extra_in_prod(path: Path) -> DriftStory:
    """Only prod gets a key; staging and dev get it months later."""
    told = Telling(path, each(PLACE, BEFORE))
    told.change("hotfix", {".env.prod": AFTER}, author=BEN)
    told.change("reconcile", each(PLACE, AFTER), days=90)
    return told.end(
        Event("extra", "QUEUE_DEPTH", "hotfix", "reconcile", (PROD,), (DEV, STAGING)),
    )


def two_episodes(path: Path) -> DriftStory:
    """The same key is missing in prod twice: each time is an event of its own."""
    told = Telling(path, each(PLACE, AFTER))
    told.change("first", {".env.prod": BEFORE})
    told.change("first back", {".env.prod": AFTER}, days=3)
    told.change("second", {".env.prod": BEFORE}, days=200)
    told.change("second back", {".env.prod": AFTER}, days=3)
    return told.end(
        Event("missing", "QUEUE_DEPTH", "first", "first back", (DEV, STAGING), (PROD,)),
        Event("missing", "QUEUE_DEPTH", "second", "second back", (DEV, STAGING), (PROD,)),
    )


def flapping(path: Path) -> DriftStory:
    """Within two weeks a key leaves prod and comes back four times."""
    told = Telling(path, each(PLACE, AFTER))
    episodes = []
    for turn in ("one", "two", "three", "four"):
        told.change(f"out {turn}", {".env.prod": BEFORE})
        told.change(f"back {turn}", {".env.prod": AFTER})
        episodes.append(
            Event(
                "missing", "QUEUE_DEPTH", f"out {turn}", f"back {turn}", (DEV, STAGING), (PROD,)
            )
        )  # fmt: skip
    return told.end(*episodes, Event("flapping", "QUEUE_DEPTH", ANY, ANY))
