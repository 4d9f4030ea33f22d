"""`--trust-repo-config`: lists of what to ignore, from the top of the scanned repository."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.cli.common import note
from forensics.cli.lists import Asked, read_asked
from forensics.errors import UsageProblem

if TYPE_CHECKING:
    from forensics.git.own_files import OwnFiles

__all__ = ["read_asked_of"]

_LISTS = {
    "config": ".gitleaks.toml",
    "ignore_path": ".gitleaksignore",
    "baseline": ".secrets.baseline",
}
"""By the option that names another."""
_MOST = 1 << 20


def read_asked_of(asked: dict[str, Any], own: OwnFiles | None, trusted: bool) -> Asked:
    """What the options ask for, and where they name no list, what the repository does.

    Args:
        asked: as `read_asked` takes it.
        own: files of the repository.
        trusted: whether those count.

    Raises:
        UsageProblem: a file is a link, too large, or wants more files to be read.
        GitFailed: HEAD of a bare repository cannot be read.
    """
    if own is None or not trusted:
        return read_asked(**asked)
    with tempfile.TemporaryDirectory(prefix="git-forensics-") as folder:
        return read_asked(**asked | _lists(asked, own, Path(folder)))


def _lists(asked: dict[str, Any], own: OwnFiles, folder: Path) -> dict[str, Path]:
    """The lists of the repository that nothing else is named for; those of a bare one are copied
    into `folder`."""
    said: dict[str, Path] = {}
    for option, name in _LISTS.items():
        if asked.get(option) or (option == "config" and asked.get("config_text")):
            continue
        content = own.read(name, _MOST)
        if content is None:
            continue
        file = (own.folder or folder) / name
        if own.folder is None:
            file.write_bytes(content)
        if option == "config":
            _refuse_more_files(file, own.shown(name))
        note(f"{own.shown(name)} is used")
        said[option] = file
    return said


def _refuse_more_files(file: Path, shown: str) -> None:
    """A configuration can name another, which could be any file of this machine."""
    from detectors.foreign.extending import load
    from detectors.foreign.reading import tables
    from forensics.settings.file import too_deep

    if too_deep(file.read_text("utf-8", "replace")):
        raise UsageProblem(f"{shown} has a key that is nested too deeply", "mend it")
    if any(one.get("path") for one in tables(load(file), "extend")):
        raise UsageProblem(f"{shown} extends another file", "name it with --config if you trust it")
