"""What a step along the history of drift costs: the next, the previous, and any commit.

Of a real repository, or of one that is made up: see `manycommits.py`. The record is brought up to
date first; what is measured is what the interface does with it.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from comparison import private_folders
from machine import this_machine, warn_if_busy
from manycommits import make_repository
from measure import CommandError, run

from forensics.drift.environments import Placer
from forensics.drift.past import Past, Read, past_of
from forensics.drift.sops_file import placer_of
from forensics.drift.stored import StoredReadings, stored_line
from forensics.git.repository import open_repository
from forensics.git.resolve import named_commit
from forensics.index.database import open_for_reading
from forensics.key import load_key

_DRIFT = [sys.executable, "-c", "from forensics.cli.main import run; run()", "drift"]
_JUMPS = 300


def _told(name: str, costs: Sequence[float]) -> str:
    ordered = sorted(costs)
    at = [ordered[min(int(len(ordered) * share), len(ordered) - 1)] for share in (0.5, 0.95)]
    figures = " | ".join(f"{1000 * one:.1f}" for one in (*at, ordered[-1]))
    return f"| {name} | {len(costs):,} | {figures} |"


def _costs(numbers: Sequence[int], step: Callable[[int], object]) -> list[float]:
    costs = []
    for number in numbers:
        began = time.perf_counter()
        step(number)
        costs.append(time.perf_counter() - began)
    return costs


def _look(past: Past, read: Read, sets: Sequence[str] | None, number: int) -> None:
    past.matrix(number, read, sets)


def _measure(folder: Path, repository: Path) -> None:
    env, index = private_folders(folder), folder / "index.db"
    run([*_DRIFT, str(repository), "--index", str(index)], folder, stdout=folder / "told", env=env)
    os.environ.update(env)
    key = load_key(create=False)
    opened = open_repository(repository)
    placer = placer_of(opened, named_commit(opened).oid, Placer())
    with closing(open_for_reading(index, key)) as connection:
        stored = stored_line(connection, key)
        if stored is None or not stored.line.steps:
            sys.exit("no configuration of environments in there")
        read = StoredReadings(connection, key, stored)
        began = time.perf_counter()
        past = past_of(stored.line, read, placer)
        built = time.perf_counter() - began
        steps = len(stored.line.steps)
        last = past.matrix(steps - 1, read)
        print(
            f"{steps:,} commits that change configuration; at the last {len(past.sets(steps - 1))}"
            f" sets, {len(last.rows):,} keys, {sum(len(row.cells) for row in last.rows):,} cells;"
            f" followed once in {built:.1f} s\n"
        )
        print("| what, ms | times | median | 95 % | most |\n|---|---:|---:|---:|---:|")
        sizes = Counter(row.set for row in last.rows)
        largest = max(sizes, key=sizes.__getitem__)
        dice = random.Random(1)  # noqa: S311
        chosen = [dice.randrange(steps) for _ in range(_JUMPS)]
        back, forth = range(steps - 1, -1, -1), range(steps)
        for name, sets in (
            ("all sets", None),
            (f"the largest set, {sizes[largest]:,} keys", [largest]),
        ):
            for way, numbers in (("back", back), ("forth", forth), ("anywhere", chosen)):
                past = past_of(stored.line, read, placer)  # nothing is kept yet
                step = partial(_look, past, read, sets)
                print(_told(f"{name}, {way}", _costs(numbers, step)), flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"\nPeak memory of the process: {peak / 1024:.0f} MB.")


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(prog="bench/drift_steps.py", description=__doc__)
    parser.add_argument("repository", type=Path, nargs="?")
    parser.add_argument("--commits", type=int, default=20_000)
    parser.add_argument("--configuring", type=int, default=1_800)
    options = parser.parse_args()
    warn_if_busy()
    print(this_machine(), file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="bench-drift-steps-") as folder:
        repository = options.repository
        if repository is None:
            repository = Path(folder, "made.git")
            make_repository(repository, options.commits, options.configuring)
        try:
            _measure(Path(folder), repository.resolve())
        except CommandError as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
