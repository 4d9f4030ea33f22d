"""What the interface works on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.index.database import Connection
from forensics.key import Key
from tui.asking import Asking
from tui.own import Own

if TYPE_CHECKING:
    from forensics.drift.overrides import Overrides

__all__ = ["Opened"]


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

    def __post_init__(self) -> None:
        object.__setattr__(self, "asking", Asking(self.connect))

    @property
    def name(self) -> str:
        """Of the index, for people."""
        return self.index.name
