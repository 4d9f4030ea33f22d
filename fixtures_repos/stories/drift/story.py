"""What a history of configuration gives back, and how one is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from detectors.template import expand
from fixtures_repos.builder import ADA, Builder

__all__ = [
    "ANY", "DEV", "PROD", "STAGING", "THREE", "DriftStory", "Event", "Telling", "dotenv", "each",
    "password",
]  # fmt: skip

ANY = "*"
"""In an expected event: whatever stands there is right."""

THREE = ("dev", "staging", "prod")
DEV, STAGING, PROD = THREE


class Event(NamedTuple):
    """A drift event that must be told."""

    kind: str
    key: str
    """As a glob, since the parts before the last are a matter of format."""
    opened: str | tuple[str, ...]
    """Name of the commit that opens it, or of all that may; or ANY."""
    closed: str | tuple[str, ...] | None = None
    """The same of the commit that closes it; None where it is still open."""
    present: tuple[str, ...] | None = None
    """Environments that have the key when the event opens; None where it tells of no presence."""
    missing: tuple[str, ...] | None = None
    """Environments that lack it at any time of the event."""
    certain: bool = True
    component: str = ""
    """What the name of its set contains."""
    several: bool = False
    """Whether it may be told once for each key or environment that it touches."""


@dataclass(frozen=True, slots=True)
class DriftStory:
    """A repository, the commits by the name of what they did, and the drift to be told."""

    path: Path
    commits: Mapping[str, str]
    events: tuple[Event, ...]
    environments: tuple[str, ...]
    """Those of the last commit, in their canonical names."""
    secrets: tuple[bytes, ...] = field(default=(), repr=False)
    """Values that nothing may print."""
    uncertain: tuple[tuple[str, str], ...] = ()
    """Keys, as globs, and environments that the last commit leaves uncertain."""
    meant: tuple[str, ...] = ()
    """Keys, as globs, that differ and are meant to: they may be told, as `info`."""


class Telling:
    """A history told commit by commit, a day apart, each commit with a name."""

    def __init__(self, path: Path, files: Mapping[str, str | bytes]) -> None:
        self.builder = Builder(path)
        self.commits: dict[str, str] = {}
        self.builder.write("README.md", "# Parcels\n")
        self.change("start", files)

    def change(
        self,
        label: str,
        files: Mapping[str, str | bytes | None],
        *,
        author: bytes = ADA,
        days: float = 1,
    ) -> None:
        """Commit these contents as `label`, `days` after the last; None deletes the file."""
        self.builder.wait(days=days)
        for path, content in files.items():
            if content is None:
                self.builder.delete(path)
            else:
                self.builder.write(path, content)
        self.commits[label] = self.builder.commit(label.capitalize(), author=author)

    def end(
        self,
        *events: Event,
        environments: tuple[str, ...] = THREE,
        secrets: Sequence[str] = (),
        uncertain: tuple[tuple[str, str], ...] = (),
        meant: tuple[str, ...] = (),
    ) -> DriftStory:
        """The story as it stands, with what must be told of it."""
        self.change("end", {"README.md": "# Parcels\n\nDelivered.\n"}, days=10)
        hidden = tuple(secret.encode() for secret in secrets)
        return DriftStory(
            self.builder.populate(), self.commits, events, environments, hidden, uncertain, meant
        )


def dotenv(**settings: object) -> str:
    """An environment file of these settings."""
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def each(place: str, content: str, environments: Sequence[str] = THREE) -> dict[str, str]:
    """The same content for each environment, at `place` with `{}` for its name."""
    return {place.format(environment): content for environment in environments}


def password(seed: int) -> str:
    """A password that nobody was ever given, the same for the same seed."""
    return expand("{alnum:24}", seed).decode()
