"""Samples the memory of a process tree while it runs. Linux only; too costly for timed runs."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import CommandError

__all__ = ["TreeMemory", "sample"]

_SECONDS_BETWEEN = 0.02
_FIELD = re.compile(r"^(Pss|Anonymous):\s+(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TreeMemory:
    """Peaks over all samples, in bytes."""

    largest_own: int
    """Of any one process, without the files it maps: what it allocated itself."""
    together: int
    """Of all processes, what they share counted once."""
    processes: int
    """Most processes at once."""


def sample(
    command: Sequence[str],
    scratch: Path,
    *,
    allowed: Collection[int] = (0,),
    env: Mapping[str, str] | None = None,
) -> TreeMemory:
    """Run `command` in the folder `scratch` and sample its memory every 20 ms.

    Raises:
        CommandError: it ends with an exit code that is not `allowed`.
    """
    peak = TreeMemory(0, 0, 0)
    with (scratch / "sampled.txt").open("wb") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=scratch,
            env={**os.environ, **(env or {})},
            start_new_session=True,
        )
        try:
            while process.poll() is None:
                now = list(_session(process.pid))
                peak = TreeMemory(
                    max(peak.largest_own, *(own for own, _ in now), 0),
                    max(peak.together, sum(share for _, share in now)),
                    max(peak.processes, len(now)),
                )
                time.sleep(_SECONDS_BETWEEN)
        except BaseException:
            process.kill()
            process.wait()
            raise
    if process.returncode not in allowed:
        raise CommandError(f"{' '.join(command)} exited {process.returncode}")
    return peak


def _session(leader: int) -> Iterator[tuple[int, int]]:
    """Bytes allocated and share of all memory, of every process in the session of `leader`."""
    for entry in os.scandir("/proc"):
        if not entry.name.isdecimal():
            continue
        try:
            # The name, in parentheses, may hold spaces; the session is the fourth field after it.
            stat = Path(entry.path, "stat").read_text("utf-8", "replace").rpartition(")")[2]
            if int(stat.split()[3]) != leader:
                continue
            rollup = dict(_FIELD.findall(Path(entry.path, "smaps_rollup").read_text()))
        except OSError:  # it ended meanwhile
            continue
        if rollup:
            yield int(rollup["Anonymous"]) * 1024, int(rollup["Pss"]) * 1024
