"""What this session decided, taken back and done again: never over what somebody else decided."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from forensics.errors import StaleDecision, UsageProblem
from forensics.index.database import Connection
from forensics.index.decision_dates import dates_from
from forensics.index.triage import Decision, Triage, Triaged
from tui.opened import Opened

__all__ = ["Done", "Undoing", "dates_problem", "plainly"]

_FIELDS = ("state", "owner", "reason", "note", "expires", "evidence", "when", "due")
_OPTION = re.compile(f"--({'|'.join(_FIELDS)})\\b")
_KEPT = 100
"""Changes that can be taken back."""


def dates_problem(given: Mapping[str, str]) -> str:
    """What is wrong with the dates of a decision, if anything is."""
    try:
        dates_from({name: text for name, text in given.items() if text.strip()}, time.time())
    except UsageProblem as problem:
        return plainly(problem)
    return ""


def plainly(problem: Exception) -> str:
    """What a problem says, options called as the fields of a dialog are."""
    return _OPTION.sub(r"\1", str(problem))


@dataclass(slots=True)
class _Batch:
    """One change of one or many secrets."""

    what: str
    decisions: Sequence[tuple[str, Decision]]
    before: dict[str, int]
    """Revisions that it was decided on."""
    after: dict[str, int]
    """Revisions that it made."""


@contextmanager
def _last_of(batches: list[_Batch]) -> Iterator[_Batch]:
    """The last one, which is not among them any more once it is dealt with; nor where somebody
    else decided meanwhile, since that stands for good."""
    batch = batches[-1]
    try:
        yield batch
    except StaleDecision as stale:
        stale.args = (f"{stale.args[0]}: {batch.what} stays as it is",)
        batches.pop()
        raise
    batches.pop()


@dataclass(frozen=True, slots=True)
class Done:
    """What holds after a change."""

    what: str
    now: Mapping[str, Triaged | None]
    """By fingerprint, of the secrets concerned; None where nothing is decided any more."""


class Undoing:
    """Changes of one session. All of it waits for the index, so call it in threads.

    Args:
        opened: the index.
    """

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._connection: Connection | None = None
        self._kept: Triage | None = None
        self._file: tuple[int, int] | None = None
        """What it was opened on: a scan may have made another one since."""
        self._done: list[_Batch] = []
        self._undone: list[_Batch] = []
        self._own, self._lock = opened.own, opened.own.lock

    def decide(self, what: str, seen: Mapping[str, int], given: Mapping[str, str]) -> Done:
        """Decide about secrets as one change.

        Args:
            what: in words, for who takes it back.
            seen: by fingerprint, the revision of each secret that was on the screen.
            given: what is decided, by the names of the options of `forensics triage`.

        Raises:
            StaleDecision: somebody decided about one of them meanwhile.
            UsageProblem: what is given does not fit together.
        """
        from forensics.scan.deciding import decision_from  # loads the scanner, to mask texts

        said = {name: given.get(name) for name in _FIELDS}
        with self._lock:
            triage = self._triage()
            decisions = list(decision_from(said, triage, list(seen), self._opened.key))
            after = triage.decide_all(decisions, seen=seen)
            self._done = [*self._done, _Batch(what, decisions, dict(seen), after)][-_KEPT:]
            self._undone.clear()
            return self._tell(triage, what, after)

    def undo(self) -> Done:
        """Take back the last change.

        Raises:
            StaleDecision: somebody decided about one of its secrets after that, so that it stands
                for good: the next call is about the change before.
            UsageProblem: there is none.
        """
        with self._lock:
            triage = self._triage()
            if not self._done:
                raise UsageProblem("there is nothing to undo", "`forensics triage --undo` goes on")
            with _last_of(self._done) as batch:
                told = triage.undo(batch.after, seen=batch.after)
            self._undone.append(batch)
            return self._tell(triage, batch.what, told)

    def redo(self) -> Done:
        """Do again what was taken back last.

        Raises:
            StaleDecision: somebody decided about one of its secrets after that, so that it stands
                for good: the next call is about the change before.
            UsageProblem: there is none.
        """
        with self._lock:
            triage = self._triage()
            if not self._undone:
                raise UsageProblem("there is nothing to redo")
            with _last_of(self._undone) as batch:
                after = triage.decide_all(batch.decisions, seen=batch.before)
            for other in self._undone:  # what was decided on top of it stands on this now
                for secret, revision in other.before.items():
                    if secret in batch.after and batch.after[secret] == revision:
                        other.before[secret] = after[secret]
            batch.after = after
            self._done.append(batch)
            return self._tell(triage, batch.what, after)

    def _tell(self, triage: Triage, what: str, rows: Mapping[str, int]) -> Done:
        """What holds now, given the rows of the journal by secret; every screen will know."""
        self._own.wrote(rows.values())
        known = {one.secret: one for one in triage.current(rows)}
        now = {secret: known.get(secret) for secret in rows}
        self._own.decided(now)
        return Done(what, now)

    def _triage(self) -> Triage:
        """What decides; it looks through all decisions once, and again if somebody else writes."""
        if self._opened.read_only:
            advice = "update git-forensics" if self._opened.newer else "start without --read-only"
            raise UsageProblem("this is read-only", advice)
        standing = self._opened.standing
        standing.check()
        if self._kept is None or self._file != standing.file:
            self._let_go()
            self._connection = self._opened.for_writing(any_thread=True)
            self._kept, self._file = Triage(self._connection, self._opened.key), standing.file
        elif self._connection is not None:
            standing.check_id(self._connection)
        return self._kept

    def _let_go(self) -> None:
        self._kept = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Let go of the index, once what is being decided is."""
        with self._lock:
            self._let_go()
