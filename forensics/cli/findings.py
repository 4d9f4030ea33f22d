"""`forensics findings`"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli import completing
from forensics.cli.common import (
    index_option,
    leave,
    note,
    open_index,
    print_findings,
    rule_ids,
    scanned_at,
)
from forensics.cli.gating import gate_of
from forensics.cli.place import Place
from forensics.cli.policy import found_at, own_files_in, policy_options
from forensics.cli.querying import places_of, query_option, read_query
from forensics.cli.reports import Asked, Reports, format_options
from forensics.key import load_key

if TYPE_CHECKING:
    from forensics.index.records import Finding

__all__ = ["command"]


@click.command("findings", short_help="List what the index knows.")
@click.argument("path", type=Place(), required=False, metavar="[PATH]")
@index_option
@click.option(
    "--rule", "rules", multiple=True, metavar="ID", shell_complete=completing.rule_ids,
    help="Only of this rule; repeat.",
)  # fmt: skip
@query_option
@policy_options
@format_options
def command(
    path: Path | None,
    index: Path | None,
    rules: tuple[str, ...],
    query: str | None,
    output_format: str,
    reports: tuple[str, ...],
    deterministic: bool,
    policy: Path | None,
    trusted: bool,
) -> None:
    """List the findings in the index of the repository at PATH (default: here), worst first, what
    is triaged away or ignored last.

    With --index, those of every repository in it, or of the one at PATH. docs/query.md tells what
    a query may say.
    """
    from forensics.index.reader import IndexReader
    from forensics.index.snapshot import snapshot
    from forensics.report.text import printable
    from forensics.scan.read_again import scanned_repository

    read_query(query)
    told = Asked.of(output_format, reports, deterministic)
    programs = Reports(told)
    gate = gate_of(found_at(policy, trusted, own_files_in(path or Path(), trusted=trusted)))
    with closing(open_index(index, path or Path())) as connection, snapshot(connection):
        reader = IndexReader(connection)
        asked = read_query(query, connection)
        repository = None if path is None else scanned_at(reader, path)
        named = [one for rule in rules for one in rule_ids(rule, reader.rules())]
        key = load_key(create=False)
        rows = reader.repositories() if repository is None else [repository]
        gate.know(reader.rules)
        fitting = places_of(asked, connection) if asked is not None else None
        found = 0
        listed: Iterable[Finding] = reader.findings(repository, rules=named, fitting=fitting)
        if gate:
            bases = gate.bases(connection, key, rows)
            listed = gate.judged(connection, repository, listed, bases)
        if told.any:
            listed = list(listed)
            for row in rows:
                places = reader.occurrences(row)
                found += programs.add(
                    connection, key, row, [one for one in listed if one.occurrence in places],
                    scanned_repository(connection, key, row),
                )  # fmt: skip
        if not told.printed:
            found = print_findings(listed, output_format).counting
        for line in gate.lines():
            click.echo(line, err=output_format != "table")
        programs.write()
        complete = reader.complete(key)
        for unfinished in reader.unfinished():
            note(f"{printable(unfinished)} was not scanned to the end; run `forensics scan` on it")
    leave(found, complete)
