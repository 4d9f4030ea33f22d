"""`forensics show --diff` and `--file`"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from forensics.cli.common import console, open_index
from forensics.errors import UsageProblem

if TYPE_CHECKING:
    from forensics.git.repository import Repository
    from forensics.index.database import Connection
    from forensics.key import Key
    from forensics.scan.setup import ScannerSetup

__all__ = ["show_diff", "show_file"]


class _Known(NamedTuple):
    """A repository that an index knows, and what masks its secrets."""

    connection: Connection
    key: Key
    row: int
    repository: Repository
    setup: ScannerSetup
    secrets: tuple[str, ...]


def show_diff(commit: str, prefix: str | None, path: Path, index: Path | None) -> None:
    """Print what a commit changed, every secret masked.

    Args:
        commit: a ref, an id or an expression.
        prefix: of a secret to look for everywhere in it.
        path: the repository.
        index: which index; else the repository's.

    Raises:
        UsageProblem: there is no such commit or secret, or the index does not know the repository.
    """
    from forensics.git.resolve import named_commit
    from forensics.git.single import careful_objects
    from forensics.report.masked_lines import diff_texts
    from forensics.scan.masked_diff import masked_diff

    with closing(open_index(index, path)) as connection:
        known = _known(connection, prefix, path)
        oid = named_commit(known.repository, commit).oid
        out = console()
        out.print(f"commit {oid.hex()}", style="dim", soft_wrap=True)
        with careful_objects(known.repository) as single:
            lines = masked_diff(*known[:3], single, oid, known.setup, secrets=known.secrets)
            for text in diff_texts(lines):
                out.print(text, soft_wrap=True)


def show_file(name: str, prefix: str | None, path: Path, index: Path | None) -> None:
    """Print a file, every secret masked; what moves a cursor or hides is escaped.

    Args:
        name: `COMMIT:PATH`, or the id of a blob.
        prefix: of a secret to look for in it.
        path: the repository.
        index: which index; else the repository's.

    Raises:
        UsageProblem: there is no such file or secret, or the index does not know the repository.
    """
    import os

    from forensics.git.named_blob import named_blob
    from forensics.git.resolve import named_commit
    from forensics.git.single import careful_objects
    from forensics.report.masked_lines import plain_line
    from forensics.scan.masked_whole import masked_whole

    commit, colon, file = name.partition(":")
    if not commit or (colon and not file):
        raise UsageProblem(f"{name!r} names no file", "name COMMIT:PATH, or a blob by its id")
    with closing(open_index(index, path)) as connection:
        known = _known(connection, prefix, path)
        of = named_commit(known.repository, commit).oid if colon else None
        there = os.fsencode(file) if colon else None
        oid, content = named_blob(known.repository, commit, of, there)
        with careful_objects(known.repository) as single:
            shown = masked_whole(
                *known[:3], content, oid, known.setup,
                single=single, path=there, secrets=known.secrets,
            )  # fmt: skip
    for line in shown.lines:
        click.echo(plain_line(line))


def _known(connection: Connection, prefix: str | None, path: Path) -> _Known:
    import os

    from forensics.git.repository import open_repository
    from forensics.index.reader import IndexReader
    from forensics.index.writer import repository_mark
    from forensics.key import load_key
    from forensics.scan.setup import usual_setup

    repository, key = open_repository(path), load_key(create=False)
    reader = IndexReader(connection)
    row = reader.repository(repository_mark(key, os.fsencode(repository.home)))
    if row is None:
        raise UsageProblem(
            f"the index knows no secrets of {path}", "scan it first: `forensics scan`"
        )
    secrets = () if prefix is None else (reader.resolve(prefix),)
    setup = usual_setup(key)
    return _Known(connection, key, row, repository, setup, secrets)
