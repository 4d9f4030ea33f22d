"""Names as they may be stored: paths, keys and people that hold no secret any more."""

from __future__ import annotations

from collections.abc import Callable

from forensics.drift.model import Reading
from forensics.git.first_parents import LineCommit
from forensics.key import Key

__all__ = ["Mask", "MaskedNames"]

Mask = Callable[[bytes], bytes]
"""Text with every secret in it masked."""


class MaskedNames:
    """Masks names, each once. What masks them is only made once there is a name."""

    def __init__(self, make: Callable[[], Mask], key: Key) -> None:
        self._make, self._key = make, key
        self._mask: Mask | None = None
        self._known: dict[bytes, bytes] = {}
        self._keys: dict[str, str] = {}

    def shown(self, name: bytes) -> bytes:
        """A name with every secret in it masked."""
        if name not in self._known:
            if self._mask is None:
                self._mask = self._make()
            self._known[name] = self._mask(name)
        return self._known[name]

    def text(self, name: str) -> str:
        """The same for text."""
        return self.shown(name.encode("utf-8", "surrogateescape")).decode("utf-8", "replace")

    def author(self, commit: LineCommit) -> str:
        """Name and address of a commit's author."""
        return f"{_text(self.shown(commit.name))} <{_text(self.shown(commit.email))}>"

    def in_reading(self, reading: Reading) -> Reading:
        """A reading whose keys are masked."""
        if all(
            one.key == self._key_text(one.key)
            and one.environment == self._key_text(one.environment)
            for one in reading.observations
        ):
            return reading
        observations = tuple(
            one._replace(key=self._key_text(one.key), environment=self._key_text(one.environment))
            for one in reading.observations
        )
        return reading._replace(observations=observations)

    def _key_text(self, key: str) -> str:
        """Keys that only differ in what is masked stay different ones."""
        shown = self._keys.get(key)
        if shown is None:
            shown = self.text(key)
            if shown != key:
                mark = self._key.fingerprint(b"key\0" + key.encode("utf-8", "surrogateescape"))
                shown = f"{shown}~{mark.hex()[:8]}"
            self._keys[key] = shown
        return shown


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")
