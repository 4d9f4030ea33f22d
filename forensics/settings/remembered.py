"""What the user keeps of an index between runs, a file an index, outside of any repository."""

from __future__ import annotations

import json
import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

from forensics.index.database import Connection
from forensics.index.overview import Point, point_of
from forensics.key import state_folder

__all__ = ["Remembered", "remembered_of"]

_LARGEST = 1 << 20
"""Bytes that are read; more than that is not written."""
_INDEX_ID = re.compile(r"[0-9a-f]{32}")
_LARGEST_ROW = 1 << 62
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


class Remembered:
    """What was kept of one index. Whatever is damaged, or not ours, counts as nothing kept.

    Args:
        index: its id.
    """

    def __init__(self, index: str) -> None:
        self._file = _file(index)
        self._facts = _read(self._file) if self._file else {}

    def text(self, name: str) -> str:
        """A text that was kept, such as the last query of a screen; empty where there is none."""
        found = self._facts.get(name)
        return found if isinstance(found, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Texts that were kept, such as the columns of a table."""
        found = self._facts.get(name)
        whole = isinstance(found, list) and all(isinstance(one, str) for one in found)
        return tuple(found) if whole and found else ()

    def named(self, name: str) -> dict[str, str]:
        """Texts by name that were kept, such as saved queries."""
        found = self._facts.get(name)
        if not isinstance(found, dict):
            return {}
        return {key: one for key, one in found.items() if isinstance(one, str)}

    def last_visit(self) -> Point | None:
        """Up to where the index was seen."""
        match self._facts.get("visit"):
            case {"journal": int(journal)} if 0 <= journal < _LARGEST_ROW:
                return Point("", journal)
        return None

    def keep(self, **facts: str | list[str] | dict[str, str]) -> bool:
        """Keep texts by name, besides what others keep; whether that worked."""
        return self._write(facts)

    def visited(self, point: Point) -> bool:
        """Keep up to where the index was seen; whether that worked."""
        return self._write({"visit": {"journal": point.journal}})

    def _write(self, facts: dict[str, Any]) -> bool:
        if self._file is None:
            return False
        known = {**_read(self._file), **facts}
        text = json.dumps(known)
        if len(text) > _LARGEST:
            return False
        self._facts = known
        beside = self._file.with_name(f"{self._file.name}.{os.getpid()}.tmp")
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                beside.unlink()
            with open(os.open(beside, _NEW, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
            beside.replace(self._file)
        except OSError:
            with suppress(OSError):
                beside.unlink()
            return False
        return True


def remembered_of(connection: Connection) -> Remembered:
    """What was kept of an open index."""
    return Remembered(point_of(connection).index_id)


def _file(index: str) -> Path | None:
    return state_folder() / "tui" / f"{index}.json" if _INDEX_ID.fullmatch(index) else None


def _read(file: Path) -> dict[str, Any]:
    try:
        with open(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as opened:
            facts = os.fstat(opened.fileno())
            if not stat.S_ISREG(facts.st_mode) or facts.st_uid != os.geteuid():
                return {}
            text = opened.read(_LARGEST + 1)
        read = json.loads(text) if len(text) <= _LARGEST else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
