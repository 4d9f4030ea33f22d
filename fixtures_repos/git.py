"""The one place here that starts git: nothing of the user's setup reaches it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

__all__ = ["ENVIRONMENT", "git"]

ENVIRONMENT: Mapping[str, str] = {
    "GIT_AUTHOR_NAME": "Ada Example",
    "GIT_AUTHOR_EMAIL": "ada@acme.example",
    "GIT_AUTHOR_DATE": "1673254800 +0000",
    "GIT_COMMITTER_NAME": "Ada Example",
    "GIT_COMMITTER_EMAIL": "ada@acme.example",
    "GIT_COMMITTER_DATE": "1673254800 +0000",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ALLOW_PROTOCOL": "file",
    "GIT_TERMINAL_PROMPT": "0",
    "HOME": "/nonexistent",
    "LC_ALL": "C",
    "TZ": "UTC",
}
"""What a child sees besides PATH; nothing else is passed on."""

_SETTINGS = {
    "core.hooksPath": os.devnull,
    "gc.auto": "0",
    "maintenance.auto": "false",
    "init.defaultBranch": "main",
    "init.templateDir": "",
    "pack.threads": "1",
    "uploadpack.allowFilter": "true",
    "protocol.file.allow": "always",
}


def git(path: Path, *arguments: str | bytes | Path, given: bytes = b"") -> bytes:
    """What `git -C path arguments` prints, with `given` on its standard input.

    Raises subprocess.CalledProcessError, with git's complaint as a note, when git fails.
    """
    settings = [word for key, value in _SETTINGS.items() for word in ("-c", f"{key}={value}")]
    try:
        finished = subprocess.run(
            ["git", *settings, "-C", path, *arguments],
            input=given,
            capture_output=True,
            check=True,
            env={"PATH": os.environ.get("PATH", os.defpath), **ENVIRONMENT},
        )
    except subprocess.CalledProcessError as error:
        error.add_note(bytes(error.stderr).decode(errors="replace"))
        raise
    return finished.stdout
