"""A configuration file as settings: keys and values as a program gets them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import NamedTuple

from forensics.config.kinds import kind_of
from forensics.config.lines import line_of
from forensics.config.read import READERS
from forensics.config.slot import Found, Reading, Slot, paired
from forensics.config.standing import SWITCH, standing, standing_of

__all__ = ["LARGEST", "Setting", "Settings", "read_settings"]

LARGEST = 512 << 10
"""Bytes of a file that are looked at."""
_READERS = {
    **READERS,
    "yaml": "yaml_file.yaml_settings",
    "json": "json_file.json_settings",
    "toml": "toml_file.toml_settings",
    "hcl": "hcl.hcl_settings",
    "xml": "xml_file.xml_settings",
    "dockerfile": "dockerfile.dockerfile_settings",
    "procfile": "procfile.procfile_settings",
}
_LAST_COUNTS = frozenset({
    "dotenv", "properties", "ini", "conf", "dockerfile", "procfile", "shell", "xml",
})  # fmt: skip
_BY_PLACE = frozenset({"code", "text", "key"})
"""Kinds in which what is around a value tells what it is."""
_CONFLICT = re.compile(rb"^(?:<{7}|>{7})(?: [^\n]*+)?\r?$", re.M)
_WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of a configuration file and its value. It prints without the value."""

    key: str
    """As `forensics.config.slot` writes keys."""
    line: int
    start: int
    end: int
    """Span of the value as it is written, without its quotes."""
    text: bytes = field(repr=False)
    """The value as a program gets it: unquoted, unescaped, folded. Of a number or boolean, as it is
    written. Never stored, printed or logged."""
    type: str
    """`string`, `number`, `boolean`, `null`; `untyped` in formats that only know text."""
    kind: str
    """`literal`, `empty`, `placeholder`, `reference` or `ciphertext`: see `standing`."""
    by: str = ""
    """What a reference goes through, or what made a ciphertext."""


class Settings(NamedTuple):
    """All settings of a file."""

    settings: tuple[Setting, ...]
    """By where they stand."""
    kind: str
    """How the file was read: one of `forensics.config.kinds`."""
    trouble: str = ""
    """Why it could not be parsed as a whole: then nothing in it is certain."""


def read_settings(path: bytes, content: bytes) -> Settings:
    """The settings of a configuration file, each key once.

    Never raises, whatever the content. Where it is not what its name says, `trouble` says so, and
    the settings are what can be told nonetheless.

    Args:
        path: of the file; only its last part counts.
        content: all of it.
    """
    kind = kind_of(path, content)
    text = content
    trouble = ""
    if len(content) > LARGEST:
        text = content[: content.rfind(b"\n", 0, LARGEST) + 1 or LARGEST]
        trouble = f"only the first {LARGEST >> 10} KiB were read"
    if kind not in _READERS:
        start = len(text) - len(text.lstrip())
        reading = Reading([Found("", start, max(start, len(text.rstrip())))])
    elif text.startswith(_WIDE):
        reading = Reading([], "in UTF-16, which is not read")
    else:
        reading = _reader(kind)(text)
    found = _last(reading.found) if kind in _LAST_COUNTS else reading.found
    settings = tuple(
        Setting(
            slot.key,
            slot.line,
            slot.start,
            slot.end,
            text[slot.start : slot.end] if each.text is None else each.text,
            each.type,
            *_stands(text, slot, each, kind),
        )
        for slot, each in paired(text, found)
    )
    return Settings(settings, kind, trouble or _conflict(text) or reading.trouble)


def _reader(kind: str) -> Callable[[bytes], Reading]:
    module, _, name = _READERS[kind].partition(".")
    reader: Callable[[bytes], Reading] = getattr(import_module(f"forensics.config.{module}"), name)
    return reader


def _last(found: Sequence[Found]) -> list[Found]:
    """Of each key, what is said last."""
    return list({each.key: each for each in found}.values())


def _stands(content: bytes, slot: Slot, found: Found, kind: str) -> tuple[str, str]:
    if found.kind:
        return found.kind, found.by
    text = content[slot.start : slot.end] if found.text is None else found.text
    if kind in _BY_PLACE and not SWITCH.fullmatch(text):
        return standing(content, slot, kind)
    return standing_of(text, slot.key, kind, found.type)


def _conflict(content: bytes) -> str:
    """Where a merge was left undone."""
    match = _CONFLICT.search(content) if b"<<<<<<<" in content or b">>>>>>>" in content else None
    return f"a merge conflict in line {line_of(content, match.start())}" if match else ""
