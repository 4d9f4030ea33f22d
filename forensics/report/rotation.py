"""The rotation status of secrets, as a table and as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from forensics.index.life import LifeEvent
from forensics.index.triage import Triaged
from forensics.lifecycle.case import Case
from forensics.lifecycle.pending import SlotState, slot_states
from forensics.lifecycle.stages import row_of
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


def _slot(one: SlotState) -> dict[str, Any]:
    return {
        "environment": one.environment or None,
        "path": json_text(one.path),
        "slot": one.slot or None,
        "pending": one.pending,
        "how": one.how,
        "by": one.by or None,
        "since": one.at and iso_date(one.at.commit_time, one.at.commit_offset),
        "commit": one.at and one.at.commit,
        "lag_days": one.lag_days,
    }


def rotation_jsonl(
    cases: Iterable[Case],
    decided: Mapping[str, Triaged],
    environment: Callable[[bytes], str],
    now: float,
) -> Iterator[str]:
    """One line a secret.

    Args:
        cases: in the order of the lines.
        decided: by fingerprint, the last decision about each.
        environment: of a file, by its path.
        now: seconds since 1970.
    """
    for case in cases:
        row = row_of(case, decided.get(case.life.secret), now)
        life, status, said = case.life, case.status, case.status.statement
        yield json.dumps(
            {
                "secret": life.secret,
                "rule": life.rule,
                "severity": life.severity,
                "preview": life.preview,
                "status": status.name,
                "stage": row.stage or None,
                "owner": row.owner or None,
                "due": iso_date(row.due, 0),
                "overdue": row.overdue(now),
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
                "slots": [_slot(one) for one in slot_states(case, environment, now)],
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


def rotation_table(
    cases: Iterable[Case], decided: Mapping[str, Triaged], now: float, *, width: int
) -> Table:
    """One row a secret.

    Args:
        cases: in the order of the rows.
        decided: by fingerprint, the last decision about each.
        now: seconds since 1970.
        width: columns of the screen; on a narrow one people and what to do are left out.
    """
    wide, cases = width >= _WIDE, list(cases)
    owned = wide and any(one.life.secret in decided for one in cases)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("STATUS", "SEVERITY", "SECRET", "SLOT", "EXPOSED", "PLACES"):
        table.add_column(name, overflow="fold", no_wrap=name not in ("SLOT", "STATUS"))
    if owned:
        table.add_column("OWNER", overflow="fold")
        table.add_column("DUE", no_wrap=True)
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
        if owned:
            row = row_of(case, decided.get(life.secret), now)
            late = "bold red" if row.overdue(now) else ""
            due = (iso_date(row.due, 0) or "")[:10] + (" overdue" if late else "")
            cells += [Text(printable(row.owner)), Text(due, style=late)]
        if wide:
            cells += [Text(f"{len(case.people)}"), Text(case.status.todo)]
        table.add_row(*cells)
    return table


def _where(case: Case) -> str:
    path = next((one.path for one in case.life.places if one.path is not None), None)
    return "" if path is None else path.decode("utf-8", "backslashreplace")
