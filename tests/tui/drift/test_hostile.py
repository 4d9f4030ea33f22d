"""Drift: many environments, and names that want to do harm."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import Input

from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import token
from tests.tui.drift.driving import env, keys, of, shown, told_matrix
from tests.tui.piloting import comes, drive, grid
from tui.pager import Pager
from tui.screens.drift.accepting import Accept
from tui.screens.drift.choosing import ChooseSet


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


HOSTILE = [
    "[bold red]x[/]",
    "a\u202eb",
    "w\u6f22" * 40,
    "\x1b[2Jz",
    "zero\u200bwidth",
    "k" * 10_000,
]
BAD = {"\x1b", "\u202e", "\u200b"}


def test_hostile_paths_and_names_stay_inert_everywhere(tmp_path: Path, index: Path) -> None:
    """In the matrix, the detail, the history, the choice of a component and the dialog, at every
    size: thousands of characters, bytes that are no text, markup, escapes, what turns around."""
    builder = Builder(tmp_path / "hostile")
    long = "/".join(["d" * 200] * 15)
    folders = ["[bold red]x[/]", "a\u202eb", "\x1b[2Jz", long]
    for folder in [*(one.encode() for one in folders), b"un\xff\xfedecodable"]:
        for name in ("dev", "staging", "prod"):
            values = {f"{key}{number}": name for number, key in enumerate(HOSTILE)}
            values |= {"same": "json"} | ({"only": "x"} if name == "dev" else {})
            builder.write(folder + f"/{name}.json".encode(), json.dumps(values))
    builder.commit("Start\x1b[2J \u202e [bold]")
    repository = builder.populate()

    async def told(pilot: Pilot[Any]) -> None:
        width = pilot.app.size.width

        def inert() -> None:
            lines = grid(pilot)
            assert not BAD & set("".join(lines))
            assert all(cell_len(line) <= width for line in lines)

        inert()
        assert len(told_matrix(pilot)["keys"]) >= 5 * len(HOSTILE)
        for key in ("G", "l", "g", "j", "j", "d", "=", "]", "["):
            await keys(pilot, key)
            inert()
        await keys(pilot, "d", "enter")
        inert()
        await keys(pilot, "escape")
        await pilot.press("c")
        await comes(pilot, ChooseSet)
        inert()
        await keys(pilot, *"decod", "enter")
        inert()
        assert "\\xff" in shown(pilot)
        await keys(pilot, "j", "j")
        await pilot.press("w")
        await comes(pilot, Accept)
        inert()
        await keys(pilot, "escape", "question_mark")
        inert()

    for size in ((80, 24), (160, 50)):
        drive(index, "drift", told, repository=repository, size=size)


def test_thousands_of_keys_in_forty_environments_are_gone_through(
    tmp_path: Path, index: Path
) -> None:
    """To the last key of the last environment and back, key and environment always in sight."""
    builder = Builder(tmp_path / "large")
    names = [f"prod-{number:02}" for number in range(40)]
    for name in names:
        values = {f"service.{number:04}.replicas": number for number in range(2000)}
        builder.write(f"env/{name}/app.json", json.dumps(values | {"own": name}))
    builder.commit("Start")
    repository = builder.populate()

    async def told(pilot: Pilot[Any]) -> None:
        assert "2,001 keys" in grid(pilot)[0]
        await keys(pilot, "G", *["l"] * 39)
        assert ">prod-39" in grid(pilot)[3]
        assert "service.1999.replicas" in shown(pilot)
        assert "of 40" in grid(pilot)[-2]
        await keys(pilot, "g", *["h"] * 39)
        assert ">prod-00" in grid(pilot)[3]
        assert all(len(line) <= 80 for line in grid(pilot))

    drive(index, "drift", told, repository=repository)


def test_long_keys_are_told_apart(tmp_path: Path, index: Path) -> None:
    """On a narrow screen their ends stay, and the reason gives way to them."""
    repository = of(
        tmp_path / "long",
        dev="".join(f"{one}=x\n" for one in ("A" * 60 + "_IMAGE", "A" * 60 + "_PORT")),
        prod="".join(f"{one}=x\n" for one in ("A" * 60 + "_IMAGE", "A" * 60 + "_PORT")),
    )

    async def told(pilot: Pilot[Any]) -> None:
        assert "A_IMAGE" in shown(pilot)
        assert "A_PORT" in shown(pilot)
        assert "WHY" not in grid(pilot)[3]

    drive(index, "drift", told, repository=repository)


def test_why_it_differs_is_said_beside_long_keys_and_paths(tmp_path: Path, index: Path) -> None:
    """Where there is no room for a column of reasons; and the number of keys is said however long
    the name of the index."""
    builder = Builder(tmp_path / "long")
    for name in ("dev", "prod"):
        only = {"k" * 60: "x"} if name == "dev" else {}
        builder.write(f"{'d' * 90}/{'e' * 90}/{name}.json", json.dumps({"same": "json"} | only))
    builder.commit("Start")
    repository = builder.populate()
    named = index.rename(index.with_name("n" * 90 + ".db"))

    async def told(pilot: Pilot[Any]) -> None:
        assert "why: missing in prod" in shown(pilot)
        assert grid(pilot)[0].endswith("n.db  2 keys")
        assert grid(pilot)[0].startswith(" 1Over 2Triage 3Rotate 4[DRIFT] 5Audit …n")

    drive(named, "drift", told, repository=repository)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_a_key_longer_than_any_screen_leaves_room_for_the_reason(
    tmp_path: Path, index: Path, size: tuple[int, int]
) -> None:
    """And for what else there is to say of it; its past is told under its start and its end."""
    long = "start_" + "k" * 9000
    builder = Builder(tmp_path / "long")
    builder.write("config/dev.json", json.dumps({"mode": "x", long: "one"}))
    builder.write("config/prod.json", json.dumps({"mode": "x", "other": "y"}))
    builder.commit("Start")
    repository = builder.populate()

    async def told(pilot: Pilot[Any]) -> None:
        assert "WHY" in grid(pilot)[3]
        await keys(pilot, "l", "h")
        while (
            line := next(one for one in grid(pilot) if one.startswith(">"))
        ) and "kk" not in line:
            await keys(pilot, "j")
        assert "…k" in line
        assert "missing in prod" in line.partition("│")[0]
        assert "class A" in " ".join(shown(pilot).split())
        await pilot.press("enter")
        await comes(pilot, Pager)
        assert re.fullmatch(r"start_k+…k+ in dev", grid(pilot)[0])

    drive(index, "drift", told, repository=repository, size=size)


def test_secrets_in_names_are_masked_where_nothing_can_be_told(tmp_path: Path, index: Path) -> None:
    """Neither is anything of a name that does not print shown as it is."""
    folder = b"cfg-\x1b[31m\xe2\x80\xae-" + token(9)
    builder = Builder(tmp_path / "broken")
    for name in ("dev", "prod"):
        builder.write(folder + f"/{name}.json".encode(), b"{broken")
    builder.commit("Start")
    repository = builder.populate()

    async def told(pilot: Pilot[Any]) -> None:
        text = "\n".join(grid(pilot))
        assert "do not parse" in text
        assert not BAD & set(text.replace("\n", ""))
        assert token(9).decode() not in text.replace("\n", "").replace(" ", "")

    drive(index, "drift", told, repository=repository)


def test_a_set_with_a_secret_in_its_name_is_accepted_by_a_glob(tmp_path: Path, index: Path) -> None:
    """The dialog offers no secret, and what it offers means the set."""
    folder = "cfg-" + token(9).decode()
    builder = Builder(tmp_path / "named")
    builder.write(f"{folder}/dev.json", json.dumps({"a": 1, "b": 2}))
    builder.write(f"{folder}/prod.json", json.dumps({"a": 1}))
    builder.commit("Start")
    repository = builder.populate()

    async def told(pilot: Pilot[Any]) -> None:
        await keys(pilot, "d")
        await pilot.press("w")
        dialog = await comes(pilot, Accept)
        offered = [one.value for one in dialog.query(Input)]
        assert not any(token(9).decode() in one for one in offered)
        assert any(fnmatchcase(folder, one) for one in offered if one.startswith("cfg"))

    drive(index, "drift", told, repository=repository)
