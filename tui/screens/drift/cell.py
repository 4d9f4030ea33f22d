"""What there is to say of one key in one environment: now, and along history."""

from __future__ import annotations

from itertools import islice

from forensics.drift.cell_past import changes
from forensics.drift.model import DriftEvent, Row
from forensics.drift.state import Effective
from forensics.index.database import Connection
from forensics.report.drift.shown import event_counts, event_words, opened_by, step_date
from forensics.report.text import shortened
from forensics.scan.drift_browsing import Browsed
from tui.screens.drift.view import View

__all__ = ["cell_detail", "cell_history"]

_MOST_CHANGES = 500
_HASH = 7
_LONGEST = 120
"""Characters of a key."""


def cell_detail(
    browsed: Browsed, connection: Connection, view: View, row: Row, environment: str
) -> list[str]:
    """What there is to say of a cell, in lines; never its value."""
    past, number = browsed.past, view.asked.number
    title = f"{shortened(row.key, _LONGEST)} in {environment}"
    cell = row.cells.get(environment)
    if cell is None:
        return [title, "this component has no such environment"]
    said = [cell.state, cell.group and f"class {cell.group}"]
    said.append("shared" if (row.set, row.key, environment) in view.shared else "")
    lines = [f"{title}: {', '.join(filter(None, said))}"]
    if row.why:  # before long paths and names: where it is low, the last lines have no room
        lines.append(f"{'accepted' if row.accepted else 'why'}: {row.why}")
    if cell.path:
        layer = f"  layer {cell.layer}" if cell.layer else ""
        lines.append(f"{browsed.masked(cell.path)}:{cell.line}{layer}")
    found = changes(past, row.set, row.key, environment, number, browsed.read(connection))
    last = next(found, None)
    if last is not None:
        step = past.line.steps[last.number]
        how = "there" if last.before is None else "gone" if last.after is None else "so"
        lines.append(f"{how} since {step.commit.hex()[:_HASH]} {step_date(step)} by {step.author}")
    lines += (
        _event_line(one)
        for one in view.events
        if (one.set, one.key) == (row.set, row.key) and event_counts(one)
    )
    return lines


def _event_line(event: DriftEvent) -> str:
    opened = event.opened
    return (
        f"{event.severity} {event.kind}: {event_words(event)}, since"
        f" {opened.commit.hex()[:_HASH]} {step_date(opened)} by {opened_by(event)}"
    )


def cell_history(
    browsed: Browsed, connection: Connection, row: Row, environment: str, number: int
) -> list[str]:
    """Each change of a cell with its commit, the last first. `v1`, `v2`… are its
    values, equal ones under one name."""
    past, read = browsed.past, browsed.read(connection)
    found = changes(past, row.set, row.key, environment, number, read)
    last = [*islice(found, _MOST_CHANGES)]
    letters: dict[bytes, str] = {}
    lines = []
    for one in reversed(last):
        step = past.line.steps[one.number]
        before, after = (_told(each, letters) for each in (one.before, one.after))
        where = (
            f"{browsed.masked(one.after.file)}:{one.after.observation.line}  " if one.after else ""
        )
        doubt = "  (a file does not parse)" if one.uncertain else ""
        lines.append(
            f"{step.commit.hex()[:_HASH]}  {step_date(step)}  {before} -> {after}  {where}"
            f"{step.author}{'  (merge)' if step.merge else ''}{doubt}"
        )
    lines.reverse()
    if next(found, None) is not None:
        lines.append(f"and earlier ones: the last {_MOST_CHANGES} are shown")
    lines = lines or ["it never was there"]
    events = [one for one in past.events if (one.set, one.key) == (row.set, row.key)]
    return lines + ([""] + [_past_line(one) for one in events] if events else [])


def _told(got: Effective | None, letters: dict[bytes, str]) -> str:
    if got is None:
        return "-"
    kind, fingerprint = got.observation.kind, got.observation.fingerprint
    if not fingerprint:
        return kind
    letter = letters.setdefault(fingerprint, f"v{len(letters) + 1}")
    return letter if kind == "literal" else f"{letter} ({kind})"


def _past_line(event: DriftEvent) -> str:
    closed = event.closed
    until = f"until {closed.commit.hex()[:_HASH]} {step_date(closed)}" if closed else "open"
    return f"{until}: {_event_line(event)}"
