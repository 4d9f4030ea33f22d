"""What an attestation says: records without any value."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Attestation", "Place", "Verdict"]


class Place(NamedTuple):
    """Where a value still stands."""

    kind: str
    """`blob`, `tree`, `commit`, `tag`; `ref` for a ref's name, `file` for a file of the git
    directory."""
    oid: str
    """Empty for what is no object."""
    forms: tuple[str, ...]
    """How it is written there."""
    how: str
    """What leads there: `ref`, `worktree`, `stash`, `reflog`, `index`, `alternate`, `none`; or
    `unknown` where history could not be walked."""
    borrowed: bool = False
    """Whether only an alternate holds the object."""
    name: str = ""
    """The first ref that leads there; of a work tree or file, its name."""
    refs: int = 0
    """How many refs lead to the commit, or name the object where no commit holds it."""
    commit: str = ""
    path: str = ""


class Verdict(NamedTuple):
    """Of one secret."""

    secret: str
    """Its fingerprint."""
    preview: str
    rule: str
    """What found it; empty for a value that was given."""
    by_chance: bool
    """Whether it is so short or plain that it may stand somewhere by chance."""
    counts: dict[str, int]
    """In how many places it stands, by what leads there; empty if it is gone."""
    places: tuple[Place, ...]
    """All of them, by what leads there, path and id."""

    @property
    def gone(self) -> bool:
        """Whether it stands nowhere that was read."""
        return not self.counts


class Attestation(NamedTuple):
    """What was looked at, and what was found there."""

    made: str
    """When, in ISO 8601."""
    version: str
    engine: str
    scanner: str
    """Version of the rules."""
    rules: int
    searched_with: str
    repository: str
    object_format: str
    head: str
    refs: tuple[tuple[str, str], ...]
    """Name and id of each."""
    refs_digest: str
    """SHA-256 of lines `id name`, as they are here."""
    alternates: tuple[str, ...]
    objects: dict[str, tuple[int, int]]
    """Number and bytes of those read, by kind."""
    verified: int
    copies: int
    """Further copies of the same objects, of which one is read."""
    files: int
    """Files of the git directory that were searched, besides objects."""
    skipped: dict[str, tuple[int, tuple[str, ...]]]
    """By the reason why they could not be read: how many, and some of their ids."""
    uncovered: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    values_from: str
    """Where the values came from, in words; empty without any."""
    detected: dict[str, int] | None
    """Where no values were given: secrets that detectors find, by severity."""

    @property
    def still_there(self) -> bool:
        """Whether something that should be gone is not."""
        if self.detected is not None:
            return any(self.detected.values())
        return any(not one.gone for one in self.verdicts)
