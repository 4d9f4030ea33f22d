"""Pointers of Git LFS, and the payloads that lie beside the objects.

Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
"""

from __future__ import annotations

import hashlib
import mmap
import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from forensics.git.inflate import Content

__all__ = ["PayloadAbsent", "PayloadDamaged", "PayloadStore", "Pointer", "read_pointer"]

_LARGEST = 1023
"""Bytes of a pointer."""
_POINTER = re.compile(
    rb"version (?:https://git-lfs\.github\.com/spec/v1|https://hawser\.github\.com/spec/v1"
    rb"|http://git-media\.io/v/2)\n"
    rb"(?:ext-\d-[^\n]+\n)*"
    rb"oid sha256:([0-9a-f]{64})\n"
    rb"size (\d{1,18})\s*"
)
"""Extensions come before the oid, as keys are in alphabetical order."""
_PIECE = 1 << 20
_IN_MEMORY, _MOST = 64 << 20, 4 << 30
"""Bytes, as of objects: larger payloads are mapped, and not read at all."""


class Pointer(NamedTuple):
    """A blob that stands for a payload."""

    oid: bytes
    """Of the blob."""
    payload: bytes
    """SHA-256 of the payload."""
    size: int
    """Bytes of the payload."""
    start: int
    """Where the digits of the SHA-256 start in the blob."""
    line: int
    """The line that they stand on, from 1."""

    @property
    def end(self) -> int:
        """One past the last of those digits."""
        return self.start + 64


class PayloadAbsent(Exception):
    """A payload is not here."""


class PayloadDamaged(Exception):
    """A payload cannot be read; the message says why."""


def read_pointer(oid: bytes, content: Content) -> Pointer | None:
    """The pointer that a blob is, if it is one."""
    if len(content) > _LARGEST or not isinstance(content, bytes):
        return None
    found = _POINTER.fullmatch(content) if content.startswith(b"version http") else None
    if found is None:
        return None
    start = found.start(1)
    return Pointer(
        oid,
        bytes.fromhex(found[1].decode("ascii")),
        int(found[2]),
        start,
        content.count(b"\n", 0, start) + 1,
    )


class PayloadStore:
    """The payloads in `lfs/objects` of a git directory, and nowhere else: `lfs.storage` is not
    asked for, and no link is followed on the way there.

    Args:
        common_dir: the git directory that all work trees share.
    """

    def __init__(self, common_dir: Path) -> None:
        self._root = common_dir

    def any_there(self, pointers: Iterable[Pointer]) -> bool:
        """Whether something lies where one of these payloads should."""
        if not os.path.lexists(self._root / "lfs"):
            return False
        return any(self.there(one) for one in pointers)

    def there(self, pointer: Pointer) -> bool:
        """Whether something lies where its payload should; it need not be the payload."""
        at = self._root
        for name in _names(pointer):
            at /= name
            try:
                if stat.S_ISLNK(at.lstat().st_mode):
                    return True  # what is behind it does not matter
            except OSError as error:
                return not isinstance(error, FileNotFoundError)
        return True

    def read(self, pointer: Pointer) -> Content:
        """The payload, mapped where it is large, its size and hash compared.

        Raises:
            PayloadAbsent: it is not here.
            PayloadDamaged: something else is, or it cannot be read.
        """
        if not pointer.size:
            return b""
        if pointer.size > _MOST:
            raise PayloadDamaged(f"its LFS payload is larger than the limit of {_MOST} bytes")
        try:
            descriptor = self._open(pointer)
        except FileNotFoundError:
            raise PayloadAbsent from None
        except OSError as error:
            raise PayloadDamaged(
                "its LFS payload lies behind a symbolic link, which is not followed"
                if self._linked(pointer)
                else f"its LFS payload cannot be read: {error.strerror}"
            ) from None
        try:
            content = _content(descriptor, pointer)
        finally:
            os.close(descriptor)
        if _sha256(content) != pointer.payload:
            raise PayloadDamaged("its LFS payload does not fit its hash")
        return content

    def _linked(self, pointer: Pointer) -> bool:
        parts = _names(pointer)
        return any(
            self._root.joinpath(*parts[:number]).is_symlink() for number in range(1, len(parts) + 1)
        )

    def _open(self, pointer: Pointer) -> int:
        """Step by step, so that nothing on the way is a link."""
        at = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        *folders, name = _names(pointer)
        try:
            for folder in folders:
                flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
                below = os.open(folder, flags, dir_fd=at)
                os.close(at)
                at = below
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            return os.open(name, flags, dir_fd=at)
        finally:
            os.close(at)


def _names(pointer: Pointer) -> tuple[str, ...]:
    name = pointer.payload.hex()
    return "lfs", "objects", name[:2], name[2:4], name


def _content(descriptor: int, pointer: Pointer) -> Content:
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise PayloadDamaged("its LFS payload is not a regular file")
        if facts.st_size != pointer.size:
            raise PayloadDamaged("its LFS payload has another size than it declares")
        mapped = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise PayloadDamaged(f"its LFS payload cannot be read: {error.strerror}") from None
    return mapped if pointer.size > _IN_MEMORY else mapped[:]


def _sha256(content: Content) -> bytes:
    digest = hashlib.sha256()
    with memoryview(content) as view:
        for at in range(0, len(view), _PIECE):
            digest.update(view[at : at + _PIECE])
    return digest.digest()
