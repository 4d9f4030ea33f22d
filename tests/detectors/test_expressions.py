"""What is known of an expression before it is looked for."""

import re

import pytest

from detectors.anchor import widest
from detectors.fixed_bytes import longest_literal


@pytest.mark.parametrize(
    ("expression", "bytes_at_most"),
    [
        ("abc", 5),
        (r"\babc\b", 5),
        ("a{2,5}", 7),
        ("(?:ab|cde)f", 6),
        ("(?<=ab)c(?=def)", 8),
        ("(?:(?=abc)x)?", 6),
        ("(?P<secret>a[0-9]{10})", 13),
    ],
)
def test_a_width_counts_lookarounds_and_boundaries(expression, bytes_at_most):
    """Whatever a match looks at is inside the span that is searched."""
    assert widest(expression) == bytes_at_most


@pytest.mark.parametrize("expression", ["a+", "a*b", "(?:a{1,3})*", "a{5,}"])
def test_an_unbounded_expression_is_wider_than_any_limit(expression):
    """Such a pattern needs an anchor."""
    assert widest(expression) > 1_000_000


@pytest.mark.parametrize(
    ("expression", "length"),
    [
        ("ghp_[a-z]{36}", 4),
        ("[a-z]{3}-us[0-9]", 3),
        ("api[_-]?key", 3),
        ("api[_-]key", 7),
        ("(?:password|pwd)=", 4),
        ("(?:abc){2}d", 7),
        ("a(?:bc)+d", 3),
        ("x?abc", 3),
        ("[0-9a-f]{40}", 0),
        (r"\b(?P<secret>AK[A-Z]{4})\b", 2),
        ("(?>abc)d", 4),
        ("a.b", 1),
        ("", 0),
    ],
)
def test_the_longest_literal_is_what_every_match_contains(expression, length):
    """It is what a prefilter can look for many positions at a time."""
    assert longest_literal(expression) == length


def test_an_expression_that_does_not_parse_is_an_error():
    """Neither is a guess."""
    for measure in (widest, longest_literal):
        with pytest.raises(re.error):
            measure("(a")
