"""Baselines of detect-secrets, `.secrets.baseline`: what people decided about findings.

Source: https://github.com/Yelp/detect-secrets/blob/master/docs/design.md
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

from detectors.errors import RuleError
from detectors.foreign.records import MAX_FILE
from detectors.hit import Hit
from detectors.ignoring import PENDING

__all__ = ["Baseline", "BaselineIgnorer", "entries_of", "read_baseline", "unsalted"]

_NAME = "baseline:"


class Baseline(NamedTuple):
    """What was decided to be no secret. It holds unsalted hashes, so it is never stored."""

    version: str
    """Changes with what was decided."""
    hashes: tuple[bytes, ...] = ()
    """SHA-1 of each value that is none."""
    paths: tuple[frozenset[bytes], ...] = ()
    """The files in which each is none."""

    def agrees(self, pending: Collection[str], path: bytes) -> bool:
        """Whether one of the names that `BaselineIgnorer` gave holds at `path`."""
        numbers = (name.removeprefix(_NAME) for name in pending if name.startswith(_NAME))
        known = (int(one) for one in numbers if one.isdecimal() and int(one) < len(self.paths))
        return any(path in self.paths[one] for one in known)

    def __repr__(self) -> str:
        return f"Baseline({self.version})"


class BaselineIgnorer:
    """Compares what is found with a baseline, in memory."""

    def __init__(self, baseline: Baseline) -> None:
        self._numbers = {digest: number for number, digest in enumerate(baseline.hashes)}
        self.version = baseline.version

    def reason(self, content: bytes, hit: Hit) -> str:
        """The entry that says that the value is no secret, in some files."""
        number = self._numbers.get(unsalted(content[hit.start : hit.end]))
        return "" if number is None else f"{PENDING}{_NAME}{number}"


def unsalted(value: bytes) -> bytes:
    """A value's hash as detect-secrets keeps it."""
    return hashlib.sha1(value, usedforsecurity=False).digest()


def read_baseline(file: Path) -> Baseline:
    """The verdicts in a baseline: entries that an audit marked as no secret.

    Raises:
        RuleError: the file cannot be read or is no baseline.
    """
    decided: dict[bytes, set[bytes]] = {}
    for entry in entries_of(file):
        if entry.get("is_secret") is False:
            digest = bytes.fromhex(entry["hashed_secret"])
            path = str(entry["filename"]).replace("\\", "/").encode("utf-8", "surrogatepass")
            decided.setdefault(digest, set()).add(path)
    hashes = tuple(sorted(decided))
    paths = tuple(frozenset(decided[digest]) for digest in hashes)
    facts = repr([(one, sorted(where)) for one, where in zip(hashes, paths, strict=True)])
    return Baseline("baseline-" + hashlib.sha256(facts.encode()).hexdigest()[:16], hashes, paths)


def entries_of(file: Path) -> list[dict[str, Any]]:
    """Every entry of a baseline, with its file name in it.

    Raises:
        RuleError: the file cannot be read or is no baseline.
    """
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_FILE + 1)
    except OSError as error:
        raise RuleError(f"{file}: {error.strerror}; name a baseline of detect-secrets") from None
    if len(data) > MAX_FILE:
        raise RuleError(f"{file}: it is larger than {MAX_FILE >> 20} MiB")
    try:
        results = json.loads(data)["results"]
        found = [
            {"filename": name, **entry} for name, entries in results.items() for entry in entries
        ]
        for entry in found:
            if len(bytes.fromhex(entry["hashed_secret"])) != 20:
                raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RuleError(f"{file} is no baseline of detect-secrets") from None
    return found
