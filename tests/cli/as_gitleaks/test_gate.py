"""The gate of the commands that are called as gitleaks' are, and of `retry`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories.story import PLACE, begin, setting, token
from tests.cli.command import forensics

pytestmark = pytest.mark.usefixtures("key")

PASS_DEPLOY = "[[gate.rules]]\npaths = ['deploy/**']\naction = 'pass'\nreason = 'made up'\n"
RULE = "[[rules]]\nid = 'badge'\nregex = '''badge-[0-9]{8}'''\nkeywords = ['badge']\n"


@pytest.fixture
def leaked(tmp_path: Path) -> Path:
    """The second of three commits leaks below `deploy`."""
    builder, _ = begin(tmp_path / "leaked")
    builder.write(PLACE, setting(token()))
    builder.commit("Leak")
    builder.write("more", "text\n")
    builder.commit("More")
    return builder.populate()


def policy(folder: Path, said: str) -> Path:
    """A file of the user's."""
    file = folder / "policy.toml"
    file.write_text(said)
    return file


@pytest.mark.parametrize(
    "words",
    [
        ("git",), ("git", "--log-opts=HEAD"), ("detect", "-s"), ("detect", "--no-git", "-s"),
        ("dir",), ("retry",),
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_passes_does_not_fail_a_command(
    leaked: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """It is counted all the same, and what fails beside it fails."""
    assert forensics(*words, leaked).code == 1
    file = policy(tmp_path, PASS_DEPLOY)
    done = forensics(*words, leaked, "--policy", file)
    assert (done.code, "0 of 1 finding fails" in done.out + done.err) == (0, True)
    (leaked / "app.env").write_bytes(setting(token(2)))
    git(leaked, "add", ".")
    git(leaked, "commit", "-q", "-m", "Leak more")
    done = forensics(*words, leaked, "--policy", file)
    assert (done.code, "1 of 2 findings fails" in done.out + done.err) == (1, True)


def test_the_exit_code_that_is_chosen_is_that_of_what_fails(leaked: Path, tmp_path: Path) -> None:
    """And only of that."""
    file = policy(tmp_path, PASS_DEPLOY)
    assert forensics("git", leaked, "--exit-code", "9").code == 9
    done = forensics("git", leaked, "--exit-code", "9", "--policy", file, "-v")
    assert (done.code, done.err.splitlines()[-1]) == (0, "forensics: no leaks found")
    assert PLACE in done.out
    file = policy(
        tmp_path,
        "[gate]\ndefault = 'pass'\n[[gate.rules]]\nrules = ['github.*']\naction = 'fail'\n",
    )
    done = forensics("git", leaked, "--exit-code", "9", "--policy", file)
    assert (done.code, done.err.splitlines()[-1]) == (9, "forensics: leaks found: 1")


def test_changes_and_standard_input_are_gated(leaked: Path, tmp_path: Path) -> None:
    """Standard input has no path that a policy could let pass."""
    (leaked / "deploy/new.env").write_bytes(setting(token(3)))
    git(leaked, "add", ".")
    file = policy(tmp_path, PASS_DEPLOY)
    for words in (("git", "--staged", leaked), ("protect", "--staged", "-s", leaked)):
        assert forensics(*words).code == 1
        assert forensics(*words, "--policy", file).code == 0
    assert forensics("stdin", "--policy", file, given=setting(token())).code == 1
    file = policy(tmp_path, "[gate]\ndefault = 'pass'\n")
    assert forensics("stdin", "--policy", file, given=setting(token())).code == 0


@pytest.mark.parametrize("words", [("git",), ("dir",), ("retry",)], ids=" ".join)
def test_a_policy_that_is_wrong_is_2(leaked: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    """Before anything is scanned."""
    for said in (
        "[gate]\ndefault = 'maybe'\n",
        "[[gate.rules]]\nrules = ['nil']\naction = 'pass'\n",
    ):
        done = forensics(*words, leaked, "--policy", policy(tmp_path, said))
        assert (done.code, "policy.toml" in done.error()) == (2, True)


def test_paths_of_a_policy_start_at_the_top_of_a_folder(leaked: Path, tmp_path: Path) -> None:
    """However that is named; those of a single file are as it is named."""
    words = ("dir", "--policy", policy(tmp_path, PASS_DEPLOY))
    for named, cwd in ((".", leaked), ("./", leaked), ("leaked", tmp_path), (f"{leaked}/", None)):
        assert forensics(*words, named, cwd=cwd).code == 0
    assert forensics(*words, PLACE, cwd=leaked).code == 0
    assert forensics(*words, leaked / PLACE).code == 1
    assert forensics(*words, leaked / "deploy").code == 1


def test_what_is_new_is_known_in_a_repository_and_not_in_a_folder(
    leaked: Path, tmp_path: Path
) -> None:
    """In a folder everything is new."""
    file = policy(
        tmp_path, "[gate]\ndefault = 'pass'\n[[gate.rules]]\nnew-since = 'HEAD'\naction = 'fail'\n"
    )
    for words, code in ((("git",), 0), (("retry",), 0), (("dir",), 1)):
        assert forensics(*words, leaked, "--policy", file).code == code
    file = policy(tmp_path, "[[gate.rules]]\nnew-since = 'nowhere'\naction = 'pass'\n")
    assert "nowhere" in forensics("git", leaked, "--policy", file).error()


@pytest.mark.parametrize("words", [("git",), ("detect", "-s"), ("retry",)], ids=" ".join)
def test_files_of_a_repository_count_only_if_trusted(leaked: Path, words: tuple[str, ...]) -> None:
    """Its policy, and its lists."""
    (leaked / "forensics.toml").write_text(PASS_DEPLOY)
    done = forensics(*words, leaked)
    assert (done.code, "forensics.toml is not used" in done.err) == (1, True)
    assert forensics(*words, leaked, "--trust-repo-config").code == 0
    (leaked / "forensics.toml").unlink()
    (leaked / ".gitleaksignore").write_text(f"{PLACE}:github-pat:2\n")
    assert forensics(*words, leaked).code == 1
    assert forensics(*words, leaked, "--trust-repo-config").code == 0


def test_a_configuration_from_a_variable_is_not_replaced_by_that_of_the_repository(
    leaked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of the repository counts where the user gives none."""
    (leaked / ".gitleaks.toml").write_text(RULE)
    words = ("git", leaked, "--trust-repo-config")
    assert forensics(*words).code == 0
    file = tmp_path / "theirs.toml"
    file.write_text("[extend]\nuseDefault = true\n")
    with monkeypatch.context() as patch:
        patch.setenv("GITLEAKS_CONFIG", str(file))
        assert forensics(*words).code == 1
    with monkeypatch.context() as patch:
        patch.setenv("GITLEAKS_CONFIG_TOML", file.read_text())
        done = forensics(*words)
        assert (done.code, ".gitleaks.toml" in done.err) == (1, False)


def test_one_file_and_standard_input_have_no_files_to_trust(leaked: Path) -> None:
    """So nothing is taken from elsewhere."""
    assert "is a file" in forensics("dir", leaked / PLACE, "--trust-repo-config").error()
    assert "standard input" in forensics("stdin", "--trust-repo-config").error()


def test_a_baseline_of_the_gate_knows_rules_of_a_configuration(tmp_path: Path) -> None:
    """By the ids that gitleaks reports."""
    folder, config = tmp_path / "folder", tmp_path / "theirs.toml"
    folder.mkdir()
    (folder / "file").write_bytes(b"B=badge-%08d\n" % 48151623)
    config.write_text(RULE)
    file = policy(tmp_path, "[[gate.rules]]\nbaseline = 'known.json'\naction = 'pass'\n")
    for rule, code in (("badge", 0), ("other", 1)):
        entry = {"RuleID": rule, "Commit": "", "File": "file", "StartLine": 1}
        (tmp_path / "known.json").write_text(json.dumps([entry]))
        assert forensics("scan", "--dir", folder, "-c", config, "--policy", file).code == code
