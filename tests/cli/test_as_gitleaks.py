"""`forensics git`, `dir`, `stdin`, `detect` and `protect`: what gitleaks' users type."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories.story import PLACE, begin, setting, token
from tests.cli.command import Done, ended, environment, forensics, process

pytestmark = pytest.mark.usefixtures("key")

_CONFIG = """
[[rules]]
id = "badge"
regex = '''badge-[0-9]{8}'''
keywords = ["badge"]
"""
BADGE = b"B=badge-" + b"%08d\n" % 48151623


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """Nothing leaks."""
    return begin(tmp_path / "clean")[0].populate()


def report(done: Done) -> list[dict[str, Any]]:
    """gitleaks' JSON on standard output."""
    found: list[dict[str, Any]] = json.loads(done.out)
    return found


@pytest.mark.parametrize("words", [("git",), ("detect", "-s"), ("detect", "--source")])
def test_a_repository_is_scanned_whole(leaked: Path, clean: Path, words: tuple[str, ...]) -> None:
    """What is found is told by the exit code and the last line, on standard error."""
    done = forensics(*words, leaked)
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines()[-1] == "forensics: leaks found: 1"
    done = forensics(*words, clean)
    assert (done.code, done.err.splitlines()[-1]) == (0, "forensics: no leaks found")


def test_a_report_has_the_fields_of_gitleaks(leaked: Path) -> None:
    """And a fingerprint that a .gitleaksignore can hold; the value is redacted."""
    (found,) = report(forensics("git", leaked, "-f", "json", "-r", "-"))
    commit = git(leaked, "rev-parse", "HEAD~1").decode().strip()
    assert found["Fingerprint"] == f"{commit}:{PLACE}:github-pat:2"
    assert (found["RuleID"], found["File"], found["StartLine"]) == ("github-pat", PLACE, 2)
    assert token().decode() not in str(found)


def test_redacting_wholly_shows_nothing_of_a_value(leaked: Path) -> None:
    """`--redact` takes no word behind it, as in gitleaks."""
    (found,) = report(forensics("git", "--redact", leaked, "-f", "json", "-r", "-"))
    assert found["Secret"] == "REDACTED"
    done = forensics("git", "--redact=20", leaked, "-f", "json", "-r", "-")
    assert report(done)[0]["Secret"].startswith("ghp_…")
    assert "always redacted" in done.err


def test_csv_has_the_columns_of_gitleaks(leaked: Path, clean: Path, tmp_path: Path) -> None:
    """The format is taken from the name, and a report of nothing is empty."""
    file = tmp_path / "out.csv"
    forensics("git", leaked, "-r", file)
    (row,) = csv.DictReader(file.read_text().splitlines())
    assert (row["RuleID"], row["File"], row["Message"]) == ("github-pat", PLACE, "Leak")
    assert next(iter(row)) == "RuleID"
    assert list(row)[-2:] == ["Fingerprint", "Tags"]
    forensics("git", clean, "-r", file)
    assert file.read_text() == ""


@pytest.mark.parametrize("name", ["junit", "sarif", "SARIF"])
def test_other_formats_can_be_written(leaked: Path, tmp_path: Path, name: str) -> None:
    """Whatever the file is called."""
    file = tmp_path / "out"
    assert forensics("git", leaked, "-r", file, "-f", name).code == 1
    assert PLACE in file.read_text()


def test_findings_are_printed_where_that_is_asked_for(leaked: Path) -> None:
    """On standard output, unless the report goes there."""
    done = forensics("git", leaked, "-v", "-l", "fatal")
    assert "\nFile:        deploy/ci.env\n" in done.out
    assert done.err == ""
    assert token().decode() not in done.out
    done = forensics("git", leaked, "--verbose=true", "-f", "json", "-r", "-")
    assert len(report(done)) == 1
    assert "RuleID:      github-pat\n" in done.err
    assert forensics("git", leaked, "--verbose=false").out == ""


@pytest.mark.parametrize(
    ("level", "said"), [("warn", ["forensics: leaks found: 1"]), ("error", []), ("FATAL", [])]
)
def test_less_can_be_said(leaked: Path, level: str, said: list[str]) -> None:
    """By levels as gitleaks has them."""
    assert forensics("git", leaked, "-l", level).err.splitlines() == said


def test_the_exit_code_for_findings_can_be_chosen(leaked: Path, clean: Path) -> None:
    """It changes no other one."""
    assert forensics("git", leaked, "--exit-code", "7").code == 7
    assert forensics("git", leaked, "--exit-code=0").code == 0
    assert forensics("git", clean, "--exit-code", "7").code == 0
    assert forensics("git", leaked, "--exit-code=0", "--log-opts", "nope").code == 2


def test_incomplete_is_never_success(leaked: Path) -> None:
    """Not even where findings are to be: something may be in what could not be read."""
    more = git(leaked, "rev-parse", "HEAD:more").decode().strip()
    (leaked / ".git/objects" / more[:2] / more[2:]).unlink()
    assert forensics("git", leaked, "--exit-code", "0").code == 3
    assert forensics("git", leaked, "--exit-code", "7").code == 7
    done = forensics("git", leaked, "--log-opts=-1", "-l", "error")
    assert (done.code, done.error()) == (
        3, "not everything could be read; --log-level info says what",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("git", "-r", "out.txt"), "give -f: one of json, csv, junit, sarif"),
        (("git", "-r", "out", "-f", "template"), "choose -f json, csv, junit, sarif"),
        (("git", "--report-template", "x.tmpl"), "choose -f json, csv, junit, sarif"),
        (("git", "--diagnostics", "cpu"), "--diagnostics: there are none here"),
        (("git", "-r", "missing/out.json"), "there is no folder missing"),
        (
            ("git", "-b", "base.json", "-r", "./base.json"),
            "base.json would replace the file of --baseline-path; name another file",
        ),
        (("git", "-b", "missing.json"), "missing.json: No such file"),
        (("git", "--enable-rule", "nope"), "there is no rule 'nope'"),
        (("git", "--exit-code", "256"), "--exit-code"),
        (("git", "--bogus"), "No such option"),
        (("git", "--pre-commit", "--log-opts", "x", "missing"), "missing does not exist"),
        (("dir", "missing"), "missing is not a folder"),
        (("stdin", "more"), "stdin takes no PATH, and 'more' is one too many"),
        (("detect", "."), "write `forensics detect -s .`"),
        (("detect", "-v", "a b"), "write `forensics detect -s 'a b'`"),
        (("protect", "--staged", "--", "-x"), "write `forensics protect -s -x`"),
        (("git", ".", "more"), "git takes one PATH, and 'more' is one too many"),
    ],
)
def test_what_cannot_be_done_is_an_error(leaked: Path, words: tuple[str, ...], said: str) -> None:
    """Of one line, that says what to do instead."""
    (leaked / "base.json").write_text("[]")
    done = forensics(*words, cwd=leaked)
    assert done.code == 2
    assert said in done.error()


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


def test_files_are_named_as_they_were_given(leaked: Path) -> None:
    """With the folder before them, or a file alone."""
    for given in ("deploy", "./deploy/", "deploy/ci.env", "."):
        (found,) = report(forensics("dir", given, "-f", "json", "-r", "-", cwd=leaked))
        assert (found["File"], found["Fingerprint"]) == (PLACE, f"{PLACE}:github-pat:2")
    (found,) = report(forensics("file", leaked / "deploy", "-f", "json", "-r", "-"))
    assert found["File"] == str(leaked / PLACE)
    assert forensics("directory", leaked).code == 1
    assert forensics("detect", "--no-git", "-s", leaked).code == 1


def test_links_to_files_are_followed_where_that_is_asked_for(tmp_path: Path) -> None:
    """Not those to folders, nor ones that lead nowhere."""
    (tmp_path / "elsewhere").write_bytes(setting(token()))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to("../elsewhere")
    (folder / "loop").symlink_to(".")
    (folder / "nowhere").symlink_to("gone")
    assert forensics("dir", folder).code == 0
    done = forensics("dir", folder, "--follow-symlinks", "-f", "json", "-r", "-")
    assert [one["File"] for one in report(done)] == [str(folder / "link")]


def test_large_contents_are_left_out_and_counted(tmp_path: Path) -> None:
    """The user's own limit is no gap."""
    builder, _ = begin(tmp_path / "r")
    large = setting(token()) + b"#\n" * 600_000
    builder.write("large.env", large)
    builder.commit("Leak")
    path = builder.populate()
    for words in (("git", path), ("dir", path / "large.env"), ("stdin",)):
        done = forensics(*words, "--max-target-megabytes", "1", given=large)
        assert (done.code, "left out  1 that" in done.err) == (0, True)
        assert forensics(*words, "--max-target-megabytes", "2", given=large).code == 1


@pytest.mark.parametrize("words", [("stdin",), ("detect", "--pipe")])
def test_standard_input_is_scanned(words: tuple[str, ...]) -> None:
    """And has no name."""
    done = forensics(*words, "-f", "json", "-r", "-", given=setting(token()))
    assert (done.code, report(done)[0]["Fingerprint"]) == (1, "-:github-pat:2")
    assert forensics(*words, given=b"nothing\n").code == 0


def test_a_scan_that_takes_too_long_is_incomplete(no_user: Path) -> None:
    """It ends by itself."""
    with process("stdin", "--timeout", "1", stdin=-1, env=environment()) as started:
        assert started.wait(timeout=60) == 3
        assert started.stderr is not None
        assert b"stopped after 1 s: not everything was read" in started.stderr.read()


def test_a_scan_that_is_in_time_is_not_stopped(leaked: Path) -> None:
    """The limit is there for nothing else."""
    started = process("git", leaked, "--timeout", "600")
    assert ended(started).code == 1


class Working:
    """A work tree with a secret that is staged, and one that is not."""

    def __init__(self, path: Path) -> None:
        builder, _ = begin(path)
        builder.write("a/staged.env", "A=1\n")
        builder.write("b/changed.env", "A=1\n")
        builder.commit("Files")
        self.path = builder.populate()
        (path / "a/staged.env").write_bytes(setting(token(1)))
        git(path, "add", "a")
        (path / "b/changed.env").write_bytes(setting(token(2)))
        (path / "untracked.env").write_bytes(setting(token(3)))

    def files(self, *words: object, where: str = "") -> list[str]:
        done = forensics(*words, self.path / where, "-f", "json", "-r", "-")
        return [one["File"] for one in report(done)]


STAGED, UNSTAGED = ["a/staged.env"], ["b/changed.env"]


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (("git", "--staged"), STAGED),
        (("git", "--pre-commit", "--staged"), STAGED),
        (("git", "--pre-commit"), UNSTAGED),
        (("protect", "--staged", "-s"), STAGED),
        (("protect", "-s"), UNSTAGED),
    ],
)
def test_changes_are_scanned_as_git_diff_tells_them(
    tmp_path: Path, words: tuple[str, ...], files: list[str]
) -> None:
    """What is not staged is compared with what is, untracked files are none; and only what is
    below the folder named."""
    working = Working(tmp_path / "r")
    assert working.files(*words) == files
    assert working.files(*words, where="a") == [one for one in files if one.startswith("a/")]


def test_a_secret_that_is_staged_is_not_an_unstaged_change(tmp_path: Path) -> None:
    """Also where the file changed again."""
    working = Working(tmp_path / "r")
    with (working.path / "a/staged.env").open("ab") as file:
        file.write(b"MORE=1\n")
    assert working.files("protect", "-s") == UNSTAGED


def test_the_first_parent_alone_shows_what_a_merge_brings(tmp_path: Path) -> None:
    """As `git log --first-parent -p` does; without it, the side branch brought it."""
    builder, _ = begin(tmp_path / "r")
    builder.branch("side")
    builder.write(PLACE, setting(token()))
    brought = builder.commit("Leak")
    builder.checkout("main")
    merge = builder.merge("side", message="Merge side")
    path = builder.populate()
    for words, commit in (("--first-parent -1", merge), ("HEAD", brought)):
        done = forensics("git", path, "--log-opts", words, "-f", "json", "-r", "-")
        assert [one["Commit"] for one in report(done)] == [commit]
    assert forensics("git", path, "--log-opts=-1").code == 0


def test_an_option_that_is_hidden_in_words_for_git_is_not_run(leaked: Path) -> None:
    """`git log` would write where `--output` says."""
    out = leaked.parent / "out"
    done = forensics("git", leaked, f"--log-opts=--all --output={out}")
    assert (done.code, out.exists()) == (2, False)
    assert "--output does not choose commits here" in done.error()


def test_help_lists_them_apart() -> None:
    """So that nobody takes them for more to learn."""
    out = forensics("--help").out
    assert "\nCommands as gitleaks has them:\n  git " in out
