"""Stories in which merges decide what history says."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.builder import BEN, CLEO, DAN, Builder
from fixtures_repos.stories.story import PLACE, Story, setting, token

__all__ = [
    "criss_cross_merge",
    "merged_in_by_an_evil_merge",
    "octopus_merge",
    "only_in_a_merge",
    "side_branch_secret_dropped_by_merge",
]


def _begin(path: Path) -> tuple[Builder, dict[str, str]]:
    builder = Builder(path)
    builder.write("README.md", "# Parcels\n")
    builder.write("app.py", "RETRIES = 3\n")
    return builder, {"start": builder.commit("Start the project")}


def _two_sides(builder: Builder, commits: dict[str, str]) -> None:
    """Leave HEAD on main, one commit ahead of where the branch feature left it."""
    builder.branch("feature")
    builder.write("feature.py", "ENABLED = True\n")
    commits["feature"] = builder.commit("Add the feature", author=BEN)
    builder.checkout("main")
    builder.write("README.md", "# Parcels\n\nA service.\n")
    commits["main"] = builder.commit("Describe it")


def merged_in_by_an_evil_merge(path: Path) -> Story:
    """A merge changes `app.py`, which neither side touched, and puts a token into it."""
    builder, commits = _begin(path)
    _two_sides(builder, commits)
    evil = b"RETRIES = 3\nTOKEN = '%s'\n" % token()
    commits["merge"] = builder.merge("feature", files={"app.py": evil})
    builder.write("app.py", "RETRIES = 3\n")
    commits["clean up"] = builder.commit("Read the token from the environment", author=CLEO)
    return Story(builder.populate(), token(), commits, place=b"app.py")


def only_in_a_merge(path: Path) -> Story:
    """A merge adds a file that no parent has, and the token is still in it at HEAD."""
    builder, commits = _begin(path)
    _two_sides(builder, commits)
    commits["merge"] = builder.merge("feature", files={PLACE: setting(token())})
    return Story(builder.populate(), token(), commits)


def side_branch_secret_dropped_by_merge(path: Path) -> Story:
    """A side branch leaks; `git merge -s ours` keeps nothing of it but its history."""
    builder, commits = _begin(path)
    builder.branch("feature")
    builder.write(PLACE, setting(token()))
    commits["leak"] = builder.commit("Deploy from CI", author=BEN)
    builder.checkout("main")
    builder.write("README.md", "# Parcels\n\nA service.\n")
    commits["main"] = builder.commit("Describe it")
    commits["merge"] = builder.merge("feature", ours=True)
    builder.drop_branch("feature")
    return Story(builder.populate(), token(), commits)


def octopus_merge(path: Path) -> Story:
    """Three branches are merged by one commit; the second of them brings the token."""
    builder, commits = _begin(path)
    authors = {"docs": BEN, "deploy": CLEO, "tests": DAN}
    for name, author in authors.items():
        builder.branch(name, commits["start"])
        content = setting(token()) if name == "deploy" else f"{name}\n"
        builder.write(PLACE if name == "deploy" else f"{name}.txt", content)
        commits[name] = builder.commit(f"Work on {name}", author=author)
    builder.checkout("main")
    commits["merge"] = builder.merge(*authors)
    return Story(builder.populate(), token(), commits)


def criss_cross_merge(path: Path) -> Story:
    """Two branches merge each other, so that two merge bases exist; both carry the token on."""
    builder, commits = _begin(path)
    builder.branch("develop")
    builder.write(PLACE, setting(token()))
    commits["leak"] = builder.commit("Deploy from CI", author=BEN)
    builder.checkout("main")
    builder.write("fix.py", "FIXED = True\n")
    commits["fix"] = builder.commit("Fix it on main", author=CLEO)
    commits["into main"] = builder.merge(commits["leak"], message="Merge develop")
    builder.checkout("develop")
    commits["into develop"] = builder.merge(commits["fix"], message="Merge main")
    builder.delete(PLACE)
    commits["delete"] = builder.commit("Remove the deployment settings", author=BEN)
    builder.checkout("main")
    commits["both"] = builder.merge("develop", message="Merge develop again")
    return Story(builder.populate(), token(), commits)
