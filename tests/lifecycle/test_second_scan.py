"""A second scan tells what one scan of everything would."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import token
from tests.lifecycle.lives import case_of, told_events
from tests.lifecycle.told import ENV, NEW, OLD, TOLD, env
from tests.scan.scanning import ALL_BUT_ONE, fingerprint, scan


@pytest.mark.parametrize("name", TOLD)
def test_a_scan_at_every_branch_point_changes_nothing(name: str, tmp_path: Path) -> None:
    """One scan before each commit, against one at the end."""

    class Scanning(Builder):
        def commit(self, *given: object, **more: object) -> str:
            oid = super().commit(*given, **more)  # type: ignore[arg-type]
            scan(self.path, tmp_path / "index.db")
            return oid

    builder = Scanning(tmp_path / "r")
    builder.write("README.md", "# Parcels\n")
    builder.commit("Start the project")
    TOLD[name](builder)
    scan(builder.path, tmp_path / "index.db")
    scan(builder.path, tmp_path / "fresh.db")
    assert told_events(tmp_path / "index.db") == told_events(tmp_path / "fresh.db")
    one, other = (case_of(tmp_path / file, OLD) for file in ("index.db", "fresh.db"))
    assert (one.status.name, one.slot, one.people) == (other.status.name, other.slot, other.people)
    assert [stay[:] for stay in one.life.stays] == [stay[:] for stay in other.life.stays]


def test_a_value_that_a_rule_finds_later_is_what_replaced_it_then(tmp_path: Path) -> None:
    """It stood where no rule looks when the other was replaced by it."""
    builder = Builder(tmp_path / "r")
    builder.write(ENV, b"SETTING=%s\n" % token())
    builder.commit("Deploy")
    builder.write(ENV, b"SETTING=%s\n" % NEW)
    replace = builder.commit("Rotate")
    scan(builder.path, tmp_path / "index.db")
    (_, left) = case_of(tmp_path / "index.db", token()).life.events
    assert (left.how, left.related) == ("replaced", None)
    builder.write("app.env", env(NEW))
    builder.commit("Use it elsewhere")
    scan(builder.path, tmp_path / "index.db")
    (_, left) = case_of(tmp_path / "index.db", token()).life.events
    came = case_of(tmp_path / "index.db", NEW).life.events[0]
    assert (came.at.commit, came.path) == (replace, ENV.encode())
    assert left.related is not None
    assert (left.related.secret, left.related.commit) == (fingerprint(NEW), came.at.commit)
    scan(builder.path, tmp_path / "fresh.db")
    assert told_events(tmp_path / "index.db") == told_events(tmp_path / "fresh.db")


def test_other_rules_tell_the_same(tmp_path: Path) -> None:
    """Nothing that was told under other rules is kept."""
    builder = Builder(tmp_path / "r")
    builder.write("README.md", "# Parcels\n")
    builder.commit("Start the project")
    TOLD["one_slot_rolled_back"](builder)
    scan(builder.path, tmp_path / "index.db", setup=ALL_BUT_ONE)
    scan(builder.path, tmp_path / "index.db")
    scan(builder.path, tmp_path / "fresh.db")
    assert told_events(tmp_path / "index.db") == told_events(tmp_path / "fresh.db")


def test_what_was_too_much_for_one_scan_is_looked_into_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what nobody looked into is called uncertain until then."""
    builder = Builder(tmp_path / "r")
    builder.write("README.md", "# Parcels\n")
    builder.commit("Start the project")
    TOLD["rolled_back_by_hand"](builder)
    with monkeypatch.context() as patched:
        patched.setattr("forensics.lifecycle.explain._MOST", 0)
        scan(builder.path, tmp_path / "index.db")
    events = case_of(tmp_path / "index.db", OLD).life.events
    assert [bool(one.uncertain) for one in events][:2] == [True, True]
    builder.write("README.md", "# Parcels of Acme\n")
    builder.commit("Tell whose they are")
    scan(builder.path, tmp_path / "index.db")
    scan(builder.path, tmp_path / "fresh.db")
    assert told_events(tmp_path / "index.db") == told_events(tmp_path / "fresh.db")
