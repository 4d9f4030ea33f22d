"""Which repository, branch and commit a report is of."""

from __future__ import annotations

import os
from typing import NamedTuple

from forensics.errors import UsageProblem
from forensics.git.remote import remote_url
from forensics.git.repository import Repository
from forensics.git.resolve import named_commit
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
        commit = named_commit(repository, "HEAD").oid.hex()
    except UsageProblem:
        commit = ""
    try:
        text = read_small(repository.git_dir / "HEAD").strip()
    except OSError:
        return Provenance(url, commit, "")
    branch = text.removeprefix(b"ref: refs/heads/")
    if branch == text or masker.mask(branch) != branch:
        branch = b""
    return Provenance(url, commit, os.fsdecode(branch))
