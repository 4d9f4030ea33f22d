"""The record is brought up to date by a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from forensics.drift.environments import Placer
from forensics.errors import ForensicsError
from forensics.git.repository import open_repository
from forensics.index.lock import scan_lock
from forensics.key import Key
from forensics.scan.drift_child import Stopped, Told, bring_up
from forensics.scan.drift_names import Names
from forensics.scan.drift_recording import recording


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """So many versions of files that several processes read them."""
    builder = Builder(tmp_path / "repo")
    for number in range(3):
        for part in range(45):
            for name in ("dev", "prod"):
                builder.write(f"web{part}/.env.{name}", f"MODE=value{number}{name}{part}\n")
        builder.commit(f"Step {number}")
    return builder.populate()


def test_it_reads_what_this_process_would(repository: Path, tmp_path: Path, key: Key) -> None:
    """And tells how far it is."""
    told: list[Told] = []
    line = bring_up(repository, tmp_path / "a.db", told.append, lambda: True)
    opened = open_repository(repository)
    with recording(opened, tmp_path / "b.db", key, Placer(), Names(key)) as record:
        assert line == record.line()
    assert told[-1] == Told("reading files", 270, 270)


def test_it_ends_when_nobody_wants_it(repository: Path, tmp_path: Path, key: Key) -> None:
    """The index is free for others at once."""
    index = tmp_path / "a.db"
    wanted = iter([True, True, False])
    with pytest.raises(Stopped):
        bring_up(repository, index, lambda _: None, lambda: next(wanted))
    with scan_lock(index):
        pass


def test_what_is_wrong_is_said(tmp_path: Path, repository: Path, key: Key) -> None:
    """No repository; an index that somebody else writes."""
    with pytest.raises(ForensicsError, match="repository"):
        bring_up(tmp_path, tmp_path / "a.db", lambda _: None, lambda: True)
    with scan_lock(tmp_path / "a.db"), pytest.raises(ForensicsError, match="another scan"):
        bring_up(repository, tmp_path / "a.db", lambda _: None, lambda: True)


def test_modules_of_the_folder_one_is_in_are_not_taken(
    repository: Path, tmp_path: Path, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repository could hold a folder that is called as the program is."""
    planted = tmp_path / "planted" / "forensics"
    planted.mkdir(parents=True)
    (planted / "__init__.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    monkeypatch.chdir(planted.parent)
    probe = "import forensics"
    subprocess.run([sys.executable, "-c", probe], check=True)
    assert (tmp_path / "ran").exists(), "the trap works"
    (tmp_path / "ran").unlink()
    bring_up(repository, tmp_path / "a.db", lambda _: None, lambda: True)
    assert not (tmp_path / "ran").exists()
