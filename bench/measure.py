"""Runs a command as a fresh process and says what it cost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["CommandError", "Measured", "run", "warm_page_cache"]

_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class CommandError(Exception):
    """A measured command ended as it should not; the message has its last words."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one process, and all that it started and waited for, cost."""

    wall: float
    """Seconds from start to exit."""
    cpu: float
    """User and system seconds of the whole tree."""
    peak_bytes: int
    """Most resident memory of the largest process of the tree, mapped files included."""
    exit_code: int


def run(
    command: Sequence[str],
    scratch: Path,
    *,
    stdout: Path | None = None,
    allowed: Collection[int] = (0,),
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Measured:
    """Run `command` and measure it.

    Args:
        command: program and arguments; paths in it are best absolute.
        scratch: where its standard error goes (`stderr.txt`).
        stdout: file for its standard output; `stdout.txt` in `scratch` by default.
        allowed: exit codes that mean success.
        env: variables to set besides the present ones.
        cwd: where it runs; `scratch` by default.

    Raises:
        CommandError: it cannot be started, or ends with another exit code.
    """
    errors = scratch / "stderr.txt"
    with (stdout or scratch / "stdout.txt").open("wb") as out, errors.open("wb") as err:
        began = time.perf_counter()
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=cwd or scratch,
                env={**os.environ, **(env or {})},
            )
        except OSError as error:
            raise CommandError(f"{command[0]}: {error.strerror}") from None
        try:
            # The usage of a waited-for child counts its own waited-for children; its memory is
            # that of the largest among them.
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        last_words = errors.read_text("utf-8", "replace").strip()[-2000:]
        raise CommandError(f"{' '.join(command)} exited {process.returncode}:\n{last_words}")
    return Measured(
        wall,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss * _RSS_UNIT,
        process.returncode,
    )


def warm_page_cache(folder: Path) -> int:
    """Read every file below `folder`, so that no run pays for the disk; returns the bytes."""
    size = 0
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            with file.open("rb", buffering=0) as handle:
                while piece := handle.read(1 << 24):
                    size += len(piece)
    return size
