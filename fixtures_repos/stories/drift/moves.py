"""Stories of files and keys that move, go and come back, with nothing lost."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.stories.drift.story import (
    DEV,
    PROD,
    STAGING,
    THREE,
    DriftStory,
    Event,
    Telling,
    dotenv,
    each,
)

__all__ = [
    "deleted_and_recreated",
    "deleted_and_recreated_while_missing",
    "folder_renamed",
    "folder_renamed_while_missing",
    "key_renamed_everywhere",
    "one_file_renamed",
    "set_of_files_renamed",
]

CONTENT = dotenv(TIMEOUT_SECONDS=30, RETRIES=3)
MORE = dotenv(TIMEOUT_SECONDS=30, RETRIES=3, QUEUE_DEPTH=40)


def one_file_renamed(path: Path) -> DriftStory:
    """`prod.env` becomes `production.env`."""
    told = Telling(path, each("config/{}.env", CONTENT))
    told.change("rename", {"config/prod.env": None, "config/production.env": CONTENT})
    return told.end()


def set_of_files_renamed(path: Path) -> DriftStory:
    """`.env.dev` becomes `config/dev.env`, and so the others, in one commit."""
    told = Telling(path, each(".env.{}", CONTENT))
    told.change(
        "rename", {**{f".env.{name}": None for name in THREE}, **each("config/{}.env", CONTENT)}
    )
    return told.end()


def folder_renamed(path: Path) -> DriftStory:
    """The folder of all files gets another name, and a key is added everywhere after."""
    told = Telling(path, each("deploy/{}.env", CONTENT))
    told.change(
        "rename",
        {**{f"deploy/{name}.env": None for name in THREE}, **each("delivery/{}.env", CONTENT)},
    )
    told.change("add", each("delivery/{}.env", MORE))
    return told.end()


def folder_renamed_while_missing(path: Path) -> DriftStory:
    """What was missing before a folder was renamed is missing since then, not since the rename."""
    told = Telling(path, each("deploy/{}.env", CONTENT))
    told.change("open", each("deploy/{}.env", MORE, (DEV, STAGING)))
    told.change(
        "rename",
        {
            **{f"deploy/{name}.env": None for name in THREE},
            **each("delivery/{}.env", MORE, (DEV, STAGING)),
            "delivery/prod.env": CONTENT,
        },
    )
    told.change("close", {"delivery/prod.env": MORE}, days=8)
    return told.end(Event("missing", "QUEUE_DEPTH", "open", "close", (DEV, STAGING), (PROD,)))


def key_renamed_everywhere(path: Path) -> DriftStory:
    """A key gets another name in all environments in one commit."""
    told = Telling(path, each("config/{}.env", MORE))
    told.change("rename", each("config/{}.env", MORE.replace("QUEUE_DEPTH", "QUEUE_LIMIT")))
    return told.end()


def deleted_and_recreated(path: Path) -> DriftStory:
    """Prod's file is deleted, and is back two days later as it was."""
    told = Telling(path, each("config/{}.env", CONTENT))
    told.change("delete", {"config/prod.env": None})
    told.change("recreate", {"config/prod.env": CONTENT}, days=2)
    return told.end()


def deleted_and_recreated_while_missing(path: Path) -> DriftStory:
    """A key is added while prod has no file: it is missing there once the file is back without."""
    told = Telling(path, each("config/{}.env", CONTENT))
    told.change("delete", {"config/prod.env": None})
    told.change("add", each("config/{}.env", MORE, (DEV, STAGING)))
    told.change("recreate", {"config/prod.env": CONTENT}, days=2)
    told.change("close", {"config/prod.env": MORE}, days=2)
    return told.end(Event("missing", "QUEUE_DEPTH", "recreate", "close", (DEV, STAGING), (PROD,)))
