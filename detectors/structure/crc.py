"""Tokens that end in a CRC-32 of what stands before."""

from __future__ import annotations

import re
import string
from base64 import urlsafe_b64decode
from zlib import crc32

from detectors.structure.seen import Structure, Token

__all__ = ["base36", "base62_crc32", "crc32_base62", "crc32_hex", "gitlab", "grafana",
           "grafana_crc32"]  # fmt: skip

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BASE36 = string.digits + string.ascii_lowercase


def base62_crc32(body: bytes) -> bytes:
    """CRC-32 of `body` as six base-62 digits, as GitHub and npm end their tokens.

    Source: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
    """
    rest, digits = crc32(body), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        digits = _BASE62[digit] + digits
    return digits.encode()


def base36(number: int, width: int) -> str:
    """`number` in base 36, filled up with zeros to `width` digits."""
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = _BASE36[digit] + digits
    return digits.rjust(width, "0")


def crc32_base62(token: Token) -> Structure:
    """GitHub's and npm's: `prefix_`, a body, and six digits that check the body."""
    body = token.value.partition(b"_")[2]
    return Structure(base62_crc32(body[:-6]) == body[-6:])


def grafana_crc32(key: bytes) -> bytes:
    """CRC-32 of `key` as the hexadecimal of its bytes, least first, as Grafana's tokens end.

    Source: https://github.com/grafana/grafana/blob/main/pkg/components/satokengen/tokengen.go
    """
    return crc32(key).to_bytes(4, "little").hex().encode()


def grafana(token: Token) -> Structure:
    """A Grafana service account token: after the last `_` comes the checksum of all before it."""
    key, _, checksum = token.value.rpartition(b"_")
    return Structure(grafana_crc32(key) == checksum)


def crc32_hex(token: Token) -> Structure:
    """Atlassian's and Bitbucket's: the last eight digits are the CRC-32 of all before them.

    Source: https://github.com/Samsung/CredSweeper/blob/main/credsweeper/filters/value_atlassian_token_check.py
    """
    body, digits = token.value[:-8], token.value[-8:]
    return Structure(b"%08x" % crc32(body) == digits.lower())


_ROUTABLE = re.compile(
    rb"(?:[\w-]{0,20}-)?(?P<payload>[A-Za-z0-9_-]{27,300})\.(?:(?P<version>[0-9a-z]{2})\.)?"
    rb"(?P<length>[0-9a-z]{2})(?P<crc>[0-9a-z]{7})"
)
_ROUTES = {
    b"c": "cell id", b"g": "group id", b"o": "organization id", b"p": "project id",
    b"t": "token type", b"u": "user id",
}  # fmt: skip
_ROUTE = re.compile(rb"([cgoptu]):([0-9a-z]{1,13})")


def gitlab(token: Token) -> Structure:
    """A GitLab token; a routable one says whose it is, and ends in the CRC-32 of all before it.

    Its payload is lines such as `u:1a`, an id in base 36, random bytes and their number.
    Source: https://handbook.gitlab.com/handbook/engineering/architecture/design-documents/cells/routable_tokens/
    """
    value = token.value
    # The prefix may itself hold the `-` that also stands in payloads: the length says which.
    if value.count(b".") not in (1, 2) or not (match := _ROUTABLE.fullmatch(value)):
        return Structure()
    size, head = int(match["length"], 36), value.partition(b".")[0]
    right = int(match["crc"], 36) == crc32(value[:-7])
    if size > len(head):
        return Structure(False)
    payload = head[-size:]
    try:
        raw = urlsafe_b64decode(payload + b"=" * (-len(payload) % 4))
    except ValueError:
        return Structure(False)
    routes = raw[: -(raw[-1] + 1)] if raw and raw[-1] < len(raw) else b""
    facts = tuple(
        (_ROUTES[found[1]], str(int(found[2], 36)))
        for line in routes.split(b"\n")[:8]
        if (found := _ROUTE.fullmatch(line))
    )
    return Structure(right, facts if right else ())
