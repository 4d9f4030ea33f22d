"""`forensics --version`, and what `--verbose` adds for a report of a problem."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

import forensics as package
from forensics.index.ours import SCHEMA_VERSION
from forensics.key import Key
from tests.cli.command import Done, forensics


def facts(done: Done) -> dict[str, str]:
    """What is told, by its name."""
    assert (done.code, done.err) == (0, "")
    first, *lines = done.out.splitlines()
    assert first == f"git-forensics {package.__version__}"
    return dict(re.split(r" {2,}", line, maxsplit=1) for line in lines)


@pytest.mark.parametrize("words", [("--version", "--verbose"), ("--verbose", "-V")], ids=" ".join)
def test_it_tells_what_is_at_work(words: tuple[str, ...], key: Key) -> None:
    """In whatever order it is asked for."""
    told = facts(forensics(*words))
    said = subprocess.run(["git", "version"], capture_output=True, text=True, check=True).stdout
    assert told["git"] in said
    assert told["python"].startswith(platform.python_version())
    assert told["index schema"] == str(SCHEMA_VERSION)
    assert told["prefilter"] == "Hyperscan"
    assert told["key"].startswith(f"{key.id} from ")
    assert {"platform", "sqlite", "libraries", "config", "cache", "state"} <= {*told}


def test_folders_are_told_without_the_users_name(no_user: Path) -> None:
    """What is pasted into a report names nobody."""
    done = forensics("--version", "--verbose")
    assert str(no_user) not in done.out
    assert facts(done)["config"] == "~/config/git-forensics"


def test_the_key_itself_is_not_told(key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither one from the file, nor one from the environment, nor one that is none."""
    from_file = forensics("--version", "--verbose").out
    monkeypatch.setenv("FORENSICS_KEY", key.export())
    from_environment = forensics("--version", "--verbose")
    monkeypatch.setenv("FORENSICS_KEY", key.export()[:-2])
    broken = forensics("--version", "--verbose")
    assert facts(from_environment)["key"] == f"{key.id} from FORENSICS_KEY"
    assert facts(broken)["key"].startswith("the key from FORENSICS_KEY is not")
    assert key.export()[:-2] not in from_file + from_environment.out + broken.out


def test_telling_makes_nothing(no_user: Path) -> None:
    """No key, no folder."""
    told = facts(forensics("--version", "--verbose"))
    assert told["key"].startswith("there is no key yet")
    assert list(no_user.rglob("*")) == []


def test_libraries_are_told_with_their_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that the package asks for, present or not, but none that only developers need."""
    about = tmp_path / "git_forensics-1.dist-info"
    about.mkdir()
    asked = ["click>=8", 'nothing-like-it>=1; python_version > "3"', 'ruff>=0.1; extra == "dev"']
    lines = ["Metadata-Version: 2.1", "Name: git-forensics", "Version: 1"]
    lines += [f"Requires-Dist: {one}" for one in asked]
    (about / "METADATA").write_text("\n".join(lines) + "\n")
    monkeypatch.syspath_prepend(tmp_path)
    libraries = facts(forensics("--version", "--verbose"))["libraries"]
    assert re.fullmatch(r"click 8[\d.]+, nothing-like-it missing", libraries)


def test_a_machine_without_hyperscan_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is slower there, which explains some reports."""
    monkeypatch.setitem(sys.modules, "detectors.prefilter.hyperscan", None)
    assert facts(forensics("--version", "--verbose"))["prefilter"] == "pure Python"


def test_a_machine_without_git_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And everything else is told all the same."""
    monkeypatch.setenv("PATH", str(tmp_path))
    told = facts(forensics("--version", "--verbose"))
    assert told["git"] == "git is not installed; install git 2.31 or newer"
    assert told["prefilter"]


def test_verbose_alone_is_an_error() -> None:
    """It does not make a command say more."""
    done = forensics("--verbose", "scan")
    assert done.code == 2
    assert done.error().startswith("--verbose goes with --version.")
