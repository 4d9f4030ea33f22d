"""What stands around a secret and belongs to it: a host, an account, what a signature permits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from detectors.structure import azure
from detectors.structure.seen import Structure, Token

__all__ = ["connection_string", "jdbc_password", "shared_access_signature", "url_password"]

_BEFORE = re.compile(rb"([A-Za-z][A-Za-z0-9+.-]{1,30})://([^\s/:@\"'`<>]{0,64}):$")
_AFTER = re.compile(
    rb"@(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9][A-Za-z0-9._-]{0,99})(:\d{1,5})?(?:/([\w.-]{1,60}))?"
)
_LONGEST_USER = 32
"""Characters. What is longer where a user name belongs may be a token."""


def url_password(token: Token) -> Structure:
    """Where the password of a URL leads: scheme, user, host and database.

    Source: RFC 3986.
    """
    before, after = _BEFORE.search(token.before[-100:]), _AFTER.match(token.after)
    facts = []
    if after:
        facts.append(("host", (after[1] + (after[2] or b"")).decode()))
    if before and 0 < len(before[2]) <= _LONGEST_USER:
        facts.append(("user", before[2].decode("latin-1")))
    if after and after[3] and before and before[1][:4].lower() not in (b"http", b"ftp"):
        facts.append(("database", after[3].decode()))
    return Structure(None, tuple(facts))


_JDBC = re.compile(
    rb"jdbc:[a-z0-9:]{2,30}//([A-Za-z0-9][A-Za-z0-9._-]{0,99}(?::\d{1,5})?)(?:/([\w.-]{1,60}))?"
)
_JDBC_PART = re.compile(rb"[?&;](user|databaseName)=([^\s\"'&;]{1,32})(?=[&;])")


def jdbc_password(token: Token) -> Structure:
    """Host, database and user of a JDBC URL in which a password stands."""
    before = re.split(rb"[\s\"'`<>]", token.before)[-1]
    facts = []
    if match := _JDBC.search(before):
        facts += [("host", match[1].decode()), ("database", (match[2] or b"").decode())]
    for name, value in _JDBC_PART.findall(before)[:5]:
        facts.append(("user" if name == b"user" else "database", value.decode("latin-1")))
    return Structure(None, tuple(facts))


_PARTS = {
    b"accountname": "account", b"endpointsuffix": "endpoint", b"endpoint": "endpoint",
    b"accountendpoint": "endpoint", b"sharedaccesskeyname": "policy", b"entitypath": "entity",
    b"hostname": "host", b"deviceid": "device", b"blobendpoint": "endpoint",
    b"server": "host", b"data source": "host", b"database": "database",
    b"initial catalog": "database", b"user id": "user", b"uid": "user", b"user": "user",
}  # fmt: skip
_PART = re.compile(rb"([A-Za-z][A-Za-z ]{1,30})[ \t]{0,2}=[ \t]{0,2}([^;\"'\s<>]{1,110})")


def _parts(token: Token) -> Iterator[tuple[str, str]]:
    """What the string says beside the secret, on the same line."""
    before = re.split(rb"[\r\n]", token.before)[-1]
    after = re.split(rb"[\r\n]", token.after)[0]
    for text in (before, after):
        for name, value in _PART.findall(text)[:20]:
            # What stands before a connection string, `AZURE_STORAGE=` say, may be glued to it.
            known = _PARTS.get(name.strip().lower())
            if known and not (known == "user" and len(value) > _LONGEST_USER):
                yield known, value.decode("latin-1")


def connection_string(token: Token) -> Structure:
    """Account, endpoint, host, database and user of a string such as `AccountName=a;…`.

    Of a key made since 2022 the checksum is tested.
    Source: https://learn.microsoft.com/en-us/azure/storage/common/storage-configure-connection-string
    """
    key = azure.key(token)
    return Structure(key.valid, (*_parts(token), *key.facts))


_TERMS = {
    b"sv": "service version", b"sp": "permissions", b"sr": "resource", b"ss": "services",
    b"srt": "resource types", b"st": "not before", b"se": "expires", b"spr": "protocols",
    b"sip": "addresses", b"skoid": "signed for",
}  # fmt: skip
_TERM = re.compile(rb"(?:^|[?&;])(?:amp;)?([a-z]{2,5})=([A-Za-z0-9%:.,_*-]{1,60})")
_HOST = re.compile(rb"https?://([A-Za-z0-9.-]{3,100})/[^\s\"'<>]*$")


def shared_access_signature(token: Token) -> Structure:
    """What a shared access signature permits, where, and until when.

    Source: https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas
    """
    before = re.split(rb"[\s\"'<>]", token.before)[-1]
    after = re.split(rb"[\s\"'<>]", token.after)[0]
    facts = []
    for text in (before, after):
        for name, value in _TERM.findall(text)[:20]:
            if name in _TERMS:
                facts.append((_TERMS[name], unquote(value.decode("latin-1"))))
    if host := _HOST.search(before):
        facts.insert(0, ("host", host[1].decode()))
    return Structure(None, tuple(facts))
