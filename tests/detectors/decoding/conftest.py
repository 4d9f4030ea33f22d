"""Scanners with all decoders."""

import pytest

from detectors.decoding.defaults import default_decoding
from detectors.registry import detectors_for
from detectors.rule import Rule
from detectors.rule_detector import RuleDetector
from detectors.scanner import Scanner


@pytest.fixture(scope="session")
def shaped(rules: tuple[Rule, ...]) -> RuleDetector:
    """The rules of providers."""
    return RuleDetector([rule for rule in rules if not rule.assigned])


@pytest.fixture(scope="session")
def decoding_scanner(shaped: RuleDetector) -> Scanner:
    """Rules that know the shape of what they find."""
    return Scanner([shaped], decoding=default_decoding())


@pytest.fixture(scope="session")
def everything(rules: tuple[Rule, ...]) -> Scanner:
    """All rules, those for values known by their names too."""
    return Scanner(detectors_for(rules), decoding=default_decoding())
