"""Options that bound what is unpacked and undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["LIMITS", "limit_options"]

_Command = TypeVar("_Command", bound=Callable[..., Any])

LIMITS = ("decode_depth", "archive_depth")
"""What the options are called, as `forensics.scan.setup.setup_for` takes them."""


def limit_options(command: _Command) -> _Command:
    """Add the options to a command."""
    for option in (
        click.option(
            "--max-archive-depth", "archive_depth", type=click.IntRange(0, 20), default=4,
            show_default=True,
            help="Archives and compressed streams to open in each other; 0 for none.",
        ),
        click.option(
            "--max-decode-depth", "decode_depth", type=click.IntRange(0, 20), default=5,
            show_default=True, help="Encodings of text to undo on top of each other; 0 for none.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command
