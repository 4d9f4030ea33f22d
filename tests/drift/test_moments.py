"""Dates, refs and commits as steps of a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from forensics.drift.model import Change, Line, Step
from forensics.drift.moments import Moment, moment_of
from forensics.errors import UsageProblem
from forensics.git.repository import open_repository
from tests.drift.told import step

DAY = 86_400
TIMES = {1: 10, 2: 20, 3: 15, 4: 40}
STEPS = (step(n)._replace(commit=bytes([n]) * 20, time=day * DAY) for n, day in TIMES.items())
LINE = Line("main", b"\4" * 20, 40 * DAY, tuple(STEPS))


def test_a_day_is_the_last_step_by_its_end() -> None:
    """A step that a wrong clock dates back is not before those above it."""
    assert moment_of(LINE, "1970-01-11", None) == Moment(0)
    assert moment_of(LINE, "1970-01-20", None) == Moment(0)
    assert moment_of(LINE, "1970-01-21", None) == Moment(2)
    assert moment_of(LINE, "1970-01", None) == Moment(2)
    assert moment_of(LINE, "2024-01-31", None) == Moment(3)
    early = moment_of(LINE, "1969-12-31", None)
    assert early.number == 0
    assert "before" in early.remark


def test_without_the_repository_ids_of_steps_are_known() -> None:
    """Enough of one, that is."""
    assert moment_of(LINE, "0202", None) == Moment(1)
    assert moment_of(LINE, "02" * 20, None) == Moment(1)


@pytest.mark.parametrize(
    "asked", ["", "  ", "main", "0909", "2024-13-01", "2024-02-31", "a\x1bb", "020"]
)
def test_what_means_nothing_is_refused(asked: str) -> None:
    """With words for it."""
    with pytest.raises(UsageProblem):
        moment_of(LINE, asked, None)


def test_names_are_what_git_calls_them(tmp_path: Path) -> None:
    """A commit that changes no configuration is the step before it; one of another branch is where
    that left the line; a name that is none is refused."""
    builder = Builder(tmp_path / "repo")
    ids = []
    for number in range(3):
        builder.write("web/.env.dev", f"A={number}\n")
        ids.append(builder.commit(f"Step {number}"))
        builder.write("README", f"{number}\n")
        builder.commit("Words")
    builder.tag("v2")
    builder.branch("side", at=ids[1])
    builder.checkout("side")
    builder.write("README", "other words\n")
    builder.commit("Elsewhere")
    builder.checkout("main")
    path = builder.populate()
    repository = open_repository(path)
    steps = tuple(
        Step(bytes.fromhex(one), "", 0, 0, (Change(b"web/.env.dev", b"", b"x"),)) for one in ids
    )
    with repository.git() as git:
        tip = bytes.fromhex(
            git.output(["rev-parse", "refs/heads/main"], timeout=20).decode().strip()
        )
    line = Line("refs/heads/main", tip, 0, steps)
    assert moment_of(line, "v2", repository) == Moment(2)
    assert moment_of(line, "main~1", repository) == Moment(2)
    assert moment_of(line, "main~2", repository) == Moment(1)
    assert moment_of(line, ids[0][:10], repository) == Moment(0)
    side = moment_of(line, "side", repository)
    assert side.number == 1
    assert "not on the line" in side.remark
    for bad in ("nothing-called-so", "--help", "main..v2"):
        with pytest.raises(UsageProblem):
            moment_of(line, bad, repository)
