"""The time to read and rebuild every object and do nothing with it, and a whole scan beside it.

The floor is a whole process too: it opens the repository, plans, and lets as many workers as a
scan has read the same kinds of objects with the same code.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

from comparison import private_folders, scan_once
from machine import this_machine, warn_if_busy
from measure import CommandError, run, warm_page_cache
from timing import as_installed
from tools import OURS, ToolError

_KINDS = ("blob", "commit", "tag")


def read_everything(repository: Path, jobs: int) -> tuple[int, int]:
    """Read every object in `jobs` processes: how many there are, and their bytes together."""
    # Not at the top: the process that measures must stay small, for a child's peak memory
    # never reads lower than what its parent had when it started it.
    from multiprocessing import get_context

    from forensics.git.objects import GitObject, ObjectReader
    from forensics.git.plan import plan
    from forensics.git.repository import open_repository

    made = plan(open_repository(repository), kinds=_KINDS, jobs=jobs)
    context = get_context("fork")
    taken, totals = context.Value("l", 0), context.SimpleQueue()

    def work() -> None:
        objects = size = 0
        reader = ObjectReader(made)
        while True:
            with taken.get_lock():
                number, taken.value = taken.value, taken.value + 1
            if number >= len(made.tasks):
                break
            for found in reader.read(made.tasks[number]):
                if isinstance(found, GitObject):
                    objects, size = objects + 1, size + len(found.content)
        totals.put((objects, size))

    workers = [context.Process(target=work) for _ in range(jobs)]
    for worker in workers:
        worker.start()
    read = [totals.get() for _ in workers]
    for worker in workers:
        worker.join()
    return sum(objects for objects, _ in read), sum(size for _, size in read)


def compare_with_floor(repository: Path, rounds: int, jobs: int) -> str:
    """One row of the table for `repository`."""
    warm_page_cache(repository)
    floor, ours = [], []
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        as_installed(Path(name))
        folder = Path(name)
        env = private_folders(folder)
        only_read = [sys.executable, __file__, "--only-read", "--jobs", str(jobs), str(repository)]
        for number in range(rounds + 1):
            scan = (*OURS.history, "--jobs", str(jobs))
            read = run(only_read, folder, stdout=folder / "read.txt")
            scanned, _ = scan_once(OURS, scan, repository, folder, env)
            if number:  # the first runs warm disk and caches
                floor.append(read.wall)
                ours.append(scanned.wall)
        objects, size = map(int, (folder / "read.txt").read_text().split())
    multiple = median(scan / read for scan, read in zip(ours, floor, strict=True))
    return (
        f"| {repository.name} | {objects:,} | {size / 1e9:.2f} | {median(floor):.2f} "
        f"| {median(ours):.2f} | {multiple:.2f} |"
    )


def main() -> None:
    """Print the table, or with --only-read be the process that is measured."""
    parser = argparse.ArgumentParser(prog="bench/floor.py", description=__doc__)
    parser.add_argument("repositories", nargs="+", type=Path, metavar="REPO", help="a bare clone")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only-read", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only_read:
        print(*read_everything(options.repositories[0], options.jobs))
        return
    warn_if_busy()
    print("| repository | objects | GB | read only s | scan s | scan / read |")
    print("|---|---:|---:|---:|---:|---:|")
    for repository in options.repositories:
        row = compare_with_floor(repository.resolve(strict=True), options.rounds, options.jobs)
        print(row, flush=True)
    print(f"\nMachine: {this_machine()}; {options.jobs} jobs; medians of {options.rounds} rounds.")


if __name__ == "__main__":
    try:
        main()
    except (CommandError, ToolError, OSError) as error:
        sys.exit(f"bench/floor.py: {error}")
