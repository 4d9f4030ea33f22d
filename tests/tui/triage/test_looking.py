"""Triage: diffs, files, excerpts and names, all of them without a value."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import setting, token
from forensics.errors import IndexReadFailed
from forensics.key import Key
from tests.cli.command import forensics
from tests.tui.piloting import comes, drive, grid, said, settled, until
from tests.tui.triage.scene import VALUE, asks, here, only, reads, screen, seen
from tests.tui.triage_history import Told
from tui.asking import Asking
from tui.pager import Pager
from tui.revealed import Revealed


def test_the_diff_of_an_event_masks_every_value(told: Told) -> None:
    """Also the old one, in the message of the commit that replaced it; the two are told apart."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, only(told))
        await pilot.press("plus")
        await pilot.pause()
        events = [
            at for at, one in enumerate(screen(pilot).detail.lines)
            if "replaced" in one.text.plain and one.target is not None
        ]  # fmt: skip
        await pilot.press(*"j" * events[0], "enter")
        pager = await comes(pilot, Pager)
        assert isinstance(pager, Pager)
        lines = [one.plain for one in pager._lines.lines]
        assert f"-token: ****#{told.name(1)[:8]}" in lines
        assert f"+token: ****#{told.name(2)[:8]}" in lines
        assert f"The old one was ****#{told.name(1)[:8]}." in lines
        assert not {VALUE, token(2).decode()} & {word for one in lines for word in one.split()}

    drive(told.index, "triage", look)
    assert "revealed" not in [one.kind for one in told.journal()]


def test_a_file_opens_with_every_secret_masked(told: Told) -> None:
    """All sixty of them; the line of the current one is in view."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, f"fp:{told.name(69)[:16]}")
        await pilot.press("o")
        await comes(pilot, Pager)
        await pilot.pause()
        assert any(f"GITHUB_TOKEN=****#{told.name(69)[:8]}" in line for line in grid(pilot))
        await pilot.press("g")
        assert any(f"GITHUB_TOKEN=****#{told.name(10)[:8]}" in line for line in grid(pilot))

    drive(told.index, "triage", look)


def test_no_pack_is_looked_into_here(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a file, a diff or a value: the tables of large ones take a hundred megabytes."""

    def looked_into(_: Path) -> list[Path]:
        raise AssertionError

    monkeypatch.setattr("forensics.git.plan.list_packs", looked_into)

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, only(told))
        await pilot.press("o")
        await comes(pilot, Pager)
        await pilot.press("escape", "V")
        shown = await comes(pilot, Revealed)
        assert VALUE in "\n".join(grid(pilot))
        await pilot.press("escape", "plus")
        await until(pilot, lambda: not shown.is_attached, "the value goes")
        detail = screen(pilot).detail
        events = [
            at for at, one in enumerate(detail.lines)
            if "replaced" in one.text.plain and one.target is not None
        ]  # fmt: skip
        await pilot.press(*"j" * events[0], "enter")
        await comes(pilot, Pager)

    drive(told.index, "triage", look)


def test_names_and_places_go_to_the_clipboard(told: Told) -> None:
    """The fingerprint; repository@commit:path:line."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, f"fp:{told.name(2)[:16]}")
        await pilot.press("y")
        assert pilot.app.clipboard == told.name(2)
        await pilot.press("Y")
        await settled(pilot)
        repository, _, place = pilot.app.clipboard.partition("@")
        assert repository.endswith("/parcels")
        assert place[40:] == ":deploy/prod.yaml:2"

    drive(told.index, "triage", look)


def test_the_current_line_of_the_detail_has_a_mark(told: Told) -> None:
    """Its colour is not all that tells it."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, only(told))

        def marked() -> list[int]:
            return [at for at, line in enumerate(grid(pilot)) if "<" in line[76:]]

        assert not marked()
        await pilot.press("tab")
        await until(pilot, lambda: len(marked()) == 1)
        (first,) = marked()
        await pilot.press("j")
        await until(pilot, lambda: marked() == [first + 1])

    drive(told.index, "triage", look)


def test_of_a_very_long_line_the_part_around_the_secret_is_shown(tmp_path: Path, key: Key) -> None:
    """Masked as any; where its repository is not at hand, that is said instead."""
    builder = Builder(tmp_path / "r")
    builder.write("a.env", b"x" * 300_000 + b" TOKEN=" + token(3) + b" " + b"y" * 300_000)
    builder.commit("Long")
    builder.populate()
    index = tmp_path / "index.db"
    forensics("scan", builder.path, "--index", index)

    async def there(pilot: Pilot[Any]) -> None:
        await reads(pilot, "xxx TOKEN=****")
        assert token(3).decode() not in seen(pilot)
        assert not any("not at hand" in line for line in grid(pilot))

    drive(index, "triage", there)


@pytest.mark.parametrize("topic", ["triage match", "triage place"])
def test_what_cannot_be_read_for_a_key_is_said(
    told: Told, monkeypatch: pytest.MonkeyPatch, topic: str
) -> None:
    """And all goes on, with the list as it is."""
    ask = Asking.ask

    async def failing(asking: Asking, what: str, question: Any) -> Any:
        if what == topic:
            raise IndexReadFailed("the index cannot be read: disk I/O error")
        return await ask(asking, what, question)

    monkeypatch.setattr(Asking, "ask", failing)

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, "rule:*")
        await pilot.press(*(["n", *"x", "enter"] if topic == "triage match" else ["Y"]))
        await settled(pilot)
        assert "disk I/O error; F5 tries again" in said(pilot)
        assert "copied" not in said(pilot)
        assert here(pilot)

    drive(told.index, "triage", look)


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
def test_enter_opens_the_current_secret(told: Told, size: tuple[int, int]) -> None:
    """Nothing but what is known of it, to go through; Escape goes back to the row."""

    async def look(pilot: Pilot[Any]) -> None:
        await pilot.press("j", "enter")
        await settled(pilot)
        current = here(pilot)
        assert not screen(pilot).table.display
        assert screen(pilot).detail.has_focus
        assert f"#{current[:8]}" in grid(pilot)[2]
        await pilot.press("j", "j")
        assert screen(pilot).detail.cursor == 2
        await pilot.press("escape")
        await settled(pilot)
        assert screen(pilot).table.has_focus
        assert screen(pilot).detail.display
        assert here(pilot) == current

    drive(told.index, "triage", look, size=size)


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 40)])
def test_what_the_detail_has_no_room_for_is_cut_where_it_is_seen(
    tmp_path: Path, key: Key, size: tuple[int, int]
) -> None:
    """The head ends with a whole day, or a mark; of a path the file's name and the line stay."""
    builder = Builder(tmp_path / "r")
    folders = b"/".join([b"folder"] * 30)
    builder.write(folders + b"/server-localhost.pem", b"x\n" * 8 + b"TOKEN=" + token(3) + b"\n")
    builder.commit("Start")
    builder.wait(days=900)
    builder.write(folders + b"/server-localhost.pem", b"x\n")
    builder.commit("Away")
    builder.populate()
    index = tmp_path / "index.db"
    forensics("scan", builder.path, "--index", index)
    assert key

    async def look(pilot: Pilot[Any]) -> None:
        await reads(pilot, "masked: V reveals")
        lines = [line for line in grid(pilot) if "── #" in line]
        assert len(lines) == 1
        assert re.search(r"…$|(\.\.|last )\d{4}-\d\d-\d\d( |$)", lines[0])
        place = next(line for line in grid(pilot) if "masked: V reveals" in line)
        assert "…" in place
        assert "host.pem:9  masked" in place

    drive(index, "triage", look, size=size)


def test_pieces_of_secrets_of_other_files_are_masked_around_one(tmp_path: Path, key: Key) -> None:
    """Beside it and in the pager, where no rule sees them."""
    one, other = token(3), token(4)
    builder = Builder(tmp_path / "r")
    builder.write("a.env", setting(one))
    builder.write("b.js", b"// %s, '%s' + '%s'\n" % (other, one[:15], one[15:]))
    builder.commit("Both")
    builder.populate()
    index = tmp_path / "index.db"
    forensics("scan", builder.path, "--index", index)
    mask = f"****#{key.fingerprint(one).hex()[:8]}"

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, f"fp:{key.fingerprint(other).hex()[:16]}")
        pieces = f", '{mask}~1-15' + '{mask}~16-40'"
        await reads(pilot, pieces)
        await pilot.press("o")
        await comes(pilot, Pager)
        await reads(pilot, pieces)

    drive(index, "triage", look)
