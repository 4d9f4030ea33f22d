"""`forensics show`"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.common import index_option, open_index
from forensics.cli.place import Place
from forensics.errors import UsageProblem
from forensics.key import load_key

if TYPE_CHECKING:
    from forensics.index.database import Connection

__all__ = ["command"]


@click.command("show", short_help="Show one secret's story.")
@click.argument("secret", metavar="[SECRET]", required=False)
@click.argument("path", type=Place(), default=".", metavar="[PATH]")
@click.option("--why", is_flag=True, help="Also show what moved the score of a generic finding.")
@click.option(
    "--reveal", is_flag=True,
    help="Print the value itself, read again from the repository at PATH; the journal tells of it.",
)  # fmt: skip
@click.option(
    "--diff", "commit", metavar="COMMIT",
    help="Print what this commit changed, every secret masked; SECRET may be left out.",
)  # fmt: skip
@click.option(
    "--file", "file", metavar="COMMIT:PATH",
    help="Print this file, or a blob by its id, every secret masked; SECRET may be left out.",
)  # fmt: skip
@click.option(
    "-f", "--format", "output_format", type=click.Choice(("text", "json")), default="text",
    show_default=True, help="How to print.",
)  # fmt: skip
@index_option
def command(
    secret: str | None,
    path: Path,
    why: bool,
    reveal: bool,
    commit: str | None,
    file: str | None,
    output_format: str,
    index: Path | None,
) -> None:
    """Show what is known of a secret on one page: its status and why, what to do, where it
    stands, which refs and releases have it, who could, what happened to it and to its slots.

    SECRET is the start of its fingerprint, as `forensics findings` shows it.

    With --diff and --file, masked are the secrets that the index knows there, those that rules
    find, and wherever they stand the values of all these, of SECRET and of the repository's other
    secrets. So is each piece of a value that is cut: ****#1f2e3d4c~1-12 stands for bytes 1 to 12.
    """
    if commit is not None or file is not None:
        _show_masked(secret, path, commit, file, index, alone=not (why or reveal)
                     and output_format == "text")  # fmt: skip
        return
    if secret is None:
        raise UsageProblem("no secret is named", "`forensics findings` lists them")
    from forensics.cli.show_named import misnamed

    if problem := misnamed(secret, path):
        raise problem
    if reveal:
        if why or output_format != "text":
            raise UsageProblem("--reveal prints the value alone", "leave --why and --format out")
        from forensics.cli.reveal import reveal_value

        reveal_value(secret, path, index)
        return
    with closing(open_index(index, path)) as connection:
        if output_format == "json":
            _print_json(connection, secret)
            return
        from forensics.report.story import story_lines

        for line in story_lines(connection, load_key(create=False), secret, why=why):
            click.echo(line)


def _show_masked(
    secret: str | None,
    path: Path,
    commit: str | None,
    file: str | None,
    index: Path | None,
    *,
    alone: bool,
) -> None:
    from forensics.cli.show_masked import show_diff, show_file

    if not alone or (commit is not None and file is not None):
        raise UsageProblem(
            "--diff and --file print that alone", "give one of them, without --why, --reveal, -f"
        )
    if secret is not None and path == Path() and Path(secret).is_dir():
        path, secret = Path(secret), None
    if commit is not None:
        show_diff(commit, secret, path, index)
    elif file is not None:
        show_file(file, secret, path, index)


def _print_json(connection: Connection, prefix: str) -> None:
    import json

    from forensics.index.lives import Lives
    from forensics.index.reader import IndexReader
    from forensics.lifecycle.case import cases
    from forensics.lifecycle.ref_spans import ref_spans
    from forensics.lifecycle.statements import statements
    from forensics.report.case_json import case_object

    reader, lives = IndexReader(connection), Lives(connection)
    secret = reader.resolve(prefix)
    case = next(cases(lives, statements(connection), secret=secret), None)
    told = None
    if case is not None:
        spans = ref_spans(connection, load_key(create=False), case)
        told = case_object(case, reader, lives.slot_events(case.life.id), spans)
    click.echo(json.dumps(told, indent=2))
