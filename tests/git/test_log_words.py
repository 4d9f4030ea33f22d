"""Which commits words for `git log` choose."""

from __future__ import annotations

import re
import shlex
import time
from pathlib import Path

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories.story import begin
from forensics.errors import UsageProblem
from forensics.git.log_words import commits_of_log, parse_log_words
from forensics.git.repository import open_repository
from forensics.git.working import working_git


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two branches, a merge, two tags, and two authors."""
    builder, _ = begin(tmp_path_factory.mktemp("words") / "r")
    builder.wait(days=3)
    builder.write("a/one", "1\n")
    builder.commit("One of (a)")
    builder.tag("v1", message="First")
    builder.branch("side")
    builder.checkout("side")
    builder.wait(days=3)
    builder.write("b/two", "2\n")
    builder.commit("Two")
    builder.checkout("main")
    builder.wait(days=3)
    builder.write("a/three", "3\n")
    builder.commit("Three")
    builder.wait(days=3)
    builder.merge("side", message="Merge side")
    builder.write("b/four", "4\n")
    builder.commit("Four")
    builder.branch("other", builder.resolve("side"))
    builder.checkout("main")
    return builder.populate()


def chosen(path: Path, words: str) -> list[str]:
    """Ids, oldest first."""
    repository = open_repository(path)
    with working_git(repository) as runs:
        return list(commits_of_log(repository, runs, parse_log_words(words)).given)


@pytest.mark.parametrize(
    "words",
    [
        "", "--all", "HEAD", "side", "v1..", "side..main", "side...main", "main ^side",
        "--branches", "--branches=s*", "--tags", "--not v1 --not main", "main --not --tags",
        "HEAD -n 2", "-3",
        "-n2 --skip=1", "--max-count 1 side", "--first-parent", "--no-merges", "--merges",
        "--no-merges --first-parent v1..HEAD", "--author=Ada", "--author=nobody", "-i --grep=TWO",
        "--grep='One of'", '"--grep=One of"', "-F --grep=(a)", "--all -- a",
        "main -- b/two a/three",
        "-- :(exclude)a", "--full-history -- b", "--reverse side", "--glob=refs/heads/o*",
        "--min-parents=2", "-- nothing", "--exclude=refs/heads/s* --branches",
    ],
)  # fmt: skip
def test_the_same_commits_are_chosen_as_git_log_shows(path: Path, words: str) -> None:
    """Whatever decides it: names, people, messages, paths, numbers."""
    told = git(path, "log", "-s", "--format=%H", *shlex.split(words)).decode().split()
    assert sorted(chosen(path, words)) == sorted(told)


@pytest.mark.parametrize(
    ("words", "subjects"),
    [
        ("--since={0}", ["One of (a)", "Two", "Three", "Merge side", "Four"]),
        ("--after={0}T23:59:59+00:00", ["Two", "Three", "Merge side", "Four"]),
        ("--until={0}", ["Start the project", "One of (a)"]),
        ("--before={0}", ["Start the project", "One of (a)"]),
        ("--since={0} --until={0}", ["One of (a)"]),
        ("--since={0} -n 1", ["Four"]),
        ("--until={0} --skip=1", ["Start the project"]),
    ],
)
def test_dates_are_days(
    path: Path, words: str, subjects: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the start of the first to the end of the last, at whatever time it is now."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    git_log = ("log", "-1", "--format=%cd", "--date=format-local:%Y-%m-%d")
    day = git(path, *git_log, "v1").decode().strip()
    told = [
        git(path, "log", "-1", "--format=%s", one).decode().strip()
        for one in chosen(path, words.format(day))
    ]
    assert sorted(told) == sorted(subjects)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--output=x", "--output does not choose commits"),
        ("--ext-diff", "--ext-diff does not choose commits"),
        ("-S x", "-S does not choose"),
        ("--diff-filter=A", "--diff-filter does not"),
        ("--stdin", "--stdin does not"),
        ("--end-of-options x", "--end-of-options does not"),
        ("nope", "'nope' names no commit"),
        ("HEAD:a/one", "names no commit"),
        ("^HEAD", "leaves everything out"),
        ("--not --all", "leaves everything out"),
        ("--remotes", "'--remotes' names no commit"),
        ("--branches=orgin/*", "names no commit"),
        ("--glob=refs/gone --not v1", "names no commit"),
        ("--exclude=* --branches --tags=nope", "names no commit"),
        ("--since=whenever", "--since=whenever is no date"),
        ("--since", "--since is nothing by itself"),
        ("-n x", "needs a number"),
        ("--max-count=-1", "needs a number"),
        ("'--all", "a quote that does not end"),
        ("-- ../x", "../x is outside"),
        ("-- /etc", "/etc is outside"),
        ("a\0b", "a zero byte"),
    ],
)
def test_what_chooses_no_commits_is_an_error(path: Path, words: str, said: str) -> None:
    """That names the word."""
    with pytest.raises(UsageProblem, match=re.escape(said)):
        chosen(path, words)


def test_paths_are_told_from_the_top(path: Path) -> None:
    """Below it they could mean something else than with git."""
    (path / "a").mkdir(exist_ok=True)
    with pytest.raises(UsageProblem, match="from the top"):
        chosen(path / "a", "-- one")


def test_all_of_it_is_known_for_what_it_is() -> None:
    """And is scanned through the index then."""
    assert parse_log_words("--all").everything
    assert parse_log_words("--full-history --all -p -U0").everything
    for words in ("--branches", "--all -n 1", "--all -- a", "--all --no-merges", "HEAD"):
        assert not parse_log_words(words).everything
