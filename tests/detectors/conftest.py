"""The real pipeline over all built-in rules, built once for a test process."""

from dataclasses import replace

import pytest

from detectors.registry import default_detectors
from detectors.rule import Rule, built_in_rules
from detectors.scanner import Scanner


@pytest.fixture(scope="session")
def rules() -> tuple[Rule, ...]:
    return built_in_rules()


@pytest.fixture(scope="session")
def unpaired(rules: tuple[Rule, ...]) -> Scanner:
    """All rules as they are where no secret is joined with its id."""
    return Scanner(default_detectors([replace(r, partners=(), alone=True) for r in rules]))


@pytest.fixture(scope="session")
def scanner(rules: tuple[Rule, ...]) -> Scanner:
    return Scanner(default_detectors(rules))
