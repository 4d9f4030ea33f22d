"""Stories of values that differ, and of values that should not stand in production."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.builder import BEN
from fixtures_repos.stories.drift.story import (
    DEV,
    STAGING,
    THREE,
    DriftStory,
    Event,
    Telling,
    dotenv,
    each,
)

__all__ = [
    "debug_in_prod",
    "differences_that_are_meant",
    "localhost_in_prod",
    "placeholder_in_dev_only",
    "placeholder_in_prod",
    "stale_in_prod_still",
    "stale_then_followed",
    "type_differs_in_prod",
    "value_differs_in_prod",
]

PLACE = "config/{}.env"


def _limits(timeout: int, retries: int = 3) -> str:
    return dotenv(TIMEOUT_SECONDS=timeout, RETRIES=retries)


def type_differs_in_prod(path: Path) -> DriftStory:
    """A boolean becomes a string in prod, and a boolean again."""
    right = "search:\n  enabled: true\n  depth: 3\n"
    wrong = 'search:\n  enabled: "true"\n  depth: 3\n'
    told = Telling(path, each("config/{}.yaml", right))
    told.change("quote", {"config/prod.yaml": wrong}, author=BEN)
    told.change("unquote", {"config/prod.yaml": right}, days=20)
    return told.end(Event("type", "search.enabled", "quote", "unquote"))


def value_differs_in_prod(path: Path) -> DriftStory:
    """A value that was changed everywhere at once three times is changed in prod alone."""
    told = Telling(path, each(PLACE, _limits(10)))
    for timeout in (15, 20, 30):
        told.change(f"all {timeout}", each(PLACE, _limits(timeout)), days=20)
    told.change("part", {"config/prod.env": _limits(95)}, author=BEN)
    told.change("join", {"config/prod.env": _limits(30)}, days=40)
    return told.end(Event("value", "TIMEOUT_SECONDS", "part", "join"))


def stale_in_prod_still(path: Path) -> DriftStory:
    """What was changed everywhere at once three times is changed in dev and staging alone."""
    told = Telling(path, each(PLACE, _limits(10)))
    for timeout in (15, 20, 30):
        told.change(f"all {timeout}", each(PLACE, _limits(timeout)), days=20)
    told.change("two of three", each(PLACE, _limits(45), (DEV, STAGING)))
    return told.end(Event("stale", "TIMEOUT_SECONDS", "two of three"))


def stale_then_followed(path: Path) -> DriftStory:
    """Prod follows two months after dev and staging."""
    told = Telling(path, each(PLACE, _limits(10)))
    for timeout in (15, 20, 30):
        told.change(f"all {timeout}", each(PLACE, _limits(timeout)), days=20)
    told.change("two of three", each(PLACE, _limits(45), (DEV, STAGING)))
    told.change("follow", {"config/prod.env": _limits(45)}, days=60)
    return told.end(Event("stale", "TIMEOUT_SECONDS", "two of three", "follow"))


def placeholder_in_prod(path: Path) -> DriftStory:
    """Prod starts with a stand-in for a name that dev and staging have, and gets it later."""
    one = {name: dotenv(RETRIES=3, MAIL_SENDER=f"parcels-{name}") for name in THREE}
    stand_in = dotenv(RETRIES=3, MAIL_SENDER="changeme")
    told = Telling(path, {PLACE.format(name): one[name] for name in THREE})
    told.change("stand in", {"config/prod.env": stand_in})
    told.change("fill in", {"config/prod.env": one["prod"]}, days=9)
    return told.end(
        Event("placeholder", "MAIL_SENDER", "stand in", "fill in"), meant=("MAIL_SENDER",)
    )


def placeholder_in_dev_only(path: Path) -> DriftStory:
    """Stand-ins, localhost and debugging belong in dev."""
    dev = dotenv(MAIL_SENDER="changeme", DEBUG="true", DATABASE_HOST="localhost")
    rest = {
        PLACE.format(name): dotenv(
            MAIL_SENDER=f"parcels-{name}", DEBUG="false", DATABASE_HOST=f"db.{name}.acme.example"
        )
        for name in ("staging", "prod")
    }
    told = Telling(path, {"config/dev.env": dev, **rest})
    return told.end(meant=("MAIL_SENDER", "DEBUG", "DATABASE_HOST"))


def localhost_in_prod(path: Path) -> DriftStory:
    """Prod's database is at localhost for a week."""

    def at(host: str) -> str:
        return dotenv(DATABASE_HOST=host, RETRIES=3)

    told = Telling(path, {PLACE.format(name): at(f"db.{name}.acme.example") for name in THREE})
    told.change("local", {"config/prod.env": at("localhost")}, author=BEN)
    told.change("remote", {"config/prod.env": at("db.prod.acme.example")}, days=7)
    return told.end(
        Event("placeholder", "DATABASE_HOST", "local", "remote"), meant=("DATABASE_HOST",)
    )


def debug_in_prod(path: Path) -> DriftStory:
    """Debugging is switched on in prod and stays on."""
    on, off = dotenv(DEBUG="true", RETRIES=3), dotenv(DEBUG="false", RETRIES=3)
    told = Telling(path, {**each(PLACE, on, (DEV, STAGING)), "config/prod.env": off})
    told.change("switch on", {"config/prod.env": on}, author=BEN)
    return told.end(Event("placeholder", "DEBUG", "switch on"), meant=("DEBUG",))


def differences_that_are_meant(path: Path) -> DriftStory:
    """Hosts, sizes and the name of the environment itself differ from the first day."""
    sizes = {"dev": 1, "staging": 2, "prod": 6}

    def told_of(name: str, release: int) -> str:
        return (
            f"environment: {name}\n"
            f"replicas: {sizes[name]}\n"
            f"api:\n  host: api.{name}.acme.example\n  port: 8443\n"
            f"bucket: parcels-{name}-uploads\n"
            f"release: {release}\n"
        )

    place = "config/{}.yaml"
    told = Telling(path, {place.format(name): told_of(name, 1) for name in THREE})
    told.change("release", {place.format(name): told_of(name, 2) for name in THREE})
    sizes["prod"] = 8
    told.change("grow", {place.format("prod"): told_of("prod", 2)})
    return told.end(meant=("environment", "replicas", "api.host", "bucket"))
