"""How long each phase of a scan takes, and what the lives of secrets cost against the rest.

    bench/phases.py [--rounds N] REPOSITORY...

Looking for known values where no rule finds them, and explaining what became of secrets, may add at
most half of the time that the rest of a scan takes: reading, placing in history, writing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median

from comparison import private_folders
from machine import this_machine, warn_if_busy
from timing import as_installed

__all__ = ["main"]

_LIVES = ("looking for known values elsewhere", "explaining what became of them")
_MOST = 0.5


def _once(repository: Path, index: Path) -> dict[str, float]:
    """Seconds by phase of one scan in this process, imports left out."""
    from forensics.git.repository import open_repository
    from forensics.index.database import create_or_open
    from forensics.key import cache_folder, load_key
    from forensics.scan.engine import scan_repository
    from forensics.scan.observer import Silent
    from forensics.scan.setup import setup_for

    class Clock(Silent):
        def __init__(self) -> None:
            self.began = [("reading", time.perf_counter())]

        def phase(self, name: str) -> None:
            self.began.append((name, time.perf_counter()))

    key = load_key()
    setup = setup_for(key, cache_folder())
    setup.scanner()
    clock = Clock()
    with closing(create_or_open(index, key)) as connection:
        scan_repository(open_repository(repository), connection, key, setup, observer=clock)
    ends = [at for _, at in clock.began[1:]] + [time.perf_counter()]
    return {name: end - at for (name, at), end in zip(clock.began, ends, strict=True)}


def main() -> None:
    """Measure, or be the process that is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", type=Path, nargs="+", help="bare clones")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--index", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.index is not None:
        print(json.dumps(_once(options.repositories[0], options.index)))
        return
    warn_if_busy()
    print(this_machine())
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        as_installed(Path(name))
        env = private_folders(Path(name))
        for repository in options.repositories:
            rounds = [
                _measured(repository.resolve(strict=True), Path(name, f"{number}.db"), env)
                for number in range(options.rounds + 1)
            ][1:]
            _tell(repository, rounds)


def _measured(repository: Path, index: Path, env: dict[str, str]) -> dict[str, float]:
    index.unlink(missing_ok=True)
    command = [sys.executable, __file__, "--index", str(index), str(repository)]
    told = subprocess.run(
        command, env={**os.environ, **env}, check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(told.stdout)
    return found


def _tell(repository: Path, rounds: list[dict[str, float]]) -> None:
    print(f"\n### {repository.name}, seconds, medians of {len(rounds)} rounds\n")
    for phase in rounds[0]:
        print(f"- {phase}: {median(one.get(phase, 0.0) for one in rounds):.2f}")
    lives = [sum(one.get(phase, 0.0) for phase in _LIVES) for one in rounds]
    shares = [own / (sum(one.values()) - own) for own, one in zip(lives, rounds, strict=True)]
    verdict = "met" if median(shares) <= _MOST else "missed"
    print(
        f"- the lives of secrets, against the rest: {median(shares):.2f}, budget {_MOST}: {verdict}"
    )


if __name__ == "__main__":
    main()
