"""Git over a repository as somebody works in it: with its HEAD, its index file, its work tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from forensics.errors import GitFailed
from forensics.git.repository import Repository
from forensics.git.runner import Git, private_git_dir
from forensics.git.smallfile import read_small

__all__ = ["Place", "check_index", "merged_heads", "working_git"]

_HEAD = re.compile(rb"ref: refs/[^\0\n]+|[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_OTHER_HEADS = ("ORIG_HEAD", "FETCH_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD")
_MOST_HEAD = 1 << 20


class Place(NamedTuple):
    """What differs from the repository itself, as git tells its hooks."""

    objects: Path | None = None
    """Where new objects are, as those of a push that is not accepted yet."""
    alternates: str = ""
    """Object directories beside that, as GIT_ALTERNATE_OBJECT_DIRECTORIES has them."""
    index_file: Path | None = None
    """The index file; the repository's own where none is named."""
    work_tree: Path | None = None


@contextmanager
def working_git(repository: Repository, place: Place | None = None) -> Iterator[Git]:
    """As `Repository.git`, and names such as HEAD mean what they mean there."""
    place = place or Place()
    objects = place.objects or repository.objects
    with private_git_dir(
        repository.common_dir, objects, repository.object_format, repository.ref_storage
    ) as git_dir:
        for name in ("HEAD", *_OTHER_HEADS):
            with suppress(OSError):
                text = read_small(repository.git_dir / name, _MOST_HEAD).split(b"\n")[0].strip()
                if name == "HEAD" and _HEAD.fullmatch(text):
                    (git_dir / name).write_bytes(text + b"\n")
                elif name != "HEAD" and _ID.match(text):
                    (git_dir / name).write_bytes((_ID.findall(text)[0]) + b"\n")
        if repository.git_dir != repository.common_dir:
            _own_reflog(repository, git_dir / "logs")
        index = _index(repository, place)
        for shared in index.parent.glob("sharedindex.*"):  # what a split index stands on
            if shared.is_file():
                (git_dir / shared.name).symlink_to(shared)
        more = {"GIT_INDEX_FILE": str(index)}
        if place.alternates:
            more["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = place.alternates
        if place.work_tree is not None:
            more["GIT_WORK_TREE"] = str(place.work_tree)
        yield Git(git_dir, objects, more)


def check_index(repository: Repository, place: Place | None = None) -> None:
    """Refuse an index that git would wait for.

    Raises:
        GitFailed: it is no file.
    """
    index = _index(repository, place or Place())
    if index.exists() and not index.is_file():
        raise GitFailed(f"{index} is no file, and git would wait for it")


def _own_reflog(repository: Repository, logs: Path) -> None:
    """In a linked work tree, where HEAD was is told there; where branches were, beside these."""
    logs.unlink(missing_ok=True)
    logs.mkdir()
    with suppress(OSError):  # git takes no link for a reflog
        (logs / "HEAD").write_bytes(read_small(repository.git_dir / "logs/HEAD"))
    branches = repository.common_dir / "logs/refs"
    if branches.is_dir():
        (logs / "refs").symlink_to(branches)


def _index(repository: Repository, place: Place) -> Path:
    return place.index_file or repository.git_dir / "index"


def merged_heads(repository: Repository) -> list[str]:
    """Ids of the commits that are being merged into HEAD."""
    try:
        lines = read_small(repository.git_dir / "MERGE_HEAD", _MOST_HEAD).split()
    except OSError:
        return []
    return [line.decode("ascii") for line in lines if _ID.fullmatch(line)]
