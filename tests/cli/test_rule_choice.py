"""Choosing what a scan looks for: --rules, --enable-rule, --disable-rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from detectors.template import expand
from fixtures_repos.git import git
from tests.cli.command import Done, forensics

pytestmark = pytest.mark.usefixtures("key")

BADGE = """
[[rule]]
id = "acme.badge"
title = "Acme badge"
severity = "high"
why = "Opens every door."
remedy = "Block it at the reception."
pattern = '\\b(?P<secret>badge_[a-z0-9]{24})\\b'
keywords = ["badge_"]
examples = ["BADGE=badge_{loweralnum:24}"]
counterexamples = ["BADGE=badge_{loweralnum:3}"]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A repository with a GitHub token, an npm token and a badge."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    lines = ("A={crc32:ghp_}", "B={crc32:npm_}", "C=badge_{loweralnum:24}")
    (folder / "x.env").write_bytes(b"\n".join(expand(line, 5) for line in lines))
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "All three")
    return folder


@pytest.fixture
def badge(tmp_path: Path) -> Path:
    """A file with a rule of the user's own."""
    (tmp_path / "badge.toml").write_text(BADGE)
    return tmp_path / "badge.toml"


def rules(done: Done) -> set[str]:
    """Ids of the rules in a scan's findings."""
    return {line["rule"] for line in done.lines}


def test_rules_of_ones_own_come_beside_the_built_in_ones(path: Path, badge: Path) -> None:
    """Any number of files."""
    found = rules(forensics("scan", path, "--rules", badge, "-f", "jsonl"))
    assert found == {"github.pat-classic", "npm.access-token", "acme.badge"}


def test_only_what_is_enabled_is_looked_for(path: Path, badge: Path) -> None:
    """Also of a user's own."""
    words = ["scan", path, "-f", "jsonl", "--rules", badge, "--enable-rule", "acme.badge"]
    assert rules(forensics(*words)) == {"acme.badge"}
    more = rules(forensics(*words, "--enable-rule", "npm.access-token"))
    assert more == {"acme.badge", "npm.access-token"}


def test_what_is_disabled_leaves_the_index(path: Path) -> None:
    """And comes back with its rule."""
    everything = rules(forensics("scan", path, "-f", "jsonl"))
    assert everything == {"github.pat-classic", "npm.access-token"}
    some = forensics("scan", path, "-f", "jsonl", "--disable-rule", "npm.access-token")
    assert rules(some) == {"github.pat-classic"}
    assert "rules have changed" in some.err
    assert rules(forensics("findings", path, "-f", "jsonl")) == {"github.pat-classic"}
    assert rules(forensics("scan", path, "-f", "jsonl")) == everything


def test_a_rule_of_the_same_id_replaces_the_built_in_one(path: Path, tmp_path: Path) -> None:
    """So that a rule can be made stricter or looser."""
    (tmp_path / "own.toml").write_text(BADGE.replace("acme.badge", "npm.access-token"))
    found = forensics("scan", path, "-f", "jsonl", "--rules", tmp_path / "own.toml")
    assert {(line["rule"], line["title"]) for line in found.lines if "npm" in line["rule"]} == {
        ("npm.access-token", "Acme badge")
    }


def test_a_folder_is_scanned_with_the_rules_chosen_too(path: Path, badge: Path) -> None:
    """And so is standard input."""
    words = ["-f", "jsonl", "--rules", badge, "--enable-rule", "acme.badge"]
    assert rules(forensics("scan", "--dir", path, *words)) == {"acme.badge"}
    given = (path / "x.env").read_bytes()
    assert rules(forensics("scan", "--stdin", *words, given=given)) == {"acme.badge"}


@pytest.mark.parametrize(
    "words",
    [
        ["--enable-rule", "acme.badge"],
        ["--disable-rule", "no.such"],
        ["--rules", "no-such-file.toml"],
        ["--enable-rule", "npm.access-token", "--disable-rule", "npm.access-token"],
    ],
    ids=" ".join,
)
def test_a_choice_that_cannot_be_made(path: Path, words: list[str]) -> None:
    """Says so before anything is scanned."""
    done = forensics("scan", path, *words)
    assert (done.code, done.out) == (2, "")
    assert done.error()
    assert not (path / ".git/forensics").exists()
