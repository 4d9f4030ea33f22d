"""`forensics findings`"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from forensics.cli.common import FORMATS, index_option, open_index, print_findings
from forensics.errors import UsageProblem

__all__ = ["command"]

FOUND, INCOMPLETE = 1, 3


@click.command("findings", short_help="List what the index knows.")
@click.argument("path", type=click.Path(path_type=Path), default=".", metavar="[PATH]")
@index_option
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Only of this rule; repeat.")
@click.option(
    "-f", "--format", "output_format", type=click.Choice(FORMATS), default="table",
    show_default=True, help="How to print findings.",
)  # fmt: skip
def command(path: Path, index: Path | None, rules: tuple[str, ...], output_format: str) -> None:
    """List the findings in the index of the repository at PATH (default: here), worst first.

    With --index, those of every repository in it.
    """
    from forensics.index.reader import IndexReader

    with closing(open_index(index, path)) as connection:
        reader = IndexReader(connection)
        unknown = sorted(set(rules) - reader.rules())
        if unknown:
            raise UsageProblem(
                f"there is no rule {unknown[0]!r}", "`forensics rules list` names them all"
            )
        found = print_findings(reader.findings(rules=rules), output_format)
        complete = reader.complete()
    if found or not complete:
        raise click.exceptions.Exit(FOUND if found else INCOMPLETE)
