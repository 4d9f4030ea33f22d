"""What a figure was measured on."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Machine", "this_machine", "warn_if_busy"]

_HARDLY_BUSY = 0.2
"""Cores."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine's size and the software that every tool shares."""

    cores: int
    memory_bytes: int
    processor: str
    system: str
    python: str
    git: str

    def __str__(self) -> str:
        return (
            f"{self.cores} cores, {self.memory_bytes / 2**30:.0f} GiB of memory, {self.processor},"
            f" {self.system}, Python {self.python}, git {self.git}"
        )

    def to_json(self) -> dict[str, object]:
        """The fields by name."""
        return asdict(self)


def this_machine() -> Machine:
    """The machine this runs on; cores are those that a process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout
    return Machine(
        cores=cores or 1,
        memory_bytes=os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"),
        processor=_processor(),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        git=git.removeprefix("git version ").strip(),
    )


def warn_if_busy() -> None:
    """Say on standard error if something else keeps the machine busy now (Linux only)."""
    busy = _busy_cores()
    if busy > _HARDLY_BUSY:
        print(f"something else keeps {busy:.1f} cores busy: figures will be high", file=sys.stderr)


def _busy_cores(seconds: float = 1.0) -> float:
    """How many cores were at work over the next second; 0 where the system does not tell."""
    try:
        before = _ticks()
        time.sleep(seconds)
        return (_ticks() - before) / os.sysconf("SC_CLK_TCK") / seconds
    except OSError:
        return 0.0


def _ticks() -> int:
    """Clock ticks that all cores together have worked."""
    user, nice, system, _idle, _waiting, interrupt, soft, *_ = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return user + nice + system + interrupt + soft


def _processor() -> str:
    try:
        facts = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or "unknown processor"
    name = re.search(r"^model name\s*:\s*(.+)$", facts, re.MULTILINE)
    return name[1].strip() if name else platform.machine()
