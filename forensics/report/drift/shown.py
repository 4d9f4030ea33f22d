"""What is shown of drift, whatever the format: rows, events and what was left out of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from forensics.drift.model import ABSENT, Cell, DriftEvent, Matrix, Row, Step
from forensics.report.text import iso_date

__all__ = [
    "SEVERITIES", "SIGNS", "Values", "blocks", "counts", "event_counts", "event_words", "left_out",
    "legend", "mark", "marked_shared", "opened_by", "row_environments", "step_date", "worst_first",
]  # fmt: skip

SEVERITIES = ("critical", "high", "medium", "low", "info")

Values = Mapping[tuple[str, str, str], str]
"""By set, key and environment: values that may be shown, because somebody asked for them."""

SIGNS = (
    ("-", "absent"),
    ("0", "empty"),
    ("~", "unresolved"),
    ("#", "encrypted"),
    ("!", "placeholder or shared"),
    ("?", "does not parse"),
)
_ALONE = {ABSENT: "-", "empty": "0", "uncertain": "?"}
_SIGN = {"reference": "~", "ciphertext": "#", "placeholder": "!"}


def mark(cell: Cell | None, *, shared: bool = False) -> str:
    """A cell in two or three characters; nothing where the set has no such environment."""
    if cell is None:
        return ""
    if cell.state in _ALONE:
        return _ALONE[cell.state]
    return f"{cell.group}{_SIGN.get(cell.state, '')}{'!' if shared else ''}"


def legend(marks: Iterable[str]) -> list[tuple[str, str]]:
    """Each sign in these marks with what it means, letters first."""
    used = set().union(*marks)
    letters = [("A", "equal letters are equal values")] * any(map(str.isalpha, used))
    return letters + [(sign, what) for sign, what in SIGNS if sign in used]


def marked_shared(events: Iterable[DriftEvent]) -> set[tuple[str, str, str]]:
    """Set, key and environment of values that are open as shared."""
    return {
        (event.set, event.key, name)
        for event in events
        if event.kind == "shared" and event.closed is None and not event.expected
        for name in event.present
    }


def counts(row: Row) -> bool:
    """Whether a row is drift that nobody accepted."""
    return row.drift and not row.accepted


def event_counts(event: DriftEvent) -> bool:
    """Whether an event is open drift that nobody accepted."""
    return event.closed is None and not event.expected and not event.accepted


def row_environments(matrix: Matrix, rows: Iterable[Row]) -> tuple[str, ...]:
    """The environments that these rows have, in the order of the matrix."""
    present = {name for row in rows for name in row.cells}
    return tuple(name for name in matrix.environments if name in present)


def blocks(matrix: Matrix, *, everything: bool) -> dict[str, list[Row]]:
    """The rows to show by set: those that count, or all."""
    found: dict[str, list[Row]] = {}
    for row in matrix.rows:
        if everything or counts(row):
            found.setdefault(row.set, []).append(row)
    return found


def left_out(rows: Iterable[Row]) -> str:
    """What a table of what counts does not show, in words; empty where that is nothing."""
    equal = meant = accepted = 0
    for row in rows:
        if counts(row):
            continue
        accepted += row.accepted
        meant += not row.accepted and bool(row.why)
        equal += not row.accepted and not row.why
    parts = [
        f"{number:,} {name}"
        for number, name in (
            (equal, "without drift"), (meant, "meant to differ"), (accepted, "accepted"),
        )
        if number
    ]  # fmt: skip
    return ", ".join(parts)


def opened_by(event: DriftEvent) -> str:
    """Who opened it; where a merge did, who wrote what it brought in."""
    authors = dict.fromkeys(step.author.partition(" <")[0] for step in event.opened_in)
    return ", ".join(authors) or event.opened.author.partition(" <")[0]


def step_date(step: Step) -> str:
    """The day of a step, where it was made."""
    return (iso_date(step.time, step.offset) or "")[:10]


def worst_first(events: Iterable[DriftEvent]) -> list[DriftEvent]:
    """Open events by severity and age, then those that are closed, the last first."""
    return sorted(
        events,
        key=lambda event: (
            event.closed is not None,
            -event.closed.time if event.closed else SEVERITIES.index(event.severity),
            -event.days,
            event.set,
            event.key,
        ),
    )


def event_words(event: DriftEvent) -> str:
    """What an event is, in words, without its key."""
    present, missing = ", ".join(event.present), ", ".join(event.missing)
    have = "has" if len(event.present) == 1 else "have"
    first = event.steps[0][1] if event.steps else ""
    words = {
        "missing": f"missing in {missing}; {present} {have} it",
        "extra": f"only in {present}",
        "type": f"of different types in {first or present}",
        "value": f"no longer the same in {present}{first and f': {first}'}",
        "shared": f"one value shared by {present}",
        "stale": f"{first or 'others changed'}, {missing} did not follow",
        "flapping": f"goes back and forth in {present}",
        "placeholder": f"{first or 'a placeholder'} in {present}",
        "rotation": f"rotated in {present}{missing and f', not in {missing}'}",
        "rewrap": f"encrypted anew in {present}, the value unchanged",
    }
    return words.get(event.kind, f"{event.kind} in {present or missing}")
