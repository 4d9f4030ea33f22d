"""`forensics doctor`: what it says where all is in order, and that it changes nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

from fixtures_repos.hostile import Hostile
from fixtures_repos.stories import Story
from tests.cli.command import forensics
from tests.cli.doctor.asking import checks, index_of, only, tree


def test_where_all_is_in_order_everything_is_ok(scanned: Path) -> None:
    """Each area is told of, and the exit code is 0."""
    found = checks(scanned)
    assert {one["state"] for one in found} == {"ok"}
    areas = {one["area"] for one in found}
    assert areas == {
        "git", "repository", "key", "folders", "index", "rules", "libraries", "space",
    }  # fmt: skip


def test_looking_changes_nothing(scanned: Path, no_user: Path) -> None:
    """No file is made, removed or touched: not by SQLite either."""
    before = tree(scanned, no_user)
    assert checks(scanned)
    assert tree(scanned, no_user) == before


def test_for_a_new_user_nothing_is_made_and_nothing_wrong(
    only_in_a_merge: Story, no_user: Path
) -> None:
    """No key yet, no index, no folders: a first scan makes them."""
    found = checks(only_in_a_merge.path)
    assert {one["state"] for one in found} == {"ok"}
    assert only("key", only_in_a_merge.path)[1].startswith("none yet")
    assert only("index", only_in_a_merge.path)[1].startswith("none yet")
    assert list(no_user.iterdir()) == []


def test_text_says_the_same_line_by_line(scanned: Path) -> None:
    """State, area and what was found; below it, what to do."""
    index_of(scanned).chmod(0o644)
    lines = forensics("doctor", scanned).out.splitlines()
    place = next(at for at, line in enumerate(lines) if line.startswith("warning  index "))
    assert "others can read" in lines[place]
    assert lines[place + 1].strip() == f"run `chmod go-rwx {index_of(scanned)}`"
    assert any(line.startswith("ok       git         ") for line in lines)


def test_a_hostile_path_cannot_move_the_cursor(tmp_path: Path) -> None:
    """Control characters are escaped."""
    folder = tmp_path / "\x1b[2Jgone"
    subprocess.run(["git", "init", "-q", folder], check=True)
    done = forensics("doctor", folder)
    assert "\x1b" not in done.out
    assert "gone is whole" in done.out


def test_nothing_of_a_repository_is_obeyed(running_commands: Hostile) -> None:
    """What it plants for git to run leaves no mark."""
    forensics("doctor", running_commands.path)
    assert not [*running_commands.marks.iterdir()]
