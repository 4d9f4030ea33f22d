"""What stood in a slot, one value after another, also where only its name changed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from detectors.template import expand
from fixtures_repos.builder import Builder
from forensics.index.database import create_or_open
from forensics.index.lives import Lives
from forensics.lifecycle.slot_history import slot_values
from tests.lifecycle.lives import scanned_case
from tests.scan.scanning import KEY

P, Q = expand("{alnum:24}", 32), expand("{alnum:24}", 33)


def stood(path: Path, *contents: bytes) -> dict[str, list[str]]:
    """By slot, in words, what stood in it in a file of these versions."""
    builder = Builder(path / "r")
    for content in contents:
        builder.write(".env", content)
        builder.commit("Configure")
    case = scanned_case(builder.path, path / "index.db", P)
    found: dict[str, list[str]] = {}
    with closing(create_or_open(path / "index.db", KEY)) as connection:
        for one in slot_values(Lives(connection).slot_events(case.life.id)):
            value = "Q" if one.secret != case.life.secret else "P"
            found.setdefault(one.slot, []).append(value if one.secret else one.stood)
    return found


def test_a_renamed_slot_goes_on_under_its_new_name(tmp_path: Path) -> None:
    """There it is replaced later, in an order that follows ancestry."""
    assert stood(
        tmp_path,
        b"DB_PASSWORD=%s\n" % P,
        b"DATABASE_PASSWORD=%s\n" % P,
        b"DATABASE_PASSWORD=%s\n" % Q,
    ) == {
        "DATABASE_PASSWORD": ["P", "Q"],
        "DB_PASSWORD": ["P", "moved to DATABASE_PASSWORD"],
    }  # fmt: skip


def test_a_copy_within_a_file_stands_in_its_slot(tmp_path: Path) -> None:
    """Until that is cleared."""
    assert stood(
        tmp_path,
        b"DB_PASSWORD=%s\n" % P,
        b"DB_PASSWORD=%s\nB_PASSWORD=%s\n" % (P, P),
        b"DB_PASSWORD=%s\nB_PASSWORD=changeme\n" % P,
    ) == {"DB_PASSWORD": ["P"], "B_PASSWORD": ["P", "placeholder"]}
