"""A history for the triage screen: leaks, a rotation, what is hostile, and many of a kind."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import setting, token
from forensics.index.database import create_or_open
from forensics.index.journal import Journal, JournalRow
from forensics.index.triage import Decision, Triage, Triaged
from forensics.key import Key
from tests.cli.command import forensics

__all__ = ["MANY", "Told", "copied", "tell"]

MANY = 60
"""Secrets in one file."""
HOSTILE = b"[red]b/\x1b[31m\xe2\x80\xae\xff" + "\u200b".encode() + b"x" * 180


@dataclass(frozen=True, slots=True)
class Told:
    """An index of the history, and the key that it was made with."""

    index: Path
    key: Key

    def name(self, seed: int) -> str:
        """The fingerprint of a token of the history."""
        return self.key.fingerprint(token(seed)).hex()

    def decided(self, secret: str) -> Triaged | None:
        """What is decided about a secret."""
        with closing(create_or_open(self.index, self.key)) as database:
            return next(iter(Triage(database, self.key).current([secret])), None)

    def decide(self, seed: int, state: str) -> None:
        """Decide, as somebody else would."""
        self.decide_about(self.name(seed), state)

    def decide_about(self, secret: str, state: str) -> None:
        """The same by fingerprint."""
        with closing(create_or_open(self.index, self.key)) as database:
            Triage(database, self.key).decide_all([(secret, Decision(state))])

    def journal(self) -> list[JournalRow]:
        """What the journal says."""
        with closing(create_or_open(self.index, self.key)) as database:
            return [*Journal(database, self.key).rows()]


def tell(path: Path, key: Key) -> Path:
    """Tell the history and scan it; the index."""
    assert key
    builder = Builder(path)
    builder.write("README.md", "# Parcels\n")
    builder.commit("Start the project")
    builder.wait(days=1)
    builder.write("deploy/prod.yaml", b"region: eu-west-1\ntoken: %s\nretries: 3\n" % token(1))
    builder.commit("Deploy")
    builder.wait(days=30)
    builder.write("deploy/prod.yaml", b"region: eu-west-1\ntoken: %s\nretries: 3\n" % token(2))
    builder.commit(f"Rotate\n\nThe old one was {token(1).decode()}.")
    builder.wait(days=1)
    folders = b"/".join([HOSTILE] * 3)
    builder.write(folders + b"/many.env", b"".join(setting(token(n)) for n in range(10, 10 + MANY)))
    builder.commit("Many")
    builder.populate()
    index = path.with_name("index.db")
    forensics("scan", path, "--index", index)
    return index


def copied(index: Path, to: Path, key: Key) -> Told:
    """The index for one test, which may change it."""
    return Told(Path(shutil.copy(index, to / "index.db")), key)
