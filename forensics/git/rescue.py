"""Reading single objects: whatever the fast way cannot, and what a person asks to see."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pygit2
from pygit2.enums import ObjectType

from forensics.git.inflate import Damaged, Limits
from forensics.git.repository import Repository
from forensics.git.runner import first_line

__all__ = ["SingleObjects", "single_objects"]

_KINDS = {
    ObjectType.COMMIT: "commit",
    ObjectType.TREE: "tree",
    ObjectType.BLOB: "blob",
    ObjectType.TAG: "tag",
}


class SingleObjects:
    """Reads objects one by one: through libgit2, and where that fails or cannot, through git,
    which tries every copy of a damaged object."""

    def __init__(self, repository: Repository, limits: Limits, stack: ExitStack) -> None:
        self._repository, self._limits, self._stack = repository, limits, stack
        self._odb = (
            pygit2.Odb(str(repository.objects)) if repository.object_format == "sha1" else None
        )
        self._git: subprocess.Popen[bytes] | None = None

    def ids(self) -> list[bytes]:
        """Ids of all objects that libgit2 finds, for packs whose index only it can read."""
        return [bytes(oid.raw) for oid in self._odb] if self._odb is not None else []

    def read(self, oid: bytes) -> tuple[str, bytes]:
        """Kind and content.

        Raises:
            Damaged: no copy can be read, or it is too large to be held.
        """
        if self._odb is not None:
            try:
                name = pygit2.Oid(raw=oid)
                if self._odb.read_header(name)[1] <= self._limits.in_memory:
                    kind, content = self._odb.read(name)
                    return _KINDS[ObjectType(kind)], content
            except (KeyError, ValueError, pygit2.GitError, MemoryError):
                pass  # git may know another copy
        return self._read_through_git(oid)

    def _read_through_git(self, oid: bytes) -> tuple[str, bytes]:
        if self._git is None:
            git = self._stack.enter_context(self._repository.git())
            self._git = git.start(["cat-file", "--batch"], subprocess.PIPE)
        process = self._git
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(oid.hex().encode() + b"\n")
            process.stdin.flush()
            header = process.stdout.readline().split()
        except BrokenPipeError:
            header = []
        if len(header) == 2:
            raise Damaged("it is missing")
        if len(header) != 3:
            raise Damaged(self._end_git())
        size = int(header[2])
        if size > self._limits.in_memory:
            self._end_git()
            raise Damaged("it is damaged in its pack and too large to be read otherwise")
        content = process.stdout.read(size + 1)
        if len(content) != size + 1:
            raise Damaged(self._end_git())
        return header[1].decode(), content[:-1]

    def _end_git(self) -> str:
        """What the process said as it died; the next read starts another."""
        process, self._git = self._git, None
        if process is None:
            return "git ended"
        process.kill()
        _, said = process.communicate()
        return first_line(said)

    def close(self) -> None:
        """End the process, if one was needed."""
        if self._git is not None:
            self._end_git()


@contextmanager
def single_objects(repository: Repository, limits: Limits | None = None) -> Iterator[SingleObjects]:
    """A reader of single objects, for as long as the context lasts."""
    with ExitStack() as stack:
        reader = SingleObjects(repository, limits or Limits(), stack)
        stack.callback(reader.close)
        yield reader
