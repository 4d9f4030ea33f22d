"""Commands of gitleaks: what is scanned."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories.story import PLACE, begin, setting, token
from tests.cli.as_gitleaks.scene import report
from tests.cli.command import ended, environment, forensics, process

pytestmark = pytest.mark.usefixtures("key")


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
