"""Keys that are one, however they are spelled.

ASP.NET does not tell upper from lower case in keys, and takes `Logging:LogLevel` for a way to nest.
Source: https://learn.microsoft.com/aspnet/core/fundamentals/configuration/
"""

from __future__ import annotations

import re

from forensics.drift.model import Reading

__all__ = ["Spellings"]

_ASP_NET = re.compile(rb"(?i)(?P<folder>(?:.*/)?)appsettings(?:\.[^/]+)?\.json")

_COLON = re.compile(r":(?![^\[\]]*\])")


class Spellings:
    """How the keys of each folder were first spelled."""

    def __init__(self) -> None:
        """Begin without any."""
        self._first: dict[bytes, dict[str, str]] = {}

    def one(self, path: bytes, reading: Reading) -> Reading:
        """What was read of a file, each key as it was first spelled in any file of its folder,
        where spelling means nothing."""
        found = _ASP_NET.fullmatch(path)
        if not found:
            return reading
        first = self._first.setdefault(found["folder"], {})
        observations = tuple(
            each._replace(key=self._spelled(first, each.key)) for each in reading.observations
        )
        return reading._replace(observations=observations)

    def _spelled(self, first: dict[str, str], key: str) -> str:
        """Part by part, so that a key is spelled like the mapping it stands in elsewhere."""
        whole, parts = "", ""
        for part in re.split(r"(?=[.\[])", _COLON.sub(".", key)):
            parts += part
            whole += first.setdefault(parts.casefold(), part)
        return whole
