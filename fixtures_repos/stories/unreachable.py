"""Stories of a secret that no branch and no tag reaches."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.builder import BEN
from fixtures_repos.stories.story import PLACE, Story, begin, setting, token

__all__ = ["dangling_blob", "dangling_commit", "in_a_stash", "rebased", "reflog_only"]


def in_a_stash(path: Path) -> Story:
    """The token was only ever stashed."""
    builder, commits = begin(path)
    commits["stash"] = builder.stash({PLACE: setting(token())}, "WIP on main: deploy by hand")
    return Story(builder.populate(), token(), commits)


def dangling_commit(path: Path) -> Story:
    """The branch with the token was deleted and its reflogs have expired."""
    builder, commits = begin(path)
    builder.branch("deploy")
    builder.write(PLACE, setting(token()))
    commits["leak"] = builder.commit("Deploy from CI", author=BEN)
    builder.write(PLACE, setting(b"$CI_TOKEN"))
    commits["clean up"] = builder.commit("Read the token from CI", author=BEN)
    builder.checkout("main")
    builder.drop_branch("deploy")
    builder.forget_reflogs()
    return Story(builder.populate(), token(), commits)


def dangling_blob(path: Path) -> Story:
    """A file was added to the index once and taken out before any commit."""
    builder, commits = begin(path)
    blob = builder.write(PLACE, setting(token()))
    builder.delete(PLACE)
    return Story(builder.populate(), token(), commits, place=b"", ids={"blob": blob})


def reflog_only(path: Path) -> Story:
    """The leaking commit was amended away; only reflogs still name it."""
    builder, commits = begin(path)
    builder.write(PLACE, setting(token()))
    commits["leak"] = builder.commit("Deploy from CI", author=BEN)
    builder.reset(commits["start"])
    builder.write(PLACE, setting(b"$CI_TOKEN"))
    commits["amended"] = builder.commit("Deploy from CI", author=BEN)
    return Story(builder.populate(), token(), commits)


def rebased(path: Path) -> Story:
    """A branch with the leak was rebased onto main: only reflogs name the first copy of the leak,
    which stands at the tip of the branch by its second."""
    builder, commits = begin(path)
    builder.branch("deploy")
    builder.write(PLACE, setting(token()))
    commits["leak"] = builder.commit("Deploy from CI", author=BEN)
    builder.checkout("main")
    builder.write("app.py", "print('parcels')\n")
    commits["main"] = builder.commit("Print parcels")
    builder.checkout("deploy")
    builder.reset(commits["main"])
    commits["rebased"] = builder.cherry_pick(commits["leak"], committer=BEN)
    builder.checkout("main")
    return Story(builder.populate(), token(), commits)
