"""Drift: many environments, and names that want to do harm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from fixtures_repos.builder import Builder
from tests.tui.drift.driving import (
    env,
    keys,
    shown,
    told_matrix,
)
from tests.tui.piloting import drive, grid


def test_forty_environments_scroll_beside_the_keys(tmp_path: Path, index: Path) -> None:
    """The column of keys stays, and every environment can be reached."""
    names = [f"prod-{number:02}" for number in range(40)]
    builder = Builder(tmp_path / "many")
    for name in names:
        builder.write(f"env/{name}/app.env", env(LOG_FORMAT="json", MODE="thread"))
    builder.commit("Start")
    repository = builder.populate()

    async def told(pilot: Pilot[Any]) -> None:
        everyone = told_matrix(pilot)["environments"]
        assert len(everyone) == 40
        for name in everyone[::3]:
            assert grid(pilot)[3].split()[0] == "KEY"
            assert f">{name}" in grid(pilot)[3]
            assert "LOG_FORMAT" in shown(pilot)
            await keys(pilot, *"lll")
        assert "of 40" in grid(pilot)[-2]
        assert all(len(line) <= 80 for line in grid(pilot))
        await keys(pilot, *["h"] * 50)
        assert f">{everyone[0]}" in grid(pilot)[3]

    drive(index, "drift", told, repository=repository)


def test_hostile_keys_stay_in_their_cells(tmp_path: Path, index: Path) -> None:
    """Markup, escapes, wide and turning characters, and length."""
    hostile = {
        "[bold red]x[/]": "one", "a\u202eb": "two", "w\u6f22" * 40: "three", "k" * 3000: "four",
        "\x1b[2Jz": "five", "zero\u200bwidth": "six",
    }  # fmt: skip
    builder = Builder(tmp_path / "hostile")
    for name in ("dev", "prod"):
        builder.write(f"web/{name}.json", json.dumps({"web": hostile, "own-" + name: 1}))
        builder.write(f"config/{name}.json", json.dumps(hostile))
    builder.commit("Start")
    repository = builder.populate()

    async def told(pilot: Pilot[Any]) -> None:
        assert len(told_matrix(pilot)["keys"]) >= 5
        for _ in range(9):
            text = shown(pilot)
            assert not {"\x1b", "\u202e", "\u200b"} & set(text)
            assert grid(pilot)[3].split()[:2] == ["KEY", ">dev"]
            await keys(pilot, "j")
        await keys(pilot, "k", "enter", "escape", "d", "=")
        assert not {"\x1b", "\u202e", "\u200b"} & set(shown(pilot))

    drive(index, "drift", told, repository=repository)
