"""`forensics report`"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli import completing
from forensics.cli.common import index_option, note, open_index, rule_ids, scanned_at
from forensics.cli.place import Place
from forensics.cli.writing import write_text
from forensics.errors import UsageProblem
from forensics.key import load_key

if TYPE_CHECKING:
    from forensics.index.reader import IndexReader
    from forensics.lifecycle.case import Case

__all__ = ["command"]

_MOST = 500
_LATEST = 253_402_300_799
"""The last second of the year 9999."""


@click.command("report", short_help="Write a report of all secrets, as a page or as Markdown.")
@click.argument("path", type=Place(), required=False, metavar="[PATH]")
@click.option(
    "-f", "--format", "output_format", type=click.Choice(("html", "markdown")), default="html",
    show_default=True, help="How to write it.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Write it here instead of to standard output; an older one is replaced.",
)  # fmt: skip
@click.option(
    "--secret", "secrets", multiple=True, metavar="SECRET",
    help="Only this one: the start of its fingerprint; repeat.",
)  # fmt: skip
@click.option(
    "--rule", "rules", multiple=True, metavar="ID", shell_complete=completing.rule_ids,
    help="Only of this rule; repeat.",
)  # fmt: skip
@click.option(
    "--status", "statuses", multiple=True, metavar="STATUS",
    help="Only of this status, as `forensics rotation` has it; repeat.",
)  # fmt: skip
@click.option(
    "--most", type=click.IntRange(min=1), default=_MOST, show_default=True, metavar="NUMBER",
    help="Draw and tell so many secrets, the worst; the table has 5,000.",
)  # fmt: skip
@click.option(
    "--now", "moment", metavar="DATE",
    help="Count days until then; with it, the same index gives the same report. Default: now.",
)  # fmt: skip
@index_option
def command(
    path: Path | None,
    output_format: str,
    output: Path | None,
    secrets: tuple[str, ...],
    rules: tuple[str, ...],
    statuses: tuple[str, ...],
    most: int,
    moment: str | None,
    index: Path | None,
) -> None:
    """Write a report of the secrets in the repository at PATH (default: here): what is exposed
    since when, a chart, a table, and the story of each. With --index, of every repository in it,
    or of the one at PATH.

    HTML is one file that asks no network for anything. Values are not in it; names, addresses and
    paths are. Exits with 0 once it is written, whatever it says: `forensics rotation` is the one
    to ask in a pipeline.
    """
    from forensics.index.lives import Lives
    from forensics.index.reader import IndexReader
    from forensics.index.triage import decisions
    from forensics.lifecycle.case import cases
    from forensics.lifecycle.statements import statements
    from forensics.report.dossier.gathered import Scope, gather

    now = _moment(moment)
    _check_statuses(statuses)
    with closing(open_index(index, path or Path())) as connection:
        reader, lives = IndexReader(connection), Lives(connection)
        row = None if path is None else scanned_at(reader, path)
        named = {reader.resolve(one) for one in secrets}
        wanted = {one for rule in rules for one in rule_ids(rule, reader.rules())}
        one = next(iter(named)) if len(named) == 1 else ""
        known = cases(lives, statements(connection, now), repository=row, secret=one, now=now)
        repositories = {
            number: name
            for number, name in sorted(lives.repositories().items(), key=lambda one: one[1])
            if row in (None, number)
        }
        gathered = gather(
            _chosen(known, named, wanted, statuses),
            Scope(now, repositories, _selection(secrets, rules, statuses), tuple(_gaps(reader))),
            most=most,
            decisions={said.secret: said for said in decisions(connection)},
            slots=lives.slot_events,
            advice=reader.advice,
        )
        if output_format == "html":
            from forensics.report.dossier.page import html_page

            write_text(html_page(gathered), output)
        else:
            from forensics.report.dossier.markdown import markdown

            write_text((f"{line}\n" for line in markdown(gathered)), output)
    if output is not None:
        note(f"the report is in {output}")


def _check_statuses(statuses: Sequence[str]) -> None:
    from forensics.lifecycle.status import STATUSES

    for status in statuses:
        if status not in STATUSES:
            raise UsageProblem(
                f"there is no status {status!r}", f"these are: {', '.join(STATUSES)}"
            )


def _chosen(
    known: Iterable[Case], secrets: set[str], rules: set[str], statuses: Sequence[str]
) -> Iterator[Case]:
    for case in known:
        if (
            (not secrets or case.life.secret in secrets)
            and (not rules or case.life.rule in rules)
            and (not statuses or case.status.name in statuses)
        ):
            yield case


def _selection(secrets: Sequence[str], rules: Sequence[str], statuses: Sequence[str]) -> str:
    chosen = (("secret", secrets), ("rule", rules), ("status", statuses))
    return "; ".join(f"{name} {', '.join(said)}" for name, said in chosen if said)


def _gaps(reader: IndexReader) -> Iterator[str]:
    """What the index does not cover."""
    for path in reader.unfinished():
        yield f"{path.decode('utf-8', 'backslashreplace')} was not scanned to the end."
    if not reader.complete(load_key(create=False)) and not reader.unfinished():
        yield "Not everything could be read; `forensics retry --list` says what and why."


def _moment(given: str | None) -> int:
    """Seconds since 1970."""
    if given is None:
        return int(time.time())
    try:
        read = datetime.fromisoformat(given)
        found = int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        found = -1
    if not 0 < found <= _LATEST:
        raise UsageProblem(f"--now {given!r} is not a date", "write 2027-01-31")
    return found
