"""What plain git finds in an object database, and what the engine under test finds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fixtures_repos.git import git
from fixtures_repos.layouts import packs
from fixtures_repos.objects import object_id
from forensics.git.objects import GitObject, Skipped, stream_objects
from forensics.git.repository import open_repository

Objects = dict[str, tuple[str, bytes]]


def objects_by_git(path: Path, given: Iterable[str] | None = None) -> Objects:
    """Kind and content of every object, or of those given, by id in hex digits."""
    if given is None:
        told = git(path, "cat-file", "--batch-all-objects", "--batch")
    else:
        told = git(path, "cat-file", "--batch", given="".join(f"{oid}\n" for oid in given).encode())
    found, at = {}, 0
    while at < len(told):
        line = told.index(b"\n", at)
        oid, kind, size = told[at:line].decode().split()
        found[oid] = (kind, told[line + 1 : line + 1 + int(size)])
        at = line + 2 + int(size)
    return found


def ids_by_index(path: Path) -> set[str]:
    """Every id that a pack index of the repository names, readable or not."""
    found = set()
    for pack in packs(path):
        told = git(path, "show-index", given=pack.with_suffix(".idx").read_bytes())
        found |= {line.split()[1] for line in told.decode().splitlines()}
    return found


def objects_streamed(
    path: Path, *, alternates: bool = False, max_bytes: int = 64 << 20
) -> tuple[Objects, dict[str, str]]:
    """What arrives from the engine, and the reason for each object that does not.

    Fails where an object comes twice, or under the id of another.
    """
    found: Objects = {}
    skipped: dict[str, str] = {}
    for item in stream_objects(open_repository(path, alternates=alternates), max_bytes=max_bytes):
        oid = item.oid.hex()
        if oid:
            assert oid not in found, f"{oid} arrived before"
            assert oid not in skipped, f"{oid} was skipped before"
        match item:
            case GitObject():
                content = bytes(item.content)
                algorithm = "sha1" if len(item.oid) == 20 else "sha256"
                assert object_id(item.kind, content, algorithm) == oid, f"{oid} is another object"
                found[oid] = (item.kind, content)
            case Skipped():
                skipped[oid] = item.reason
    return found, skipped
