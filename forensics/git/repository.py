"""Opening a repository: where its parts are, without obeying anything in it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from forensics.errors import GitFailed, GitMissing, NotARepository
from forensics.git.runner import Git, private_git_dir, read_settings
from forensics.git.smallfile import read_small

__all__ = ["Repository", "git_dir_at", "open_repository"]

_ALTERNATES_DEPTH = 5
_ESCAPES = dict(
    zip(
        (b"a", b"b", b"f", b"n", b"r", b"t", b"v"),
        (b"\a", b"\b", b"\f", b"\n", b"\r", b"\t", b"\v"),
        strict=True,
    )
)
_HASH_BYTES = {"sha1": 20, "sha256": 32}


class Repository(NamedTuple):
    """Where a repository keeps what. Picklable, so that workers can open the same one."""

    path: Path
    """What the user named."""
    git_dir: Path
    """Of this work tree; differs from `common_dir` in a linked one."""
    common_dir: Path
    objects: Path
    alternates: tuple[Path, ...]
    """Object directories that this one borrows from, nearest first."""
    alternates_missing: bool
    """Whether a folder that it should borrow from is not there."""
    all_of_alternates: bool
    """Whether objects of alternates count that no ref here reaches."""
    object_format: str
    """`sha1` or `sha256`."""
    ref_storage: str
    """`files` or `reftable`."""
    shallow: bool
    partial: bool

    @property
    def hash_bytes(self) -> int:
        """Length of an object id: 20 or 32."""
        return _HASH_BYTES[self.object_format]

    @property
    def home(self) -> Path:
        """What names the repository, however it was reached: the folder of its first work tree,
        or the bare repository itself."""
        return self.common_dir.parent if self.common_dir.name == ".git" else self.common_dir

    @property
    def work_tree(self) -> Path | None:
        """Where files are checked out, as seen from the path named; None in a bare repository."""
        for folder in (self.path, *self.path.parents):
            if folder == self.git_dir and folder.name != ".git":
                return None
            if (folder / ".git").exists():
                return folder
        return None

    def boundary(self) -> bytes:
        """What cuts history off in a shallow clone: the content of its `shallow` file."""
        try:
            return read_small(self.common_dir / "shallow")
        except OSError:
            return b""

    @contextmanager
    def git(self) -> Iterator[Git]:
        """A way to run git over this repository's objects and refs, and nothing else of it."""
        with private_git_dir(
            self.common_dir, self.objects, self.object_format, self.ref_storage
        ) as git_dir:
            yield Git(git_dir, self.objects)


def git_dir_at(folder: Path) -> Path | None:
    """The git directory of a work tree, or the folder itself if it is one.

    Source: https://git-scm.com/docs/gitrepository-layout
    """
    named = folder / ".git"
    if named.is_file():
        text = read_small(named)
        if not text.startswith(b"gitdir: ") or b"\0" in text:
            return None
        named = folder / os.fsdecode(text[8:].strip())
    for one in (named, folder):
        shared = one / "commondir"
        if (one / "HEAD").is_file() and ((one / "objects").is_dir() or shared.is_file()):
            return one.resolve()
    return None


def _discover(path: Path) -> Path:
    """The git directory at or above a folder. libgit2 finds it too, but takes 50 ms to load."""
    start = path.resolve()
    for folder in (start, *start.parents):
        found = git_dir_at(folder)
        if found is not None:
            return found
    raise NotARepository(
        f"{path} is not a git repository",
        "name a folder that holds .git or a bare repository, or scan a folder with --dir",
    )


def _unquoted(line: bytes) -> bytes:
    """A path as git writes it: in quotes, with C's escapes, where it needs them."""
    if len(line) < 2 or not line.startswith(b'"') or not line.endswith(b'"'):
        return line

    def plain(found: re.Match[bytes]) -> bytes:
        code = found[1]
        return _ESCAPES.get(code) or (bytes([int(code, 8) & 255]) if code.isdigit() else code)

    return re.sub(rb"\\([0-7]{3}|.)", plain, line[1:-1])


def _alternates(objects: Path) -> tuple[tuple[Path, ...], bool]:
    """Object directories named in info/alternates, followed as git does, each once; and whether
    any is not there.

    Raises:
        NotARepository: such a file cannot be read.
    """
    found: list[Path] = []
    missing = False
    level = [objects]
    for _ in range(_ALTERNATES_DEPTH):
        following: list[Path] = []
        for folder in level:
            try:
                text = read_small(folder / "info" / "alternates")
            except FileNotFoundError:
                continue
            except OSError as error:  # git itself would wait for a pipe there
                raise NotARepository(
                    f"{folder}/info/alternates: {error.strerror}", "repair or remove it"
                ) from None
            for line in text.split(b"\n"):
                if not line or line.startswith(b"#") or b"\0" in line:
                    continue
                target = (folder / os.fsdecode(_unquoted(line))).resolve()
                missing |= not target.is_dir()
                if target.is_dir() and target != objects and target not in found:
                    found.append(target)
                    following.append(target)
        level = following
    return tuple(found), missing


def open_repository(path: Path, *, alternates: bool = False) -> Repository:
    """The repository at or above `path`: a work tree, a linked one, or a bare repository.

    Args:
        path: a folder.
        alternates: count every object of borrowed object directories, also those that no ref
            here reaches and that may be somebody else's.

    Raises:
        NotARepository: there is none, it cannot be read, or its format is unknown.
    """
    try:
        path.stat()
    except FileNotFoundError:
        raise NotARepository(f"{path} does not exist", "check the path") from None
    except OSError as error:
        raise NotARepository(f"{path}: {error.strerror}", "check the path") from None
    try:
        git_dir = _discover(path)
    except OSError as error:
        raise NotARepository(f"{path}: {error.strerror}", "check the path") from None
    try:
        common = os.fsdecode(read_small(git_dir / "commondir").strip())
        common_dir = (git_dir / common).resolve()
    except (OSError, ValueError):  # there is none, or no path
        common_dir = git_dir
    objects = common_dir / "objects"
    if not os.access(objects, os.R_OK | os.X_OK):
        raise NotARepository(f"{objects} cannot be read", "check its permissions")
    try:
        settings = read_settings(common_dir / "config")
    except GitMissing:
        raise
    except GitFailed as failure:
        raise NotARepository(
            f"the configuration of {path} cannot be read, and with it how objects are named: "
            f"{failure}",
            "check the file and its permissions",
        ) from None
    object_format = settings.get("extensions.objectformat", "sha1")
    ref_storage = settings.get("extensions.refstorage", "files")
    if object_format not in _HASH_BYTES or ref_storage not in ("files", "reftable"):
        raise NotARepository(
            f"{path} uses the unknown format {object_format}/{ref_storage}",
            "update git-forensics",
        )
    borrowed, missing = _alternates(objects)
    return Repository(
        path=path.resolve(),
        git_dir=git_dir,
        common_dir=common_dir,
        objects=objects,
        alternates=borrowed,
        alternates_missing=missing,
        all_of_alternates=alternates,
        object_format=object_format,
        ref_storage=ref_storage,
        shallow=(common_dir / "shallow").exists(),
        partial="extensions.partialclone" in settings
        or any(name.endswith(".promisor") for name in settings),
    )
