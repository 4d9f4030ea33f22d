"""What the interface works on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING

from forensics.index.database import Connection, open_for_writing
from forensics.index.triage import distrust_forged_triage, distrust_triage
from forensics.key import Key
from tui.asking import Asking
from tui.own import Own
from tui.standing import Standing

if TYPE_CHECKING:
    from forensics.drift.overrides import Overrides

__all__ = ["Opened"]


class _Trusted:
    """Opens connections to one and the same index, on which triage that the key does not vouch for
    counts for nothing; that is found out once for all of them, since it takes a moment where much
    was decided."""

    def __init__(
        self, connect: Callable[[], Connection], key: Key, told: Event, standing: Standing
    ) -> None:
        self._connect, self._key, self._told, self._standing = connect, key, told, standing
        self._lock = Lock()
        self._forged: bool | None = None

    def __call__(self) -> Connection:
        connection = self._connect()
        with self._lock:
            self._standing.check_id(connection)
            if self._forged is None:
                self._forged = distrust_forged_triage(connection, self._key)
                if self._forged:
                    self._told.set()
                else:
                    self._told.clear()
            elif self._forged:
                distrust_triage(connection)
        return connection


@dataclass(frozen=True, slots=True)
class Opened:
    """An index, and what may be done with it."""

    index: Path
    key: Key
    connect: Callable[[], Connection]
    """Opens it read-only, for the thread that calls this."""
    repository: Path | None = None
    """Where objects are read again from; None where it is not at hand."""
    read_only: bool = False
    """Whether nothing may be decided or revealed."""
    newer: bool = False
    """Whether a newer version wrote it; then it is read-only."""
    forged: Event = field(default_factory=Event, init=False)
    """Set while triage is met that somebody without the key changed, so that none of it counts."""
    raw_copy: bool = False
    """Whether a revealed value may go to the clipboard."""
    now: Callable[[], float] = time.time
    """Seconds since 1970."""
    overrides: Overrides | None = None
    """What the user says of the names and files of environments."""
    acceptances: Path | None = None
    """The file of differences that are accepted, if one is named."""
    own: Own = field(default_factory=Own, init=False)
    """What this session wrote."""
    asking: Asking = field(init=False)
    """For what the index knows."""
    looking: Asking = field(init=False)
    """For what is read in repositories, which takes long: one thing at a time."""

    standing: Standing = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "standing", Standing(self.index))
        self.read_anew()

    def read_anew(self) -> None:
        """Another index may stand there: open it again for the next question, and look again
        whether triage in it is ours."""
        told = Event()  # what it was said of before may be told late
        if self.forged.is_set():
            told.set()
        object.__setattr__(self, "forged", told)
        connecting = _Trusted(self.connect, self.key, self.forged, self.standing)
        self.standing.anew()
        if hasattr(self, "asking"):
            self.asking.renew(connecting)
            self.looking.renew(connecting)
        else:
            object.__setattr__(self, "asking", Asking(connecting, check=self.standing.check))
            object.__setattr__(self, "looking", Asking(connecting, 1, self.standing.check))

    def for_writing(self, *, any_thread: bool = False) -> Connection:
        """The index, open for writing; never one that is not read.

        Raises:
            IndexReadFailed: it is gone, or another stands there.
            IndexRefused, IndexTooNew, IndexWriteFailed, KeyProblem: as `open_for_writing` does.
        """
        self.standing.check()
        connection = open_for_writing(self.index, self.key, any_thread=any_thread)
        try:
            self.standing.check_id(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def warnings(self) -> list[str]:
        """What whoever looks at it has to know."""
        found = []
        if self.forged.is_set():
            found.append(
                "triage in this index was changed without your key, so none of it counts:"
                " `forensics log verify`"
            )
        if self.newer:
            found.append("written by a newer version, so it is read-only: update git-forensics")
        elif self.read_only:
            found.append("read-only: nothing is decided, revealed or scanned")
        return found

    @property
    def name(self) -> str:
        """Of the index, for people."""
        return self.index.name
