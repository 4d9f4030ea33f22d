"""What several commands share: the key, the index, and how findings are printed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from forensics.errors import IndexRefused, UsageProblem
from forensics.key import KEY_VARIABLE, Key, key_file, load_key

if TYPE_CHECKING:
    from rich.console import Console

    from forensics.index.database import Connection
    from forensics.index.reader import IndexReader
    from forensics.index.records import Finding

__all__ = [
    "FORMATS", "INCOMPLETE", "Printed", "console", "index_option", "key_with_notice", "leave",
    "note", "open_index", "open_index_to_write", "print_findings", "rule_ids", "scanned_at",
    "warn_of_forged_triage",
]  # fmt: skip

FORMATS = ("table", "json", "jsonl")

INCOMPLETE = 3
_FOUND = 1

index_option = click.option(
    "--index",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Index file. Default: FORENSICS_INDEX, else inside the repository's git directory.",
)

_WIDE = 160
"""Columns of a table that no terminal limits."""


def note(message: str) -> None:
    """A line for people, beside the data."""
    from forensics.report.text import printable

    click.echo(f"forensics: {printable(message)}", err=True)


def leave(failing: int, complete: bool, code: int = _FOUND) -> None:
    """End the command where that is not with 0: with `code` if any finding fails, else with 3 if
    not everything could be read."""
    code = code if failing else 0
    if code or not complete:
        raise click.exceptions.Exit(code or INCOMPLETE)


def console() -> Console:
    """Standard output for tables; NO_COLOR is honoured, and a pipe gets no colours."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    return Console(
        width=None if terminal else _WIDE, highlight=False, markup=False, soft_wrap=False
    )


def key_with_notice() -> Key:
    """The key; where it was made just now, a line says where it is.

    Raises:
        KeyProblem: as `load_key` does.
    """
    new = not os.environ.get(KEY_VARIABLE) and not key_file().exists()
    key = load_key()
    if new:
        note(f"made the key {key.id} in {key.source}; whoever shares an index needs it")
    return key


def open_index(index: Path | None, path: Path) -> Connection:
    """An existing index for reading: the one named, or that of the repository at `path`.
    Triage in it that the key does not vouch for counts for nothing, and a line says so.

    Raises:
        NotARepository: nothing is named and there is no repository.
        IndexRefused: there is no index yet, or it is not one of ours.
        KeyProblem: it was made with another key.
    """
    from forensics.index.database import open_for_reading

    key = load_key(create=False)
    connection = open_for_reading(_existing(index, path), key)
    warn_of_forged_triage(connection, key)
    return connection


def open_index_to_write(
    index: Path | None, path: Path, *, create: bool = False
) -> tuple[Connection, Key]:
    """An index for small changes, which a scan going on does not stand in the way of. It has to be
    there, unless `create`.

    Raises:
        NotARepository, IndexRefused, KeyProblem: as `open_index` does.
        IndexWriteFailed: it cannot be written.
    """
    from forensics.index.database import create_or_open

    key = load_key(create=False)
    return create_or_open(_chosen(index, path, to_read=not create), key), key


def warn_of_forged_triage(connection: Connection, key: Key) -> None:
    """Say so where triage in an index was not written with the key, and let it not count."""
    from forensics.index.triage import distrust_forged_triage

    if distrust_forged_triage(connection, key):
        note("triage in the index was changed by something else: none of it counts")


def _existing(index: Path | None, path: Path) -> Path:
    return _chosen(index, path, to_read=True)


def _chosen(index: Path | None, path: Path, *, to_read: bool) -> Path:
    from forensics.index.location import index_path

    chosen = index_path(index, None)
    if chosen is None:
        from forensics.git.repository import open_repository

        chosen = index_path(None, open_repository(path).common_dir, to_read=to_read)
    assert chosen is not None
    if to_read and not chosen.exists():
        raise IndexRefused(f"there is no index at {chosen}", "run `forensics scan` first")
    return chosen


def scanned_at(reader: IndexReader, path: Path) -> int:
    """The row of the repository or folder at `path`.

    Raises:
        NotARepository: there is neither.
        UsageProblem: nothing there was scanned into this index.
    """
    from forensics.errors import NotARepository
    from forensics.git.repository import open_repository
    from forensics.index.writer import repository_mark

    key = load_key(create=False)
    folder = repository_mark(key, os.fsencode(path.resolve()), folder=True)
    found = reader.repository(folder)
    try:
        home = os.fsencode(open_repository(path).home)
        found = reader.repository(repository_mark(key, home)) or found
    except NotARepository:
        if found is None:
            raise
    if found is None:
        raise UsageProblem(f"{path} was not scanned into this index", "run `forensics scan` first")
    return found


def rule_ids(rule: str, known: set[str]) -> set[str]:
    """The rules that `rule` means, called as here or as another tool does."""
    if rule in known:
        return {rule}
    from detectors.aliases import rules_called

    found = rules_called(rule) & known
    if not found:
        raise UsageProblem(f"there is no rule {rule!r}", "`forensics rules list` names them all")
    return set(found)


class Printed(NamedTuple):
    """How much was printed, in secrets for a table, else in findings."""

    all: int
    counting: int
    """Findings that are neither ignored nor triaged away, and that no policy lets pass: they decide
    the exit code."""


def print_findings(
    findings: Iterable[Finding],
    output_format: str,
    *,
    at_most: int | None = None,
    lister: str = "forensics findings",
) -> Printed:
    """Print findings to standard output.

    Args:
        findings: all of them, the worst first.
        output_format: `table`, `json` or `jsonl`.
        at_most: rows of a table.
        lister: the command or option that shows what a table has no room for.
    """
    total = counting = 0

    def counted() -> Iterable[Finding]:
        nonlocal total, counting
        for finding in findings:
            total += 1
            counting += finding.fails
            yield finding

    if output_format == "table":
        given = iter(findings)
        first = next(given, None)
        if first is None:  # what makes tables takes long to import
            return Printed(0, 0)
        findings = chain((first,), given)
        from forensics.report.table import findings_table

        out = console()
        table, count = findings_table(counted(), width=out.width, at_most=at_most)
        if count:
            out.print(table)
        if at_most is not None and count > at_most:
            out.print(f"… and {count - at_most:,} more secrets: `{lister}` lists all")
        return Printed(count, counting)
    from forensics.report.jsonlines import as_json, as_jsonl

    for line in (as_json if output_format == "json" else as_jsonl)(counted()):
        click.echo(line)
    return Printed(total, counting)
