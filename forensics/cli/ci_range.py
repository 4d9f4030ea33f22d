"""`forensics scan --ci`: the range of commits that the CI job at hand is about."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.cli.ci_job import Job, job_of
from forensics.cli.common import note
from forensics.cli.scan_new import New
from forensics.errors import GitFailed, UsageProblem

if TYPE_CHECKING:
    from forensics.git.repository import Repository
    from forensics.git.runner import Git

__all__ = ["new_of_job"]

_ORIGIN = "refs/remotes/origin/"
_SHORT = 12
_SECONDS = 60.0


def new_of_job(targets: Sequence[Path]) -> New:
    """What to look at; nothing named in it where that is the whole history. A line says which it
    is, and why.

    Raises:
        UsageProblem: it cannot be told, or what it needs is not here.
        NotARepository: there is none.
    """
    from forensics.git.repository import open_repository

    if len(targets) > 1:
        raise UsageProblem("--ci is about one repository", "name one PATH")
    job = job_of(os.environ)
    repository = open_repository(targets[0])
    if not job.head:
        return _all(repository, job, "")
    with repository.git() as git:
        head = next(_here(git, [job.head]), "")
        if not head:
            raise _absent(repository, job, job.head)
        bases = [*job.bases, *_default_branch(git, job.branch)]
        base = next(_here(git, bases), "")
    if base:
        note(f"{job.service}, {job.what}: {base[:_SHORT]}..{head[:_SHORT]}")
        return New(ranges=(f"{base}..{head}",))
    if not job.or_all:
        raise _absent(repository, job, job.bases[0])
    return _all(repository, job, ", because nothing is here that it could be compared with")


def _here(git: Git, names: Iterable[str]) -> Iterator[str]:
    """Full ids of those that lead to a commit here. No other ref can pass for an id or a ref."""
    from forensics.git.batch import kinds_of

    for name in names:
        oid = name
        if name.startswith("refs/"):
            try:
                told = git.output(["show-ref", "--verify", "--hash", name], timeout=_SECONDS)
            except GitFailed:
                continue
            oid = told.decode("ascii").strip()
        (found, _), (_, kind) = kinds_of(git, (oid, f"{oid}^{{commit}}"))
        if kind == "commit" and found.hex().startswith(oid.lower()):
            yield found.hex()


def _default_branch(git: Git, pushed: str) -> list[str]:
    """The ref of origin's default branch as the clone has it, unless that is what was pushed. It
    is what git made of the server's HEAD, so nobody who pushes a branch chooses it."""
    if not pushed:
        return []
    try:
        told = git.output(["symbolic-ref", "--quiet", f"{_ORIGIN}HEAD"], timeout=_SECONDS)
    except GitFailed:
        return []
    name = os.fsdecode(told).strip()
    return [name] if name.startswith(_ORIGIN) and name != pushed else []


def _all(repository: Repository, job: Job, why: str) -> New:
    if repository.shallow:
        raise UsageProblem(
            f"{job.service}, {job.what}, needs the whole history, and this is a shallow clone",
            f"set {job.deepen}, or run `git fetch --unshallow`",
        )
    note(f"{job.service}, {job.what}: the whole history{why}")
    return New()


def _absent(repository: Repository, job: Job, name: str) -> UsageProblem:
    clone = "this shallow clone" if repository.shallow else "this clone"
    more = ", or run `git fetch --unshallow`" if repository.shallow else ""
    return UsageProblem(
        f"{job.service}, {job.what}: {name} is not in {clone}",
        f"set {job.deepen}{more}",
    )
