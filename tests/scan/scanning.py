"""Scanning in the test's own process, and what the index says afterwards."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from detectors.rule import built_in_rules
from forensics.git.repository import open_repository
from forensics.index.database import create_or_open
from forensics.index.reader import IndexReader
from forensics.index.records import Finding
from forensics.key import Key
from forensics.scan.engine import scan_repository
from forensics.scan.observer import Observer
from forensics.scan.setup import ScannerSetup
from forensics.scan.summary import ScanSummary

KEY = Key(bytes(range(32)), "the tests")
ALL_RULES = ScannerSetup()
WITHOUT_GITHUB = ScannerSetup(
    tuple(rule for rule in built_in_rules() if not rule.id.startswith(("github.", "generic.")))
)
ALL_BUT_ONE = ScannerSetup(built_in_rules()[:-1])
"""Another rule set that finds the same in stories."""


class Placed(NamedTuple):
    """An occurrence without anything that depends on the order in which things were found."""

    secret: str
    path: bytes | None
    kind: str
    reach: str
    at_head: bool
    at_tip: bool
    introduced: frozenset[str]
    removed: frozenset[str]


class Scanned(NamedTuple):
    """A scan's figures, and all that its index then holds."""

    summary: ScanSummary
    findings: list[Finding]
    occurrences: list[Placed]

    def of(self, value: bytes) -> list[Placed]:
        """The occurrences of one secret."""
        return [one for one in self.occurrences if one.secret == fingerprint(value)]

    def statuses(self, value: bytes) -> set[tuple[bytes | None, str]]:
        """Path and status of every finding of one secret."""
        return {(one.path, one.status) for one in self.findings if one.secret == fingerprint(value)}


def fingerprint(value: bytes) -> str:
    """A secret's name in the index."""
    return KEY.fingerprint(value).hex()


def scan(
    path: Path,
    index: Path,
    *,
    setup: ScannerSetup = ALL_RULES,
    jobs: int = 1,
    alternates: bool = False,
    observer: Observer | None = None,
) -> Scanned:
    """Scan the repository at `path` into `index`, and read the index."""
    repository = open_repository(path, alternates=alternates)
    with closing(create_or_open(index, KEY)) as connection:
        summary = scan_repository(repository, connection, KEY, setup, jobs=jobs, observer=observer)
        return Scanned(summary, *read(index))


def read(index: Path) -> tuple[list[Finding], list[Placed]]:
    """Findings and occurrences in an index, in a fixed order."""
    with closing(create_or_open(index, KEY)) as connection:
        findings = list(IndexReader(connection).findings())
        events: dict[int, dict[str, set[str]]] = {}
        for row, kind, oid in connection.execute(
            "SELECT occurrence_id, kind, lower(hex(git_commit.oid)) FROM occurrence_event"
            " JOIN git_commit ON git_commit.id = commit_id"
        ):
            events.setdefault(row, {}).setdefault(kind, set()).add(oid)
        placed = [
            Placed(
                secret, path, kind, reach, bool(head), bool(tip),
                frozenset(events.get(row, {}).get("introduced", ())),
                frozenset(events.get(row, {}).get("removed", ())),
            )
            for row, secret, path, kind, reach, head, tip in connection.execute(
                "SELECT occurrence.id, lower(hex(secret.fingerprint)), path.shown, object.kind,"
                " reach, at_head, at_tip FROM occurrence"
                " JOIN secret ON secret.id = secret_id JOIN object ON object.id = object_id"
                " LEFT JOIN path ON path.id = path_id"
            )
        ]  # fmt: skip
    return findings, sorted(placed, key=repr)


def same_findings(findings: list[Finding]) -> list[tuple[object, ...]]:
    """Findings without where the repository lies and their rows in an index, to be compared across
    copies of both."""
    names = [name for name in Finding._fields if name not in ("repository", "occurrence")]
    return sorted((tuple(getattr(one, name) for name in names) for one in findings), key=repr)
