"""What to say of words that `forensics show` was given in place of a secret."""

from __future__ import annotations

import shlex
from pathlib import Path

from forensics.errors import ForensicsError, UsageProblem

__all__ = ["misnamed"]

_SECONDS = 3.0
_DIGITS = frozenset("0123456789abcdef")


def misnamed(name: str, path: Path) -> UsageProblem | None:
    """How to show the file or the repository that was named; None for what may be a fingerprint,
    or a value, which is told nowhere.

    Args:
        name: what was given.
        path: the repository.
    """
    if not set(name.lower().removeprefix("#")) - _DIGITS:
        return None
    from forensics.report.text import printable

    commit = _commit_with(name, path)
    if commit is not None:
        words = ["show", *([] if path == Path() else [str(path)]), "--file", f"{commit}:{name}"]
        return UsageProblem(
            f"{printable(name.encode(errors='surrogateescape'))} is a file, and SECRET the start"
            " of a fingerprint",
            f"`forensics {shlex.join(words)}` shows the file",
        )
    if Path(name).is_dir():
        return UsageProblem(
            "a folder is named where SECRET, the start of a fingerprint, is expected",
            f"`forensics findings {shlex.quote(name)}` shows them",
        )
    return None


def _commit_with(name: str, path: Path) -> str | None:
    """Where a file of that name stands: HEAD, else the last commit that changed it and left it."""
    from forensics.git.repository import open_repository
    from forensics.git.working import working_git

    if "\0" in name:
        return None
    words = ["log", "-1", "--all", "--diff-filter=AM", "--format=%H", "--", f":(literal){name}"]
    try:
        with working_git(open_repository(path)) as git:
            listed = git.output(["ls-tree", "HEAD", "--", name], timeout=_SECONDS)
            if listed.split(b" ")[1:2] == [b"blob"]:
                return "HEAD"
            return git.output(words, timeout=_SECONDS).decode("ascii").strip()[:12] or None
    except ForensicsError:
        return None
