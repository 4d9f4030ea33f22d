"""The example repository in the interface: scanned at a fixed moment with a fixed key."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from fixtures_repos.git import git
from tests.cli.command import forensics
from tests.tui.piloting import NOW

__all__ = ["Acme", "decided", "scanned"]

_DAY = 86_400
_SCANNED = 30
_DECISIONS = (
    (28, "stripe.live-secret-key", "--state", "confirmed", "--owner", "Ada", "--due", "2024-12-20"),
    (9, "gitlab.pat", "--state", "confirmed", "--owner", "Cleo", "--due", "2025-01-20"),
    (3, "npm.access-token", "--state", "revoked", "--when", "2024-12-29", "--evidence", "npm mail"),
    (
        2,
        "slack.webhook-url",
        "--state",
        "accepted",
        "--expires",
        "90d",
        "--reason",
        "a test channel",
    ),
    (1, "docker.pat", "--state", "false-positive", "--reason", "an example"),
)
"""Days before the clock of the tests, rule, what is said."""


@dataclass(frozen=True, slots=True)
class Acme:
    """The repository, and its index."""

    repository: Path
    index: Path


@contextmanager
def _days_ago(days: int) -> Iterator[None]:
    with patch.object(time, "time", lambda: NOW - days * _DAY):
        yield


def _loosened(repository: Path) -> None:
    """Have no pack, in which another git might order objects otherwise: what is found first comes
    first in lists."""
    for pack in [*(repository / ".git/objects/pack").glob("*.pack")]:
        for file in pack.parent.glob(f"{pack.stem}.*"):
            file.rename(repository / file.name)
        git(repository, "unpack-objects", "-q", given=(repository / pack.name).read_bytes())


def scanned(repository: Path, index: Path) -> Acme:
    """Scan it, a month before the clock of the tests; nothing is decided yet."""
    _loosened(repository)
    with _days_ago(_SCANNED):
        done = forensics("scan", repository, "--index", index, "--jobs", 1)
        assert done.code == 1, done.err
        done = forensics("drift", repository, "--index", index)
        assert done.code == 0, done.err
    return Acme(repository, index)


def decided(acme: Acme) -> Acme:
    """Decide about some of its secrets in the days after."""
    for days, rule, *said in _DECISIONS:
        with _days_ago(days):
            done = forensics("triage", "set", "--rule", rule, *said, "--yes", "--index", acme.index)
        assert done.code == 0, done.err
    return acme
