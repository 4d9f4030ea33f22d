"""A repository with leaks, and policies for it."""

from __future__ import annotations

import os
from pathlib import Path

from fixtures_repos.git import git
from tests.cli.command import Done

__all__ = ["PASS_ALL", "PASS_DEPLOY", "WRONG", "gated", "policy", "pushed"]


PASS_ALL = "[gate]\ndefault = 'pass'\n"
PASS_DEPLOY = "[[gate.rules]]\npaths = ['deploy/**']\naction = 'pass'\nreason = 'made up'\n"


def policy(folder: Path, said: str) -> Path:
    """A file of the user's."""
    file = folder / "policy.toml"
    file.write_text(said)
    return file


def gated(done: Done) -> str:
    """The line that says how many fail."""
    (line,) = [line for line in (done.out + done.err).splitlines() if line.startswith("gate ")]
    return line.removeprefix("gate").strip().partition(" (")[0]


WRONG = {
    "is not there": lambda file: None,
    "is a folder": lambda file: file.mkdir(),
    "is a pipe": os.mkfifo,
    "is too large": lambda file: file.write_bytes(b"# \n" * (1 << 20)),
    "is no UTF-8": lambda file: file.write_bytes(b"[gate]\n# \xff\n"),
    "is nested deeply": lambda file: file.write_bytes(b"a = " + b"[" * 100_000),
    "is no TOML": lambda file: file.write_text("gate"),
    "has a key that nobody knows": lambda file: file.write_text("[gate]\nfail = true\n"),
    "names no rule": lambda file: file.write_text(
        "[[gate.rules]]\nrules = ['no.such']\naction = 'fail'\n"
    ),
    "names a glob of no rule": lambda file: file.write_text(
        "[[gate.rules]]\nrules = ['no.*']\naction = 'fail'\n"
    ),
}


def pushed(path: Path) -> bytes:
    """What git tells a server of a new branch."""
    tip = git(path, "rev-parse", "HEAD").decode().strip()
    return f"{'0' * 40} {tip} refs/heads/new\n".encode()
