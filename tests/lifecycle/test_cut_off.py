"""What a shallow or partial clone cannot show is called uncertain, until it can."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from tests.lifecycle.lives import scanned_case, told_events
from tests.lifecycle.told import ENV, NEW, OLD, env
from tests.scan.scanning import fingerprint, scan


def upstream(path: Path) -> Builder:
    """Leaked, replaced, and something else changed on top of it."""
    builder = Builder(path)
    builder.write(ENV, env(OLD))
    builder.commit("Deploy")
    builder.write(ENV, env(NEW))
    builder.commit("Rotate")
    builder.write("README.md", "# Parcels\n")
    builder.commit("Describe it")
    git(path, "config", "uploadpack.allowFilter", "true")
    return builder


def test_what_stands_at_the_shallow_boundary_may_have_come_earlier(tmp_path: Path) -> None:
    """It says so; with the rest of history it does not any more."""
    builder = upstream(tmp_path / "r")
    clone, index = tmp_path / "clone", tmp_path / "index.db"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{builder.path}", clone)
    case = scanned_case(clone, index, NEW)
    (came,) = case.life.events
    assert "shallow" in came.uncertain
    assert case.status.uncertain == (came.uncertain,)
    git(clone, "fetch", "-q", "--unshallow")
    assert scanned_case(clone, index, NEW).status.uncertain == ()
    scan(clone, tmp_path / "fresh.db")
    assert told_events(index) == told_events(tmp_path / "fresh.db")


def test_a_version_that_a_partial_clone_lacks_leaves_it_open_what_became(tmp_path: Path) -> None:
    """Nothing is said to be replaced; once the version is there, it is."""
    builder = upstream(tmp_path / "r")
    clone, index = tmp_path / "clone", tmp_path / "index.db"
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout",
        f"file://{builder.path}", clone)  # fmt: skip
    git(clone, "hash-object", "-w", "--stdin", given=env(OLD))
    case = scanned_case(clone, index, OLD)
    assert case.status.name == "deleted-not-rotated"
    assert case.status.uncertain == ("a version of the file cannot be read",)
    git(clone, "hash-object", "-w", "--stdin", given=env(NEW))
    case = scanned_case(clone, index, OLD)
    assert (case.status.name, case.status.uncertain) == ("replaced-everywhere", ())
    related = case.life.events[1].related
    assert related is not None
    assert related.secret == fingerprint(NEW)
