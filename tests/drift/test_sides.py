"""Who opened a difference, where a merge brought it in."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.builder import ADA, BEN, Builder
from tests.drift.expecting import events_of


def test_a_merge_names_the_commits_of_its_side(tmp_path: Path) -> None:
    """The merge is what opens drift on the first-parent line; who wrote it is on the other side."""
    told = Builder(tmp_path / "repository")
    for name in ("dev", "prod"):
        told.write(f".env.{name}", "A=1\n")
    told.commit("Start", author=ADA)
    told.branch("feature")
    told.write(".env.dev", "A=1\nB=2\n")
    feature = told.commit("Add", author=BEN)
    told.checkout("main")
    told.write("README.md", "Parcels\n")
    told.commit("Meanwhile", author=ADA)
    merge = told.merge("feature", author=ADA)
    told.populate()
    (event,) = events_of(tmp_path / "repository", tmp_path / "index.db")
    assert event["opened_commit"] == merge
    assert event["opened_by"].encode().startswith(ADA.partition(b" <")[0])
    (inside,) = event["opened_in"]
    assert inside["commit"] == feature
    assert inside["by"].encode() == BEN
    assert event["closed_in"] == []
