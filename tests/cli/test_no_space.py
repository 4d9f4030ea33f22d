"""A disk that is full: one line, exit code 2, the index as it was, and no harm later."""

from __future__ import annotations

import resource
import shutil
import signal
from pathlib import Path

import pytest

from fixtures_repos.stories import Story
from tests.cli.command import Done, ended, forensics, process

pytestmark = pytest.mark.usefixtures("key")


def _limited(size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def scan_with_room_for(size: int, path: Path, *options: object) -> Done:
    """Scan in a process whose files cannot grow past `size` bytes."""
    return ended(process("scan", path, *options, preexec_fn=lambda: _limited(size)))


@pytest.mark.parametrize("size", [0, 1000, 5_000, 20_000, 60_000, 120_000])
def test_no_room_for_a_new_index(leaked_then_deleted: Story, size: int, tmp_path: Path) -> None:
    """Whenever the room ends; once there is some, the next scan is whole."""
    path = leaked_then_deleted.path
    index = tmp_path / "index.db"
    done = scan_with_room_for(size, path, "--index", index)
    if done.code != 1:
        assert done.code == 2
        assert done.error()
        assert done.out == ""
    again = forensics("scan", path, "--index", index, "-f", "jsonl")
    assert (again.code, len(again.lines)) == (1, 1), again.err


@pytest.mark.parametrize("more", [0, 4096, 30_000])
def test_no_room_for_more_in_an_index(
    leaked_then_deleted: Story, replaced: Story, tmp_path: Path, more: int
) -> None:
    """What it knew before, it still knows."""
    index = tmp_path / "index.db"
    forensics("scan", leaked_then_deleted.path, "--index", index)
    before = forensics("findings", "--index", index, "-f", "jsonl")
    shutil.copy(index, tmp_path / "copy.db")
    done = scan_with_room_for(more, replaced.path, "--index", index)
    assert done.code == 2
    assert "standard output" not in done.error(), "that is not what is full"
    assert forensics("findings", "--index", index, "-f", "jsonl") == before
    again = forensics("scan", replaced.path, "--index", index, "-f", "jsonl")
    assert {line["status"] for line in again.lines} == {"present", "removed"}


@pytest.mark.parametrize("words", [["findings"], ["scan"], ["rules", "list"], ["--help"]])
def test_no_room_for_the_output(leaked_then_deleted: Story, words: list[str]) -> None:
    """A report that was cut off must not look like success."""
    forensics("scan", leaked_then_deleted.path)
    with Path("/dev/full").open("wb") as full:
        started = process(*words, cwd=leaked_then_deleted.path, stdout=full)
        _, err = started.communicate(timeout=60)
    done = Done(started.returncode, "", err.decode())
    assert done.error()
    assert done.code == 2
