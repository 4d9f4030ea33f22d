"""What is shown of the matrix: rows, signs and words, of a commit, a choice and a base."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import NamedTuple

from forensics.drift.acceptance import Acceptance, fits
from forensics.drift.cell_past import changed_since, changes
from forensics.drift.model import DriftEvent, Matrix, Row
from forensics.drift.state import Effective
from forensics.index.database import Connection
from forensics.report.drift.shown import (
    counts,
    event_counts,
    event_words,
    legend,
    mark,
    marked_shared,
    opened_by,
    step_date,
)
from forensics.scan.drift_browsing import Browsed

__all__ = [
    "Asked", "Component", "Heading", "View", "cell_detail", "cell_history", "cell_text",
    "components", "view_of",
]  # fmt: skip

_MOST_CHANGES = 500
_HASH = 7


class Asked(NamedTuple):
    """What somebody wants to see."""

    number: int
    """Of the step."""
    sets: tuple[str, ...] | None = None
    """None for all."""
    globs: tuple[str, ...] = ()
    """Of keys; empty for all."""
    only_drift: bool = False
    base: int | None = None
    """The step that letters are compared with."""
    accepted: tuple[Acceptance, ...] = ()
    today: date | None = None


class Heading(NamedTuple):
    """A line above the keys of a set."""

    set: str
    title: str
    """Its name, secrets masked."""


class View(NamedTuple):
    """What is shown."""

    asked: Asked
    matrix: Matrix
    rows: tuple[Row | Heading, ...]
    keys: int
    """How many of the rows are keys."""
    shared: frozenset[tuple[str, str, str]]
    changed: frozenset[tuple[str, str, str]]
    """Set, key and environment of what is not as it was at the base."""
    legend: str
    counts: tuple[int, ...]
    """After each step: how many keys of the sets asked for are drift."""


def view_of(browsed: Browsed, connection: Connection, asked: Asked) -> View:
    """Look at a step."""
    past, read = browsed.past, browsed.read(connection)
    matrix = past.matrix(asked.number, read, asked.sets, asked.accepted, asked.today)
    shown = [row for row in matrix.rows if _wanted(row, asked)]
    names = [*dict.fromkeys(row.set for row in shown)]
    several = len(past.sets(asked.number)) > 1
    rows: list[Row | Heading] = []
    for row in shown:
        if several and (not rows or rows[-1].set != row.set):
            rows.append(Heading(row.set, browsed.masked(row.set) or "."))
        rows.append(row)
    shared = marked_shared([event for name in names for event in past.open(asked.number, name)])
    changed: set[tuple[str, str, str]] = set()
    if asked.base is not None:
        for name in names:
            found = changed_since(past, asked.base, asked.number, name, read)
            changed.update((name, *one) for one in found)
    environments = {name for row in shown for name in row.cells}
    matrix = matrix._replace(
        environments=tuple(name for name in matrix.environments if name in environments)
    )
    signs = legend({
        mark(cell, shared=(row.set, row.key, name) in shared)
        for row in shown
        for name, cell in row.cells.items()
    })  # fmt: skip
    words = [f"{sign} {what}" for sign, what in signs if sign != "A"]
    words += ["+ changed since the base"] * (asked.base is not None)
    if matrix.uncertain:
        words.insert(0, f"{len(matrix.uncertain):,} files do not parse")
    words.append("equal letters: equal values")
    return View(
        asked, matrix, tuple(rows), len(shown), frozenset(shared), frozenset(changed),
        "  ".join(words), past.open_keys(asked.sets),
    )  # fmt: skip


class Component(NamedTuple):
    """A set that has keys."""

    set: str
    title: str
    """Its name, secrets masked."""
    drift: int
    environments: frozenset[str]


def components(browsed: Browsed, connection: Connection, number: int) -> list[Component]:
    """All that have keys after a step, those with most drift first."""
    matrix = browsed.past.matrix(number, browsed.read(connection))
    drift: dict[str, int] = {}
    environments: dict[str, set[str]] = {}
    for row in matrix.rows:
        drift[row.set] = drift.get(row.set, 0) + counts(row)
        environments.setdefault(row.set, set()).update(row.cells)
    return [
        Component(name, browsed.masked(name) or ".", drift[name], frozenset(environments[name]))
        for name in sorted(drift, key=lambda name: (-drift[name], name))
    ]


def _wanted(row: Row, asked: Asked) -> bool:
    if asked.only_drift and not counts(row):
        return False
    return not asked.globs or any(fits(row.key, glob) for glob in asked.globs)


def cell_text(view: View, row: Row, environment: str) -> str:
    """A cell in a few characters."""
    place = (row.set, row.key, environment)
    text = mark(row.cells.get(environment), shared=place in view.shared)
    return text + "+" if place in view.changed else text


def cell_detail(
    browsed: Browsed, connection: Connection, view: View, row: Row, environment: str
) -> list[str]:
    """What there is to say of a cell, in lines; never its value."""
    past, number = browsed.past, view.asked.number
    title = f"{row.key} in {environment}"
    cell = row.cells.get(environment)
    if cell is None:
        return [title, "this component has no such environment"]
    said = [cell.state, cell.group and f"class {cell.group}"]
    said.append("shared" if (row.set, row.key, environment) in view.shared else "")
    lines = [f"{title}: {', '.join(filter(None, said))}"]
    if cell.path:
        layer = f"  layer {cell.layer}" if cell.layer else ""
        lines.append(f"{browsed.masked(cell.path)}:{cell.line}{layer}")
    found = changes(past, row.set, row.key, environment, number, browsed.read(connection))
    last = next(found, None)
    if last is not None:
        step = past.line.steps[last.number]
        how = "there" if last.before is None else "gone" if last.after is None else "so"
        lines.append(f"{how} since {step.commit.hex()[:_HASH]} {step_date(step)} by {step.author}")
    if row.why:
        lines.append(f"{'accepted' if row.accepted else 'why'}: {row.why}")
    lines += (_event_line(one) for one in past.open(number, row.set) if _about(one, row))
    return lines


def _about(event: DriftEvent, row: Row) -> bool:
    return event.key == row.key and event_counts(event)


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
