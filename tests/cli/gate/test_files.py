"""The gate: which policy counts, and whose."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fixtures_repos.git import git
from tests.cli.command import forensics
from tests.cli.gate.scene import PASS_ALL, PASS_DEPLOY, gated

pytestmark = pytest.mark.usefixtures("key")


def test_the_named_file_wins_then_the_variable_then_the_users_own(
    leaked: Path, tmp_path: Path, no_user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The repository's comes last, and only if it is trusted."""
    own = no_user / "config/git-forensics/forensics.toml"
    others = [tmp_path / "variable.toml", tmp_path / "named.toml"]
    for file in (leaked / "forensics.toml", own, *others):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(PASS_ALL)
    used = []
    for step in range(5):
        words = ["--policy", others[1]] if step == 0 else []
        with monkeypatch.context() as within:
            if step < 2:
                within.setenv("FORENSICS_CONFIG", str(others[0]))
            if step == 3:
                own.unlink()
            if step != 4:
                words.append("--trust-repo-config")
            done = forensics("scan", leaked, *words, "-f", "jsonl")
            told = [line for line in done.err.splitlines() if line.startswith("gate ")]
            used.append(told[0].partition("(")[2].rstrip(")") if told else "")
            assert done.code == (1 if step == 4 else 0)
            assert ("is not used" in done.err) is (step == 4)
    assert used == [str(one) for one in (others[1], others[0], own, leaked / "forensics.toml")] + [
        ""
    ]


def test_a_bare_repository_is_trusted_as_of_its_head(leaked: Path, tmp_path: Path) -> None:
    """With its lists of what to ignore."""
    (leaked / "forensics.toml").write_text(PASS_DEPLOY)
    commit = git(leaked, "rev-parse", "HEAD~1").decode().strip()
    (leaked / ".gitleaksignore").write_text(f"{commit}:app/x.env:github-pat:2\n")
    git(leaked, "add", ".")
    git(leaked, "commit", "-q", "-m", "Configure")
    git(tmp_path, "clone", "-q", "--bare", str(leaked), "bare")
    assert forensics("scan", tmp_path / "bare").code == 1
    done = forensics("scan", tmp_path / "bare", "--trust-repo-config", "--range", "HEAD")
    assert (done.code, gated(done)) == (0, "0 of 1 finding fails")


def test_lists_of_the_repository_count_only_if_trusted(leaked: Path, tmp_path: Path) -> None:
    """What the user names wins."""
    allow = "[extend]\nuseDefault = true\n[allowlist]\npaths = ['''{}''']\n"
    (leaked / ".gitleaks.toml").write_text(allow.format(".env$"))
    assert forensics("scan", leaked).code == 1
    assert forensics("scan", leaked, "--trust-repo-config").code == 0
    other = tmp_path / "other.toml"
    other.write_text(allow.format("none"))
    assert forensics("scan", leaked, "--trust-repo-config", "--config", other).code == 1


@pytest.mark.parametrize("name", ["forensics.toml", ".gitleaks.toml", ".gitleaksignore"])
def test_a_trusted_file_is_a_file(leaked: Path, tmp_path: Path, name: str) -> None:
    """No link, no folder, no pipe, nothing large: that is 2, and nothing is read through it."""
    file, other = leaked / name, tmp_path / "other"
    other.write_text(PASS_ALL)
    for make in (
        lambda: file.symlink_to(other), file.mkdir, lambda: os.mkfifo(file),
        lambda: file.write_bytes(b"#" * (2 << 20)),
    ):  # fmt: skip
        make()
        done = forensics("scan", leaked, "--trust-repo-config")
        assert (done.code, name in done.error()) == (2, True)
        file.rmdir() if file.is_dir() and not file.is_symlink() else file.unlink()


def test_a_link_at_head_is_refused(leaked: Path, tmp_path: Path) -> None:
    """Of a bare repository, too."""
    (leaked / "forensics.toml").symlink_to("/etc/passwd")
    git(leaked, "add", ".")
    git(leaked, "commit", "-q", "-m", "Link")
    git(tmp_path, "clone", "-q", "--bare", str(leaked), "bare")
    done = forensics("scan", tmp_path / "bare", "--trust-repo-config")
    assert (done.code, "no regular file" in done.error()) == (2, True)


def test_a_trusted_configuration_reads_no_other_file(leaked: Path) -> None:
    """It could name any file of the machine."""
    for path in ("/dev/zero", "../x", "x.toml"):
        (leaked / ".gitleaks.toml").write_text(f"[extend]\npath = '{path}'\n")
        done = forensics("scan", leaked, "--trust-repo-config")
        assert (done.code, "extends another file" in done.error()) == (2, True)


def test_trust_is_about_one_repository(leaked: Path, tmp_path: Path) -> None:
    """Not about two, nor about standard input."""
    for words in ((leaked, leaked), ("--stdin",)):
        assert forensics("scan", *words, "--trust-repo-config").code == 2
