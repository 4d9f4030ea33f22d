"""All that a commit holds, where what it changed cannot be told."""

from __future__ import annotations

import re
from collections.abc import Callable

from forensics.errors import GitFailed
from forensics.git.careful_history import read_history_carefully
from forensics.git.commit import parse_commit
from forensics.git.first_parents import FileChange, LineCommit
from forensics.git.inflate import Damaged
from forensics.git.plan import plan
from forensics.git.repository import Repository
from forensics.git.runner import Git
from forensics.git.single import SingleObjects

__all__ = ["whole_commit"]

_TREE = re.compile(rb"tree ((?:[0-9a-f]{2})+)$", re.MULTILINE)
_PARENT = re.compile(rb"^parent ", re.MULTILINE)


def whole_commit(
    repository: Repository, git: Git, oid: bytes, wanted: Callable[[bytes], bool]
) -> tuple[LineCommit | None, str]:
    """The commit as if it had no parents, as far as it can be read, and why that is not far enough.

    None where the commit itself cannot be read.
    """
    made = plan(repository, kinds=())
    try:
        kind, raw = SingleObjects(repository, git, made).read(oid)
    except Damaged as damage:
        return None, f"commit {oid.hex()[:12]}: {damage}"
    header = raw.partition(b"\n\n")[0]
    root = _TREE.match(header)
    if kind != "commit" or root is None:
        return None, f"commit {oid.hex()[:12]}: it is malformed"
    try:
        tree = bytes.fromhex(root[1].decode("ascii"))
        part, lost = read_history_carefully(repository, made, (), [tree])
    except GitFailed as failure:
        return None, str(failure)
    changes = tuple(
        FileChange(part.paths[path], b"", part.blobs[after])
        for _, path, _, after in part.changes.tolist()
        if after and wanted(part.paths[path])
    )
    people = parse_commit(header)
    author, committer = people.author, people.committer
    commit = LineCommit(
        oid,
        len(_PARENT.findall(header)) > 1,
        author.name,
        author.email,
        committer.time,
        committer.offset,
        changes,
    )
    return commit, f"{lost[0].oid.hex()[:12]}: {lost[0].reason}" if lost else ""
