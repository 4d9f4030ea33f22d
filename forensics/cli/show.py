"""`forensics show`"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from forensics.cli.common import index_option, open_index

__all__ = ["command"]


@click.command("show", short_help="Show one secret's story.")
@click.argument("secret", metavar="SECRET")
@click.argument("path", type=click.Path(path_type=Path), default=".", metavar="[PATH]")
@click.option("--why", is_flag=True, help="Also show what moved the score of a generic finding.")
@index_option
def command(secret: str, path: Path, why: bool, index: Path | None) -> None:
    """Show what is known of a secret: why it matters, what to do, where it stands and where it
    came and went.

    SECRET is the start of its fingerprint, as `forensics findings` shows it.
    """
    from forensics.index.reader import IndexReader
    from forensics.report.story import story_lines

    with closing(open_index(index, path)) as connection:
        for line in story_lines(IndexReader(connection), secret, why=why):
            click.echo(line)
