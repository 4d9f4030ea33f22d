"""Reading a forensics.toml: bounded, its sections told apart, unknown names refused."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from forensics.errors import UsageProblem
from forensics.git.own_files import OwnFiles
from forensics.git.smallfile import read_small

__all__ = [
    "FILE_NAME", "MOST", "UserFile", "named_by_user", "parsed", "refuse_unknown", "too_deep",
]  # fmt: skip

FILE_NAME = "forensics.toml"
MOST = 1 << 20
"""Bytes of a file."""
_SECTIONS = ("drift", "gate", "tui")
_DEEP_KEY = r"""(?:(?:"[^"\n]*+"|'[^'\n]*+'|(?<![\w-])[\w-]++)[ \t]*+\.[ \t]*+){50}"""
"""Keys nested so deeply take the parser time that grows with the square of their length."""


class UserFile(NamedTuple):
    """What one file says."""

    name: str
    """What to call it."""
    sections: dict[str, Any]
    folder: Path | None = None
    """Where it lies, if it is a file of the user's."""
    own: OwnFiles | None = None
    """The files of the repository, if it is one of those."""

    def section(self, name: str) -> dict[str, Any]:
        """One section; empty if it is not there.

        Raises:
            UsageProblem: it is no table.
        """
        found = self.sections.get(name, {})
        if not isinstance(found, dict):
            raise UsageProblem(f"{self.name}: [{name}] is a table", "mend it")
        return found


def named_by_user(path: Path) -> UserFile:
    """What a file says that the user names.

    Raises:
        UsageProblem: it cannot be read, is larger than 1 MiB, or is no such file.
    """
    try:
        data = read_small(path, MOST)
    except OSError as error:
        raise UsageProblem(
            f"cannot read {path}: {error.strerror}",
            "name your forensics.toml with --policy (or --config, where there is one)",
        ) from None
    return parsed(data, str(path))._replace(folder=path.parent)


def parsed(data: bytes, name: str) -> UserFile:
    """What the content of a file says.

    Raises:
        UsageProblem: it is no TOML, or has a section that nobody knows.
    """
    import tomllib

    try:
        text = data.decode()
        if too_deep(text):
            raise ValueError("a key is nested too deeply")
        sections = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also of a number too long to be one
        raise UsageProblem(f"{name} is not TOML: {str(error)[:200]}", "mend it") from None
    try:
        refuse_unknown(sections, _SECTIONS, "the file", "section")
    except ValueError as error:
        raise UsageProblem(f"{name}: {error}", "mend it") from None
    return UserFile(name, sections)


def too_deep(text: str) -> bool:
    """Whether a TOML text has keys of so many parts that it would take very long to parse."""
    return re.search(_DEEP_KEY, text) is not None


def refuse_unknown(
    given: Iterable[str], known: Collection[str], where: str, what: str = "key"
) -> None:
    """Refuse names that nobody knows.

    Raises:
        ValueError: says which one, and what it may have been meant to be.
    """
    for name in given:
        if name not in known:
            from difflib import get_close_matches  # rarely needed, and slow to load

            near = get_close_matches(name, known, 1)
            meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            raise ValueError(f"{where}: no such {what} as {name}; {meant}")
