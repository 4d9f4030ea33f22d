"""What `forensics scan` does for a range, for what is staged, and for files at work."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from forensics.cli.common import note
from forensics.cli.known import opened_index, values_known
from forensics.errors import ForensicsError, UsageProblem

if TYPE_CHECKING:
    from forensics.git.log_words import LogWords
    from forensics.git.repository import Repository
    from forensics.index.database import Connection
    from forensics.index.records import Finding
    from forensics.key import Key
    from forensics.scan.judged import Choose, Judged, Known
    from forensics.scan.setup import ScannerSetup
    from forensics.scan.summary import ScanSummary

__all__ = ["New", "findings_of", "index_of", "judge", "new_options", "scan_new"]

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--range", "ranges", multiple=True, metavar="A..B",
        help="Only what commits of a range introduce, written as for git log; repeat.",
    ),
    click.option(
        "--since", metavar="REF|DATE",
        help="Only what commits introduce that HEAD has and REF does not.",
    ),
    click.option(
        "--commit", "commits", multiple=True, metavar="COMMIT",
        help="Only what this commit introduces; repeat.",
    ),
    click.option("--staged", is_flag=True, help="Only what the next commit would introduce."),
    click.option(
        "--worktree", "work_tree", is_flag=True,
        help="Only what changed and untracked files hold that HEAD does not.",
    ),
    click.option(
        "--ci", is_flag=True,
        help="Only what the CI job at hand brings, by what its variables say; see docs/ci.md.",
    ),
)  # fmt: skip


def new_options(command: _Command) -> _Command:
    """Add the options to a command, which gets their values as `New.taken_from` takes them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


class New(NamedTuple):
    """Which new things to look at."""

    ranges: tuple[str, ...] = ()
    since: str | None = None
    commits: tuple[str, ...] = ()
    staged: bool = False
    work_tree: bool = False
    ci: bool = False
    log: LogWords | None = None
    unstaged: bool = False
    """Tracked files that differ from the index file."""
    below: bool = False
    """Of what is staged or not, only what is below the folder named."""

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> New:
        """What `new_options` gave, taken out of all options."""
        names = ("ranges", "since", "commits", "staged", "work_tree", "ci")
        return cls(**{name: options.pop(name) for name in names})

    def wanted(self, targets: Sequence[Path], others: Sequence[str]) -> New | None:
        """What to look at, that of a CI job looked up; None for everything.

        Args:
            targets: what is scanned.
            others: options given that do not go with these.

        Raises:
            UsageProblem: two are given, or one of the others, or what a CI job brings cannot be
                told.
            NotARepository: a CI job has none.
        """
        given = [
            name
            for name, value in (
                ("--range", self.ranges), ("--since", self.since is not None),
                ("--commit", self.commits), ("--staged", self.staged),
                ("--worktree", self.work_tree), ("--ci", self.ci),
            )
            if value
        ]  # fmt: skip
        both = [*given, *others]
        if given and len(both) > 1:
            raise UsageProblem(f"{both[0]} does not go with {both[1]}", "give one of them")
        if self.ci:
            from forensics.cli.ci_range import new_of_job

            job = new_of_job(targets)
            return job if job.ranges else None
        return self if given else None


def judge(repository: Repository, key: Key, setup: ScannerSetup, new: New, known: Known) -> Judged:
    """What is introduced there.

    Raises:
        UsageProblem: there are no such commits, or there is no work tree.
    """
    from forensics.scan.judged_work import judge_staged, judge_work_tree

    folder = _folder(repository) if new.below else b""
    if new.staged:
        return judge_staged(repository, key, setup, folder=folder, known=known)
    if new.work_tree or new.unstaged:
        return judge_work_tree(
            repository, key, setup, unstaged=new.unstaged, folder=folder, known=known
        )
    from forensics.git import revisions  # which load much that files need not
    from forensics.git.log_words import commits_of_log
    from forensics.scan.judged import judge_commits

    choose: Choose
    if new.log is not None:
        choose = partial(commits_of_log, asked=new.log)
    elif new.since is not None:
        choose = partial(revisions.commits_since, text=new.since)
    elif new.commits:
        choose = partial(revisions.commits_named, names=new.commits)
    else:
        choose = partial(revisions.commits_of_range, text=" ".join(new.ranges))
    return judge_commits(repository, key, setup, choose, known=known)


def _folder(repository: Repository) -> bytes:
    """The path from the top of the work tree to the folder named, with a slash behind it."""
    top, named = repository.work_tree, repository.path.resolve()
    if top is None or named == top.resolve() or not named.is_relative_to(top.resolve()):
        return b""
    return os.fsencode(named.relative_to(top.resolve())) + b"/"


def index_of(
    connection: Connection, key: Key, setup: ScannerSetup, repository: Repository, judged: Judged
) -> ScanSummary:
    """Put it into an empty index, and count."""
    from forensics.scan.introduced_index import index_introduced

    files = judged.files
    home = repository.work_tree if files else repository.home
    return index_introduced(
        connection, key, setup, home or repository.home,
        "none" if files else repository.object_format, judged,
    )  # fmt: skip


def scan_new(
    stack: ExitStack,
    target: Path,
    index: Path | None,
    key: Key,
    setup: ScannerSetup,
    new: New,
    *,
    needed: bool,
) -> tuple[Connection | None, ScanSummary, list[Finding]]:
    """Look at what is new in the repository at `target`.

    Args:
        stack: closes the index.
        target: a folder.
        index: where known secrets and decisions about them are, if not in the repository.
        key: makes fingerprints.
        setup: what to look with.
        new: what to look at.
        needed: whether an index is needed even where nothing is found.

    Returns:
        An index that is gone when it is closed, None where none was made; figures; findings.
    """
    from forensics.git.repository import open_repository
    from forensics.scan.judged import summary_of

    repository = open_repository(target)
    known = values_known(index, key, setup, in_hook=False)
    judged = judge(repository, key, setup, new, known)
    if not (judged.found or judged.skips or needed):
        return None, summary_of(judged, setup), []
    from forensics.index.database import in_memory

    connection = stack.enter_context(closing(in_memory(key)))
    summary = index_of(connection, key, setup, repository, judged)
    return connection, summary, findings_of(connection, summary, repository, index, key)


def findings_of(
    connection: Connection, summary: ScanSummary, repository: Repository, index: Path | None,
    key: Key,
) -> list[Finding]:  # fmt: skip
    """Findings with what people decided about their secrets, where an index knows of that; figures
    follow."""
    from forensics.index.reader import IndexReader
    from forensics.index.records import AWAY

    findings = list(IndexReader(connection).findings())
    states = _states(repository, index, key) if findings else {}
    if not states:
        return findings
    findings = [one._replace(triage=states.get(one.secret)) for one in findings]
    away = {one.secret: one for one in findings if one.triage in AWAY}
    for one in away.values():
        summary.triaged[str(one.triage)] = summary.triaged.get(str(one.triage), 0) + 1
        summary.by_severity[one.severity] = summary.by_severity.get(one.severity, 0) - 1
    summary.by_severity = {name: count for name, count in summary.by_severity.items() if count > 0}
    return sorted(findings, key=lambda one: (one.ignored is not None, one.triage in AWAY))


def _states(repository: Repository, index: Path | None, key: Key) -> dict[str, str]:
    from forensics.cli.common import warn_of_forged_triage
    from forensics.index.triage import decisions

    with opened_index(index, repository, key, "triage does not count") as connection:
        if connection is None:
            return {}
        try:
            warn_of_forged_triage(connection, key)
            states = {one.secret: one.state() for one in decisions(connection)}
        except ForensicsError as error:
            note(f"triage does not count: {error}")
            return {}
    return {secret: state for secret, state in states.items() if state != "open"}
