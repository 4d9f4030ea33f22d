"""What merges take away themselves, and what they only bring from one branch to another."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.builder import BEN, Builder
from tests.lifecycle.lives import case_of, happened, scanned_case
from tests.lifecycle.told import ENV, NEW, OLD, env


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    """A project with one commit."""
    made = Builder(tmp_path / "r")
    made.write("README.md", "# Parcels\n")
    made.commit("Start the project")
    return made


def _commit(builder: Builder, content: bytes | None, subject: str) -> str:
    if content is None:
        builder.delete(ENV)
    else:
        builder.write(ENV, content)
    return builder.commit(subject, author=BEN)


def _hows(builder: Builder, index: Path) -> list[tuple[str, str]]:
    case = scanned_case(builder.path, index, OLD)
    return [(how, commit) for how, commit, _, _ in happened(case)]


def test_a_merge_that_takes_the_other_value_replaces(builder: Builder, tmp_path: Path) -> None:
    """No commit on either side took the old one away; the new one came on the branch."""
    builder.branch("side")
    new = _commit(builder, env(NEW), "Configure it")
    builder.checkout("main")
    leak = _commit(builder, env(OLD), "Configure it here")
    merge = builder.merge("side", files={ENV: env(NEW)})
    case = scanned_case(builder.path, tmp_path / "index.db", OLD)
    assert [(one.how, one.at.commit) for one in case.life.events] == [
        ("introduced", leak), ("replaced", merge),
    ]  # fmt: skip
    related = case.life.events[-1].related
    assert related is not None
    assert related.secret == case_of(tmp_path / "index.db", NEW).life.secret
    assert related.commit == new


def test_a_change_on_a_branch_is_told_once(builder: Builder, tmp_path: Path) -> None:
    """The merge brings it to main; also where main has changed other lines of the file."""
    old, new = env(OLD, b"B=2\n" * 9), env(NEW, b"B=2\n" * 9)
    leak = _commit(builder, old, "Configure it")
    builder.branch("fix")
    replace = _commit(builder, new, "Rotate")
    builder.checkout("main")
    _commit(builder, old + b"C=3\n", "More")
    merge = builder.merge("fix", files={ENV: new + b"C=3\n"})
    assert sorted(_hows(builder, tmp_path / "index.db")) == sorted(
        [("introduced", leak), ("replaced", replace), ("merged", merge)]
    )


def test_a_change_on_main_is_told_once(builder: Builder, tmp_path: Path) -> None:
    """An old branch that changed other lines of the file comes into it."""
    old, new = env(OLD, b"B=2\n" * 9), env(NEW, b"B=2\n" * 9)
    leak = _commit(builder, old, "Configure it")
    builder.branch("side")
    _commit(builder, old + b"C=3\n", "More")
    builder.checkout("main")
    replace = _commit(builder, new, "Rotate")
    merge = builder.merge("side", files={ENV: new + b"C=3\n"})
    assert sorted(_hows(builder, tmp_path / "index.db")) == sorted(
        [("introduced", leak), ("replaced", replace), ("merged", merge)]
    )


def test_what_came_back_and_was_removed_on_a_branch(builder: Builder, tmp_path: Path) -> None:
    """Both sides have an earlier removal above them; the branch has one more."""
    leak, gone, back = (_commit(builder, content, "Turn") for content in (env(OLD), None, env(OLD)))
    builder.branch("fix")
    again = _commit(builder, None, "Remove it again")
    builder.checkout("main")
    builder.write("z", "z\n")
    builder.commit("Work on main")
    merge = builder.merge("fix")
    assert sorted(_hows(builder, tmp_path / "index.db")) == sorted(
        [("introduced", leak), ("removed", gone), ("reintroduced", back), ("removed", again),
         ("merged", merge)]
    )  # fmt: skip


def test_a_merge_removes_what_came_back_on_main(builder: Builder, tmp_path: Path) -> None:
    """The branch had forgotten it before; nobody but the merge took it away a second time."""
    leak, gone = (_commit(builder, content, "Turn") for content in (env(OLD), None))
    builder.branch("side")
    builder.write("y", "y\n")
    builder.commit("Work on the side")
    builder.checkout("main")
    back = _commit(builder, env(OLD), "Turn back")
    builder.write("y", "y\n")
    builder.delete(ENV)
    merge = builder.commit("Merge it without", parents=[builder.resolve("side")])
    assert _hows(builder, tmp_path / "index.db") == [
        ("introduced", leak), ("removed", gone), ("reintroduced", back), ("removed", merge),
    ]  # fmt: skip
