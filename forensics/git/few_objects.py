"""Reading a few objects without a look into packs, for a program that stays open: their tables take
about two hundred bytes an object."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from forensics.git.astray import leads_astray
from forensics.git.inflate import Content, Damaged
from forensics.git.repository import Repository
from forensics.git.runner import Git
from forensics.git.single import SingleObjects, careful_objects

__all__ = ["few_objects"]


class _FewObjects(SingleObjects):
    """Looks into packs itself only for what neither libgit2 nor git can read."""

    def __init__(self, repository: Repository, git: Git) -> None:
        super().__init__(repository, git, None)
        self._careful: SingleObjects | None = None

    def read(self, oid: bytes) -> tuple[str, bytes]:
        """Kind and content."""
        try:
            return super().read(oid)
        except Damaged:
            return self._after_a_look().read(oid)

    def read_any_size(self, oid: bytes) -> tuple[str, Content]:
        """Kind and content, which is mapped where it is large."""
        try:
            return super().read(oid)
        except Damaged:
            return self._after_a_look().read_any_size(oid)

    def _after_a_look(self) -> SingleObjects:
        """A reader that has looked into all packs."""
        if self._careful is None:
            from forensics.git.plan import plan

            made = plan(self.repository, kinds=())
            self._careful = SingleObjects(self.repository, self.git, made)
        return self._careful


@contextmanager
def few_objects(repository: Repository) -> Iterator[SingleObjects]:
    """A reader of single objects that keeps nothing of what packs hold, unless it has to read them
    itself."""
    if repository.object_format != "sha1" or leads_astray(repository):
        with careful_objects(repository) as careful:
            yield careful
    else:
        with repository.git() as git:
            yield _FewObjects(repository, git)
