"""What each screen looks like: kept as pictures, which docs/ shows, and as text."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from fixtures_repos.acme import build
from forensics.errors import IndexRefused
from forensics.index.database import Connection, in_memory
from forensics.key import Key
from tests.tui.acme import Acme, decided, scanned
from tests.tui.pictures import GRIDS, PICTURES, same_grid, same_picture, svg
from tests.tui.piloting import comes, drive, grid, settled, until
from tui.dialogs import AskFields
from tui.help import Keys
from tui.pager import Pager
from tui.picking import Pick
from tui.revealed import Revealed

ROOT = Path(__file__).parents[2]
WORDS = {
    "overview": ("2024-12-02 00:00", "longer ago", "2023-03", "deleted-not-rotated"),
    "triage": ("stripe.live-secret", "masked: V reveals", "exposed for"),
    "rotation": ("DETECTED 7", "643 days"),
    "drift": ("DATABASE_POOL in dev", "f7f8db9"),
    "audit": ("scan-finished", "before: open"),
}
"""By screen, what it shows once all of it is there."""


class Shot(NamedTuple):
    """A screen of which something is kept."""

    mode: str
    size: tuple[int, int] = (80, 24)
    keys: tuple[str, ...] = ()
    front: type[Screen[Any]] | None = None
    """What the keys bring in front."""
    theme: str = "dark"


SMALL, MIDDLE, WIDE, LARGE = (80, 24), (120, 40), (160, 50), (200, 60)
DRAWN = {
    **{mode: Shot(mode) for mode in WORDS},
    "triage-wide": Shot("triage", WIDE),
    "drift-wide": Shot("drift", WIDE),
    "light": Shot("triage", theme="light"),
}
WRITTEN = {
    **{f"{mode}-middle": Shot(mode, MIDDLE) for mode in WORDS},
    **{f"{mode}-large": Shot(mode, LARGE) for mode in WORDS},
    "accepting": Shot("triage", keys=("w",), front=AskFields),
    "file": Shot("triage", keys=("o",), front=Pager),
    "keys": Shot("triage", keys=("question_mark",), front=Keys),
    "sorting": Shot("triage", keys=("s",), front=Pick),
    "conversation": Shot("audit", keys=("enter",), front=Pager),
    "cell": Shot("drift", keys=("enter",), front=Pager),
}
OTHERS = ("empty", "error", "no-color", "reveal")


@pytest.fixture
def acme(told_once: Path, tmp_path: Path, key: Key, monkeypatch: pytest.MonkeyPatch) -> Acme:
    """The example repository, scanned, some of its secrets decided about."""
    assert key
    monkeypatch.setenv("FORENSICS_ACTOR", "ada@acme.example")
    monkeypatch.delenv("NO_COLOR", raising=False)
    place = told_once / "acme-decided"
    if not (place / "acme.db").exists():
        built = told_once / "acme"
        if not built.exists():
            build(built)
        shutil.copytree(built, place / "acme", symlinks=True)
        decided(scanned(place / "acme", place / "acme.db"))
    return Acme(place / "acme", Path(shutil.copy(place / "acme.db", tmp_path)))


async def shows(pilot: Pilot[Any], *words: str) -> None:
    """Wait until all these are on the screen, and nothing is being read."""
    await settled(pilot)
    await until(pilot, lambda: _has(pilot, words), f"all of {', '.join(words)}")
    await pilot.pause()


def _has(pilot: Pilot[Any], words: tuple[str, ...]) -> bool:
    text = "\n".join(grid(pilot))
    return all(one in text for one in words) and "reading what is new" not in text


async def goes_to(pilot: Pilot[Any], shot: Shot) -> None:
    """Wait for the screen, press its keys."""
    await shows(pilot, *WORDS[shot.mode])
    await pilot.press(*shot.keys)
    if shot.front is not None:
        await comes(pilot, shot.front)


@pytest.mark.parametrize("name", DRAWN)
def test_a_screen_looks_as_its_picture(acme: Acme, name: str) -> None:
    """To the last cell and colour."""
    shot = DRAWN[name]

    async def look(pilot: Pilot[Any]) -> None:
        await goes_to(pilot, shot)
        same_picture(pilot, name)

    drive(
        acme.index, shot.mode, look, size=shot.size, theme=f"forensics-{shot.theme}",
        repository=acme.repository,
    )  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_a_screen_says_what_is_kept_of_it(acme: Acme, name: str) -> None:
    """To the last character."""
    shot = WRITTEN[name]

    async def look(pilot: Pilot[Any]) -> None:
        await goes_to(pilot, shot)
        same_grid(pilot, name)

    drive(acme.index, shot.mode, look, size=shot.size, repository=acme.repository)


def test_no_index_looks_as_its_picture(acme: Acme, tmp_path: Path, key: Key) -> None:
    """It offers a scan."""

    async def look(pilot: Pilot[Any]) -> None:
        await shows(pilot, "No scan yet", "not recorded", "no commit ever", "verified")
        same_picture(pilot, "empty")

    drive(
        tmp_path / "none.db", "overview", look, repository=acme.repository,
        connect=lambda: in_memory(key),
    )  # fmt: skip


def test_an_index_that_cannot_be_read_looks_as_its_picture(acme: Acme) -> None:
    """The error stands in place, with what tries again."""

    def refused() -> Connection:
        raise IndexRefused("acme.db is being repaired")

    async def look(pilot: Pilot[Any]) -> None:
        await shows(
            pilot, "! not read: F5 tries again", "EXPOSURE  ! not read", "is being repaired"
        )
        same_picture(pilot, "error")

    drive(acme.index, "overview", look, connect=refused)


def test_without_colours_it_looks_as_its_picture(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shades of grey, and a word or sign for all that a colour says."""
    monkeypatch.setenv("NO_COLOR", "1")

    async def look(pilot: Pilot[Any]) -> None:
        await goes_to(pilot, Shot("triage"))
        drawn = {*re.findall(r'fill(?:: |=")(#\w{6})', svg(pilot))}
        frame = {"#ff5f57", "#febc2e", "#28c840", "#c5c8c6"}
        assert {one for one in drawn - frame if not one[1:3] == one[3:5] == one[5:7]} == set()
        same_picture(pilot, "no-color")

    drive(acme.index, "triage", look, repository=acme.repository)


def test_a_revealed_value_looks_as_its_picture(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    """In which other characters stand in its place."""
    monkeypatch.setattr(Revealed, "_second", lambda _: None)  # no second passes

    async def look(pilot: Pilot[Any]) -> None:
        await goes_to(pilot, Shot("triage", keys=("V",), front=Revealed))
        front = pilot.app.screen
        assert isinstance(front, Revealed)
        same_picture(pilot, "reveal", str(front.query_one("#value", Static).render()))

    drive(acme.index, "triage", look, repository=acme.repository)


def test_nothing_is_kept_that_nobody_compares() -> None:
    """Neither a picture nor a text, and there is one of each that is compared."""
    drawn = {*DRAWN, *OTHERS}
    assert {one.stem for one in PICTURES.iterdir()} == drawn
    assert {one.stem for one in GRIDS.iterdir()} == drawn | {*WRITTEN}


@pytest.mark.parametrize("name", sorted({*DRAWN, *OTHERS}))
def test_a_picture_needs_nothing_from_elsewhere(name: str) -> None:
    """So that it is shown the same on a page that lets images load nothing."""
    text = (PICTURES / f"{name}.svg").read_text("utf-8")
    for word in ("<script", "@import", "@font-face", "href", "<foreignObject", "<image"):
        assert word not in text
    assert {*re.findall(r"url\((.)", text)} <= {"#"}
