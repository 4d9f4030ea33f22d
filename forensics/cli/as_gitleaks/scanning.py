"""Scanning, reporting and leaving as gitleaks does, whatever is scanned."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from forensics.cli.as_gitleaks.flags import Flags
from forensics.cli.common import INCOMPLETE, leave, note
from forensics.cli.gating import Gate
from forensics.cli.prepare import prepare
from forensics.cli.reports import Reports
from forensics.cli.scan_history import print_summary

if TYPE_CHECKING:
    from forensics.gate.new import Base
    from forensics.git.own_files import OwnFiles
    from forensics.git.repository import Repository
    from forensics.index.database import Connection
    from forensics.index.records import Finding
    from forensics.key import Key
    from forensics.scan.setup import ScannerSetup
    from forensics.scan.summary import ScanSummary

__all__ = ["Scan", "Scanned", "scan_as_gitleaks"]

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
    top: bytes = b""
    """The start of all paths that a policy does not see."""


Scan = Callable[[ExitStack, "Key", "ScannerSetup"], Scanned]


class _TimeIsUp(BaseException):
    """Raised wherever the scan is just then."""


def scan_as_gitleaks(
    flags: Flags,
    scan: Scan,
    own: OwnFiles | None,
    repository: Callable[[], Repository | None] = lambda: None,
) -> None:
    """Scan, print what is asked for, and leave with an exit code where that is not 0.

    Args:
        flags: what is asked for.
        scan: does it.
        own: files at the top of what is scanned.
        repository: opens it, if it is one.

    Raises:
        UsageProblem, RuleError: a file that was named cannot be used.
    """
    key, setup, gate, _ = prepare(flags.lists, own, flags.policy, flags.trusted, **flags.setup)
    base = gate.base(repository)
    try:
        with _time_limit(flags.timeout), ExitStack() as stack:
            scanned = scan(stack, key, setup)
            connection, summary, _, source, _ = scanned
            row = summary.repository
            found = _judged(gate, scanned, base)
            if flags.wholly:
                found = [one._replace(preview=_REDACTED) for one in found]
            programs = Reports(flags.told)
            if flags.told.any:
                assert connection is not None
                programs.add(connection, key, row, found, source, setup)
    except _TimeIsUp:
        note(f"stopped after {flags.timeout:,} s: not everything was read, and nothing is reported")
        raise click.exceptions.Exit(INCOMPLETE) from None
    if flags.verbose:
        _print([one for one in found if one.counts], to_stderr=flags.told.printed)
    programs.write()
    failing = sum(one.fails for one in found)
    _say(flags, summary, gate, failing)
    leave(failing, summary.complete, flags.exit_code)


def _judged(gate: Gate, scanned: Scanned, base: Base | None) -> list[Finding]:
    """The findings with what the policy says of them. Its paths start at the top of a folder,
    whatever names that."""
    row = scanned.summary.repository
    seen = [
        one._replace(path=one.path and one.path.removeprefix(scanned.top).lstrip(b"/"))
        for one in scanned.findings
    ]
    judged = gate.judged(scanned.connection, row, seen, {row: base})
    return [
        one._replace(gate=each.gate) for one, each in zip(scanned.findings, judged, strict=True)
    ]


def _print(findings: list[Finding], *, to_stderr: bool) -> None:
    """Each finding as lines for people."""
    from forensics.report.gitleaks_lines import gitleaks_lines

    for one in findings:
        for line in gitleaks_lines(one):
            click.echo(line, err=to_stderr)


def _say(flags: Flags, summary: ScanSummary, gate: Gate, count: int) -> None:
    """What was covered, and how many findings there are that fail, on standard error."""
    if flags.says("info"):
        print_summary(summary, "gitleaks")
        for line in gate.lines():
            click.echo(line, err=True)
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
