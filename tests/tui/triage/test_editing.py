"""Triage: a file opened in an editor, which is a reveal of every secret in it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fixtures_repos.stories.story import token
from tests.tui.piloting import drive
from tests.tui.triage.scene import asks, reads
from tests.tui.triage_history import MANY, Told
from tui.screens.triage.editing import edited


def test_the_editor_gets_a_copy_that_is_gone_after(
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Which the journal knows of every secret in it, and nobody else can read."""
    opened: list[tuple[Path, bytes, int]] = []

    def editor(command: list[str], **_: Any) -> int:
        copy = Path(command[-1])
        opened.append((copy, copy.read_bytes(), copy.stat().st_mode))
        return 0

    monkeypatch.setenv("EDITOR", "nothing")
    monkeypatch.setattr("tui.screens.triage.editing.subprocess.call", editor)

    async def look(pilot: Pilot[Any]) -> None:
        class Suspended:
            def __enter__(self) -> None: ...
            def __exit__(self, *_: object) -> None: ...

        monkeypatch.setattr(pilot.app, "suspend", Suspended)
        await asks(pilot, f"fp:{told.name(69)[:16]}")
        await pilot.press("O")
        await reads(pilot, "the copy is gone")

    drive(told.index, "triage", look)
    ((path, content, mode),) = opened
    assert token(69) in content
    assert stat.S_IMODE(mode) == 0o400
    assert not path.exists()
    names = {told.name(seed) for seed in range(10, 10 + MANY)}
    rows = [one for one in told.journal() if one.kind == "revealed"]
    assert {one.subject for one in rows} == names
    assert all(one.facts == {"to": "editor"} for one in rows)


def editing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> str:
    """Edit a file with a shell script as the editor; the word about it."""
    program = tmp_path / "editor"
    program.write_text(f"#!/bin/sh\nfor copy; do :; done\n{script}\n")
    program.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(program))
    return edited(b"plain", b"a.env", 3)


def test_the_editor_is_not_told_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is what it starts; anything else of the environment it is."""
    monkeypatch.setenv("FORENSICS_KEY", "ab" * 32)
    monkeypatch.setenv("TEST_OTHER", "there")
    assert editing(tmp_path, monkeypatch, f"env > {tmp_path}/env") == "the copy is gone"
    given = (tmp_path / "env").read_text()
    assert "TEST_OTHER=there" in given
    assert "FORENSICS_KEY" not in given


def test_an_editor_may_do_away_with_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As those do that write a new file and rename it."""
    assert editing(tmp_path, monkeypatch, 'rm -f "$copy"') == "the copy is gone"


def test_what_an_editor_puts_beside_the_copy_is_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second name of each file shows what was in it at the end."""
    for name in ("copy", "swap"):
        place = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else tmp_path
        kept = place / f"kept-{name}-{os.getpid()}"
        beside = '"$copy"' if name == "copy" else '"$copy.swp"'
        script = f'cp "$copy" "$copy.swp"; ln {beside} {kept}'
        try:
            assert editing(tmp_path, monkeypatch, script) == "the copy is gone"
            assert kept.read_bytes() == bytes(5)
        finally:
            kept.unlink(missing_ok=True)
