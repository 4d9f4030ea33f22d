"""`forensics triage`"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from forensics.cli import completing
from forensics.cli.common import index_option, note, open_index, open_index_to_write
from forensics.cli.default import DefaultGroup
from forensics.cli.place import Place
from forensics.cli.triage_choice import Choice, chosen_secrets
from forensics.errors import UsageProblem

__all__ = ["command"]

_STATES = ("open", "confirmed", "false-positive", "accepted", "revoked", "test")
_LARGEST = 64 << 20
"""Bytes of a triage file that are read."""

_repository = click.option(
    "-C", "--repository", "path", type=Place(), default=".",
    help="Repository whose index to use. Default: here.",
)  # fmt: skip

_NAMED = 5
"""Secrets named when they were decided about."""


@click.group("triage", cls=DefaultGroup, default="set")
def command() -> None:
    """Decide what is to happen with secrets: `forensics triage SECRET --state STATE`.

    A decision belongs to the secret, wherever it stands, and survives scans with other rules.
    """


@command.command("set")
@click.argument("secrets", nargs=-1, metavar="[SECRET]...")
@click.option("--state", type=click.Choice(_STATES), help="What is decided.")
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
    type=click.Choice(_STATES),
    help="All so decided; repeat.",
)
@click.option("--all", "everything", is_flag=True, help="All secrets of the index.")
@click.option("--yes", is_flag=True, help="Change all that were not named one by one.")
@click.option("--undo", is_flag=True, help="Take back the last change, or the last of SECRET.")
@click.option(
    "-f", "--format", "output_format", type=click.Choice(("table", "jsonl")), default="table",
    show_default=True, help="How to list.",
)  # fmt: skip
@_repository
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
    yes: bool,
    undo: bool,
    output_format: str,
    path: Path,
    index: Path | None,
) -> None:
    """Decide about secrets, or list what was decided.

    SECRET is the start of a fingerprint, as `forensics findings` shows it. The options --rule,
    --path, --severity and --state-is narrow each other down.

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
    choice = Choice(secrets, tuple(rules), globs, severities, states, everything)
    changing = any(value is not None for value in given.values())
    if undo and changing:
        raise UsageProblem("--undo takes no decision", "give one or the other")
    if not undo and not changing:
        with closing(open_index(index, path)) as connection:
            _list(connection, choice, output_format)
        return
    connection, key = open_index_to_write(index, path)
    with closing(connection):
        triage = Triage(connection, key)
        chosen = chosen_secrets(IndexReader(connection), triage, choice)
        if undo:
            if choice.by_filter and not yes:
                _ask_for_yes(chosen)
            undone = triage.undo(None if choice.empty else chosen)
            note(f"took back what was decided about {_count(undone)}")
            return
        if choice.empty:
            raise UsageProblem("nothing says which secrets", "name them, or give a filter or --all")
        if not chosen:
            raise UsageProblem("no secret fits", "`forensics findings` lists them")
        if choice.by_filter and not yes:
            _ask_for_yes(chosen)
        from forensics.scan.deciding import decision_from

        triage.decide_all(list(decision_from(given, triage, chosen, key)))
        named = ", ".join(f"#{secret[:8]}" for secret in chosen[:_NAMED])
        more = f" and {len(chosen) - _NAMED:,} more" if len(chosen) > _NAMED else ""
        note(
            f"decided about {_count(chosen)}: {named}{more};"
            " `forensics triage --undo` takes it back"
        )


def _count(secrets: list[str]) -> str:
    return f"{len(secrets):,} secret{'s' if len(secrets) != 1 else ''}"


def _ask_for_yes(chosen: list[str]) -> None:
    raise UsageProblem(
        f"{_count(chosen)} would be changed", "give --yes too if that is what you want"
    )


def _list(connection: object, choice: Choice, output_format: str) -> None:
    from forensics.cli.common import console
    from forensics.index.database import Connection
    from forensics.index.reader import IndexReader
    from forensics.index.triage import Triage
    from forensics.key import load_key
    from forensics.report.triage_list import triage_json, triage_table

    assert isinstance(connection, Connection)
    reader = IndexReader(connection)
    triage = Triage(connection, load_key(create=False))
    chosen = None if choice.empty else set(chosen_secrets(reader, triage, choice))
    listed = triage.current(chosen)
    if output_format == "jsonl":
        for line in triage_json(listed, reader.known()):
            click.echo(line)
    elif listed:
        console().print(triage_table(listed, reader.known()))
    else:
        note("nothing was decided yet")


@command.command("export")
@click.argument(
    "file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), default="-",
    metavar="[FILE]",
)  # fmt: skip
@_repository
@index_option
def export_triage(file: Path, path: Path, index: Path | None) -> None:
    """Write all decisions to FILE, or to standard output: text that can be reviewed and merged.

    Secrets are named by fingerprints, which tell nothing without the key.
    """
    from forensics.index.database import writing
    from forensics.index.journal import INDEX, Journal
    from forensics.index.reader import IndexReader
    from forensics.index.triage import Triage
    from forensics.index.triage_places import shown_places
    from forensics.report.triage_file import as_lines

    connection, key = open_index_to_write(index, path)
    with closing(connection):
        triage = Triage(connection, key)
        triage.refuse_forged()
        decisions = triage.current()
        rules = {one: facts[0] for one, facts in IndexReader(connection).known().items()}
        lines = list(as_lines(key, decisions, rules, shown_places(connection, key)))
        with writing(connection):
            Journal(connection, key).append(
                "exported", INDEX, "triage", {"decisions": len(decisions)}
            )
    text = "\n".join(lines) + "\n"
    if str(file) == "-":
        click.echo(text, nl=False)
        return
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise UsageProblem(
            f"{file} cannot be written: {error.strerror}", "name another file"
        ) from None
    note(f"{file} holds what was decided about {len(decisions):,} secrets")


@command.command("import")
@click.argument(
    "file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), metavar="FILE"
)
@click.option("--force", is_flag=True, help="Let the file win also where the index has newer.")
@_repository
@index_option
def import_triage(file: Path, force: bool, path: Path, index: Path | None) -> None:
    """Take in decisions that `forensics triage export` wrote.

    Where the index has decided otherwise, the newer decision holds. An index is made where there is
    none yet.
    """
    from forensics.index.triage import Triage
    from forensics.key import load_key
    from forensics.report.triage_file import read_triage_file
    from forensics.scan.deciding import mask_text

    try:
        with click.open_file(str(file), "rb") as opened:
            text = opened.read(_LARGEST + 1)
    except OSError as error:
        raise UsageProblem(f"{file} cannot be read: {error.strerror}", "check the name") from None
    if len(text) > _LARGEST:
        raise UsageProblem(f"{file} is too large for a triage file", "check the name")
    key = load_key(create=False)
    decisions = [
        one._replace(
            decision=one.decision._replace(
                owner=mask_text(one.decision.owner, key),
                reason=mask_text(one.decision.reason, key),
                note=mask_text(one.decision.note, key),
                evidence=mask_text(one.decision.evidence, key),
            ),
            actor=mask_text(one.actor, key),
        )
        for one in read_triage_file(text, str(file), key)
    ]
    connection, _ = open_index_to_write(index, path, create=True)
    with closing(connection):
        taken, same, kept = Triage(connection, key).take_in(decisions, file.name, force=force)
    for secret in kept:
        note(f"#{secret[:8]} was decided otherwise here, and later: kept (--force overrides)")
    note(f"took in {taken:,}, {same:,} known, {len(kept):,} kept")
