"""Starting up: help without weight, versions, the demo, pipes that close early."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import forensics as package
from fixtures_repos.acme import LEAKS
from fixtures_repos.git import git
from fixtures_repos.stories import Story
from tests.cli.command import ROOT, ended, environment, figure, forensics, process

RARE = (
    "detectors.check", "detectors.template", "detectors.foreign.anchors", "detectors.foreign.emit",
    "detectors.foreign.syntax", "detectors.decoding.office",
)  # fmt: skip
"""What a scan needs to make anchors of other tools' rules, to check rules, or for rare files."""
HEAVY = ("numpy", "pygit2", "sqlite_utils", "textual", "dulwich", "git", "hyperscan", "rich")
LOADED = """
import sys
import time
from forensics.cli.main import run
try:
    run()
finally:
    print("\\nLOADED", *sorted(sys.modules))
"""


def loaded_by(*words: str, cwd: Path = ROOT) -> set[str]:
    """Modules in a process after this command."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words], env=environment(), cwd=cwd,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return {*done.stdout.splitlines()[-1].split()[1:]}


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["-h"], ["scan", "--help"], ["key", "--help"]],
    ids=" ".join,
)  # fmt: skip
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    """It must come at once."""
    assert loaded_by(*words) & {*HEAVY} == set()


@pytest.mark.usefixtures("key")
def test_a_commit_without_a_secret_is_judged_without_anything_heavy(only_in_a_merge: Story) -> None:
    """No index is opened and nothing is drawn."""
    (only_in_a_merge.path / "more.txt").write_text("more\n")
    git(only_in_a_merge.path, "add", "more.txt")
    for words in (["hook", "pre-commit"], ["scan", "--staged"]):
        loaded_by(*words, cwd=only_in_a_merge.path)  # from now on, compiled rules are there
        loaded = loaded_by(*words, cwd=only_in_a_merge.path)
        assert "forensics.scan.judged" in loaded
        assert loaded & ({*HEAVY} - {"hyperscan"} | {"sqlite3", *RARE}) == set()


@pytest.mark.usefixtures("key")
def test_a_range_without_a_secret_spares_what_reads_packs(only_in_a_merge: Story) -> None:
    """Git reads its few objects."""
    (only_in_a_merge.path / "more.txt").write_text("more\n")
    git(only_in_a_merge.path, "add", "more.txt")
    git(only_in_a_merge.path, "commit", "-q", "-m", "More")
    words = ["scan", "--range", "HEAD~1..HEAD"]
    assert forensics(*words, cwd=only_in_a_merge.path).code == 0
    assert loaded_by(*words, cwd=only_in_a_merge.path) & {"numpy", "dulwich", "pygit2"} == set()


@pytest.mark.usefixtures("key")
def test_a_scan_without_news_spares_numpy(only_in_a_merge: Story) -> None:
    """Nor does it load the TUI, or what only a new index needs."""
    forensics("scan", only_in_a_merge.path)
    loaded = loaded_by("scan", str(only_in_a_merge.path))
    assert loaded & {"numpy", "textual", "git", *RARE} == set()


@pytest.mark.usefixtures("key")
def test_a_scan_leaves_nothing_in_the_temporary_folder(
    only_in_a_merge: Story, tmp_path: Path
) -> None:
    """Neither the parent, nor the workers, which are killed when there is nothing left to do."""
    (tmp_path / "temporary").mkdir()
    subprocess.run(
        [sys.executable, "-c", LOADED, "scan", str(only_in_a_merge.path), "-j", "4"],
        env={**environment(), "TMPDIR": str(tmp_path / "temporary")},
        capture_output=True, check=False,
    )  # fmt: skip
    assert list((tmp_path / "temporary").iterdir()) == []


def test_every_command_is_listed_with_a_help_of_its_own() -> None:
    """What the list says in short, the command's own help says too."""
    out = forensics("--help").out
    names = re.findall(r"^  ([a-z]+)  ", out.split("Commands:")[1], re.MULTILINE)
    assert {"scan", "findings", "show", "rules", "key", "demo"} <= {*names}
    for name in names:
        done = forensics(name, "--help")
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith(f"Usage: forensics {name}")


def test_the_version_is_the_packages() -> None:
    """On standard output, for scripts."""
    assert forensics("--version").out == f"git-forensics {package.__version__}\n"


@pytest.mark.usefixtures("key")
def test_the_demo_ends_well_and_shows_the_table() -> None:
    """It exits with 0 although it finds what it planted."""
    done = forensics("demo")
    assert (done.code, done.err) == (0, "")
    assert "SEVERITY" in done.out
    assert int(figure(done, "secrets").split()[0]) >= len(LEAKS) - 1
    assert figure(done, "skipped") == "nothing"


@pytest.mark.usefixtures("key")
def test_the_demo_can_be_kept(tmp_path: Path) -> None:
    """The repository stays, with its index, for the other commands."""
    assert forensics("demo", "--keep", tmp_path / "kept").code == 0
    assert forensics("findings", tmp_path / "kept/acme").code == 1


@pytest.mark.usefixtures("key")
def test_keeping_the_demo_twice_says_that_it_is_there(tmp_path: Path) -> None:
    """Whatever it does about it, it is no traceback."""
    forensics("demo", "--keep", tmp_path / "kept")
    again = forensics("demo", "--keep", tmp_path / "kept")
    assert again.code in (0, 2)
    assert "Traceback" not in again.err


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize(
    "words", ["findings -f jsonl", "findings", "findings -f json", "rules list", "scan", "--help"]
)
@pytest.mark.parametrize("taken", [0, 1])
def test_a_pipe_that_closes_early_is_no_error(
    acme_repository: Path, words: str, taken: int
) -> None:
    """As in `forensics findings | head -1`."""
    forensics("scan", acme_repository)
    started = process(*words.split(), cwd=acme_repository)
    assert started.stdout is not None
    for _ in range(taken):
        assert started.stdout.readline()
    started.stdout.close()
    assert started.stderr is not None
    said = started.stderr.read()
    started.stderr.close()
    assert b"Traceback" not in said
    assert b"Exception" not in said
    assert b"Broken" not in said
    assert started.wait(60) in (0, 1, 141)


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("words", [["scan"], ["findings"], ["rules", "list"], ["--help"]])
def test_a_terminal_without_unicode_is_no_error(acme_repository: Path, words: list[str]) -> None:
    """What its encoding lacks is replaced."""
    forensics("scan", acme_repository)
    done = ended(process(*words, cwd=acme_repository, env=environment(PYTHONIOENCODING="ascii")))
    assert "Traceback" not in done.err
    assert done.code in (0, 1)


@pytest.mark.usefixtures("key")
def test_no_colours_where_none_are_wanted(acme_repository: Path) -> None:
    """A pipe gets none, and NO_COLOR is honoured."""
    done = ended(process("scan", cwd=acme_repository, env=environment(NO_COLOR="1")))
    assert "\x1b" not in done.out + done.err
    assert done.code == 1


@pytest.mark.usefixtures("key")
def test_interrupting_ends_at_once_and_loses_nothing(
    acme_repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C ends with 130 and without a word; the next scan completes."""

    def interrupt(*_: object) -> None:
        time.sleep(0.5)  # until the parent does nothing but wait
        os.kill(os.getppid(), signal.SIGINT)
        signal.pause()

    with monkeypatch.context() as patched:
        patched.setattr("forensics.scan.worker.scan_task", interrupt)
        done = forensics("scan", acme_repository, "--jobs", "1")
    assert (done.code, done.out, done.err.strip()) == (130, "", "")
    assert forensics("scan", acme_repository).code == 1
