"""Stories of passwords: shared, rotated everywhere, rotated in part."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.builder import BEN
from fixtures_repos.stories.drift.story import (
    THREE,
    DriftStory,
    Event,
    Telling,
    dotenv,
    password,
)

__all__ = [
    "names_like_secrets_that_are_none",
    "rotated_everywhere_at_once",
    "rotation_that_arrives",
    "rotation_that_never_reaches_prod",
    "shared_secret",
    "shared_secret_still",
]

PLACE = "deploy/{}.env"


def _with(**seeds: int) -> dict[str, str]:
    """Files of these environments with the password of that seed each."""
    return {
        PLACE.format(name): dotenv(RETRIES=3, DB_PASSWORD=password(seed))
        for name, seed in seeds.items()
    }


def shared_secret(path: Path) -> DriftStory:
    """Prod takes over staging's password, until it gets one of its own."""
    told = Telling(path, _with(dev=1, staging=2, prod=3))
    told.change("share", _with(prod=2), author=BEN)
    told.change("part", _with(prod=4), days=14)
    return told.end(
        Event("shared", "DB_PASSWORD", "share", "part"),
        secrets=[password(seed) for seed in (1, 2, 3, 4)],
    )


def shared_secret_still(path: Path) -> DriftStory:
    """Staging and prod have one password from the first day on."""
    told = Telling(path, _with(dev=1, staging=2, prod=2))
    return told.end(Event("shared", "DB_PASSWORD", "start"), secrets=[password(1), password(2)])


def names_like_secrets_that_are_none(path: Path) -> DriftStory:
    """Lengths, lifetimes and places of secrets are the same everywhere, and may be."""
    about_secrets: dict[str, object] = {
        "PASSWORD_MIN_LENGTH": 12,
        "TOKEN_TTL_SECONDS": 3600,
        "SECRET_KEY_FILE": "/run/secrets/key",
        "API_KEY_HEADER": "X-Api-Key",
        "TOKEN_URL": "https://login.acme.example/oauth/token",
    }
    content = dotenv(**about_secrets)
    return Telling(path, {PLACE.format(name): content for name in THREE}).end()


def rotation_that_arrives(path: Path) -> DriftStory:
    """All passwords are replaced: dev's first, staging's a day later, prod's after a month."""
    told = Telling(path, _with(dev=1, staging=2, prod=3))
    told.change("dev", _with(dev=4), author=BEN)
    told.change("staging", _with(staging=5), author=BEN)
    told.change("prod", _with(prod=6), days=30)
    return told.end(
        Event("rotation", "DB_PASSWORD", "dev", "prod"),
        secrets=[password(seed) for seed in range(1, 7)],
    )


def rotation_that_never_reaches_prod(path: Path) -> DriftStory:
    """Passwords of dev and staging are replaced, prod's is not."""
    told = Telling(path, _with(dev=1, staging=2, prod=3))
    told.change("rotate", _with(dev=4, staging=5), author=BEN)
    return told.end(
        Event("rotation", "DB_PASSWORD", "rotate"),
        secrets=[password(seed) for seed in range(1, 6)],
    )


def rotated_everywhere_at_once(path: Path) -> DriftStory:
    """One commit replaces the password of every environment: nothing is incomplete."""
    told = Telling(path, _with(dev=1, staging=2, prod=3))
    told.change("rotate", _with(dev=4, staging=5, prod=6))
    return told.end(secrets=[password(seed) for seed in range(1, 7)])
