"""A copy of a repository that lacks its newest commits, and their arrival by fetch."""

from __future__ import annotations

import subprocess
from pathlib import Path

__all__ = ["WithoutNewest", "git_says"]

_BRANCH = "refs/heads/bench"
_NO_UPKEEP = ("-c", "gc.auto=0", "-c", "maintenance.auto=false")


def git_says(repository: Path, *arguments: str) -> str:
    """What git prints.

    Raises:
        OSError: it fails.
    """
    told = subprocess.run(
        ["git", "-C", str(repository), *_NO_UPKEEP, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        raise OSError(f"git {arguments[0]} in {repository}: {told.stderr.strip()}")
    return told.stdout


class WithoutNewest:
    """A bare copy at `path` of what `original`'s HEAD reaches, less its newest commits."""

    def __init__(self, original: Path, path: Path, newest: int) -> None:
        self._original, self.path = original, path
        listed = git_says(original, "rev-list", "--topo-order", "--parents", f"-n{newest}", "HEAD")
        lines = [line.split() for line in listed.splitlines()]
        hidden = {commit for commit, *_ in lines}
        # No commit comes after its parents, so what is left is whole, perhaps with several tips.
        tips = sorted({parent for _, *parents in lines for parent in parents} - hidden)
        if not tips:
            raise OSError(f"{original} has no more than {newest} commits")
        path.mkdir()
        kind = git_says(original, "rev-parse", "--show-object-format").strip()
        git_says(path, "init", "--quiet", "--bare", f"--object-format={kind}")
        git_says(path, "symbolic-ref", "HEAD", _BRANCH)
        names = [_BRANCH, *(f"refs/heads/bench-{number}" for number in range(1, len(tips)))]
        refs = [f"{tip}:{name}" for tip, name in zip(tips, names, strict=True)]
        git_says(path, "fetch", "--quiet", str(original), *refs)

    def fetch_newest(self) -> int:
        """Let the newest commits arrive; returns how many commits are new."""
        before = git_says(self.path, "rev-list", "--all").split()
        git_says(self.path, "fetch", "--quiet", str(self._original), f"+HEAD:{_BRANCH}")
        return len(git_says(self.path, "rev-list", "--all").split()) - len(before)
