"""Histories of configuration told in memory: what each environment gets after each commit."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from forensics.drift.environments import Placer
from forensics.drift.model import Change, DriftEvent, Line, Observation, Reading, Step
from forensics.drift.survey import Survey, surveyed

DAY = 86_400
BROKEN = "broken"
"""In place of a file: a version that does not parse."""

DEV, PROD, STAGING, BASE = ".env.dev", ".env.prod", ".env.staging", ".env"
A = {"A": "1"}
AB = {"A": "1", "B": "2"}

Files = Mapping[str, Mapping[str, str] | str]
"""By path: keys and values, or BROKEN."""


def step(number: int, changes: tuple[Change, ...] = ()) -> Step:
    """A commit a day."""
    return Step(number.to_bytes(20, "big"), "Ann <ann@example.com>", number * DAY, 0, changes)


def observation(key: str, value: str) -> Observation:
    """As a file without types would be read; a value in angle brackets is a placeholder."""
    fingerprint = hashlib.sha256(value.encode()).digest()
    kind = "placeholder" if value.startswith("<") else "literal" if value else "empty"
    if value.startswith("ENC"):
        kind = "ciphertext"
    traits = {"local"} if "localhost" in value else {"debug"} if value == "true" else set()
    if kind == "ciphertext":
        traits.add(f"bytes:{value.split(':')[1]}")
    type_ = "untyped"
    if value.startswith(("number ", "boolean ", "string ")):
        type_ = value.split()[0]
    return Observation("", key, 1, kind, type_, fingerprint, fingerprint, frozenset(traits))


def history(*commits: Files) -> Survey:
    """Follow a history in which each commit holds exactly these files."""
    line, reading = line_of(*commits)
    return surveyed(line, reading, Placer.load(None))


def line_of(*commits: Files) -> tuple[Line, Callable[[bytes, bytes], Reading]]:
    """The line of such a history, and what its files hold."""
    blobs: dict[bytes, Reading] = {}
    steps: list[Step] = []
    before: dict[bytes, bytes] = {}
    for number, files in enumerate(commits, 1):
        now: dict[bytes, bytes] = {}
        for path, content in files.items():
            blob = hashlib.sha1(repr(content).encode(), usedforsecurity=False).digest()
            now[path.encode()] = blob
            if isinstance(content, str):
                blobs[blob] = Reading((), content)
            else:
                blobs[blob] = Reading(tuple(observation(k, v) for k, v in content.items()))
        changes = tuple(
            Change(path, before.get(path, b""), now.get(path, b""))
            for path in sorted(before.keys() | now.keys())
            if before.get(path) != now.get(path)
        )
        steps.append(step(number, changes))
        before = now
    line = Line("refs/heads/main", steps[-1].commit, steps[-1].time, tuple(steps))
    return line, lambda _path, blob: blobs[blob]


def told(event: DriftEvent) -> tuple[str, str, int, int | None]:
    """Kind, key, and the numbers of the commits that opened and closed it."""
    closed = int.from_bytes(event.closed.commit, "big") if event.closed else None
    return event.kind, event.key, int.from_bytes(event.opened.commit, "big"), closed


def events(*commits: Files) -> list[tuple[str, str, int, int | None]]:
    """What is told of a history in which each commit holds exactly these files."""
    return [told(each) for each in history(*commits).events]
