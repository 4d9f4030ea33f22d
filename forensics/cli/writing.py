"""Writing what a command made: to standard output, or to a file that appears once it is whole."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from forensics.errors import UsageProblem

__all__ = ["check_writable", "write_text"]

_OPEN_FILES = ("/dev", "/proc")
"""Where links stand for what is open."""


def write_text(pieces: Iterable[str], output: Path | None, *, private: bool = True) -> None:
    """Write to a file, which appears once it is whole, or to standard output.

    Args:
        pieces: of the text.
        output: the file; an older one is replaced.
        private: whether only the user may read a new one; else whoever may by the user's umask.

    Raises:
        UsageProblem: the file cannot be written.
    """
    if output is None:
        for piece in pieces:
            sys.stdout.write(piece)
        return
    try:
        with _replacing(output, private) as file:
            for piece in pieces:
                file.write(piece)
    except OSError as error:
        raise _refused(output, error) from None


def check_writable(output: Path) -> None:
    """Fail now and not after a long scan.

    Raises:
        UsageProblem: a file there cannot be written.
    """
    folder = output.parent
    try:
        if output.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        if not folder.is_dir():
            raise NotADirectoryError(0, f"there is no folder {folder}")
        replaced = _is_replaced(output)
    except OSError as error:
        raise _refused(output, error) from None
    if not os.access(folder if replaced else output, os.W_OK):
        raise _refused(output, PermissionError(0, "permission denied"))


def _refused(output: Path, error: OSError) -> UsageProblem:
    return UsageProblem(f"{output} cannot be written: {error.strerror}", "name another file")


def _is_replaced(output: Path) -> bool:
    """Whether a new file takes the place of what is there. So it does of a link, which a scanned
    repository may hold to have another file overwritten; but /dev/stdout is one, too."""
    try:
        mode = output.lstat().st_mode
    except FileNotFoundError:
        return True
    return stat.S_ISREG(mode) or (stat.S_ISLNK(mode) and not _is_open_file(output))


def _is_open_file(output: Path) -> bool:
    return any(output.absolute().is_relative_to(folder) for folder in _OPEN_FILES)


@contextmanager
def _replacing(output: Path, private: bool) -> Iterator[TextIO]:
    """A file beside `output` that takes its place; what is there and is neither a plain file nor a
    link, such as a pipe, is written to as it is."""
    if not _is_replaced(output):
        with output.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    number, name = tempfile.mkstemp(prefix=f".{output.name}.", dir=output.parent)
    try:
        if not private:
            os.fchmod(number, 0o666 & ~_umask())
        with open(number, "w", encoding="utf-8", newline="") as file:
            yield file
        os.replace(name, output)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    """What the system can only tell by changing it."""
    umask = os.umask(0o077)
    os.umask(umask)
    return umask
