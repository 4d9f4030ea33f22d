"""A repository whose production lacks one key for a while and another until now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from fixtures_repos.builder import BEN, Builder
from fixtures_repos.stories.story import token
from tests.cli.command import Done, forensics

__all__ = ["BASE", "FORMATS", "HOST", "PASSWORDS", "Told", "env", "events", "rows", "web_in"]

FORMATS = ("table", "json", "jsonl", "csv", "sarif", "markdown")
PASSWORDS = {name: token(seed).decode() for seed, name in enumerate(("dev", "staging", "prod"), 1)}
HOST = "{}.db.acme.example"
BASE = {"LOG_LEVEL": "info", "RETRIES": "17", "WORKERS_MODE": "prefork"}


class Told(NamedTuple):
    """A repository and its commits by name."""

    path: Path
    builder: Builder
    commits: dict[str, str]


def env(values: Mapping[str, str]) -> str:
    """A dotenv file."""
    return "".join(f"{name}={value}\n" for name, value in values.items())


def web_in(path: Path) -> Told:
    """Three environments: production lacks one key for a while and another until now."""
    builder = Builder(path)
    has = {
        name: BASE | {"DB_HOST": HOST.format(name), "DB_PASSWORD": PASSWORDS[name]}
        for name in PASSWORDS
    }

    def commit(name: str, author: bytes = BEN) -> str:
        for environment, values in has.items():
            builder.write(f"web/.env.{environment}", env(values))
        builder.wait(days=1)
        return builder.commit(name, author=author)

    commits = {"start": commit("Start")}
    for name in ("dev", "staging"):
        has[name]["FEATURE_FLAGS"] = "alpha"
    commits["feature"] = commit("Flags")
    has["prod"]["FEATURE_FLAGS"] = "alpha"
    commits["released"] = commit("Flags in production")
    for name in ("dev", "staging"):
        has[name]["CACHE_PREFIX"] = "web7"
    commits["cache"] = commit("Cache")
    builder.write("README.md", "# Web\n")
    commits["last"] = builder.commit("Words")
    return Told(builder.populate(), builder, commits)


def events(path: Path, *words: object) -> list[dict[str, object]]:
    """The history, every object of it."""
    return forensics("drift", path, "--history", "-f", "jsonl", *words).lines


def rows(done: Done) -> list[list[str]]:
    """The words of each line of a table."""
    return [line.split() for line in done.out.splitlines()]
