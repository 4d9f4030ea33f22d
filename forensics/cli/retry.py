"""`forensics retry`"""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import click

from forensics.cli.common import index_option, note, open_index, open_index_to_write, scanned_at
from forensics.cli.lists import list_options, read_asked
from forensics.errors import UsageProblem

__all__ = ["command"]

FOUND, INCOMPLETE = 1, 3


@click.command("retry", short_help="Read again what could not be read.")
@click.argument("path", type=click.Path(path_type=Path), default=".", metavar="[PATH]")
@index_option
@click.option("--list", "listing", is_flag=True, help="List what could not be read, and why.")
@click.option(
    "--acknowledge", is_flag=True,
    help="Record that you know of it, so that it no longer makes exit code 3.",
)  # fmt: skip
@click.option(
    "--object", "objects", multiple=True, metavar="ID",
    help="Acknowledge or list only this object, by the start of its id; repeat.",
)  # fmt: skip
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Processes. Default: one a core.")
@list_options
def command(
    path: Path,
    index: Path | None,
    listing: bool,
    acknowledge: bool,
    objects: tuple[str, ...],
    jobs: int | None,
    **asked: Any,
) -> None:
    """Scan the repository at PATH (default: here) again, and with it what earlier scans read only
    as far as they could, such as packed contents beyond a limit.

    What could not be read at all is tried again by every scan; here it counts as asked for.
    """
    if listing or acknowledge:
        _list_or_acknowledge(path, index, objects, acknowledge)
        return
    if objects:
        raise UsageProblem("--object belongs to --list or --acknowledge", "give one of them")
    from forensics.cli.common import key_with_notice
    from forensics.cli.scan import print_summary, scan_git
    from forensics.key import cache_folder
    from forensics.scan.setup import setup_for

    rules, lists, plugins = read_asked(**asked)
    key = key_with_notice()
    setup = setup_for(key, cache_folder(), rules, lists, plugins)
    with ExitStack() as stack:
        _, summary = scan_git(stack, path, index, key, setup, jobs or 0, retry=True)
        print_summary(summary, "table")
    if summary.by_severity or not summary.complete:
        raise click.exceptions.Exit(FOUND if summary.by_severity else INCOMPLETE)


def _list_or_acknowledge(
    path: Path, index: Path | None, objects: tuple[str, ...], acknowledging: bool
) -> None:
    from forensics.index.quarantine import acknowledge, jobs
    from forensics.index.reader import IndexReader
    from forensics.key import load_key
    from forensics.report.jobs import job_lines

    key = load_key(create=False)
    connection = open_index_to_write(index, path)[0] if acknowledging else open_index(index, path)
    with closing(connection):
        row = scanned_at(IndexReader(connection), path)
        chosen = [
            one
            for one in jobs(connection, key, row)
            if not objects or (one.oid and one.oid.hex().startswith(tuple(map(str.lower, objects))))
        ]
        if objects and not chosen:
            raise UsageProblem(
                "nothing that could not be read has such an id",
                "`forensics retry --list` lists all",
            )
        if acknowledging:
            count = acknowledge(connection, key, chosen)
            note(f"acknowledged {count:,} of {len(chosen):,}")
            return
        for line in job_lines(chosen):
            click.echo(line)
