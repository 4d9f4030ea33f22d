"""Where rules match nothing, a change that is far away from what looks like it brings nothing."""

from __future__ import annotations

from dulwich.pack import create_delta
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detectors.prefilter.pure import PurePrefilter
from detectors.registry import default_detectors, detectors_for
from detectors.rule import parse_rules
from detectors.scanner import Scanner
from detectors.template import expand
from forensics.scan.changes import changed_windows

RULES = """
[[rule]]
id = "test.url-password"
title = "x"
severity = "high"
why = "x"
remedy = "x"
pattern = '''\\b(?:ftp|bolt)://\\w{0,8}:(?!none@)(?P<secret>[\\w/:@]{3,40})@\\w'''
anchor = '''://\\w{0,8}:[\\w/:@]{3,40}@'''
lead = 8
keywords = ["ftp", "bolt"]
entropy = 2.0
examples = ["ftp://a:{alnum:9}@b"]
counterexamples = ["ftp://a:none@b"]
[[rule]]
id = "test.other-password"
title = "x"
severity = "high"
why = "x"
remedy = "x"
pattern = '''\\bsmb://\\w{0,8}:(?P<secret>\\w{3,40})@\\w'''
anchor = '''://\\w{0,8}:[\\w/:@]{3,40}@'''
lead = 8
keywords = ["smb"]
entropy = 2.0
examples = ["smb://a:{alnum:9}@b"]
counterexamples = ["smb://a:none@b"]
"""
SCANNER = Scanner(detectors_for(parse_rules(RULES, "test")))
PIECES = [
    b"ftp", b"bolt", b"smb", b"http", b"://", b"user", b":", b"none", b"aaaa", b"@", b"host", b" ",
    b"ftp://a:none@host", b"bolt://a:aaaa@", b"http://a:" + expand("{alnum:9}") + b"@b",
    b"://a:" + expand("{alnum:9}") + b"@b", b"\n", b"filler of words \n" * 60,
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), min_size=3, max_size=60).map(b"".join)
edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 60), st.sampled_from([b"", *PIECES])), min_size=1,
    max_size=3,
)  # fmt: skip
REST = b"more of such words \n" * 400


@settings(max_examples=500, deadline=None)
@given(texts, edits)
def test_what_a_change_is_far_from_stays_nothing(
    text: bytes, given: list[tuple[float, int, bytes]]
) -> None:
    """Refused values, other rules' places and matches in matches included."""
    base = result = text + REST
    found = SCANNER.prefilter.find(base)
    assume(found is not None)
    assert found is not None
    assume(not SCANNER.confirm(base, found).hits)
    near = SCANNER.settled(base, found)
    assume(near)
    for share, length, piece in given:
        at = int(share * len(text))
        result = result[:at] + piece + result[at + length :]
    changed = changed_windows(base, b"".join(create_delta(base, result)), near)
    if changed is not None and SCANNER.prefilter.find(changed[1]) is None:
        assert not SCANNER.scan(result).hits


def settled(text: bytes) -> int:
    """How near a change must come to something in `text`, in which something stands."""
    found = SCANNER.prefilter.find(text)
    assert found is not None
    return SCANNER.settled(text, found)


def test_a_refused_match_is_nothing_as_far_as_rules_see() -> None:
    """Patterns and anchors are what they see."""
    near = settled(b"see ftp://user:aaaaaaaa@host")
    assert near > SCANNER.reach
    assert near == settled(b"see http://user:" + expand("{alnum:9}") + b"@host")


def test_a_finding_is_something() -> None:
    """Also where a later step leaves it out."""
    assert settled(b"see ftp://user:" + expand("{alnum:9}") + b"@host") == 0


def test_a_refused_match_that_hides_another_is_something() -> None:
    """Once the first one's beginning is gone, however far away it is, the other is seen."""
    assert settled(b"ftp://a:aaaaaaa/ftp://a:aaaaaaa@b") == 0
    assert settled(b"ftp://a:aaaaaaa/ftx://a:aaaaaaa@b") > 0


def test_rules_that_share_an_anchor_find_the_same_without_hyperscan() -> None:
    """Keywords tell which of them may match; here they are not told where to look."""
    detectors = detectors_for(parse_rules(RULES, "test"))
    pure = Scanner(detectors, prefilter=PurePrefilter(Scanner.anchors_of(detectors)))
    text = b"x\n" * 900 + b"SMB://u:" + expand("{alnum:9}") + b"@b smb://u:" + expand("{alnum:9}")
    text += b"@h\n" + b"y\n" * 900 + b"bolt://a:" + expand("{alnum:12}") + b"@h"
    assert [hit.kind.id for hit in pure.scan(text).hits] == [
        "test.other-password", "test.url-password",
    ]  # fmt: skip
    assert pure.scan(text) == SCANNER.scan(text)


def test_detectors_that_cannot_say_settle_nothing() -> None:
    """As those of other packages, if they do not care to."""

    class Silent:
        version = "silent"
        kinds = ()
        anchors = (default_detectors()[0].anchors[0],)

        def confirm(self, content, spans, deadline):
            return iter(())

    scanner = Scanner([Silent()])
    assert scanner.settled(b"", {0: [(0, 1)]}) == 0
