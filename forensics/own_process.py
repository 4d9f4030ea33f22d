"""Processes of our own: what runs in them, and what they are not told."""

from __future__ import annotations

import os
import sys

from forensics.key import KEY_VARIABLE

__all__ = ["environment_without_key", "running"]


def running(program: str, *words: object) -> list[str]:
    """The command that runs Python code of ours with these arguments."""
    # -P, so that no folder that a user happens to be in lends its modules.
    return [sys.executable, "-P", "-c", program, *map(str, words)]


def environment_without_key() -> dict[str, str]:
    """The environment for programs that are not ours: they have no use for the key."""
    return {name: value for name, value in os.environ.items() if name != KEY_VARIABLE}
