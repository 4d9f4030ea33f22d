"""`forensics drift --explain`: which rule put each file where, and rules of one's own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from tests.cli.command import forensics
from tests.cli.drift_web import Told, rows

pytestmark = pytest.mark.usefixtures("key")


def test_a_symbolic_link_is_explained_as_not_read(web: Told) -> None:
    """And is no environment's file."""
    (web.path / "web" / ".env.qa").symlink_to(".env.prod")
    git = ("git", "-C", str(web.path), "-c", "user.name=A", "-c", "user.email=a@example.com")
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "Link"], check=True)
    done = forensics("drift", web.path, "--explain")
    assert "web/.env.qa is a symbolic link, which is not read" in done.err
    assert ".env.qa" not in done.out


def test_every_file_is_explained(web: Told) -> None:
    """What is no configuration only where all is asked for."""
    told = {
        one["path"]: one for one in forensics("drift", web.path, "--explain", "-f", "jsonl").lines
    }
    assert [*told] == ["web/.env.dev", "web/.env.prod", "web/.env.staging"]
    assert told["web/.env.prod"]["environment"] == "prod"
    assert told["web/.env.prod"]["used"] == [{"set": "web", "environment": "prod"}]
    assert told["web/.env.prod"]["rule"]
    everything = forensics("drift", web.path, "--explain", "--all", "-f", "jsonl").lines
    (words,) = [one for one in everything if one["path"] == "README.md"]
    assert (words["set"], bool(words["why"])) == (None, True)
    before = forensics("drift", web.path, "--explain", "--at", web.commits["cache"], "--all")
    assert "README.md" not in before.out
    assert forensics("drift", web.path, "--explain", "--at", "nowhere").code == 2
    assert forensics("drift", web.path, "--explain", "--set", "api").error() == "nothing matches"
    table = forensics("drift", web.path, "--explain")
    assert any(line[0] == "web/.env.prod" for line in rows(table))
    assert not (web.path / ".git/forensics").exists()


def test_a_configuration_of_ones_own_names_environments(web: Told, tmp_path: Path) -> None:
    """Only where it is named."""
    config = tmp_path / "forensics.toml"
    config.write_text('[drift.aliases]\nlive7 = "prod"\n')
    done = forensics("drift", web.path, "--between", "dev", "live7", "--config", config)
    assert ["KEY", "dev", "prod", "WHY"] in rows(done)
    assert forensics("drift", web.path, "--between", "dev", "live7").code == 2


def test_rules_of_sops_place_what_nothing_else_does(tmp_path: Path) -> None:
    """A path_regex that names an environment says whose the files are that it fits."""
    told = Builder(tmp_path / "repository")
    told.write("sealed/int/db.yaml", "a: 1\nb: 1\n")
    told.write("sealed/perf/db.yaml", "a: 1\n")
    told.commit("Start")
    told.populate()
    given = ("drift", tmp_path / "repository", "--index", tmp_path / "i.db", "--history")
    assert forensics(*given, "-f", "jsonl").lines == []
    told.write(
        ".sops.yaml",
        "creation_rules:\n"
        + "".join(f"  - path_regex: sealed/{name}/.*\n" for name in ("int", "perf")),
    )
    told.commit("Rules")
    told.populate()
    (event,) = forensics(*given, "-f", "jsonl").lines
    assert (event["key"], event["present"], event["missing"]) == ("b", ["int"], ["perf"])
    explained = forensics("drift", tmp_path / "repository", "--explain").out
    assert "by rule sops" in " ".join(explained.split())
