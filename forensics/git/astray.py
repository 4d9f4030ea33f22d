"""Whether packs could lead git astray, found out by a process of its own: that takes more memory
than reading a few objects, and a program that stays open should not keep it."""

from __future__ import annotations

import pickle
import subprocess
import sys

from forensics.git.repository import Repository

__all__ = ["child", "leads_astray"]

_PROGRAM = "from forensics.git.astray import child; child()"
_SOUND, _ASTRAY = b"sound", b"astray"


def leads_astray(repository: Repository) -> bool:
    """Whether only our own reader should read these packs: also where that cannot be told."""
    try:
        # -P, so that no folder that a user happens to be in lends its modules.
        told = subprocess.run(
            [sys.executable, "-P", "-c", _PROGRAM], input=pickle.dumps(repository),
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
    except OSError:
        return True
    return told.returncode != 0 or told.stdout != _SOUND


def child() -> None:
    """The other process."""
    from forensics.git.plan import plan

    repository = pickle.load(sys.stdin.buffer)  # noqa: S301  of the process that started this one
    faulty = plan(repository, kinds=()).faulty
    sys.stdout.buffer.write(_ASTRAY if faulty else _SOUND)
