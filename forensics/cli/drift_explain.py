"""`forensics drift --explain`: which rule put each file where."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.common import console, note
from forensics.cli.drift_names import Names

if TYPE_CHECKING:
    from forensics.drift.environments import Placer

__all__ = ["explain_files"]

_RESOLVE_SECONDS, _LIST_SECONDS = 20.0, 60.0


def explain_files(
    path: Path,
    revision: str | None,
    placer: Placer,
    sets: Sequence[str],
    output_format: str,
    *,
    everything: bool,
) -> None:
    """Print of each file of a commit which set and environment it belongs to, and why. Nothing but
    names is read.

    Raises:
        UsageProblem: there is no such commit.
    """
    from forensics.drift.explained import explained
    from forensics.report.drift.placed import placed_csv, placed_json, placed_jsonl, placed_table

    names = Names()
    files = [
        one._replace(
            path=names.masked(os.fsdecode(one.path)).encode("utf-8", "surrogateescape"),
            set=names.masked(one.set),
            why=names.masked(one.why),
            used=tuple((names.masked(name), where) for name, where in one.used),
        )
        for one in explained(_names(path, revision), placer, sets, everything=everything)
    ]
    if output_format == "table":
        if not files and sets:
            note("nothing matches")
        elif not files:
            note("no file here is configuration by its name; --all lists them with reasons")
        else:
            out = console()
            out.print(placed_table(files, width=out.width))
        return
    lines = {"json": placed_json, "jsonl": placed_jsonl, "csv": placed_csv}[output_format](files)
    for line in lines:
        click.echo(line)


def _names(path: Path, revision: str | None) -> list[bytes]:
    """The files of a commit."""
    from forensics.errors import GitFailed, UsageProblem
    from forensics.git.refs import read_tips
    from forensics.git.repository import open_repository

    repository = open_repository(path)
    with repository.git() as git:
        if revision is None:
            tips = read_tips(repository, git)
            named = {ref.name: ref.target for ref in tips.refs}
            tip = next((named[name] for name in tips.default if name in named), tips.head)
            if tip is None:
                return []
            revision = tip.hex()
        try:
            asked = [
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                f"{revision}^{{commit}}",
            ]
            commit = git.output(asked, timeout=_RESOLVE_SECONDS).decode().strip()
        except GitFailed:
            raise UsageProblem(
                f"there is no commit {revision!r}", "name a commit or a ref"
            ) from None
        listed = git.output(["ls-tree", "-r", "-z", "--name-only", commit], timeout=_LIST_SECONDS)
    return [name for name in listed.split(b"\0") if name]
