"""Whatever the graph: what a range introduces is what `git grep` says of its commits and of all
their parents."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures_repos.git import git
from tests.scan.as_git_says import GitSays
from tests.scan.histories import SECRETS, Teller, names, steps
from tests.scan.judging import Introduced, introduced, judge_each, judge_range

some = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)


def as_git_says(says: GitSays, value: bytes, commits: set[str]) -> Introduced:
    """Path, with a secret in it masked, and commit of every introduction by these commits."""
    return {
        (path.replace(SECRETS[-1], b"****"), commit)
        for path, story in says.stories(value).items()
        for commit in story.introduced & commits
    }


@some
@given(st.data())
def test_ranges_and_single_commits_agree_with_git_grep(data: st.DataObject) -> None:
    """Merges, octopuses, evil merges, reverts, renames, roots."""
    told = data.draw(steps())
    number = st.integers(0, len(told) - 1)
    with tempfile.TemporaryDirectory() as folder:
        teller = Teller(Path(folder) / "r")
        teller.tell(told)
        teller.name(data.draw(names(len(told))))
        new, old = (teller.commits[data.draw(number)] for _ in range(2))
        words = data.draw(st.sampled_from(["{1}..{0}", "{1}...{0}", "{0} ^{1}", "{0}", "{0} {1}"]))
        words = words.format(new, old)
        says = GitSays(teller.path)
        inside = {*git(teller.path, "rev-list", *words.split()).decode().split()}
        judged = judge_range(teller.path, words)
        assert judged.commits == len(inside)
        assert not judged.skips
        every = judge_each(teller.path, *teller.commits)
        for value in SECRETS:
            assert introduced(judged, value) == as_git_says(says, value, inside)
            assert introduced(every, value) == as_git_says(says, value, {*says.commits})
