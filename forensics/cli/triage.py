"""`forensics triage`"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli import completing
from forensics.cli.common import index_option, note, open_index, open_index_to_write
from forensics.cli.default import DefaultGroup
from forensics.cli.querying import query_option, read_query
from forensics.cli.triage_choice import Choice, chosen_secrets, confirm
from forensics.cli.triage_files import export_triage, import_triage, repository_option
from forensics.errors import UsageProblem
from forensics.query.fields import STATES

if TYPE_CHECKING:
    from forensics.index.database import Connection
    from forensics.index.triage import Triage

__all__ = ["command"]

_NAMED = 5
"""Secrets named when they were decided about."""


@click.group("triage", cls=DefaultGroup, default="set")
def command() -> None:
    """Decide what is to happen with secrets: `forensics triage SECRET --state STATE`.

    A decision belongs to the secret, wherever it stands, and survives scans with other rules.
    """


@command.command("set")
@click.argument("secrets", nargs=-1, metavar="[SECRET]...")
@click.option("--state", type=click.Choice(STATES), help="What is decided.")
@click.option("--owner", metavar="WHO", help="Who takes care of it.")
@click.option(
    "--due", metavar="DATE|DAYSd|none",
    help="Until when its owner is to have rotated it: 2027-01-31, 14d from now, or none.",
)  # fmt: skip
@click.option("--reason", metavar="TEXT", help="Why it was decided so.")
@click.option("--note", "remark", metavar="TEXT", help="Anything else.")
@click.option(
    "--expires", metavar="DATE|DAYSd", help="When it is open again: 2027-01-31, or 90d from now."
)
@click.option("--evidence", metavar="TEXT", help="What shows that it was revoked.")
@click.option("--when", metavar="DATE", help="When it was revoked.")
@click.option(
    "--rule", "rules", multiple=True, metavar="ID", shell_complete=completing.rule_ids,
    help="All of this rule; repeat.",
)  # fmt: skip
@click.option("--path", "globs", multiple=True, metavar="GLOB", help="All at such a path; repeat.")
@click.option(
    "--severity", "severities", multiple=True,
    type=click.Choice(("critical", "high", "medium", "low")), help="All so severe; repeat.",
)  # fmt: skip
@click.option(
    "--state-is",
    "states",
    multiple=True,
    type=click.Choice(STATES),
    help="All so decided; repeat.",
)
@click.option("--all", "everything", is_flag=True, help="All secrets of the index.")
@query_option
@click.option("--yes", is_flag=True, help="Change all that were not named one by one.")
@click.option(
    "--count", type=click.IntRange(min=0), metavar="N",
    help="Change them only if they are so many.",
)  # fmt: skip
@click.option("--undo", is_flag=True, help="Take back the last change, or the last of SECRET.")
@click.option("--redo", is_flag=True, help="Do again what was taken back last.")
@click.option(
    "-f", "--format", "output_format", type=click.Choice(("table", "jsonl")), default="table",
    show_default=True, help="How to list.",
)  # fmt: skip
@repository_option
@index_option
def set_state(
    secrets: tuple[str, ...],
    state: str | None,
    owner: str | None,
    due: str | None,
    reason: str | None,
    remark: str | None,
    expires: str | None,
    evidence: str | None,
    when: str | None,
    rules: tuple[str, ...],
    globs: tuple[str, ...],
    severities: tuple[str, ...],
    states: tuple[str, ...],
    everything: bool,
    query: str | None,
    yes: bool,
    count: int | None,
    undo: bool,
    redo: bool,
    output_format: str,
    path: Path,
    index: Path | None,
) -> None:
    """Decide about secrets, or list what was decided.

    SECRET is the start of a fingerprint, as `forensics findings` shows it. The options --rule,
    --path, --severity, --state-is and --query narrow each other down; docs/query.md tells what a
    query may say. Where secrets are not named one by one, their number is asked for, or told by
    --count, or --yes lets any number be. Those that fit now are changed, unless somebody decides
    about one of them meanwhile: then none is.

    Findings that are false-positive, accepted, test or revoked no longer count for exit code 1.
    What was accepted or is a test is open again once it stands at a new place, comes back, or
    expires. Of a revocation, say with --when and --evidence who or what stated it.
    """
    from forensics.index.reader import IndexReader
    from forensics.index.triage import Triage

    given = {
        "state": state, "owner": owner, "reason": reason, "note": remark, "expires": expires,
        "evidence": evidence, "when": when, "due": due,
    }  # fmt: skip
    choice = Choice(secrets, tuple(rules), globs, severities, states, everything, read_query(query))
    changing = any(value is not None for value in given.values())
    if (undo or redo) and changing:
        option = "--undo" if undo else "--redo"
        raise UsageProblem(f"{option} takes no decision", "give one or the other")
    if redo and (undo or not choice.empty):
        raise UsageProblem("--redo goes alone", "it does again all that was taken back last")
    if not undo and not redo and not changing:
        with closing(open_index(index, path)) as connection:
            choice = choice._replace(query=read_query(query, connection))
            _list(connection, choice, output_format)
        return
    connection, key = open_index_to_write(index, path)
    with closing(connection):
        triage = Triage(connection, key)
        if redo:
            _redo(connection, triage)
            return
        choice = choice._replace(query=read_query(query, connection))
        chosen = chosen_secrets(connection, IndexReader(connection), triage, choice)
        seen = dict.fromkeys(chosen, 0)
        seen.update((one.secret, one.revision) for one in triage.current(chosen))
        if undo:
            if choice.by_filter:
                chosen = [one for one in chosen if seen[one]]
                if chosen:
                    confirm(len(chosen), yes=yes, expected=count)
            undone = triage.undo(
                None if choice.empty else chosen,
                seen={one: seen[one] for one in chosen} if choice.by_filter else None,
            )
            note(f"took back what was decided about {_count(undone)}")
            return
        if choice.empty:
            raise UsageProblem("nothing says which secrets", "name them, or give a filter or --all")
        if not chosen:
            raise UsageProblem("no secret fits", "`forensics findings` lists them")
        if choice.by_filter:
            confirm(len(chosen), yes=yes, expected=count)
        from forensics.scan.deciding import decision_from

        decided = list(decision_from(given, triage, chosen, key))
        triage.decide_all(decided, seen=seen)
        named = ", ".join(f"#{secret[:8]}" for secret in chosen[:_NAMED])
        more = f" and {len(chosen) - _NAMED:,} more" if len(chosen) > _NAMED else ""
        note(
            f"decided about {_count(chosen)}: {named}{more};"
            " `forensics triage --undo` takes it back"
        )


def _redo(connection: Connection, triage: Triage) -> None:
    from forensics.index.redoing import taken_back

    again = taken_back(connection)
    names = {secret for secret, _ in again}
    seen = dict.fromkeys(names, 0) | {one.secret: one.revision for one in triage.current(names)}
    triage.decide_all(again, seen=seen)
    note(f"did again what was decided about {_count(names)}")


def _count(secrets: Collection[str]) -> str:
    return f"{len(secrets):,} secret{'s' if len(secrets) != 1 else ''}"


def _list(connection: Connection, choice: Choice, output_format: str) -> None:
    from forensics.cli.common import console
    from forensics.index.reader import IndexReader
    from forensics.index.triage import Triage
    from forensics.key import load_key
    from forensics.report.triage_list import triage_json, triage_table

    reader = IndexReader(connection)
    triage = Triage(connection, load_key(create=False))
    chosen = None if choice.empty else set(chosen_secrets(connection, reader, triage, choice))
    listed = triage.current(chosen)
    if output_format == "jsonl":
        for line in triage_json(listed, reader.known()):
            click.echo(line)
    elif listed:
        console().print(triage_table(listed, reader.known()))
    else:
        note("nothing was decided yet")


command.add_command(export_triage)
command.add_command(import_triage)
