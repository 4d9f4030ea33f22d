"""`forensics show --reveal`"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import click

from forensics.cli.common import note, open_index_to_write
from forensics.errors import UsageProblem

__all__ = ["reveal_value"]


def reveal_value(prefix: str, path: Path, index: Path | None) -> None:
    """Print a secret's value to standard output: escaped for a terminal, else as it is. That this
    happens is in the journal before anything is read.

    Raises:
        UsageProblem: no secret is called so, or its value cannot be read again.
        IndexWriteFailed: the journal cannot be written.
    """
    from forensics.index.reader import IndexReader
    from forensics.scan.audited import plain_value, revealed_value

    connection, key = open_index_to_write(index, path)
    with closing(connection):
        secret = IndexReader(connection).resolve(prefix)
        terminal = sys.stdout.isatty()
        value = revealed_value(connection, key, secret, [path], "terminal" if terminal else "pipe")
    if value is None:
        raise UsageProblem(
            f"#{secret[:8]} cannot be read again from {path}",
            "name the repository it was found in; the rules it was found with must be built in",
        )
    plain = plain_value(value)
    if terminal:
        from forensics.report.text import printable

        for line in plain.splitlines():
            click.echo(printable(line))
        return
    note(f"the plain value of #{secret[:8]} goes to a pipe or file")
    click.echo(plain, nl=False)
