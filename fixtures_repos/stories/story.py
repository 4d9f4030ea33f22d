"""What a told history gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from detectors.template import expand
from fixtures_repos.builder import Builder

__all__ = ["PLACE", "Story", "begin", "setting", "token"]

PLACE = "deploy/ci.env"
"""Where most stories keep their secret."""


@dataclass(frozen=True, slots=True)
class Story:
    """A repository, what leaked in it, and the ids that tell when.

    `commits` are commit ids by the name of what they did; `ids` those of other
    objects; `others` are further secrets by name.
    """

    path: Path
    secret: bytes = field(repr=False)
    commits: Mapping[str, str]
    place: bytes = PLACE.encode()
    ids: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def token(seed: int = 1) -> bytes:
    """A GitHub token that nobody was ever given, the same for the same seed."""
    return expand("{crc32:ghp_}", seed)


def setting(value: bytes, name: bytes = b"GITHUB_TOKEN") -> bytes:
    """A small environment file whose second line sets `name` to `value`."""
    return b"CI_REGION=eu-west-1\n%s=%s\nCI_RETRIES=3\n" % (name, value)


def begin(path: Path) -> tuple[Builder, dict[str, str]]:
    """A repository with a harmless first commit, called "start"."""
    builder = Builder(path)
    builder.write("README.md", "# Parcels\n")
    return builder, {"start": builder.commit("Start the project")}
