"""Every budget of the terminal interface, by one command.

    python -m bench.terminal [REPO]

Makes up an index of 1,000,000 sightings and 40,000 secrets in a temporary folder, and measures what
those who use the interface on it wait for; then the steps along the history of drift; then, where a
repository is given, the same interface in tmux on its index.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.machine import this_machine, warn_if_busy

__all__ = ["main"]

_HERE = Path(__file__).parent
_SECRETS, _SIGHTINGS = "40000", "1000000"


def _run(title: str, *command: str) -> None:
    print(f"\n## {title}\n", flush=True)
    subprocess.run([sys.executable, *command], cwd=_HERE.parent, check=True)


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(prog="python -m bench.terminal", description=__doc__)
    parser.add_argument(
        "repository", type=Path, nargs="?", help="a bare clone, the larger the better"
    )
    repository = parser.parse_args().repository
    warn_if_busy()
    print(this_machine())
    with tempfile.TemporaryDirectory(prefix="bench-terminal-") as folder:
        for name in ("CONFIG", "CACHE", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = str(Path(folder, name.lower()))
        index = str(Path(folder, "browse.db"))
        made = [sys.executable, "-m", "bench.large_index", _SECRETS, index, _SIGHTINGS]
        subprocess.run(made, cwd=_HERE.parent, check=True)
        _run("Screens", "-m", "bench.screens", index)
        _run("Decisions", "-m", "bench.decisions", index)
        _run("Questions to the index", "-m", "bench.browse", index)
    _run("Steps of drift", str(_HERE / "drift_steps.py"))
    if repository is not None:
        _run(f"{repository.name} in tmux", "-m", "bench.in_tmux", str(repository.resolve()))


if __name__ == "__main__":
    main()
