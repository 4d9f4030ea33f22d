"""`forensics drift accept`: differences that people accept, in a file for review."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import token
from forensics.key import Key
from tests.cli.command import Done, forensics

FILE = ".forensics-drift.toml"
SAID = {
    "--set": "web", "--key": "LOG_*", "--reason": "quieter there", "--owner": "ops",
    "--expires": "2034-01-31",
}  # fmt: skip


@pytest.fixture
def work_tree(tmp_path: Path) -> Path:
    """A repository with a folder in it."""
    builder = Builder(tmp_path / "repo")
    builder.write("web/.env.prod", "A=1\n")
    builder.commit("Start")
    return builder.populate()


def accept(path: Path, *more: object, **changed: str | None) -> Done:
    """Accept what `SAID` says, with changes; None leaves an option out."""
    said = SAID | {f"--{name}": text for name, text in changed.items()}
    words = [word for option, text in said.items() if text is not None for word in (option, text)]
    return forensics("drift", "accept", *words, *more, cwd=path)


def test_it_is_written_at_the_top_of_the_work_tree(work_tree: Path) -> None:
    """Wherever in it one works; the line says where, and how to use it."""
    done = accept(work_tree / "web", kind="value", environment="Production")
    assert (done.code, done.out) == (0, "")
    file = work_tree / FILE
    assert f"--acceptances {file}" in done.error()
    assert file.read_text().endswith(
        '\n[[accept]]\nset = "web"\nkey = "LOG_*"\nkind = "value"\nenvironment = "prod"\n'
        'reason = "quieter there"\nowner = "ops"\nexpires = 2034-01-31\n'
    )


def test_it_is_written_where_it_is_told(work_tree: Path, tmp_path: Path) -> None:
    """A bare repository has no other place."""
    file = tmp_path / "accepted.toml"
    assert accept(work_tree, "--file", file).code == 0
    assert file.exists()
    assert not (work_tree / FILE).exists()
    subprocess.run(["git", "init", "-q", "--bare", tmp_path / "bare"], check=True)
    refused = accept(tmp_path / "bare")
    assert refused.code == 2
    assert "--file" in refused.error()


def test_days_are_counted_from_today(work_tree: Path) -> None:
    """In UTC."""
    accept(work_tree, expires="90d")
    (line,) = forensics("drift", "accept", "--list", "-f", "jsonl", cwd=work_tree).lines
    today = datetime.now(UTC).date()
    assert line["expires"] in {str(today + timedelta(days=number)) for number in (89, 90)}
    assert line["expired"] is False


def test_accepting_again_replaces_and_nothing_is_there_twice(work_tree: Path) -> None:
    """And says so."""
    accept(work_tree)
    again = accept(work_tree, reason="still", expires="2033-01-01")
    assert "anew" in again.error()
    (line,) = forensics("drift", "accept", "--list", "-f", "jsonl", cwd=work_tree).lines
    assert (line["reason"], line["expires"]) == ("still", "2033-01-01")


def test_what_is_accepted_can_be_listed_and_taken_back(work_tree: Path) -> None:
    """By what it is about."""
    accept(work_tree)
    accept(work_tree, key="PORT", kind="missing")
    rows = forensics("drift", "accept", "--list", cwd=work_tree).out.splitlines()
    assert [row.split()[:3] for row in rows[1:]] == [
        ["web", "LOG_*", "any"], ["web", "PORT", "missing"],
    ]  # fmt: skip
    words = ("drift", "accept", "--remove", "--set", "web", "--key")
    assert forensics(*words, "LOG_*", cwd=work_tree).code == 0
    assert forensics(*words, "LOG_*", cwd=work_tree).code == 2
    (left,) = forensics("drift", "accept", "--list", "-f", "jsonl", cwd=work_tree).lines
    assert left["key"] == "PORT"


def test_what_expired_can_be_listed_and_taken_back_alone(work_tree: Path) -> None:
    """All of it at once."""
    accept(work_tree)
    file = work_tree / FILE
    block = file.read_text().partition("\n[[accept]]")[2]
    old = block.replace("LOG_*", "OLD").replace("2034", "1999")
    file.write_text(f"{file.read_text()}\n[[accept]]{old}")
    words = ("drift", "accept", "--expired")
    (line,) = forensics(*words, "--list", "-f", "jsonl", cwd=work_tree).lines
    assert (line["key"], line["expired"]) == ("OLD", True)
    assert forensics(*words, "--remove", cwd=work_tree).code == 0
    (line,) = forensics("drift", "accept", "--list", "-f", "jsonl", cwd=work_tree).lines
    assert line["key"] == "LOG_*"


@pytest.mark.parametrize("option", SAID)
def test_everything_has_to_be_said(work_tree: Path, option: str) -> None:
    """Nothing is written otherwise."""
    refused = accept(work_tree, **{option[2:]: None})
    assert refused.code == 2
    assert option in refused.error()
    assert not (work_tree / FILE).exists()


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("expires", "2001-01-01"), ("expires", "soon"), ("expires", "999999d"), ("reason", " "),
        ("expires", "2300-01-01"), ("expires", "3660d"),
        ("owner", "a\x1b[2J"), ("kind", "worse"), ("key", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(work_tree: Path, option: str, text: str) -> None:
    """In one line that names the option."""
    refused = accept(work_tree, **{option: text})
    assert refused.code == 2
    assert f"--{option}" in refused.error()
    assert not (work_tree / FILE).exists()


def test_a_reason_that_holds_a_secret_is_refused(work_tree: Path) -> None:
    """For the file is committed; nothing of it is printed."""
    secret = token(1).decode()
    refused = accept(work_tree, reason=f"it was {secret}")
    assert refused.code == 2
    assert "looks like a secret" in refused.error()
    assert secret not in refused.error()
    assert not (work_tree / FILE).exists()


def test_a_file_that_is_wrong_is_told_with_its_line_and_kept(work_tree: Path) -> None:
    """Nothing is written over it."""
    file = work_tree / FILE
    file.write_text("format = 1\n\n[[accept]]\nset = 1\n")
    refused = accept(work_tree)
    assert refused.code == 2
    assert refused.error().startswith(f"{FILE}:3: ")
    assert file.read_text().endswith("set = 1\n")


@pytest.mark.parametrize("there", [False, True])
def test_a_link_is_not_written_through(work_tree: Path, tmp_path: Path, there: bool) -> None:
    """A repository could have one that leads anywhere."""
    outside = tmp_path / "outside.toml"
    if there:
        outside.write_text("format = 1\n")
    (work_tree / FILE).symlink_to(outside)
    done = accept(work_tree)
    assert (done.code, done.out) == (2, "")
    assert "is a symbolic link" in done.error()
    assert not there or outside.read_text() == "format = 1\n"
    assert outside.exists() == there
    assert not list(work_tree.glob(f".{FILE}.*"))


def test_a_file_that_is_not_there_is_told(tmp_path: Path, work_tree: Path) -> None:
    """With what writes one."""
    missing = forensics("drift", "accept", "--list", "--file", tmp_path / "no.toml", cwd=work_tree)
    assert missing.code == 2
    assert "forensics drift accept" in missing.error()


def test_the_journal_of_an_index_tells_of_it(work_tree: Path, tmp_path: Path, key: Key) -> None:
    """Who accepted what and took it back; where there is no index, none is made."""
    assert accept(work_tree).code == 0
    assert not (work_tree / ".git/forensics").exists()
    forensics("drift", work_tree)
    accept(work_tree, kind="value")
    accept(work_tree, kind="value", owner="others")
    forensics("drift", "accept", "--remove", "--set", "web", "--key", "LOG_*", cwd=work_tree)
    done = forensics("log", "-f", "jsonl", work_tree)
    told = [json.loads(line) for line in done.out.splitlines()]
    assert [(one["kind"], one["subject"], one["detail"]["owner"]) for one in told] == [
        ("drift-accepted", "LOG_*", "ops"),
        ("drift-accepted", "LOG_*", "others"),
        ("drift-taken-back", "LOG_*", "ops"),
        ("drift-taken-back", "LOG_*", "others"),
    ]
    assert forensics("log", "verify", work_tree).code == 0
    refused = accept(work_tree, "--index", tmp_path / "none.db")
    assert refused.code == 2
    assert "there is no index" in refused.error()


def test_what_the_journal_is_told_holds_no_secret(work_tree: Path, tmp_path: Path) -> None:
    """A name of a set can hold one."""
    value = token(7).decode()
    forensics("drift", work_tree)
    assert accept(work_tree, set=f"web/{value}", file=str(tmp_path / f"{value}.toml")).code == 0
    assert value.encode() not in (work_tree / ".git/forensics/index.db").read_bytes()
    assert "drift:web/" in forensics("log", work_tree, "-f", "jsonl").out
