"""Stories of a secret in a file, on one line of history."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.builder import ADA, BEN, START
from fixtures_repos.git import git
from fixtures_repos.stories.story import PLACE, Story, begin, setting, token

__all__ = [
    "cherry_picked_to_a_release_branch",
    "clock_skew",
    "leaked_then_deleted",
    "moved_by_rename",
    "reintroduced",
    "replaced",
    "rolled_back",
    "same_value_in_three_environments",
    "staged_only",
]


def leaked_then_deleted(path: Path) -> Story:
    """A token is committed, lives for a while, and its file is deleted."""
    builder, commits = begin(path)
    builder.write(PLACE, setting(token()))
    commits["leak"] = builder.commit("Deploy from CI", author=BEN)
    builder.write("README.md", "# Parcels\n\nDeployed by CI.\n")
    commits["between"] = builder.commit("Say how it is deployed")
    builder.delete(PLACE)
    commits["delete"] = builder.commit("Remove the deployment settings")
    return Story(builder.populate(), token(), commits)


def replaced(path: Path) -> Story:
    """A token gives way to a new one in the same place; the new one is `others["new"]`."""
    builder, commits = begin(path)
    builder.write(PLACE, setting(token(1)))
    commits["leak"] = builder.commit("Deploy from CI", author=BEN)
    builder.write(PLACE, setting(token(2)))
    commits["replace"] = builder.commit("Rotate the deployment token")
    return Story(builder.populate(), token(1), commits, others={"new": token(2)})


def rolled_back(path: Path) -> Story:
    """A token is replaced, and a revert brings the old one back."""
    builder, commits = begin(path)
    builder.write(PLACE, setting(token(1)))
    commits["leak"] = builder.commit("Deploy from CI", author=BEN)
    builder.write(PLACE, setting(token(2)))
    commits["replace"] = builder.commit("Rotate the deployment token")
    builder.write(PLACE, setting(token(1)))
    commits["roll back"] = builder.commit('Revert "Rotate the deployment token"')
    return Story(builder.populate(), token(1), commits, others={"new": token(2)})


def moved_by_rename(path: Path) -> Story:
    """A file with a token moves from `deploy/ci.env` to `config/deploy/production.env`."""
    builder, commits = begin(path)
    builder.write(PLACE, setting(token()))
    commits["leak"] = builder.commit("Deploy from CI", author=BEN)
    builder.rename(PLACE, "config/deploy/production.env")
    commits["move"] = builder.commit("Keep configuration in one folder")
    return Story(builder.populate(), token(), commits)


def reintroduced(path: Path) -> Story:
    """A deleted token comes back in another file, long after."""
    builder, commits = begin(path)
    builder.write(PLACE, setting(token()))
    commits["leak"] = builder.commit("Deploy from CI", author=BEN)
    builder.delete(PLACE)
    commits["delete"] = builder.commit("Remove the deployment settings")
    builder.wait(days=200)
    builder.write("scripts/release.sh", b"#!/bin/sh\nexport GH_TOKEN=%s\n" % token(), "100755")
    commits["again"] = builder.commit("Release by script", author=BEN)
    return Story(builder.populate(), token(), commits)


def cherry_picked_to_a_release_branch(path: Path) -> Story:
    """The leaking commit is picked onto release/1.x; only main deletes the file later."""
    builder, commits = begin(path)
    builder.branch("release/1.x")
    builder.checkout("main")
    builder.write(PLACE, setting(token()))
    commits["leak"] = builder.commit("Deploy from CI", author=BEN)
    builder.checkout("release/1.x")
    commits["pick"] = builder.cherry_pick(commits["leak"], committer=ADA)
    builder.checkout("main")
    builder.delete(PLACE)
    commits["delete"] = builder.commit("Remove the deployment settings")
    return Story(builder.populate(), token(), commits)


def clock_skew(path: Path) -> Story:
    """The deletion carries a date two years before the leak that it follows."""
    builder, commits = begin(path)
    builder.write(PLACE, setting(token()))
    commits["leak"] = builder.commit("Deploy from CI", author=BEN)
    builder.delete(PLACE)
    past = START - 2 * 365 * 86400
    commits["delete"] = builder.commit("Remove the settings", authored=past, committed=past)
    return Story(builder.populate(), token(), commits)


def same_value_in_three_environments(path: Path) -> Story:
    """One token stands in dev, staging and prod; prod's copy goes first."""
    builder, commits = begin(path)
    for environment in ("dev", "staging", "prod"):
        builder.write(f".env.{environment}", setting(token()))
        commits[environment] = builder.commit(f"Configure {environment}", author=BEN)
    builder.delete(".env.prod")
    commits["delete"] = builder.commit("Keep production's settings elsewhere")
    return Story(builder.populate(), token(), commits, place=b".env.prod")


def staged_only(path: Path) -> Story:
    """A file with a token is added to the index and never committed."""
    builder, commits = begin(path)
    builder.populate()
    blob = builder.write(PLACE, setting(token()))
    place = path / PLACE
    place.parent.mkdir()
    place.write_bytes(setting(token()))
    git(path, "update-index", "--add", "--cacheinfo", f"100644,{blob},{PLACE}")
    return Story(path, token(), commits, ids={"blob": blob})
