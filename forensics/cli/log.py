"""`forensics log`"""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import click

from forensics.cli.common import index_option, note, open_index
from forensics.cli.default import DefaultGroup
from forensics.cli.place import Place
from forensics.errors import UsageProblem
from forensics.key import load_key

__all__ = ["command"]

_CHANGED = 1
_FORMATS = ("text", "json", "jsonl", "mermaid", "gantt")
_HEX = frozenset("#0123456789abcdefABCDEF")


@click.group("log", cls=DefaultGroup, default="tell")
def command() -> None:
    """Tell what happened: `forensics log [SECRET]`, and verify that nobody changed it."""


@command.command("tell")
@click.argument("secret", required=False, metavar="[SECRET]")
@click.argument("path", type=Place(), required=False, metavar="[PATH]")
@click.option(
    "-f", "--format", "output_format", type=click.Choice(_FORMATS), default="text",
    show_default=True, help="How to tell it; the diagrams are of one SECRET.",
)  # fmt: skip
@index_option
def tell(secret: str | None, path: Path | None, output_format: str, index: Path | None) -> None:
    """Tell the story of SECRET, or everything that people and this program did.

    A secret's story is what commits did to it and what was decided about it, in the order of
    cause: a commit stands where the first scan stands that knew of it. Rows of the journal have a
    number; what caused a row is named by its number.
    """
    from forensics.index.journal import Journal
    from forensics.index.lives import Lives
    from forensics.index.reader import IndexReader
    from forensics.lifecycle.case import cases
    from forensics.report.log import as_objects, event_lines, journal_story, secret_story
    from forensics.report.mermaid import gantt, sequence_diagram

    if secret is not None and path is None and set(secret) - _HEX:
        path, secret = Path(secret), None
    with closing(open_index(index, path or Path())) as connection:
        reader, journal = IndexReader(connection), Journal(connection, load_key(create=False))
        name = None if secret is None else reader.resolve(secret)
        case = next(cases(Lives(connection), {}, secret=name), None) if name else None
        if case is None and output_format in ("mermaid", "gantt"):
            raise UsageProblem("a diagram is of one secret that stands somewhere", "name one")
        spans = []
        if case is not None and output_format == "gantt":
            from forensics.lifecycle.ref_spans import ref_spans

            spans = ref_spans(connection, load_key(create=False), case)
        story = (
            journal_story(journal.rows())
            if name is None
            else secret_story(reader, Lives(connection), journal, name)
        )
    if output_format == "text":
        lines = event_lines(story, case)
    elif output_format == "json":
        lines = iter([json.dumps(list(as_objects(story)), indent=2)])
    elif output_format == "jsonl":
        lines = (json.dumps(one) for one in as_objects(story))
    else:
        assert case is not None
        if output_format == "mermaid":
            from forensics.drift.environments import Placer

            lines = sequence_diagram(story, case, Placer().environment_of)
        else:
            lines = gantt(case, spans)
    for line in lines:
        click.echo(line)


@command.command("verify")
@click.argument("path", type=Place(), default=".", metavar="[PATH]")
@click.option(
    "--head", metavar="COUNT:HEX", help="What an earlier `verify` printed, kept elsewhere."
)
@index_option
def verify(path: Path, head: str | None, index: Path | None) -> None:
    """Verify that the journal is as it was written, and print its head.

    Keep the head somewhere else: with --head, a later call also finds out whether the end was cut
    off. Exit codes: 0 all is as it was written; 1 something was changed.
    """
    from forensics.index.journal import read_head
    from forensics.index.verified import verified

    kept = None if head is None else read_head(head)
    with closing(open_index(index, path)) as connection:
        now, problems = verified(connection, load_key(create=False), kept)
        click.echo(str(now))
    for problem in problems:
        note(problem)
    if problems:
        raise click.exceptions.Exit(_CHANGED)
