"""Variables that a compose file gives to its services.

Source: https://docs.docker.com/reference/compose-file/services/#environment
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.config.read import read_slots
from forensics.drift.env_vars.model import MANIFEST

__all__ = ["composed", "hands_on"]

_ENVIRONMENT = re.compile(
    r"(?:services\.(?P<service>[^.\[]+)\.|x-[\w-]+\.|.*\.)?(?:environment|args)"
    r"(?P<key>\.(\w+)|\[\d+\])"
)
_BUILT = re.compile(r"services\.([^.\[]+)\.build\b")
_X = re.compile(r"x-[\w-]+\.(\w+)")
_NAME = re.compile(rb"([A-Za-z_]\w*)(?:=|$)")


def hands_on(value: bytes, name: bytes) -> bool:
    """Whether a value is that of the variable of the same name: `${NAME}`."""
    start = value.lstrip(b"\"' \t")[: len(name) + 3]
    if not start.startswith(b"$"):
        return False
    start = start[1:].removeprefix(b"{")
    return start.startswith(name) and not start[len(name) : len(name) + 1].isalnum()


def composed(path: bytes, content: bytes) -> Iterator[tuple[bytes, int, str, bool, bool]]:
    """Name, offset, role, whether it only hands on a variable of the same name, and whether the
    service is built from this repository."""
    slots = read_slots(path, content).slots
    built = {found[1] for slot in slots if (found := _BUILT.match(slot.key))}
    for slot in slots:
        found = _ENVIRONMENT.fullmatch(slot.key) or _X.fullmatch(slot.key)
        if found is None:
            continue
        value = content[slot.start : slot.end]
        service = found.groupdict().get("service")
        own = service in built
        name = found.groupdict().get("key") or f".{found[1]}"
        if name.startswith("."):
            named = name[1:].encode()
            given: bytes | None = value
        else:
            item = _NAME.match(value)
            if item is None:
                continue
            named, given = item[1], value[item.end() :] if b"=" in value else None
        passes = not given or hands_on(given, named)
        yield named, slot.start, MANIFEST, passes, own
