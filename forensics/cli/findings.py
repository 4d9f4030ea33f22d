"""`forensics findings`"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from forensics.cli.common import (
    FORMATS,
    index_option,
    note,
    open_index,
    print_findings,
    rule_ids,
    scanned_at,
)
from forensics.key import load_key

__all__ = ["command"]

FOUND, INCOMPLETE = 1, 3


@click.command("findings", short_help="List what the index knows.")
@click.argument("path", type=click.Path(path_type=Path), required=False, metavar="[PATH]")
@index_option
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Only of this rule; repeat.")
@click.option(
    "-f", "--format", "output_format", type=click.Choice(FORMATS), default="table",
    show_default=True, help="How to print findings.",
)  # fmt: skip
def command(
    path: Path | None, index: Path | None, rules: tuple[str, ...], output_format: str
) -> None:
    """List the findings in the index of the repository at PATH (default: here), worst first, what
    is triaged away or ignored last.

    With --index, those of every repository in it, or of the one at PATH.
    """
    from forensics.index.reader import IndexReader
    from forensics.report.text import printable

    with closing(open_index(index, path or Path())) as connection:
        reader = IndexReader(connection)
        repository = None if path is None else scanned_at(reader, path)
        named = [one for rule in rules for one in rule_ids(rule, reader.rules())]
        found = print_findings(reader.findings(repository, rules=named), output_format).counting
        complete = reader.complete(load_key(create=False))
        for unfinished in reader.unfinished():
            note(f"the last scan of {printable(unfinished)} did not end; scan it again")
    if found or not complete:
        raise click.exceptions.Exit(FOUND if found else INCOMPLETE)
