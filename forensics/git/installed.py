"""The git of this machine, and what the user told it."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from forensics.errors import GitFailed
from forensics.git.repository import Repository
from forensics.git.runner import Git

__all__ = ["OLDEST_GIT", "git_version", "is_safe"]

OLDEST_GIT = (2, 31)
_SECONDS = 10.0


def git_version() -> str:
    """What it calls itself, such as `2.39.5`.

    Raises:
        GitFailed: there is none, or it does not say.
    """
    with tempfile.TemporaryDirectory(prefix="git-forensics-") as folder:
        said = Git(Path(folder), Path(folder)).output(["version"], timeout=_SECONDS)
    return said.decode("utf-8", "backslashreplace").strip().removeprefix("git version ")


def is_safe(repository: Repository) -> bool:
    """Whether the user told git to work there although another user owns it. Included files are not
    looked into."""
    folders = {os.path.realpath(one) for one in (repository.home, repository.git_dir)}
    return any(
        one == "*"
        or os.path.realpath(os.path.expanduser(one)) in folders
        or (one.endswith("/*") and any(each.startswith(one[:-1]) for each in folders))
        for one in _safe_directories()
    )


def _safe_directories() -> list[str]:
    """What `safe.directory` lists in the user's and the machine's configuration."""
    home = os.path.expanduser("~")
    config = os.environ.get("XDG_CONFIG_HOME") or f"{home}/.config"
    files = ("/etc/gitconfig", f"{config}/git/config", f"{home}/.gitconfig")
    listed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="git-forensics-") as folder:
        git = Git(Path(folder), Path(folder))
        for file in files:
            words = ["config", "--file", file, "--no-includes", "-z", "--get-all", "safe.directory"]
            with suppress(GitFailed):  # it is not there, or says nothing of this
                for one in git.output(words, timeout=_SECONDS).split(b"\0")[:-1]:
                    if not one:  # an empty one takes back those before it
                        listed.clear()
                    else:
                        listed.append(os.fsdecode(one))
    return listed
