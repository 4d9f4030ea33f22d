"""What a scan looks with."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from detectors.registry import default_detectors
from detectors.rule import Rule
from detectors.scanner import Scanner
from forensics.key import Key

__all__ = ["ENGINE", "ScannerSetup", "setup_for"]

ENGINE = "1"
"""Changes whenever the same rules could give other sightings or other coverage."""


class ScannerSetup(NamedTuple):
    """How to make the scanner; unlike the scanner itself, it can be sent to a process."""

    rules: tuple[Rule, ...] | None = None
    """None for the built-in ones."""
    cache: Path | None = None
    cache_key: bytes = b""
    confirm_seconds: float = 5.0

    def scanner(self) -> Scanner:
        """The scanner, made once a process; a forked worker finds its parent's."""
        return _scanner(self)


@cache
def _scanner(setup: ScannerSetup) -> Scanner:
    return Scanner(
        default_detectors(setup.rules, cache=setup.cache, cache_key=setup.cache_key),
        cache=setup.cache,
        cache_key=setup.cache_key,
        confirm_seconds=setup.confirm_seconds,
    )


def setup_for(key: Key, cache: Path, rules: tuple[Rule, ...] | None = None) -> ScannerSetup:
    """A setup whose compiled prefilter is kept in `cache`, authenticated with `key`."""
    return ScannerSetup(rules, cache / "rules", key.seal("compiled rules"))
