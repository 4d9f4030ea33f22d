"""Templates: test secrets that exist only while a test runs."""

from __future__ import annotations

import base64
import json
import re
import string
from collections.abc import Callable, Mapping
from random import Random

from detectors.armour import ARMOURS
from detectors.checksum import base62_crc32, grafana_crc32

__all__ = ["ALPHABETS", "MACROS", "expand"]

ALPHABETS: Mapping[str, str] = {
    "alnum": string.ascii_letters + string.digits,
    "letters": string.ascii_letters,
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "digits": string.digits,
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "loweralnum": string.ascii_lowercase + string.digits,
    "upperalnum": string.ascii_uppercase + string.digits,
    "base32": string.ascii_uppercase + "234567",
    "bech32": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
    "base58": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    "base64": string.ascii_letters + string.digits + "+/",
    "base64url": string.ascii_letters + string.digits + "-_",
}
"""`{name:n}` is n characters drawn from the alphabet of that name."""


def _draw(random: Random, alphabet: str, length: int) -> str:
    return "".join(random.choices(ALPHABETS[alphabet], k=length))


def _crc32(random: Random, argument: str) -> str:
    """`{crc32:ghp_}`: the prefix, 30 characters and the right checksum of them."""
    body = _draw(random, "alnum", 30)
    return argument + body + base62_crc32(body.encode()).decode()


def _jwt(random: Random, argument: str) -> str:
    """`{jwt:HS256}`: a token of that algorithm with a subject, signed by nobody."""

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    header = {"alg": argument or "HS256", "typ": "JWT"}
    claims = {"sub": _draw(random, "digits", 10), "iat": random.randrange(10**9, 2 * 10**9)}
    return f"{part(header)}.{part(claims)}.{_draw(random, 'base64url', 43)}"


def _glsa(random: Random, _: str) -> str:
    """`{glsa:}`: a Grafana service account token with the right checksum."""
    key = f"glsa_{_draw(random, 'alnum', 32)}"
    return f"{key}_{grafana_crc32(key.encode()).decode()}"


MACROS: Mapping[str, Callable[[Random, str], str]] = {
    "crc32": _crc32,
    "glsa": _glsa,
    "jwt": _jwt,
    **ARMOURS,
}
"""`{name:argument}` for whatever is more than a draw from an alphabet."""

_PLACE = re.compile(r"\{([\w-]+):([^{}]*)\}")


def expand(template: str, seed: int = 0) -> bytes:
    """`template` with every `{alphabet:length}` and `{macro:argument}` filled in.

    The same seed gives the same bytes. Braces that form neither stay as they are.
    """
    random = Random(f"{seed}:{template}")  # noqa: S311 - the same seed gives the same bytes

    def fill(place: re.Match[str]) -> str:
        name, argument = place.groups()
        if name in ALPHABETS and argument.isdecimal():
            return _draw(random, name, int(argument))
        if name in MACROS:
            return MACROS[name](random, argument)
        return place.group()

    return _PLACE.sub(fill, template).encode()
