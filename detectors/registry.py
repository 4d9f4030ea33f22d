"""Which detectors run: ours, listed here, and those that other packages register."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

from detectors.assignments.detector import AssignmentDetector
from detectors.detector import Detector
from detectors.registered import registered_detectors
from detectors.rule import Rule, built_in_rules
from detectors.rule_detector import RuleDetector
from detectors.sealed import read_sealed, write_sealed

__all__ = ["default_detectors", "detectors_for"]

_FOLDERS = ("rules", "assignments", "structure")


def default_detectors(
    rules: Sequence[Rule] | None = None, *, cache: Path | None = None, cache_key: bytes = b""
) -> list[Detector]:
    """The detectors of a scan: one for `rules` (all built-in ones by default), then others'.

    Args:
        rules: to look for.
        cache: folder of the user's where the built-in rules are kept parsed; None parses them.
        cache_key: authenticates what is read back from it.

    Raises:
        RuleError: a detector of another package does not load.
    """
    ours = _built_in(cache, cache_key) if rules is None else detectors_for(rules)
    return [*ours, *registered_detectors()]


def detectors_for(rules: Sequence[Rule]) -> list[Detector]:
    """The detectors for `rules`."""
    assigned = [rule for rule in rules if rule.assigned]
    shaped = [rule for rule in rules if not rule.assigned]
    detectors: list[Detector] = [RuleDetector(shaped)] if shaped else []
    return [*detectors, AssignmentDetector(assigned)] if assigned else detectors


def _built_in(cache: Path | None, key: bytes) -> list[Detector]:
    if cache is None or not key:
        return detectors_for(built_in_rules())
    file = cache / f"{_package_digest()}.rules"
    data = read_sealed(file, key)
    if data is not None:
        with suppress(Exception):  # of another Python's making, say
            known = pickle.loads(data)  # noqa: S301  nobody else could have sealed it
            if isinstance(known, list):
                return known
    made = detectors_for(built_in_rules())
    write_sealed(file, key, pickle.dumps(made))
    return made


def _package_digest() -> str:
    """A digest of all rules and of the code that makes something of them."""
    package = files("detectors")
    digest = hashlib.sha256()
    for folder in (package, *(package / name for name in _FOLDERS)):
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith((".py", ".toml", ".json")):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
