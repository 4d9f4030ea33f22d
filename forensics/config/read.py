"""A file as slots, whatever kind of file it is."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from forensics.config.kinds import kind_of
from forensics.config.slot import Found, Reading, Slots, arranged

__all__ = ["LARGEST_CODE", "LARGEST_PARSED", "READERS", "read_slots"]

LARGEST_PARSED = 4 << 20
"""Bytes of a file that are looked at."""
LARGEST_CODE = 1 << 20
"""Bytes of code, which takes longer."""

READERS = {
    "dotenv": "dotenv_file.read_dotenv",
    "properties": "properties_file.read_properties",
    "ini": "flat.read_ini",
    "conf": "flat.read_conf",
    "netrc": "flat.read_netrc",
    "postgres": "flat.read_postgres",
    "yaml": "yaml_file.read_yaml",
    "json": "json_file.read_json",
    "toml": "toml_file.read_toml",
    "xml": "xml_file.read_xml",
    "hcl": "hcl.read_hcl",
    "dockerfile": "dockerfile.read_dockerfile",
    "procfile": "procfile.read_procfile",
    "shell": "shell.read_shell",
    "code": "code.read_code",
    "text": "code.read_code",
}
"""Kinds of files and what reads them, imported when the first such file is."""


def read_slots(path: bytes, content: bytes, *, kind: str = "") -> Slots:
    """The slots of a file.

    Never raises, whatever the content. Where it is not what its name says, `trouble` says so, and
    the slots are what can be told nonetheless.

    Args:
        path: of the file; only its last part counts.
        content: all of it.
        kind: how to read it where neither path nor content tells.
    """
    known = kind_of(path, content)
    if known == "text" and kind:
        known = kind
    if known == "key" or known not in READERS:
        return Slots(arranged(content, [_whole(content)]), "key")
    trouble = ""
    text = content
    largest = LARGEST_CODE if READERS[known] == "code.read_code" else LARGEST_PARSED
    if len(content) > largest:
        text = content[: content.rfind(b"\n", 0, largest) + 1 or largest]
        trouble = f"only the first {largest >> 20} MiB were read"
    reading = _reader(known)(text)
    return Slots(arranged(content, reading.found), known, trouble or reading.trouble)


def _reader(kind: str) -> Callable[[bytes], Reading]:
    module, _, name = READERS[kind].partition(".")
    reader: Callable[[bytes], Reading] = getattr(import_module(f"forensics.config.{module}"), name)
    return reader


def _whole(content: bytes) -> Found:
    start = len(content) - len(content.lstrip())
    return Found("", start, max(start, len(content.rstrip())))
