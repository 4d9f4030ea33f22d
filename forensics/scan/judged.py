"""Judging what commits introduce."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from forensics.git.batch import blobs_at, read_objects
from forensics.git.introduced import (
    Changes,
    read_changes,
)
from forensics.git.lfs import PayloadStore
from forensics.git.repository import Repository
from forensics.git.runner import Git
from forensics.git.tags import tagged_commits, tags_on
from forensics.git.working import Place, working_git
from forensics.index.records import Sighting, Skip
from forensics.key import Key
from forensics.scan.examined import Examined, Read
from forensics.scan.introductions import Introduction, introductions
from forensics.scan.setup import ScannerSetup
from forensics.scan.summary import ScanSummary
from forensics.scan.uncovered import absent_payloads, advised, advising

if TYPE_CHECKING:
    from forensics.git.revisions import Revisions
    from forensics.scan.by_value import KnownValues

__all__ = [
    "Choose",
    "Judged",
    "Known",
    "examined_in",
    "judge_commits",
    "judged_of",
    "summary_of",
]

_BOUNDARY = (
    "its parents are not in this shallow clone, so what it introduces cannot be told;"
    " `git fetch --deepen=N` or `git fetch --unshallow` brings them"
)


class Judged(NamedTuple):
    """What is introduced, and what it was found in."""

    found: tuple[Introduction, ...]
    sightings: tuple[Sighting, ...]
    skips: tuple[Skip, ...]
    raw: Mapping[bytes, bytes]
    """Commits that introduce anything, by id; masked."""
    ended: frozenset[tuple[bytes, tuple[bytes, bytes]]]
    """Secrets and paths that no named tip holds any more."""
    commits: int
    objects: int
    bytes_read: int
    seconds: float
    left_out: int = 0
    """Contents larger than the user wants to have read."""
    files: bool = False
    """Whether contents were read from files, not from git."""
    uncovered: tuple[str, ...] = ()
    """What was not here to be looked at."""


Choose = Callable[[Repository, Git], "Revisions"]
Known = Callable[[Repository, Git], "KnownValues | None"]
"""Gives values that are looked for beside what rules find."""


def judge_commits(
    repository: Repository,
    key: Key,
    setup: ScannerSetup,
    choose: Choose,
    *,
    place: Place | None = None,
    all_tags: bool = True,
    known: Known | None = None,
) -> Judged:
    """What some commits introduce, with what their messages and those of tags hold.

    Args:
        repository: where they are.
        key: makes fingerprints.
        setup: what to look with.
        choose: which commits; called with git over the repository.
        place: where git says that new objects are.
        all_tags: whether every annotated tag that leads to one of them counts, not only those
            that `choose` names.
        known: gives the values that are known.

    Raises:
        UsageProblem: there are no such commits.
        GitFailed: history cannot be walked.
    """
    began = time.monotonic()
    pushed = place is not None and place.objects is not None
    with working_git(repository, place) as git, advising(repository, pushed=pushed):
        revisions = choose(repository, git)
        commits: list[Changes] = []
        skips: list[Skip] = []
        cut_off = {bytes.fromhex(one.decode("ascii")) for one in repository.boundary().split()}
        if revisions.given:
            for one in read_changes(
                git, revisions.given,
                walk=revisions.walk, first_parent=revisions.first_parent, paths=revisions.paths,
            ):  # fmt: skip
                if one.commit in cut_off:
                    skips.append(Skip(one.commit, _BOUNDARY))
                    one = one._replace(changes=())
                commits.append(one)
        commits += revisions.beside
        tags = list(revisions.tags)
        if all_tags and commits:
            tags += tags_on(git, (one.commit for one in commits))
        examined = examined_in(repository, git, key, setup, known)
        found, sightings = introductions(
            examined, commits, tagged_commits(git, tags), revisions.names
        )
        ended = _ended(git, examined, found, revisions.tips)
        return judged_of(repository, examined, found, sightings, skips, ended, len(commits), began)


def summary_of(judged: Judged, setup: ScannerSetup) -> ScanSummary:
    """Figures of what was judged, without findings."""
    scanner = setup.scanner()
    return ScanSummary(
        objects=judged.objects,
        bytes_read=judged.bytes_read,
        left_out=judged.left_out,
        commits=judged.commits,
        rules=len(scanner.kinds),
        prefilter=scanner.prefilter.name,
        seconds=judged.seconds,
        uncovered=list(judged.uncovered),
    )


def examined_in(
    repository: Repository,
    git: Git,
    key: Key,
    setup: ScannerSetup,
    known: Known | None,
    read: Read | None = None,
) -> Examined:
    """Contents of a repository through the detectors; of git's objects, unless `read` is given."""
    return Examined(
        setup.scanner(), key, read or partial(read_objects, git), setup.most_bytes,
        known(repository, git) if known else None, PayloadStore(repository.common_dir),
    )  # fmt: skip


def judged_of(
    repository: Repository,
    examined: Examined,
    found: Sequence[Introduction],
    sightings: Sequence[Sighting],
    skips: Sequence[Skip],
    ended: frozenset[tuple[bytes, tuple[bytes, bytes]]],
    commits: int,
    began: float,
) -> Judged:
    """What was found in contents that were examined since `began`."""
    payloads = examined.payloads
    raw = examined.raw(one.commit for one in found if one.commit)
    return Judged(
        tuple(found), tuple(sightings),
        tuple(advised(repository, dict.fromkeys((*skips, *examined.skips, *payloads.skips)))),
        {oid: examined.masker.mask(text) for oid, text in raw.items()}, ended, commits,
        examined.objects, examined.bytes_read + payloads.bytes_read, time.monotonic() - began,
        examined.left_out + payloads.left_out, uncovered=tuple(absent_payloads(payloads.absent)),
    )  # fmt: skip


def _ended(
    git: Git, examined: Examined, found: Iterable[Introduction], tips: Sequence[bytes]
) -> frozenset[tuple[bytes, tuple[bytes, bytes]]]:
    """What no tip holds any more, of what stands in files whose names hold no secret."""
    wanted = [
        (one.fingerprint, one.path)
        for one in found
        if one.path is not None and one.kind == "blob" and not one.path[1]
    ]
    if not wanted or not tips:
        return frozenset()
    paths = list(dict.fromkeys(path for _, path in wanted))
    told = iter(blobs_at(git, tips, [path for path, _ in paths]))
    now = {path: next(told) for path in paths}
    examined.need(oid for oids in now.values() for oid in oids)
    return frozenset(
        (fingerprint, path)
        for fingerprint, path in wanted
        if not any(fingerprint in examined.held(oid) for oid in now[path])
    )
