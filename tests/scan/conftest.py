"""Compiled rules for all tests, and small repositories that look large."""

from __future__ import annotations

import pytest

from tests.cli.caching import warm_cache

__all__ = ["warm_cache"]


@pytest.fixture
def many_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small tasks, and a commit of the index after each."""
    monkeypatch.setattr("forensics.git.plan._LEAST_TASK", 1 << 12)
    monkeypatch.setattr("forensics.git.plan._MOST_TASK", 1 << 14)
    monkeypatch.setattr("forensics.git.plan._LOOSE_IN_A_TASK", 16)
    monkeypatch.setattr("forensics.scan.reading._COMMIT_EVERY", 0.0)
    monkeypatch.setattr("forensics.scan.reading._COMMIT_SHARE", 0)
