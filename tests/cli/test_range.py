"""`forensics scan` of what is new: ranges, single commits, what is staged, files at work."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from fixtures_repos.git import git
from fixtures_repos.hostile import Hostile
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import PLACE, begin, setting, token
from tests.cli.command import figure, forensics

pytestmark = pytest.mark.usefixtures("key")

FORMATS = (
    "sarif", "junit", "csv", "gitleaks", "gitleaks-csv", "github", "gitlab", "defectdojo",
    "markdown",
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--range", "HEAD~2..HEAD"), 1),
        (("--range", "HEAD ^HEAD~2"), 1),
        (("--range", "main~2...main"), 1),
        (("--range", "HEAD", "--range", "^HEAD~2"), 1),
        (("--range", "HEAD~1..HEAD"), 0),
        (("--range", "HEAD..HEAD"), 0),
        (("--range", "@~2.."), 1),
        (("--since", "HEAD~2"), 1),
        (("--since", "main~1"), 0),
        (("--since", "@~2"), 1),
        (("--since", "@1672531200"), 1),
        (("--since", "2001-01-01"), 1),
        (("--since", "2023-01-01T00:00:00+00:00"), 1),
        (("--since", "2.days.ago"), 0),
        (("--commit", "HEAD~1"), 1),
        (("--commit", "HEAD"), 0),
        (("--commit", "HEAD", "--commit", "main~1"), 1),
        (("--staged",), 0),
        (("--worktree",), 0),
    ],
)
def test_only_what_is_introduced_there_counts(
    leaked: Path, words: tuple[str, ...], code: int
) -> None:
    """Whatever stood there before does not."""
    done = forensics("scan", leaked, *words)
    assert (done.code, done.err) == (code, "")
    assert (PLACE in done.out) == bool(code)


def test_a_finding_has_place_commit_author_and_date(leaked: Path) -> None:
    """As one of a whole scan has."""
    (of_range,) = forensics("scan", leaked, "--range", "HEAD", "-f", "jsonl").lines
    (of_all,) = forensics("scan", leaked, "-f", "jsonl").lines
    assert of_range == of_all


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_be_asked_for(leaked: Path, name: str, tmp_path: Path) -> None:
    """Printed, or written beside the table; also where nothing is found."""
    (leaked / "new.env").write_bytes(setting(token(2)))
    for words in (["--range", "HEAD"], ["--worktree"]):
        done = forensics("scan", leaked, *words, "-f", name)
        assert done.code == 1
        assert done.out
        assert token().decode() not in done.out
        assert token(2).decode() not in done.out
        place = "new.env" if words == ["--worktree"] else PLACE
        assert place in done.out
    file = tmp_path / "out"
    assert forensics("scan", leaked, "--commit", "HEAD", "--report", f"{name}={file}").code == 0
    assert file.exists()


def test_what_was_deleted_within_the_range_is_told_as_removed(tmp_path: Path) -> None:
    """And still counts; whatever its name."""
    builder, _ = begin(tmp_path / "r")
    for name in ("ci.env", "odd\nname.env", "stays.env"):
        builder.write(name, setting(token()))
    builder.commit("Leak")
    builder.delete("ci.env", "odd\nname.env")
    builder.commit("Remove")
    done = forensics("scan", builder.populate(), "--range", "HEAD~2..HEAD", "-f", "jsonl")
    assert done.code == 1
    assert {line["path"]: line["status"] for line in done.lines} == {
        "ci.env": "removed", "odd\nname.env": "removed", "stays.env": "present",
    }  # fmt: skip


def test_nothing_found_is_an_empty_list_of_json(leaked: Path) -> None:
    """And nothing else on standard output."""
    done = forensics("scan", leaked, "--commit", "HEAD", "-f", "json")
    assert (done.code, json.loads(done.out)) == (0, [])


def test_a_table_without_room_says_what_lists_the_rest(leaked: Path, tmp_path: Path) -> None:
    """There is an index to list it from only where one is kept."""
    for number in range(60):
        (leaked / f"{number}.env").write_bytes(setting(token(number)))
    index = tmp_path / "index.db"
    for words, lister in (
        (("--worktree",), "-f jsonl"), (("--dir",), "-f jsonl"),
        (("--worktree", "--index", index), "-f jsonl"),
        (("--dir", "--index", index), "forensics findings"),
    ):  # fmt: skip
        assert f" more secrets: `{lister}` lists all" in forensics("scan", leaked, *words).out


def test_what_a_branch_follows_can_be_named(leaked: Path, tmp_path: Path) -> None:
    """As git names it, though nothing else of the configuration counts."""
    git(tmp_path, "clone", "-q", str(leaked), "clone")
    clone = tmp_path / "clone"
    git(clone, "reset", "-q", "--hard", "HEAD~2")
    assert forensics("scan", clone, "--range", "HEAD..@{u}").code == 1
    assert forensics("scan", clone, "--since", "main@{upstream}").code == 0


@pytest.mark.parametrize(("kept", "code"), [("blob:none", 3), ("tree:0", 2)])
def test_a_partial_clone_says_how_to_get_the_rest(
    leaked: Path, tmp_path: Path, kept: str, code: int
) -> None:
    """And with that, all is there."""
    git(leaked, "config", "uploadpack.allowFilter", "true")
    url = f"file://{leaked}"
    git(tmp_path, "clone", "-q", "--no-checkout", f"--filter={kept}", url, "clone")
    clone = tmp_path / "clone"
    done = forensics("scan", clone, "--range", "HEAD~2..")
    assert done.code == code
    advice = "git fetch --refetch --no-filter"
    assert f"`{advice}` brings what this partial clone left out" in done.out + done.err
    git(clone, *advice.split()[1:])
    assert forensics("scan", clone, "--range", "HEAD~2..").code == 1


def test_a_range_leaves_no_index_behind(leaked: Path) -> None:
    """Nothing is recorded of it."""
    forensics("scan", leaked, "--range", "HEAD")
    assert not (leaked / ".git/forensics").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--range", "nope..HEAD"), "'nope..HEAD' names no commit"),
        (("--range", "HEAD:README.md"), "names no commit"),
        (("--range", "0" * 39 + "1..HEAD"), "names no commit"),
        (("--range", "--all"), "names no commit"),
        (("--range", " "), "the range is empty"),
        (("--range", "^HEAD"), "leaves everything out"),
        (("--since", "nope"), "'nope' names no commit"),
        (("--since", "some day"), "neither a commit nor a date"),
        (("--since", "@nan"), "'@nan' names no commit"),
        (("--since", "@inf"), "'@inf' names no commit"),
        (("--since", "2024-13-45"), "'2024-13-45' names no commit"),
        (("--since", "2024"), "or write a date such as 2024-05-31"),
        (("--range", f"{'0' * 40}..HEAD"), "--range 'HEAD ^origin/main'"),
        (("--commit", "HEAD~1..HEAD"), "is not one commit"),
        (("--commit", "HEAD", "--staged"), "--commit does not go with --staged"),
        (("--staged", "--dir"), "--staged does not go with --dir"),
        (("--worktree", "--stdin"), "does not go"),
    ],
)
def test_a_wrong_range_is_one_line_and_2(leaked: Path, words: tuple[str, ...], said: str) -> None:
    """That says what to write."""
    done = forensics("scan", *([] if "--stdin" in words else [leaked]), *words)
    assert done.code == 2
    assert said in done.error()


def test_a_shallow_clone_without_the_start_says_how_to_deepen(leaked: Path, tmp_path: Path) -> None:
    """Where the range starts before it: an error. Where only the parents of one commit are not
    there: not everything could be read."""
    start = git(leaked, "rev-parse", "HEAD~2").decode().strip()
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{leaked}", "shallow")
    done = forensics("scan", tmp_path / "shallow", "--range", f"{start}..HEAD")
    assert done.code == 2
    assert "git fetch --unshallow" in done.error()
    done = forensics("scan", tmp_path / "shallow", "--commit", "HEAD")
    assert done.code == 3
    assert "git fetch --deepen" in done.out


def test_a_bare_repository_has_no_work_tree(leaked: Path, tmp_path: Path) -> None:
    """Its commits can be looked at."""
    git(tmp_path, "clone", "-q", "--bare", str(leaked), "bare")
    done = forensics("scan", tmp_path / "bare", "--worktree")
    assert done.code == 2
    assert "no work tree" in done.error()
    assert forensics("scan", tmp_path / "bare", "--range", "HEAD").code == 1


def test_a_repository_without_commits_has_no_range(tmp_path: Path) -> None:
    """The message says so."""
    git(tmp_path, "init", "-q", "new")
    done = forensics("scan", tmp_path / "new", "--range", "HEAD")
    assert (done.code, "no commit yet" in done.error()) == (2, True)
    assert forensics("scan", tmp_path / "new", "--staged").code == 0


def test_what_people_decided_counts(leaked: Path) -> None:
    """Where there is an index of the repository."""
    (line,) = forensics("scan", leaked, "-f", "jsonl").lines
    done = forensics(
        "triage", line["secret"][:12], "--state", "false-positive", "--reason", "an example",
        cwd=leaked,
    )  # fmt: skip
    assert done.code == 0, done.err
    done = forensics("scan", leaked, "--range", "HEAD")
    assert done.code == 0
    assert figure(done, "triaged") == "1 (1 false-positive)"
    assert figure(done, "secrets") == "0"


def test_marks_and_lists_ignore(leaked: Path, tmp_path: Path) -> None:
    """A .gitleaksignore that names the commit, and a mark on the line."""
    commit = git(leaked, "rev-parse", "HEAD~1").decode().strip()
    listed = tmp_path / ".gitleaksignore"
    listed.write_text(f"{commit}:{PLACE}:github-pat:2\n")
    assert forensics("scan", leaked, "--range", "HEAD", "-i", listed).code == 0
    (leaked / "marked.env").write_bytes(b"TOKEN=%s # forensics:allow\n" % token(2))
    assert forensics("scan", leaked, "--worktree").code == 0


def test_the_index_file_that_hooks_are_given_is_for_hooks(
    leaked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable left over in a shell does not change what is scanned."""
    (leaked / "new.env").write_bytes(setting(token(2)))
    other = tmp_path / "other-index"
    with monkeypatch.context() as within:
        within.setenv("GIT_INDEX_FILE", str(other))
        os.system(f"git -C {leaked} add new.env")  # noqa: S605
        assert other.exists()
        assert forensics("scan", leaked, "--staged").code == 0


def test_nothing_of_a_hostile_repository_runs(running_commands: Hostile) -> None:
    """Filters, monitors, transports, signature checks."""
    for words in (["--range", "HEAD"], ["--staged"], ["--worktree"], ["--since", "2001-01-01"]):
        forensics("scan", running_commands.path, *words)
    assert list(running_commands.marks.iterdir()) == []


def test_an_index_file_that_is_a_pipe_is_not_waited_for(leaked: Path) -> None:
    """One line, and 2."""
    (leaked / ".git/index").unlink()
    os.mkfifo(leaked / ".git/index")
    for words in (["--staged"], ["--worktree"]):
        done = forensics("scan", leaked, *words)
        assert (done.code, "is no file" in done.error()) == (2, True)
    assert forensics("scan", leaked, "--range", "HEAD").code == 1


def test_file_names_in_any_bytes_can_be_reported(names_in_any_bytes: Story) -> None:
    """And a secret in them is masked."""
    for words in (["--range", "HEAD"], ["--worktree"], ["--staged"]):
        done = forensics("scan", names_in_any_bytes.path, *words)
        assert "Traceback" not in done.err
        assert names_in_any_bytes.secret.decode() not in done.out


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("refs/tags/origin/main", ("--range", "origin/main..HEAD")),
        ("refs/tags/origin/main", ("--range", "HEAD ^origin/main~0")),
        ("refs/tags/origin/main", ("--since", "origin/main")),
        ("refs/heads/origin/main", ("--range", "origin/main..HEAD")),
        ("refs/tags/main", ("--range", "HEAD", "--range", "^main")),
        ("refs/tags/2001-01-01", ("--since", "2001-01-01")),
        ("refs/heads/30.years.ago", ("--since", "30.years.ago")),
    ],
)
def test_no_ref_that_somebody_pushed_passes_for_what_is_compared(
    leaked: Path, ref: str, words: tuple[str, ...]
) -> None:
    """Git would take it first, and nothing would be new."""
    git(leaked, "update-ref", "refs/remotes/origin/main", "HEAD~2")
    git(leaked, "checkout", "-q", "-b", "change")
    git(leaked, "update-ref", "refs/heads/main", "HEAD~2")
    assert forensics("scan", leaked, *words).code == 1
    git(leaked, "update-ref", ref, "HEAD")
    done = forensics("scan", leaked, *words)
    assert done.code == 2
    assert "in full" in done.error() or "is a date" in done.error()
    full = ("--range", "refs/remotes/origin/main..HEAD")
    assert forensics("scan", leaked, *full).code == 1


def test_no_ref_passes_for_the_start_of_an_id(leaked: Path) -> None:
    """Git would take the ref."""
    short = git(leaked, "rev-parse", "HEAD~2").decode()[:12]
    git(leaked, "tag", short)
    done = forensics("scan", leaked, "--range", f"{short}..HEAD")
    assert done.code == 2
    assert f"refs/tags/{short}, {short}" in done.error()
