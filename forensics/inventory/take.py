"""Taking the inventory of one commit."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, TypeVar

from forensics.config.read import LARGEST_PARSED
from forensics.config.settings import read_settings
from forensics.inventory.config_files import (
    Placing,
    configuration_kind,
    described,
    vendored,
)
from forensics.inventory.env_uses import defined, given, joined, read
from forensics.inventory.pipelines import pipelines, unread_pipeline
from forensics.inventory.records import (
    ConfigurationFile,
    EnvironmentUse,
    Inventory,
    Pipeline,
    Subject,
    Surface,
)
from forensics.inventory.surfaces import in_order, surfaces

if TYPE_CHECKING:
    from forensics.git.commit_tree import CommitTree, TreeFile
    from forensics.git.repository import Repository
    from forensics.git.single import SingleObjects

__all__ = ["take_inventory"]

_T = TypeVar("_T")
_BINARY_LOOKED = 8_000
_MOST_ROWS = 500_000
"""Of each inventory."""


def take_inventory(repository: Repository, at: str, placed: Placing) -> Inventory:
    """The inventory of a commit.

    Args:
        repository: to read.
        at: name of the commit, as git reads names.
        placed: where a path belongs among environments.

    Raises:
        UsageProblem: there is no such commit.
        GitFailed: the commit cannot be read.
    """
    from forensics.git.commit_tree import last_changes, read_tree
    from forensics.git.resolve import named_commit
    from forensics.git.single import single_objects

    with repository.git() as git, single_objects(repository) as objects:
        commit = named_commit(repository, at).oid
        tree = read_tree(git, commit)
        taking = _Taking(objects, placed)
        for file in tree.files:
            taking.take(file)
        paths = [one.path for one in taking.files]
        boundary = {bytes.fromhex(one.decode()) for one in repository.boundary().split()}
        changed = last_changes(git, commit, paths, boundary)
    configuration = tuple(_with_change(one, changed.get(one.path)) for one in sorted(taking.files))
    return Inventory(
        _subject(repository, tree),
        configuration,
        joined(taking.uses),
        tuple(sorted(taking.pipelines, key=lambda one: (one.path, one.system, one.name))),
        in_order(taking.surfaces),
        tuple(sorted(taking.unread)),
        tuple(sorted(taking.left_out.items())),
        tree.trouble,
    )


class _Taking:
    """What was found so far."""

    def __init__(self, objects: SingleObjects, placed: Placing) -> None:
        self._objects, self._placed = objects, placed
        self.files: list[ConfigurationFile] = []
        self.uses: list[EnvironmentUse] = []
        self.pipelines: list[Pipeline] = []
        self.surfaces: list[Surface] = []
        self.unread: list[tuple[bytes, str]] = []
        self.left_out: Counter[str] = Counter()

    def take(self, file: TreeFile) -> None:
        """Look into a file of the tree."""
        if file.kind == "submodule":
            self.left_out["submodules"] += 1
        elif vendored(file.path):
            self.left_out["vendored files"] += 1
        else:
            self._look(file)

    def _look(self, file: TreeFile) -> None:
        content, trouble = self._content(file)
        place = self._placed(file.path)
        kind = configuration_kind(file.path, (content or b"")[:512], placed=place is not None)
        if content is None:
            if kind:
                self.files.append(described(file, kind, place, None, trouble))
            found = unread_pipeline(file.path, trouble)
        elif b"\0" in content[:_BINARY_LOOKED]:
            return
        else:
            found = pipelines(file.path, content)
            if kind:
                settings = read_settings(file.path, content)
                self.files.append(described(file, kind, place, settings, ""))
                environment = place.environment if place else ""
                _extend(self.uses, defined(file.path, content, settings, environment))
            _extend(self.uses, read(file.path, content))
            for pipeline in found:
                _extend(self.uses, given(pipeline, content))
        _extend(self.pipelines, found)
        _extend(self.surfaces, surfaces(file.path, content, found))

    def _content(self, file: TreeFile) -> tuple[bytes | None, str]:
        """The bytes of a file, or why there are none."""
        from forensics.git.inflate import Damaged

        if file.kind == "symlink":
            return None, "not read: a symbolic link"
        if file.size > LARGEST_PARSED:
            self.left_out[f"files larger than {LARGEST_PARSED >> 20} MiB"] += 1
            trouble = f"not read: larger than {LARGEST_PARSED >> 20} MiB"
            return None, trouble
        try:
            kind, content = self._objects.read(file.oid)
        except Damaged as damage:
            kind, content, trouble = "", b"", f"not read: {damage}"
        else:
            trouble = f"not read: it is a {kind}"
        if kind != "blob" or len(content) > LARGEST_PARSED:
            self.unread.append((file.path, trouble))
            return None, trouble
        return content, ""


def _extend(kept: list[_T], found: Iterable[_T]) -> None:
    """Add to a list that has an end."""
    for one in found:
        if len(kept) >= _MOST_ROWS:
            return
        kept.append(one)


def _with_change(
    file: ConfigurationFile, changed: tuple[bytes, int, int] | None
) -> ConfigurationFile:
    if changed is None:
        return file
    oid, seconds, offset = changed
    return file._replace(changed_commit=oid.hex(), changed_date=_date(seconds, offset))


def _subject(repository: Repository, tree: CommitTree) -> Subject:
    return Subject(
        os.fsdecode(repository.home.name).removesuffix(".git"),
        tree.commit.hex(),
        _date(tree.committed.time, tree.committed.offset),
        len(tree.files),
    )


def _date(seconds: int, offset: int) -> str:
    """A commit's date as it says itself; empty where no calendar has it."""
    try:
        zone = timezone(timedelta(minutes=offset))
    except ValueError:
        zone = UTC
    try:
        return datetime.fromtimestamp(seconds, zone).isoformat()
    except (ValueError, OverflowError, OSError):
        return ""
