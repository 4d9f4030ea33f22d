"""Since which commit of the first-parent line a finding stands.

The line is walked back from the commit looked at. A finding goes as far back as what makes it up:
something that reads the name, nothing that defines it. The first step back at which that is not so
is the commit that made it. Of the versions of files, only those are read that a commit changed and
that can matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from forensics.config.env_reads import language_of
from forensics.drift.env_vars.definitions import may_define
from forensics.drift.env_vars.gathered import Read, is_ours
from forensics.drift.env_vars.model import EnvFinding, Since
from forensics.drift.env_vars.state import Bearing, Facts
from forensics.drift.env_vars.walk import Walk
from forensics.git.first_parents import LineCommit, line_ids, stretches
from forensics.git.repository import Repository
from forensics.git.runner import Git

__all__ = ["MOST_COMMITS", "with_since"]

MOST_COMMITS = 20_000
"""Of the line, newest first, that are looked at."""
_SECONDS = 20.0
_MOST_BLOBS = 60_000
_MOST_FINDINGS = 3_000


def with_since(
    findings: Sequence[EnvFinding],
    bearings: Sequence[Bearing],
    repository: Repository,
    git: Git,
    tip: bytes,
    read: Read,
    facts: Facts,
) -> list[EnvFinding]:
    """The findings, each with the commit since which it stands.

    Args:
        findings: of the commit `tip`.
        bearings: of each, what it rests on there.
        repository: to read.
        git: that runs in it.
        tip: id of the commit.
        read: gives contents of blobs.
        facts: what versions of files read and define.
    """
    told = list(findings)
    if not told:
        return told
    line = line_ids(repository, git, tip, ())
    whole = len(line.ids) <= MOST_COMMITS and not line.cut
    line = line._replace(ids=line.ids[-MOST_COMMITS:])
    commits: list[LineCommit] = []
    for stretch in stretches(repository, git, line, _matters):
        if stretch.cut:
            whole = False
            commits.clear()
        commits += stretch.commits
    walk = Walk(read, facts, dict(enumerate(bearings[:_MOST_FINDINGS])))
    end = monotonic() + _SECONDS
    for commit in reversed(commits):
        if not walk.open:
            break
        if walk.blobs > _MOST_BLOBS or monotonic() > end:
            whole = False
            break
        for number in walk.step(commit.changes):
            told[number] = told[number]._replace(since=_since(commit), since_certain=True)
    if commits:
        for number in walk.open:
            # It stands since the first commit there is, or since before what was looked at.
            told[number] = told[number]._replace(
                since=_since(commits[0]) if whole else None, since_certain=whole
            )
    return told


def _matters(path: bytes) -> bool:
    return is_ours(path) and bool(language_of(path) or may_define(path))


def _since(commit: LineCommit) -> Since:
    return Since(commit.commit, commit.time, commit.offset)
