"""Real repositories, and a real server."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.cli.command import PROGRAM, forensics
from tests.cli.hooks.work import Work

__all__ = ["server", "user", "work"]


@pytest.fixture(autouse=True)
def user(key: object, no_user: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Somebody with a name, and the command on the PATH."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    program = bin_folder / "forensics"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{PROGRAM}" "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin_folder}{os.pathsep}{os.environ['PATH']}")
    (no_user / ".gitconfig").write_text(
        "[user]\nname = Ada Example\nemail = ada@acme.example\n[init]\ndefaultBranch = main\n"
        '[protocol "file"]\nallow = always\n[advice]\ndetachedHead = false\n'
    )
    return no_user


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """A repository with one harmless commit."""
    made = Work(tmp_path / "work")
    made.path.mkdir()
    made.ok("init", "-q")
    made.commit("Start", **{"README.md": b"# Parcels\n"})
    return made


@pytest.fixture
def server(tmp_path: Path, work: Work) -> Work:
    """A bare repository with the hook, to which `work` has pushed."""
    made = Work(tmp_path / "server.git")
    made.path.mkdir()
    made.ok("init", "-q", "--bare")
    made.ok("config", "receive.advertisePushOptions", "true")
    assert forensics("hook", "install", cwd=made.path).code == 0
    work.ok("remote", "add", "origin", str(made.path))
    work.ok("push", "-q", "-u", "origin", "main")
    return made
