"""A machine in order, and a repository with an index."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fixtures_repos.stories import Story
from forensics.doctor.libraries import TRIALS
from forensics.key import Key
from tests.cli.command import forensics
from tests.cli.doctor.asking import GIBIBYTE, Disk

__all__ = ["loaded", "scanned", "spacious"]


@pytest.fixture(autouse=True)
def spacious(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with room, whatever machine this is."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(500 * GIBIBYTE))


@pytest.fixture(autouse=True, scope="module")
def loaded() -> None:
    """Libraries are imported once, and not anew in every process that tries one."""
    for name, trial in TRIALS.items():
        assert trial(), name


@pytest.fixture
def scanned(only_in_a_merge: Story, key: Key) -> Path:
    """A repository with an index, made with the user's key."""
    assert key.id
    assert forensics("scan", only_in_a_merge.path).code == 1
    return only_in_a_merge.path
