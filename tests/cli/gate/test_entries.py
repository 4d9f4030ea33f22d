"""The gate: what passes by which entry of a policy."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import PLACE, setting, token
from tests.cli.command import forensics
from tests.cli.gate.scene import PASS_ALL, PASS_DEPLOY, gated, policy

pytestmark = pytest.mark.usefixtures("key")
EVERYWHERE = [
    ("scan",), ("scan", "--range", "HEAD"), ("scan", "--since", "HEAD~3"), ("scan", "--dir"),
    ("findings",),
]  # fmt: skip


@pytest.mark.parametrize("words", EVERYWHERE, ids=" ".join)
def test_what_passes_does_not_fail_a_command(
    leaked: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """It is listed all the same, and the summary says what decided."""
    forensics("scan", leaked)
    for said, code, figures in (
        (PASS_ALL, 0, "0 of 2 findings fail"),
        (PASS_DEPLOY, 1, "1 of 2 findings fails"),
        ("[gate]\n", 1, "2 of 2 findings fail"),
        (PASS_ALL + PASS_DEPLOY, 0, "0 of 2 findings fail"),
    ):
        done = forensics(*words, leaked, "--policy", policy(tmp_path, said))
        assert (done.code, gated(done)) == (code, figures)
        assert PLACE in done.out
        assert "app/x.env" in done.out
    assert "1 passes by entry 1: made up" in done.out


def test_what_is_at_work_and_staged_is_gated(leaked: Path, tmp_path: Path) -> None:
    """And what comes on standard input, which has no path of a repository."""
    (leaked / "deploy/new.env").write_bytes(setting(token(3)))
    git(leaked, "add", "deploy/new.env")
    file = policy(tmp_path, PASS_DEPLOY)
    for words in (("--staged",), ("--worktree",)):
        assert forensics("scan", leaked, *words).code == 1
        assert forensics("scan", leaked, *words, "--policy", file).code == 0
    done = forensics("scan", "--stdin", "--policy", file, given=setting(token()))
    assert (done.code, gated(done)) == (1, "1 of 1 finding fails")


@pytest.mark.parametrize(
    ("condition", "failing"),
    [
        ("rules = ['github.pat-classic']", 2),
        ("rules = ['gitleaks:github-pat']", 2),
        ("rules = ['github-pat']", 2),
        ("rules = ['github.*']", 2),
        ("rules = ['slack.*']", 0),
        ("severity = 'critical'", 2),
        ("severity = 'low'", 2),
        ("confidence = 0.5", 2),
        ("confidence = 1", 0),
        ("paths = ['**/*.env']", 2),
        ("paths = ['*.env']", 0),
        ("paths = ['Deploy/**']", 0),
        ("paths = ['deploy/**']\nrules = ['github.*']", 1),
        ("paths = ['deploy/**']\nrules = ['slack.*']", 0),
        ("status = ['exposed']", 2),
        ("status = ['deleted-not-rotated', 'revoked']", 0),
        ("new-since = 'HEAD~3'", 2),
        ("new-since = 'HEAD~2'", 1),
        ("new-since = 'refs/heads/main'", 0),
        ("unrotated-days = 10", 2),
        ("unrotated-days = 100000", 0),
    ],
)
@pytest.mark.parametrize("words", [(), ("--range", "HEAD")], ids=["all", "range"])
def test_all_conditions_of_an_entry_must_hold(
    leaked: Path, tmp_path: Path, condition: str, failing: int, words: tuple[str, ...]
) -> None:
    """Else the next one is asked, and in the end the default."""
    said = f"{PASS_ALL}[[gate.rules]]\n{condition}\naction = 'fail'\n"
    done = forensics("scan", leaked, *words, "--policy", policy(tmp_path, said), "-f", "jsonl")
    assert [line["gate"] for line in done.lines].count("fail") == failing
    assert done.code == bool(failing)


def test_the_first_entry_that_fits_decides(leaked: Path, tmp_path: Path) -> None:
    """Whatever later ones say."""
    fail = "[[gate.rules]]\nseverity = 'low'\naction = 'fail'\n"
    assert forensics("scan", leaked, "--policy", policy(tmp_path, PASS_DEPLOY + fail)).code == 1
    done = forensics("scan", leaked, "--policy", policy(tmp_path, fail + PASS_DEPLOY))
    assert gated(done) == "2 of 2 findings fail"


def test_a_status_counts_as_rotation_has_it(leaked_then_deleted: Story, tmp_path: Path) -> None:
    """Deleting is no rotation."""
    for status, code in (("deleted-not-rotated", 0), ("replaced-everywhere", 1)):
        said = f"[[gate.rules]]\nstatus = ['{status}']\naction = 'pass'\n"
        file = policy(tmp_path, said)
        assert forensics("scan", leaked_then_deleted.path, "--policy", file).code == code
        assert forensics("findings", leaked_then_deleted.path, "--policy", file).code == code


def test_what_came_back_since_a_ref_is_new(leaked: Path, tmp_path: Path) -> None:
    """Though it was introduced before, too; but no entry lets it pass as new."""
    git(leaked, "branch", "base")
    git(leaked, "rm", "-q", PLACE)
    git(leaked, "commit", "-q", "-m", "Remove")
    git(leaked, "revert", "--no-edit", "HEAD")
    for action, default in (("fail", "pass"), ("pass", "fail")):
        said = f"[gate]\ndefault='{default}'\n[[gate.rules]]\nnew-since='base'\naction='{action}'\n"
        done = forensics("scan", leaked, "--policy", policy(tmp_path, said), "-f", "jsonl")
        told = {line["path"]: line["gate"] for line in done.lines}
        assert told[PLACE] == "fail"
        assert told["app/x.env"] == default


def test_a_tag_whose_name_is_that_of_a_branch_chooses_nothing(leaked: Path, tmp_path: Path) -> None:
    """Git would take the tag, which whoever may push tags can set on the newest commit."""
    git(leaked, "update-ref", "refs/remotes/origin/main", "HEAD~3")
    said = f"{PASS_ALL}[[gate.rules]]\nnew-since = 'origin/main'\naction = 'fail'\n"
    file = policy(tmp_path, said)
    assert forensics("scan", leaked, "--policy", file).code == 1
    git(leaked, "tag", "origin/main", "HEAD")
    done = forensics("scan", leaked, "--policy", file)
    assert done.code == 2
    assert "refs/remotes/origin/main" in done.error()
    full = policy(tmp_path, said.replace("origin/main", "refs/remotes/origin/main"))
    assert forensics("scan", leaked, "--policy", full).code == 1
    git(leaked, "update-ref", "refs/tags/refs/remotes/origin/main", "HEAD")
    assert forensics("scan", leaked, "--policy", full).code == 1
    git(leaked, "update-ref", "-d", "refs/remotes/origin/main")
    assert forensics("scan", leaked, "--policy", full).code == 2


def test_what_is_ignored_or_triaged_is_not_asked_about(leaked: Path, tmp_path: Path) -> None:
    """A policy makes nothing count."""
    (line, _) = sorted(
        forensics("scan", leaked, "-f", "jsonl").lines, key=lambda one: str(one["path"])
    )
    words = ("--state", "false-positive", "--reason", "an example")
    assert forensics("triage", line["secret"][:12], *words, cwd=leaked).code == 0
    done = forensics("findings", leaked, "--policy", policy(tmp_path, "[gate]\n"), "-f", "jsonl")
    assert gated(done) == "1 of 1 finding fails"
    assert {one["path"]: one.get("gate") for one in done.lines} == {
        "app/x.env": None,
        PLACE: "fail",
    }


def test_reports_say_what_passes(leaked: Path, tmp_path: Path) -> None:
    """Each in the way that its readers know; without a policy there is no word of it."""
    names = ("sarif", "junit", "csv", "github", "markdown", "defectdojo", "json", "gitlab")
    for file, extra in ((None, "plain"), (policy(tmp_path, PASS_DEPLOY), "gated")):
        said = ("--policy", file) if file else ()
        asked = [
            word for name in names for word in ("--report", f"{name}={tmp_path / extra}.{name}")
        ]
        assert forensics("scan", leaked, *said, *asked, "--deterministic").code == 1
    plain = {name: (tmp_path / f"plain.{name}").read_text() for name in names}
    told = {name: (tmp_path / f"gated.{name}").read_text() for name in names}
    assert not [name for name, text in plain.items() if '"gate"' in text or "gate-" in text]
    assert "gate" not in plain["csv"].splitlines()[0]
    results = json.loads(told["sarif"])["runs"][0]["results"]
    assert {(one["properties"]["gate"], one["level"]) for one in results} == {
        ("pass", "note"),
        ("fail", "error"),
    }
    assert 'failures="1"' in told["junit"]
    assert 'skipped="1"' in told["junit"]
    rows = csv.DictReader(io.StringIO(told["csv"]))
    assert {row["path"]: row["gate"] for row in rows} == {PLACE: "pass", "app/x.env": "fail"}
    assert told["github"].count("::notice") == told["github"].count("::error") == 1
    assert "1 of 2 fail by the policy" in told["markdown"]
    assert "gate-pass" in told["defectdojo"]
    assert told["gitlab"] == plain["gitlab"]


def test_an_index_of_several_repositories_is_gated(
    leaked: Path, leaked_then_deleted: Story, tmp_path: Path
) -> None:
    """New since a ref is asked in each; where one is gone, nobody can tell."""
    index = tmp_path / "index.db"
    for path in (leaked, leaked_then_deleted.path):
        forensics("scan", path, "--index", index)
    said = f"{PASS_ALL}[[gate.rules]]\nnew-since = 'HEAD'\naction = 'fail'\n"
    words = ("findings", "--index", index, "--policy", policy(tmp_path, said))
    done = forensics(*words, "--report", f"sarif={tmp_path / 'out.sarif'}")
    assert (done.code, gated(done)) == (0, "0 of 3 findings fail")
    assert len(json.loads((tmp_path / "out.sarif").read_text())["runs"][0]["results"]) == 3
    leaked.rename(tmp_path / "elsewhere")
    done = forensics(*words)
    assert (done.code, "not there any more" in done.error()) == (2, True)
