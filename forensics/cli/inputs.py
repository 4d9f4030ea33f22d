"""Files that a command reads, which nothing that it writes may replace."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from forensics.errors import UsageProblem

__all__ = ["refuse_inputs"]

_VARIABLES = ("FORENSICS_CONFIG", "FORENSICS_INDEX", "GITLEAKS_CONFIG")


def refuse_inputs(output: Path) -> None:
    """Keep a policy, a baseline, an index from being replaced, which may pass for a slip of the
    hand or come out of a job's variables.

    Raises:
        UsageProblem: the command at hand reads that file, or would.
    """
    place = output.parent.resolve() / output.name  # a link is replaced, and not followed
    for name, file in _inputs():
        if file.is_file() and place in (file.parent.resolve() / file.name, file.resolve()):
            raise UsageProblem(f"{output} would replace the file of {name}", "name another file")


def _inputs() -> Iterator[tuple[str, Path]]:
    """What names a file, and the file."""
    from forensics.key import config_folder, key_file
    from forensics.settings.file import FILE_NAME

    context = click.get_current_context(silent=True)
    for one in context.command.params if context else ():
        given = context.params.get(one.name or "") if context else None
        for value in given if isinstance(given, tuple) else (given,):
            if isinstance(value, Path):
                yield one.opts[-1] if isinstance(one, click.Option) else "PATH", value
    for variable in _VARIABLES:
        if value := os.environ.get(variable):
            yield variable, Path(value)
    yield "your configuration folder", config_folder() / FILE_NAME
    yield "your configuration folder", key_file()
