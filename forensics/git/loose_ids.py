"""Which loose objects there are, apart from what reads them, so that a scan without news starts
fast."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

__all__ = ["LooseObjects", "list_loose"]

_HEX = re.compile(r"[0-9a-f]+")
_OTHER_LENGTHS = (38, 62)


class LooseObjects(NamedTuple):
    """The loose objects of an object directory."""

    ids: list[bytes]
    """Ascending."""
    trouble: list[str]
    """Why there may be more."""


def list_loose(objects: Path, hash_bytes: int) -> LooseObjects:
    """All loose objects in an object directory."""
    found = LooseObjects([], [])
    others = 0
    for prefix in range(256):
        folder = f"{prefix:02x}"
        try:
            names = os.listdir(objects / folder)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            found.trouble.append(f"objects/{folder}: it cannot be read: {error.strerror}")
            continue
        digits = [name for name in sorted(names) if _HEX.fullmatch(name)]
        ids = [name for name in digits if len(name) == 2 * hash_bytes - 2]
        others += sum(len(name) in _OTHER_LENGTHS for name in digits) - len(ids)
        found.ids.extend(bytes.fromhex(folder + name) for name in ids)
    if others:
        found.trouble.append("loose objects whose ids have the length of another hash")
    return found
