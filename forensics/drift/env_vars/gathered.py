"""What a commit's tree reads and defines: every file read once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import NamedTuple

from forensics.config.env_reads import language_of, reads
from forensics.drift.env_vars.components import Components
from forensics.drift.env_vars.definitions import definitions, may_define
from forensics.drift.env_vars.model import EXAMPLE, Definition, EnvUse
from forensics.drift.environments import Placer
from forensics.git.commit_tree import TreeFile

__all__ = ["LARGEST", "Gathered", "Read", "gather", "is_ours", "names_in", "uses_of"]

LARGEST = 1 << 20
"""Bytes of a file that is read."""

_SECONDS = 600.0

Read = Callable[[bytes], bytes]
"""Gives the content of a blob by its id. Raises Damaged where it cannot."""

_FOREIGN = re.compile(
    rb"(?:^|/)(?:node_modules|bower_components|vendor|third_party|third-party|site-packages|\.yarn"
    rb"|dist|\.next|__generated__)/|\.min\.js$"
)
_PROSE = re.compile(
    rb"\.(?:md|mdx|rst|adoc|txt|svg|csv|lock|map|snap|po|pot|ipynb|html?|css|scss|less|log|sum)$"
    rb"|(?:^|/)(?:LICENSE|CHANGELOG|package-lock\.json|pnpm-lock\.yaml|yarn\.lock)[^/]*$",
    re.IGNORECASE,
)
_NAME = re.compile(rb"(?<![A-Za-z0-9_])[A-Z][A-Z0-9_]{2,}(?![a-z])")


class Gathered(NamedTuple):
    """What a tree reads and defines."""

    uses: tuple[EnvUse, ...]
    definitions: tuple[Definition, ...]
    placed: tuple[tuple[str, str], ...]
    """Each set of files with environments, and each environment of it."""
    trouble: tuple[tuple[bytes, str], ...]


def is_ours(path: bytes) -> bool:
    """Whether a file is the repository's own, not a copy of somebody else's or built."""
    return _FOREIGN.search(path) is None


def uses_of(file: TreeFile, content: bytes, components: Components) -> Iterator[EnvUse]:
    """The reads of one file as rows."""
    found = reads(file.path, content)
    if found:
        language, component = language_of(file.path) or "shell", components.of(file.path)
        for one in found:
            yield EnvUse(
                file.path, one.line, one.name, language, one.default, one.how, one.certain,
                one.optional, one.test, component,
            )  # fmt: skip


def gather(files: Sequence[TreeFile], read: Read, placer: Placer) -> Gathered:
    """Read every file of a tree that can read or define environment variables."""
    from forensics.git.inflate import Damaged

    components = Components(file.path for file in files)
    uses: list[EnvUse] = []
    defined: list[Definition] = []
    placed: dict[tuple[str, str], None] = {}
    trouble: list[tuple[bytes, str]] = []
    end = monotonic() + _SECONDS
    for file in files:
        path = file.path
        if monotonic() > end:
            trouble.append((path, "the files before it took too long, so it and the rest are left"))
            break
        if file.kind not in ("file", "executable") or not is_ours(path):
            continue
        defines = may_define(path)
        code = language_of(path) or (
            file.kind == "executable" and b"." not in path.rpartition(b"/")[2]
        )
        if not (code or defines):
            continue
        if file.size > LARGEST:
            if code and language_of(path):
                trouble.append((path, "it is larger than 1 MiB"))
            continue
        try:
            content = read(file.oid)
        except Damaged as damage:
            trouble.append((path, str(damage)))
            continue
        if code:
            uses += uses_of(file, content, components)
        if defines:
            place = placer.place(path)
            environment = place.environment if place else ""
            group = place.set if place and place.role in ("environment", "base") else ""
            example = place is not None and place.role == "example"
            found = definitions(path, content)
            if place and environment and found:
                placed[place.set, environment] = None
            component = components.of(path)
            for one in found:
                role = EXAMPLE if example and one.role == "file" else one.role
                defined.append(
                    one._replace(role=role, environment=environment, set=group, component=component)
                )
    return Gathered(tuple(uses), tuple(defined), tuple(placed), tuple(trouble))


def names_in(path: bytes, content: bytes) -> set[str]:
    """Words in a file that could name environment variables; none in prose."""
    if _PROSE.search(path) or b"\0" in content[:8000]:
        return set()
    return {word.decode() for word in _NAME.findall(content)}
