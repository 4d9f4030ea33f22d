"""The scanner with all decoders, over rules that know the shape of what they find."""

import pytest

from detectors.decoding.defaults import default_decoding
from detectors.rule import Rule
from detectors.rule_detector import RuleDetector
from detectors.scanner import Scanner


@pytest.fixture(scope="session")
def shaped(rules: tuple[Rule, ...]) -> RuleDetector:
    """The rules of providers."""
    return RuleDetector([rule for rule in rules if not rule.assigned])


@pytest.fixture(scope="session")
def decoding_scanner(shaped: RuleDetector) -> Scanner:
    return Scanner([shaped], decoding=default_decoding())
