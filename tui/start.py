"""Opening an index for the interface, and running it."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

from forensics.index.database import (
    Connection,
    by_newer_version,
    in_memory,
    open_for_reading,
)
from forensics.key import Key
from forensics.settings.file import UserFile
from tui.app import ForensicsApp
from tui.opened import Opened
from tui.settings import read_settings
from tui.themes import DEFAULT, theme_called

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
    connecting = partial(_connect, index, key)
    with closing(connecting()) as first:  # a refusal is a line, before the screen is taken
        newer = by_newer_version(first)
    opened = Opened(
        index, key, connecting, repository,
        read_only=read_only or newer, newer=newer, raw_copy=raw_copy,
        overrides=overrides, acceptances=acceptances,
    )  # fmt: skip
    name = theme or settings.theme
    app = ForensicsApp(
        opened,
        theme=theme_called(name) if name else DEFAULT,
        keys=settings.keys,
        mode=screen,
    )
    app.run()
    return not app.return_code


def _connect(index: Path, key: Key) -> Connection:
    """The index, read-only; an empty one where none is there yet."""
    return open_for_reading(index, key, newer=True) if index.exists() else in_memory(key)
