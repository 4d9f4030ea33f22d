"""Stories of environments: they come, go, are named inside files, or are none at all."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.stories.drift.story import (
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
    "aliases_of_names",
    "environment_added_complete",
    "environment_added_incomplete",
    "environment_removed",
    "environment_removed_while_missing",
    "examples_and_local_files",
    "key_missing_in_a_profile",
    "key_missing_in_a_section",
    "product_is_not_prod",
    "rails_sections",
    "spring_profiles",
]

ENV = "config/{}.env"
CONTENT = dotenv(TIMEOUT_SECONDS=30, RETRIES=3)
MORE = dotenv(TIMEOUT_SECONDS=30, RETRIES=3, QUEUE_DEPTH=40)


def environment_added_complete(path: Path) -> DriftStory:
    """Prod is added a month after the others, with all they have."""
    told = Telling(path, each(ENV, CONTENT, (DEV, STAGING)))
    told.change("grow", each(ENV, MORE, (DEV, STAGING)))
    told.change("prod", {ENV.format(PROD): MORE}, days=30)
    return told.end()


def environment_added_incomplete(path: Path) -> DriftStory:
    """Prod is added without a key that the others have: missing since prod is there."""
    told = Telling(path, each(ENV, MORE, (DEV, STAGING)))
    told.change("prod", {ENV.format(PROD): CONTENT}, days=30)
    told.change("complete", {ENV.format(PROD): MORE}, days=4)
    return told.end(Event("missing", "QUEUE_DEPTH", "prod", "complete", (DEV, STAGING), (PROD,)))


def environment_removed(path: Path) -> DriftStory:
    """Staging is given up: its keys are missing nowhere."""
    told = Telling(path, each(ENV, MORE))
    told.change("remove", {ENV.format(STAGING): None})
    return told.end(environments=(DEV, PROD))


def environment_removed_while_missing(path: Path) -> DriftStory:
    """Staging lacked a key until it was given up."""
    told = Telling(path, each(ENV, MORE))
    told.change("lose", {ENV.format(STAGING): CONTENT})
    told.change("remove", {ENV.format(STAGING): None}, days=3)
    return told.end(
        Event("missing", "QUEUE_DEPTH", "lose", "remove", (DEV, PROD), (STAGING,)),
        environments=(DEV, PROD),
    )


def aliases_of_names(path: Path) -> DriftStory:
    """`development`, `stg` and `live` are dev, staging and prod."""
    names = ("development", "stg", "live")
    told = Telling(path, each(".env.{}", CONTENT, names))
    told.change("open", each(".env.{}", MORE, names[:2]))
    return told.end(Event("missing", "QUEUE_DEPTH", "open", None, (DEV, STAGING), (PROD,)))


def product_is_not_prod(path: Path) -> DriftStory:
    """Names that only begin like an environment's are none."""
    told = Telling(path, each(ENV, CONTENT, (DEV, STAGING)))
    told.change(
        "others",
        {
            "config/product.env": dotenv(CATALOGUE="all"),
            "config/devices.env": dotenv(SCANNERS=4),
            "config/stages.env": dotenv(SORTING="belt"),
            "config/reproduction.env": dotenv(SEED=7),
        },
    )
    return told.end(environments=(DEV, STAGING))


def examples_and_local_files(path: Path) -> DriftStory:
    """Examples and files of one's own machine have more and less than environments."""
    told = Telling(path, each(".env.{}", CONTENT))
    told.change(
        "beside",
        {
            ".env.example": dotenv(TIMEOUT_SECONDS="", EXPLAINED="yes"),
            ".env.sample": dotenv(RETRIES=1),
            ".env.template": dotenv(RETRIES="changeme"),
            ".env.local": dotenv(EDITOR_PORT=9000),
            ".env.prod.example": dotenv(RETRIES=3, FURTHER=1),
        },
    )
    return told.end()


def _database(default: str, development: str = "", staging: str = "", production: str = "") -> str:
    names = {"development": development, "staging": staging, "production": production}
    sections = "".join(
        f"\n{name}:\n  <<: *default\n  database: parcels_{name}\n{own}"
        for name, own in names.items()
    )
    return f"default: &default\n  adapter: postgresql\n  encoding: unicode\n{default}{sections}"


def rails_sections(path: Path) -> DriftStory:
    """A setting moves from the default into every section of `database.yml`."""
    told = Telling(path, {"config/database.yml": _database("  pool: 5\n")})
    own = "  pool: 5\n"
    told.change("move", {"config/database.yml": _database("", own, own, own)})
    return told.end(meant=("*database",))


def key_missing_in_a_section(path: Path) -> DriftStory:
    """Two sections of `database.yml` get a setting, production three weeks later."""
    own = "  statement_timeout: 900\n"
    told = Telling(path, {"config/database.yml": _database("")})
    told.change("open", {"config/database.yml": _database("", own, own)})
    told.change("close", {"config/database.yml": _database("", own, own, own)}, days=21)
    return told.end(
        Event("missing", "*statement_timeout", "open", "close", (DEV, STAGING), (PROD,)),
        meant=("*database",),
    )


SPRING = "src/main/resources/application.yml"


def _profiles(base: str, *own: str) -> str:
    documents = "".join(
        f"---\nspring:\n  config:\n    activate:\n      on-profile: {name}\n{text}"
        for name, text in zip(("dev", "staging", "prod"), own, strict=True)
    )
    return f"parcels:\n  retries: 3\n{base}{documents}"


def spring_profiles(path: Path) -> DriftStory:
    """Profiles inside one file: a default that dev overrides, then all have in their own part."""
    own, other = "parcels:\n  depth: 40\n", "parcels:\n  depth: 4\n"
    told = Telling(path, {SPRING: _profiles("  depth: 40\n", "", "", "")})
    told.change("override", {SPRING: _profiles("  depth: 40\n", other, "", "")})
    told.change("move", {SPRING: _profiles("", other, own, own)})
    return told.end(meant=("parcels.depth",))


def key_missing_in_a_profile(path: Path) -> DriftStory:
    """Prod's profile in the one file lacks what those of dev and staging have."""
    own = "parcels:\n  depth: 40\n"
    told = Telling(path, {SPRING: _profiles("", "", "", "")})
    told.change("open", {SPRING: _profiles("", own, own, "")})
    return told.end(Event("missing", "parcels.depth", "open", None, (DEV, STAGING), (PROD,)))
