"""What a finding rests on, and what versions of files say of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from forensics.config.env_reads import is_test, reads
from forensics.drift.env_vars.definitions import definitions
from forensics.drift.env_vars.gathered import LARGEST, Read

__all__ = ["Bearing", "Facts", "FileFacts"]

_KEPT = 512


class FileFacts(NamedTuple):
    """What one version of a file reads and defines."""

    needed: frozenset[str]
    """Names read without a default, where not having them matters."""
    defined: frozenset[str]


@dataclass(slots=True)
class Bearing:
    """What makes a finding stand: where its name is held, and what must not define it."""

    name: str
    unread: bool
    """Whether it is about a definition that nothing reads."""
    holders: set[bytes]
    """Files that read the name, or define it."""
    blocks: Callable[[bytes], bool] = field(repr=False)
    """Whether a definition in this file keeps the finding from standing."""
    may_hold: Callable[[bytes], bool] = field(repr=False)
    """Whether the file can have held the name before it came where it is."""
    givers: set[bytes] = field(default_factory=set)
    """Where some environments define what another lacks; not all may go."""
    standing: set[bytes] = field(default_factory=set)
    """The files of environments that lack it; not all may go."""

    def holds(self, facts: FileFacts) -> bool:
        """Whether a version of a file holds the name."""
        return self.name in (facts.defined if self.unread else facts.needed)


class Facts:
    """Reads versions of files, and remembers the last."""

    def __init__(self) -> None:
        """Nothing is remembered yet."""
        self._facts: OrderedDict[tuple[bytes, bytes], FileFacts] = OrderedDict()
        self._contents: OrderedDict[bytes, bytes] = OrderedDict()

    def content(self, oid: bytes, read: Read) -> bytes:
        """A blob; empty where it cannot be read, or is too large."""
        from forensics.git.inflate import Damaged

        if oid not in self._contents:
            try:
                content = read(oid)
                self._contents[oid] = content if len(content) <= LARGEST else b""
            except Damaged:
                self._contents[oid] = b""
            if len(self._contents) > _KEPT:
                self._contents.popitem(last=False)
        return self._contents[oid]

    def of(self, path: bytes, oid: bytes, read: Read) -> FileFacts:
        """What a version of a file says; nothing where there is none."""
        if not oid:
            return FileFacts(frozenset(), frozenset())
        key = (path, oid)
        if key not in self._facts:
            content = self.content(oid, read)
            needed = frozenset(
                one.name
                for one in reads(path, content)
                if one.default in ("none", "required") and not one.optional and one.certain
            )
            defined = frozenset(one.name for one in definitions(path, content))
            self._facts[key] = FileFacts(needed if not is_test(path) else frozenset(), defined)
            if len(self._facts) > _KEPT:
                self._facts.popitem(last=False)
        return self._facts[key]
