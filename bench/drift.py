"""`forensics drift --history`, the whole command: from nothing, again, and after a commit.

The repository is made up: see `manycommits.py`. Each is a new process, and all that it tells is
written as JSON lines.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from comparison import private_folders
from machine import this_machine, warn_if_busy
from manycommits import make_repository
from measure import CommandError, run, warm_page_cache
from memory import sample

_DRIFT = [
    sys.executable, "-c", "from forensics.cli.main import run; run()",
    "drift", "--history", "--format", "jsonl",
]  # fmt: skip


def _one_more(repository: Path) -> None:
    """A commit on main that changes one setting."""
    text = b"SETTING_0=changed\n"
    given = (
        b"commit refs/heads/main\ncommitter Dev <dev@acme.example> 1900000000 +0000\n"
        b"data 3\nOne\nfrom refs/heads/main^0\n"
        b"M 100644 inline services/web/env/.env.dev\ndata %d\n%s\n" % (len(text), text)
    )
    subprocess.run(
        ["git", "-C", str(repository), "fast-import", "--quiet"], input=given, check=True
    )


def _measure(folder: Path, commits: int, configuring: int) -> None:
    env = private_folders(folder)
    repository, index = folder / "made.git", folder / "index.db"
    began = time.perf_counter()
    make_repository(repository, commits, configuring)
    print(f"made in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    warm_page_cache(repository)
    command = [*_DRIFT, str(repository), "--index"]
    told = folder / "told.jsonl"
    first = run([*command, str(index)], folder, stdout=told, env=env)
    again = run([*command, str(index)], folder, stdout=told, env=env)
    events = len(told.read_text("utf-8").splitlines())
    memory = sample([*command, str(folder / "another.db")], folder, env=env)
    _one_more(repository)
    added = run([*command, str(index)], folder, stdout=told, env=env)
    print(
        f"{commits:,} commits, of which {configuring:,} change configuration; {events:,} events;"
        f" index {index.stat().st_size / 1e6:.0f} MB\n"
    )
    print("| what | wall s | CPU s |\n|---|---:|---:|")
    rows = (("from nothing", first), ("nothing new", again), ("one new commit", added))
    for name, cost in rows:
        print(f"| {name} | {cost.wall:.1f} | {cost.cpu:.1f} |")
    print(
        f"\nPeak memory from nothing: {memory.largest_own / 1e6:.0f} MB allocated by the largest"
        f" process, {memory.together / 1e6:.0f} MB in all {memory.processes} together, mapped packs"
        " included."
    )


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(prog="bench/drift.py", description=__doc__)
    parser.add_argument("--commits", type=int, default=250_000)
    parser.add_argument("--configuring", type=int, default=1_800)
    options = parser.parse_args()
    warn_if_busy()
    print(this_machine(), file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="bench-drift-") as folder:
        try:
            _measure(Path(folder), options.commits, options.configuring)
        except CommandError as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
