"""One opened pack: finding and building single objects in it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forensics.errors import GitFailed
from forensics.git.inflate import Content, Damaged, Limits, apply, inflate
from forensics.git.loose import map_file
from forensics.git.packheaders import FAULTS, KINDS, PackHeaders, read_headers
from forensics.git.packindex import DamagedPack, PackIndex, read_pack_index
from forensics.git.repository import Repository

__all__ = ["Pack", "open_pack"]


class Pack:
    """A pack's mapping, headers and ids. The mapping stays valid when the file is deleted.

    Objects are numbered in the order of their offsets.
    """

    def __init__(self, path: Path, data: memoryview, index: PackIndex, headers: PackHeaders):
        self.path, self.data, self.headers = path, data, headers
        self.names: NDArray[np.bytes_] = index.names
        self._ids = index.names.tobytes()
        self._length = index.names.dtype.itemsize
        self._order: NDArray[np.int64] | None = None
        self._start, self._end = headers.data.data, headers.end.data
        self._size, self._base = headers.size.data, headers.base.data

    def __reduce__(self) -> tuple[object, ...]:
        return _reopen, (self.path, self.names, self.headers)

    def oid(self, number: int) -> bytes:
        """The id of an object."""
        return self._ids[number * self._length : (number + 1) * self._length]

    def ids(self, chosen: NDArray[np.bool_]) -> list[bytes]:
        """The ids of the objects chosen."""
        return [self.oid(number) for number in np.nonzero(chosen)[0].tolist()]

    def find(self, oid: bytes) -> int | None:
        """The number of the object of this id, if the pack holds it."""
        if self._order is None:
            self._order = np.argsort(self.names)
        place = int(np.searchsorted(self.names, np.bytes_(oid), sorter=self._order))
        if place == len(self.names):
            return None
        number = int(self._order[place])
        return number if self.oid(number) == oid else None

    def inflate(self, number: int, limits: Limits) -> Content:
        """What is stored of an object: itself, or a delta.

        Raises:
            Damaged: it cannot be read.
        """
        stored = self.data[self._start[number] : self._end[number]]
        return inflate(stored, self._size[number], limits)

    def derive(
        self, number: int, limits: Limits, copy: Callable[[int], Content | None] | None = None
    ) -> Content:
        """An object, from the root of its delta chain.

        Args:
            number: of the object.
            limits: as for any read.
            copy: finds the content of a damaged object of the chain elsewhere.

        Raises:
            Damaged: it, or an object below it, cannot be built.
        """
        if fault := int(self.headers.fault[number]):
            raise Damaged(FAULTS[fault])
        chain = [number]
        while (base := self._base[chain[-1]]) >= 0:
            chain.append(base)
        content: Content | None = None
        while chain:
            step = chain.pop()
            try:
                stored = self.inflate(step, limits)
                content = stored if content is None else apply(content, stored, limits)
            except Damaged:
                content = copy(step) if copy is not None else None
                if content is None:
                    raise
        assert content is not None
        return content

    def kind(self, number: int) -> str:
        """blob, tree, commit or tag; `unknown` for an object with a fault."""
        return KINDS.get(int(self.headers.kind[number]), "unknown")


def _reopen(path: Path, names: NDArray[np.bytes_], headers: PackHeaders) -> Pack:
    return Pack(path, map_file(path), PackIndex(names, np.empty(0, np.int64)), headers)


def open_pack(path: Path, repository: Repository) -> Pack:
    """The pack at `path`, through its index, or through one made anew where that is missing or
    damaged.

    Raises:
        DamagedPack: it cannot be read as a whole.
    """
    try:
        data = map_file(path)
    except Damaged as damage:
        raise DamagedPack(str(damage).replace("its file", "the pack")) from None
    try:
        index = read_pack_index(path.with_suffix(".idx"), repository.hash_bytes)
    except DamagedPack as damage:
        try:
            index = _index_anew(path, repository)
        except GitFailed as failure:
            raise DamagedPack(f"{damage}, and git cannot make another: {failure}") from None
    return Pack(path, data, index, read_headers(data, index, repository.hash_bytes))


def _index_anew(path: Path, repository: Repository) -> PackIndex:
    with repository.git() as git, tempfile.TemporaryDirectory(prefix="git-forensics-") as folder:
        index = Path(folder) / "made.idx"
        git.output(["index-pack", "-o", str(index), str(path)], timeout=600)
        return read_pack_index(index, repository.hash_bytes)
