"""What masks texts looks for what a scan looks for, with what a scan has compiled."""

from __future__ import annotations

from pathlib import Path

import pytest

from detectors.template import expand
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import token
from forensics.key import Key, cache_folder
from forensics.scan.texts import Texts
from tests.cli.command import forensics


def test_what_a_scan_has_compiled_serves_to_mask(
    leaked_then_deleted: Story, tmp_path: Path, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compiling takes a second, and memory that a program which stays open keeps."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    forensics("scan", leaked_then_deleted.path)
    compiled = {*(cache_folder() / "rules").iterdir()}
    assert compiled
    assert Texts(key).masked(f"was {token().decode()}") == "was ****"
    assert {*(cache_folder() / "rules").iterdir()} == compiled


def test_what_a_scan_finds_is_masked(tmp_path: Path, key: Key) -> None:
    """Also what no rule of ours does, but a plugin that runs by default."""
    text = expand("https://api.softlayer.com/soap/v3/{hex:64}").decode()
    (tmp_path / "notes.txt").write_text(f"{text}\n")
    found = forensics("scan", "--dir", tmp_path, "--format", "jsonl")
    assert [one["rule"] for one in found.lines] == ["detect-secrets.softlayer"]
    assert text.rpartition("/")[2] not in Texts(key).masked(text)
