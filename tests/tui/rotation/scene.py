"""What tests of the Rotation screen do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from forensics.index.database import create_or_open
from forensics.index.triage import Decision, Triage
from forensics.key import Key
from tests.tui.piloting import said

__all__ = ["SECRETS", "here", "says", "screen", "somebody_decides", "stage"]


SECRETS = 60


def somebody_decides(index: Path, key: Key, secret: str, said: Decision) -> None:
    """In another process, as far as the screen can tell."""
    with closing(create_or_open(index, key)) as database:
        Triage(database, key).decide_all([(secret, said)])


def screen(pilot: Pilot[Any]) -> Any:
    """The screen in front."""
    return pilot.app.screen


def here(pilot: Pilot[Any]) -> str:
    """The current secret."""
    return str(screen(pilot)._current())


def stage(pilot: Pilot[Any], secret: str) -> str:
    """Of a secret, as the screen has it."""
    return str(next(one.stage for one in screen(pilot)._rows if one.secret == secret))


def says(pilot: Pilot[Any], text: str) -> Callable[[], bool]:
    """Whether the last line says so."""
    return lambda: text in said(pilot)
