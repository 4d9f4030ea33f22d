"""Addresses of repositories elsewhere, apart from what lets anybody in there."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

from detectors.secret import Secret
from forensics.errors import UsageProblem

__all__ = ["Address", "address_in"]

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_HELPER = re.compile(r"[A-Za-z0-9_-]+::")
_SCP = re.compile(
    r"[A-Za-z0-9][\w.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:(?!//|:)[^\s\x00-\x1f\x7f\ud800-\udfff]+"
)
"""`user@host:path`, which git takes for ssh."""
_HOST = re.compile(r"[a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\]")
_USER = re.compile(r"[A-Za-z0-9][\w.+-]*")
_ODD = re.compile(r"[\s\x00-\x1f\x7f\ud800-\udfff]")
_ENDING = re.compile(rb"[\x00-\x20\x7f]")
_TRANSPORTS = {"https": "https", "http": "http:https", "ssh": "ssh", "file": "file"}
"""What git may speak, by the scheme; a server that sends it elsewhere cannot change that."""
_LONGEST_NAME = 40


class Address(NamedTuple):
    """Where a repository is fetched from."""

    shown: str
    """Without credentials. What git is given."""
    transports: str
    """What git may speak, as GIT_ALLOW_PROTOCOL takes it."""
    site: str
    """For whom the credentials are: scheme, host and port."""
    user: Secret | None = None
    password: Secret | None = None

    @property
    def folder(self) -> str:
        """A name for its mirror, the same whatever the credentials."""
        last = self.shown.rstrip("/").rpartition("/")[2].rpartition(":")[2].removesuffix(".git")
        name = re.sub(r"[^A-Za-z0-9_-]", "-", last)[:_LONGEST_NAME] or "repository"
        return f"{name}-{hashlib.sha256(self.shown.encode()).hexdigest()[:16]}.git"


def address_in(text: str) -> Address | None:
    """The address that a user gave; None where it is a path.

    Raises:
        UsageProblem: it is an address that nothing is fetched from.
    """
    found = _URL.match(text)
    if found is not None:
        return _of_url(text, found[1].lower())
    if Path(text).exists():
        return None
    if _HELPER.match(text):
        raise UsageProblem("a remote helper is no address", _ALLOWED)
    return Address(text, "ssh", "") if _SCP.fullmatch(text) else None


_ALLOWED = "give an https, ssh or file URL, or git@host:path"


def _of_url(text: str, scheme: str) -> Address:
    if scheme not in _TRANSPORTS:
        raise UsageProblem(f"nothing is fetched through {scheme}", _ALLOWED)
    try:
        parts = urlsplit(text)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise UsageProblem("the URL is malformed", _ALLOWED) from None
    if parts.query or parts.fragment or "?" in text or "#" in text or _ODD.search(text):
        raise UsageProblem(
            "the URL has a query, a fragment or a space", "give an address as `git clone` takes it"
        )
    who, at, host = parts.netloc.rpartition("@")
    host = host.removesuffix(port).lower() if port else host.rstrip(":").lower()
    path = parts.path.rstrip("/")
    if scheme == "file":
        if parts.netloc not in ("", "localhost") or not path:
            raise UsageProblem("a file URL names no host and a whole path", "give file:///a/path")
        return Address(f"file://{path}", "file", "")
    if not _HOST.fullmatch(host) or not path:
        raise UsageProblem("the URL names no host or no repository", _ALLOWED)
    user, _, password = who.partition(":")
    if scheme == "ssh":
        if password or (at and not _USER.fullmatch(user)):
            raise UsageProblem("an ssh URL takes a user and no password", "use ssh's agent")
        return Address(f"ssh://{user}{at}{host}{port}{path}", "ssh", "")
    site = f"{scheme}://{host}{port}"
    if not at:
        return Address(site + path, _TRANSPORTS[scheme], site)
    given = [unquote_to_bytes(os.fsencode(one)) for one in (user, password)]
    if any(_ENDING.search(one) for one in given):
        raise UsageProblem(
            "the credentials in the URL hold a space or line end", "use a credential helper of git"
        )
    name, word = (Secret(one) for one in given)
    return Address(site + path, _TRANSPORTS[scheme], site, name, word)
