"""Environment variables that Spring puts in the place of `${NAME:default}`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.config.env_reads.model import EMPTY, EXPRESSION, LITERAL, REQUIRED, EnvRead

__all__ = ["PLACE", "placed", "placeholders"]

PLACE = re.compile(rb"@Value\s*\(")
_HOLDER = re.compile(r"\\?\$\{([A-Z][A-Z0-9_]*)(?::([^${}\n]*)(\$\{)?)?")
_COMMENT = re.compile(rb"(?:^|[ \t])#.*")


def placeholders(text: str, line: int, how: str) -> Iterator[EnvRead]:
    """The variables that a text takes in. Only names in upper case: others are properties.

    Source: https://docs.spring.io/spring-boot/reference/features/external-config.html
    """
    for found in _HOLDER.finditer(text):
        name, default, nested = found.groups()
        kind = REQUIRED if default is None else LITERAL if default.strip() else EMPTY
        yield EnvRead(name, line, EXPRESSION if nested else kind, how)


def placed(content: bytes) -> Iterator[EnvRead]:
    """Those of an application.yml or application.properties."""
    for number, line in enumerate(content.split(b"\n"), 1):
        if b"${" in line:
            plain = _COMMENT.sub(b"", line).decode(errors="replace")
            yield from placeholders(plain, number, "${}")
