"""What `forensics scan` and others do for the whole history of a repository."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.common import note, warn_of_forged_triage

if TYPE_CHECKING:
    from forensics.index.database import Connection
    from forensics.index.records import Finding
    from forensics.key import Key
    from forensics.scan.setup import ScannerSetup
    from forensics.scan.summary import ScanSummary

__all__ = ["findings_in", "print_summary", "scan_history"]


def scan_history(
    stack: ExitStack,
    target: Path,
    index: Path | None,
    key: Key,
    setup: ScannerSetup,
    jobs: int = 0,
    alternates: bool = False,
    retry: bool = False,
    progress: str = "auto",
) -> tuple[Connection, ScanSummary]:
    """Scan the repository at `target` into its index, or the one named, which is closed with
    `stack`.

    Args:
        stack: closes the index, and lets others scan into it.
        target: a repository, or a folder in one.
        index: the file, if not the usual one.
        key: makes fingerprints.
        setup: what to look with.
        jobs: processes; 0 for one a core.
        alternates: whether borrowed objects count that no ref here reaches.
        retry: whether what earlier scans read in part is read again.
        progress: how it is shown: `auto` or `lines`.

    Raises:
        NotARepository: there is none.
        IndexRefused: its index is none of ours.
        ScanRunning: another scan is at work on it.
        IndexWriteFailed: it cannot be written.
    """
    from forensics.cli.progress import watching
    from forensics.git.repository import open_repository
    from forensics.index.database import create_or_open
    from forensics.index.location import index_path
    from forensics.index.lock import scan_lock
    from forensics.index.safe_place import refuse_unsafe
    from forensics.scan.engine import scan_repository

    repository = open_repository(target, alternates=alternates)
    chosen = index_path(index, repository.common_dir)
    assert chosen is not None
    refuse_unsafe(chosen)
    stack.enter_context(scan_lock(chosen))
    connection = stack.enter_context(closing(create_or_open(chosen, key)))
    warn_of_forged_triage(connection, key)
    with watching(progress) as observer:
        summary = scan_repository(
            repository, connection, key, setup,
            index=chosen, jobs=jobs, retry=retry, observer=observer,
        )  # fmt: skip
    nothing = not (summary.commits or summary.objects or summary.known or summary.refs)
    if nothing and summary.complete:
        note(f"{target} has no commits yet: there is nothing to scan; --dir scans its files")
    return connection, summary


def findings_in(connection: Connection, summary: ScanSummary) -> Iterator[Finding]:
    """What an index knows of what was scanned into it, worst first."""
    from forensics.index.reader import IndexReader

    return IndexReader(connection).findings(summary.repository)


def print_summary(summary: ScanSummary, output_format: str) -> None:
    """Print what was covered: with the table, or beside data for programs."""
    from forensics.report.summary import summary_lines

    for line in summary_lines(summary):
        click.echo(line, err=output_format != "table")
