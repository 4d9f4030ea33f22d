"""The escapes of programs and JSON, of URLs, and of HTML and XML."""

from __future__ import annotations

import re

from detectors.anchor import Anchor, widest
from detectors.decoding.escape_decoder import EscapeDecoder, Escapes
from detectors.decoding.words import CORE, NAMES, STRONG, alternatives

__all__ = ["backslash_decoder", "html_decoder", "percent_decoder"]

_SPELLED = 5
"""Bytes of a word that are looked for where each is an escape."""

# A row of escapes of one kind is one match, so that it is one piece.
_BACKSLASH = re.compile(
    rb"(?:\\x[0-9A-Fa-f]{2})+|(?:\\u00[0-7][0-9A-Fa-f])+"
    rb"|\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}"
    rb"|\\u\{[0-9A-Fa-f]{1,6}\}|\\U[0-9A-Fa-f]{8}|\\[0-3]?[0-7]{1,2}|\\[nrtbfav\"'`\\/]"
)
_SHORT = {
    b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"a": b"\a", b"v": b"\v",
}  # fmt: skip


def _character(number: int) -> bytes:
    return chr(number if number < 0x110000 else 0xFFFD).encode("utf-8", "replace")


def _undo_backslash(found: re.Match[bytes]) -> bytes:
    text = found.group()
    kind = text[1:2]
    if kind == b"x":
        return bytes.fromhex(text.replace(b"\\x", b"").decode())
    if kind == b"u":
        if text[2:3] == b"{":
            return _character(int(text[3:-1], 16))
        if text.startswith(b"\\u00"):
            return (
                bytes(int(each, 16) for each in text.split(b"\\u")[1:]).decode("latin-1").encode()
            )
        units = bytes.fromhex(text.replace(b"\\u", b"").decode())
        return units.decode("utf-16-be", "replace").encode()
    if kind == b"U":
        return _character(int(text[2:], 16))
    if kind.isdigit():
        return bytes((int(text[1:], 8) & 0xFF,))
    return _SHORT.get(kind, kind)


_PERCENT = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")


def _undo_percent(found: re.Match[bytes]) -> bytes:
    return bytes.fromhex(found.group().replace(b"%", b"").decode())


_ENTITY = re.compile(rb"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});")


def _undo_entity(found: re.Match[bytes]) -> bytes:
    from html import unescape

    return unescape(found.group().decode()).encode("utf-8", "replace")


BACKSLASH = Escapes("escapes", b"\\", _BACKSLASH, _undo_backslash)
PERCENT = Escapes("percent", b"%", _PERCENT, _undo_percent)
HTML = Escapes("html", b"&", _ENTITY, _undo_entity)


def _anchor(expression: str, *keywords: str) -> Anchor:
    return Anchor(expression, widest(expression), keywords=keywords)


def _before(*escapes: str) -> list[Anchor]:
    """Anchors for names of secrets right before an escape."""
    # Written out, because `token` alone stands everywhere and would have to be tried each time.
    forms = (name + escape for name in NAMES for escape in escapes)
    return alternatives(forms, any_case=True)


def _after(escape: str) -> list[Anchor]:
    """Anchors for starts of secrets right behind an escape, whose last character makes one word
    with them."""
    width = widest(escape)
    return [
        Anchor(escape + one.expression, width + one.width, keywords=one.keywords)
        for one in alternatives(prefix.decode() for prefix in STRONG)
    ]


def backslash_decoder() -> EscapeDecoder:
    """The decoder for escapes as programs and JSON write them."""
    letter, any_one = r"\\x[67][0-9A-Fa-f]", r"\\x[3-7][0-9A-Fa-f]"
    return EscapeDecoder(
        BACKSLASH,
        [
            _anchor(r"\\u00[2-7][0-9A-Fa-f]", "\\u00"),
            _anchor(letter * 2 + any_one * 2, "\\x6", "\\x7"),
            _anchor(r"\\1[4-7][0-7]\\1[4-7][0-7]\\[01][0-7][0-7]\\", "\\1"),
            # Slashes, as PHP and others write JSON: a password in a URL, or a URL that is one.
            _anchor(r""":\\/\\/[^\s:/@\\"'`<>]{0,60}:[^\s@"'`<>]{3,100}@""", ":\\/\\/"),
            _anchor(r"(?:slack|discord|discordapp|office)\.com\\/[a-z]{3,8}\\/", ".com\\/"),
            *_before('\\"', '\\\\\\"'),
            *_after(r"\\[nrt]"),
        ],
    )


def percent_decoder() -> EscapeDecoder:
    """The decoder for percent escapes, as in URLs."""
    words = {word[:_SPELLED] for word in CORE}
    return EscapeDecoder(
        PERCENT,
        [
            _anchor(r"(?i:%3a%2f%2f)[^\s%]{1,64}%3[aA]", "%3a%2f%2f"),
            *_before("%3a", "%3d", "%22"),
            _anchor(r"PRIVATE(?:%20|\+)KEY", "private"),
            *alternatives(("".join(map("%{:02x}".format, word)) for word in words), any_case=True),
            *_after(r"%(?:3[AaDd]|2[02])"),
        ],
    )


def html_decoder() -> EscapeDecoder:
    """The decoder for character references of HTML and XML."""
    return EscapeDecoder(
        HTML,
        [
            *_before("&quot;", "&#34;", "&#x22;"),
            _anchor(r"&#(?:9[789]|1[012][0-9]);&#(?:9[0-9]|1[012][0-9]);&#", "&#"),
            _anchor(r"&#[xX][67][0-9A-Fa-f];&#[xX][67][0-9A-Fa-f];&#", "&#x"),
        ],
    )
