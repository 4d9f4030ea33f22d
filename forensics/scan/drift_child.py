"""The record of configuration, brought up to date in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from forensics.drift.model import Line
from forensics.errors import ForensicsError
from forensics.own_process import running

if TYPE_CHECKING:
    from forensics.drift.overrides import Overrides

__all__ = ["Stopped", "Told", "bring_up", "child"]

_PATIENCE = 0.1
"""Seconds after which is asked whether to go on."""
_END = 5.0
_PROGRAM = "from forensics.scan.drift_child import child; child()"


class Stopped(Exception):
    """Nobody wants it any more."""


class Told(NamedTuple):
    """How far it is."""

    what: str
    done: int
    total: int


class NotBroughtUp(ForensicsError):
    """The record is as it was."""


def bring_up(
    repository: Path,
    index: Path,
    told: Callable[[Told], None],
    wanted: Callable[[], bool],
    overrides: Overrides | None = None,
) -> Line:
    """The line of the default branch, once all of its files are read into the index.

    Args:
        repository: to read.
        index: where the record is kept.
        told: is told how far it is.
        wanted: whether to go on. What was read until then is kept.
        overrides: what the user says of names and files.

    Raises:
        Stopped: it is not wanted any more.
        ForensicsError: it could not be done; says why.
    """
    ours, theirs = Pipe()
    # Not by multiprocessing: it would hand on the standard streams, which a screen has replaced.
    process = subprocess.Popen(
        running(_PROGRAM, theirs.fileno(), repository, index),
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        pass_fds=[theirs.fileno()],
    )  # fmt: skip
    theirs.close()
    try:
        ours.send(overrides)
        while wanted():
            if not ours.poll(_PATIENCE):
                continue
            try:
                message = ours.recv()
            except (EOFError, ConnectionError):
                raise NotBroughtUp(
                    "what reads configuration ended on its own", "try `forensics drift`"
                ) from None
            if isinstance(message, Told):
                told(message)
            elif isinstance(message, Line):
                return message
            else:
                raise NotBroughtUp(*message)
        raise Stopped
    finally:
        ours.close()
        assert process.stdin is not None
        process.stdin.close()
        process.terminate()
        try:
            process.wait(_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class _Progress:
    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def walked(self, commits: int, total: int) -> None:
        self._pipe.send(Told("following history", commits, total))

    def read(self, versions: int, total: int) -> None:
        self._pipe.send(Told("reading files", versions, total))


def child() -> None:
    """What the process of its own does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what is temporary goes
    threading.Thread(target=_end_with_parent, daemon=True).start()
    pipe = Connection(int(sys.argv[1]))
    path, index = map(Path, sys.argv[2:])
    from forensics.drift.environments import Placer
    from forensics.drift.sops_file import placer_of
    from forensics.git.repository import open_repository
    from forensics.git.resolve import named_commit
    from forensics.key import load_key
    from forensics.scan.drift_names import Names
    from forensics.scan.drift_recording import recording

    try:
        repository, key = open_repository(path), load_key(create=False)
        placer = placer_of(repository, named_commit(repository).oid, Placer(pipe.recv()))
        names = Names(key)
        with recording(repository, index, key, placer, names, _Progress(pipe)) as record:
            line = record.line()
        pipe.send(line)
    except ForensicsError as error:
        pipe.send((str(error.args[0]), error.hint))
    except Exception as error:
        # Only the kind of error: its message could hold what was being read.
        pipe.send((f"reading configuration failed with {type(error).__name__}", ""))


def _end_with_parent() -> None:
    """Nothing is ever said to it: what it hears is that nobody is there any more."""
    os.read(0, 1)  # not through sys.stdin, which workers that are forked meanwhile want to close
    os.kill(os.getpid(), signal.SIGTERM)
