"""Drift as far as the index has recorded it: no repository is looked at, and nothing is written."""

from __future__ import annotations

from forensics.drift.environments import Placer
from forensics.drift.model import Change, DriftEvent, Line, Observation, Reading, Step
from forensics.drift.survey import surveyed
from forensics.errors import IndexWriteFailed
from forensics.index.database import Connection
from forensics.index.drift_lines import LineStore, StoredLine
from forensics.index.drift_paths import DriftPaths
from forensics.index.drift_readings import ReadingStore
from forensics.index.overview import recorded_lines
from forensics.key import Key

__all__ = ["open_drift"]

_NOT_READ = Reading((), "this version was not read")


def open_drift(connection: Connection, key: Key) -> list[tuple[DriftEvent, int]] | None:
    """What is open on the default branches and not meant to be, and when the tip was committed that
    it was last followed to; None where drift was never recorded, or not by this version.

    Acceptances are not counted: they stand in files beside the index. Files whose names hold a
    secret are left out: the index does not have their names.
    """
    found: list[tuple[DriftEvent, int]] = []
    known = False
    for repository, mark, reader in recorded_lines(connection):
        paths = DriftPaths(connection, key)
        try:
            lines = LineStore(connection, key, repository, reader, paths)
            readings = ReadingStore(connection, key, repository, reader, paths)
        except IndexWriteFailed:  # it would be dropped and read anew
            continue
        stored = lines.lines().get(mark)
        if stored is None:
            continue
        known = True
        line = _line(lines, stored)
        events = surveyed(line, lambda path, blob: _reading(readings, path, blob), Placer()).events  # noqa: B023
        found += [
            (one, line.tip_time) for one in events if one.closed is None and one.severity != "info"
        ]
    return found if known else None


def _line(lines: LineStore, stored: StoredLine) -> Line:
    steps = tuple(
        Step(
            one.oid, one.author, one.time, one.offset,
            tuple(sorted(Change(each.path, each.before, each.after)
                         for each in one.changes if each.path)),
            one.merge,
        )
        for one in lines.steps(stored.step)
    )  # fmt: skip
    return Line(stored.ref, stored.tip, stored.tip_time, steps, stored.cut)


def _reading(readings: ReadingStore, path: bytes, blob: bytes) -> Reading:
    stored = readings.reading(path, blob)
    if stored is None:
        return _NOT_READ
    observed = (Observation(*one[:7], frozenset(one[7].split())) for one in stored.observed)
    return Reading(tuple(observed), stored.trouble)
