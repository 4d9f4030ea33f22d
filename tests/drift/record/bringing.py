"""The record of a repository, brought up to date."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from forensics.drift.environments import Placer
from forensics.drift.model import Line, Reading
from forensics.drift.record import Record
from forensics.git.repository import open_repository
from forensics.index.database import create_or_open
from forensics.scan.masking import Masker
from forensics.scan.setup import ScannerSetup
from tests.scan.scanning import KEY

__all__ = ["DEV", "PROD", "Brought", "bring_up"]

DEV, PROD = "env/.env.dev", "env/.env.prod"


class Brought:
    """A line and everything that its files held."""

    def __init__(self, line: Line, reading: Callable[[bytes, bytes], Reading]) -> None:
        self.line = line
        self.steps = [step.commit.hex() for step in line.steps]
        self.readings = {
            (change.path, change.after): reading(change.path, change.after)
            for step in line.steps
            for change in step.changes
            if change.after
        }

    def __eq__(self, other: object) -> bool:
        assert isinstance(other, Brought)
        return (self.line, self.readings) == (other.line, other.readings)

    __hash__ = None  # type: ignore[assignment]


def mask() -> Callable[[bytes], bytes]:
    return Masker(ScannerSetup().scanner(), KEY).mask


def bring_up(
    path: Path, index: Path, ref: str | None = None, placer: Placer | None = None, jobs: int = 1
) -> Brought:
    with closing(create_or_open(index, KEY)) as connection:
        record = Record(open_repository(path), connection, KEY, placer or Placer(), mask)
        return Brought(record.line(ref, jobs=jobs), record.reading)
