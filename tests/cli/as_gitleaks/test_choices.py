"""Commands of gitleaks: configurations, rules, lists, marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.stories.story import begin, token
from tests.cli.as_gitleaks.scene import report
from tests.cli.command import forensics

pytestmark = pytest.mark.usefixtures("key")
_CONFIG = """
[[rules]]
id = "badge"
regex = '''badge-[0-9]{8}'''
keywords = ["badge"]
"""
BADGE = b"B=badge-" + b"%08d\n" % 48151623


def test_a_configuration_is_found_as_gitleaks_finds_it(
    leaked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The flag, then the variables; never a file of what is scanned."""
    (tmp_path / "badge.env").write_bytes(BADGE)
    file, other = tmp_path / "own.toml", tmp_path / "other.toml"
    file.write_text(_CONFIG)
    other.write_text(_CONFIG.replace("badge", "medal"))
    (tmp_path / ".gitleaks.toml").write_text(_CONFIG)

    def found(*words: object) -> list[str]:
        done = forensics("dir", tmp_path / "badge.env", *words, "-f", "json", "-r", "-")
        return [one["RuleID"] for one in report(done)]

    assert found() == []
    assert found("-c", file) == ["gitleaks.badge"]
    monkeypatch.setenv("GITLEAKS_CONFIG_TOML", _CONFIG)
    assert found() == ["gitleaks.badge"]
    monkeypatch.setenv("GITLEAKS_CONFIG", str(other))
    assert found() == []
    assert found("-c", file) == ["gitleaks.badge"]
    monkeypatch.delenv("GITLEAKS_CONFIG")
    for wrong in ("no toml [", f"title = {'9' * 5_000}"):
        monkeypatch.setenv("GITLEAKS_CONFIG_TOML", wrong)
        done = forensics("dir", tmp_path)
        assert (done.code, "given as text: not TOML" in done.error()) == (2, True)


def test_rules_are_chosen_by_the_names_of_gitleaks(leaked: Path) -> None:
    """Several with commas between."""
    assert forensics("git", leaked, "--enable-rule", "aws-access-token,github-pat").code == 1
    assert forensics("git", leaked, "--enable-rule", "aws-access-token").code == 0


def test_marks_can_be_overruled(tmp_path: Path) -> None:
    """And count again in the next scan, which reads anew for that."""
    builder, _ = begin(tmp_path / "r")
    builder.write("a.env", b"A=%s # gitleaks:allow\n" % token())
    builder.commit("Leak")
    path = builder.populate()
    for command in ("git", "dir"):
        assert forensics(command, path).code == 0
        assert forensics(command, path, "--ignore-gitleaks-allow").code == 1
        assert forensics(command, path).code == 0


def test_a_folder_without_a_list_ignores_nothing(leaked: Path, tmp_path: Path) -> None:
    """As gitleaks does by default; a list that is there counts."""
    assert forensics("git", leaked, "-i", tmp_path).code == 1
    (found,) = report(forensics("git", leaked, "-f", "json", "-r", "-"))
    (tmp_path / ".gitleaksignore").write_text(found["Fingerprint"] + "\n")
    assert forensics("git", leaked, "-i", tmp_path).code == 0
