"""The line of a secret with every secret masked, and columns in units of UTF-16."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from detectors.template import expand
from forensics.index.reported import Span
from forensics.scan.masked_line import cut_values, masked_text, merged, utf16_column
from forensics.scan.masked_line import masked_line as line_of


def spans(*found: tuple[int, int]) -> list[tuple[int, int]]:
    return merged(Span(start, end, 1, 1, "") for start, end in found)


def masked_line(text: bytes, start: int, end: int, found: list[tuple[int, int]]) -> bytes:
    return line_of(text, start, end, found, cut_values(text, found))


def test_what_is_beside_a_secret_stays() -> None:
    """Without white space at the ends, and nothing of other lines."""
    text = b"above\n  key = SECRET  # why\t\r\nbelow"
    start = text.index(b"SECRET")
    assert masked_line(text, start, start + 6, spans((start, start + 6))) == b"key = ****  # why"


def test_a_secret_of_several_lines_is_one_mask() -> None:
    """Its first line's start and its last line's end are its line."""
    text = b'a\nkey: "BEGIN\nbody\nEND" # x\nb'
    start, end = text.index(b"BEGIN"), text.index(b'" #')
    assert masked_line(text, start, end, spans((start, end))) == b'key: "****" # x'


def test_a_secret_that_starts_before_the_part_looked_at_is_masked() -> None:
    """The part ends where nobody asked whether a secret does."""
    text = b"S" * 100_000 + b" key=" + b"T" * 9
    line = masked_line(text, 100_005, 100_014, spans((0, 100_000), (100_005, 100_014)))
    assert line == b"**** key=****"


def test_long_lines_count_near_the_secret_only() -> None:
    """What is far away may change."""
    before, after = b"b" * 1_000, b"a" * 1_000
    text = before + b"SECRET" + after
    line = masked_line(text, 1_000, 1_006, spans((1_000, 1_006)))
    assert line == b"b" * 256 + b"****" + b"a" * 256


def test_pieces_of_a_secret_beside_it_are_masked() -> None:
    """As a comment tells from what it was put together; words of it are not."""
    value = expand("AKIA{upper2:16}-password", 4)
    pieces = value[:11] + b'" + "' + value[11:]
    text = b'above\nkey = "%s"  # "%s", password\n' % (value, pieces)
    start = text.index(value)
    line = masked_line(text, start, start + len(value), spans((start, start + len(value))))
    assert line == b'key = "****"  # "****" + "****", password'


_TEXT = st.lists(st.sampled_from([b"\xff", b"x", b"\n", b" "]), max_size=60).map(b"".join)


@given(_TEXT, st.data())
def test_no_masked_byte_is_left(text: bytes, data: st.DataObject) -> None:
    """Whatever overlaps what, and however it is cut."""
    text += b"S"
    at = st.integers(0, len(text) - 1)
    found = [
        (min(a, b), max(a, b) + 1) for a, b in data.draw(st.lists(st.tuples(at, at), min_size=1))
    ]
    hidden = bytearray(text)
    for start, end in found:
        hidden[start:end] = b"Z" * (end - start)
    start, end = found[0]
    assert b"Z" not in masked_line(bytes(hidden), start, end, spans(*found))
    first, last = sorted((data.draw(at), data.draw(at)))
    assert b"Z" not in masked_text(bytes(hidden), first, last, spans(*found))


@given(st.text(max_size=30), st.text(max_size=30))
def test_columns_are_those_of_utf_16(above: str, before: str) -> None:
    """As JavaScript counts."""
    before = before.replace("\n", "")
    text = f"{above}\n{before}".encode("utf-8", "surrogatepass")
    expected = len(before.encode("utf-16-le", "surrogatepass")) // 2 + 1
    if not any("\ud800" <= one <= "\udfff" for one in before):
        assert utf16_column(text, len(text)) == expected


def test_a_column_too_far_to_count_is_none() -> None:
    """Rather than a wrong one."""
    assert utf16_column(b"a" * 70_000, 70_000) is None
    assert utf16_column(b"a" * 70_000 + b"\nab", 70_003) == 3
