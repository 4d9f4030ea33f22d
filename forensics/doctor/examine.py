"""All checks, in the order in which one rests on another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from forensics.doctor.check import Check, failed
from forensics.errors import ForensicsError, NotARepository
from forensics.git.repository import Repository, open_repository
from forensics.index.location import index_path

__all__ = ["examine"]


def examine(path: Path | None, index: Path | None) -> Iterator[Check]:
    """Look at this machine, and at a repository and its index.

    Args:
        path: a repository; None for the one here, if there is one.
        index: its index file, if it is not where it would be looked for.
    """
    from forensics.doctor.folders import folder_checks
    from forensics.doctor.index import index_checks
    from forensics.doctor.key import key_checks, usable_key
    from forensics.doctor.libraries import library_checks
    from forensics.doctor.repository import git_checks, repository_checks
    from forensics.doctor.rules import rules_checks
    from forensics.doctor.space import space_checks

    yield from git_checks()
    repository, trouble = _repository(path)
    if trouble is not None and path is not None:
        yield trouble
    if repository is not None:
        yield from repository_checks(repository)
    key = usable_key()
    yield from key_checks()
    yield from folder_checks()
    chosen = index_path(index, repository and repository.common_dir, to_read=True)
    if chosen is not None:
        yield from index_checks(chosen, key)
    if key is not None:
        yield from rules_checks(key)
    yield from library_checks()
    yield from space_checks(chosen)


def _repository(path: Path | None) -> tuple[Repository | None, Check | None]:
    try:
        return open_repository(path or Path()), None
    except NotARepository as error:
        return None, failed("repository", error)
    except ForensicsError:  # there is no git, which is told already
        return None, None
