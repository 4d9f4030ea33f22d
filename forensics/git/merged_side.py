"""Who did what a merge brought in."""

from __future__ import annotations

import os

from forensics.errors import GitFailed
from forensics.git.first_parents import LineCommit
from forensics.git.log_output import moment
from forensics.git.runner import Git

__all__ = ["merged_commits"]

_SECONDS = 20.0
_MOST = 100


def merged_commits(git: Git, merge: bytes, path: bytes) -> tuple[LineCommit, ...]:
    """The commits of the merged side that touched a file, newest first, without their changes.

    None where the merge itself changed it, or where something is missing: then the merge is all
    that can be named.

    Args:
        git: that runs in the repository.
        merge: id of the merge.
        path: of the file.
    """
    name = merge.hex()
    arguments = (
        "--literal-pathspecs", "log", "-z", "--no-merges", "--encoding=none", "--date=raw",
        f"--max-count={_MOST}", "--format=%H%x02%cd%x02%an%x02%ae", name, f"^{name}^1", "--",
        os.fsdecode(path),
    )  # fmt: skip
    try:
        told = git.output(arguments, timeout=_SECONDS)
    except GitFailed:
        return ()
    commits = []
    for entry in told.split(b"\0"):
        if entry:
            oid, date, author, email = entry.split(b"\x02", 3)
            commit = bytes.fromhex(oid.decode("ascii"))
            commits.append(LineCommit(commit, False, author, email, *moment(date), ()))
    return tuple(commits)
