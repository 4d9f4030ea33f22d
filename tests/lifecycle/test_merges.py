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


@pytest.mark.parametrize("into", ["main", "side"])
def test_a_merge_that_keeps_what_one_side_replaced(
    builder: Builder, tmp_path: Path, into: str
) -> None:
    """It is no introduction, as a parent has it; but on the other side an earlier value is back."""
    leak = _commit(builder, env(OLD), "Configure it")
    builder.branch("side")
    builder.write("y", "y\n")
    builder.commit("Work on the side")
    builder.checkout("main")
    replace = _commit(builder, env(NEW), "Rotate")
    builder.checkout(into)
    merge = builder.merge({"main": "side", "side": "main"}[into], files={ENV: env(OLD)})
    index = tmp_path / "index.db"
    case = scanned_case(builder.path, index, OLD)
    assert [(one.how, one.kind, one.at.commit) for one in case.life.events] == [
        ("introduced", "introduced", leak),
        ("replaced", "removed", replace),
        ("rolled-back", "changed", merge),
    ]
    assert [one.lasting for one in case.life.events] == [False, False, True]
    assert case.status.name == "rolled-back"
    assert [one.slot for one in case.life.events] == ["DB_PASSWORD"] * 3
    newer = {"main": "replaced-everywhere", "side": "replaced-still-elsewhere"}[into]
    assert case_of(index, NEW).status.name == newer
    _commit(builder, None, "Remove it")
    builder.drop_branch({"main": "side", "side": "main"}[into])
    assert scanned_case(builder.path, index, OLD).status.name == "deleted-not-rotated"


@pytest.mark.parametrize("keeps", [OLD, NEW])
def test_what_a_merge_replaced_does_not_depend_on_the_order_of_parents(
    builder: Builder, tmp_path: Path, keeps: bytes
) -> None:
    _commit(builder, env(b"changeme"), "Configure it")
    builder.branch("side")
    _commit(builder, env(OLD), "On the side")
    builder.checkout("main")
    _commit(builder, env(NEW), "On main")
    merge = builder.merge("side", files={ENV: env(keeps)})
    other = NEW if keeps == OLD else OLD
    case = scanned_case(builder.path, tmp_path / "index.db", other)
    last = case.life.events[-1]
    assert (last.how, last.at.commit, last.slot) == ("replaced", merge, "DB_PASSWORD")
    assert last.related is not None
    assert last.related.secret == case_of(tmp_path / "index.db", keeps).life.secret


@pytest.mark.parametrize("dropped", [False, True])
def test_what_is_only_stashed_undoes_nothing(
    builder: Builder, tmp_path: Path, dropped: bool
) -> None:
    _commit(builder, env(OLD), "Configure it")
    _commit(builder, env(NEW), "Rotate")
    builder.stash({ENV: env(OLD)})
    if dropped:
        builder.refs.delete("refs/stash")
        builder.forget_reflogs()
    case = scanned_case(builder.path, tmp_path / "index.db", OLD)
    assert case.status.name == "replaced-everywhere"
    assert case_of(tmp_path / "index.db", NEW).status.name == "exposed"


def test_of_branches_that_had_it_apart_the_earlier_counts(tmp_path: Path) -> None:
    """Whatever the ids of the commits are."""
    for number in range(6):
        builder = Builder(tmp_path / f"r{number}")
        builder.write("README.md", f"# Parcels {number}\n")
        builder.commit("Start the project")
        builder.branch("release")
        builder.checkout("main")
        first = _commit(builder, env(OLD), "Configure it")
        builder.wait(days=500)
        builder.checkout("release")
        builder.write(ENV, env(OLD, b"B=2\n"))
        builder.commit("Configure it here too")
        case = scanned_case(builder.path, tmp_path / f"{number}.db", OLD)
        assert case.since is not None
        assert case.since.at.commit == first
