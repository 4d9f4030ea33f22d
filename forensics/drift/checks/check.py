"""What all kinds of drift are followed by."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Set

from forensics.drift.ledger import Entry, Ledger
from forensics.drift.model import Step
from forensics.drift.state import Effective
from forensics.drift.walk import Turn

__all__ = ["Check"]


class Check(ABC):
    """Follows one kind of drift through history."""

    def __init__(self, ledger: Ledger) -> None:
        """Begin before the first commit; what is found is entered into `ledger`."""
        self._ledger = ledger
        self._order = ledger.order

    @abstractmethod
    def see(self, turn: Turn) -> None:
        """Enter into the ledger what a commit opens, changes or closes."""

    def moved(self, before: str, after: str) -> None:  # noqa: B027  # most remember nothing
        """A set goes on under another name, and so does what is remembered of it."""

    def renamed(self, name: str, before: str, after: str) -> None:  # noqa: B027
        """A key of a set goes on under another name, and so does what is remembered of it."""

    def finish(self, now: int) -> None:  # noqa: B027  # most have nothing to do
        """The line has ended, at `now`."""

    def ends(self, entry: Entry) -> int | None:
        """When an open entry is over though nothing happens; None if never, or not of this kind."""
        return None

    def _enter(
        self,
        turn: Turn,
        key: str,
        kind: str,
        rows: Iterable[Effective],
        *,
        present: Set[str],
        missing: Set[str] = frozenset(),
        severity: str,
        topic: str = "",
        opened: Step | None = None,
    ) -> Entry:
        """Open an entry. It is certain unless a file of an environment that it is about does not
        parse, or did not until now.

        Args:
            turn: what opens it.
            key: what it is about.
            kind: of drift.
            rows: what tells of it: their files are named.
            present: see `Entry`; `missing`, `severity` and `topic` too.
            missing: by default nobody.
            severity: `low`, `medium` or `high`.
            topic: by default the kind.
            opened: the step that opened it, where it is an earlier one.
        """
        return self._ledger.open(
            Entry(
                topic=topic or kind,
                kind=kind,
                set_name=turn.set,
                key=key,
                present=set(present),
                missing=set(missing),
                opened=opened or turn.step,
                severity=severity,
                certain=not turn.doubtful & (present | missing),
                paths={each.file for each in rows},
            )
        )
