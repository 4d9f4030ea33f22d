"""This tool and its peers in turn over the same repositories, each as a whole fresh process."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from comparison import Record, compare, ratios
from machine import this_machine, warn_if_busy
from measure import CommandError
from tools import OURS, PEERS, Tool, ToolError

_MB = 1_000_000


def table(records: Sequence[Record]) -> Iterator[str]:
    """The lines of a Markdown table, and below it how much faster ours is."""
    ours = next((record for record in records if record.tool is OURS), None)
    peers = [record for record in records if record is not ours]
    memory = any(record.memory for record in records)
    heads = ["tool", "wall s", "CPU s", "peak MB, largest process"]
    heads += ["peak MB, all processes"] if memory else []
    heads += ["findings", "wall / ours"]
    yield "| " + " | ".join(heads) + " |"
    yield "|---" + "|---:" * (len(heads) - 1) + "|"
    for record in records:
        cells = [f"{record.tool.name} {record.version}", f"{record.wall:.2f}", f"{record.cpu:.2f}"]
        cells.append(f"{record.peak_bytes / _MB:.0f}")
        if memory:
            cells.append(f"{record.memory.together / _MB:.0f}" if record.memory else "")
        cells.append(f"{record.findings:,}")
        cells.append(f"{median(ratios(ours, [record])):.1f}" if ours else "")
        yield "| " + " | ".join(cells) + " |"
    if ours and peers:
        by_round = ratios(ours, peers)
        yield ""
        yield (
            f"Fastest peer / ours: {median(by_round):.2f}, the median of "
            f"{', '.join(f'{ratio:.2f}' for ratio in by_round)}."
        )


def chosen_tools(names: str, folders: bool) -> list[Tool]:
    """The tools with these comma-separated names, or all that can do what is asked."""
    able = [tool for tool in (OURS, *PEERS) if (tool.folder if folders else tool.history)]
    if not names:
        return able
    wanted = names.split(",")
    if unknown := set(wanted) - {tool.name for tool in able}:
        raise ToolError(f"no such tool: {unknown.pop()}; there are {[t.name for t in able]}")
    return [tool for tool in able if tool.name in wanted]


def main() -> None:
    """Compare, print Markdown, and write JSON if asked."""
    parser = argparse.ArgumentParser(prog="bench/peers.py", description=__doc__)
    parser.add_argument("targets", nargs="+", type=Path, metavar="REPO", help="a bare clone")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folders", action="store_true", help="scan files of folders instead")
    parser.add_argument("--tools", default="", help="names, comma between; all by default")
    parser.add_argument("--memory", action="store_true", help="sample all processes once more")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    options = parser.parse_args()
    tools = chosen_tools(options.tools, options.folders)
    warn_if_busy()
    machine = this_machine()
    flags = ["--folders"] if options.folders else []
    flags += ["--tools", options.tools] if options.tools else []
    names = [target.name for target in options.targets]
    command = " ".join(["bench/peers.py", *flags, "--rounds", str(options.rounds), *names])
    found: dict[str, list[Record]] = {}
    for target in options.targets:
        found[target.name] = compare(
            tools, target.resolve(strict=True),
            rounds=options.rounds, folders=options.folders, memory=options.memory,
        )  # fmt: skip
        print(f"\n### {target.name}\n")
        print("\n".join(table(found[target.name])), flush=True)
    print(f"\nMachine: {machine}.")
    print(f"Command: `{command}`; medians of {options.rounds} rounds, tools in turn in each.")
    print("Not measured: one run of each tool before, which warms disk and compiled-rule caches.")
    print("Commands of the tools:\n")
    for tool in tools:
        arguments = tool.folder if options.folders else tool.history
        print(f"- `{' '.join([Path(tool.place).name, *arguments])}`")
    if options.json:
        report = {
            "machine": machine.to_json(),
            "command": command,
            "targets": {name: [r.to_json() for r in records] for name, records in found.items()},
        }
        options.json.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    try:
        main()
    except (CommandError, ToolError, OSError) as error:
        sys.exit(f"bench/peers.py: {error}")
