"""What is not worth judging: cheap answers for most places, before the model is asked."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Container

from detectors.assignments.meanings import means_something_else
from detectors.assignments.places import Place
from detectors.filters import ISSUED, rejection

__all__ = ["worth_judging"]

_REFERENCE = re.compile(
    rb"\$\{|\{\$|\$\(|\{\{|#\{|<%|^!|^%[A-Za-z(]|%[A-Z_]+%|^\$[A-Za-z_]|^<|^\[|\(\?[:=!<P]"
    rb"|\{[\w-]*(?::[^{}]*)?\}|[\x00-\x08\x0e-\x1f]"
    rb"|^\w{2,12}://[^@]*$"
)
_WORD = rb"(?:[a-z]{2,20}|[A-Z]{2,20}|[A-Z]?[a-z]{1,19}(?:[A-Z][a-z]{2,19}){1,4})[0-9]{0,2}"
_KEPT_ELSEWHERE = re.compile(
    rb"(?:vault|ssm|secretsmanager|op|ref|env|file):/{0,2}%b(?:[-_./:#]%b)*" % (_WORD, _WORD)
)
"""A store and names in it. What chance drew may follow on such a word too: that is judged."""
_STAND_IN = re.compile(
    rb"(?i)change[-_ .]?(?:me|it|this)|\byour[-_ ]|placeholder|redacted|fixme|<[^>]*>|\.{3}"
    rb"|correct.?horse"
    rb"|replace[-_ ]?(?:me|with|this)|insert[-_ ]|enter[-_ ]|put[-_ ].*here"
    rb"|^(?:invalid|wrong|expired)[-_]|^(?:should|must|will)[-_](?:not[-_])?be[-_]"
    rb"|^(?:test|some|any|dummy)[-_]value(?:[-_]?\d+)?$"
)
_SHORT = re.compile(
    rb"[a-z]?\d+=[*a-z\d].*|0x[0-9A-Fa-f]{1,16}|[\d.:xX-]{1,5}|(?:\\{1,2}x[0-9A-Fa-f]{2}){1,7}"
)
_NAME = re.compile(rb"[A-Za-z_$][A-Za-z_.$-]*")
_MEMBER = re.compile(rb"[A-Za-z_]\w*(?:\.|->|::)[A-Za-z_]\w*(?:\.\w+)*")
_GOES_ON = (b"(", b"{", b"[", b"<", b"$")
"""What follows on the start of a call, a template or an expression, not on a whole value."""
_PUBLIC = re.compile(rb"(?i)pub(?:lic|lishable)?[_.-]?key|x_pkey|p256dh|public_?token|site_?key")
_NO_CREDENTIAL = re.compile(
    rb"(?i)idempotency[_-]?key|sec-websocket-key|[cx]srf(?:middleware)?[-_]?token|authenticity_token"
)
"""Names for what is drawn anew for each request (RFC 6455 for the second) or form."""
_SAMPLE_NONCE = b64encode(b"the sample nonce")
"""The `Sec-WebSocket-Key` of RFC 6455, section 1.3, under whatever name."""
_STATEMENT = re.compile(rb"(?i)\b(?:create|alter|grant|role|user)\b|openssl|pass(?:in|out)")
_CHOSEN = re.compile(rb"(?i)pass|pwd|secret")
_SHORTEST_TOKEN = 8
"""Bytes of a key or token without quotes; people choose shorter passwords."""
_NAME_LENGTH = 20
"""Bytes up to which letters alone, without quotes, are taken for a name in a program."""


def worth_judging(place: Place, line: bytes, words: Container[bytes]) -> bool:
    """Whether a value could be a secret at all.

    Args:
        place: where it stands.
        line: the line, or what is seen of it.
        words: of the dictionary, in lower case. One word alone is taken for a stand-in.
    """
    value = line[place.start : place.end]
    word = value.lower() if place.quote else value.lower().rstrip(b".!?")
    if word in words or _REFERENCE.search(value) or _SHORT.fullmatch(value):
        return False
    if _KEPT_ELSEWHERE.fullmatch(value):
        return False
    if _STAND_IN.search(value) or value == _SAMPLE_NONCE or rejection(value, ISSUED):
        return False
    if (
        not place.quote
        and line[place.end : place.end + 1] in _GOES_ON
        and place.operator[:1] != b">"  # the end of an element
    ):
        return False
    if _PUBLIC.search(place.key) or _NO_CREDENTIAL.search(place.key):
        return False
    if place.form == "sql" and not _STATEMENT.search(line):
        return False
    if place.form in ("assign", "flag") and means_something_else(place, line):
        return False
    chosen = _CHOSEN.search(place.key) is not None
    if (
        not chosen
        and place.form in ("assign", "flag")
        and (value.isdigit() or (not place.quote and len(value) < _SHORTEST_TOKEN))
    ):
        return False
    if place.form == "scheme":
        return len(value) >= 8 and not _NAME.fullmatch(value.rstrip(b".,:"))
    if place.quote or place.form in ("array", "url"):
        return True
    if b"(" in place.operator or (_MEMBER.fullmatch(value) and len(value) < 2 * _NAME_LENGTH):
        return False
    if not _NAME.fullmatch(value) or len(value) >= _NAME_LENGTH:
        return True
    return place.form != "flag" and chosen
