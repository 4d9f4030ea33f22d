"""What an index says of the lives of secrets, in a form that does not depend on rows."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from forensics.index.database import create_or_open
from forensics.index.life import LifeEvent
from forensics.index.lives import Lives
from forensics.lifecycle.case import Case, cases
from forensics.lifecycle.statements import statements
from forensics.scan.setup import ScannerSetup
from tests.scan.scanning import ALL_RULES, KEY, fingerprint, scan

__all__ = ["Happened", "case_of", "cases_in", "happened", "scanned_case", "told_events"]

NOW = 1_700_000_000.0


class Happened(NamedTuple):
    """An event without the rows that it lies in."""

    secret: str
    path: bytes | None
    commit: str
    kind: str
    how: str
    slot: str | None
    via: str
    uncertain: str
    line: int | None
    related: tuple[str, bytes | None, str, str] | None


def cases_in(index: Path) -> dict[str, Case]:
    """By fingerprint, the case of every secret in an index."""
    with closing(create_or_open(index, KEY)) as connection:
        found = cases(Lives(connection), statements(connection, NOW), now=NOW)
        return {one.life.secret: one for one in found}


def case_of(index: Path, value: bytes) -> Case:
    """The case of one secret."""
    return cases_in(index)[fingerprint(value)]


def scanned_case(path: Path, index: Path, value: bytes, *, setup: ScannerSetup = ALL_RULES) -> Case:
    """The case of one secret after a scan."""
    scan(path, index, setup=setup)
    return case_of(index, value)


def told_events(index: Path) -> set[Happened]:
    """Everything that happened to every secret."""
    found = cases_in(index)
    told: set[Happened] = set()
    for secret, one in (
        (case.life.secret, event) for case in found.values() for event in case.life.events
    ):
        other = one.related
        related = other and (other.secret, other.path, other.commit, other.how)
        told.add(
            Happened(
                secret, one.path, one.at.commit, one.kind, one.how, one.slot, one.via,
                one.uncertain, one.line, related,
            )
        )  # fmt: skip
    return told


def happened(case: Case) -> list[tuple[str, str, bytes | None, str | None]]:
    """What happened, in which commit, at which path, to which slot."""

    def told(one: LifeEvent) -> tuple[str, str, bytes | None, str | None]:
        return one.how, one.at.commit, one.path, one.slot

    return [told(one) for one in case.life.events]
