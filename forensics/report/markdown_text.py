"""Text from elsewhere, as Markdown that shows it and nothing else."""

from __future__ import annotations

import re

from forensics.report.dossier.html import cut

__all__ = ["code", "prose"]

_TAME = re.compile(r"[A-Za-z0-9…_.,:;/=+@#%*()<>{}\[\]$!?~^&'\"-]"
                   r"(?:[A-Za-z0-9…_.,:;/=+@#%*()<>{}\[\]$!?~^&'\" -]*"
                   r"[A-Za-z0-9…_.,:;/=+@#%*()<>{}\[\]$!?~^&'\"-])?")  # fmt: skip
"""What a code span shows as it is: no backtick, no bar, no backslash."""
_READ = re.compile(r"[\\`*_{}\[\]<>|&~@!$^=]|:(?=//)|(?<=www)\.", re.IGNORECASE)


def code(text: bytes | str, most: int = 160) -> str:
    """Text out of a repository as code, in which nothing is read as Markdown, a mention or a link;
    in a table too."""
    shown = cut(text, most)
    if not shown:
        return "—"
    if _TAME.fullmatch(shown):
        return f"`{shown}`"
    return f"<code>{_entities(shown)}</code>"


def _entities(shown: str) -> str:
    """Text that Markdown takes for nothing but text."""
    return re.sub(r"[^A-Za-z0-9 \u0080-\U0010ffff]", lambda one: f"&#{ord(one[0])};", shown)


def prose(text: str) -> str:
    """Sentences: what Markdown would read, and the start of a link, as numbers."""
    return _READ.sub(lambda one: f"&#{ord(one[0])};", cut(text, 2000))
