"""`forensics findings`"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from forensics.cli import completing
from forensics.cli.common import (
    index_option,
    note,
    open_index,
    print_findings,
    rule_ids,
    scanned_at,
)
from forensics.cli.reports import Asked, Reports, format_options
from forensics.key import load_key

__all__ = ["command"]

FOUND, INCOMPLETE = 1, 3


@click.command("findings", short_help="List what the index knows.")
@click.argument("path", type=click.Path(path_type=Path), required=False, metavar="[PATH]")
@index_option
@click.option(
    "--rule", "rules", multiple=True, metavar="ID", shell_complete=completing.rule_ids,
    help="Only of this rule; repeat.",
)  # fmt: skip
@format_options
def command(
    path: Path | None,
    index: Path | None,
    rules: tuple[str, ...],
    output_format: str,
    reports: tuple[str, ...],
    deterministic: bool,
) -> None:
    """List the findings in the index of the repository at PATH (default: here), worst first, what
    is triaged away or ignored last.

    With --index, those of every repository in it, or of the one at PATH.
    """
    from forensics.index.life import Lives
    from forensics.index.reader import IndexReader
    from forensics.report.text import printable
    from forensics.scan.read_again import scanned_repository

    told = Asked.of(output_format, reports, deterministic)
    programs = Reports(told)
    with closing(open_index(index, path or Path())) as connection:
        reader = IndexReader(connection)
        repository = None if path is None else scanned_at(reader, path)
        named = [one for rule in rules for one in rule_ids(rule, reader.rules())]
        key = load_key(create=False)
        found = 0
        if told.any:
            rows = sorted(Lives(connection).repositories()) if repository is None else [repository]
            for row in rows:
                found += programs.add(
                    connection, key, row, reader.findings(row, rules=named),
                    scanned_repository(connection, key, row),
                )  # fmt: skip
        if not told.printed:
            listed = reader.findings(repository, rules=named)
            found = print_findings(listed, output_format).counting
        programs.write()
        complete = reader.complete(key)
        for unfinished in reader.unfinished():
            note(f"{printable(unfinished)} was not scanned to the end; run `forensics scan` on it")
    if found or not complete:
        raise click.exceptions.Exit(FOUND if found else INCOMPLETE)
