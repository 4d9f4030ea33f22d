"""Attesting in the test's own process."""

from __future__ import annotations

from pathlib import Path

from forensics.git.repository import open_repository
from forensics.scan.attest import attest
from forensics.scan.attested import Attestation, Verdict
from forensics.scan.known import given_values
from tests.scan.scanning import ALL_RULES, KEY


def attested(path: Path, *values: bytes, jobs: int = 1) -> Attestation:
    """What is attested of these values in the repository at `path`."""
    known = given_values(values, KEY) if values else None
    repository = open_repository(path, alternates=True)
    return attest(repository, known, (), KEY, ALL_RULES, jobs=jobs)


def verdict(path: Path, value: bytes) -> Verdict:
    """The verdict on one value, where all could be read."""
    made = attested(path, value)
    assert not made.skipped
    (one,) = made.verdicts
    return one
