"""What is told of a value without telling the value: traits, and its shape."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Callable

__all__ = ["shape_of", "traits_of"]

_LONGEST = 16_384
"""Bytes of a value that are looked at."""
_ON = frozenset((b"true", b"yes", b"on", b"1", b"enabled", b"enable"))
_OFF = frozenset((b"false", b"no", b"off", b"0", b"disabled", b"disable"))
_LOUD = frozenset((b"debug", b"trace", b"verbose", b"silly"))
_NUMBER = re.compile(rb"[-+]?\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?|0x[0-9a-fA-F]+")
_DEBUG_KEY = re.compile(r"(?i:(?:^|[^a-z])debug(?:[^a-z]|$))|(?<=[a-z])Debug(?![a-z])")
_MODE_KEY = re.compile(
    r"(?i)(?:.*_)?(?:node|bun|deno|rails|rack|app|flask|django|symfony|hanami|mix|go|aspnetcore|dotnet)"
    r"_env(?:ironment)?"
)
_UNFINISHED = frozenset((b"development", b"develop", b"dev", b"local"))
_URL = re.compile(rb"[a-zA-Z][\w+.-]{0,30}://\S+")
_IP = (
    rb"(?:(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?(?![\w.])"
    rb"|\[?(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{1,4}\]?)"
)
_ENDS = (
    rb"com|net|org|io|dev|app|cloud|local|localhost|internal|intranet|lan|corp|svc|cluster|arpa|info"
    rb"|biz|co|ai|gov|edu|int|mil|xyz|tech|online|site|services|systems|network|global|example|test"
    rb"|invalid|uk|de|fr|nl|eu|us|ca|au|nz|in|jp|cn|kr|br|ru|it|es|pt|pl|se|no|fi|dk|ch|at|be|ie|cz"
    rb"|sg|hk|za|me|tv|cc|sh|gg|so|to|ws|run|page|zone|host|digital|software"
)
_LABEL = rb"(?:[a-zA-Z0-9_](?:[\w-]{0,61}[a-zA-Z0-9])?)"
_NAME = rb"(?:%s\.)+(?:%s)\.?" % (_LABEL, _ENDS)
_PORT = rb"(?::\d{1,5})?"
_HOST = re.compile(
    rb"(?<=://)[^\s/?#@:]*:?[^\s/?#@]*@[^\s/?#]+|(?<=://)[^\s/?#,\"']+|(?<=@)%s(?:\.%s)*%s"
    rb"|(?<![\w.@-])%s%s(?![\w-])|%s%s|\blocalhost\b%s"
    % (_LABEL, _LABEL, _PORT, _NAME, _PORT, _IP, _PORT, _PORT)
)
_WHOLE_HOST = re.compile(rb"(?:%s|%s|localhost|%s:\d{1,5})(?::\d{1,5})?\.?" % (_NAME, _IP, _LABEL))
_LOCAL = re.compile(
    rb"(?i)(?:^|://|@|[^\w.-])(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[?::1\]?"
    rb"|host\.docker\.internal|[\w-]+\.localhost)(?![\w.-])"
)
_ACCOUNT = re.compile(rb"(?<![\w.])\d{6,}(?![\w.])|(?<=[-_/:])\d{6,}(?=[-_/:.]|$)")
_WORD = re.compile(rb"[A-Za-z]+\d{0,4}")
_COMMON_WORD = re.compile(rb"[a-zA-Z]{1,12}|[a-z]+(?:[-_.][a-z]+)?(?=\Z)")
_NAME_OF_ONE = re.compile(
    rb"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|(?=.*(?:key|secret|password|passwd|token|cert|name|id|cred|url|user))"
    rb"[a-z]+(?:[-_.][a-z]+)+"
)
"""What a secret is called where it is kept, and no secret: `DB_PASSWORD`, `db-password`."""
_SIGNS = re.compile(rb"[^A-Za-z0-9]+")
_FILLED = re.compile(rb"\$[({]|\{\{|<%")
_SHORT = 8
_SOPS_DATA = re.compile(rb"ENC\[AES256_GCM,data:([A-Za-z0-9+/=]*),")


def traits_of(
    text: bytes, key: str, kind: str, is_environment: Callable[[str], bool]
) -> frozenset[str]:
    """What `forensics.drift.model.Observation` tells of a value.

    Args:
        text: the value in canonical form.
        key: under which it stands.
        kind: as `forensics.config.standing` has it.
        is_environment: whether a name, in small letters, is an environment's.
    """
    if kind == "ciphertext":
        data = _SOPS_DATA.match(text)
        return frozenset([f"bytes:{_decoded(data[1])}"]) if data else frozenset()
    if kind in ("empty", "reference"):
        return frozenset()
    if kind == "placeholder":
        return frozenset(["signs"]) if _SIGNS.fullmatch(text) else frozenset()
    value = text[:_LONGEST]
    lowered = value.lower()
    traits = set()
    if lowered in _ON:
        traits.add("on")
    if lowered in _OFF:
        traits.add("off")
    if _NUMBER.fullmatch(value):
        traits.add("number")
    if _URL.match(value):
        traits.add("url")
    elif _WHOLE_HOST.fullmatch(value):
        traits.add("host")
    if _LOCAL.search(value):
        traits.add("local")
    last = key.rpartition(".")[2]
    in_development = lowered in _UNFINISHED and _MODE_KEY.fullmatch(last)
    if lowered in _LOUD or (lowered in _ON and _DEBUG_KEY.search(last)) or in_development:
        traits.add("debug")
    if len(value) <= 64 and is_environment(lowered.decode("utf-8", "replace")):
        traits.add("environment-name")
    common = _COMMON_WORD.fullmatch(value) or _NAME_OF_ONE.fullmatch(value) or _FILLED.search(value)
    if len(text) < _SHORT or traits - {"url", "local"} or common:
        traits.add("short")
    return frozenset(traits)


def _decoded(data: bytes) -> int:
    """How many bytes base64 stands for."""
    try:
        return len(b64decode(data))
    except Error:
        return 0


def shape_of(text: bytes, is_environment: Callable[[str], bool]) -> bytes:
    """A value with hosts, addresses, numbers of accounts and names of environments taken out."""
    if len(text) > _LONGEST:
        return text
    if _WHOLE_HOST.fullmatch(text):
        return b"<h>"

    def without_environment(found: re.Match[bytes]) -> bytes:
        word = found[0]
        return b"<e>" if is_environment(word.lower().decode("ascii")) else word

    shaped = _HOST.sub(b"<h>", text)
    shaped = _ACCOUNT.sub(b"<n>", shaped)
    return _WORD.sub(without_environment, shaped)
