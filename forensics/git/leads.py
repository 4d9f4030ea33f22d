"""What leads to an object: a ref, another work tree, a stash, a reflog, an index, or nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from forensics.git.refs import Ref, Tips
from forensics.git.repository import Repository
from forensics.git.runner import Git
from forensics.git.smallfile import read_small

__all__ = ["LEADS", "Lead", "Reaching", "lead_to", "refs_reaching"]

LEADS = ("ref", "worktree", "stash", "reflog", "index", "none")
"""What can lead to an object, the strongest first: a ref or HEAD, another work tree (by its HEAD,
refs or reflogs), a stash, a reflog, what is staged in any work tree; or nothing."""

_STASH = b"refs/stash"
_HEX = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LIST = ["rev-list", "--objects", "--missing=allow-any", "--ignore-missing", "--stdin"]
_MOST_INDEX = 1 << 30


class Lead(NamedTuple):
    """What leads to an object, the strongest."""

    how: str
    """One of LEADS."""
    name: bytes = b""
    """The ref that names the object itself, or the other work tree."""
    commit: bytes = b""
    """Id of a commit that holds it, if one does."""
    path: bytes = b""
    """Where in that commit, up to a line end."""


class _Starts(NamedTuple):
    """Where walks start that show one kind of lead."""

    how: str
    name: bytes
    commits: frozenset[bytes]
    others: frozenset[bytes]
    """Tags, and trees or blobs that are named without a commit."""


class Reaching(NamedTuple):
    """The refs that lead to a commit."""

    first: bytes
    """Name of the first of them, in the order of `Tips`."""
    number: int


def _work_trees(repository: Repository) -> Iterator[Path]:
    """The folders of the linked work trees but this one."""
    for folder in sorted(repository.common_dir.glob("worktrees/*")):
        if folder.resolve() != repository.git_dir:
            yield folder


def _ids_below(folder: Path) -> frozenset[bytes]:
    """Ids in HEAD, refs, reflogs and files like ORIG_HEAD of a linked work tree."""
    files = [folder / "HEAD", *folder.glob("*_HEAD")]
    for part in ("refs", "logs"):
        for at, _, names in os.walk(folder / part):
            files += [Path(at, name) for name in names]
    found: set[bytes] = set()
    for file in files:
        with suppress(OSError):
            for line in read_small(file).split(b"\n"):
                found.update(_HEX.findall(line.partition(b" <")[0][:130]))
    return frozenset(bytes.fromhex(oid.decode()) for oid in found if oid.strip(b"0"))


def _starts(repository: Repository, tips: Tips) -> Iterator[_Starts]:
    trees = {os.fsencode(folder.name): _ids_below(folder) for folder in _work_trees(repository)}
    elsewhere = frozenset[bytes]().union(*trees.values())

    def named(ref: Ref) -> bool:
        if ref.name.startswith(b"refs/"):
            return ref.name != _STASH
        return ref.name == b"HEAD" and (ref.target == tips.head or ref.target not in elsewhere)

    refs = [ref for ref in tips.refs if named(ref)]
    commits = {ref.peeled for ref in refs if ref.kind == "commit"}
    others = {ref.target for ref in refs if ref.kind != "commit" or ref.target != ref.peeled}
    if tips.head:
        commits.add(tips.head)
    yield _Starts("ref", b"", frozenset(commits), frozenset(others))
    for name, ids in trees.items():
        yield _Starts("worktree", name, ids, frozenset())
    stash = {ref.peeled for ref in tips.refs if ref.name == _STASH}
    yield _Starts("stash", b"", frozenset(tips.stashed | stash), frozenset())
    yield _Starts("reflog", b"", tips.logged, frozenset())


def _lines(git: Git, arguments: list[str], given: bytes) -> Iterator[bytes]:
    rest = b""
    for piece in git.pieces(arguments, given):
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
    if rest:
        yield rest


def _given(starts: Iterable[bytes], besides: Iterable[bytes]) -> bytes:
    lines = [oid.hex().encode() for oid in starts]
    lines += [b"^" + oid.hex().encode() for oid in besides]
    return b"".join(line + b"\n" for line in lines)


def lead_to(
    repository: Repository, git: Git, tips: Tips, wanted: Collection[bytes]
) -> dict[bytes, Lead]:
    """What leads to each of these objects, as far as the history that is there tells.

    Raises:
        GitFailed: git stopped at something damaged.
    """
    left = {oid.hex().encode(): oid for oid in wanted}
    found: dict[bytes, Lead] = {}
    named: dict[bytes, bytes] = {}
    for ref in tips.refs:
        named.setdefault(ref.target, ref.name)
    before: set[bytes] = set()
    for starts in _starts(repository, tips):
        if not left:
            break
        order = [*_LIST, "--in-commit-order"]
        for arguments, ids in ((order, starts.commits), (_LIST, starts.others)):
            if not ids:
                continue
            commit = b""
            # What stronger leads hold is told already, so nothing is lost by leaving it out.
            for line in _lines(git, arguments, _given(ids, before)):
                name, space, path = line.partition(b" ")
                if not space and arguments is order:
                    commit = bytes.fromhex(name.decode())
                if name in left:
                    oid = left.pop(name)
                    ref_name = named.get(oid, b"") if starts.how == "ref" else starts.name
                    found[oid] = Lead(starts.how, ref_name, commit, path)
            before |= ids
    staged = list(_indexes(repository))
    for oid in left.values():
        where = next((name for name, index in staged if oid in index), None)
        found[oid] = Lead("none") if where is None else Lead("index", where)
    return found


def _indexes(repository: Repository) -> Iterator[tuple[bytes, bytes]]:
    """The work tree and the bytes of each index; all versions hold ids as they are."""
    folders = {repository.git_dir: b"", repository.common_dir: b""}
    folders |= {folder: os.fsencode(folder.name) for folder in _work_trees(repository)}
    for folder, name in folders.items():
        for file in (folder / "index", *folder.glob("sharedindex.*")):
            with suppress(OSError):
                yield name, read_small(file, _MOST_INDEX)


def refs_reaching(git: Git, tips: Tips, commits: Collection[bytes]) -> Mapping[bytes, Reaching]:
    """By commit: which refs lead to it.

    Raises:
        GitFailed: git stopped at something damaged.
    """
    refs = [ref for ref in tips.refs if ref.kind == "commit" and ref.name != _STASH]
    wanted = {oid.hex().encode(): oid for oid in commits}
    if not wanted or not refs:
        return {}
    bits: dict[bytes, int] = {}
    for number, ref in enumerate(refs):
        tip = ref.peeled.hex().encode()
        bits[tip] = bits.get(tip, 0) | 1 << number
    found: dict[bytes, Reaching] = {}
    arguments = ["rev-list", "--parents", "--topo-order", "--ignore-missing", "--stdin"]
    for line in _lines(git, arguments, _given({ref.peeled for ref in refs}, ())):
        commit, *parents = line.split()
        held = bits.pop(commit, 0)  # all that lead to it came before
        for parent in parents:
            bits[parent] = bits.get(parent, 0) | held
        if commit in wanted and held:
            first = (held & -held).bit_length() - 1
            found[wanted[commit]] = Reaching(refs[first].name, held.bit_count())
    return found
