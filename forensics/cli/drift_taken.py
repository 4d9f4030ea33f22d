"""The drift of a repository as a command works with it: read, followed, and judged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from forensics.cli.common import key_with_notice, note
from forensics.cli.drift_options import say_unread
from forensics.drift.acceptance import accept_events, unused
from forensics.drift.accepting import read_acceptances, today
from forensics.drift.choice import Choice
from forensics.drift.environments import Placer
from forensics.drift.matrix import matrix_of
from forensics.drift.model import DriftEvent, Matrix, Step
from forensics.drift.survey import Survey, surveyed
from forensics.git.repository import Repository
from forensics.key import Key
from forensics.scan.drift_names import Names, scanner_with

__all__ = ["Taken", "take"]

_MOST_NOTES = 5


class Taken(NamedTuple):
    """A survey, and what it takes to answer for it."""

    repository: Repository
    key: Key
    survey: Survey
    before: frozenset[bytes]
    """Steps that the line of `--since` has too."""
    names: Names
    merged: Callable[[bytes, bytes], tuple[Step, ...]]
    """Of a merge and a path: the commits that it brought in and that touched the file."""

    def environments(self) -> tuple[str, ...]:
        """All that any set has, or had when something was wrong."""
        names = {name for state in self.survey.states.values() for name in state.environments}
        for event in self.survey.events:
            names.update(event.present, event.missing)
        return self.survey.order.arranged(names)

    def sets(self) -> list[str]:
        """All sets that there are, or were when something was wrong."""
        return sorted({*self.survey.states, *(event.set for event in self.survey.events)})

    def judged(self, file: Path | None, *, partly: bool) -> tuple[DriftEvent, ...]:
        """The events, those marked that a file accepts.

        Args:
            file: of acceptances.
            partly: whether only a part is asked for, so that nothing is said of the rest.

        Raises:
            UsageProblem: the file cannot be read, or something in it is wrong.
        """
        events = self.survey.events
        if file is None:
            say_unread(self.repository)
            return events
        day, accepted = today(), read_acceptances(file).acceptances
        judged = accept_events(events, accepted, day, matrix_of(self.survey, events))
        old = [one for one in accepted if one.expired(day)]
        idle = [] if partly else unused(accepted, events, day)
        for these, what in ((old, "expired and no longer counts"), (idle, "accepts nothing")):
            for one in these[:_MOST_NOTES]:
                until = f" on {one.expires}" if one in old else ""
                note(f"{file}:{one.line}: what {one.owner} accepted of {one.key}{until} {what}")
            if len(these) > _MOST_NOTES:
                note(f"{file}: {len(these) - _MOST_NOTES:,} more {what}")
        return judged

    def matrix(self, choice: Choice, events: tuple[DriftEvent, ...]) -> Matrix:
        """What is asked for of the environments side by side, `events` being the drift."""
        chosen = {name: state for name, state in self.survey.states.items() if choice.named(name)}
        whole = matrix_of(self.survey._replace(states=chosen), events)
        return self.names.matrix(choice.matrix(whole, events))

    def since(self, events: tuple[DriftEvent, ...]) -> tuple[DriftEvent, ...]:
        """Those that opened or closed after `--since`."""
        return tuple(
            event
            for event in events
            if event.opened.commit not in self.before
            or (event.closed is not None and event.closed.commit not in self.before)
        )

    def values(self, matrix: Matrix) -> dict[tuple[str, str, str], str]:
        """Values that nothing forbids to show."""
        from forensics.scan.plain_values import plain_values

        paths = {
            each.path.decode(errors="replace")
            for state in self.survey.states.values()
            for got in state.environments.values()
            for each in got.values()
        }
        return plain_values(self.repository, matrix, paths, scanner_with(self.key)[1])


def take(
    path: Path, index: Path | None, *, ref: str | None, placer: Placer, since: str | None = None
) -> Taken:
    """Read what is new of a ref's configuration, and follow it to its tip.

    Raises:
        NotARepository, IndexRefused, IndexWriteFailed, KeyProblem, GitFailed: as a scan does.
        UsageProblem: there is no such commit.
    """
    from forensics.cli.progress import following
    from forensics.drift.sops_file import placer_of
    from forensics.git.repository import open_repository
    from forensics.git.resolve import named_commit
    from forensics.index.location import index_path
    from forensics.scan.drift_recording import recording

    repository = open_repository(path)
    key = key_with_notice()
    chosen = index_path(index, repository.common_dir)
    assert chosen is not None
    names = Names(key)
    placer = placer_of(repository, named_commit(repository, ref).oid, placer)
    with ExitStack() as open_now:
        progress = open_now.enter_context(following())
        record = open_now.enter_context(recording(repository, chosen, key, placer, names, progress))
        before = record.line(since).steps if since else ()
        line = record.line(ref)
        survey = surveyed(line, record.reading, placer)
    if line.cut:
        note(f"the history is not whole, so some dates may be too late: {line.cut}")
    seen = frozenset(step.commit for step in before)
    return Taken(repository, key, names.survey(survey), seen, names, record.merged)
