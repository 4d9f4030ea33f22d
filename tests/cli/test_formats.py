"""Each format says what was found, and is valid where others say what valid is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sarif_pydantic import Sarif

from fixtures_repos.builder import Builder
from fixtures_repos.damage import overwrite
from fixtures_repos.git import git
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import PLACE, begin, setting, token
from tests.cli.command import forensics
from tests.cli.formats import (
    ALL,
    csv_of,
    dojo_of,
    gitlab_of,
    gitleaks_of,
    junit_of,
    run_of,
    told,
)

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def acme(acme_repository: Path) -> Path:
    assert forensics("scan", acme_repository).code == 1
    return acme_repository


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    builder, _ = begin(tmp_path / "clean")
    return builder.path


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    """One secret that a mark ignores."""
    builder, _ = begin(tmp_path / "marked")
    builder.write(PLACE, b"A=%s  # gitleaks:allow\n" % token())
    builder.commit("Leak")
    return builder.path


@pytest.mark.parametrize("output_format", ALL)
def test_findings_say_what_the_scan_said(acme_repository: Path, output_format: str) -> None:
    """With the same exit code, and nothing but the summary beside it."""
    scanned = told(output_format, acme_repository, "--deterministic", command="scan")
    listed = told(output_format, acme_repository, "--deterministic")
    assert scanned.out == listed.out
    assert (scanned.code, listed.code, listed.err) == (1, 1, "")
    assert "secrets   13" in scanned.err


def test_sarif_of_acme_is_valid(acme: Path) -> None:
    """Every result has a rule with help, a place and fingerprints, and none is missing."""
    run = run_of(told("sarif", acme).out)
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(told("jsonl", acme).lines)
    assert run["invocations"][0]["executionSuccessful"] is True
    for one in run["results"]:
        rule = rules[one["ruleIndex"]]
        assert rule["id"] == one["ruleId"]
        assert rule["help"]["text"].startswith(rule["fullDescription"]["text"])
        assert 0 < float(rule["properties"]["security-severity"]) <= 10
        assert len(one["partialFingerprints"]) == 2
        assert one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    names = [one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"]]
    assert len({*names}) == len(names)


def test_a_second_tool_reads_sarif_and_loses_nothing(acme: Path) -> None:
    """What it writes back is what we wrote."""
    text = told("sarif", acme).out
    again = Sarif.model_validate_json(text).model_dump_json(by_alias=True, exclude_none=True)
    assert json.loads(again) == json.loads(text)


def test_sarif_tells_a_secrets_history(moved_by_rename: Story) -> None:
    """As a flow, an event a location."""
    forensics("scan", moved_by_rename.path)
    run = run_of(told("sarif", moved_by_rename.path).out)
    for one in run["results"]:
        ((flow,),) = [each["threadFlows"] for each in one["codeFlows"]]
        said = [each["location"]["message"]["text"] for each in flow["locations"]]
        assert said[0].startswith(
            f"introduced in commit {moved_by_rename.commits['leak'][:12]} by Ben Instance on 2023-"
        )
        assert any(
            text.startswith(f"moved in commit {moved_by_rename.commits['move'][:12]}")
            for text in said
        )


def test_sarif_columns_count_utf_16(tmp_path: Path) -> None:
    """And the end is one past the last, as editors have it."""
    builder, _ = begin(tmp_path / "wide")
    before = "# 😀é\t"
    builder.write(PLACE, f"{before}GITHUB_TOKEN=".encode() + token() + b" # after\n")
    builder.commit("Leak")
    (result,) = run_of(told("sarif", builder.path, command="scan").out)["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    start = len(f"{before}GITHUB_TOKEN=".encode("utf-16-le")) // 2 + 1
    assert region == {
        "startLine": 1, "endLine": 1, "startColumn": start, "endColumn": start + len(token()),
    }  # fmt: skip


def test_a_place_is_where_it_stands_now(tmp_path: Path) -> None:
    """So that an annotation meets its line; and of what is gone, where it first stood."""
    builder, _ = begin(tmp_path / "moved-down")
    builder.write(PLACE, setting(token(1)))
    builder.write("old.env", setting(token(2)))
    builder.commit("Leak")
    builder.write(PLACE, b"# one\n# two\n" + setting(token(1)))
    builder.delete("old.env")
    builder.commit("Comment")
    lines = {one["path"]: one["start_line"] for one in csv_of(
        told("csv", builder.path, command="scan").out)}  # fmt: skip
    assert lines == {PLACE: "4", "old.env": "2"}


def test_sarif_names_the_repository_without_credentials(leaked_then_deleted: Story) -> None:
    """Its address, the branch and the commit at HEAD."""
    path = leaked_then_deleted.path
    who = "ada:" + token(9).decode()
    git(path, "remote", "add", "origin", f"https://{who}@git.example:8443/acme/parcels.git?a=b")
    run = run_of(told("sarif", path, command="scan").out)
    assert run["versionControlProvenance"] == [{
        "repositoryUri": "https://git.example:8443/acme/parcels.git",
        "revisionId": leaked_then_deleted.commits["delete"],
        "branch": "main",
        "mappedTo": {"uriBaseId": "%SRCROOT%"},
    }]  # fmt: skip


def test_an_address_with_a_secret_in_it_is_not_named(leaked_then_deleted: Story) -> None:
    """Wherever it stands in it."""
    path = leaked_then_deleted.path
    git(path, "remote", "add", "origin", f"https://git.example/{token(7).decode()}/parcels.git")
    text = told("sarif", path, command="scan").out
    assert "versionControlProvenance" not in run_of(text)


def test_what_is_ignored_or_triaged_away_is_suppressed(marked: Path) -> None:
    """In the ways that each format has."""
    done = told("sarif", marked, command="scan")
    assert done.code == 0
    (result,) = run_of(done.out)["results"]
    (why,) = result["suppressions"]
    assert why == {
        "kind": "inSource", "status": "accepted", "justification": "ignored by gitleaks:allow",
    }  # fmt: skip
    root = junit_of(told("junit", marked).out)
    assert [one.get("message") for one in root.iter("skipped")] == ["gitleaks:allow"]
    (dojo,) = dojo_of(told("defectdojo", marked).out)
    assert (dojo["active"], dojo["out_of_scope"]) == (False, True)
    (row,) = csv_of(told("csv", marked).out)
    assert (row["status"], row["ignored"]) == ("ignored", "gitleaks:allow")
    assert gitleaks_of(told("gitleaks", marked).out) == []
    assert gitlab_of(told("gitlab", marked).out)["vulnerabilities"] == []
    assert told("github", marked).out == ""
    assert "1 ignored or triaged away" in told("markdown", marked).out


def test_triage_is_told(leaked_then_deleted: Story) -> None:
    """An accepted secret is no failure any more."""
    path = leaked_then_deleted.path
    forensics("scan", path)
    forensics("triage", "--all", "--state", "accepted", "--reason", "sandbox", "--yes", "-C", path)
    (result,) = run_of(told("sarif", path).out)["results"]
    assert result["suppressions"][0]["justification"] == "triaged as accepted"
    (dojo,) = dojo_of(told("defectdojo", path).out)
    assert (dojo["active"], dojo["risk_accepted"]) == (False, True)
    assert told("junit", path).code == 0


def test_nothing_found_is_a_report_too(clean: Path) -> None:
    """Valid, and a test that passes."""
    forensics("scan", clean)
    run = run_of(told("sarif", clean).out)
    assert (run["results"], run["invocations"][0]["exitCode"]) == ([], 0)
    (case,) = junit_of(told("junit", clean).out).iter("testcase")
    assert len(case) == 0
    assert csv_of(told("csv", clean).out) == []
    assert gitleaks_of(told("gitleaks", clean).out) == []
    assert gitlab_of(told("gitlab", clean).out)["scan"]["status"] == "success"
    assert dojo_of(told("defectdojo", clean).out) == []
    assert told("github", clean).out == ""
    assert told("markdown", clean).out.startswith("### No secret found\n")


def test_what_could_not_be_read_is_told(tmp_path: Path) -> None:
    """A report of an incomplete scan cannot be taken for a clean one."""
    builder, _ = begin(tmp_path / "damaged")
    oid = builder.write("data.bin", b"\0" * 400)
    builder.commit("Add data")
    overwrite(builder.git_dir / "objects" / oid[:2] / oid[2:], b"nothing")
    done = told("sarif", builder.path, command="scan")
    assert done.code == 3
    invocation = run_of(done.out)["invocations"][0]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 3)
    assert invocation["toolExecutionNotifications"][0]["level"] == "error"
    assert [*junit_of(told("junit", builder.path).out).iter("error")]
    report = gitlab_of(told("gitlab", builder.path).out)
    assert report["scan"]["status"] == "failure"
    assert report["scan"]["messages"][0]["level"] == "warn"
    assert told("github", builder.path).out.startswith("::warning title=Not covered::")
    assert "not everything could be read" in told("markdown", builder.path).out


def test_a_shallow_clone_says_how_to_deepen(leaked_then_deleted: Story, tmp_path: Path) -> None:
    """Which is no failure: it is all that there is."""
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{leaked_then_deleted.path}", str(shallow))
    done = told("sarif", shallow, command="scan")
    invocation = run_of(done.out)["invocations"][0]
    (said,) = invocation["toolExecutionNotifications"]
    assert (done.code, invocation["executionSuccessful"], said["level"]) == (0, True, "note")
    assert "git fetch --unshallow" in said["message"]["text"]


def test_gitleaks_users_find_their_fields(leaked_then_deleted: Story, tmp_path: Path) -> None:
    """And the fingerprint, put into a .gitleaksignore, ignores the finding."""
    path, commit = leaked_then_deleted.path, leaked_then_deleted.commits["leak"]
    (found,) = gitleaks_of(told("gitleaks", path, command="scan").out)
    assert found["Fingerprint"] == f"{commit}:{PLACE}:github-pat:2"
    assert (found["RuleID"], found["Author"], found["Email"]) == (
        "github-pat", "Ben Instance", "ben@acme.example",
    )  # fmt: skip
    assert (found["Message"], found["StartColumn"], found["EndColumn"]) == (
        "Deploy from CI", 14, 53,
    )  # fmt: skip
    assert re.fullmatch(r"2023-01-\d\dT\d\d:00:00Z", found["Date"])
    ignored = tmp_path / ".gitleaksignore"
    ignored.write_text(found["Fingerprint"] + "\n")
    assert forensics("scan", path, "--gitleaks-ignore-path", ignored).code == 0


def test_annotations_name_line_and_columns(leaked_then_deleted: Story) -> None:
    """As GitHub reads them."""
    (line,) = told("github", leaked_then_deleted.path, command="scan").out.splitlines()
    assert line.startswith(
        f"::error title=GitHub personal access token (classic) (github.pat-classic),file={PLACE},"
        "line=2,endLine=2,col=14,endColumn=54::ghp_"
    )


def test_several_targets_make_one_report(leaked_then_deleted: Story, replaced: Story) -> None:
    """Whose names for findings are told apart."""
    both = (leaked_then_deleted.path, replaced.path)
    run = run_of(told("sarif", *both, command="scan").out)
    bases = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"]
             for one in run["results"]}  # fmt: skip
    assert bases == {"%SRCROOT%", "%SRCROOT2%"}
    assert len(gitlab_of(told("gitlab", *both, command="scan").out)["vulnerabilities"]) == 3
    assert len([*junit_of(told("junit", *both, command="scan").out).iter("testsuite")]) == 2


@pytest.mark.parametrize("output_format", ALL)
def test_folders_and_streams_make_reports(tmp_path: Path, output_format: str) -> None:
    """With the path in the folder, and a dash for the stream."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "ci.env").write_bytes(setting(token()))
    done = told(output_format, "--dir", folder, command="scan")
    assert (done.code, "ci.env" in done.out) == (1, True)
    done = forensics("scan", "--stdin", "-f", output_format, given=setting(token()))
    assert (done.code, bool(done.out)) == (1, True)


def test_a_comment_is_short_enough_for_github(tmp_path: Path) -> None:
    """However much was found; what is left out is counted."""
    builder = Builder(tmp_path / "many")
    for number in range(40):
        name = f"{'long-name/' * 12}{number}.env"
        builder.write(name, b"".join(b"T%d=%s\n" % (i, token(number * 20 + i)) for i in range(20)))
    builder.commit("Leak")
    text = told("markdown", builder.path, command="scan").out
    assert 60_000 < len(text) <= 65_000
    assert text.startswith("### 800 secrets found\n")
    assert re.search(r"… and \d+ more, for which there is no room here\.", text)
    assert text.count("<details>") == text.count("</details>") == 1
