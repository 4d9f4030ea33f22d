"""Reading single objects by their ids."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from forensics.errors import GitFailed
from forensics.git.copies import another_copy
from forensics.git.inflate import Content, Damaged, Limits
from forensics.git.repository import Repository
from forensics.git.runner import Git

if TYPE_CHECKING:  # NumPy, which who reads through libgit2 spares
    from forensics.git.plan import ObjectPlan

__all__ = ["SingleObjects", "careful_objects", "single_objects"]

_KINDS = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
_GIT_SECONDS = 20.0


class SingleObjects:
    """Reads objects one by one: through libgit2, and what it cannot read, such as SHA-256,
    through git. Where packs hold what leads both astray, only our own reader is used."""

    def __init__(self, repository: Repository, git: Git, made: ObjectPlan | None) -> None:
        self.repository, self.git, self._limits = repository, git, Limits()
        self._packs = made.opened if made is not None else []
        self.astray = made is not None and made.faulty
        """Whether packs lead git astray, so that it must not be asked."""
        self._folders = (repository.objects, *repository.alternates)
        import pygit2  # 50 ms, which a scan that shows no commit spares

        self._pygit2 = pygit2
        self._odb = None
        if repository.object_format == "sha1" and not self.astray:
            self._odb = pygit2.Odb(str(repository.objects))

    def read(self, oid: bytes) -> tuple[str, bytes]:
        """Kind and content.

        Raises:
            Damaged: no copy can be read, or it is too large to be held.
        """
        if self._odb is not None:
            try:
                name = self._pygit2.Oid(raw=oid)
                if self._odb.read_header(name)[1] > self._limits.in_memory:
                    raise Damaged("it is too large to be held in memory")
                kind, content = self._odb.read(name)
                return _KINDS[int(kind)], content
            except (KeyError, ValueError, self._pygit2.GitError, MemoryError):
                pass  # another copy may serve
        found = another_copy(oid, self._packs, self._folders, self._limits)
        if found is not None:
            if not isinstance(found[1], bytes):
                raise Damaged("it is too large to be held in memory")
            return found[0], found[1]
        if self.astray:
            raise Damaged("it is missing or damaged")
        return self._through_git(oid)

    def read_any_size(self, oid: bytes) -> tuple[str, Content]:
        """Kind and content, which is mapped from a temporary file where it is large.

        Raises:
            Damaged: no copy can be read.
        """
        try:
            return self.read(oid)
        except Damaged as damage:
            found = another_copy(oid, self._packs, self._folders, self._limits)
            if found is None:
                raise damage from None
            return found

    def _through_git(self, oid: bytes) -> tuple[str, bytes]:
        try:
            answer = self.git.output(
                ["cat-file", "--batch"], oid.hex().encode() + b"\n", timeout=_GIT_SECONDS
            )
        except GitFailed as failure:
            raise Damaged(str(failure)) from None
        header, _, rest = answer.partition(b"\n")
        facts = header.split()
        if len(facts) != 3:
            raise Damaged("it is missing")
        kind, content = facts[1].decode(), rest[:-1]
        digest = hashlib.new(self.repository.object_format, usedforsecurity=False)
        digest.update(b"%s %d\0" % (facts[1], len(content)) + content)
        if digest.digest() != oid:
            raise Damaged("its content does not fit its id")
        return kind, content


@contextmanager
def single_objects(
    repository: Repository, made: ObjectPlan | None = None
) -> Iterator[SingleObjects]:
    """A reader of single objects, for as long as the context lasts.

    Args:
        repository: to read.
        made: the plan of a read going on, whose packs are open already.
    """
    with repository.git() as git:
        yield SingleObjects(repository, git, made)


@contextmanager
def careful_objects(repository: Repository) -> Iterator[SingleObjects]:
    """The same, once all packs were looked into, as in a scan."""
    from forensics.git.plan import plan

    with repository.git() as git:
        yield SingleObjects(repository, git, plan(repository, kinds=()))
