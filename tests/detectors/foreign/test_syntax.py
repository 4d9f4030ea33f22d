"""Expressions of Go and Rust, read and written anew."""

import re
import warnings

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from detectors.anchor import MAX_ANCHOR_WIDTH, widest
from detectors.errors import RuleError
from detectors.foreign.anchors import derive_anchor
from detectors.foreign.emit import emit, width
from detectors.foreign.sampling import sample
from detectors.foreign.syntax import parse_expression
from detectors.foreign.tree import captures
from detectors.template import expand


def _matches(expression: str, text: bytes) -> bool:
    return regex.fullmatch(emit(parse_expression(expression)).encode(), text) is not None


@pytest.mark.parametrize(
    ("expression", "yes", "no"),
    [
        ("a(?i)b", b"aB", b"AB"),
        ("a(?i)b|c", b"C", b"A"),
        ("(a(?i)b)c", b"aBc", b"aBC"),
        ("(?i:a(?-i)b)", b"Ab", b"AB"),
        ("(?i)[a-f]{2}", b"aF", b"aG"),
        (r"[[:alnum:]_]+", b"a_9", b"a-9"),
        (r"[^[:space:]]", b"x", b" "),
        (r"\x60\x{41}", b"`A", b"`B"),
        (r"\Qa.b\E+", b"a.bb", b"axb"),
        (r"a\z", b"a", b"b"),
        ("a.b", b"a-b", b"a\nb"),
        ("(?s)a.b", b"a\nb", b"ab"),
        ("(?s:a.b)", b"a\nb", b"ab"),
        (r"[\w.-]{2,3}", b"a.-", b"a"),
        (r"[]a]", b"]", b"b"),
        ("(?P<x>a)(?<y>b)", b"ab", b"a"),
        ("caf\u00e9", "caf\u00e9".encode(), b"cafe"),
        ("(?x) a b # a comment\n c", b"abc", b"a b c"),
        ("(?x)a\n {2}", b"aa", b"a  "),
        ("a(?# a comment)b", b"ab", b"a"),
        (r"\pL\d", b"x1", b"1x"),
    ],
)
def test_an_expression_means_what_it_meant(expression: str, yes: bytes, no: bytes) -> None:
    """Flags in the middle, classes by name and other things that `re` reads differently."""
    assert _matches(expression, yes)
    assert not _matches(expression, no)


def test_a_dollar_is_the_end_and_not_a_line_break_before_it() -> None:
    """As in Go, unless it says otherwise."""
    assert regex.search(emit(parse_expression("a$")).encode(), b"a\n") is None
    assert regex.search(emit(parse_expression("(?m)a$")).encode(), b"a\nb") is not None


@pytest.mark.parametrize(
    "expression",
    [
        "(a", "a)", "[a", "*a", "a\\", "(?=a)", r"(a)\1", "(?!a)", "a{9999999}", "[z-a]",
        "a{5,2}", r"\p{Greek}", "(" * 100 + ")" * 100, "a" * 60_000, "[^\\x00-\\x{10FFFF}]",
    ],
)  # fmt: skip
def test_what_is_no_such_expression_is_refused(expression: str) -> None:
    """In one line, whatever it is."""
    with pytest.raises(RuleError) as error:
        parse_expression(expression)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 200


@given(st.text(alphabet="ab1.*+?()[]{}|\\^$-,:<>PiQEsxd \n", max_size=40))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    """And what is written out compiles everywhere."""
    try:
        tree = parse_expression(text)
    except RuleError:
        return
    written = emit(tree)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        regex.compile(written.encode())
        assert re.compile(written.encode()).groups == captures(tree)
    anchor = derive_anchor(tree)
    if anchor is not None:
        assert widest(anchor.expression) <= MAX_ANCHOR_WIDTH


_ATOM = st.sampled_from(
    ["key", "tok_", r"\d", "[a-f0-9]", r"[\w-]", " ", "(?i:pw)", "[^\\n]", "=", "(?:x|yz)", r"\s"]
)
_PART = st.builds(
    lambda atom, count: f"(?:{atom}){count}",
    _ATOM,
    st.sampled_from(["", "?", "*", "+", "{2}", "{0,9}", "{12,40}", "{20,}", "*?"]),
)
_EXPRESSION = st.recursive(
    st.lists(_PART, min_size=1, max_size=6).map("".join),
    lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda some: f"({'|'.join(some)})"),
    max_leaves=6,
)


@given(_EXPRESSION, st.integers(0, 20))
def test_an_anchor_stands_in_every_match(expression: str, seed: int) -> None:
    """And the match starts no further before it than its lead says."""
    tree = parse_expression(expression)
    text = expand(sample(tree, seed))
    found = regex.fullmatch(emit(tree).encode(), text)
    assert found is not None
    anchor = derive_anchor(tree)
    if anchor is not None:
        at = regex.search(anchor.expression.encode(), text)
        assert at is not None
        assert at.start() <= anchor.lead or anchor.lead == 1024


@given(_EXPRESSION, st.integers(0, 20))
def test_widths_hold(expression: str, seed: int) -> None:
    """Whatever matches is as wide as is said."""
    tree = parse_expression(expression)
    least, most = width(tree)
    length = len(expand(sample(tree, seed)))
    assert least <= length
    assert most is None or length <= most
