"""What the folders of a path say of a file's environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from forensics.drift.names import Names

__all__ = ["FolderRules", "Folders"]

# Gradle's source sets: src/testIntegration.
_SOURCES_OF_TESTS = re.compile(r"test|.*test")


class Folders(NamedTuple):
    """What the folders of one path say."""

    kept: list[str]
    """As they are written, without those that name environments or bases."""
    environment: str = ""
    known: bool = True
    """Whether it is a known name, or only where one is to be expected."""
    base: bool = False
    whole: bool = False
    """Whether the files of an environment are one layer, whatever they are called."""
    sure: bool = False
    """Whether it stands where environments are to be expected."""


class FolderRules:
    """The table of folders, applied."""

    def __init__(self, table: Mapping[str, Any], names: Names) -> None:
        """Read the tables `folders` and `base`."""
        folders, base = table["folders"], table["base"]
        self._names = names
        self._open = frozenset(folders["open"])
        self._containers = frozenset(folders["known"]) | self._open
        self._whole = frozenset(folders["whole"])
        self._foreign = frozenset(name.lower() for name in folders["foreign"])
        self._tests = frozenset(name.lower() for name in folders["test"])
        self._examples = frozenset(folders["example"])
        self._base = frozenset(base["folders"])
        self._base_beside = frozenset(base["folders_beside"])

    def foreign(self, parts: list[str]) -> str:
        """Why nothing below these folders, in small letters, is the program's configuration."""
        above = ""
        for part in parts:
            if part in self._foreign:
                return f"in a folder {part}: tools, other people's code or test data"
            if part in self._tests and above not in self._containers:
                return f"in a folder {part}: for tests"
            if above == "src" and _SOURCES_OF_TESTS.match(part):
                return f"in a folder {part}: for tests"
            if part in self._examples:
                return f"in a folder {part}: examples, templates or documentation"
            above = part
        return ""

    def read(self, parts: list[str], written: list[str]) -> Folders:
        """What they say; `parts` is `written` in small letters."""
        kept: list[str] = []
        found = Folders(kept)
        expected: tuple[int, str] | None = None
        above = ""
        for part, as_written in zip(parts, written, strict=True):
            inside = above in self._containers
            whole = found.whole or above in self._whole
            named = self._names.find(part)
            rest = named is not None and (named.before or named.after)
            if named and ((inside and (named.certain or not rest)) or (named.certain and not rest)):
                found = found._replace(
                    environment=named.environment,
                    base=False,
                    whole=whole,
                    sure=found.sure or inside,
                )
                if rest and not whole:
                    kept.append("-".join(each for each in (named.before, named.after) if each))
            elif part in self._base or (inside and part in self._base_beside):
                found = found._replace(base=True, whole=whole)
            else:
                if above in self._open and expected is None and part not in self._containers:
                    expected = len(kept), part
                kept.append(as_written)
            above = part
        if expected and not found.environment and not found.base:
            at, part = expected
            whole = kept[at - 1].lower() in self._whole
            environment = self._names.canonical(part)
            found = Folders(kept[:at] + kept[at + 1 :], environment, False, False, whole, True)
        if found.whole:
            last = next(at for at, each in enumerate(found.kept) if each.lower() in self._whole)
            return found._replace(kept=found.kept[:last])
        return found
