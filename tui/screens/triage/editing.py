"""A file in the user's editor, for as long as that is open."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from forensics.own_process import environment_without_key
from forensics.report.text import printable

__all__ = ["edited", "remove_left_copies", "uninterrupted"]

_EDITOR = "vi"
_PREFIX = "git-forensics-edit-"
_IN_MEMORY = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it


def edited(content: bytes, path: bytes | None, line: int) -> str:
    """Open a copy that only the user can read, and take it away after; a word about it.

    The copy is in memory where the system has a place for that. It and what an editor put beside
    it is overwritten before it goes.

    Args:
        content: of the file.
        path: gives the ending of its name.
        line: to begin at, from 1.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or _EDITOR
    place = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None
    remove_left_copies()
    with tempfile.TemporaryDirectory(
        prefix=f"{_PREFIX}{os.getpid()}-", dir=place, ignore_cleanup_errors=True
    ) as folder:
        suffix = Path(os.fsdecode(path or b"")).suffix[:16]
        copy = Path(folder) / f"revealed{suffix if suffix.isascii() else ''}"
        with open(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as file:
            file.write(content)
        try:
            words = shlex.split(command)
            code = subprocess.call(
                [*words, f"+{line}", str(copy)], env=environment_without_key()
            )  # fmt: skip
        except (OSError, ValueError) as error:
            return f"{printable(command)} did not start: {type(error).__name__}"
        finally:
            _overwrite(Path(folder))
    if Path(folder).exists():
        return f"the copy could not be taken away: remove {printable(folder)}"
    return "the copy is gone" if code == 0 else f"{printable(command)} ended with {code}"


@contextmanager
def uninterrupted() -> Iterator[None]:
    """What is typed to interrupt the editor, which the terminal tells this program too, does
    nothing here. Only for the main thread."""
    # A handler, not SIG_IGN: whatever is started meanwhile would ignore it as well.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def remove_left_copies() -> None:
    """Take away the copies of those who were killed while an editor was open."""
    for place in (_IN_MEMORY, Path(tempfile.gettempdir())):
        for folder in place.glob(f"{_PREFIX}*"):
            number = folder.name.removeprefix(_PREFIX).partition("-")[0]
            with suppress(OSError):
                facts = folder.lstat()
                ours = stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid()
                if ours and number.isdecimal() and not _runs(int(number)):
                    _overwrite(folder)
                    shutil.rmtree(folder)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _overwrite(folder: Path) -> None:
    for path in folder.rglob("*"):
        with suppress(OSError):
            facts = path.lstat()
            if not stat.S_ISREG(facts.st_mode):
                continue
            path.chmod(0o600)
            # Over what is there: truncating it would leave the old blocks as they are.
            with open(os.open(path, os.O_WRONLY | os.O_NOFOLLOW), "wb") as file:
                file.write(bytes(facts.st_size))
                file.flush()
                os.fsync(file.fileno())
