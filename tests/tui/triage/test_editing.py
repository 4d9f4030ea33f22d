"""Triage: a file opened in an editor, which is a reveal of every secret in it."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fixtures_repos.stories.story import token
from tests.tui.piloting import drive
from tests.tui.triage.scene import asks, reads
from tests.tui.triage_history import MANY, Told
from tui.screens.triage.editing import edited, remove_left_copies


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


def test_copies_of_those_who_were_killed_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the next start; those of others who run stay, and so does what is not ours."""
    monkeypatch.setattr("tui.screens.triage.editing._IN_MEMORY", tmp_path)
    monkeypatch.setattr("tui.screens.triage.editing.tempfile.gettempdir", lambda: str(tmp_path))
    gone = subprocess.Popen(["true"])
    gone.wait()
    names = [f"git-forensics-edit-{gone.pid}-a", f"git-forensics-edit-{os.getpid()}-b",
             "git-forensics-edit-x-c", "other"]  # fmt: skip
    for name in names:
        (tmp_path / name).mkdir(mode=0o700)
        (tmp_path / name / "revealed.env").write_text("plain")
    (tmp_path / f"git-forensics-edit-{gone.pid}-link").symlink_to(tmp_path / "other")
    os.link(tmp_path / names[0] / "revealed.env", tmp_path / "kept")
    remove_left_copies()
    assert not (tmp_path / names[0]).exists()
    assert (tmp_path / "kept").read_bytes() == bytes(5)
    for name in names[1:]:
        assert (tmp_path / name / "revealed.env").read_text() == "plain"


def test_a_scan_is_read_while_the_editor_is_open(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the event loop goes on, but draws nothing."""
    turns: list[int] = []

    def editor(*_: Any, **__: Any) -> int:
        end = time.monotonic() + 60
        while not turns and time.monotonic() < end:
            time.sleep(0.01)
        return 0

    monkeypatch.setenv("EDITOR", "nothing")
    monkeypatch.setattr("tui.screens.triage.editing.subprocess.call", editor)

    async def look(pilot: Pilot[Any]) -> None:
        @contextmanager
        def suspended() -> Iterator[None]:
            pilot.app.set_interval(0.01, lambda: turns.append(pilot.app._batch_count))
            yield

        monkeypatch.setattr(pilot.app, "suspend", suspended)
        await asks(pilot, f"fp:{told.name(69)[:16]}")
        await pilot.press("O")
        await reads(pilot, "the copy is gone")

    drive(told.index, "triage", look)
    assert turns[0] == 1


def test_an_interrupt_is_for_the_editor_alone(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The terminal sends it to both."""
    program = tmp_path / "editor"
    program.write_text("#!/bin/sh\nkill -INT $PPID\nkill -INT $$\nexit 7\n")
    program.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(program))
    interrupts: list[int] = []

    async def look(pilot: Pilot[Any]) -> None:
        monkeypatch.setattr(pilot.app, "suspend", nullcontext)
        await asks(pilot, f"fp:{told.name(69)[:16]}")
        await pilot.press("O")
        await reads(pilot, f"ended with -{signal.SIGINT:d}")
        assert interrupts == []
        signal.raise_signal(signal.SIGINT)
        assert interrupts == [signal.SIGINT]

    before = signal.signal(signal.SIGINT, lambda number, _: interrupts.append(number))
    try:
        drive(told.index, "triage", look)
    finally:
        signal.signal(signal.SIGINT, before)
