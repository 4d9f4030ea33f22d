"""Which file a user means, and what stands in it. What reads an object is not loaded by those who
only name commits."""

from __future__ import annotations

import os

from forensics.errors import GitFailed, UsageProblem
from forensics.git.inflate import Damaged
from forensics.git.plan import plan
from forensics.git.repository import Repository
from forensics.git.single import SingleObjects
from forensics.git.working import working_git

__all__ = ["named_blob"]

_SECONDS = 60.0


def named_blob(
    repository: Repository, name: str, commit: bytes | None = None, path: bytes | None = None
) -> tuple[bytes, bytes]:
    """The id and the content of a file: that of a path at a commit, else of a blob by its id.

    Raises:
        UsageProblem: there is none, or it is a folder or anything else.
    """
    what = name if path is None else f"{name}:{os.fsdecode(path)}"
    wanted = name if commit is None or path is None else f"{commit.hex()}:{os.fsdecode(path)}"
    missing = UsageProblem(f"{what!r} is no file here", "name COMMIT:PATH, or a blob by its id")
    with working_git(repository) as git, repository.git() as reading:
        words = ["rev-parse", "--verify", "--quiet", "--end-of-options", wanted]
        try:
            if "\0" in wanted:
                raise GitFailed("no name")
            oid = bytes.fromhex(git.output(words, timeout=_SECONDS).decode("ascii").strip())
            kind, content = SingleObjects(repository, reading, plan(repository, kinds=())).read(oid)
        except (GitFailed, Damaged, ValueError):
            raise missing from None
    if kind != "blob":
        raise UsageProblem(f"{what!r} is a {kind}, not a file", "name a file in it")
    return oid, content
