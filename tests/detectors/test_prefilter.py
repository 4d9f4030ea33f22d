"""Both prefilters lead to the same findings."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.anchor import Anchor, alternatives
from detectors.errors import RuleError
from detectors.prefilter import best_prefilter
from detectors.prefilter.pure import PurePrefilter
from detectors.registry import default_detectors
from detectors.rule import built_in_rules
from detectors.scanner import Scanner
from detectors.template import expand

RULES = built_in_rules()
DETECTORS = default_detectors(RULES)
FAST = Scanner(DETECTORS)
PURE = Scanner(DETECTORS, prefilter=PurePrefilter(Scanner.anchors_of(DETECTORS)))
EXAMPLES = [
    expand(template, seed)
    for rule in RULES
    for template in (*rule.examples, *rule.counterexamples)
    for seed in range(2)
]


def fragments():
    """Pieces of examples, cut anywhere, so that whole and broken secrets meet."""

    @st.composite
    def piece(draw):
        example = draw(st.sampled_from(EXAMPLES))
        if draw(st.integers(0, 3)):
            return example
        at = draw(st.integers(0, len(example)))
        return example[:at] if draw(st.booleans()) else example[at:]

    rubbish = st.binary(max_size=20) | st.sampled_from([b"\n", b"\r\n", b" ", b'"', b"=", b"\x00"])
    return st.lists(piece() | rubbish, max_size=12).map(b"".join)


def test_the_pure_prefilter_finds_what_hyperscan_finds_in_all_examples():
    """A platform without Hyperscan reports the same secrets at the same places."""
    for content in EXAMPLES:
        assert PURE.scan(content) == FAST.scan(content)
    together = b"\n".join(EXAMPLES)
    assert PURE.scan(together) == FAST.scan(together)


@settings(max_examples=150, deadline=None)
@given(fragments())
def test_the_prefilters_agree_on_any_content(content: bytes):
    """Neither a boundary nor a neighbour nor rubbish makes a difference."""
    assert PURE.scan(content) == FAST.scan(content)


@settings(max_examples=60, deadline=None)
@given(fragments(), st.binary(max_size=400))
def test_what_stands_before_a_secret_does_not_move_it(content: bytes, before: bytes):
    """Spans are positions in the whole content."""
    shifted = FAST.scan(before + b"\n" + content).hits
    for hit in FAST.scan(content).hits:
        moved = (hit.start + len(before) + 1, hit.secret)
        assert moved in [(other.start, other.secret) for other in shifted]


@pytest.mark.parametrize(
    "expression",
    [r"\s", r"\w", r"\d", r"\bx", r"x\b", r"x$", r"^x", r"x.y", r"(?i)x", r"(?i:k)", r"[^a]", r"\W",
     r"(?P<secret>x)y", r"x{2,3}", r"(?:x|y)\b"],
)  # fmt: skip
def test_hyperscan_and_regex_mean_the_same_by(expression: str):
    """Every byte is classed alike, at either side of every kind of boundary."""
    anchors = [Anchor(expression, 8)]
    fast, pure = best_prefilter(anchors), PurePrefilter(anchors)
    contents = [bytes([byte]) for byte in range(256)]
    contents += [b"x%cy" % byte for byte in range(256)]
    contents += [b"x%c" % byte for byte in range(256)] + [b"%cx" % byte for byte in range(256)]
    contents += [b"x\n", b"x\r\n", b"\nx", b"xx", b"xxxx", b"x\n\n"]
    for content in contents:
        assert (fast.find(content) is None) == (pure.find(content) is None), content


def test_most_contents_have_nothing_to_confirm():
    """Source code without secrets ends at the prefilter."""
    assert FAST.prefilter.find(b"int main(void) { return token_count(argv[1]); }\n") is None


def test_an_anchor_that_hyperscan_refuses_is_named():
    """The author of a rule learns which expression to change."""
    with pytest.raises(RuleError, match="zzq"):
        best_prefilter([Anchor("fine", 4), Anchor(r"(zzq)\1", 8)])


def test_no_anchors_find_nothing():
    """A scan without rules is a scan without findings."""
    assert best_prefilter([]).find(b"anything") is None


def test_a_compiled_database_is_read_back_from_its_cache(tmp_path):
    """The second start compiles nothing, and finds the same."""
    anchors = [rule.to_anchor() for rule in RULES[:20]]
    content = expand(RULES[0].examples[0])
    first = best_prefilter(anchors, cache=tmp_path, cache_key=b"k" * 32).find(content)
    (file,) = tmp_path.iterdir()
    written = file.stat().st_mtime_ns
    assert best_prefilter(anchors, cache=tmp_path, cache_key=b"k" * 32).find(content) == first
    assert file.stat().st_mtime_ns == written


def test_a_cached_database_under_another_key_is_not_trusted(tmp_path):
    """What somebody else planted in the cache is compiled anew instead."""
    anchors = [Anchor("ghp_[a-z]{4}", 8)]
    best_prefilter(anchors, cache=tmp_path, cache_key=b"theirs")
    (file,) = tmp_path.iterdir()
    theirs = file.read_bytes()
    ours = best_prefilter(anchors, cache=tmp_path, cache_key=b"ours")
    assert ours.find(b"ghp_abcd")
    assert file.read_bytes()[:32] != theirs[:32]


def test_bytes_of_no_text_are_no_anchor():
    """Hyperscan looks for some of them for the sake of speed alone."""
    prefilter = best_prefilter([Anchor("needle", 6)])
    assert prefilter.find(b"\xf5\xf6") is None
    assert prefilter.find(b"needle \xf5\xf6") == {0: [(0, 6)]}


def test_rules_that_share_an_anchor_are_all_told():
    """It is looked for once; each of them has a reach of its own."""
    prefilter = best_prefilter([Anchor("://x", 4), Anchor("other", 5), Anchor("://x", 4, lead=3)])
    assert prefilter.find(b"a long http://x") == {0: [(11, 15)], 2: [(8, 15)]}


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        (r"pat-na|pat-eu", ("pat-na", "pat-eu")),
        (r"a(?:b|c)|[|)]\||\(", (r"a(?:b|c)", r"[|)]\|", r"\(")),
        (r"[^]|]x|[\]|]y", (r"[^]|]x", r"[\]|]y")),
        (r"(?i)a|b", (r"(?i)a|b",)),
        (r"(?i:a|b)", (r"(?i:a|b)",)),
    ],
)
def test_an_anchor_is_cut_where_it_is_one_of_several(expression, parts):
    """Not at a bar inside a group, a class or an escape, nor where flags stand for the whole."""
    assert alternatives(expression) == parts


def test_any_part_of_an_anchor_is_found():
    """In whatever order their ends come, nothing that could start a finding is left out."""
    anchor = Anchor("aaab|b", 6, lead=2, parts=("aaab", "b"))
    assert best_prefilter([anchor]).find(b"......aaab...b") == {0: [(2, 14)]}


def test_a_forked_process_finds_the_same():
    """Workers inherit the compiled database and all that goes with it."""
    prefilter = best_prefilter([Anchor("needle", 6)])
    content = b"hay" * 1000 + b"needle"
    expected = prefilter.find(content)
    child = os.fork()
    if not child:
        os._exit(any(prefilter.find(content) != expected for _ in range(100)))
    assert all(prefilter.find(content) == expected for _ in range(100))
    assert os.waitpid(child, 0)[1] == 0
