"""An index reached through a link, or planted by somebody else, is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from forensics.errors import IndexRefused, IndexWriteFailed
from forensics.index.database import create_or_open, open_for_reading
from forensics.index.lock import scan_lock
from forensics.index.safe_place import refuse_unsafe
from tests.scan.scanning import KEY

both_ways = pytest.mark.parametrize("opener", [create_or_open, open_for_reading])
BESIDE = ("", "-wal", "-shm", "-journal")


@both_ways
@pytest.mark.parametrize("end", BESIDE)
@pytest.mark.parametrize("dangling", [False, True])
def test_a_symbolic_link_in_place_of_a_file_of_sqlites_is_refused(
    index: Path, tmp_path: Path, opener: Callable[..., object], end: str, dangling: bool
) -> None:
    """What it leads to is neither read, made nor overwritten."""
    target = tmp_path / "precious.txt"
    if not dangling:
        target.write_text("keep this\n")
    place = index.with_name(index.name + end)
    place.unlink(missing_ok=True)
    place.symlink_to(target)
    with pytest.raises(IndexRefused, match="symbolic link"):
        opener(index, KEY)
    assert target.exists() == (not dangling)
    assert dangling or target.read_text() == "keep this\n"


@both_ways
def test_a_link_in_place_of_the_folder_is_refused(
    index: Path, tmp_path: Path, opener: Callable[..., object]
) -> None:
    """A repository could lead `forensics/` out of itself."""
    (index.parent.parent / "objects").mkdir()
    elsewhere = index.parent.rename(tmp_path / "elsewhere")
    index.parent.symlink_to(elsewhere)
    with pytest.raises(IndexRefused, match="symbolic link"):
        opener(index, KEY)


def test_a_link_to_a_folder_that_the_user_named_is_followed(index: Path, tmp_path: Path) -> None:
    """Temporary folders are links on some systems."""
    elsewhere = index.parent.rename(tmp_path / "elsewhere")
    index.parent.symlink_to(elsewhere)
    create_or_open(index, KEY).close()
    assert (elsewhere / index.name).exists()


@both_ways
@pytest.mark.parametrize("what", ["folder", "pipe", "device"])
def test_only_a_regular_file_is_opened(
    tmp_path: Path, opener: Callable[..., object], what: str
) -> None:
    """Nothing waits for a pipe."""
    path = Path("/dev/null") if what == "device" else tmp_path / "index.db"
    if what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    with pytest.raises(IndexRefused, match="not a regular file"):
        opener(path, KEY)


@pytest.mark.parametrize("end", BESIDE)
def test_a_file_of_another_users_is_refused(
    index: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """Whoever owns it can change it under our hands."""
    real = Path.lstat
    place = index.with_name(index.name + end)
    place.touch()

    def lstat(path: Path) -> object:
        facts = real(path)
        return SimpleNamespace(st_mode=facts.st_mode, st_uid=os.geteuid() + 1000) if (
            path == place
        ) else facts  # fmt: skip

    monkeypatch.setattr(Path, "lstat", lstat)
    with pytest.raises(IndexRefused, match="another user"):
        refuse_unsafe(index)


@pytest.mark.parametrize("dangling", [False, True])
def test_a_link_in_place_of_the_lock_is_refused(tmp_path: Path, dangling: bool) -> None:
    """The lock file lies in the repository too."""
    target = tmp_path / "precious.txt"
    if not dangling:
        target.write_text("keep this\n")
    (tmp_path / "index.db.lock").symlink_to(target)
    with pytest.raises(IndexWriteFailed), scan_lock(tmp_path / "index.db"):
        pass
    assert target.exists() == (not dangling)
    assert dangling or target.read_text() == "keep this\n"
