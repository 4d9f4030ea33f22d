"""Pieces of known values: found wherever they are put together, words of them left alone."""

from __future__ import annotations

import pytest

from detectors.template import expand
from forensics.scan.masked_object import Values, masked

SECRET = "ab" * 32
OTHER = "cd" * 32
MASK = b"****#abababab"
ID = expand("AKIA{base32:16}", 7)
TOKEN = expand("{alnum:40}", 8)
PEM = expand("{pem:RSA PRIVATE KEY}", 9).rstrip(b"\n")


def shown(content: bytes, *values: bytes) -> bytes:
    """A content with these values, all of one secret, masked in it."""
    known = Values()
    for one in values:
        known.add(one, SECRET)
    return b"\n".join(masked(content, (), known).lines)


def part(first: int, last: int) -> bytes:
    """What stands for these bytes of the value."""
    return MASK + b"~%d-%d" % (first, last)


@pytest.mark.parametrize(
    ("before", "between", "after"),
    [
        (b'key = "', b'" + "', b'"'),
        (b"key = '", b"' \\\n    '", b"'"),
        (b"export KEY=", b"\\\n", b""),
        (b"key: >-\n  ", b"\n  ", b""),
        (b"printf '%s%s' ", b" ", b""),
        (b"$key = '", b"' . '", b"';"),
        (b'["', b'", "', b'"].join("")'),
        (b'{"key": "', b"\\n", b'"}'),
        (b"KEY_A=", b"\nKEY_B=", b""),
    ],
    ids=["plus", "strings", "shell", "folded", "printf", "dot", "list", "escape", "names"],
)
def test_a_value_in_two_pieces_is_masked(before: bytes, between: bytes, after: bytes) -> None:
    """However it is put together; what stands around them and between them stays."""
    content = before + ID[:12] + between + ID[12:] + after
    assert shown(content, ID) == before + part(1, 12) + between + part(13, 20) + after


def test_short_pieces_are_masked_where_they_make_up_the_value() -> None:
    """One behind another; a few bytes alone could be anything."""
    content = b"'%s' + '%s' + '%s' + '%s'" % (ID[:4], ID[4:10], ID[10:15], ID[15:])
    masks = [part(1, 4), part(5, 10), part(11, 15), part(16, 20)]
    assert shown(content, ID) == b"'%s' + '%s' + '%s' + '%s'" % tuple(masks)
    assert shown(ID[:4] + b"; " + ID[15:], ID) == ID[:4] + b"; " + ID[15:]


def test_a_third_of_a_value_is_a_piece() -> None:
    """Less of it is none."""
    for length, hidden in ((13, False), (14, True)):
        for at in (0, 9, 40 - length):
            content = b"x = <" + TOKEN[at : at + length] + b">"
            piece = part(at + 1, at + length) if hidden else TOKEN[at : at + length]
            assert shown(content, TOKEN) == b"x = <" + piece + b">"


@pytest.mark.parametrize("width", [76, 40, 1000])
@pytest.mark.parametrize("prefix", [b"", b"    ", b"# "])
def test_a_private_key_that_is_wrapped_otherwise_is_masked(width: int, prefix: bytes) -> None:
    """Without its first and last line, too."""
    body = b"".join(PEM.split(b"\n")[1:-1])
    lines = [prefix + body[at : at + width] for at in range(0, len(body), width)]
    text = shown(b"\n".join(lines), PEM)
    assert text.count(b"\n") == len(lines) - 1
    assert not any(body[at : at + 32] in text for at in range(0, len(body) - 31, 8))


@pytest.mark.parametrize(
    ("value", "content"),
    [
        (b"postgres-" + b"password-prod", b"the password of postgres: see postgres-password"),
        (b"root:" + TOKEN[:12] + b"@db.example.com", b"ask root@db.example.com or db.example.com"),
        (b"https://hooks.example.com/services/" + TOKEN, b"https://hooks.example.com/services/"),
        (TOKEN, TOKEN.swapcase()),
        (b"-" * 12 + TOKEN[:20], b"-" * 40),
        (PEM, b"-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----"),
    ],
    ids=["words", "address", "link", "alike", "line", "armour"],
)
def test_words_and_names_that_a_value_has_too_stay(value: bytes, content: bytes) -> None:
    """They tell nothing of it."""
    assert shown(content, value) == content


def test_a_piece_inside_of_another_secret_has_no_mask_of_its_own() -> None:
    """Two values that differ at their ends stand for themselves."""
    known = Values()
    known.add(TOKEN + b"1", SECRET)
    known.add(TOKEN + b"2", OTHER)
    content = b"a=%s1\nb=%s2\nc=%s" % (TOKEN, TOKEN, TOKEN)
    lines = masked(content, (), known).lines
    assert lines[:2] == (b"a=" + MASK, b"b=****#cdcdcdcd")
    assert lines[2] == b"c=****#abababab~1-40,#cdcdcdcd~1-40"


def test_a_part_tells_of_which_line_it_is() -> None:
    """So that who looks for a secret is led to its pieces."""
    known = Values()
    known.add(ID, SECRET)
    shown = masked(b"\n" + ID[:12] + b"\n" + ID[12:], (), known)
    assert [bool(one) for one in shown.secrets] == [False, True, True]
    assert shown.line_of(SECRET) == 1


@pytest.mark.parametrize("few", [0, 500])
def test_whole_values_are_found_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Also those too short to have a start of their own."""
    monkeypatch.setattr("forensics.scan.masked_object._FEW", few)
    known = Values()
    words = {b"k9w2": "short", b"h7Qz-19xW-44": "long", b"h7Qz-19xV-55": "absent"}
    for value, secret in words.items():
        known.add(value, secret)
    found = known.standing_in(b"a k9w2 b h7Qz-19xW-44 c k9w2")
    assert sorted((one.start, one.secret) for one in found) == [
        (2, "short"), (9, "long"), (24, "short"),
    ]  # fmt: skip
