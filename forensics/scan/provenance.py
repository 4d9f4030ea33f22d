"""Which repository, branch and commit a report is of."""

from __future__ import annotations

import os
from typing import NamedTuple

from forensics.errors import GitFailed
from forensics.git.refs import read_tips
from forensics.git.remote import remote_url
from forensics.git.repository import Repository
from forensics.git.smallfile import read_small
from forensics.key import Key
from forensics.scan.masking import Masker
from forensics.scan.setup import ScannerSetup

__all__ = ["Provenance", "provenance_of"]


class Provenance(NamedTuple):
    """Where a repository was cloned from, and what stands at its HEAD."""

    url: str
    """Without credentials."""
    commit: str
    """In hexadecimal digits; empty where there is none."""
    branch: str
    """Empty where HEAD is detached."""


def provenance_of(repository: Repository, key: Key, setup: ScannerSetup) -> Provenance | None:
    """None where nothing says where it came from, or that holds a secret itself."""
    url = remote_url(repository)
    if not url:
        return None
    masker = Masker(setup.scanner(), key)
    if masker.mask(url.encode()) != url.encode():
        return None
    try:
        with repository.git() as git:
            head = read_tips(repository, git).head
        text = read_small(repository.git_dir / "HEAD").strip()
    except (GitFailed, OSError):
        return Provenance(url, "", "")
    branch = text.removeprefix(b"ref: refs/heads/")
    if branch == text or masker.mask(branch) != branch:
        branch = b""
    return Provenance(url, head.hex() if head else "", os.fsdecode(branch))
