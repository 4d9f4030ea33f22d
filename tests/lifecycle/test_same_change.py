"""A change that git copied, as a cherry-pick or a rebase does, names the one it repeats."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.builder import ADA, BEN, START
from fixtures_repos.stories.story import PLACE, begin, setting, token
from tests.lifecycle.lives import scanned_case


def test_a_cherry_pick_names_the_commit_it_was_picked_from(tmp_path: Path) -> None:
    """Author and author's date are the same; another commit by the same author is none."""
    builder, commits = begin(tmp_path / "r")
    for name, authored in (("main", START + 5), ("release", START + 5), ("other", START + 9)):
        if name == "main":
            builder.checkout("main")
        else:
            builder.branch(name, commits["start"])
        builder.write(PLACE, setting(token()))
        commits[name] = builder.commit(
            "Deploy from CI", author=BEN, committer=ADA, authored=authored
        )
    case = scanned_case(builder.path, tmp_path / "index.db", token())
    told = {one.at.commit: one.related and one.related.commit for one in case.life.events}
    assert set(told) == {commits["main"], commits["release"], commits["other"]}
    assert told.pop(commits["other"]) is None
    original = next(commit for commit, related in told.items() if related is None)
    (repeat,) = set(told) - {original}
    assert told[repeat] == original
