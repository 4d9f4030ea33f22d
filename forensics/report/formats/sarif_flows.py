"""The history of a secret as a SARIF code flow: a location an event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forensics.index.life import LifeEvent
from forensics.lifecycle.own_events import moved_once
from forensics.report.dossier.words import first_and_last
from forensics.report.formats.sarif_places import base_id, nameless
from forensics.report.sarif_log import artifact, plain
from forensics.report.text import iso_date, printable

__all__ = ["code_flows"]

_MOST = 20


def code_flows(number: int, events: Sequence[LifeEvent]) -> list[dict[str, Any]]:
    """One flow, in an order that follows ancestry; of many events the first and the last."""
    shown = first_and_last(moved_once(events), _MOST)
    if not shown:
        return []
    locations = [{"location": _location(number, one)} for one in shown]
    return [{"threadFlows": [{"locations": locations}]}]


def _location(number: int, one: LifeEvent) -> dict[str, Any]:
    path = nameless("commit", one.at.commit) if one.path is None else one.path
    physical: dict[str, Any] = {"artifactLocation": artifact(path, base_id(number))}
    if one.line is not None:
        physical["region"] = {"startLine": one.line}
    return {"physicalLocation": physical, "message": {"text": plain(_said(one))}}


def _said(one: LifeEvent) -> str:
    date = (iso_date(one.at.commit_time, one.at.commit_offset) or "")[:10]
    how = "removed by a merge" if one.how == "merged" else one.how
    said = f"{how} in commit {one.at.commit[:12]} by {printable(one.at.author)}"
    said += f" on {date}" if date else ""
    other = one.related
    if other is not None and other.path is not None and other.path != one.path:
        said += f", goes with {printable(other.path)} in commit {other.commit[:12]}"
    return f"{said} (uncertain: {one.uncertain})" if one.uncertain else said
