"""`git`, `dir`, `stdin`, `detect` and `protect`: reports and exit codes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories.story import PLACE, begin, token
from tests.cli.as_gitleaks.scene import report
from tests.cli.command import forensics

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """Nothing leaks."""
    return begin(tmp_path / "clean")[0].populate()


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
