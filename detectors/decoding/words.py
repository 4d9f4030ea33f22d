"""Words of secrets, in the forms that encodings give them: what is looked for in every content."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable

from detectors.anchor import Anchor

__all__ = [
    "CORE", "NAMES", "PLAIN", "STARTS", "STRONG", "WIDE", "alternatives", "base64_literals",
]  # fmt: skip

# Each word here becomes one to nine literals of the prefilter. A thousand literals more, whatever
# they are, make it a tenth slower, so the lists hold what stands in most of what is encoded.

STRONG = (
    b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"github_pat_", b"glpat-", b"npm_", b"pypi-AgE",
    b"xoxb-", b"xoxp-", b"sk_live_", b"rk_live_", b"sk-ant-", b"sk-proj-", b"AKIA", b"AIza",
    b"ya29.", b"GOCSPX-", b"dop_v1_", b"shpat_", b"hvs.", b"lin_api_", b"ATATT3xF",
    b"AGE-SECRET-KEY-1", b"eyJhbGciOi",
)  # fmt: skip
"""Starts of secrets that are also looked for right behind an escape."""

STARTS = (
    *STRONG, b"ASIA", b"eyJ0eXAiOi", b"xoxe", b"dckr_pat_", b"glsa_", b"gsk_", b"whsec_",
    b"shpss_", b"figd_", b"sk-or-v1-", b"xkeysib-", b"rubygems_", b"ATCTT3xF", b"NRAK-",
    b"PMAK-", b"AccountKey=", b"SharedAccessKey=", b"hooks.slack.com", b"PRIVATE KEY",
    b"PuTTY-User-Key-File", b"openssh-key-v1",
)  # fmt: skip
"""Starts of secrets."""

NAMES = ("password", "passwd", "secret", "token", "api_key", "apikey")
"""Names of secrets, in lower case."""

PLAIN = (
    *(form.encode() for name in (*NAMES, "access_key", "private_key")
      for form in (name, name.upper())),
    b"Password", b"Secret", b"Token", b"ApiKey", b"AccessKey", b"accessKey", b"Bearer ",
    b"https://", b"http://", b"postgres", b"mysql://", b"mongodb", b"redis://", b"amqp://",
    b"jdbc:", b'"auth":',
)  # fmt: skip
"""What stands beside secrets."""

CORE = (b"password", b"secret", b"token", b"PRIVATE KEY")
"""Words that are also looked for where they are encoded twice."""

WIDE = (*CORE, b"Password", b"Secret", b"Token", b"https://")
"""Words that are also looked for in letters of two bytes."""

_LONGEST = 8000
"""Characters of one expression; Hyperscan takes some 16,000."""


def alternatives(forms: Iterable[str], *, any_case: bool = False) -> list[Anchor]:
    """Anchors for texts one of which stands somewhere, as few as there can be."""
    anchors: list[Anchor] = []
    taken: list[str] = []
    length = 0
    for form in (*sorted(set(forms)), ""):
        if taken and (not form or length + 2 * len(form) > _LONGEST):
            body = "|".join(map(re.escape, taken)).replace("\0", r"\x00")
            expression = f"(?i:{body})" if any_case else f"(?:{body})"
            keywords = tuple(dict.fromkeys(one.lower() for one in taken))
            anchors.append(Anchor(expression, max(map(len, taken)) + 2, keywords=keywords))
            taken, length = [], 0
        taken.append(form)
        length += 2 * len(form)
    return anchors


_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_LEAST_LITERAL = 6
"""Characters. With a thousand literals of five, the prefilter took a tenth longer for source."""
_STRONG_LITERAL = 5


def base64_literals(word: bytes) -> dict[bytes, int]:
    """What is sure to stand in base64 of any text that holds `word`, and how many characters
    after the start of a group of four it starts.

    Of a word of four bytes nothing is left that is long enough, unless it is one of `STRONG`.
    """
    found: dict[bytes, int] = {}
    least = _STRONG_LITERAL if word in STRONG else _LEAST_LITERAL
    for before in range(3):
        text = b64encode(bytes(before) + word)
        first, last = (0, 2, 3)[before], (before + len(word)) * 8 // 6
        literal = text[first:last]
        if len(literal) >= least:
            found[literal] = first
        elif len(literal) == least - 1 and before == 1:
            # Of the character before, only what the unknown byte puts into two bits is open.
            low = _ALPHABET.index(text[1]) & 15
            for high in range(4):
                edge = _ALPHABET[high << 4 | low]
                found[bytes((edge,)) + literal] = 1
    return found
