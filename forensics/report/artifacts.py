"""Writing files into a folder so that each is whole or as it was before."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from forensics.errors import UsageProblem

__all__ = ["write_artifacts"]

_HINT = "name another folder with --output"


def write_artifacts(folder: Path, artifacts: Mapping[str, Iterable[str]]) -> None:
    """Write texts into files of a folder, which is made if it is not there. They take their places
    once all of them are whole.

    Args:
        folder: where to write; the folder itself may not be a symbolic link.
        artifacts: pieces of text by name of the file.

    Raises:
        UsageProblem: something else stands there, or it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        why = "it is a symbolic link" if folder.is_symlink() else error.strerror
        raise UsageProblem(f"{folder} cannot be written to: {why}", _HINT) from None
    try:
        _write_all(here, folder, artifacts)
    except OSError as error:
        raise UsageProblem(f"{folder} cannot be written to: {error.strerror}", _HINT) from None
    finally:
        os.close(here)


def _write_all(here: int, folder: Path, artifacts: Mapping[str, Iterable[str]]) -> None:
    for name in artifacts:
        if not _replaceable(here, name):
            raise UsageProblem(f"{folder / name} is no plain file", "move it away")
    whole: dict[str, str] = {}
    try:
        for name, pieces in artifacts.items():
            unfinished = f".{name}.{secrets.token_hex(4)}"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            number = os.open(unfinished, flags, 0o666, dir_fd=here)
            whole[name] = unfinished
            with open(number, "w", encoding="utf-8", newline="\n") as file:
                for piece in pieces:
                    file.write(piece)
        for name in artifacts:
            os.replace(whole[name], name, src_dir_fd=here, dst_dir_fd=here)
            del whole[name]
    finally:
        for unfinished in whole.values():
            with suppress(OSError):
                os.unlink(unfinished, dir_fd=here)


def _replaceable(here: int, name: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(name, dir_fd=here, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return True
