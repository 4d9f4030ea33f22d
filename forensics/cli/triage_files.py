"""`forensics triage export` and `forensics triage import`"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from forensics.cli.common import index_option, note, open_index_to_write
from forensics.cli.place import Place
from forensics.errors import UsageProblem

__all__ = ["export_triage", "import_triage", "repository_option"]

_LARGEST = 64 << 20
"""Bytes of a triage file that are read."""
repository_option = click.option(
    "-C", "--repository", "path", type=Place(), default=".",
    help="Repository whose index to use. Default: here.",
)  # fmt: skip


@click.command("export")
@click.argument(
    "file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), default="-",
    metavar="[FILE]",
)  # fmt: skip
@repository_option
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
    from forensics.scan.deciding import without_secrets
    from forensics.scan.texts import Texts

    connection, key = open_index_to_write(index, path)
    with closing(connection):
        triage = Triage(connection, key)
        triage.refuse_forged()
        known = Texts(key, connection)  # also what was decided before a scan found it
        decisions = [without_secrets(one, known) for one in triage.current()]
        rules = {one: facts[0] for one, facts in IndexReader(connection).known().items()}
        paths = shown_places(connection, key)
        lines = list(as_lines(key, decisions, rules, paths, triage.reopened_at()))
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


@click.command("import")
@click.argument(
    "file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), metavar="FILE"
)
@click.option("--force", is_flag=True, help="Let the file win also where the index has newer.")
@repository_option
@index_option
def import_triage(file: Path, force: bool, path: Path, index: Path | None) -> None:
    """Take in decisions that `forensics triage export` wrote.

    Where the index has decided otherwise, the newer decision holds. An index is made where there is
    none yet.
    """
    from forensics.index.triage import Triage
    from forensics.key import load_key
    from forensics.report.triage_file import read_triage_file
    from forensics.scan.deciding import without_secrets
    from forensics.scan.texts import Texts

    try:
        with click.open_file(str(file), "rb") as opened:
            text = opened.read(_LARGEST + 1)
    except OSError as error:
        raise UsageProblem(f"{file} cannot be read: {error.strerror}", "check the name") from None
    if len(text) > _LARGEST:
        raise UsageProblem(f"{file} is too large for a triage file", "check the name")
    key = load_key(create=False)
    read = read_triage_file(text, str(file), key)
    connection, _ = open_index_to_write(index, path, create=True)
    with closing(connection):
        known = Texts(key, connection)
        decisions = [without_secrets(one, known) for one in read]
        taken, same, kept = Triage(connection, key).take_in(decisions, file.name, force=force)
    for secret in kept:
        note(f"#{secret[:8]} was decided otherwise here, and later: kept (--force overrides)")
    note(f"took in {taken:,}, {same:,} known, {len(kept):,} kept")
