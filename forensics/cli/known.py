"""What the index of a repository knows, for those that make no index of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.cli.common import note
from forensics.errors import ForensicsError

if TYPE_CHECKING:
    from forensics.git.repository import Repository
    from forensics.git.runner import Git
    from forensics.index.database import Connection
    from forensics.key import Key
    from forensics.scan.by_value import KnownValues
    from forensics.scan.judged import Known
    from forensics.scan.setup import ScannerSetup

__all__ = ["MOST_IN_HOOK", "opened_index", "values_known"]

MOST_IN_HOOK = 1_000
"""Secrets that are looked for by value while somebody waits for git."""
_MOST = 20_000


@contextmanager
def opened_index(
    index: Path | None, repository: Repository, key: Key, missed: str
) -> Iterator[Connection | None]:
    """The index named, else the repository's own; None where there is none, or where a note says
    that it cannot be read, and what is missed so."""
    from forensics.index.location import index_path

    chosen = index_path(index, repository.common_dir, to_read=True)
    if chosen is None or not chosen.exists():
        yield None
        return
    from forensics.index.database import open_for_reading

    try:
        connection = open_for_reading(chosen, key)
    except ForensicsError as error:
        note(f"{missed}: {error}")
        yield None
        return
    with closing(connection):
        yield connection


def values_known(index: Path | None, key: Key, setup: ScannerSetup, *, in_hook: bool) -> Known:
    """What reads the values that the index knows."""

    def read(repository: Repository, git: Git) -> KnownValues | None:
        missed = "what the index knows is not looked for by value"
        with opened_index(index, repository, key, missed) as connection:
            if connection is None:
                return None
            from forensics.scan.indexed_values import indexed_values

            most = MOST_IN_HOOK if in_hook else _MOST
            try:
                known = indexed_values(connection, key, setup, repository, git, most)
            except ForensicsError as error:
                note(f"{missed}: {error}")
                return None
            if known is None and not in_hook:
                note(f"{missed}: it knows more than {_MOST:,} secrets")
            return known

    return read
