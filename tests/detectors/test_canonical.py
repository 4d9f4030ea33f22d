"""The same secret, written in different ways, has one canonical form."""

import base64
from textwrap import indent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.canonical import canonical
from detectors.template import expand

KEY = expand("{pem:RSA PRIVATE KEY}").decode()
LINES = KEY.splitlines()


@pytest.mark.parametrize(
    "written",
    [
        KEY,
        KEY.replace("\n", "\r\n"),
        KEY.replace("\n", "\\n"),
        KEY.replace("\n", "\\\\n"),
        KEY.replace("\n", "\\r\\n"),
        indent(KEY, "      "),
        indent(KEY, "\t"),
        KEY.rstrip(),
        " ".join(LINES),
        "".join(f'"{line}\\n"\n' for line in LINES),
        "".join(f"    '{line}\\n' +\n" for line in LINES).replace(" +", " "),
        " +\n".join(f'  "{line}\\n"' for line in LINES),
        "\\n'\n  + '".join(LINES),
        base64.b64encode(KEY.encode()).decode(),
        base64.b64encode(KEY.rstrip().encode()).decode().rstrip("="),
        "\n".join([LINES[0], "".join(LINES[1:-1]), LINES[-1]]),
        "\n".join([LINES[0], "X-Comment: of nobody", "", *LINES[1:]]),
    ],
)
def test_a_private_key_is_its_der_however_it_is_wrapped(written):
    """Line ends, escapes, indentation, quotes and headers do not make another key."""
    assert canonical(written.encode(), "pem") == base64.b64decode("".join(LINES[1:-1]))


def test_a_key_in_base64_that_is_cut_off_stays_as_it_is():
    """Nothing is decoded that no armour ends."""
    half = base64.b64encode(KEY[: len(KEY) // 2].encode())
    assert canonical(half, "pem") == half


def test_two_private_keys_stay_two():
    """The canonical form of another key is another."""
    other = expand("{pem:RSA PRIVATE KEY}", seed=1)
    assert canonical(other, "pem") != canonical(KEY.encode(), "pem")


def test_an_armour_that_does_not_decode_stays_as_it_is():
    """Nothing is lost where a key is damaged."""
    damaged = f"{LINES[0]}\nA\n{LINES[-1]}".encode()
    assert canonical(damaged, "pem") == damaged


def test_a_password_in_a_url_is_unquoted():
    """The password in a URL and the same one in a .env file are one secret."""
    assert canonical(b"p%40ss%2Fw%C3%B6rd", "percent") == "p@ss/wörd".encode()


@given(st.binary(max_size=60))
def test_a_plain_value_is_its_own_canonical_form(value):
    """Nothing is decoded where the rule does not say so."""
    assert canonical(value, "plain") == value


@given(st.binary(max_size=200), st.sampled_from(["plain", "pem", "percent"]))
def test_every_value_has_a_canonical_form(value, form):
    """Hostile bytes raise nothing."""
    assert isinstance(canonical(value, form), bytes)
