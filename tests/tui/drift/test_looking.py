"""Drift: what is compared, what is left out, what a cell tells."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.tui.drift.driving import (
    Told,
    env,
    keys,
    of,
    row,
    shown,
    told_matrix,
)
from tests.tui.piloting import drive, grid, settled
from tui.pager import Pager


def test_a_pinned_base_marks_what_changed_since(web: Told) -> None:
    """Pinned once more at the same commit it is gone."""

    async def told(pilot: Pilot[Any]) -> None:
        await keys(pilot, "<", "=")
        assert "base: " in grid(pilot)[1]
        assert "+" not in "".join(row(pilot, "WORKERS"))
        await keys(pilot, ">")
        assert row(pilot, "WORKERS")[:3] == ["A", "A", "B+"]
        assert row(pilot, "LOG_FORMAT")[:3] == ["A", "A", "A"]
        assert row(pilot, "FLAGS")[:3] == ["A+", "A+", "A+"]
        assert row(pilot, "DEPTH")[:2] == ["A+", "A+"]
        assert "changed since the base" in shown(pilot)
        await keys(pilot, "<", "=", ">")
        assert "+" not in "".join(row(pilot, "WORKERS"))

    drive(web.database, "drift", told, repository=web.path)


def test_only_drift_and_a_filter_leave_out_the_rest(web: Told) -> None:
    """Both say so, and both can be taken back."""

    async def told(pilot: Pilot[Any]) -> None:
        assert "6 keys" in grid(pilot)[0]
        await keys(pilot, "d")
        assert "1 of 6 keys" in grid(pilot)[0]
        assert row(pilot, "PREFIX")[:3] == ["A", "A", "-"]
        assert "LOG_FORMAT" not in shown(pilot)
        await keys(pilot, "<")
        assert "No drift here" in shown(pilot)
        await keys(pilot, ">", "d", "slash", *"*LOG*, PRE*", "enter")
        assert "2 of 6 keys" in grid(pilot)[0]
        await keys(pilot, "slash", *"ZZZ", "enter")
        assert "No key is like that" in shown(pilot)
        await keys(pilot, "escape")
        assert "6 keys" in grid(pilot)[0]

    drive(web.database, "drift", told, repository=web.path)


def test_a_cell_tells_of_itself_and_of_its_past(web: Told) -> None:
    """State, class, file and line, layer, since when, by whom, and never a value."""

    async def told(pilot: Pilot[Any]) -> None:
        await keys(pilot, "slash", *"WORKERS", "enter", "l", "right")
        detail = shown(pilot)
        assert "WORKERS in prod: value, class B" in detail
        assert "web/.env.prod:2  layer environment" in detail
        assert f"so since {web.commits['workers'][:7]}" in detail
        await keys(pilot, "enter")
        assert isinstance(pilot.app.screen, Pager)
        past = grid(pilot)
        assert re.search(rf"{web.commits['workers'][:7]} .* v1 -> v2 ", past[1])
        assert re.search(rf"{web.commits['start'][:7]} .* - -> v1 ", past[2])
        assert not {"prefork", "thread"} & set(re.findall(r"\w+", detail + "\n".join(past)))

    drive(web.database, "drift", told, repository=web.path)


def test_one_environment_is_a_column(tmp_path: Path, index: Path) -> None:
    """It can lack nothing."""
    repository = of(tmp_path / "one", prod=env(A="one", B="two"))

    async def told(pilot: Pilot[Any]) -> None:
        found = told_matrix(pilot) if getattr(pilot.app.screen, "_view", None) else None
        if found is None:
            assert "Nothing in this repository" in shown(pilot)
        else:
            assert found["environments"] == ["prod"]

    drive(index, "drift", told, repository=repository)


def test_a_screen_that_was_another_size_is_drawn_as_if_it_was_not(
    tmp_path: Path, index: Path
) -> None:
    """Columns fit beside the detail, which is below them where it is narrow."""
    named = {name: env(**{"LONG_" * 9 + "NAME": "x"}) for name in ("dev", "staging", "prod")}
    repository = of(tmp_path / "long", **named)

    async def told(pilot: Pilot[Any]) -> None:
        before = grid(pilot)
        assert before[3].split()[:4] == ["KEY", ">dev", "staging", "prod"]
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        await pilot.resize_terminal(120, 40)
        await settled(pilot)
        assert grid(pilot) == before

    drive(index, "drift", told, repository=repository, size=(120, 40))
