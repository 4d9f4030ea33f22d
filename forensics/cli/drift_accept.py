"""`forensics drift accept`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.common import console, index_option, note
from forensics.cli.place import Place
from forensics.cli.policy import settings_options, settings_used
from forensics.drift.acceptance import KINDS
from forensics.drift.accepting import (
    ACCEPTANCES_FILE,
    default_file,
    last_day,
    read_acceptances,
    today,
)
from forensics.errors import NotARepository, UsageProblem

if TYPE_CHECKING:
    from forensics.drift.acceptance import Acceptance
    from forensics.drift.acceptance_file import AcceptanceFile
    from forensics.scan.drift_accepting import Told

__all__ = ["command"]


@click.command("accept", short_help="Accept differences that are meant to be.")
@click.option("--set", "name", metavar="NAME", help="Of this set; a glob, `*` for all.")
@click.option("--key", metavar="GLOB", help="Of keys like this.")
@click.option("--kind", type=click.Choice(KINDS), help="Of this kind; else of any.")
@click.option(
    "--environment", metavar="NAME",
    help="Where this environment lacks something, or its value is the one that differs; else any.",
)  # fmt: skip
@click.option("--reason", metavar="TEXT", help="Why it is meant to be.")
@click.option("--owner", metavar="WHO", help="Who answers for it.")
@click.option(
    "--expires", metavar="DATE|DAYSd", help="The last day it counts: 2027-01-31, or 90d from now."
)
@click.option(
    "--file", "file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    envvar="FORENSICS_ACCEPTANCES", show_envvar=True,
    help=f"Where it is written. Default: {ACCEPTANCES_FILE} at the top of the work tree.",
)  # fmt: skip
@click.option("--list", "listing", is_flag=True, help="List what is accepted.")
@click.option("--remove", is_flag=True, help="Take back what was accepted of --set and --key.")
@click.option("--expired", is_flag=True, help="List or remove only what expired.")
@click.option(
    "-f", "--format", "output_format", type=click.Choice(("table", "jsonl")), default="table",
    show_default=True, help="How to list.",
)  # fmt: skip
@click.option(
    "-C", "--repository", "path", type=Place(), default=".",
    help="Repository in whose work tree the file lies. Default: here.",
)  # fmt: skip
@settings_options
@index_option
def command(
    name: str | None,
    key: str | None,
    kind: str | None,
    environment: str | None,
    reason: str | None,
    owner: str | None,
    expires: str | None,
    file: Path | None,
    listing: bool,
    remove: bool,
    expired: bool,
    output_format: str,
    path: Path,
    policy: Path | None,
    trusted: bool,
    index: Path | None,
) -> None:
    """Write down that some differences are meant to be: which, why, who answers for it, until when.

    The file is text for review, sorted, one block each. Since a repository could accept anything in
    its own name, `forensics drift` reads it only where `--acceptances` names it. After the last day
    it no longer counts, and that is said. Where there is an index, its journal tells who accepted
    what and who took it back.
    """
    from forensics.drift.acceptance import Acceptance
    from forensics.drift.environments import Placer

    chosen = file or default_file(path)
    if listing and remove:
        raise UsageProblem("--list and --remove are two things", "give one of them")
    if expired and not (listing or remove):
        raise UsageProblem("--expired says what to list or remove", "give --list or --remove too")
    where = ""
    if environment:
        where = Placer.load(settings_used(path, policy, trusted)).canonical(environment)
    if listing:
        _list(read_acceptances(chosen), output_format, expired_only=expired)
        return
    if remove:
        known, told = read_acceptances(chosen), _journal(path, index)
        _remove(known, chosen, name, key, kind, where, told, expired_only=expired)
        return
    given = {"--set": name, "--key": key, "--reason": reason, "--owner": owner,
             "--expires": expires}  # fmt: skip
    if missing := [option for option, text in given.items() if text is None]:
        raise UsageProblem(f"{', '.join(missing)} missing", "an acceptance says all of these")
    assert name is not None
    assert key is not None
    assert reason is not None
    assert owner is not None
    assert expires is not None
    one = Acceptance(name, key, kind or "", where, reason, owner, last_day(expires, today()))
    from forensics.scan.drift_accepting import accepting, change

    made = accepting(one, chosen)
    change(made, _journal(path, index))
    note(
        f"{chosen} {'has it anew' if made.gone else 'now has it'};"
        f" review and commit it: `forensics drift --acceptances {chosen}` uses it"
    )


def _remove(
    known: AcceptanceFile,
    file: Path,
    name: str | None,
    key: str | None,
    kind: str | None,
    environment: str,
    told: Told | None,
    *,
    expired_only: bool,
) -> None:
    if not expired_only and (name is None or key is None):
        raise UsageProblem("nothing says what to take back", "give --set and --key, or --expired")
    day = today()

    def unwanted(one: Acceptance) -> bool:
        return (
            (name is None or one.set == name)
            and (key is None or one.key == key)
            and (kind is None or one.kind == kind)
            and (not environment or one.environment == environment)
            and (not expired_only or one.expired(day))
        )

    gone = tuple(filter(unwanted, known.acceptances))
    if not gone:
        raise UsageProblem(
            f"nothing in {file} is about that", "`forensics drift accept --list` lists what is"
        )
    from forensics.scan.drift_accepting import Change, change

    change(Change(file, gone, ()), told)
    note(f"took {len(gone):,} out of {file}")


def _journal(path: Path, index: Path | None) -> Told | None:
    """Whose journal is told of it; None where there is no index."""
    from forensics.git.repository import open_repository
    from forensics.index.location import index_path
    from forensics.key import load_key
    from forensics.scan.drift_accepting import Told

    try:
        folder = open_repository(path).common_dir
    except NotARepository:
        folder = None
    chosen = index_path(index, folder, to_read=True)
    if index is not None and not index.exists():
        raise UsageProblem(f"there is no index {index}", "`forensics scan` makes one")
    if chosen is None or not chosen.exists():
        return None
    return Told(chosen, load_key(create=False))


def _list(known: AcceptanceFile, output_format: str, *, expired_only: bool) -> None:
    from forensics.report.drift.accepted import accepted_jsonl, accepted_table

    day = today()
    listed = [one for one in known.acceptances if one.expired(day) or not expired_only]
    if output_format == "jsonl":
        for line in accepted_jsonl(listed, day):
            click.echo(line)
    elif listed:
        console().print(accepted_table(listed, day))
    else:
        note("nothing expired" if expired_only else "nothing is accepted yet")
