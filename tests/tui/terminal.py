"""A program in a terminal of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

__all__ = ["START", "run_in_terminal"]

START = "from forensics.cli.main import run; run()"
"""The command line itself."""

_SECONDS = 60.0


def run_in_terminal(
    program: str,
    *words: object,
    keys: bytes | str = b"",
    once: str = "",
    size: tuple[int, int] = (24, 80),
    kind: str = "xterm-256color",
) -> tuple[int, str]:
    """Run Python code; its exit code, and all that it wrote to the terminal.

    Args:
        program: the code.
        words: its arguments.
        keys: what is typed once `once` stands on the screen.
        once: text to wait for.
        size: lines and columns.
        kind: of terminal, as TERM has it.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    child = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, words)],
        stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True, start_new_session=True,
        env={**os.environ, "TERM": kind, "PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    os.close(theirs)
    written = b""
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        if select.select([ours], [], [], 0.05)[0]:
            try:
                piece = os.read(ours, 1 << 16)
            except OSError:  # nobody has the other end any more
                break
            written += piece
        if keys and once.encode() in written:
            os.write(ours, keys.encode() if isinstance(keys, str) else keys)
            keys = b""
    else:
        child.kill()
    os.close(ours)
    return child.wait(), written.decode("utf-8", "replace")
