"""Opening an index for the interface, and running it."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Event

from forensics.index.database import (
    Connection,
    by_newer_version,
    in_memory,
    open_for_reading,
)
from forensics.index.triage import distrust_forged_triage
from forensics.key import Key
from forensics.settings.file import UserFile
from tui.app import ForensicsApp
from tui.opened import Opened
from tui.settings import read_settings

__all__ = ["start"]


def start(
    index: Path,
    key: Key,
    repository: Path | None,
    *,
    screen: str,
    theme: str,
    file: UserFile | None,
    read_only: bool,
    raw_copy: bool,
    acceptances: Path | None = None,
) -> bool:
    """Run the interface until the user leaves it; whether it ended as it should.

    Args:
        index: the file; it need not be there.
        key: makes fingerprints.
        repository: where objects are read again from, if it is at hand.
        screen: the one to begin with.
        theme: its colours; empty for what the user's file says.
        file: the user's forensics.toml, if there is one.
        read_only: whether nothing may be decided or revealed.
        raw_copy: whether a revealed value may be copied.
        acceptances: a file of differences that are accepted.

    Raises:
        IndexRefused, KeyProblem: as `open_for_reading` does.
        UsageProblem: the file says something that cannot be.
    """
    settings = read_settings(file)
    overrides = None
    if file is not None:
        from forensics.drift.overrides import Overrides

        overrides = Overrides.of(file)
    if acceptances is not None:
        from forensics.drift.accepting import read_acceptances

        read_acceptances(acceptances)
    forged = Event()
    connecting = partial(_connect, index, key, forged)
    with closing(connecting()) as first:  # a refusal is a line, before the screen is taken
        newer = by_newer_version(first)
    opened = Opened(
        index, key, connecting, repository,
        read_only=read_only or newer, newer=newer, forged=forged, raw_copy=raw_copy,
        overrides=overrides, acceptances=acceptances,
    )  # fmt: skip
    app = ForensicsApp(
        opened,
        theme=f"forensics-{theme or settings.theme or 'dark'}",
        keys=settings.keys,
        mode=screen,
    )
    app.run()
    return not app.return_code


def _connect(index: Path, key: Key, forged: Event) -> Connection:
    """The index, read-only; an empty one where none is there yet. Triage that the key does not
    vouch for counts for nothing."""
    if not index.exists():
        return in_memory(key)
    connection = open_for_reading(index, key, newer=True)
    try:
        if distrust_forged_triage(connection, key):
            forged.set()
    except BaseException:
        connection.close()
        raise
    return connection
