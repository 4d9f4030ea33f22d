"""Scanning targets one after the other, and telling of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from forensics.cli.baseline import write_baseline
from forensics.cli.common import print_findings
from forensics.cli.prepare import Prepared
from forensics.cli.reports import Asked, Reports
from forensics.cli.scan_files import scan_files
from forensics.cli.scan_history import findings_in, print_summary, scan_history
from forensics.cli.scan_new import New, scan_new

if TYPE_CHECKING:
    from forensics.git.repository import Repository
    from forensics.index.database import Connection
    from forensics.index.records import Finding
    from forensics.scan.summary import ScanSummary

__all__ = ["How", "ScanRun", "print_scan"]

_ROWS = 50

_Listed = Callable[[], Iterable["Finding"]]
"""Findings of a target, read as often as somebody asks."""


class How(NamedTuple):
    """How each target is scanned."""

    index_file: Path | None
    as_folder: bool
    as_stream: bool
    new: New | None
    """What is looked at; None for everything."""
    jobs: int
    alternates: bool
    secrets_baseline: Path | None
    """Where one is written."""
    progress: str
    """How it is shown: `auto` or `lines`."""


class ScanRun:
    """One call of `forensics scan`."""

    def __init__(self, ready: Prepared, how: How, told: Asked) -> None:
        """Scan with what is `ready`, and print and write what is to be `told`."""
        self.failing = 0
        """Findings that fail, so far."""
        self.complete = True
        """Whether everything in scope could be read, so far."""
        self._ready, self._how, self._told = ready, how, told
        self._reports = Reports(told)
        self._for_json: list[Finding] = []

    def scan(self, target: Path) -> None:
        """Scan one, and tell of it what is told of each."""
        gate, how = self._ready.gate, self._how
        with ExitStack() as stack:
            base = gate.base(partial(self._repository, target))
            connection, summary, listed = self._scanned(stack, target)
            if gate:
                row = summary.repository
                listed = gate.judged(connection, row, listed(), {row: base}).copy
            reported = 0
            if self._told.any:
                assert connection is not None
                reported = self._reports.add(
                    connection, self._ready.key, summary.repository, listed(),
                    self._source(target), self._ready.setup,
                )  # fmt: skip
            self._tell(listed, summary, reported)
            self.complete = self.complete and summary.complete
            if how.secrets_baseline is not None:
                assert connection is not None
                write_baseline(
                    how.secrets_baseline, target, how.as_folder, connection, self._ready.key,
                    summary, self._ready.plugins,
                )  # fmt: skip

    def end(self) -> None:
        """Tell what is told of all of them together."""
        output_format = self._told.output_format
        if output_format == "json":
            self.failing = print_findings(self._for_json, output_format).counting
        for line in self._ready.gate.lines():
            click.echo(line, err=output_format != "table")
        self._reports.write()

    def _scanned(
        self, stack: ExitStack, target: Path
    ) -> tuple[Connection | None, ScanSummary, _Listed]:
        how, key, setup = self._how, self._ready.key, self._ready.setup
        if how.new is not None:
            found, summary, findings = scan_new(
                stack, target, how.index_file, key, setup, how.new, needed=self._told.any
            )
            return found, summary, findings.copy
        if how.as_stream or how.as_folder:
            connection, summary = scan_files(
                stack, target, how.as_stream, how.index_file, key, setup, how.progress
            )
        else:
            connection, summary = scan_history(
                stack,
                target,
                how.index_file,
                key,
                setup,
                how.jobs,
                how.alternates,
                progress=how.progress,
            )
        return connection, summary, partial(findings_in, connection, summary)

    def _tell(self, listed: _Listed, summary: ScanSummary, reported: int) -> None:
        how, output_format = self._how, self._told.output_format
        if output_format == "json":  # one document, however many targets
            self._for_json += listed()
            print_summary(summary, output_format)
        elif self._told.printed:
            self.failing += reported
            print_summary(summary, output_format)
        else:
            files = how.as_stream or how.as_folder
            kept = how.new is None and (how.index_file is not None or not files)
            self.failing += print_scan(listed(), summary, output_format, kept=kept)

    def _repository(self, target: Path) -> Repository | None:
        from forensics.git.repository import open_repository

        if self._how.as_folder or self._how.as_stream:
            return None
        return open_repository(target, alternates=self._how.alternates)

    def _source(self, target: Path) -> Repository | Path | None:
        """What a target's contents can be read again from."""
        if self._how.as_stream:
            return None
        repository = self._repository(target)
        if repository is None:
            return target
        at_work = self._how.new is not None and self._how.new.work_tree
        return repository.work_tree if at_work else repository


def print_scan(
    findings: Iterable[Finding], summary: ScanSummary, output_format: str, *, kept: bool = True
) -> int:
    """Print findings and summary; how many findings there are that fail.

    Args:
        findings: the worst first.
        summary: of their scan.
        output_format: `table` or `jsonl`.
        kept: whether an index has them, so that `forensics findings` can list the rest.
    """
    lister = "forensics findings" if kept else "-f jsonl"
    printed = print_findings(findings, output_format, at_most=_ROWS, lister=lister)
    if output_format == "table" and printed.all:
        click.echo()
    print_summary(summary, output_format)
    return printed.counting
