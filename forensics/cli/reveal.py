"""`forensics show --reveal`"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.common import note, open_index_to_write
from forensics.errors import NotARepository, UsageProblem

if TYPE_CHECKING:
    from forensics.index.database import Connection
    from forensics.key import Key
    from forensics.scan.reveal import Value

__all__ = ["reveal_value"]


def reveal_value(prefix: str, path: Path, index: Path | None) -> None:
    """Print a secret's value to standard output: escaped for a terminal, else as it is. That this
    happens is in the journal before anything is read.

    Raises:
        UsageProblem: no secret is called so, or its value cannot be read again.
        IndexWriteFailed: the journal cannot be written.
    """
    from forensics.index.database import writing
    from forensics.index.journal import Journal, of_secret
    from forensics.index.reader import IndexReader

    connection, key = open_index_to_write(index, path)
    with closing(connection):
        secret = IndexReader(connection).resolve(prefix)
        terminal = sys.stdout.isatty()
        with writing(connection):
            Journal(connection, key).append(
                "revealed", of_secret(secret), secret, {"to": "terminal" if terminal else "pipe"}
            )
        value = _read(path, connection, key, secret)
    if value is None:
        raise UsageProblem(
            f"#{secret[:8]} cannot be read again from {path}",
            "name the repository it was found in; the rules it was found with must be built in",
        )
    plain = (value.canonical if value.decoded else value.raw).reveal()
    if terminal:
        from forensics.report.text import printable

        for line in plain.splitlines():
            click.echo(printable(line))
        return
    note(f"the plain value of #{secret[:8]} goes to a pipe or file")
    click.echo(plain, nl=False)


def _read(path: Path, connection: Connection, key: Key, secret: str) -> Value | None:
    from forensics.git.repository import open_repository
    from forensics.key import cache_folder
    from forensics.scan.reveal import read_folder_values, read_values
    from forensics.scan.setup import setup_for

    setup = setup_for(key, cache_folder())
    try:
        repository = open_repository(path)
        found = read_values(repository, connection, key, [secret], setup)
    except NotARepository:
        found = {}
    return (found or read_folder_values(path, connection, key, [secret], setup)).get(secret)
