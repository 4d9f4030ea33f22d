"""A known value is introduced wherever it comes to stand, though no rule finds it there."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.stories.story import begin, token
from forensics.cli import known
from tests.cli.command import Done, forensics
from tests.cli.formats import gitleaks_of, told

pytestmark = pytest.mark.usefixtures("key")

VALUE = token(5)[4:24]
"""Which no rule would find by itself."""
ENV, PROSE = "deploy/ci.env", "notes.txt"
SETTING = b"DB_PASSWORD=" + VALUE + b"\n"
SENTENCE = b"# Parcels\n\nIt was " + VALUE + b" once.\n"


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    made, _ = begin(tmp_path / "r")
    return made


def places(*words: object, index: Path | None = None) -> set[tuple[str | None, str | None]]:
    """Path and start of the id of the commit of each finding."""
    named = ("--index", index) if index else ()
    done = forensics("scan", *words, *named, "-f", "jsonl")
    assert done.code in (0, 1), done.err
    assert VALUE.decode() not in done.out + done.err
    return {(one["path"], one["commit"] and one["commit"][:8]) for one in done.lines}


def test_what_no_rule_finds_is_not_introduced(builder: Builder) -> None:
    """So the tests below tell of values, not of rules."""
    builder.write(PROSE, SENTENCE)
    builder.commit("Write")
    assert places(builder.path, "--range", "HEAD") == set()


@pytest.mark.parametrize("prose_first", [True, False])
def test_a_value_found_in_the_range_is_found_everywhere_in_it(
    builder: Builder, prose_first: bool
) -> None:
    """Before and after a rule sees it, in files and messages."""
    writes = [(PROSE, SENTENCE, b"Write"), (ENV, SETTING, b"Tell of " + VALUE)]
    commits = {}
    base = git(builder.path, "rev-parse", "HEAD").decode().strip()
    for path, content, message in writes if prose_first else writes[::-1]:
        builder.write(path, content)
        commits[path] = builder.commit(message)[:8]
    builder.populate()
    assert places(builder.path, "--range", f"{base}..HEAD") == {
        (PROSE, commits[PROSE]), (ENV, commits[ENV]), (None, commits[ENV]),
    }  # fmt: skip


def test_a_value_that_the_index_knows_is_found(builder: Builder, tmp_path: Path) -> None:
    """In commits, staged, and in files; by hooks, too. Without the index it is not."""
    builder.write(ENV, SETTING)
    builder.commit("Leak")
    builder.populate()
    index = tmp_path / "index.db"
    assert forensics("scan", builder.path, "--index", index).code == 1
    (builder.path / PROSE).write_bytes(SENTENCE)
    (builder.path / "copy.txt").write_bytes(SENTENCE)
    git(builder.path, "add", PROSE)
    assert places(builder.path, "--staged", index=index) == {(PROSE, None)}
    assert places(builder.path, "--worktree", index=index) == {(PROSE, None), ("copy.txt", None)}
    assert places(builder.path, "--staged") == places(builder.path, "--worktree") == set()
    refused = forensics("hook", "pre-commit", "--index", index, cwd=builder.path)
    assert (refused.code, PROSE in refused.err, VALUE.decode() in refused.err) == (1, True, False)
    assert forensics("hook", "pre-commit", cwd=builder.path).code == 0
    git(builder.path, "commit", "-q", "-m", "Write")
    head = git(builder.path, "rev-parse", "HEAD").decode()[:8]
    assert places(builder.path, "--range", "HEAD^..HEAD", index=index) == {(PROSE, head)}
    assert places(builder.path, "--range", "HEAD^..HEAD") == set()


def test_an_index_of_too_many_secrets_is_told(
    builder: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a scan; a hook, whose user waits for git, looks for fewer and says nothing each time."""
    builder.write(ENV, SETTING)
    builder.commit("Leak")
    builder.write(PROSE, SENTENCE)
    builder.commit("Write")
    index = tmp_path / "index.db"
    forensics("scan", builder.path, "--index", index)
    words = ("scan", builder.path, "--range", "HEAD^..HEAD", "--index", index)
    monkeypatch.setattr(known, "_MOST", 1)
    assert (forensics(*words).code, forensics(*words).err) == (1, "")
    monkeypatch.setattr(known, "_MOST", 0)
    done = forensics(*words)
    assert (done.code, "it knows more than 0 secrets" in done.error()) == (0, True)
    builder.populate()
    (builder.path / "copy.txt").write_bytes(SENTENCE)
    git(builder.path, "add", "copy.txt")
    monkeypatch.setattr(known, "MOST_IN_HOOK", 0)
    done = forensics("hook", "pre-commit", "--index", index, cwd=builder.path)
    assert (done.code, done.err) == (0, "")


def test_a_value_that_stood_there_is_not_new(builder: Builder, tmp_path: Path) -> None:
    """Whether the text around it changes, or a rule stops to see it."""
    index = tmp_path / "index.db"
    builder.write(ENV, SETTING)
    builder.write(PROSE, SENTENCE)
    builder.commit("Leak")
    forensics("scan", builder.path, "--index", index)
    builder.write(PROSE, SENTENCE + b"More.\n")
    builder.write(ENV, b"# was " + VALUE + b"\n")
    builder.commit("Change")
    assert places(builder.path, "--range", "HEAD^..HEAD", index=index) == set()


def test_a_value_that_a_rule_sees_for_the_first_time_is_new(
    builder: Builder, tmp_path: Path
) -> None:
    """Whether the index knows that it stood there or not."""
    index = tmp_path / "index.db"
    builder.write(PROSE, SENTENCE)
    builder.write("other.env", SETTING)
    builder.commit("Leak")
    forensics("scan", builder.path, "--index", index)
    builder.write(PROSE, SETTING)
    head = builder.commit("Set")[:8]
    for one in (index, None):
        assert places(builder.path, "--range", "HEAD^..HEAD", index=one) == {(PROSE, head)}


def test_a_value_that_is_ignored_is_not_looked_for(builder: Builder) -> None:
    """Somebody said that it is no secret."""
    builder.write(ENV, SETTING.rstrip() + b"  # gitleaks:allow\n")
    builder.write(PROSE, SENTENCE)
    builder.commit("Write")
    assert {path for path, _ in places(builder.path, "--range", "HEAD")} == {ENV}


def test_a_message_is_shown_without_it(builder: Builder) -> None:
    """Reports that have messages mask what a rule found elsewhere."""
    builder.write(ENV, SETTING)
    builder.commit(b"Now it is " + VALUE)
    done = told("gitleaks", builder.path, "--range", "HEAD", command="scan")
    assert {one["Message"] for one in gitleaks_of(done.out)} == {"Now it is ****"}


def test_an_index_that_cannot_be_read_is_told(builder: Builder, tmp_path: Path) -> None:
    """And does not keep rules from finding."""
    builder.write(ENV, SETTING)
    builder.commit("Leak")
    index = tmp_path / "index.db"
    index.write_bytes(b"no index")
    done: Done = forensics("scan", builder.path, "--range", "HEAD", "--index", index)
    assert (done.code, "not looked for by value" in done.err) == (1, True)


def test_objects_that_are_gone_are_no_error(builder: Builder, tmp_path: Path) -> None:
    """What the index knows is read from what is left."""
    index = tmp_path / "index.db"
    oid = builder.write(ENV, SETTING)
    builder.commit("Leak")
    forensics("scan", builder.path, "--index", index)
    (builder.git_dir / "objects" / oid[:2] / oid[2:]).unlink()
    builder.write(PROSE, SENTENCE)
    builder.commit("Write")
    assert places(builder.path, "--range", "HEAD^..HEAD", index=index) == set()


@pytest.mark.parametrize("option", ["", "--ignore-gitleaks-allow"])
def test_a_mark_ignores_what_is_known_by_value(
    builder: Builder, tmp_path: Path, option: str
) -> None:
    """In what is new as in a whole scan, unless marks do not count."""
    builder.write(ENV, SETTING)
    builder.write(PROSE, b"It was " + VALUE + b" once, gitleaks:allow\n")
    builder.commit("Write")
    words = [option] if option else []
    for new in (["--range", "HEAD"], ["--index", tmp_path / "index.db"]):
        lines = forensics("scan", builder.path, *new, *words, "-f", "jsonl").lines
        assert {one["path"]: one["ignored"] for one in lines} == {
            ENV: None, PROSE: None if option else "gitleaks:allow",
        }  # fmt: skip
