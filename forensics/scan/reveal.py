"""Reading the values of secrets again from the repository in which they were found."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import nullcontext, suppress
from pathlib import Path

from forensics.errors import GitFailed
from forensics.git.inflate import Content, Damaged
from forensics.git.lfs import PayloadStore
from forensics.git.refs import read_tips
from forensics.git.repository import Repository
from forensics.git.single import SingleObjects, careful_objects
from forensics.index.database import Connection
from forensics.index.places import SecretPlace, commits_with_path, places_of
from forensics.index.reader import IndexReader
from forensics.index.writer import repository_mark
from forensics.key import Key
from forensics.scan.payloads import payload_windows
from forensics.scan.setup import ScannerSetup
from forensics.scan.values import Value, ValueReader

__all__ = ["read_folder_values", "read_values"]

_LS_SECONDS = 60.0


def read_values(
    repository: Repository,
    connection: Connection,
    key: Key,
    fingerprints: Collection[str],
    setup: ScannerSetup | None = None,
    single: SingleObjects | None = None,
) -> dict[str, Value]:
    """The values of secrets, by fingerprint, each checked against its fingerprint.

    What cannot be read again is absent: because the repository is not one of the index's, no
    object that held it is left, or it has to be decoded and these rules do not find it. An object
    is read once, however many secrets stand in it.

    Args:
        repository: in which they were found.
        connection: of the index.
        key: the index's.
        fingerprints: in hexadecimal digits.
        setup: what they were found with; the built-in rules unless given.
        single: reads the repository's objects, if somebody has it open already.
    """
    row = IndexReader(connection).repository(repository_mark(key, os.fsencode(repository.home)))
    if row is None:
        return {}
    places = list(places_of(connection, row, fingerprints))
    if not places:
        return {}
    opened = careful_objects(repository) if single is None else nullcontext(single)
    with opened as objects:
        values = ValueReader(key, setup or ScannerSetup())
        store = PayloadStore(repository.common_dir)
        for oid, group in _by_object(places):
            left = [one for one in group if one.secret not in values.found]
            if not left:
                continue
            if left[0].kind == "ref":
                contents: Iterable[Content] = _ref_names(objects, key, oid)
            elif left[0].kind == "path":
                commits = commits_with_path(connection, row, oid)
                contents = _path_names(objects, key, oid, commits)
            else:
                contents = _content(objects, oid, store)
            for content in contents:
                values.look(content, left)
    return values.found


def read_folder_values(
    root: Path,
    connection: Connection,
    key: Key,
    fingerprints: Collection[str],
    setup: ScannerSetup | None = None,
) -> dict[str, Value]:
    """`read_values` for a folder that was scanned as files."""
    reader = IndexReader(connection)
    row = reader.repository(repository_mark(key, os.fsencode(root.resolve()), folder=True))
    values = ValueReader(key, setup or ScannerSetup())
    for secret in fingerprints if row is not None else ():
        for one in reader.findings(row, secret=secret):
            if one.path is None or key.fingerprint(b"file\0" + one.path).hex() != one.blob:
                continue  # its name is masked
            decoded = one.decoded is not None
            place = SecretPlace(secret, b"", one.kind, one.start_byte, one.end_byte, decoded)
            with suppress(OSError):
                values.look((root / os.fsdecode(one.path)).read_bytes(), [place])
    return values.found


def _by_object(places: Iterable[SecretPlace]) -> list[tuple[bytes, list[SecretPlace]]]:
    """Places grouped by object, those first that show the most secrets as they are."""
    groups: dict[bytes, list[SecretPlace]] = {}
    for one in places:
        groups.setdefault(one.oid, []).append(one)

    def worth(group: list[SecretPlace]) -> tuple[int, int]:
        plain = {one.secret for one in group if not one.decoded}
        return -len(plain), -len({one.secret for one in group})

    return sorted(groups.items(), key=lambda entry: worth(entry[1]))


def _content(objects: SingleObjects, oid: bytes, store: PayloadStore) -> Iterator[Content]:
    try:
        content = objects.read_any_size(oid)[1]
    except Damaged:
        return
    yield content
    yield from payload_windows(store, oid, content)


def _ref_names(objects: SingleObjects, key: Key, mark: bytes) -> Iterator[bytes]:
    try:
        names = [ref.name for ref in read_tips(objects.repository, objects.git).refs]
    except GitFailed:
        return
    yield from (name for name in names if key.fingerprint(b"ref\0" + name) == mark)


def _path_names(
    objects: SingleObjects, key: Key, mark: bytes, commits: Iterable[bytes]
) -> Iterator[bytes]:
    """The name with that keyed fingerprint, from the tree of a commit that introduced it."""
    if objects.astray:
        return  # git could be led astray
    for commit in commits:
        try:
            names = objects.git.output(
                ["ls-tree", "-r", "-z", "--name-only", commit.hex()], timeout=_LS_SECONDS
            )
        except GitFailed:
            continue
        for name in names.split(b"\0"):
            if key.fingerprint(b"path\0" + name) == mark:
                yield name
                return
