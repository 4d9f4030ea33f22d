"""What the doctor says of compiled rules, libraries and space."""

from __future__ import annotations

import faulthandler
import os
import shutil
import signal
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from detectors.sealed import write_sealed
from forensics.doctor.libraries import GRAMMARS, TRIALS, library_checks
from forensics.key import load_key
from tests.cli.command import ROOT
from tests.cli.doctor.asking import GIBIBYTE, Disk, of, only


def test_compiled_rules_count_by_their_seal(
    scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was planted is not used; those that a scan kept are."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert only("rules", scanned)[1].startswith("none compiled yet")
    folder = tmp_path / "cache/git-forensics/rules"
    folder.mkdir(parents=True)
    (folder / "planted.hsdb").write_bytes(b"from elsewhere")
    state, found = only("rules", scanned)
    assert (state, found.startswith("0 of 1 files")) == ("ok", True)
    write_sealed(folder / "ours.hsdb", load_key().seal("compiled rules"), b"compiled")
    assert only("rules", scanned)[1].startswith("1 of 2 files")


def test_compiled_rules_of_another_user_are_a_warning(
    scanned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody can write where nobody else should."""
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert only("rules", scanned)[0] == "warning"


def test_a_missing_hyperscan_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is another way, which takes longer."""
    monkeypatch.setitem(sys.modules, "hyperscan", None)
    states = {found.split()[0]: state for state, found in of("libraries")}
    assert states.pop("hyperscan") == "warning"
    assert {*states.values()} == {"ok"}
    assert {*states} == {*TRIALS} - {"hyperscan"}


def test_a_missing_grammar_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them is tried."""
    monkeypatch.setitem(sys.modules, f"tree_sitter_{GRAMMARS[-1]}", None)
    states = {found.split()[0]: state for state, found in of("libraries")}
    assert states["tree-sitter"] == "problem"


def test_every_grammar_of_the_project_is_tried() -> None:
    """As pyproject.toml lists them."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = (one.split(">")[0] for one in project["dependencies"])
    listed = {one.removeprefix("tree-sitter-") for one in asked if one.startswith("tree-sitter-")}
    assert listed == {one.replace("_", "-") for one in GRAMMARS}


def _dies() -> bool:
    faulthandler.disable()  # which pytest has write of it
    os.kill(os.getpid(), signal.SIGILL)
    return True


def _fails() -> bool:
    raise ValueError("the version of the grammar is 99")


@pytest.mark.parametrize(
    ("trial", "told"),
    [
        (_dies, "ends with SIGILL"),
        (_fails, "does not work: ValueError: the version of the grammar is 99"),
        (lambda: False, "gives wrong results"),
        (lambda: os._exit(0), "ended without a word"),
    ],
    ids=["signal", "error", "wrong", "silent"],
)
def test_a_library_that_does_not_work_is_a_problem(trial: Callable[[], bool], told: str) -> None:
    """Also one that takes the whole process down; the doctor goes on."""
    one, other = library_checks({"isal": trial, "regex": TRIALS["regex"]})
    assert (one.state, told in one.found) == ("problem", True)
    assert "pip install" in one.advice
    assert other.state == "ok"


@pytest.mark.parametrize(
    ("free", "state"), [(GIBIBYTE, "ok"), (GIBIBYTE - 1, "warning"), (1 << 20, "problem")]
)
def test_little_space_is_told(monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    """Before a scan finds out."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(free))
    assert {one for one, _ in of("space")} == {state}
