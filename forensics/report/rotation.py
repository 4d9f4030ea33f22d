"""The rotation status of secrets, as a table and as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from rich.table import Table
from rich.text import Text

from forensics.index.life import LifeEvent
from forensics.lifecycle.case import Case
from forensics.report.text import iso_date, json_text, printable

__all__ = ["rotation_jsonl", "rotation_table"]

_STYLE = {
    "exposed": "bold red",
    "rolled-back": "bold red",
    "replaced-still-elsewhere": "red",
    "externalised-not-rotated": "yellow",
    "deleted-not-rotated": "yellow",
    "replaced-everywhere": "cyan",
    "revoked": "green",
    "ignored": "dim",
}
_WIDE = 110


def _evidence(one: LifeEvent) -> dict[str, Any]:
    return {
        "kind": one.how,
        "commit": one.at.commit,
        "path": json_text(one.path),
        "date": iso_date(one.at.commit_time, one.at.commit_offset),
        "slot": one.slot,
        "uncertain": one.uncertain or None,
    }


def rotation_jsonl(cases: Iterable[Case]) -> Iterator[str]:
    """One line a secret."""
    for case in cases:
        life, status, said = case.life, case.status, case.status.statement
        yield json.dumps(
            {
                "secret": life.secret,
                "rule": life.rule,
                "severity": life.severity,
                "preview": life.preview,
                "status": status.name,
                "reachability": case.reachability,
                "slot": case.slot or None,
                "exposed_days": case.exposed_days,
                "since": case.since
                and iso_date(case.since.at.commit_time, case.since.at.commit_offset),
                "until": iso_date(case.until, 0),
                "places": [
                    {"path": json_text(one.path), "line": one.line, "present": one.at_tip,
                     "repository": json_text(case.repositories.get(one.repository))}
                    for one in life.places
                ],
                "people": [
                    {"name": json_text(name), "email": json_text(email)}
                    for name, email in case.people
                ],
                "releases": case.releases.number,
                "evidence": [_evidence(one) for one in status.evidence],
                "stated": said and {"state": said.state, "by": said.by, "evidence": said.evidence,
                                    "date": iso_date(said.when, 0)},
                "uncertain": list(status.uncertain),
                "todo": status.todo,
            }
        )  # fmt: skip


def rotation_table(cases: Iterable[Case], *, width: int) -> Table:
    """One row a secret.

    Args:
        cases: in the order of the rows.
        width: columns of the screen; on a narrow one people and what to do are left out.
    """
    wide = width >= _WIDE
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("STATUS", "SEVERITY", "SECRET", "SLOT", "EXPOSED", "PLACES"):
        table.add_column(name, overflow="fold", no_wrap=name not in ("SLOT", "STATUS"))
    if wide:
        table.add_column("PEOPLE", justify="right")
        table.add_column("LEFT TO DO", overflow="fold")
    for case in cases:
        life = case.life
        days = "" if case.exposed_days is None else f"{case.exposed_days:,} d"
        doubt = "?" if case.status.uncertain else ""
        there = sum(1 for place in life.places if place.at_tip)
        cells = [
            Text(case.status.name + doubt, style=_STYLE[case.status.name]),
            Text(life.severity.upper()),
            Text(f"{life.preview} #{life.secret[:8]}"),
            Text(printable(case.slot or _where(case))),
            Text(days),
            Text(f"{there} of {len(life.places)}"),
        ]
        if wide:
            cells += [Text(f"{len(case.people)}"), Text(case.status.todo)]
        table.add_row(*cells)
    return table


def _where(case: Case) -> str:
    path = next((one.path for one in case.life.places if one.path is not None), None)
    return "" if path is None else path.decode("utf-8", "backslashreplace")
