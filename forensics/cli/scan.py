"""`forensics scan`"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forensics.cli.baseline import check_baseline_wish, write_baseline
from forensics.cli.common import (
    index_option,
    key_with_notice,
    note,
    print_findings,
    warn_of_forged_triage,
)  # fmt: skip
from forensics.cli.gating import gate_of, of_setup
from forensics.cli.lists import list_options
from forensics.cli.policy import found_at, one_path, own_files_in, policy_options
from forensics.cli.reports import Asked, Reports, format_options
from forensics.cli.scan_files import scan_files
from forensics.cli.scan_new import New, scan_new
from forensics.cli.trusted import read_asked_of
from forensics.errors import UsageProblem

if TYPE_CHECKING:
    from forensics.git.repository import Repository
    from forensics.index.database import Connection
    from forensics.index.records import Finding
    from forensics.key import Key
    from forensics.scan.setup import ScannerSetup
    from forensics.scan.summary import ScanSummary

__all__ = ["command", "print_summary", "report", "scan_git"]

FOUND, INCOMPLETE = 1, 3
_ROWS = 50


@click.command("scan", short_help="Scan the whole history of repositories.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@index_option
@click.option("--dir", "as_folder", is_flag=True, help="Scan PATH as a folder, not as git.")
@click.option("--stdin", "as_stream", is_flag=True, help="Scan standard input.")
@click.option(
    "--range", "ranges", multiple=True, metavar="A..B",
    help="Only what commits of a range introduce, written as for git log; repeat.",
)  # fmt: skip
@click.option(
    "--since",
    metavar="REF|DATE",
    help="Only what commits introduce that HEAD has and REF does not.",
)
@click.option(
    "--commit", "commits", multiple=True, metavar="COMMIT",
    help="Only what this commit introduces; repeat.",
)  # fmt: skip
@click.option("--staged", is_flag=True, help="Only what the next commit would introduce.")
@click.option(
    "--worktree", "work_tree", is_flag=True,
    help="Only what changed and untracked files hold that HEAD does not.",
)  # fmt: skip
@click.option(
    "--ci", is_flag=True,
    help="Only what the CI job at hand brings, by what its variables say; see docs/ci.md.",
)  # fmt: skip
@format_options
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Processes. Default: one a core.")
@list_options
@policy_options
@click.option(
    "--write-secrets-baseline", "new_baseline", type=click.Path(path_type=Path), metavar="FILE",
    help="Write what stands in files now as a .secrets.baseline of detect-secrets.",
)  # fmt: skip
@click.option(
    "--unsalted-hashes", is_flag=True, help="Accept that such a baseline holds unsalted hashes."
)
@click.option(
    "--max-decode-depth", "decode_depth", type=click.IntRange(min=0, max=20), default=5,
    show_default=True, help="Encodings of text to undo on top of each other; 0 for none.",
)  # fmt: skip
@click.option(
    "--max-archive-depth", "archive_depth", type=click.IntRange(min=0, max=20), default=4,
    show_default=True, help="Archives and compressed streams to open in each other; 0 for none.",
)  # fmt: skip
@click.option(
    "--alternates", is_flag=True, help="Also scan borrowed objects that no ref here reaches."
)
def command(
    paths: tuple[Path, ...],
    index: Path | None,
    as_folder: bool,
    as_stream: bool,
    ranges: tuple[str, ...],
    since: str | None,
    commits: tuple[str, ...],
    staged: bool,
    work_tree: bool,
    ci: bool,
    output_format: str,
    reports: tuple[str, ...],
    deterministic: bool,
    jobs: int | None,
    decode_depth: int,
    archive_depth: int,
    alternates: bool,
    new_baseline: Path | None,
    unsalted_hashes: bool,
    policy: Path | None,
    trusted: bool,
    **asked: Any,
) -> None:
    """Scan every object of each repository at PATH (default: here) into its index, place each
    finding in history, and list what was found.

    A second scan reads only what is new. With other rules than the last one's it reads everything
    again, and what they do not find leaves the index. Results of a folder or of standard input are
    kept only where --index names a file; what a range, the next commit or changed files introduce
    is told and not kept.

    What a mark beside it (forensics:allow, gitleaks:allow ...) or one of the files named ignores is
    counted and listed as ignored. Files for that inside a repository count only if they are named
    or trusted here.
    """
    if as_stream and (paths or as_folder):
        raise UsageProblem("--stdin takes neither a PATH nor --dir", "give one of them")
    targets = list(paths) or [Path()]
    told = Asked.of(output_format, reports, deterministic)
    new = New(ranges, since, commits, staged, work_tree, ci)
    others = (("--dir", as_folder), ("--stdin", as_stream),
              ("--write-secrets-baseline", new_baseline is not None))  # fmt: skip
    only_new = new.check(tuple(name for name, given in others if given))
    if ci:
        from forensics.cli.ci_range import new_of_job

        new = new_of_job(targets)
        only_new = bool(new.ranges)
    if new_baseline is not None:
        check_baseline_wish(new_baseline, unsalted_hashes, len(targets), as_stream)
    from forensics.key import cache_folder
    from forensics.scan.setup import setup_for

    one_path(targets, trusted)
    own = own_files_in(targets[0], as_folder, as_stream, trusted)
    gate = gate_of(found_at(policy, trusted, own))
    rules, lists, plugins = read_asked_of(asked, own, trusted)
    key = key_with_notice()
    setup = setup_for(
        key, cache_folder(), rules, lists, plugins,
        decode_depth=decode_depth, archive_depth=archive_depth,
    )  # fmt: skip
    gate.know(of_setup(setup))
    found = 0
    complete = True
    gathered: list[Finding] = []
    programs = Reports(told)
    for target in targets:
        with ExitStack() as stack:
            connection: Connection | None
            listed: Callable[[], Iterable[Finding]]
            base = gate.base(partial(_repository, target, as_folder, as_stream))
            if only_new:
                connection, summary, findings = scan_new(
                    stack, target, index, key, setup, new, needed=told.any
                )
                listed = findings.copy
            elif as_stream or as_folder:
                connection, summary = scan_files(stack, target, as_stream, index, key, setup)
            else:
                connection, summary = scan_git(
                    stack, target, index, key, setup, jobs or 0, alternates
                )
            if not only_new:
                assert connection is not None
                listed = partial(_found, connection, summary)
            if gate:
                row = summary.repository
                listed = gate.judged(connection, row, listed(), {row: base}).copy
            if told.any:
                assert connection is not None
                source = _source(target, as_folder, as_stream, alternates, work_tree)
                counting = programs.add(
                    connection, key, summary.repository, listed(), source, setup
                )
            if output_format == "json":  # one document, however many targets
                gathered += listed()
                print_summary(summary, output_format)
            elif told.printed:
                found += counting
                print_summary(summary, output_format)
            else:
                kept = not only_new and (index is not None or not (as_stream or as_folder))
                found += _print(listed(), summary, output_format, kept=kept)
            complete = complete and summary.complete
            if new_baseline is not None:
                assert connection is not None
                write_baseline(new_baseline, target, as_folder, connection, key, summary, plugins)
    if output_format == "json":
        found = print_findings(gathered, output_format).counting
    for line in gate.lines():
        click.echo(line, err=output_format != "table")
    programs.write()
    if found or not complete:
        raise click.exceptions.Exit(FOUND if found else INCOMPLETE)


def scan_git(
    stack: ExitStack,
    target: Path,
    index: Path | None,
    key: Key,
    setup: ScannerSetup,
    jobs: int = 0,
    alternates: bool = False,
    retry: bool = False,
) -> tuple[Connection, ScanSummary]:
    from forensics.cli.progress import watching
    from forensics.git.repository import open_repository
    from forensics.index.database import create_or_open, refuse_unsafe
    from forensics.index.location import index_path
    from forensics.index.lock import scan_lock
    from forensics.scan.engine import scan_repository

    repository = open_repository(target, alternates=alternates)
    chosen = index_path(index, repository.common_dir)
    assert chosen is not None
    refuse_unsafe(chosen)
    stack.enter_context(scan_lock(chosen))
    connection = stack.enter_context(closing(create_or_open(chosen, key)))
    warn_of_forged_triage(connection, key)
    with watching() as observer:
        summary = scan_repository(
            repository, connection, key, setup,
            index=chosen, jobs=jobs, retry=retry, observer=observer,
        )  # fmt: skip
    nothing = not (summary.commits or summary.objects or summary.known or summary.refs)
    if nothing and summary.complete:
        note(f"{target} has no commits yet: there is nothing to scan; --dir scans its files")
    return connection, summary


def _source(
    target: Path, as_folder: bool, as_stream: bool, alternates: bool, work_tree: bool
) -> Repository | Path | None:
    """What a target's contents can be read again from."""
    from forensics.git.repository import open_repository

    if as_stream:
        return None
    if as_folder:
        return target
    repository = open_repository(target, alternates=alternates)
    return repository.work_tree if work_tree else repository


def _repository(target: Path, as_folder: bool, as_stream: bool) -> Repository | None:
    from forensics.git.repository import open_repository

    return None if as_folder or as_stream else open_repository(target)


def _found(connection: Connection, summary: ScanSummary) -> Iterator[Finding]:
    from forensics.index.reader import IndexReader

    return IndexReader(connection).findings(summary.repository)


def report(connection: Connection, summary: ScanSummary, output_format: str) -> int:
    """Print findings and summary; how many findings there were that are not ignored."""
    return _print(_found(connection, summary), summary, output_format)


def _print(
    findings: Iterable[Finding], summary: ScanSummary, output_format: str, *, kept: bool = True
) -> int:
    lister = "forensics findings" if kept else "-f jsonl"
    printed = print_findings(findings, output_format, at_most=_ROWS, lister=lister)
    if output_format == "table" and printed.all:
        click.echo()
    print_summary(summary, output_format)
    return printed.counting


def print_summary(summary: ScanSummary, output_format: str) -> None:
    """Print what was covered: with the table, or beside data for programs."""
    from forensics.report.summary import summary_lines

    for line in summary_lines(summary):
        click.echo(line, err=output_format != "table")
