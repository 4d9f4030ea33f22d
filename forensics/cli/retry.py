"""`forensics retry`"""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import click

from forensics.cli.common import (
    index_option,
    leave,
    note,
    open_index,
    open_index_to_write,
    scanned_at,
)
from forensics.cli.lists import list_options
from forensics.cli.place import Place
from forensics.cli.policy import own_files_in, policy_options
from forensics.errors import UsageProblem

__all__ = ["command"]


@click.command("retry", short_help="Read again what could not be read.")
@click.argument("path", type=Place(), default=".", metavar="[PATH]")
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
@policy_options
def command(
    path: Path,
    index: Path | None,
    listing: bool,
    acknowledge: bool,
    objects: tuple[str, ...],
    jobs: int | None,
    policy: Path | None,
    trusted: bool,
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
    from forensics.cli.prepare import prepare
    from forensics.cli.scan_history import findings_in, print_summary, scan_history
    from forensics.git.repository import open_repository

    key, setup, gate, _ = prepare(asked, own_files_in(path, trusted=trusted), policy, trusted)
    base = gate.base(lambda: open_repository(path))
    with ExitStack() as stack:
        connection, summary = scan_history(stack, path, index, key, setup, jobs or 0, retry=True)
        row = summary.repository
        judged = gate.judged(connection, row, findings_in(connection, summary), {row: base})
    print_summary(summary, "table")
    for line in gate.lines():
        click.echo(line)
    leave(sum(one.fails for one in judged), summary.complete)


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
