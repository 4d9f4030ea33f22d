"""Scanning, reporting and leaving as gitleaks does, whatever is scanned."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from forensics.cli.as_gitleaks.flags import Flags
from forensics.cli.common import key_with_notice, note
from forensics.cli.lists import read_asked
from forensics.cli.reports import Reports
from forensics.cli.scan import print_summary

if TYPE_CHECKING:
    from forensics.git.repository import Repository
    from forensics.index.database import Connection
    from forensics.index.records import Finding
    from forensics.key import Key
    from forensics.scan.setup import ScannerSetup
    from forensics.scan.summary import ScanSummary

__all__ = ["Scanned", "scan_as_gitleaks"]

INCOMPLETE = 3
_AGAIN_SECONDS = 10.0
_REDACTED = "REDACTED"


class Scanned(NamedTuple):
    """What came of it."""

    connection: Connection | None
    """None where no report is wanted and nothing was found."""
    summary: ScanSummary
    findings: list[Finding]
    source: Repository | Path | None
    """What contents can be read again from."""


Scan = Callable[[ExitStack, "Key", "ScannerSetup"], Scanned]


class _TimeIsUp(BaseException):
    """Raised wherever the scan is just then."""


def scan_as_gitleaks(flags: Flags, scan: Scan) -> None:
    """Scan, print what is asked for, and leave with an exit code where that is not 0.

    Raises:
        UsageProblem, RuleError: a file that was named cannot be used.
    """
    from forensics.key import cache_folder
    from forensics.scan.setup import setup_for

    rules, lists, plugins = read_asked(**flags.lists)
    key = key_with_notice()
    setup = setup_for(key, cache_folder(), rules, lists, plugins, **flags.setup)
    try:
        with _time_limit(flags.timeout), ExitStack() as stack:
            connection, summary, found, source = scan(stack, key, setup)
            if flags.wholly:
                found = [one._replace(preview=_REDACTED) for one in found]
            programs = Reports(flags.told)
            if flags.told.any:
                assert connection is not None
                programs.add(connection, key, summary.repository, found, source, setup)
    except _TimeIsUp:
        note(f"stopped after {flags.timeout:,} s: not everything was read, and nothing is reported")
        raise click.exceptions.Exit(INCOMPLETE) from None
    counting = [one for one in found if one.counts]
    if flags.verbose:
        _print(counting, to_stderr=flags.told.printed)
    programs.write()
    _say(flags, summary, len(counting))
    code = flags.exit_code if counting else 0
    if code or not summary.complete:
        raise click.exceptions.Exit(code or INCOMPLETE)


def _print(findings: list[Finding], *, to_stderr: bool) -> None:
    """Each finding as lines for people."""
    from forensics.report.gitleaks_lines import gitleaks_lines

    for one in findings:
        for line in gitleaks_lines(one):
            click.echo(line, err=to_stderr)


def _say(flags: Flags, summary: ScanSummary, count: int) -> None:
    """What was covered, and how many findings there are, on standard error."""
    if flags.says("info"):
        print_summary(summary, "gitleaks")
    if not summary.complete and flags.says("error"):
        note("not everything could be read; --log-level info says what")
    if count and flags.says("warn"):
        note(f"leaks found: {count:,}".replace(",", ""))
    elif not count and flags.says("info"):
        note("no leaks found" if summary.complete else "no leaks found in what could be read")


@contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    """Raise `_TimeIsUp` after so many seconds; 0 for never. Workers have no timer of their own."""

    def stop(_number: int, _frame: object) -> None:
        raise _TimeIsUp

    if not seconds:
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    # What is raised while something is taken down is lost, so it comes again.
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
