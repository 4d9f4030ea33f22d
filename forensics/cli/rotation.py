"""`forensics rotation`"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from forensics.cli.common import console, index_option, note, open_index, scanned_at
from forensics.key import load_key

__all__ = ["command"]

_LEFT = 1
_DONE = frozenset({"revoked", "ignored"})
_INCOMPLETE = 3


@click.command("rotation", short_help="Show what was rotated, and what only seems so.")
@click.argument("path", type=click.Path(path_type=Path), required=False, metavar="[PATH]")
@index_option
@click.option(
    "--stale",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="Only secrets that stand where people work and were not rotated in so many days.",
)
@click.option(
    "--status", "statuses", multiple=True, metavar="STATUS", help="Only of this status; repeat."
)
@click.option("--all", "everything", is_flag=True, help="Also what is revoked or ignored.")
@click.option(
    "-f", "--format", "output_format", type=click.Choice(("table", "jsonl")), default="table",
    show_default=True, help="How to print.",
)  # fmt: skip
def command(
    path: Path | None,
    index: Path | None,
    stale: int | None,
    statuses: tuple[str, ...],
    everything: bool,
    output_format: str,
) -> None:
    """Show the rotation status of every leaked secret, worst first, with its evidence.

    A secret is exposed while it stands where people work. Deleting it does not rotate it, moving
    it out of the files does not either; a new value in its place does, and only a statement (see
    `forensics triage`) says that the old one is revoked. Statuses: exposed, rolled-back,
    replaced-still-elsewhere, externalised-not-rotated, deleted-not-rotated, replaced-everywhere,
    revoked, ignored. A question mark says that something is uncertain; `forensics show` says what.

    Exits with 1 if anything is left to do.
    """
    from forensics.errors import UsageProblem
    from forensics.index.life import Lives
    from forensics.index.reader import IndexReader
    from forensics.lifecycle.case import cases, worst_first
    from forensics.lifecycle.statements import statements
    from forensics.lifecycle.status import STATUSES
    from forensics.report.rotation import rotation_jsonl, rotation_table

    for status in statuses:
        if status not in STATUSES:
            raise UsageProblem(
                f"there is no status {status!r}", f"these are: {', '.join(STATUSES)}"
            )
    with closing(open_index(index, path or Path())) as connection:
        reader = IndexReader(connection)
        repository = None if path is None else scanned_at(reader, path)
        found = sorted(
            cases(Lives(connection), statements(connection), repository=repository), key=worst_first
        )
        complete = reader.complete(load_key(create=False))
    left = [one for one in found if one.status.name not in _DONE]
    shown = found if everything or statuses or output_format == "jsonl" else left
    if statuses:
        shown = [one for one in shown if one.status.name in statuses]
    if stale is not None:
        shown = [one for one in shown if one.present and (one.exposed_days or 0) >= stale]
        left = [one for one in shown if one.status.name not in _DONE]
    if output_format == "jsonl":
        for line in rotation_jsonl(shown):
            click.echo(line)
    elif shown:
        out = console()
        out.print(rotation_table(shown, width=out.width))
    else:
        note("nothing is left to rotate" if not left and stale is None else "nothing matches")
    if left or not complete:
        raise click.exceptions.Exit(_LEFT if left else _INCOMPLETE)
