"""Which detectors run: ours, listed here, and those that other packages register."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import entry_points

from detectors.detector import Detector
from detectors.errors import RuleError
from detectors.rule import Rule, built_in_rules
from detectors.rule_detector import RuleDetector

__all__ = ["ENTRY_POINT_GROUP", "default_detectors"]

ENTRY_POINT_GROUP = "git_forensics.detectors"
"""A package that registers a callable without arguments here adds the detector it returns."""


def _third_party() -> list[Detector]:
    found: list[Detector] = []
    for entry in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda entry: entry.name):
        try:
            found.append(entry.load()())
        except Exception as error:
            raise RuleError(
                f"the detector {entry.name!r} of another package does not load: "
                f"{type(error).__name__}; update or uninstall that package"
            ) from error
    return found


def default_detectors(rules: Sequence[Rule] | None = None) -> list[Detector]:
    """The detectors of a scan: one for `rules` (all built-in ones by default), then others'.

    Raises:
        RuleError: a detector of another package does not load.
    """
    return [RuleDetector(built_in_rules() if rules is None else rules), *_third_party()]
