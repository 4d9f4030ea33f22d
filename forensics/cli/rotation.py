"""`forensics rotation`"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from forensics.cli.common import console, index_option, note, open_index, scanned_at
from forensics.cli.place import Place
from forensics.cli.querying import browser_of, query_option, read_query
from forensics.key import load_key

__all__ = ["command"]

_LEFT = 1
_DONE = frozenset({"revoked", "ignored"})
_INCOMPLETE = 3


@click.command("rotation", short_help="Show what was rotated, and what only seems so.")
@click.argument("path", type=Place(), required=False, metavar="[PATH]")
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
@click.option(
    "--stage", "stages", multiple=True, metavar="STAGE",
    help="Only where the rotation has come so far; repeat.",
)  # fmt: skip
@click.option("--overdue", is_flag=True, help="Only what should have been rotated by now.")
@query_option
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
    stages: tuple[str, ...],
    overdue: bool,
    query: str | None,
    everything: bool,
    output_format: str,
) -> None:
    """Show the rotation status of every leaked secret, worst first, with its evidence.

    A secret is exposed while it stands where people work. Deleting it does not rotate it, moving
    it out of the files does not either; a new value in its place does, and only a statement (see
    `forensics triage`) says that the old one is revoked. Statuses: exposed, rolled-back,
    replaced-still-elsewhere, externalised-not-rotated, deleted-not-rotated, replaced-everywhere,
    revoked, ignored. Stages: detected, assigned (it has an owner), replaced, revoked, verified
    (revoked, and found nowhere any more). `forensics triage --owner --due` assigns. A question mark
    says that something is uncertain; `forensics show` says what. docs/query.md tells what a query
    may say, such as `stage:assigned due:<14d`.

    Exits with 1 if anything is left to do.
    """
    import time

    from forensics.drift.environments import Placer
    from forensics.errors import UsageProblem
    from forensics.index.lives import Lives
    from forensics.index.reader import IndexReader
    from forensics.index.triage import decisions
    from forensics.lifecycle.case import cases, worst_first
    from forensics.lifecycle.stages import STAGES, row_of
    from forensics.lifecycle.statements import stated
    from forensics.lifecycle.status import STATUSES
    from forensics.report.rotation import rotation_jsonl, rotation_table

    for what, given, known in (("status", statuses, STATUSES), ("stage", stages, STAGES)):
        for one in given:
            if one not in known:
                raise UsageProblem(f"there is no {what} {one!r}", f"these are: {', '.join(known)}")
    read_query(query)
    with closing(open_index(index, path or Path())) as connection:
        reader = IndexReader(connection)
        repository = None if path is None else scanned_at(reader, path)
        now, decided = time.time(), {one.secret: one for one in decisions(connection)}
        told = stated(decided.values(), now)
        found = sorted(
            cases(Lives(connection), told, repository=repository, now=now), key=worst_first
        )
        complete = reader.complete(load_key(create=False))
        asked = read_query(query, connection)
        rows = {}
        if overdue or stages or asked is not None:
            rows = {
                one.life.secret: row_of(one, decided.get(one.life.secret), now) for one in found
            }
        if asked is not None:
            stage_of = {row.id: row.stage for row in rows.values()}
            fitting = browser_of(connection, stage_of).fingerprints(asked)
            found = [one for one in found if one.life.secret in fitting]
    if overdue or stages:
        found = [
            one for one in found
            if (not stages or rows[one.life.secret].stage in stages)
            and (not overdue or rows[one.life.secret].overdue(now))
        ]  # fmt: skip
    left = [one for one in found if one.status.name not in _DONE]
    shown = found if everything or statuses or stages or asked or output_format == "jsonl" else left
    if statuses:
        shown = [one for one in shown if one.status.name in statuses]
    if stale is not None:
        shown = [one for one in shown if one.present and (one.exposed_days or 0) >= stale]
        left = [one for one in shown if one.status.name not in _DONE]
    if output_format == "jsonl":
        placer = Placer()

        def environment(path: bytes) -> str:
            place = placer.place(path)
            return place.environment if place else ""

        for line in rotation_jsonl(shown, decided, environment, now):
            click.echo(line)
    elif shown:
        out = console()
        out.print(rotation_table(shown, decided, now, width=out.width))
    else:
        nothing = "nothing is left to rotate" + ("" if complete else " of what is known so far")
        note(nothing if not left and stale is None else "nothing matches")
    if left or not complete:
        raise click.exceptions.Exit(_LEFT if left else _INCOMPLETE)
