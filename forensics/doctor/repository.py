"""Git, and whether it gives all of a repository."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from forensics.doctor.check import Check, failed, ok, problem, warning
from forensics.errors import GitFailed
from forensics.git.installed import OLDEST_GIT, git_version, is_safe
from forensics.git.repository import Repository
from forensics.scan.uncovered import FETCH_ALL

__all__ = ["git_checks", "repository_checks"]

_REFTABLE_GIT = (2, 45)


def _parsed(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:2]))


def _written(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def git_checks() -> Iterator[Check]:
    """Whether there is a git, and one that is new enough."""
    try:
        version = git_version()
    except GitFailed as error:
        yield failed("git", error)
        return
    if _parsed(version) < OLDEST_GIT:
        yield problem(
            "git", f"{version} is too old", f"install git {_written(OLDEST_GIT)} or newer"
        )
    else:
        yield ok("git", version)


def repository_checks(repository: Repository) -> Iterator[Check]:
    """Whether the whole of its history is here, and git itself would work in it."""
    gaps = [*_owner(repository), *_gaps(repository)]
    yield from gaps
    if not gaps:
        yield ok("repository", f"{repository.home} is whole")


def _owner(repository: Repository) -> Iterator[Check]:
    """Git refuses where another user owns a repository; `forensics` does not need it to work there,
    but hooks run below it.

    Source: https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory
    """
    foreign = [one for one in (repository.home, repository.git_dir) if not _ours(one)]
    if foreign and not is_safe(repository):
        yield warning(
            "repository",
            f"{foreign[0]} belongs to another user, so git itself refuses to work there",
            f"if you trust it: `git config --global --add safe.directory {repository.home}`",
        )


def _ours(path: Path) -> bool:
    ours = {os.geteuid()}
    if not os.geteuid() and (caller := os.environ.get("SUDO_UID", "")).isdecimal():
        ours.add(int(caller))
    try:
        return path.stat().st_uid in ours
    except OSError:
        return True


def _gaps(repository: Repository) -> Iterator[Check]:
    if repository.shallow:
        yield warning(
            "repository",
            "it is a shallow clone: commits before its boundary are not here",
            "`git fetch --unshallow` gets them",
        )
    if repository.partial:
        yield warning(
            "repository",
            "it is a partial clone: objects may be missing; a scan fetches none, and counts them",
            f"`{FETCH_ALL}` gets all, with git 2.36 or newer",
        )
    if repository.alternates_missing:
        yield problem(
            "repository",
            "a folder that it borrows objects from is not there",
            "bring it back, or correct objects/info/alternates",
        )
    if repository.ref_storage == "reftable":
        try:
            version = git_version()
        except GitFailed:
            return
        if _parsed(version) < _REFTABLE_GIT:
            yield problem(
                "repository",
                f"it keeps its refs in a reftable, which git {version} cannot read",
                f"install git {_written(_REFTABLE_GIT)} or newer",
            )
