"""What is accepted while the interface runs: by the file that is named, and by who sits here."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from forensics.drift.acceptance import Acceptance, unused
from forensics.drift.accepting import read_acceptances
from forensics.drift.model import DriftEvent
from forensics.errors import UsageProblem
from forensics.scan.drift_accepting import Change, Told, accepting, change
from tui.opened import Opened
from tui.screens.drift.accepting import Accepted, default_name

__all__ = ["Accepting"]

_KEPT = 100
"""Changes that can be taken back."""


class _Done(NamedTuple):
    """A change of this session."""

    made: Change
    rows: Sequence[int]
    """Of the journal."""
    own: tuple[Acceptance, ...]
    """What was accepted here before."""
    before: bytes | None
    """The file before; None where there was none."""


class Accepting:
    """Acceptances that count, and how they are changed. All of it waits for files, so call it in
    threads.

    A repository could accept anything in its own name: of a file that nobody named at the start
    only that counts which was written here.

    Args:
        opened: the index, and the file that is named.
    """

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._named: tuple[Acceptance, ...] = ()
        self._own: tuple[Acceptance, ...] = ()
        self._done: list[_Done] = []
        self._undone: list[_Done] = []
        self._lock = Lock()

    @property
    def counting(self) -> tuple[Acceptance, ...]:
        """All that count, whether expired or not."""
        own = {one.about for one in self._own}
        return (*(one for one in self._named if one.about not in own), *self._own)

    def read(self) -> None:
        """Read the named file again.

        Raises:
            UsageProblem: it cannot be read, or something in it is wrong; what it said before
                still counts.
        """
        if self._opened.acceptances is not None:
            self._named = read_acceptances(self._opened.acceptances).acceptances

    def remark(self, events: Sequence[DriftEvent], today: date) -> str:
        """What there is to say of them besides; nothing mostly.

        Args:
            events: of the history.
            today: the day on which they are judged.
        """
        if self._opened.acceptances is None:
            name = default_name(self._opened.repository)
            if name and not self._own and os.path.isfile(name):
                return f"{name} is not used; start with --acceptances if you trust it"
            return ""
        old = sum(one.expired(today) for one in self._named)
        idle = len(unused(self._named, events, today))
        parts = [f"{old:,} expired"] * bool(old) + [f"{idle:,} for nothing"] * bool(idle)
        return f"acceptances: {', '.join(parts)}; `forensics drift` says which" if parts else ""

    def accept(self, accepted: Accepted) -> str:
        """Accept one; says what was done.

        Raises:
            ForensicsError: as `forensics.scan.drift_accepting` does.
        """
        one, file = accepted
        with self._lock:
            self._apply(accepting(one, file))
            self._undone.clear()
        used = file == self._opened.acceptances
        how = "" if used else f": `--acceptances {file}` uses it"
        return f"{file} has it; review and commit it{how}.  z undoes"

    def undo(self) -> str:
        """Take back the last change; says what was done.

        Raises:
            UsageProblem: there is none, or somebody changed the file after that.
        """
        with self._lock:
            if not self._done:
                raise UsageProblem(
                    "nothing was accepted here yet", "`forensics drift accept --remove` takes back"
                )
            last = self._done[-1]
            after, rows = change(
                last.made.undone, self._told(), last.rows, keep_bare=last.before is not None
            )
            self._opened.own.wrote(rows)
            self._own = last.own
            self._undone.append(self._done.pop())
            self._now(last.made, after.acceptances)
        file, now = last.made.file, _content(last.made.file)
        if now is None:
            return f"undone: {file} is gone, as it was not there before"
        if now == last.before:
            return f"undone: {file} is as it was"
        return f"undone: {file} stays, with {len(after.acceptances) or 'no'} acceptances"

    def redo(self) -> str:
        """Do again what was taken back last; says what was done.

        Raises:
            UsageProblem: there is nothing, or somebody changed the file after that.
        """
        with self._lock:
            if not self._undone:
                raise UsageProblem("there is nothing to redo", "w accepts")
            made = self._undone[-1].made
            self._apply(made)
            self._undone.pop()
        return f"done again: {made.file} has it"

    def _apply(self, made: Change) -> None:
        before = _content(made.file)
        after, rows = change(made, self._told(), ())
        self._opened.own.wrote(rows)
        self._done = [*self._done, _Done(made, rows, self._own, before)][-_KEPT:]
        anew = {one.about for one in made.come}
        self._own = (*(one for one in self._own if one.about not in anew), *made.come)
        self._now(made, after.acceptances)

    def _now(self, made: Change, said: tuple[Acceptance, ...]) -> None:
        if made.file == self._opened.acceptances:
            self._named = said

    def _told(self) -> Told:
        return Told(self._opened.index, self._opened.key)


def _content(file: Path) -> bytes | None:
    """What is in a file; None where there is none, or it cannot be read."""
    try:
        return file.read_bytes()
    except OSError:
        return None
