"""Git objects written byte for byte, without a process for each.

Formats: gitformat-loose-object(5), and "Object Types" in gitcore-tutorial(7).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["File", "ObjectWriter", "encode_commit", "encode_tag", "object_id"]


@dataclass(frozen=True, slots=True)
class File:
    """What a tree says of one path: mode as octal digits, object id as hex digits."""

    mode: str
    oid: str


def object_id(kind: str, content: bytes, algorithm: str = "sha1") -> str:
    """The id of this object in hex digits; `algorithm` is sha1 or sha256."""
    return hashlib.new(algorithm, b"%s %d\0" % (kind.encode(), len(content)) + content).hexdigest()


def encode_commit(
    tree: str,
    parents: Iterable[str],
    author: bytes,
    committer: bytes,
    message: bytes,
    headers: bytes = b"",
) -> bytes:
    """A commit's content; `author` and `committer` end in their time, `headers` in a newline."""
    lines = [b"tree " + tree.encode(), *(b"parent " + parent.encode() for parent in parents)]
    lines += [b"author " + author, b"committer " + committer]
    return b"\n".join(lines) + b"\n" + headers + b"\n" + message


def encode_tag(target: str, kind: str, name: str, tagger: bytes, message: bytes) -> bytes:
    """An annotated tag's content; `tagger` ends in its time."""
    head = f"object {target}\ntype {kind}\ntag {name}\ntagger "
    return head.encode() + tagger + b"\n\n" + message


@dataclass(slots=True)
class _Folder:
    files: dict[bytes, File]
    folders: dict[bytes, _Folder]


class ObjectWriter:
    """Writes loose objects under `objects`, each once."""

    def __init__(self, objects: Path, algorithm: str = "sha1") -> None:
        self.objects = objects
        self.algorithm = algorithm
        self._written: set[str] = set()

    def write(self, kind: str, content: bytes) -> str:
        """The id of the object, which is in the object database from now on."""
        oid = object_id(kind, content, self.algorithm)
        if oid not in self._written:
            self._written.add(oid)
            place = self.objects / oid[:2] / oid[2:]
            place.parent.mkdir(parents=True, exist_ok=True)
            header = b"%s %d\0" % (kind.encode(), len(content))
            place.write_bytes(zlib.compress(header + content, 1))
        return oid

    def forget(self) -> None:
        """Write objects anew that were written before, since something packed them."""
        self._written.clear()

    def write_tree(self, files: Mapping[bytes, File]) -> str:
        """The id of the tree that holds these paths, its subtrees written too."""
        root = _Folder({}, {})
        for path, file in files.items():
            *parts, name = path.split(b"/")
            folder = root
            for part in parts:
                folder = folder.folders.setdefault(part, _Folder({}, {}))
            folder.files[name] = file
        return self._write_folder(root)

    def _write_folder(self, folder: _Folder) -> str:
        entries = [(name, name, file.mode, file.oid) for name, file in folder.files.items()]
        entries += [
            # Trees sort as if their name ended in a slash.
            (name + b"/", name, "40000", self._write_folder(inner))
            for name, inner in folder.folders.items()
        ]
        lines = (
            b"%s %s\0%s" % (mode.encode(), name, bytes.fromhex(oid))
            for _, name, mode, oid in sorted(entries)
        )
        return self.write("tree", b"".join(lines))
