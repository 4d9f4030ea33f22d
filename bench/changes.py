"""What is new, judged by this tool and its peers in turn: the next commit, and ranges of commits.

Each run is a whole fresh process. A staged change that leaks, and a commit that does, are judged
first by every tool, unmeasured: each has to find what was put there.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from comparison import private_folders
from machine import this_machine, warn_if_busy
from measure import CommandError, Measured, run, warm_page_cache
from newest import git_says
from timing import as_installed
from tools import OURS, PEERS, Tool, ToolError

from detectors.template import expand

_FOUND = 1
_HOOK = {
    "git-forensics": ("hook", "pre-commit"),
    "gitleaks": ("git", "--staged", "--no-banner", "."),
    "betterleaks": ("git", "--staged", "--no-banner", "-s", "."),
}
_RANGE = {
    "git-forensics": ("scan", "--range", "{range}", "--format", "jsonl", "."),
    "gitleaks": ("git", "--log-opts={range}", "--no-banner", "."),
    "betterleaks": ("git", "--log-opts={range}", "--no-banner", "-s", "."),
}
_CHANGED = 5
_LINES = 20


@dataclass(slots=True)
class Task:
    """Something that all tools do, and what that cost each."""

    what: str
    budget: float | None
    folder: Path
    arguments: dict[str, tuple[str, ...]]
    rounds: dict[str, list[Measured]] = field(default_factory=dict)

    def once(self, tool: Tool, scratch: Path, env: dict[str, str]) -> Measured:
        """One run of a tool in the repository."""
        command = [str(tool.program()), *self.arguments[tool.name]]
        return run(command, scratch, allowed=tool.success, env=env, cwd=self.folder)

    def rows(self, tools: Sequence[Tool]) -> Iterator[str]:
        """The lines of a Markdown table."""
        ours = self.rounds[OURS.name]
        for tool in tools:
            runs = self.rounds[tool.name]
            wall, cpu = (median(getattr(one, name) for one in runs) for name in ("wall", "cpu"))
            least = min(one.wall for one in runs)
            ratio = median(a.wall / b.wall for a, b in zip(runs, ours, strict=True))
            codes = "/".join(str(code) for code in sorted({one.exit_code for one in runs}))
            verdict = ""
            if self.budget is not None and tool is OURS:
                verdict = f"{self.budget} s: {'met' if wall <= self.budget else 'missed'}"
            yield (
                f"| {self.what if tool is OURS else ''} | {tool.name} {tool.version()} |"
                f" {wall:.2f} | {least:.2f} | {cpu:.2f} | {ratio:.1f} | {codes} | {verdict} |"
            )


def stage_change(work: Path) -> None:
    """Change some files as a commit usually does, and stage that."""
    git_says(work, "reset", "--quiet", "--hard")
    names = git_says(work, "ls-files", "--", "src/*.c", "*.c").split("\n")
    for name in sorted(set(names))[:_CHANGED]:
        if name:
            with (work / name).open("a") as file:
                file.writelines(f"/* changed line {number} */\n" for number in range(_LINES))
    git_says(work, "add", "--all")


def leak(work: Path) -> None:
    """Add a file with a secret, and stage that."""
    value = expand("{crc32:ghp_}", 1).decode("ascii")
    (work / "bench.env").write_text(f"GITHUB_TOKEN={value}\n")
    git_says(work, "add", "--", "bench.env")


def check(tools: Sequence[Tool], task: Task, scratch: Path, env: dict[str, str]) -> None:
    """See that every tool finds the secret that was put there.

    Raises:
        ToolError: one does not.
    """
    for tool in tools:
        if task.once(tool, scratch, env).exit_code != _FOUND:
            raise ToolError(f"{tool.name} does not find what was put there: {task.what}")


def measure(
    tools: Sequence[Tool], task: Task, rounds: int, scratch: Path, env: dict[str, str]
) -> None:
    """Let the tools take turns, each round in another order, after one unmeasured run each."""
    task.rounds = {tool.name: [] for tool in tools}
    for number in range(rounds + 1):
        turn = number % len(tools)
        for tool in [*tools[turn:], *tools[:turn]]:
            measured = task.once(tool, scratch, env)
            if number:
                task.rounds[tool.name].append(measured)


def last_commits(repository: Path, at_least: int) -> str:
    """A range of so many commits, or a few more, that ends at HEAD."""
    low, high = 1, at_least
    while low < high:
        middle = (low + high) // 2
        if int(git_says(repository, "rev-list", "--count", f"HEAD~{middle}..HEAD")) < at_least:
            low = middle + 1
        else:
            high = middle
    return f"HEAD~{low}..HEAD"


def ranges(repository: Path, words: Sequence[str]) -> Iterator[Task]:
    """A task for each range; ten commits in a row have a budget."""
    for number, text in enumerate(words):
        count = git_says(repository, "rev-list", "--count", text).strip()
        arguments = {
            name: tuple(one.format(range=text) for one in given) for name, given in _RANGE.items()
        }
        yield Task(f"{repository.name}: `{text}`, {int(count):,} commits",
                   0.5 if number == 0 else None, repository, arguments)  # fmt: skip


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(prog="bench/changes.py", description=__doc__)
    parser.add_argument("staged", type=Path, metavar="REPO", help="a clone to stage a change in")
    parser.add_argument("history", type=Path, metavar="REPO", help="a bare clone to take ranges of")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    tools = [OURS, *(tool for tool in PEERS if tool.name in _HOOK)]
    warn_if_busy()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        as_installed(Path(name))
        folder = Path(name)
        env = private_folders(folder)
        work, history = folder / options.staged.stem, options.history.resolve(strict=True)
        git_says(folder, "clone", "--quiet", str(options.staged.resolve(strict=True)), str(work))
        git_says(work, "config", "user.email", "bench@example.org")
        git_says(work, "config", "user.name", "bench")
        hook = Task(f"{options.staged.name}: a staged change of {_CHANGED} files", 0.3, work, _HOOK)
        stage_change(work)
        leak(work)
        check(tools, hook, folder, env)
        git_says(work, "commit", "--quiet", "-m", "Leak")
        bare = folder / "bare.git"
        git_says(folder, "clone", "--quiet", "--bare", str(work), str(bare))
        (leaked,) = ranges(bare, ["HEAD~1..HEAD"])
        check(tools, leaked, folder, env)
        git_says(work, "reset", "--quiet", "--hard", "HEAD~1")
        stage_change(work)
        warm_page_cache(work / ".git")
        warm_page_cache(history)
        told = ["HEAD~10..HEAD", last_commits(history, 1_000)]
        print("| what | tool | wall s | least s | CPU s | wall / ours | exit | budget |")
        print("|---|---|---:|---:|---:|---:|---:|---|")
        for task in (hook, *ranges(history, told)):
            measure(tools, task, options.rounds, folder, env)
            print("\n".join(task.rows(tools)), flush=True)
    print(
        f"\nMachine: {this_machine()}; medians of {options.rounds} rounds, tools in turn in each."
    )
    warn_if_busy()


if __name__ == "__main__":
    try:
        main()
    except (CommandError, ToolError, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"bench/changes.py: {error}")
