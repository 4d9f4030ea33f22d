"""Which refs hold which secrets: asked of an index, and asked of git, ref by ref.

Git's time is that of a sample of refs, times as many as there are. It is asked for one value, and
for one commit, though an index answers for all of them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from comparison import private_folders
from machine import this_machine, warn_if_busy
from measure import CommandError, run, warm_page_cache

_FORENSICS = [sys.executable, "-c", "from forensics.cli.main import run; run()"]
_ABSENT = "a value that stands nowhere at all"
_ENDED = (0, 1, 3)


def _git(repository: Path, *arguments: str) -> list[str]:
    finished = subprocess.run(
        ["git", "-C", repository, *arguments], check=True, capture_output=True, text=True
    )
    return finished.stdout.splitlines()


def _sample(refs: list[str], size: int) -> list[str]:
    step = max(1, len(refs) // size)
    return refs[::step][:size]


def _measure(repository: Path, folder: Path, rounds: int, size: int) -> None:
    env = private_folders(folder)
    index = ["--index", str(folder / "index.db")]
    run([*_FORENSICS, "scan", str(repository), *index], folder, allowed=_ENDED, env=env)
    refs = _git(repository, "for-each-ref", "--format=%(refname)")
    some = _sample(refs, size)
    lines = folder / "rotation.jsonl"
    ask = [*_FORENSICS, "rotation", str(repository), *index, "--format", "jsonl"]
    ours, greps, contains = [], [], []
    for _ in range(rounds):
        ours.append(run(ask, folder, stdout=lines, allowed=_ENDED, env=env).wall)
        cases = [json.loads(line) for line in lines.read_text().splitlines()]
        git = ["git", "-C", str(repository)]
        grep = [*git, "grep", "-lF", "-e", _ABSENT, *some]
        greps.append(run(grep, folder, allowed=(0, 1)).wall * len(refs) / len(some))
        first = next(one["commit"] for case in cases for one in case["evidence"])
        contains.append(run([*git, "for-each-ref", "--contains", first], folder, allowed=(0,)).wall)
    print(f"### {repository.name}: {len(refs):,} refs, {len(cases):,} secrets\n")
    print("| what | seconds |\n|---|---:|")
    print(f"| every secret: refs, releases, people, status, from the index | {median(ours):.2f} |")
    print(f"| one value: `git grep` at each ref, from {len(some)} of them | {median(greps):.1f} |")
    print(f"| one commit: `git for-each-ref --contains` | {median(contains):.2f} |")
    print(f"| the same for the commits of every secret | {median(contains) * len(cases):.0f} |")


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(prog="bench/containment.py", description=__doc__)
    parser.add_argument("repository", type=Path, metavar="REPO", help="a bare clone")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--refs", type=int, default=50, help="how many git is asked for")
    options = parser.parse_args()
    warn_if_busy()
    repository = options.repository.resolve(strict=True)
    warm_page_cache(repository)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        _measure(repository, Path(name), options.rounds, options.refs)
    print(f"\nMachine: {this_machine()}; medians of {options.rounds} rounds.")


if __name__ == "__main__":
    try:
        main()
    except (CommandError, subprocess.CalledProcessError, OSError) as error:
        sys.exit(f"bench/containment.py: {error}")
