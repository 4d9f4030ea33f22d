"""What is kept between runs: outside of repositories, and never believed blindly."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from forensics.errors import UsageProblem
from forensics.index.overview import Point
from forensics.key import state_folder
from forensics.settings.remembered import Remembered
from forensics.settings.saved_queries import SavedQueries

pytestmark = pytest.mark.usefixtures("no_user")
INDEX = "ab" * 16
POINT = Point("", 9)


def kept() -> Path:
    """The file of the index."""
    return state_folder() / "tui" / f"{INDEX}.json"


def test_what_was_kept_is_there_again() -> None:
    """A visit does not overwrite texts, nor the other way round; only the user reads it."""
    assert Remembered(INDEX).last_visit() is None
    assert Remembered(INDEX).visited(POINT)
    assert Remembered(INDEX).keep(query="state:open", columns=["state", "rule"])
    again = Remembered(INDEX)
    assert again.last_visit() == POINT
    assert again.text("query") == "state:open"
    assert again.texts("columns") == ("state", "rule")
    assert (again.text("columns"), again.texts("query")) == ("", ())
    assert stat.S_IMODE(kept().stat().st_mode) == 0o600
    assert [one.name for one in kept().parent.iterdir()] == [kept().name]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"visit": 3}', "[" * 100_000, '{"visit": {"journal": "7"}}',
     json.dumps({"visit": {**POINT._asdict(), "journal": -1}}),
     json.dumps({"visit": {**POINT._asdict(), "journal": 1 << 70}}),
     json.dumps({"visit": POINT._asdict(), "more": "x" * (1 << 20)})],
    ids=range(10),
)  # fmt: skip
def test_what_is_damaged_or_hostile_counts_as_nothing(text: str) -> None:
    """And the next visit is kept all the same."""
    kept().parent.mkdir(parents=True)
    kept().write_text(text)
    assert Remembered(INDEX).last_visit() is None
    assert Remembered(INDEX).visited(POINT)
    assert Remembered(INDEX).last_visit() == POINT


def test_as_many_queries_as_can_be_saved_are_there_again() -> None:
    """What is too much, and would not be read, is refused; what was kept before stays."""
    saved = SavedQueries(Remembered(INDEX))
    for number in range(200):
        saved.save(f"q{number}", "x" * 4000)
    assert Remembered(INDEX).visited(POINT)
    full = Remembered(INDEX)
    assert len(SavedQueries(full).all()) == 200
    assert not full.keep(query="\u00e4" * 50_000)
    assert full.text("query") == ""
    for number in range(60):
        saved.drop(f"q{number}")
    saved.save("long", "\u00e4" * 4000)
    while len(json.dumps(saved.all())) < (1 << 20) - 25_000:
        saved.save(f"long{len(saved.all())}", "\u00e4" * 4000)
    with pytest.raises(UsageProblem, match="drop queries"):
        saved.save("more", "\u00e4" * 4000)
    again = Remembered(INDEX)
    assert again.last_visit() == POINT
    assert len(SavedQueries(again).all()) >= 140


def test_links_and_pipes_are_not_followed(tmp_path: Path) -> None:
    """Neither read, nor written through."""
    kept().parent.mkdir(parents=True)
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"visit": POINT._asdict()}))
    kept().symlink_to(other)
    assert Remembered(INDEX).last_visit() is None
    assert Remembered(INDEX).keep(query="x")
    assert json.loads(other.read_text()) == {"visit": POINT._asdict()}
    kept().unlink()
    os.mkfifo(kept())
    assert Remembered(INDEX).last_visit() is None


@pytest.mark.parametrize("name", ["", "../../x", "AB" * 16, "ab" * 15])
def test_an_index_that_names_another_file_is_kept_nowhere(name: str) -> None:
    """Its id is data like any other."""
    assert not Remembered(name).keep(query="x")
    assert not (state_folder() / "tui").exists()


def test_a_folder_that_cannot_be_written_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a convenience."""
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null")
    assert not Remembered(INDEX).visited(POINT)
