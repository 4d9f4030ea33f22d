"""Where a forensics.toml is looked for, and which one is used."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from forensics.git.own_files import OwnFiles
from forensics.key import config_folder
from forensics.settings.file import FILE_NAME, MOST, UserFile, named_by_user, parsed

__all__ = ["CONFIG_VARIABLE", "TRUST", "Looked", "Lookup", "look_up"]

CONFIG_VARIABLE = "FORENSICS_CONFIG"
TRUST = "--trust-repo-config"


class Looked(NamedTuple):
    """One place."""

    place: str
    outcome: str
    """`used`, or why not."""


class Lookup(NamedTuple):
    """What came of looking."""

    file: UserFile | None
    places: tuple[Looked, ...]
    """In the order in which they are asked; the first that has a file decides."""
    untrusted: str = ""
    """What stands in the repository and is not used, because nobody asked for it."""


def look_up(named: Path | None, own: OwnFiles | None = None, *, trusted: bool = False) -> Lookup:
    """The file that applies: the one named, else that of FORENSICS_CONFIG, else the user's own,
    else, if it is trusted, the repository's.

    Args:
        named: by an option.
        own: files of the repository.
        trusted: whether those count.

    Raises:
        UsageProblem: a file that is to be used cannot be read, or is no such file.
    """
    variable = os.environ.get(CONFIG_VARIABLE, "")
    of_user = config_folder() / FILE_NAME
    chosen: UserFile | None = None
    places: list[Looked] = []

    for place, file, missing in (
        ("--policy", named, "not given"),
        (CONFIG_VARIABLE, Path(variable) if variable else None, "not set"),
        ("", None if _absent(of_user) else of_user, "not there"),
    ):
        if file is None:
            outcome = missing
        elif chosen is not None:
            outcome = "not used: an earlier one is"
        else:
            outcome, chosen = "used", named_by_user(file)
        shown = f"{place} {file or ''}" if place else of_user
        places.append(Looked(f"{shown}".strip(), outcome))
    untrusted = ""
    if own is not None:
        chosen, told = _of_repository(own, chosen, trusted)
        places.append(told)
        untrusted = "" if trusted or not own.stands(FILE_NAME) else own.shown(FILE_NAME)
    return Lookup(chosen, tuple(places), untrusted)


def _absent(file: Path) -> bool:
    """Whether there is certainly nothing of that name."""
    try:
        file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _of_repository(
    own: OwnFiles, chosen: UserFile | None, trusted: bool
) -> tuple[UserFile | None, Looked]:
    name = own.shown(FILE_NAME)
    if not trusted:
        return chosen, Looked(name, f"not used: without {TRUST}, nothing of a repository is")
    if chosen is not None:
        return chosen, Looked(name, "not used: an earlier one is")
    data = own.read(FILE_NAME, MOST)
    if data is None:
        return None, Looked(name, "not there")
    return parsed(data, name)._replace(own=own), Looked(name, "used")
