"""Drift: an index that cannot be read stands in place, and is read again when asked to."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from forensics.errors import IndexReadFailed
from tests.tui.drift.driving import Told, keys, row, shown
from tests.tui.piloting import drive, grid, said, settled
from tui.asking import Asking


class Failing:
    """Questions of one topic fail while this is on."""

    def __init__(self, patch: pytest.MonkeyPatch, topic: str) -> None:
        self.on = True
        ask = Asking.ask

        async def asked(asking: Asking, what: str, question: Any) -> Any:
            if self.on and what == topic:
                raise IndexReadFailed("the index cannot be read: disk I/O error")
            return await ask(asking, what, question)

        patch.setattr(Asking, "ask", asked)


@pytest.mark.parametrize(
    ("topic", "pressed"),
    [
        ("drift view", "["),
        ("drift detail", "j"),
        ("drift history", "enter"),
        ("drift components", "c"),
        ("drift jump", "@"),
    ],
)
def test_a_question_that_fails_is_said_in_place(
    web: Told, monkeypatch: pytest.MonkeyPatch, topic: str, pressed: str
) -> None:
    """With the key that tries again, which does."""

    async def told(pilot: Pilot[Any]) -> None:
        failing = Failing(monkeypatch, topic)
        await keys(pilot, pressed, *(("x", "enter") if pressed == "@" else ()))
        assert "disk I/O error; F5 tries again" in " ".join(shown(pilot).split())
        failing.on = False
        await keys(pilot, "f5")
        assert "disk I/O error" not in shown(pilot)
        assert row(pilot, "DEPTH")[:2] == ["A", "A"]

    drive(web.database, "drift", told, repository=web.path)


def test_a_step_that_cannot_be_read_leaves_none_of_the_one_before(
    web: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slider would stand at one, and the matrix be of another."""

    async def told(pilot: Pilot[Any]) -> None:
        Failing(monkeypatch, "drift view")
        await keys(pilot, "<")
        assert "LOG_FORMAT" not in shown(pilot)
        assert "not read" in grid(pilot)[0]
        assert "| 1 of 6" in grid(pilot)[1]
        await keys(pilot, "w")
        assert "no key is chosen" in said(pilot)
        await keys(pilot, "enter", "l", "d", "=", "escape")
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert "disk I/O error" in shown(pilot)

    drive(web.database, "drift", told, repository=web.path, size=(120, 30))


def test_what_cannot_be_read_at_the_start_can_be_read_later(
    web: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which components there are comes before all else."""
    failing = Failing(monkeypatch, "drift components")

    async def told(pilot: Pilot[Any]) -> None:
        assert "disk I/O error; F5 tries again" in " ".join(shown(pilot).split())
        failing.on = False
        await keys(pilot, "r")
        assert "6 keys" in grid(pilot)[0]

    drive(web.database, "drift", told, repository=web.path)
