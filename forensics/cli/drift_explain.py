"""`forensics drift --explain`: which rule put each file where."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.common import console, note
from forensics.scan.drift_names import Names

if TYPE_CHECKING:
    from forensics.drift.environments import Placer

__all__ = ["explain_files"]

_MOST_LINKS = 10


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
    paths, links, placer = _names(path, revision, placer)
    for link in [each for each in links if placer.place(each) is not None][:_MOST_LINKS]:
        note(f"{names.masked(os.fsdecode(link))} is a symbolic link, which is not read")
    files = [
        one._replace(
            path=names.masked(os.fsdecode(one.path)).encode("utf-8", "surrogateescape"),
            set=names.masked(one.set),
            why=names.masked(one.why),
            used=tuple((names.masked(name), where) for name, where in one.used),
        )
        for one in explained(paths, placer, sets, everything=everything)
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


def _names(
    path: Path, revision: str | None, placer: Placer
) -> tuple[list[bytes], list[bytes], Placer]:
    """The files of a commit, its symbolic links, and what places them."""
    from forensics.drift.sops_file import placer_of
    from forensics.git.commit_tree import tree_files
    from forensics.git.repository import open_repository
    from forensics.git.resolve import named_commit

    repository = open_repository(path)
    commit = named_commit(repository, revision).oid
    with repository.git() as git:
        files = list(tree_files(git, commit))
    links = [one.path for one in files if one.kind == "symlink"]
    plain = [one.path for one in files if one.kind not in ("symlink", "submodule")]
    return plain, links, placer_of(repository, commit, placer)
