"""The budgets of the design, each measured on one repository: met or missed.

The budget for a full scan is a share of the fastest peer's time: bench/peers.py measures it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from comparison import private_folders
from machine import this_machine, warn_if_busy
from measure import CommandError, Measured, run, warm_page_cache
from memory import sample
from newest import WithoutNewest
from timing import as_installed
from tools import OURS, ToolError

_MB = 1_000_000
_HELP_ROUNDS = 15
_NEWEST = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """A budget and what was measured."""

    what: str
    budget: str
    figure: str
    met: bool


class Budgets:
    """Measures over one repository, with everything written below `folder`."""

    def __init__(self, repository: Path, folder: Path, rounds: int) -> None:
        self._repository, self._folder, self._rounds = repository, folder, rounds
        self._env = private_folders(folder)
        self._program = str(OURS.program())
        self._cores = this_machine().cores
        self._index = folder / "index.db"

    def outcomes(self) -> Iterator[Outcome]:
        """Measure one budget after another."""
        warm_page_cache(self._repository)
        yield self._help()
        yield from self._full_scans()
        yield self._nothing_new()
        yield self._few_new()

    def _run(self, *arguments: str) -> Measured:
        command = [self._program, *arguments]
        return run(command, self._folder, allowed=OURS.success, env=self._env)

    def _scan(self, repository: Path, jobs: int | None = None, *, fresh: bool = False) -> Measured:
        if fresh:
            _remove(self._index)
        asked = [] if jobs is None else ["--jobs", str(jobs)]
        return self._run("scan", str(repository), "--index", str(self._index), *asked)

    def _help(self) -> Outcome:
        walls = [self._run("--help").wall for _ in range(_HELP_ROUNDS + 1)][1:]
        return _seconds("`forensics --help`", 0.15, walls)

    def _full_scans(self) -> Iterator[Outcome]:
        self._scan(self._repository, fresh=True)  # warms the cache of compiled rules
        alone, together = list[Measured](), list[Measured]()
        for _ in range(self._rounds):
            alone.append(self._scan(self._repository, 1, fresh=True))
            together.append(self._scan(self._repository, self._cores, fresh=True))
        peak = max(scan.peak_bytes for scan in together) / _MB
        figure = f"{peak:.0f} MB with mapped packs"
        if sys.platform == "linux":
            _remove(self._index)
            command = [self._program, "scan", str(self._repository), "--index", str(self._index)]
            memory = sample(command, self._folder, allowed=OURS.success, env=self._env)
            figure += (
                f", {memory.largest_own / _MB:.0f} MB without;"
                f" all {memory.processes} processes {memory.together / _MB:.0f} MB"
            )
        yield Outcome("peak memory of any one process", "500 MB", figure, peak <= 500)
        if self._cores > 1:
            gains = [one.wall / all_.wall for one, all_ in zip(alone, together, strict=True)]
            worth = (median(gains) - 1) / (self._cores - 1)
            walls = [median(scan.wall for scan in scans) for scans in (alone, together)]
            yield Outcome(
                f"worth of each core more, 1 to {self._cores}",
                "0.8 cores",
                f"{worth:.2f} cores ({walls[0]:.2f} s to {walls[1]:.2f} s)",
                worth >= 0.8,
            )

    def _nothing_new(self) -> Outcome:
        walls = [self._scan(self._repository).wall for _ in range(self._rounds + 1)][1:]
        return _seconds("second scan, nothing new", 0.5, walls)

    def _few_new(self) -> Outcome:
        copy = WithoutNewest(self._repository, self._folder / "copy.git", _NEWEST)
        self._scan(copy.path, fresh=True)
        before = self._folder / "before"
        before.mkdir()
        for file in _files_of(self._index):
            shutil.copy2(file, before)
        arrived = copy.fetch_newest()
        walls = []
        for _ in range(self._rounds + 1):
            _remove(self._index)
            for file in before.iterdir():
                shutil.copy2(file, self._folder)
            walls.append(self._scan(copy.path).wall)
        return _seconds(f"{arrived} new commits on an indexed repository", 0.5, walls[1:])


def _files_of(index: Path) -> list[Path]:
    """The index and what SQLite or a scan keeps beside it."""
    return sorted(index.parent.glob(index.name + "*"))


def _remove(index: Path) -> None:
    for file in _files_of(index):
        file.unlink()


def _seconds(what: str, budget: float, walls: Sequence[float]) -> Outcome:
    figure = median(walls)
    return Outcome(what, f"{budget} s", f"{figure:.2f} s", figure <= budget)


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(prog="bench/budgets.py", description=__doc__)
    parser.add_argument("repository", type=Path, metavar="REPO", help="a bare clone")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    warn_if_busy()
    repository = options.repository.resolve(strict=True)
    print(f"### {repository.name}\n\n| what | budget | measured | |\n|---|---:|---:|---|")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        as_installed(Path(name))
        for outcome in Budgets(repository, Path(name), options.rounds).outcomes():
            verdict = "met" if outcome.met else "missed"
            print(
                f"| {outcome.what} | {outcome.budget} | {outcome.figure} | {verdict} |", flush=True
            )
    print(f"\nMachine: {this_machine()}; medians of {options.rounds} rounds.")


if __name__ == "__main__":
    try:
        main()
    except (CommandError, ToolError, OSError) as error:
        sys.exit(f"bench/budgets.py: {error}")
