"""`retry`: what could not be read waits, is tried again, and can be acknowledged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fixtures_repos import damage, layouts
from fixtures_repos.builder import Builder
from tests.cli.command import figure, forensics
from tests.cli.test_damage import _history
from tests.scan.test_decoding import locked

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A repository without a secret, an object of which cannot be read; scanned."""
    path = _history(tmp_path / "r", leak=False)
    damage.flip_byte(path, lambda entry: entry.base is not None)
    assert forensics("scan", path).code == 3
    return path


def listed(path: Path) -> list[str]:
    done = forensics("retry", path, "--list")
    assert done.code == 0
    return done.out.splitlines()


def kinds(path: Path) -> list[str]:
    return [one["kind"] for one in forensics("log", path, "-f", "jsonl").lines]


def test_what_could_not_be_read_is_listed_with_its_story(damaged: Path) -> None:
    """State, attempts, since when, and why."""
    before = listed(damaged)
    assert before
    assert all(line.startswith("waiting      1 try") for line in before)
    forensics("scan", damaged)
    assert all(line.startswith("waiting      2 tries") for line in listed(damaged))
    assert kinds(damaged).count("quarantined") == len({line.split("  ")[-1] for line in before})


def test_what_is_acknowledged_no_longer_makes_the_scan_incomplete(damaged: Path) -> None:
    """It goes on being counted, tried and listed."""
    count = len(listed(damaged))
    done = forensics("retry", damaged, "--acknowledge")
    assert (done.code, done.error()) == (0, f"acknowledged {count} of {count}")
    scan = forensics("scan", damaged)
    assert (scan.code, figure(scan, "skipped")) == (0, f"{count} ({count} acknowledged)")
    assert forensics("findings", damaged).code == 0
    assert all(line.startswith("acknowledged 2 tries") for line in listed(damaged))
    assert "acknowledged" in kinds(damaged)
    assert "0 of" in forensics("retry", damaged, "--acknowledge").error()


def test_only_the_object_named_is_acknowledged(damaged: Path) -> None:
    """By the start of its id; the rest still makes exit code 3."""
    names = [line.split()[-1 - len(line.split("  ")[-1].split())] for line in listed(damaged)]
    forensics("retry", damaged, "--acknowledge", "--object", names[0][:12])
    states = [line.split()[0] for line in listed(damaged)]
    assert states.count("acknowledged") == 1
    assert forensics("findings", damaged).code == (3 if len(names) > 1 else 0)
    missed = forensics("retry", damaged, "--acknowledge", "--object", "ff" * 20)
    assert missed.code == 2
    assert "has such an id" in missed.error()
    assert [line.split()[0] for line in listed(damaged)] == states


def test_a_forged_acknowledgement_counts_for_nothing(damaged: Path) -> None:
    """It takes the key to say that something need not be read."""
    with closing(sqlite3.connect(damaged / "forensics/index.db")) as connection, connection:
        connection.execute("UPDATE skipped SET acknowledged = zeroblob(32)")
    assert forensics("findings", damaged).code == 3


def test_something_else_that_cannot_be_read_is_not_acknowledged(damaged: Path) -> None:
    """Who knew of one object did not know of the next."""
    forensics("retry", damaged, "--acknowledge")
    junk = damaged / "objects" / "ab" / ("0" * 38)
    junk.parent.mkdir()
    junk.write_bytes(b"no object")
    assert forensics("scan", damaged).code == 3


def test_what_is_readable_again_leaves_quarantine(tmp_path: Path) -> None:
    """And the journal says that it did."""
    path = _history(tmp_path / "r", leak=False)
    (pack,) = layouts.packs(path)
    sound = pack.read_bytes()
    damage.flip_byte(path, lambda entry: entry.base is not None)
    forensics("scan", path)
    damage.overwrite(pack, sound)
    done = forensics("retry", path)
    assert (done.code, figure(done, "skipped")) == (0, "nothing")
    assert listed(path) == []
    told = kinds(path)
    assert told.index("quarantined") < told.index("retried") < told.index("read-after-all")


@pytest.mark.parametrize("packed", [True, False])
def test_what_was_given_up_is_read_again_when_asked(tmp_path: Path, packed: bool) -> None:
    """An encrypted archive is no longer opened by scans; a retry does, and only that."""
    builder = locked(tmp_path / "r")
    if packed:
        layouts.repack(builder.path)
    forensics("scan", builder.path)
    assert figure(forensics("scan", builder.path), "objects").startswith("0 read")
    assert listed(builder.path)[0].startswith("given-up     1 try")
    done = forensics("retry", builder.path)
    assert done.code == 3
    assert figure(done, "objects").startswith("1 read")
    assert listed(builder.path)[0].startswith("given-up     2 tries")
    assert figure(forensics("scan", builder.path), "objects").startswith("0 read")


def test_a_retry_that_is_killed_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next scan reads what it was to read."""
    builder = locked(tmp_path / "r")
    forensics("scan", builder.path)
    with monkeypatch.context() as patched:
        patched.setattr("forensics.scan.engine._nothing_new", None)
        patched.setattr("forensics.index.writer.IndexWriter.begin", None)
        assert forensics("retry", builder.path).code == 2
    assert figure(forensics("scan", builder.path), "objects").startswith("1 read")
    assert listed(builder.path)[0].startswith("given-up     2 tries")


def test_where_nothing_waits_a_retry_is_a_scan(tmp_path: Path) -> None:
    """One without news."""
    builder = Builder(tmp_path / "r")
    builder.write("README", "")
    builder.commit("Start")
    forensics("scan", builder.path)
    done = forensics("retry", builder.path)
    assert done.code == 0
    assert figure(done, "objects").startswith("0 read")
    assert "retried" not in kinds(builder.path)


def test_objects_are_named_only_with_what_takes_them(damaged: Path) -> None:
    """A scan reads all of them."""
    done = forensics("retry", damaged, "--object", "ab")
    assert done.code == 2
    assert "--list" in done.error()
