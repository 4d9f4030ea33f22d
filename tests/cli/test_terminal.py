"""What people see on a terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from pathlib import Path
from threading import Thread

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories import STORIES, Story
from tests.cli.command import environment, forensics, process

pytestmark = pytest.mark.usefixtures("key")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def on_a_terminal(*words: object, stdout: bool = False, **more: str) -> tuple[int, str, str]:
    """Exit code, standard output, and what a terminal on standard error (or both) is sent."""
    ours, theirs = pty.openpty()
    started = process(
        *words, stderr=theirs, stdout=theirs if stdout else subprocess.PIPE,
        env=environment(TERM="xterm", COLUMNS="120", **more),
    )  # fmt: skip
    os.close(theirs)
    told: list[bytes] = []
    # Beside each other: whoever writes to a terminal that nobody reads waits for ever.
    reading = Thread(target=lambda: told.append(started.stdout.read() if started.stdout else b""))
    reading.start()
    sent = b""
    while True:
        try:
            piece = os.read(ours, 1 << 16)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        sent += piece
    os.close(ours)
    reading.join()
    if started.stdout:
        started.stdout.close()
    return started.wait(60), told[0].decode(), sent.decode()


def test_progress_is_shown_on_a_terminal_only(acme_repository: Path) -> None:
    """Standard output is the same as without."""
    code, out, sent = on_a_terminal("scan", acme_repository, "-f", "jsonl")
    assert code == 1
    assert "reading objects" in sent or "placing" in sent
    assert all(line.startswith("{") for line in out.splitlines())
    piped = forensics("findings", acme_repository, "-f", "jsonl")
    assert out == piped.out
    assert "reading objects" not in forensics("scan", acme_repository).err


def test_colours_on_a_terminal_unless_unwanted(acme_repository: Path) -> None:
    """NO_COLOR is honoured."""
    forensics("scan", acme_repository)
    _, _, sent = on_a_terminal("findings", acme_repository, stdout=True)
    assert COLOUR.search(sent)
    _, _, sent = on_a_terminal("findings", acme_repository, stdout=True, NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", sent)
    assert "CRITICAL" in sent


def test_names_do_not_move_the_cursor(names_in_any_bytes: Story) -> None:
    """On a terminal such names would do harm; progress included."""
    code, _, sent = on_a_terminal("scan", names_in_any_bytes.path, stdout=True)
    assert code == 1
    for planted in ("\x1b[2Jcleared", "\x1b]0;owned", "\u202e", "two\nlines", "\x07"):
        assert planted not in sent


def test_a_folder_whose_name_clears_the_screen(tmp_path: Path) -> None:
    """Neither a note nor an error repeats it as it is."""
    folder = tmp_path / "\x1b[2Jcleared"
    folder.mkdir()
    for _ in range(2):
        _, out, sent = on_a_terminal("scan", folder)
        assert "\x1b[2J" not in out + sent
        assert "cleared" in sent
        git(folder, "init", "-q")


def test_progress_as_lines_is_for_programs(tmp_path: Path) -> None:
    """JSON objects on standard error, of which the last says that all was done."""
    story = STORIES["replaced"](tmp_path / "r")
    done = forensics("scan", story.path, "--progress", "lines", "--index", tmp_path / "i.db")
    told = [json.loads(line) for line in done.err.splitlines()]
    assert told[0]["objects"] == 0
    assert {"phase", "objects", "bytes", "done", "total"} <= told[-1].keys()
    assert max(one["total"] for one in told) > 0
