"""Stories of branches, and of repositories that hold several components."""

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
    dotenv,
    each,
)

__all__ = [
    "branch_merged_with_a_missing_key",
    "branch_merged_without_drift",
    "five_components",
    "five_components_without_drift",
]

CONTENT = dotenv(TIMEOUT_SECONDS=30, RETRIES=3)
MORE = dotenv(TIMEOUT_SECONDS=30, RETRIES=3, QUEUE_DEPTH=40)
FIVE = ("auth", "billing", "mail", "search", "web")


def branch_merged_without_drift(path: Path) -> DriftStory:
    """On a branch a key reaches one environment after the other; main gets all at once."""
    told = Telling(path, each("config/{}.env", CONTENT))
    told.builder.branch("feature")
    for name in (DEV, STAGING, PROD):
        told.change(f"branch {name}", {f"config/{name}.env": MORE}, author=BEN, days=30)
    told.builder.checkout("main")
    told.change("main", {"README.md": "# Parcels\n\nBy mail.\n"})
    told.commits["merge"] = told.builder.merge("feature")
    return told.end()


def branch_merged_with_a_missing_key(path: Path) -> DriftStory:
    """What a branch did to dev months ago is true of main since the merge."""
    told = Telling(path, each("config/{}.env", CONTENT))
    told.builder.branch("feature")
    told.change("branch", {"config/dev.env": MORE}, author=BEN)
    told.builder.checkout("main")
    told.change("main", {"README.md": "# Parcels\n\nBy mail.\n"}, days=90)
    told.commits["merge"] = told.builder.merge("feature")
    told.change("close", each("config/{}.env", MORE, (STAGING, PROD)), days=7)
    return told.end(Event("missing", "QUEUE_DEPTH", "merge", "close", (DEV,), (STAGING, PROD)))


def five_components(path: Path) -> DriftStory:
    """Of five components with the same names of keys, one drifts."""
    told = Telling(
        path,
        {
            file: content
            for name in FIVE
            for file, content in each(f"services/{name}/.env.{{}}", CONTENT).items()
        },
    )
    told.change("auth", each("services/auth/.env.{}", MORE))
    told.change("billing", each("services/billing/.env.{}", MORE, (DEV, STAGING)))
    told.change("web", each("services/web/.env.{}", MORE))
    return told.end(
        Event(
            "missing", "QUEUE_DEPTH", "billing", None, (DEV, STAGING), (PROD,), component="billing"
        )
    )  # fmt: skip


def five_components_without_drift(path: Path) -> DriftStory:
    """Each component has keys of its own and not all have every environment."""
    told = Telling(
        path,
        {
            file: content
            for name in FIVE
            for file, content in each(
                f"services/{name}/.env.{{}}",
                dotenv(RETRIES=3, **{f"{name}_depth".upper(): 40}),
                (DEV, STAGING, PROD) if name != "search" else (DEV, PROD),
            ).items()
        },
    )
    told.change("retry", each("services/web/.env.{}", dotenv(RETRIES=4, WEB_DEPTH=40)))
    return told.end()
