"""`--report FORMAT=FILE`: several at once, whole or not at all, the same every time."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures_repos.stories import Story
from fixtures_repos.stories.story import begin
from forensics.cli.writing import write_text
from forensics.errors import UsageProblem
from forensics.key import Key, config_folder, save_key
from forensics.report.formats import FORMATS
from tests.cli.command import forensics
from tests.cli.formats import ALL, csv_of, junit_of, run_of, told

pytestmark = pytest.mark.usefixtures("key")

FILES = (*ALL, "json", "jsonl")


def test_several_reports_are_written_at_once(replaced: Story, tmp_path: Path) -> None:
    """Beside what is printed, each as `--format` would print it."""
    asked = [word for name in FILES for word in ("--report", f"{name}={tmp_path / name}")]
    done = forensics("scan", replaced.path, "--deterministic", *asked)
    assert (done.code, "SEVERITY" in done.out) == (1, True)
    for name in FILES:
        text = (tmp_path / name).read_bytes().decode()
        assert text == told(name, replaced.path, "--deterministic").out


def test_a_report_is_written_where_nothing_is_found(tmp_path: Path) -> None:
    """A later step can rely on it."""
    builder, _ = begin(tmp_path / "clean")
    file = tmp_path / "out.sarif"
    assert forensics("scan", builder.path, "--report", f"sarif={file}").code == 0
    assert run_of(file.read_text())["results"] == []
    assert forensics("findings", builder.path, "--report", f"sarif={file}").code == 0


@pytest.mark.parametrize(
    ("report", "says"),
    [
        ("sarif", "is not FORMAT=FILE"),
        ("sarif=", "is not FORMAT=FILE"),
        ("table=out", "is not FORMAT=FILE"),
        ("html=out", "is not FORMAT=FILE"),
        ("sarif=missing/out.sarif", "cannot be written: there is no folder missing"),
        ("sarif=.", "cannot be written: it is a folder"),
        ("sarif=-", "`-f sarif` prints a report"),
    ],
)
def test_what_cannot_be_written_is_said_before_the_scan(
    leaked_then_deleted: Story, report: str, says: str
) -> None:
    """One line, exit code 2, and no index is made."""
    done = forensics("scan", leaked_then_deleted.path, "--report", report,
                     cwd=leaked_then_deleted.path)  # fmt: skip
    assert (done.code, done.out) == (2, "")
    assert says in done.error()
    assert not (leaked_then_deleted.path / ".git" / "forensics").exists()


def test_two_reports_in_one_file_are_refused(replaced: Story, tmp_path: Path) -> None:
    """However it is spelt."""
    done = forensics(
        "scan", replaced.path, "--report", f"csv={tmp_path / 'a'}",
        "--report", f"junit={tmp_path}/./a",
    )  # fmt: skip
    assert done.code == 2
    assert "two reports would be" in done.error()


@pytest.mark.parametrize("stopped", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_no_half_report_is_left(tmp_path: Path, stopped: BaseException) -> None:
    """Where the disk is full or somebody stops it, the old one stays, and nothing beside it."""
    file = tmp_path / "out.sarif"
    file.write_text("the last one")

    def pieces() -> Iterator[str]:
        yield "a" * 100_000
        raise stopped

    with pytest.raises((UsageProblem, KeyboardInterrupt)) as caught:
        write_text(pieces(), file)
    if isinstance(stopped, OSError):
        assert str(caught.value) == f"{file} cannot be written: No space left; name another file"
    assert file.read_text() == "the last one"
    assert os.listdir(tmp_path) == ["out.sarif"]


@pytest.mark.parametrize("name", ["plain", "nothing", "pipe"])
def test_a_link_is_replaced_and_not_followed(replaced: Story, tmp_path: Path, name: str) -> None:
    """A commit could bring one, at the place where a CI job writes its report."""
    (tmp_path / "plain").write_text("kept")
    os.mkfifo(tmp_path / "pipe")
    link = tmp_path / "report.json"
    link.symlink_to(name)
    assert forensics("scan", replaced.path, "--report", f"gitlab={link}").code == 1
    assert not link.is_symlink()
    assert json.loads(link.read_bytes())["vulnerabilities"]
    assert (tmp_path / "plain").read_text() == "kept"
    assert not (tmp_path / "nothing").exists()


def test_what_is_open_is_written_to(replaced: Story, tmp_path: Path) -> None:
    """Standard output is a link too."""
    with (tmp_path / "out").open("wb") as out:
        file = f"/dev/fd/{out.fileno()}"
        assert forensics("scan", replaced.path, "--report", f"gitlab={file}").code == 1
    assert json.loads((tmp_path / "out").read_bytes())["vulnerabilities"]


def test_a_report_is_as_readable_as_other_files(replaced: Story, tmp_path: Path) -> None:
    """It holds no secret, and the next step of a pipeline may be another user."""
    file = tmp_path / "out.csv"
    before = os.umask(0o022)
    try:
        forensics("scan", replaced.path, "--report", f"csv={file}")
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


@pytest.mark.parametrize("output_format", ALL)
def test_two_runs_give_the_same_bytes(
    acme_repository: Path, tmp_path: Path, output_format: str
) -> None:
    """With two indexes and two keys: nothing in a report comes from either."""
    texts = []
    for number in range(2):
        save_key(Key(bytes([number + 7] * 32), "the test"), replace=True)
        done = told(
            output_format, acme_repository, "--index", tmp_path / f"{number}.db", "--deterministic",
            command="scan",
        )  # fmt: skip
        texts.append(done.out)
    assert texts[0] == texts[1]
    assert len(texts[0]) > 1_000


@pytest.mark.parametrize("output_format", ALL)
def test_only_times_differ_otherwise(
    replaced: Story, output_format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fixed time can also be given from outside."""
    forensics("scan", replaced.path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    dated = told(output_format, replaced.path, "--deterministic").out
    assert ("2001-09-09T01:46:40" in dated) == (output_format in ("sarif", "junit", "gitlab"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    fixed = told(output_format, replaced.path, "--deterministic").out
    assert dated.replace("2001-09-09T01:46:40", "1970-01-01T00:00:00") == fixed


def test_no_keyed_fingerprint_leaves(acme_repository: Path) -> None:
    """Not in any report, of no secret; nor the key's id."""
    forensics("scan", acme_repository)
    secrets = {one["secret"] for one in told("jsonl", acme_repository).lines}
    assert len(secrets) == 13
    for name in ALL:
        text = told(name, acme_repository).out
        assert not [one for one in secrets if one[:8] in text]


def test_a_name_that_is_masked_does_not_leave_its_keyed_mark(in_a_path_name: Story) -> None:
    """What the index knows such a name by is made with the key."""
    forensics("scan", in_a_path_name.path)
    marks = {one["blob"] for one in told("jsonl", in_a_path_name.path).lines
             if one["kind"] == "path"}  # fmt: skip
    assert marks
    for name in ALL:
        text = told(name, in_a_path_name.path).out
        assert text
        assert not [one for one in marks if one[:12] in text]


def test_reports_of_rules_chosen_are_of_these(acme_repository: Path, tmp_path: Path) -> None:
    """What is printed and what is written agree."""
    forensics("scan", acme_repository)
    file = tmp_path / "out.json"
    done = told("csv", acme_repository, "--rule", "sendgrid.api-key", "--report", f"json={file}")
    assert {row["rule"] for row in csv_of(done.out)} == {"sendgrid.api-key"}
    assert {one["rule"] for one in json.loads(file.read_text())} == {"sendgrid.api-key"}


def test_an_index_without_its_repository_still_makes_reports(
    replaced: Story, tmp_path: Path
) -> None:
    """Lines cannot be read again then; fingerprints say so by their name."""
    index = tmp_path / "index.db"
    forensics("scan", replaced.path, "--index", index)
    replaced.path.rename(tmp_path / "elsewhere")
    results = run_of(told("sarif", "--index", index).out)["results"]
    assert len(results) == 2
    for one in results:
        assert one["partialFingerprints"].keys() == {"primaryLocationLineHash", "forensicsPlace/v1"}
        assert "startColumn" not in one["locations"][0]["physicalLocation"]["region"]
    assert len([*junit_of(told("junit", "--index", index).out).iter("failure")]) == 2


def test_one_index_of_several_repositories_makes_one_report(
    leaked_then_deleted: Story, replaced: Story, tmp_path: Path
) -> None:
    """Or of the one that is named."""
    index = tmp_path / "index.db"
    for story in (leaked_then_deleted, replaced):
        forensics("scan", story.path, "--index", index)
    assert len(csv_of(told("csv", "--index", index).out)) == 3
    assert len(csv_of(told("csv", replaced.path, "--index", index).out)) == 2
    assert len([*junit_of(told("junit", "--index", index).out).iter("testsuite")]) == 2


def test_the_command_line_knows_every_format() -> None:
    """It lists them without importing them."""
    assert tuple(FORMATS) == ALL
    assert all(f"{name}|" in forensics("scan", "--help").out.replace("]", "|") for name in ALL)


@pytest.mark.parametrize(
    "option", ["--policy", "--config", "--gitleaks-ignore-path", "--baseline-path", "--rules"]
)
@pytest.mark.parametrize("way", ["named as it is", "by another path", "what a link leads to"])
def test_no_report_replaces_what_the_command_reads(
    leaked_then_deleted: Story, tmp_path: Path, option: str, way: str
) -> None:
    """Said before anything is read, and nothing is written."""
    file, link = tmp_path / "input", tmp_path / "link"
    file.write_text("as it was")
    link.symlink_to(file)
    named = link if way == "what a link leads to" else file
    output = tmp_path / ".." / tmp_path.name / "input" if way == "by another path" else file
    done = forensics("scan", leaked_then_deleted.path, option, named, "--report", f"csv={output}")
    assert done.code == 2
    assert done.error().startswith(f"{output} would replace the file of --")
    assert file.read_text() == "as it was"


@pytest.mark.parametrize("variable", ["FORENSICS_CONFIG", "FORENSICS_INDEX", "GITLEAKS_CONFIG"])
def test_nor_what_a_variable_names(
    leaked_then_deleted: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """For all commands that write reports."""
    file = tmp_path / "input"
    file.write_text("as it was")
    monkeypatch.setenv(variable, str(file))
    for words in (
        ("scan", leaked_then_deleted.path, "--report", f"csv={file}"),
        ("findings", leaked_then_deleted.path, "--report", f"csv={file}"),
        ("git", leaked_then_deleted.path, "-f", "csv", "-r", file),
    ):
        done = forensics(*words)
        assert (done.code, variable in done.error()) == (2, True)
    assert file.read_text() == "as it was"


def test_nor_what_stands_in_the_users_configuration(
    leaked_then_deleted: Story, tmp_path: Path
) -> None:
    """The key, and the policy of all scans; nor a file that is scanned."""
    policy = config_folder() / "forensics.toml"
    policy.write_text("")
    scanned = tmp_path / "a.env"
    scanned.write_text("A=1\n")
    for file in (policy, config_folder() / "key"):
        before = file.read_bytes()
        done = forensics("scan", leaked_then_deleted.path, "--report", f"csv={file}")
        assert (done.code, "your configuration folder" in done.error()) == (2, True)
        assert file.read_bytes() == before
    done = forensics("dir", scanned, "-f", "csv", "-r", scanned)
    assert (done.code, done.error()) == (
        2, f"{scanned} would replace the file of PATH; name another file",
    )  # fmt: skip


def test_a_link_of_that_name_is_replaced_and_not_what_it_leads_to(
    leaked_then_deleted: Story, tmp_path: Path
) -> None:
    """So it may lead to the policy."""
    policy, link = tmp_path / "forensics.toml", tmp_path / "out.csv"
    policy.write_text("")
    link.symlink_to(policy)
    done = forensics(
        "scan", leaked_then_deleted.path, "--policy", policy, "--report", f"csv={link}"
    )
    assert (done.code, link.is_symlink(), policy.read_text()) == (1, False, "")
