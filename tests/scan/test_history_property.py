"""Whatever the graph: what the events say of every commit is what `git grep` says of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from forensics.git.plan import ObjectPlan
from tests.scan.as_git_says import GitSays
from tests.scan.histories import SECRETS, Step, Teller, names, steps
from tests.scan.scanning import Placed, Scanned, scan

some = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)


@contextmanager
def history_in_parts(size: int) -> Iterator[None]:
    """Let history be told in parts of so many commits, as a long one is; 0 for one part."""
    real = ObjectPlan.add_history

    def add_history(plan: ObjectPlan, commits: Sequence[bytes], jobs: int) -> None:
        for at in range(0, len(commits), size or len(commits) or 1):
            real(plan, commits[at : at + (size or len(commits))], jobs)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ObjectPlan, "add_history", add_history)
        yield


def by_path(value: bytes, scanned: Scanned) -> dict[bytes, Placed]:
    """Occurrences by what their path shows; each path must come once."""
    found: dict[bytes, Placed] = {}
    for one in scanned.of(value):
        if one.path is not None:
            assert one.path not in found, "one occurrence for a secret at a path"
            found[one.path] = one
    return found


def without_examples(scanned: Scanned) -> list[Placed]:
    """Occurrences without the kind of the object that shows them: of two that ancestry does not
    order, either may come first."""
    return sorted((one._replace(kind="") for one in scanned.occurrences), key=repr)


def present_by_events(git: GitSays, one: Placed) -> set[str]:
    """Commits in which it stands: where it was introduced, and wherever a parent has it and it
    was not removed."""
    holds: dict[str, bool] = {}
    todo = [*git.commits]
    while todo:
        commit = todo[-1]
        waiting = [parent for parent in git.parents[commit] if parent not in holds]
        if waiting:
            todo += waiting
            continue
        todo.pop()
        above = any(holds[parent] for parent in git.parents[commit])
        holds[commit] = commit in one.introduced or (above and commit not in one.removed)
    return {commit for commit, there in holds.items() if there}


def assert_as_git_says(path: Path, scanned: Scanned) -> None:
    git = GitSays(path)
    for value in SECRETS:
        found = by_path(value, scanned)
        stories = {
            name.replace(SECRETS[-1], b"****"): story for name, story in git.stories(value).items()
        }
        presence = {
            commit: {name.replace(SECRETS[-1], b"****") for name in there}
            for commit, there in git.presence(value).items()
        }
        assert {
            name: (one.reach, one.at_head, one.at_tip, one.introduced, one.removed)
            for name, one in found.items()
        } == {name: tuple(story) for name, story in stories.items()}
        for name, one in found.items():
            expected = {commit for commit, there in presence.items() if name in there}
            assert present_by_events(git, one) == expected


@some
@given(st.data())
def test_events_agree_with_git_grep_at_every_commit(data: st.DataObject) -> None:
    """Merges, octopuses, evil merges, reverts, renames, roots, dangling commits."""
    told = data.draw(steps())
    with tempfile.TemporaryDirectory() as folder:
        teller = Teller(Path(folder) / "r")
        teller.tell(told)
        teller.name(data.draw(names(len(told))))
        with history_in_parts(data.draw(st.sampled_from([0, 1, 3]))):
            scanned = scan(teller.path, Path(folder) / "index.db")
        assert_as_git_says(teller.path, scanned)


@some
@given(st.data())
def test_a_scan_before_and_one_after_agree_with_git_too(data: st.DataObject) -> None:
    """History that grows, refs that move or go, and a repack between the scans change nothing
    of that; and the second scan reads only what is new."""
    told: list[Step] = data.draw(steps())
    cut = data.draw(st.integers(1, len(told)))
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index.db"
        teller = Teller(Path(folder) / "r")
        teller.tell(told[:cut])
        teller.name(data.draw(names(cut)))
        with history_in_parts(data.draw(st.sampled_from([0, 2]))):
            first = scan(teller.path, index)
            teller.tell(told[cut:])
            teller.name(data.draw(names(len(told))))
            second = scan(teller.path, index)
        note(f"{first.summary} {second.summary}")
        assert_as_git_says(teller.path, second)
        fresh = scan(teller.path, Path(folder) / "fresh.db")
        assert without_examples(second) == without_examples(fresh)
        assert first.summary.objects + second.summary.objects >= fresh.summary.objects
