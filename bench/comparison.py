"""Several tools in turn over one target, round after round."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from measure import Measured, run, warm_page_cache
from memory import TreeMemory, sample
from timing import as_installed
from tools import Tool

__all__ = ["Record", "compare", "private_folders", "ratios", "scan_once"]


@dataclass(slots=True)
class Record:
    """What one tool's runs over one target cost and found."""

    tool: Tool
    version: str
    findings: int = 0
    rounds: list[Measured] = field(default_factory=list)
    memory: TreeMemory | None = None

    @property
    def wall(self) -> float:
        """Median seconds."""
        return median(measured.wall for measured in self.rounds)

    @property
    def cpu(self) -> float:
        """Median user and system seconds of the process tree."""
        return median(measured.cpu for measured in self.rounds)

    @property
    def peak_bytes(self) -> int:
        """Most resident memory of the largest process, over all rounds."""
        return max(measured.peak_bytes for measured in self.rounds)

    def to_json(self) -> dict[str, object]:
        """Everything measured, round by round."""
        return {
            "tool": self.tool.name,
            "version": self.version,
            "findings": self.findings,
            "wall": self.wall,
            "cpu": self.cpu,
            "peak_bytes": self.peak_bytes,
            "rounds": [asdict(measured) for measured in self.rounds],
            "memory": asdict(self.memory) if self.memory else None,
        }


def scan_once(
    tool: Tool, arguments: Sequence[str], target: Path, folder: Path, env: Mapping[str, str]
) -> tuple[Measured, int]:
    """One run in a new folder below `folder`: its cost and its number of findings."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        scratch = Path(name)
        report = tool.report(scratch)
        measured = run(
            tool.command(arguments, target, scratch),
            scratch,
            stdout=report if tool.reports_to_stdout else None,
            allowed=tool.success,
            env=env,
        )
        return measured, tool.count(report)


def compare(
    tools: Sequence[Tool], target: Path, *, rounds: int, folders: bool, memory: bool
) -> list[Record]:
    """Measure `tools` over `target`, one after another in each round, each round in another order.

    Before the rounds the target is read once, and every tool runs once unmeasured, so that
    the disk and caches of compiled rules (ours, kingfisher's) are warm for all.
    """
    records = [Record(tool, tool.version()) for tool in tools]
    warm_page_cache(target)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        as_installed(Path(name))
        folder = Path(name)
        env = private_folders(folder)
        for number in range(rounds + 1):
            turn = number % len(records)
            for record in records[turn:] + records[:turn]:
                tool = record.tool
                arguments = tool.folder if folders else tool.history
                measured, record.findings = scan_once(tool, arguments, target, folder, env)
                stage = f"round {number} of {rounds}" if number else "unmeasured"
                print(f"{target.name}, {stage}: {tool.name} {measured.wall:.2f} s", file=sys.stderr)
                if number:
                    record.rounds.append(measured)
        for record in records if memory else []:
            with tempfile.TemporaryDirectory(dir=folder) as name:
                arguments = record.tool.folder if folders else record.tool.history
                command = record.tool.command(arguments, target, Path(name))
                record.memory = sample(command, Path(name), allowed=record.tool.success, env=env)
    return records


def private_folders(folder: Path) -> dict[str, str]:
    """Variables that keep configuration, caches and state of the tools below `folder`."""
    return {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CONFIG", "CACHE", "STATE")}


def ratios(ours: Record, peers: Sequence[Record]) -> list[float]:
    """By round, the fastest peer's wall time over ours."""
    return [
        min(peer.rounds[number].wall for peer in peers) / measured.wall
        for number, measured in enumerate(ours.rounds)
    ]
