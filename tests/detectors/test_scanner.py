"""The way from bytes to hits."""

import time
from base64 import b64encode
from collections.abc import Sequence
from itertools import pairwise

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.anchor import Anchor, widest
from detectors.deadline import Deadline
from detectors.decoding.defaults import default_decoding
from detectors.hit import Hit, Kind
from detectors.registry import default_detectors
from detectors.rule import parse_rules
from detectors.rule_detector import RuleDetector, matches
from detectors.scanner import CLEAN, Scanner
from detectors.secret import Secret
from detectors.template import expand
from detectors.winners import winners

KIND = Kind("acme.slow", "A slow find", "high", "It is slow.", "Wait.")


class Slow:
    """A detector that looks at its deadline as it should, and never ends before it."""

    version = "slow-1"
    kinds: Sequence[Kind] = (KIND,)
    anchors: Sequence[Anchor] = (Anchor("slowmark", 10),)

    def confirm(self, content, spans, deadline):
        yield Hit(KIND, 0, 8, Secret(content[:8]), 0.9)
        while deadline.remaining():
            time.sleep(0.001)


def test_a_vendor_and_a_generic_rule_on_one_value_make_one_hit(scanner: Scanner):
    """The more specific rule names it."""
    content = expand("api_token = '{crc32:ghp_}'")
    (hit,) = scanner.scan(content).hits
    assert hit.kind.id == "github.pat-classic"
    assert content[hit.start : hit.end] == hit.secret.reveal()


def test_hits_stand_in_order_and_do_not_overlap(scanner: Scanner):
    """Several secrets in one content are several hits, first to last."""
    content = expand("a={crc32:ghp_}\nb={crc32:npm_}\n{pem:EC PRIVATE KEY}c=AKIA{base32:16}\n")
    hits = scanner.scan(content).hits
    assert [hit.kind.id for hit in hits] == [
        "github.pat-classic",
        "npm.access-token",
        "private-key.ec",
        "aws.access-key-id",
    ]
    for one, other in pairwise(hits):
        assert one.end <= other.start


def test_a_content_without_secrets_is_clean(scanner: Scanner):
    """Most contents give the same empty result."""
    assert scanner.scan(b"int main(void) { return 0; }\n") is CLEAN
    assert scanner.scan(b"") is CLEAN


def test_a_secret_at_either_end_of_a_content_is_found(scanner: Scanner):
    """Nothing needs to stand before or after it."""
    token = expand("{crc32:ghp_}")
    for content in (token, b"x " + token, token + b" x", b"\n" + token + b"\n"):
        (hit,) = scanner.scan(content).hits
        assert hit.secret.reveal() == token


def test_a_detector_out_of_time_is_reported_and_the_others_go_on():
    """What it found before stays, the result says that more may be missing, and no other is cut."""
    rules = parse_rules(RULE, "here")
    scanner = Scanner([Slow(), RuleDetector(rules)], confirm_seconds=0.5)
    result = scanner.scan(b"slowmark " + expand("acme_{alnum:20}"))
    assert result.timed_out == ("slow-1",)
    assert [hit.kind.id for hit in result.hits] == ["acme.slow", "acme.token"]


def test_a_match_without_a_secret_does_not_keep_others_from_being_found():
    """The group may stand in a part of the pattern that is missing, or be empty."""
    for group in ("(?:(?P<secret>[a-z]{20})|-)", "(?P<secret>[a-z]*)"):
        empty = RULE.replace("acme.token", "aaaa.empty").replace(
            r"'\b(?P<secret>acme_[A-Za-z0-9]{20})\b'", f"'acme_{group}'\nanchor = 'acme_'"
        )
        scanner = Scanner([RuleDetector(parse_rules(empty + RULE, "here"))])
        result = scanner.scan(b"acme_- " + expand("acme_{digits:20}"))
        assert [hit.kind.id for hit in result.hits] == ["acme.token"]
        assert not result.failed


def test_a_rule_out_of_time_does_not_keep_the_others_from_theirs():
    """One pattern that a hostile content makes slow does not hide what other rules find in it."""
    slow = RULE.replace("acme.token", "aaaa.slow").replace(
        r"'\b(?P<secret>acme_[A-Za-z0-9]{20})\b'",
        "'acme_(?:[a-z]|[a-z][a-z]){1,60}!'\nanchor = 'acme_'",
    )
    detector = RuleDetector(parse_rules(slow + RULE, "here"))
    scanner = Scanner([detector], confirm_seconds=16)
    result = scanner.scan(b"acme_" + b"a" * 60 + expand(" ! acme_{alnum:20}"))
    assert result.timed_out == (detector.version,)
    assert "acme.token" in [hit.kind.id for hit in result.hits]


def test_a_scanner_version_changes_with_its_rules():
    """An index knows by it that contents must be looked at again."""
    rules = parse_rules(RULE, "here")
    changed = parse_rules(RULE.replace("{20}", "{21}"), "here")
    assert Scanner([RuleDetector(rules)]).version == Scanner([RuleDetector(rules)]).version
    assert Scanner([RuleDetector(rules)]).version != Scanner([RuleDetector(changed)]).version


RULE = r"""
[[rule]]
id = "acme.token"
title = "Acme token"
severity = "high"
why = "It opens Acme."
remedy = "Revoke it."
pattern = '\b(?P<secret>acme_[A-Za-z0-9]{20})\b'
keywords = ["acme_"]
examples = ["acme_{alnum:20}"]
counterexamples = ["acme_{alnum:3}"]
"""


def test_a_thousand_secrets_in_one_content_are_told_apart_quickly(scanner: Scanner):
    """A dump of credentials is sorted out in far less than the time limit."""
    content = b"".join(expand("k={crc32:ghp_}\n", seed) for seed in range(3000))
    started = time.monotonic()
    assert len(scanner.scan(content).hits) == 3000
    assert time.monotonic() - started < 4


@pytest.mark.parametrize(
    "content",
    [
        b"-----BEGIN RSA PRIVATE KEY-----\n" * 30_000,
        b"-----BEGIN RSA PRIVATE KEY-----\n" + b"A" * 1_000_000,
        b"-----BEGIN RSA PRIVATE KEY-----\n" + b"Ab1: x\n" * 100_000,
        b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n" + b"Version: \n" * 100_000,
        b"PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\n" * 20_000,
        b"eyJ" + b"abcd" * 200_000,
        b"password=" * 100_000,
        b'password = "a' * 60_000,
        b"https://a:" * 100_000,
        b"https://" + b"a:" * 300_000,
        b";pwd=abcd" * 100_000,
        b"machine a login b password " * 30_000,
        b"sk-proj-" * 50_000 + b"T3BlbkFJ" * 50_000,
        b"jdbc:a:" * 100_000,
        b'"auth": "' * 60_000,
    ],
    ids=lambda content: content[:24].decode(),
)
def test_a_hostile_content_takes_bounded_time(content: bytes, scanner: Scanner):
    """Patterns are linear: a megabyte made to be slow stays within the time limit."""
    assert not scanner.scan(content).timed_out


@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le"])
def test_of_a_flood_of_secrets_so_many_are_kept_and_the_rest_is_told(encoding: str):
    """What comes after finding, such as looking for marks, has no time limit of its own."""
    scanner = Scanner(default_detectors(), decoding=default_decoding(), most_hits=30)
    line = "".join(f"AKIA{expand('{base32:16}', seed).decode()} " for seed in range(40))
    result = scanner.scan(line.encode(encoding))
    assert len(result.hits) == 30
    assert result.unread == ("it holds more than 30 secrets",)


def test_a_flood_of_guesses_does_not_crowd_out_what_is_sure():
    """A token at the end of a content is kept before passwords that stand before it."""
    scanner = Scanner(default_detectors(), most_hits=30)
    guesses = expand('password = "{alnum:14}!9a"\n') * 40
    result = scanner.scan(guesses + expand("x={crc32:ghp_}\n"))
    assert len(result.hits) == 30
    assert result.hits[-1].kind.id == "github.pat-classic"


def test_overlapping_candidates_leave_the_most_specific():
    """A generic find around a vendor's, and one around both, give way."""
    vendor, generic = KIND, Kind("generic.x", "", "low", "", "", generic=True)
    hits = [
        Hit(generic, 0, 100, Secret(b"g"), 0.9),
        Hit(vendor, 10, 20, Secret(b"a"), 0.5),
        Hit(vendor, 15, 30, Secret(b"b"), 0.8),
        Hit(generic, 30, 40, Secret(b"c"), 0.1),
    ]
    assert [(hit.start, hit.end) for hit in winners(hits)] == [(15, 30), (30, 40)]


PATTERNS = [
    r"ab?c",
    r"\bab{1,3}\b",
    r"a(?=b)",
    r"(?<=a)b{2}",
    r"[ab]{2,4}",
    r"(?i)c\b",
    # Before an end, as many fixed bytes as an anchor must have: Hyperscan overlooks one or two.
    r"abc\Z",
    r"abc$",
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PATTERNS), st.text("abcC \n", max_size=60))
def test_matches_near_anchors_are_those_of_the_whole_content(expression: str, text: str):
    """Looking only where a match may start finds exactly what looking everywhere does."""
    content = text.encode()
    pattern = regex.compile(expression.encode())
    expected = [match.span() for match in pattern.finditer(content)]
    prefilter = Scanner([_Only(expression)]).prefilter
    spans = (prefilter.find(content) or {}).get(0, [])
    for reach in (widest(expression), None):
        found = [match.span() for match in matches(pattern, reach, content, spans, Deadline(9))]
        assert found == expected


class _Only:
    version = "only"
    kinds = ()

    def __init__(self, expression: str) -> None:
        self.anchors = [Anchor(expression, widest(expression))]

    def confirm(self, content, spans, deadline):
        return iter(())


def test_where_something_may_stand_encoded_more_than_lines_count():
    """What is decoded can change though the lines with other anchors do not."""
    scanner = Scanner(default_detectors(), decoding=default_decoding())
    line = b'password = "password"\n'
    quiet = scanner.prefilter.find(line)
    encoded = scanner.prefilter.find(line + b"kind: Secret\ndata:\n  a: " + b64encode(line * 9))
    assert quiet
    assert encoded
    assert scanner.settled(line, quiet)
    assert not scanner.settled(line, encoded)


def test_a_value_that_a_provider_is_named_with_need_not_look_like_a_secret():
    """What stands around it would tell against it, if nobody knew its shape."""
    (hit,) = Scanner(default_detectors()).scan(expand("PUSHER_SECRET={hex:20}<br>")).hits
    assert hit.kind.id == "pusher.app-secret"
