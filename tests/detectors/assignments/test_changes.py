"""A verdict depends on the line and what stands next to it, and on nothing else."""

from __future__ import annotations

from dulwich.pack import create_delta
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detectors.registry import detectors_for
from detectors.rule import built_in_rules
from detectors.scanner import Scanner
from detectors.template import expand
from forensics.scan.changes import changed_windows

RULES = [rule for rule in built_in_rules() if rule.assigned]
SCANNER = Scanner(detectors_for(RULES))
LINES = [
    b"filler line of some text\n" * 30,
    b"import os\n",
    b"password = get_password(user)\n",
    b'password: "production"\n',
    b"assert user.login(email, account)\n",
    b'token = "' + expand("{hex:12}") + b'"\n',
    b'secret_key: "' + expand("{alnum:32}") + b'"\n',
    b"DB_PASS=" + expand("{alnum:10}") + b"\n",
    b'key = "' + b"word " * 900 + b'"\n',
    b"host: database\nserver: x\n",
    b"\n",
    b"x" * 3000,
    b"key kty rsa modulus test expect\n",
]
edits = st.lists(
    st.tuples(st.integers(0, 12_000), st.integers(0, 400), st.sampled_from([b"", *LINES])),
    min_size=1, max_size=3,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(LINES), min_size=4, max_size=40), edits)
def test_what_an_edit_does_not_touch_keeps_its_verdict(
    lines: list[bytes], given: list[tuple[int, int, bytes]]
) -> None:
    """If nothing was a secret, and no anchor stands near the change, nothing is one now."""
    base = result = b"".join(lines)
    found = SCANNER.prefilter.find(base)
    assume(found is None or not SCANNER.confirm(base, found).hits)
    for at, length, piece in given:
        result = result[:at] + piece + result[at + length :]
    changed = changed_windows(base, b"".join(create_delta(base, result)), SCANNER.reach)
    if changed is not None and SCANNER.prefilter.find(changed[1]) is None:
        assert not SCANNER.scan(result).hits


@settings(deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=30), st.integers(0, 5))
def test_what_was_seen_before_changes_no_verdict(lines: list[bytes], twice: int) -> None:
    """Verdicts are remembered; a scanner that remembers none says the same."""
    content = b"".join(lines)
    fresh = Scanner(detectors_for(RULES), prefilter=SCANNER.prefilter)
    for _ in range(twice):
        SCANNER.scan(b"\n" + content)
    assert SCANNER.scan(content) == fresh.scan(content)
