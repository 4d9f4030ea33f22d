"""Tokens for templates whose parts must fit each other: checksums, JSON inside, and so on."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from random import Random
from zlib import crc32

from detectors.alphabets import ALPHABETS, draw
from detectors.structure.azure import SEEDS, client_secret_checksum, marvin32
from detectors.structure.crc import base36, base62_crc32, grafana_crc32
from detectors.structure.encodings import bech32_checksum, crc16

__all__ = ["TOKENS"]


def _url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _crc32(random: Random, argument: str) -> str:
    """`{crc32:ghp_}`: the prefix, 30 characters and the right checksum of them."""
    body = draw(random, "alnum", 30)
    return argument + body + base62_crc32(body.encode()).decode()


def _crc32_hex(random: Random, argument: str) -> str:
    """`{crc32-hex:ATATT3xFfGF0}`: the prefix, characters, `=`, and the checksum of all of them.

    Bitbucket's app passwords, `{crc32-hex:ATBB}`, are shorter and without the `=`.
    """
    body = argument + draw(random, "base64url", 171) + "="
    if argument == "ATBB":
        body = argument + draw(random, "alnum", 24)
    return f"{body}{crc32(body.encode()):08X}"


def _glsa(random: Random, _: str) -> str:
    """`{glsa:}`: a Grafana service account token with the right checksum."""
    key = f"glsa_{draw(random, 'alnum', 32)}"
    return f"{key}_{grafana_crc32(key.encode()).decode()}"


def _gitlab(random: Random, prefix: str) -> str:
    """`{gitlab:glpat-}`: a routable token of that prefix."""
    routes = f"c:1\no:{base36(random.randrange(1, 9**9), 1)}\nu:{base36(random.randrange(9**9), 1)}"
    payload = _url(routes.encode() + random.randbytes(16) + b"\x10")
    head = f"{prefix}{payload}.01.{base36(len(payload), 2)}"
    return head + base36(crc32(head.encode()), 7)


def _jwt(random: Random, argument: str) -> str:
    """`{jwt:HS256}`: a token of that algorithm with a subject, signed by nobody."""
    header = {"alg": argument or "HS256", "typ": "JWT"}
    claims = {"sub": draw(random, "digits", 10), "iat": random.randrange(10**9, 2 * 10**9)}
    parts = (_url(json.dumps(each).encode()) for each in (header, claims))
    return f"{'.'.join(parts)}.{draw(random, 'base64url', 43)}"


def _json(random: Random, names: str) -> str:
    """`{json64:org,url}`: JSON of those names in base64, each with something drawn for a value."""
    return base64.b64encode(_object(random, names)).decode()


def _json_url(random: Random, names: str) -> str:
    """`{json64url:a,u}`: the same, URL-safe and without padding."""
    return _url(_object(random, names))


def _json_spaced(random: Random, names: str) -> str:
    """`{json64url-spaced:u,id}`: the same, with a space after each colon and comma."""
    return _url(_object(random, names, (", ", ": ")))


def _object(random: Random, names: str, separators: tuple[str, str] = (",", ":")) -> bytes:
    pairs: dict[str, object] = {name: draw(random, "alnum", 24) for name in names.split(",")}
    if "iat" in pairs:
        pairs["iat"] = random.randrange(10**9, 2 * 10**9)
    return json.dumps(pairs, separators=separators).encode()


def _pypi(random: Random, argument: str) -> str:
    """`{pypi:}`: a token for one project of the main index; `{pypi:test.}` for that of tests."""
    name, index = draw(random, "lower", 8), argument + ".".join(("pypi", "org"))

    def packet(kind: int, body: bytes) -> bytes:
        return bytes((kind, len(body))) + body

    data = b"\2" + packet(1, index.encode()) + packet(2, random.randbytes(18).hex().encode())
    data += b"\0" + packet(2, json.dumps([1, [name]]).encode()) + b"\0\0"
    return f"pypi-{_url(data + packet(6, random.randbytes(32)))}"


_AZURE = {"+ASt": 64, "+ABa": 64, "ACDb": 64, "AzFu": 40, "AzSe": 39, "AzCa": 32, "+ACR": 39,
          "+AMC": 64, "+ASb": 32, "+AEh": 32, "+ARm": 32, "AIoT": 32, "APIM": 64}  # fmt: skip


def _azure(random: Random, signature: str) -> str:
    """`{azure:ACDb}`: a key with that signature, of its length and with the right checksum."""
    signature = signature if signature in _AZURE else "ACDb"
    size, mark = _AZURE[signature], signature.encode()
    characters = (size * 8 + 5) // 6
    while True:
        text = draw(random, "alnum", characters - 10) + signature + "A" * 6
        raw = base64.b64decode(text + "=" * (-len(text) % 4))
        raw = raw[:-4] + marvin32(raw[:-4], SEEDS[mark][0][0]).to_bytes(4, "little")
        made = base64.b64encode(raw)
        # As providers do: keys with `+` and `/` are not given out.
        if made.rstrip(b"=")[-10:-6] == mark and made.rstrip(b"=")[-6:].isalnum():
            return made.decode()


def _azure_client(random: Random, _: str) -> str:
    """`{azure-client:}`: a client secret of the current version."""
    body = f"{draw(random, 'alnum', 3)}8Q~{draw(random, 'alnum', 31)}"
    return body + client_secret_checksum(body.encode()).decode()


def _bech32(random: Random, prefix: str) -> str:
    """`{bech32-key:AGE-SECRET-KEY-}`: that prefix and 32 bytes, all in its case."""
    digits = draw(random, "bech32", 51).lower() + "q"
    digits += bech32_checksum(prefix.lower().encode(), digits.encode()).decode()
    return f"{prefix}1{digits.upper() if prefix.isupper() or '-' in prefix else digits}"


def _base58check(data: bytes) -> str:
    digits, alphabet = "", ALPHABETS["base58"]
    number = int.from_bytes(data + sha256(sha256(data).digest()).digest()[:4], "big")
    while number:
        number, digit = divmod(number, 58)
        digits = alphabet[digit] + digits
    return digits


def _wif(random: Random, _: str) -> str:
    """`{wif:}`: a Bitcoin key in wallet import format, of a compressed public key."""
    return _base58check(b"\x80" + random.randbytes(32) + b"\1")


def _xprv(random: Random, _: str) -> str:
    """`{xprv:}`: an extended private key, a master one."""
    return _base58check(bytes.fromhex("0488ade4") + bytes(9) + random.randbytes(32) + b"\0"
                        + random.randbytes(32))  # fmt: skip


def _stellar(random: Random, _: str) -> str:
    """`{stellar:}`: a secret seed."""
    data = b"\x90" + random.randbytes(32)
    return base64.b32encode(data + crc16(data)).decode()


def _discord(random: Random, _: str) -> str:
    """`{discord:}`: a bot token, the first part of which is an id."""
    bot = str(random.randrange(10**17, 10**18)).encode()
    return f"{_url(bot)}.{draw(random, 'alnum', 6)}.{draw(random, 'alnum', 27)}"


TOKENS: Mapping[str, Callable[[Random, str], str]] = {
    "crc32": _crc32,
    "crc32-hex": _crc32_hex,
    "glsa": _glsa,
    "gitlab": _gitlab,
    "jwt": _jwt,
    "json64": _json,
    "json64url": _json_url,
    "json64url-spaced": _json_spaced,
    "pypi": _pypi,
    "azure": _azure,
    "azure-client": _azure_client,
    "bech32-key": _bech32,
    "wif": _wif,
    "xprv": _xprv,
    "stellar": _stellar,
    "discord": _discord,
}
"""Macros by name."""
