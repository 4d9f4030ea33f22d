"""The gate in hooks, and with baselines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories.story import PLACE, begin, setting, token
from tests.cli.command import PROGRAM, Done, environment, forensics
from tests.cli.gate.scene import PASS_ALL, PASS_DEPLOY, WRONG, policy, pushed

pytestmark = pytest.mark.usefixtures("key")


def hook(path: Path, name: str, *words: object, given: bytes = b"", **more: str) -> Done:
    """A hook as git starts it."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "hook", name, *map(str, words)],
        cwd=path, env=environment(**more), input=given, capture_output=True,
    )  # fmt: skip
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_commit_that_passes_is_not_refused(leaked: Path, tmp_path: Path) -> None:
    """What fails is shown, and how much passes."""
    file = policy(tmp_path, PASS_DEPLOY)
    (leaked / "deploy/new.env").write_bytes(setting(token(3)))
    git(leaked, "add", ".")
    assert hook(leaked, "pre-commit").code == 1
    done = hook(leaked, "pre-commit", "--policy", file, GIT_DIR=".git")
    assert (done.code, f"1 finding passes by {file}" in done.err) == (0, True)
    (leaked / "app/new.env").write_bytes(setting(token(4)))
    git(leaked, "add", ".")
    done = hook(leaked, "pre-commit", "--policy", file, GIT_DIR=".git")
    assert done.code == 1
    assert "app/new.env" in done.err
    assert "deploy/new.env" not in done.err
    (leaked / "forensics.toml").write_text(PASS_ALL)
    done = hook(leaked, "pre-commit", GIT_DIR=".git")
    assert (done.code, "is not used" in done.err) == (1, True)
    assert hook(leaked, "pre-commit", "--trust-repo-config", GIT_DIR=".git").code == 0


def test_a_push_is_refused_whatever_it_brings_to_weaken_the_gate(
    leaked: Path, tmp_path: Path
) -> None:
    """Nobody who pushes says what may be pushed."""
    (leaked / "forensics.toml").write_text(PASS_ALL)
    git(leaked, "add", ".")
    git(leaked, "commit", "-q", "-m", "Let all pass")
    git(tmp_path, "clone", "-q", "--bare", str(leaked), "server")
    server = tmp_path / "server"
    given = pushed(leaked)
    git(server, "update-ref", "-d", "refs/heads/main")
    more = {"GIT_DIR": "."}
    done = hook(server, "pre-receive", given=given, **more)
    assert (done.code, "forensics.toml" in done.err) == (1, False)
    for name in ("pre-receive", "post-receive"):
        done = hook(server, name, "--trust-repo-config", given=given, **more)
        assert (done.code, "whoever pushes" in done.err) == (2, True)
    named = hook(server, "pre-receive", "--policy", policy(tmp_path, PASS_ALL), given=given, **more)
    assert named.code == 0


@pytest.mark.parametrize("what", WRONG)
def test_a_push_is_refused_where_the_policy_is_wrong(
    leaked: Path, tmp_path: Path, what: str
) -> None:
    """Though it brings nothing."""
    file = tmp_path / "policy.toml"
    WRONG[what](file)
    done = hook(leaked, "pre-receive", "--policy", file, given=b"", GIT_DIR=".git")
    assert done.code == 2


def test_a_push_is_refused_that_cannot_be_judged(leaked: Path, tmp_path: Path) -> None:
    """Whatever passes: a blob is missing, a pack is damaged, the ref to compare with is gone."""
    git(tmp_path, "clone", "-q", "--bare", str(leaked), "server")
    server, given = tmp_path / "server", pushed(leaked)
    git(server, "update-ref", "-d", "refs/heads/main")
    said = f"{PASS_ALL}[[gate.rules]]\nnew-since = 'main'\naction = 'fail'\n"
    words = ("pre-receive", "--policy")
    done = hook(server, *words, policy(tmp_path, said), given=given, GIT_DIR=".")
    assert (done.code, "new-since" in done.err) == (2, True)
    oid = git(leaked, "rev-parse", f"HEAD:{PLACE}").decode().strip()
    loose = server / "objects" / oid[:2] / oid[2:]
    if loose.exists():
        loose.unlink()
    else:
        (pack,) = (server / "objects/pack").glob("*.pack")
        pack.chmod(0o600)
        data = bytearray(pack.read_bytes())
        data[len(data) // 2] ^= 0xFF
        pack.write_bytes(data)
    done = hook(server, *words, policy(tmp_path, PASS_ALL), given=given, GIT_DIR=".")
    assert done.code in (2, 3)


def test_a_path_made_to_take_for_ever_does_not(tmp_path: Path) -> None:
    """A glob with many stars, and a name that nearly fits it everywhere."""
    builder, _ = begin(tmp_path / "long")
    builder.write("a/" * 120 + "a" * 200, setting(token()))
    builder.commit("Leak")
    said = "[[gate.rules]]\npaths = ['" + "*a**a" * 12 + "b']\naction = 'pass'\n"
    assert forensics("scan", builder.path, "--policy", policy(tmp_path, said)).code == 1


@pytest.mark.parametrize("shape", ["jsonl", "json", "gitleaks", "sarif"])
def test_what_a_baseline_lists_passes_and_what_is_new_fails(
    leaked: Path, tmp_path: Path, shape: str
) -> None:
    """In whatever format an earlier scan wrote it; the file is looked for beside the policy."""
    forensics("scan", leaked, "--report", f"{shape}={tmp_path / 'known.out'}")
    file = policy(tmp_path, "[[gate.rules]]\nbaseline = 'known.out'\naction = 'pass'\n")
    for words in ((), ("--range", "HEAD")):
        assert forensics("scan", leaked, *words, "--policy", file).code == 0
    (leaked / "deploy/new.env").write_bytes(setting(token(3)))
    git(leaked, "add", ".")
    git(leaked, "commit", "-q", "-m", "Leak again")
    for words in ((), ("--range", "HEAD~1..HEAD")):
        done = forensics("scan", leaked, *words, "--policy", file, "-f", "jsonl")
        failing = {line["path"] for line in done.lines if line["gate"] == "fail"}
        assert (done.code, failing) == (1, {"deploy/new.env"})


def test_a_baseline_that_is_wrong_is_2(leaked: Path, tmp_path: Path) -> None:
    """Missing, a folder, no report, one of detect-secrets: also where nothing is found."""
    said = "[gate]\ndefault = 'pass'\n[[gate.rules]]\nbaseline = 'known'\naction = 'fail'\n"
    file, known = policy(tmp_path, said), tmp_path / "known"
    for make in (
        lambda: None, lambda: known.write_text("no report"), lambda: known.write_text('{"a": 1}'),
        lambda: known.write_text('{"results": {}}'), lambda: (known.unlink(), known.mkdir()),
    ):  # fmt: skip
        make()
        done = forensics("scan", leaked, "--staged", "--policy", file)
        assert (done.code, "known" in done.error()) == (2, True)


def test_a_trusted_policy_names_baselines_of_its_repository(leaked: Path, tmp_path: Path) -> None:
    """At the top, and no link: no other file of the machine is read."""
    forensics("scan", leaked, "--report", f"gitleaks={leaked / 'known.json'}")
    said = "[[gate.rules]]\nbaseline = '{}'\naction = 'pass'\n"
    (leaked / "forensics.toml").write_text(said.format("known.json"))
    assert forensics("scan", leaked, "--trust-repo-config").code == 0
    (leaked / "known.json").rename(tmp_path / "known.json")
    (leaked / "known.json").symlink_to(tmp_path / "known.json")
    for name in ("known.json", "../known.json", str(tmp_path / "known.json"), "sub/known.json"):
        (leaked / "forensics.toml").write_text(said.format(name))
        done = forensics("scan", leaked, "--trust-repo-config")
        assert (done.code, "known.json" in done.error()) == (2, True)


def test_rules_that_a_scan_leaves_out_are_known_all_the_same(leaked: Path, tmp_path: Path) -> None:
    """A policy is for many scans: those without plugins, or of one rule, too."""
    said = "[[gate.rules]]\nrules = ['detect-secrets.cloudant', 'slack.*']\naction = 'pass'\n"
    file = policy(tmp_path, said)
    for words in (("--disable-plugin", "all"), ("--enable-rule", "github.pat-classic")):
        assert forensics("scan", leaked, "--range", "HEAD", *words, "--policy", file).code == 1
