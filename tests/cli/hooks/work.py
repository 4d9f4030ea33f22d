"""Repositories in which git is run as a user would, and what refusals say."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple

from fixtures_repos.stories.story import setting, token
from tests.cli.command import Done, environment

__all__ = ["ENV", "TOKEN", "Work", "refs", "refused_ids"]

TOKEN = token().decode()
ENV = setting(token())


class Work(NamedTuple):
    """A folder in which git is run as a user would, hooks and all."""

    path: Path

    def git(self, *words: str, **more: str) -> Done:
        """Run git."""
        done = subprocess.run(
            ["git", *words], cwd=self.path, env=environment(**more), capture_output=True
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def ok(self, *words: str, **more: str) -> str:
        """Run git, which has to succeed; what it prints."""
        done = self.git(*words, **more)
        assert done.code == 0, done.err
        return done.out.strip()

    def write(self, name: str, content: bytes) -> None:
        """Write a file and add it to the index."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self.ok("add", "-f", name)

    def commit(self, message: str = "Work", /, **files: bytes) -> None:
        """Commit some files, past any hook."""
        for name, content in files.items():
            self.write(name, content)
        self.ok("commit", "-q", "--no-verify", "--allow-empty", "-m", message)


def refused_ids(done: Done) -> str:
    """What a refusal says to allow."""
    (line,) = [line for line in done.err.splitlines() if "To allow it this once" in line]
    return next(
        word.partition("=")[2] for word in line.split() if "llow=" in word or "ALLOW=" in word
    )


def refs(work: Work) -> str:
    """All refs of a repository."""
    return work.ok("for-each-ref")
