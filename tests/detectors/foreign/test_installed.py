"""The version of detect-secrets is told without reading what is said of all packages."""

from __future__ import annotations

import importlib.metadata
import os

import pytest

from detectors.foreign.installed import detect_secrets_version


@pytest.fixture(autouse=True)
def anew() -> None:
    """Nothing is remembered from another test."""
    detect_secrets_version.cache_clear()


def test_it_is_what_its_metadata_say() -> None:
    """By the name of a folder alone."""
    assert detect_secrets_version() == importlib.metadata.version("detect-secrets")


def test_its_metadata_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every scan asks."""

    def version(_: str) -> str:
        raise AssertionError("read")

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert detect_secrets_version()


@pytest.mark.parametrize(
    "names", [[], ["detect_secrets-1.dist-info", "detect_secrets-2.dist-info"]]
)
def test_where_folders_do_not_tell_they_are_read(
    names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an upgrade that was broken off."""
    monkeypatch.setattr(os, "listdir", lambda _: names)
    monkeypatch.setattr(importlib.metadata, "version", lambda _: "7.0")
    assert detect_secrets_version() == "7.0"
