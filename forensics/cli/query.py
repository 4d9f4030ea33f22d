"""`forensics query`"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.common import index_option, note, open_index
from forensics.cli.querying import read_query
from forensics.cli.triage_files import repository_option

if TYPE_CHECKING:
    from forensics.settings.saved_queries import SavedQueries

__all__ = ["command"]


@click.group("query")
def command() -> None:
    """Save queries by name; `@NAME` is then a query wherever one can be given.

    They are kept for you alone, for each index, and never in a repository. `Q` in `forensics tui`
    shows the same ones. docs/query.md tells what a query may say.
    """


@command.command("list")
@repository_option
@index_option
def list_queries(path: Path, index: Path | None) -> None:
    """List the saved queries."""
    from forensics.report.text import printable

    known = _saved(index, path).all()
    if not known:
        note("no query is saved yet")
    width = max(map(len, known), default=0)
    for name, text in known.items():
        click.echo(f"@{printable(name):<{width}}  {printable(text)}")


@command.command("save")
@click.argument("name")
@click.argument("text")
@repository_option
@index_option
def save_query(name: str, text: str, path: Path, index: Path | None) -> None:
    """Save the query TEXT as @NAME, in place of any of that name."""
    from forensics.errors import UsageProblem
    from forensics.key import load_key
    from forensics.scan.texts import Texts

    read_query(text)
    if text.startswith("@"):
        raise UsageProblem("a saved query names no other", "give its text")
    with closing(open_index(index, path)) as connection:
        if Texts(load_key(create=False), connection).masked(text) != text:
            raise UsageProblem(
                "not saved: there is a secret in the query", "ask for its `fp:` instead"
            )
    _saved(index, path).save(name.removeprefix("@"), text)


@command.command("delete")
@click.argument("name")
@repository_option
@index_option
def delete_query(name: str, path: Path, index: Path | None) -> None:
    """Forget the query @NAME."""
    _saved(index, path).drop(name.removeprefix("@"))


def _saved(index: Path | None, path: Path) -> SavedQueries:
    from forensics.settings.remembered import remembered_of
    from forensics.settings.saved_queries import SavedQueries

    with closing(open_index(index, path)) as connection:
        return SavedQueries(remembered_of(connection))
