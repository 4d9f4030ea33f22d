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
        plain = stat.S_ISREG(output.lstat().st_mode) if output.exists() else True
    except OSError as error:
        raise _refused(output, error) from None
    if not os.access(folder if plain else output, os.W_OK):
        raise _refused(output, PermissionError(0, "permission denied"))


def _refused(output: Path, error: OSError) -> UsageProblem:
    return UsageProblem(f"{output} cannot be written: {error.strerror}", "name another file")


@contextmanager
def _replacing(output: Path, private: bool) -> Iterator[TextIO]:
    """A file beside `output` that takes its place; what is there and is no plain file, such as a
    pipe, is written to as it is."""
    if output.exists() and not stat.S_ISREG(output.lstat().st_mode):
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
