"""Drift: going through history by steps, changes, dates and refs."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fixtures_repos.stories.drift import DRIFT_STORIES
from tests.tui.drift.driving import (
    Told,
    asked,
    at,
    commit_shown,
    keys,
    same,
    shown,
    told_matrix,
)
from tests.tui.piloting import comes, drive, grid, said, settled
from tui.screens.drift.choosing import ChooseSet


def test_each_step_is_what_the_command_line_tells(web: Told) -> None:
    """Forth and back again, over all of history."""
    names = ["start", "flags", "released", "api", "workers", "prefix"]
    expected = {name: at(web, web.commits[name]) for name in names}

    async def told(pilot: Pilot[Any]) -> None:
        await keys(pilot, "<")
        for name in names:
            assert commit_shown(pilot) == web.commits[name][:7]
            assert same(told_matrix(pilot), expected[name])
            await keys(pilot, "}")
        for name in reversed(names):
            assert same(told_matrix(pilot), expected[name])
            await keys(pilot, "{")

    drive(web.database, "drift", told, repository=web.path)


@pytest.mark.parametrize("name", ["folder_renamed_while_missing", "unparsable_while_missing"])
def test_moved_and_broken_files_are_followed(name: str, tmp_path: Path, index: Path) -> None:
    """A set that went on under another name, a file that did not parse."""
    story = DRIFT_STORIES[name](tmp_path / name)
    matrices = []

    async def told(pilot: Pilot[Any]) -> None:
        screen: Any = pilot.app.screen
        await keys(pilot, "<")
        for _ in screen._browsed.past.line.steps:
            matrices.append(told_matrix(pilot))
            await keys(pilot, "}")

    drive(index, "drift", told, repository=story.path)
    assert len(matrices) > 2
    for found in matrices:
        assert same(found, at(Told(story.path, index, {}), found["commit"]))


def test_the_slider_has_ends(web: Told) -> None:
    """Beyond them nothing happens, and that is said."""

    async def told(pilot: Pilot[Any]) -> None:
        assert "| now" in grid(pilot)[1]
        for key, what in (
            ("}", "last commit"),
            ("]", "nothing changed after"),
            (">", "last commit"),
        ):
            await keys(pilot, key)
            assert what in said(pilot)
            assert commit_shown(pilot) == web.commits["prefix"][:7]
        await keys(pilot, "<")
        assert "1 of 6" in grid(pilot)[1]
        for key, what in (("{", "first commit"), ("[", "nothing changed before")):
            await keys(pilot, key)
            assert what in said(pilot)
            assert commit_shown(pilot) == web.commits["start"][:7]

    drive(web.database, "drift", told, repository=web.path)


def test_the_next_change_is_of_the_component_that_is_shown(web: Told) -> None:
    """Commits that only change others are passed over."""

    async def told(pilot: Pilot[Any]) -> None:
        assert "-- web --" in shown(pilot)
        assert "-- api --" in shown(pilot)
        assert "one component" not in shown(pilot)
        await pilot.press("c")
        await comes(pilot, ChooseSet)
        await pilot.press(*"web", "enter")
        await settled(pilot)
        assert "-- api --" not in shown(pilot)
        assert "one component: c shows others" in shown(pilot)
        visited = []
        for _ in range(4):
            await keys(pilot, "[")
            visited.append(commit_shown(pilot))
        assert visited == [
            web.commits[one][:7] for one in ("workers", "released", "flags", "start")
        ]
        await keys(pilot, "]", "}", "}")
        assert commit_shown(pilot) == web.commits["api"][:7]

    drive(web.database, "drift", told, repository=web.path)


def test_jumps_go_to_dates_refs_and_commits(web: Told) -> None:
    """What means none is said, and nothing moves."""
    subprocess.run(["git", "-C", web.path, "tag", "v1", web.commits["released"]], check=True)

    async def told(pilot: Pilot[Any]) -> None:
        for text, name in (
            ("v1", "released"), (web.commits["api"], "api"), ("HEAD~1", "prefix"),
            ("v1~1", "flags"), ("2999-01-01", "prefix"),
        ):  # fmt: skip
            await asked(pilot, text)
            assert commit_shown(pilot) == web.commits[name][:7], text
        day = re.search(r" T (\S+) ", grid(pilot)[1])
        await keys(pilot, "<")
        assert day
        await asked(pilot, day[1])
        assert commit_shown(pilot) == web.commits["prefix"][:7]
        for bad in ("no-such-name", "2024-99-99", ""):
            await asked(pilot, bad)
            assert commit_shown(pilot) == web.commits["prefix"][:7]
            assert any(one in said(pilot) for one in ("write", "name a", "names no commit"))

    drive(web.database, "drift", told, repository=web.path)
