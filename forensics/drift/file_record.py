"""What stood in the versions of configuration files, each read once, from the index."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from forensics.drift.masked_names import MaskedNames
from forensics.drift.model import Line, Observation, Reading
from forensics.drift.progress import Progress
from forensics.drift.reading import Reader, Version
from forensics.index.database import Connection, writing
from forensics.index.drift_paths import DriftPaths
from forensics.index.drift_readings import ReadingStore, StoredReading

if TYPE_CHECKING:
    from forensics.drift.environments import Placer

__all__ = ["FileRecord", "as_reading"]

_BATCH_SECONDS = 2.0


class FileRecord:
    """The readings of a repository's configuration files."""

    def __init__(
        self,
        connection: Connection,
        store: ReadingStore,
        paths: DriftPaths,
        names: MaskedNames,
        placer: Placer,
        reader: Reader,
        progress: Progress,
    ) -> None:
        """Open it; see `Record`."""
        self._db, self._readings, self._paths, self._names = connection, store, paths, names
        self._placer, self._reader, self._progress = placer, reader, progress
        self._lost: dict[Version, Reading] = {}

    def reading(self, path: bytes, blob: bytes) -> Reading:
        """What a version of a file holds."""
        stored = self._readings.reading(path, blob)
        if stored is not None:
            return as_reading(stored)
        version = (path, blob)
        if version in self._lost:
            return self._lost[version]
        reading, keep = self._reader.read(version)
        masked = self._names.in_reading(reading)
        if keep:
            self._keep([(version, masked)])  # what was stored of it had a wrong seal
        else:
            self._lost[version] = masked
        return masked

    def bring_up(self, line: Line, jobs: int) -> None:
        """Read each version of a file on the line that was not read yet."""
        versions = {
            (change.path, change.after)
            for step in line.steps
            for change in step.changes
            if change.after
        }
        before = self._readings.read_before()
        left = sorted(one for one in versions if (self._paths.mark(one[0]), one[1]) not in before)
        if not left:
            return
        found: list[tuple[Version, Reading]] = []
        saved = time.monotonic()
        for number, (version, reading, keep) in enumerate(self._reader.read_all(left, jobs), 1):
            masked = self._names.in_reading(reading)
            if keep:
                found.append((version, masked))
            else:
                self._lost[version] = masked
            if time.monotonic() - saved > _BATCH_SECONDS:
                self._keep(found)
                found, saved = [], time.monotonic()
            self._progress.read(number, len(left))
        self._keep(found)

    def _keep(self, found: Sequence[tuple[Version, Reading]]) -> None:
        shown = {path: self._names.shown(path) for (path, _), _ in found}
        with writing(self._db):
            for (path, blob), reading in found:
                place = self._placer.place(path)
                component, environment, role = ("", "", "") if place is None else place[:3]
                observed = tuple(
                    (*one[:7], " ".join(sorted(one.traits))) for one in reading.observations
                )
                stored = StoredReading(
                    self._names.text(component),
                    self._names.text(environment),
                    role,
                    reading.trouble,
                    observed,
                )
                self._readings.add(path, blob, stored, shown)


def as_reading(stored: StoredReading) -> Reading:
    """A reading, from the index."""
    observed = (Observation(*one[:7], _traits(one[7])) for one in stored.observed)
    return Reading(tuple(observed), stored.trouble)


@lru_cache(1000)
def _traits(names: str) -> frozenset[str]:
    return frozenset(names.split())
