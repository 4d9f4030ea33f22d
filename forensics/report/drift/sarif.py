"""Open drift as SARIF 2.1.0, which code scanning shows beside the lines that differ.

Nothing in it depends on a value or on the key: results are told apart by kind, set and key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from forensics.drift.acceptance import KINDS, concerned
from forensics.drift.model import ABSENT, Cell, DriftEvent, Matrix, Row
from forensics.report.drift.shown import event_words, step_date
from forensics.report.sarif_log import digest, log_text, notice, place, plain
from forensics.report.text import iso_date, printable

__all__ = ["events_sarif"]

_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
_RULES = {
    "missing": ("An environment lacks a key", "Add the key there, or accept the difference."),
    "extra": ("Only one environment has a key", "Add it to the others, or take it out."),
    "type": ("A value has different types", "Write it in the same type everywhere."),
    "value": ("A value differs where it should be the same", "Make it equal, or accept it."),
    "shared": ("Environments share a secret", "Give each environment a value of its own."),
    "stale": ("An environment never followed a change", "Make the change there too."),
    "flapping": ("A value goes back and forth", "Find who changes it, and settle it."),
    "placeholder": ("A placeholder, localhost or debug value stands", "Set the real value."),
    "rotation": ("A rotation has not reached all environments", "Rotate it in the others too."),
    "rewrap": ("Encrypted anew, the value unchanged", "Rotate the value if that was meant."),
}
_FINGERPRINT = "forensicsDrift/v1"


def events_sarif(matrix: Matrix, events: Iterable[DriftEvent]) -> Iterator[str]:
    """One log of one run. Events that are closed or meant to be are left out; those that are
    accepted are suppressed.

    Args:
        matrix: at the same commit, which says where keys stand.
        events: to tell.
    """
    rows = {(row.set, row.key): row for row in matrix.rows}
    seen: dict[tuple[str, str, str], int] = {}
    results = []
    for event in events:
        if event.closed is None and not event.expected:
            about = (event.kind, event.set, event.key)
            seen[about] = seen.get(about, -1) + 1
            results.append(_result(event, rows.get((event.set, event.key)), seen[about]))
    yield log_text(
        "drift",
        list(_rules()),
        [notice(path, f"{path} does not parse: {why}") for path, why in matrix.uncertain],
        {"ref": printable(matrix.ref), "commit": matrix.commit},
        results,
    )


def _rules() -> Iterator[dict[str, Any]]:
    for kind in KINDS:
        title, remedy = _RULES[kind]
        yield {
            "id": f"drift/{kind}",
            "name": f"Drift{kind.capitalize()}",
            "shortDescription": {"text": f"{title}."},
            "fullDescription": {"text": f"{title}. {remedy}"},
            "help": {"text": remedy},
            "defaultConfiguration": {"level": "warning"},
            "properties": {"tags": ["configuration", "drift"]},
        }


def _result(event: DriftEvent, row: Row | None, ordinal: int) -> dict[str, Any]:
    places = _places(event, row)
    since = f"since {event.opened.commit.hex()[:12]} ({step_date(event.opened)})"
    found: dict[str, Any] = {
        "ruleId": f"drift/{event.kind}",
        "ruleIndex": KINDS.index(event.kind),
        "level": _LEVELS[event.severity],
        "message": {"text": plain(f"{event.key}: {event_words(event)}, {since}")},
        "locations": [place(path, line) for path, line, _ in places[:1]],
        "partialFingerprints": {
            _FINGERPRINT: digest(event.kind, event.set, event.key, str(ordinal))
        },
        "properties": {
            "set": event.set, "key": event.key, "severity": event.severity,
            "present": list(event.present), "missing": list(event.missing),
            "openedCommit": event.opened.commit.hex(),
            "openedDate": iso_date(event.opened.time, event.opened.offset),
            "days": round(event.days, 1), "certain": event.certain,
        },
    }  # fmt: skip
    if places[1:]:
        found["relatedLocations"] = [
            {"id": number, "message": {"text": plain(note)}} | place(path, line)
            for number, (path, line, note) in enumerate(places[1:], 1)
        ]
    if event.accepted:
        found["suppressions"] = [{
            "kind": "external", "status": "accepted", "justification": plain(event.acceptance),
        }]  # fmt: skip
    return found


def _places(event: DriftEvent, row: Row | None) -> list[tuple[str, int, str]]:
    """Path, line and environment of where the drift is: first of the environments concerned, which
    may have the key, then of the others."""
    cells: dict[str, Cell] = row.cells if row is not None else {}
    names = dict.fromkeys((*concerned(event), *event.present, *event.missing))
    found: dict[tuple[str, int], list[str]] = {}
    for name in names:
        cell = cells.get(name)
        if cell is not None and cell.state != ABSENT and cell.path:
            found.setdefault((cell.path, max(cell.line, 1)), []).append(name)
    places = [(path, line, ", ".join(names)) for (path, line), names in found.items()]
    return places or [(path, 1, "") for path in event.paths[:1]]
