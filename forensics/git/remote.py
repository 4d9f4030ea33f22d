"""Where a repository was cloned from, without what lets anybody in there."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from forensics.errors import GitFailed
from forensics.git.repository import Repository
from forensics.git.runner import read_settings

__all__ = ["public_url", "remote_url"]

_SCHEMES = ("https", "http", "ssh", "git")
_SCP = re.compile(r"(?:[^/@\s]*@)?([A-Za-z0-9.-]+):(?!//|:)([^\s]+)")
"""`user@host:path`, which git takes for ssh."""
_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")


def remote_url(repository: Repository) -> str:
    """The address of `origin`, as `public_url` has it; empty where there is none."""
    try:
        return public_url(
            read_settings(repository.common_dir / "config").get("remote.origin.url", "")
        )
    except GitFailed:
        return ""


def public_url(address: str) -> str:
    """An address without user, password, query and fragment, as a valid URI; empty where it is no
    address of another machine."""
    if "://" not in address:
        found = _SCP.fullmatch(address)
        return f"ssh://{found[1]}/{_path(found[2])}" if found else ""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2].removesuffix(port)
    if parts.scheme not in _SCHEMES or not _HOST.fullmatch(host):
        return ""
    return f"{parts.scheme}://{host}{port}/{_path(parts.path)}"


def _path(text: str) -> str:
    return quote(text.lstrip("/"), safe="/%~+,;=:@!$&'()*", errors="surrogateescape")
