"""Files at the top of a repository that could configure us: read only where the user asks."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple

from forensics.errors import NotARepository, UsageProblem
from forensics.git.batch import kinds_of
from forensics.git.repository import Repository, git_dir_at, open_repository
from forensics.git.working import working_git

__all__ = ["OwnFiles", "own_files"]

_SECONDS = 60.0
_REGULAR = (b"100644", b"100755", b"100664")


class OwnFiles(NamedTuple):
    """The top of a work tree or folder; of a bare repository, that of its HEAD."""

    folder: Path | None
    bare: Path | None = None

    def shown(self, name: str) -> str:
        """What to call a file."""
        if self.folder is not None:
            return str(self.folder / name)
        return f"{self.bare} HEAD:{name}"

    def stands(self, name: str) -> bool:
        """Whether there is anything of that name in the folder; not asked of a bare repository."""
        return self.folder is not None and os.path.lexists(self.folder / name)

    def read(self, name: str, most: int) -> bytes | None:
        """The content of a file, None where there is none.

        Raises:
            UsageProblem: it is a link, no regular file, larger than `most` bytes, or unreadable.
            GitFailed: HEAD of the bare repository cannot be read.
        """
        if self.folder is None:
            assert self.bare is not None
            return self._at_head(open_repository(self.bare), name, most)
        file = self.folder / name
        try:
            facts = file.lstat()
            if not stat.S_ISREG(facts.st_mode):
                link = stat.S_ISLNK(facts.st_mode)
                raise self._refused(name, "it is a link" if link else "it is no regular file")
            descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with open(descriptor, "rb") as opened:
                data = opened.read(most + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._refused(name, str(error.strerror)) from None
        if len(data) > most:
            raise self._refused(name, f"it is larger than {most >> 20} MiB")
        return data

    def _at_head(self, repository: Repository, name: str, most: int) -> bytes | None:
        with working_git(repository) as git:
            if kinds_of(git, ["HEAD^{commit}"])[0][1] != "commit":
                return None  # it has no commit yet
            told = git.output(["ls-tree", "-l", "-z", "HEAD", "--", name], timeout=_SECONDS)
            if not told:
                return None
            mode, _, oid, size = told.split(b"\t")[0].split()
            if mode not in _REGULAR:
                raise self._refused(name, "it is no regular file")
            if int(size) > most:
                raise self._refused(name, f"it is larger than {most >> 20} MiB")
            return git.output(["cat-file", "blob", oid.decode("ascii")], timeout=_SECONDS)

    def _refused(self, name: str, why: str) -> UsageProblem:
        return UsageProblem(
            f"{self.shown(name)} is not used: {why}", "leave --trust-repo-config out, or mend it"
        )


def own_files(path: Path) -> OwnFiles:
    """Where the files of the repository at or above a folder are.

    Raises:
        NotARepository: there is none that can be read.
    """
    start = path.resolve()
    for folder in (start, *start.parents):
        try:
            found = git_dir_at(folder)
        except OSError as error:
            raise NotARepository(f"{folder}: {error.strerror}", "check the path") from None
        if found is None:
            continue
        if found != folder:
            return OwnFiles(folder)
        if folder.name == ".git":
            return OwnFiles(folder.parent)
        return OwnFiles(None, folder)
    raise NotARepository(f"{path} is not a git repository", "check the path")
