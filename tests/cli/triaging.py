"""A repository whose secrets are triaged, by the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import setting, token
from forensics.key import Key
from tests.cli.command import forensics

__all__ = ["Project"]


class Project:
    """A repository that goes on, its index beside it."""

    def __init__(self, path: Path, key: Key) -> None:
        self.builder, self.key = Builder(path), key
        self.path, self.index = path, path.with_name("index.db")

    def leak(self, path: str = "a.env", seed: int = 1, more: bytes = b"") -> None:
        self.builder.write(path, setting(token(seed)) + more)
        self.builder.commit(f"Change {path}")

    def name(self, seed: int = 1) -> str:
        return self.key.fingerprint(token(seed)).hex()

    def run(self, *words: object) -> Any:
        return forensics(*words, "--index", self.index)

    def scan(self) -> Any:
        return self.run("scan", self.path)

    def triage(self, *words: object) -> Any:
        done = self.run("triage", *words)
        assert done.code == 0, done.err
        return done

    def states(self) -> dict[str, str]:
        """What is listed, by secret."""
        return {one["secret"]: one["state"] for one in self.triage("-f", "jsonl").lines}

    def statuses(self) -> set[tuple[str, str, str]]:
        """Path, status and triage of every finding."""
        lines = self.run("findings", "-f", "jsonl").lines
        return {(one["path"], one["status"], one["triage"]) for one in lines}

    def kinds(self, seed: int = 1) -> list[str]:
        """What the journal says of a secret."""
        lines = self.run("log", self.name(seed), "-f", "jsonl").lines
        return [one["kind"] for one in lines if one["source"] == "journal"]
