"""`--baseline` with an earlier report: what it lists is ignored, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.stories.story import PLACE, begin, setting, token
from tests.cli.command import Done, figure, forensics

pytestmark = pytest.mark.usefixtures("key")

FORMATS = ("gitleaks", "json", "jsonl", "sarif")


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    """A repository that leaks one secret."""
    made, _ = begin(tmp_path / "r")
    made.write(PLACE, setting(token(1)))
    made.commit("Leak")
    return made


def baseline(path: Path, name: str, *words: object) -> Path:
    """A report of what there is now, in a format of ours."""
    file = path.parent / f"base.{name}"
    forensics("scan", path, *words, "--report", f"{name}={file}")
    return file


def entry(commit: str, **other: Any) -> dict[str, Any]:
    """As gitleaks writes one."""
    return {
        "RuleID": "github-pat", "File": PLACE, "StartLine": 2, "EndLine": 2, "Commit": commit,
        "Secret": "REDACTED", "Match": "REDACTED", "Fingerprint": "",
    } | other  # fmt: skip


def given(path: Path, content: object) -> Path:
    """A baseline with that content."""
    file = path.parent / "given.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def told(done: Done) -> dict[str, str | None]:
    """What ignores the findings, by path."""
    return {one["path"]: one["ignored"] for one in done.lines}


@pytest.mark.parametrize("option", ["-b", "--baseline", "--baseline-path"])
@pytest.mark.parametrize("name", FORMATS)
def test_what_our_reports_list_is_ignored(builder: Builder, name: str, option: str) -> None:
    """The finding says which file ignores it, and the summary counts it."""
    path = builder.populate()
    file = baseline(path, name)
    done = forensics("scan", path, option, file)
    assert (done.code, figure(done, "ignored")) == (0, f"1 (1 base.{name})")
    (found,) = forensics("findings", path, "-f", "jsonl").lines
    assert (found["status"], found["ignored"]) == ("ignored", f"base.{name}")
    assert forensics("scan", path).code == 1


@pytest.mark.parametrize("name", FORMATS)
def test_a_secret_that_takes_the_place_of_a_known_one_counts(builder: Builder, name: str) -> None:
    """On the same line of the same file; in a scan of everything, and of what is new."""
    file = baseline(builder.populate(), name)
    builder.write(PLACE, setting(token(2)))
    builder.commit("Another")
    path = builder.populate()
    for words in ((), ("--range", "HEAD~1..HEAD")):
        done = forensics("scan", path, *words, "-b", file, "-f", "jsonl")
        assert (done.code, [one["ignored"] for one in done.lines].count(None)) == (1, 1)


@pytest.mark.parametrize("name", FORMATS)
def test_a_known_secret_may_move_in_its_file(builder: Builder, name: str) -> None:
    """Its older version is still there, and its line in it."""
    file = baseline(builder.populate(), name)
    builder.write(PLACE, b"# above\n" * 7 + setting(token(1)))
    builder.commit("Move")
    path = builder.populate()
    assert forensics("scan", path, "-b", file).code == 0
    assert forensics("scan", path, "--range", "HEAD", "-b", file).code == 0


@pytest.mark.parametrize("name", FORMATS)
def test_a_known_secret_at_another_path_counts(builder: Builder, name: str) -> None:
    """Somebody put it there."""
    file = baseline(builder.populate(), name)
    builder.write("other.env", setting(token(1)))
    builder.commit("Copy")
    done = forensics("scan", builder.populate(), "-b", file, "-f", "jsonl")
    assert told(done) == {PLACE: f"base.{name}", "other.env": None}


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_a_report_that_names_secrets_outlives_commits(builder: Builder, name: str) -> None:
    """So what is staged can be compared with it, and a history that was written anew."""
    path = builder.populate()
    file = baseline(path, name)
    git(path, "commit", "-q", "--amend", "-m", "Other words")
    assert forensics("scan", path, "--range", "HEAD", "-b", file).code == 0
    (path / PLACE).write_text("A=1\n")
    git(path, "commit", "-q", "-a", "-m", "Remove")
    (path / PLACE).write_bytes(setting(token(1)))
    git(path, "add", PLACE)
    assert forensics("scan", path, "--staged").code == 1
    assert forensics("scan", path, "--staged", "-b", file).code == 0
    assert forensics("hook", "pre-commit", "-b", file, cwd=path).code == 0
    assert forensics("hook", "pre-commit", cwd=path).code == 1


@pytest.mark.parametrize("name", ["gitleaks", "sarif"])
def test_a_report_that_names_commits_is_about_these(builder: Builder, name: str) -> None:
    """In a history that was written anew, nothing of it is known."""
    path = builder.populate()
    file = baseline(path, name)
    git(path, "commit", "-q", "--amend", "-m", "Other words")
    assert forensics("scan", path, "--range", "HEAD", "-b", file).code == 1


def test_every_commit_that_brought_it_must_be_listed(builder: Builder) -> None:
    """One that brings it back is new."""
    first = builder.head
    builder.write(PLACE, "A=1\n")
    builder.commit("Remove")
    builder.write(PLACE, setting(token(1)))
    second = builder.commit("Again")
    path = builder.populate()
    assert forensics("scan", path, "-b", given(path, [entry(first)])).code == 1
    assert forensics("scan", path, "-b", given(path, [entry(first), entry(second)])).code == 0


@pytest.mark.parametrize(
    "other",
    [{"File": "other"}, {"StartLine": 3}, {"RuleID": "aws-access-token"}, {"Commit": ""},
     {"Commit": "0" * 40}],
)  # fmt: skip
def test_an_entry_about_something_else_ignores_nothing(
    builder: Builder, other: dict[str, Any]
) -> None:
    """One without a commit is about files that are in none."""
    path = builder.populate()
    assert forensics("scan", path, "-b", given(path, [entry(builder.head, **other)])).code == 1
    assert forensics("scan", path, "-b", given(path, [entry(builder.head)])).code == 0


def test_files_are_known_by_their_place(tmp_path: Path) -> None:
    """As gitleaks names them; the baseline among them is no finding itself."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.env").write_bytes(setting(token()))
    listed = [entry("", File="folder/a.env", Secret=token().decode())]
    (folder / "base.json").write_text(json.dumps(listed))
    assert forensics("dir", "folder", cwd=tmp_path).code == 1
    assert forensics("dir", "folder", "-b", "folder/base.json", cwd=tmp_path).code == 0


def test_betterleaks_reports_are_read(builder: Builder) -> None:
    """As version 2 writes them: JSON, or an entry a line."""
    path = builder.populate()
    one = {
        "rule_id": "github-pat", "attributes": {"git.sha": builder.head},
        "location": {"path": PLACE, "start_line": 2},
    }  # fmt: skip
    whole = {"schema_version": "1", "findings": [one], "scan": {}}
    for content in (whole, f"{json.dumps(one)}\n{json.dumps(one)}\n"):
        assert forensics("scan", path, "-b", given(path, content)).code == 0
    in_files = one | {"attributes": {}, "location": {"path": f"./{PLACE}", "start_line": 2}}
    assert forensics("dir", ".", "-b", given(path, [in_files]), cwd=path).code == 0


def test_sarif_of_gitleaks_is_read(builder: Builder) -> None:
    """With the commit where gitleaks puts it, and the path as a URI."""
    builder.write("odd name%.env", setting(token(2)))
    builder.commit("Leak more")
    path = builder.populate()

    def result(commit: str, uri: str) -> dict[str, Any]:
        place = {"artifactLocation": {"uri": uri}, "region": {"startLine": 2}}
        return {
            "ruleId": "github-pat", "locations": [{"physicalLocation": place}],
            "partialFingerprints": {"commitSha": commit},
        }  # fmt: skip

    before = git(path, "rev-parse", "HEAD~1").decode().strip()
    results = [result(before, PLACE), result(builder.head, "odd%20name%25.env")]
    assert forensics("scan", path, "-b", given(path, {"runs": [{"results": results}]})).code == 0
    assert (
        forensics("scan", path, "-b", given(path, {"runs": [{"results": results[:1]}]})).code == 1
    )


def test_what_does_not_fit_is_named(builder: Builder) -> None:
    """In one line; the rest counts."""
    path = builder.populate()
    odd = [entry("x"), entry("", StartLine=True), {"RuleID": "a"}, 3, None, [], {"secret": ""}]
    done = forensics("scan", path, "-b", given(path, [*odd, entry(builder.head)]), "-f", "json")
    assert done.code == 0
    assert "given.json: 7 of 8 entries name no finding and ignore nothing" in done.err


@pytest.mark.parametrize(
    "content",
    ["", "\0", "not JSON", "3", '"text"', "{}", "[3]", "[{}]", '{"a": 1}\n[', "[" * 100_000,
     '{"a":' * 100_000, "[1" + "0" * 5_000 + "]", '{"runs": [{"results": [{"ruleId": 3}]}]}',
     '{"findings": [{"rule_id": "x"}]}', '{"results": {"a": [{"hashed_secret": 1}]}}'],
)  # fmt: skip
def test_what_is_no_baseline_is_an_error(builder: Builder, content: str) -> None:
    """Of one line, whatever is in the file."""
    path = builder.populate()
    done = forensics("scan", path, "-b", given(path, content))
    assert (done.code, "no baseline" in done.error()) == (2, True)


@pytest.mark.parametrize("content", ["[]", '{"runs": []}', '{"findings": []}', "[]\n"])
def test_an_empty_report_ignores_nothing(builder: Builder, content: str) -> None:
    """As gitleaks writes one where nothing was found."""
    path = builder.populate()
    assert forensics("scan", path, "-b", given(path, content)).code == 1


def test_a_baseline_under_another_key_ignores_nothing(builder: Builder) -> None:
    """Its secrets have other names."""
    path = builder.populate()
    file = baseline(path, "jsonl")
    line = json.loads(file.read_text())
    file.write_text(json.dumps(line | {"secret": "0" * 64}))
    assert forensics("scan", path, "-b", file).code == 1
