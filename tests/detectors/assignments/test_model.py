"""The model that judges, and what it says of its reasons."""

from __future__ import annotations

import pytest

from detectors.assignments.features import NAMES, VALUE_NAMES
from detectors.assignments.model import Model, built_in_model
from detectors.registry import detectors_for
from detectors.rule import built_in_rules
from detectors.scanner import Scanner
from detectors.template import expand

GENERIC = Scanner(detectors_for([rule for rule in built_in_rules() if rule.generic]))
SMALL = {
    "features": ["first", "length"],
    "start": -1.0,
    "trees": [
        {"feature": [0, -1, 1, -1, -1], "threshold": [0.5, 0, 8.0, 0, 0], "left": [1, 0, 3, 0, 0],
         "right": [2, 0, 4, 0, 0], "value": [0.1, -2.0, 1.0, 0.5, 3.0]},
    ],
    "calibration": [[0.0, 0.0], [0.5, 0.2], [1.0, 0.9]],
    "threshold": 0.4, "pairs": [0.0] * 729, "words": ["word"], "version": "test",
}  # fmt: skip


def test_a_tree_is_walked_to_its_leaf() -> None:
    """Up to the threshold goes left; scores become shares of true by the measured points."""
    model = Model(SMALL)
    assert model.confidence([0.0, 99.0]) == pytest.approx(0.2 * 2 * 0.04743, abs=1e-3)
    assert model.confidence([1.0, 9.0]) == pytest.approx(0.2 + 0.7 * 2 * (0.8808 - 0.5), abs=1e-3)


def test_reasons_add_up_to_the_score() -> None:
    """What each step along the path adds is counted for the feature that was asked."""
    assert Model(SMALL).reasons([1.0, 9.0]) == (("length: 9", 2.0), ("first", 0.9))
    assert Model(SMALL).reasons([0.0, 9.0]) == (("not: first", -2.1),)


def test_the_shipped_model_is_of_these_features() -> None:
    """A change of features needs a new training."""
    model = built_in_model()
    assert tuple(model.names) == NAMES
    assert len(set(NAMES)) == len(NAMES)
    assert set(NAMES) > VALUE_NAMES
    assert 0 < model.threshold < 1


@pytest.mark.parametrize(
    "template",
    [
        "DB_PASSWORD='{alnum:16}'",
        "DB_PASSWORD='Summer{digits:4}!'",
        'password: "Dr@gon{digits:3}xK"',
        "export API_KEY={hex:32}",
        'client_secret = "{base64url:40}"',
        "curl -H 'Authorization: Bearer {hex:40}' x",
        "mysql://shop:{alnum:14}@db.internal/shop",
    ],
)
def test_a_generic_secret_is_found_and_says_why(template: str) -> None:
    """With reasons that name features, and hold nothing of the value."""
    for seed in range(5):
        content = expand(template, seed)
        (hit,) = GENERIC.scan(content).hits
        assert hit.kind.generic
        assert hit.reasons
        assert all(hit.secret.reveal().decode() not in text for text, _ in hit.reasons)


@pytest.mark.parametrize(
    "line",
    [
        "password = getpass.getpass()",
        "password: ${DB_PASSWORD}",
        'password = "production"',
        'API_KEY = "your-api-key-goes-here"',
        "token: string;",
        "key: primary",
        'secret = os.environ["SECRET"]',
        "public_key = 'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A'",
        "password_field = 'user_password_hash'",
        "private final String tokenName = \"session-token-name\";",
        "curl -H 'Authorization: Basic dXNlcjpwYXNzd29yZA==' x",
    ],
)  # fmt: skip
def test_what_only_looks_like_one_is_silent(line: str) -> None:
    """References, code, stand-ins, public keys."""
    assert not GENERIC.scan(line.encode()).hits


def test_the_same_password_in_basic_and_in_clear_is_one_secret() -> None:
    """The password of a Basic header is what leaks, not its encoding."""
    import base64

    password = expand("{alnum:14}")
    header = b"Authorization: Basic " + base64.b64encode(b"shop:" + password)
    (one,) = GENERIC.scan(header).hits
    (other,) = GENERIC.scan(b'password = "' + password + b'"').hits
    assert one.secret == other.secret


@pytest.mark.parametrize(
    "content",
    [
        b'password="' * 200_000,
        b"key=" * 1_000_000,
        b"a" * 3_000_000 + b"token=",
        b"://" * 500_000 + b"a:b@",
        b'{"key":"' + b"\\" * 2_000_000,
        b"secret" * 300_000,
        b"authdata := []byte{" + b"1, " * 500_000,
        b"password = " + b"'" + b"x \\'" * 300_000,
    ],
    ids=lambda content: content[:20],
)
def test_hostile_lines_end_in_time(content: bytes) -> None:
    """The deadline is looked at between lines and windows, each of which is small."""
    result = Scanner(
        detectors_for([rule for rule in built_in_rules() if rule.generic]), confirm_seconds=1.0
    ).scan(content)
    assert len(result.hits) + len(result.timed_out) < 100_000
