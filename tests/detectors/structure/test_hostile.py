"""Inspectors read what somebody else wrote: nothing in it raises, lasts or gives a secret away."""

import base64
import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.structure import NAMES, Token, inspect
from detectors.template import MACROS, expand

RUN = 12
STARTS = (
    b"",
    b"eyJ",
    b"eyJhbGciOiJIUzI1NiJ9.",
    b"pypi-AgE",
    b"glpat-",
    b"AKIA",
    b"-----BEGIN RSA PRIVATE KEY-----\n",
    b"-----BEGIN OPENSSH PRIVATE KEY-----\n",
    b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n",
    b"PuTTY-User-Key-File-3: ssh-rsa\n",
    b"xoxb-",
    b"AGE-SECRET-KEY-1",
    b"xprv",
    b"sntrys_eyJ",
    b"access_token$production$",
)
GENUINE = [f"{{{name}:{argument}}}" for name, argument in {
    **dict.fromkeys(MACROS, ""), "pem": "RSA PRIVATE KEY", "pem-json": "PRIVATE KEY",
    "pem-pgp": "PGP PRIVATE KEY BLOCK", "pem-yaml": "EC PRIVATE KEY", "jwt": "HS256",
    "azure": "ACDb", "json64": "org,url", "json64url": "u,a", "json64url-spaced": "u,id",
    "pypi": "", "gitlab": "glpat-", "crc32": "ghp_", "crc32-hex": "ATATT3xFfGF0",
    "bech32-key": "AGE-SECRET-KEY-", "pem-encrypted": "RSA PRIVATE KEY",
}.items()]  # fmt: skip


def holds_no_secret(name: str, token: Token) -> bool:
    """Whether the facts are clean and no id takes most of the token."""
    text = token.value.decode("latin-1")
    shown = ""
    for fact, value in inspect(name, token).facts:
        assert fact.isascii()
        assert fact.isprintable()
        assert value.isascii()
        assert value.isprintable()
        assert 0 < len(value) <= 120
        if any(value[at : at + RUN] in text for at in range(len(value) - RUN + 1)):
            shown += value
    return len(shown) <= max(0, len(text) - 16)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None)
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=300), text=st.booleans())
def test_no_bytes_make_an_inspector_raise(name: str, start: bytes, rest: bytes, text: bool):
    """Not even bytes that no rule would let through."""
    value = start + (base64.b64encode(rest) if text else rest)
    assert holds_no_secret(name, Token(value, rest, rest[::-1]))


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_token_makes_no_inspector_raise(name: str):
    """Genuine tokens with a byte changed, left out or doubled reach further than random ones."""
    random = Random(name)
    for template in GENUINE:
        value = expand(template).strip()
        for _ in range(6):
            at = random.randrange(len(value))
            middle = random.choice((b"", random.randbytes(1), value[at : at + 1] * 2))
            assert holds_no_secret(name, Token(value[:at] + middle + value[at + 1 :]))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "value",
    [
        b"eyJ" + b"A" * 200_000,
        b"-----BEGIN RSA PRIVATE KEY-----\n" + b"MIIE" * 50_000,
        b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n" + b"lQOY" * 50_000,
        b"PuTTY-User-Key-File-3: a\nEncryption: none\nComment: \n" + b"A\n" * 100_000,
        b"1" * 100_000,
        b"0" * 5_000 + b"." + b"0" * 5_000,
        b"AccountName=" * 20_000,
    ],
)
def test_a_giant_is_read_in_bounded_steps(name: str, value: bytes):
    """Nothing is read that grows faster than the token."""
    assert holds_no_secret(name, Token(value, value[:1000], value[:1000]))


def test_deeply_nested_json_is_not_read():
    """A parser's stack is not for somebody else to fill."""
    deep = base64.urlsafe_b64encode(b'{"alg":' + b"[" * 50_000 + b"]" * 50_000 + b"}")
    assert inspect("jwt", Token(deep + b"." + deep + b".x")).valid is False


@settings(max_examples=200, deadline=None)
@given(
    claims=st.dictionaries(
        st.sampled_from(["iss", "aud", "sub", "exp", "iat", "scope", "ref", "azp"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner),
            max_leaves=8,
        ),
    )
)
def test_no_claims_make_a_jwt_raise(claims: dict[str, object]):
    """JSON holds more than one expects: huge numbers, not numbers, lists in lists."""
    parts = (base64.urlsafe_b64encode(json.dumps(each).encode()) for each in ({"alg": "x"}, claims))
    token = Token(b".".join((*parts, b"c2ln")))
    assert inspect("jwt", token).valid is True
    assert holds_no_secret("jwt", token)
