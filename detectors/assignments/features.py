"""What a place and its surroundings say about whether its value is a secret, as numbers."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import NamedTuple

from detectors.assignments.key_words import key_words
from detectors.assignments.places import FORMS, Place
from detectors.assignments.text import Language

__all__ = ["NAMES", "Surroundings", "near", "vector"]


class Surroundings(NamedTuple):
    """What a place is judged by beside itself."""

    line: bytes
    places: int
    """How many places the line has."""
    near: tuple[bool, ...]
    """What stands in the text around the line: see `near`."""


_KEY_GROUPS: tuple[tuple[str, frozenset[bytes]], ...] = tuple(
    (name, frozenset(words.encode().split()))
    for name, words in (
        ("password", "password passwd passphrase pass pwd pw passcode"),
        ("secret", "secret secrets"),
        ("token", "token tokens"),
        ("key", "key keys apikey"),
        ("auth", "auth oauth authorization authentication bearer basic jwt"),
        ("api", "api apikey rest"),
        ("access", "access accesskey"),
        ("client or consumer", "client consumer app application"),
        ("private", "private priv rsa dsa ec pem"),
        ("public", "public pub"),
        ("encryption", "encryption encrypt encrypted cipher aes crypto crypt hmac signing sign"),
        ("signature", "signature sig digest checksum"),
        ("hash or salt", "hash hashed salt nonce iv"),
        ("session", "session cookie csrf xsrf sid"),
        ("database", "db database mysql postgres postgresql pg redis mongo sql root"),
        ("user", "user username login email account owner name author"),
        ("id", "id ids uuid guid arn"),
        ("test", "test example sample mock fake dummy demo invalid wrong bad"),
        ("place", "path file url uri dir endpoint host field column table label type prefix"),
        ("refresh or reset", "refresh reset confirmation verification verify remember"),
        ("base", "base default value"),
        ("service", "aws azure google github gitlab slack stripe twilio twitter facebook steam"),
        ("item", "primary foreign sort cache index hot map translation message item sub json"),
    )
)
_OPERATORS = ("=", ":", "=>", ":=", "==", ",", "(", ">", "!=")
_CONTEXT = (
    ("assertion before", rb"(?i)assert|expect|should|equal|verify|mock|stub|describe|test|\bit\b"),
    ("declaration before", rb"\b(?:const|let|var|val|final|static|public|private|[sS]tring)\b"),
    ("function before", rb"\b(?:def|func|function|fn|class|interface|import|return|if|elif)\b"),
    ("comment", rb"^\s*(?:#|//|\*|/\*|--|<!--|;|>)"),
    ("list item", rb"^\s*-\s"),
    ("tag", rb"<[A-Za-z]"),
    ("shell", rb"(?i)(?:^|\s)(?:export|set|env|-e|curl|docker|mysql|ENV|ARG|RUN)\s"),
    ("header before", rb"(?i)-H\s|header|authorization"),
)  # fmt: skip
_CONTEXT_EXPRESSIONS = tuple(re.compile(expression) for _, expression in _CONTEXT)
_NEAR: tuple[tuple[str, tuple[bytes, ...]], ...] = (
    ("credential near", (b"pass", b"secret", b"token", b"auth", b"credential")),
    ("user near", (b"user", b"login", b"email", b"account")),
    ("host near", (b"host", b"port", b"url", b"endpoint", b"server", b"database")),
    ("key type near", (b"kty", b"alg", b"rsa", b"modulus")),
    ("test near", (b"test", b"assert", b"expect", b"should", b"mock", b"example", b"fake")),
)
_SHAPES = (
    ("placeholder", rb"(?i)example|sample|dummy|placeholder|change.?(?:me|it|this)|your|insert|"
     rb"replace|redact|hidden|todo|fixme|xxx|\.\.\.|<[^>]*>|\*\*\*|here$|\[\w+\]|some[-_ ]?"),
    ("common stand-in", rb"(?i)^(?:foo|bar|baz|qux|test|fake|mock|none|null|nil|undefined|true|"
     rb"false|string|abc|xyz|hello|value|secret|password|passw0rd|token|key|user|admin)\d*$"),
    ("stand-in word", rb"(?i)foo|bar|baz|test|fake|mock|secret|passw|token|key|user|name|valid"),
    ("reference", rb"\$\{|\$\(|\{\{|%[sdv(]|^\$[A-Za-z_]|process\.env|environ|getenv|#\{|<%|^@|"
     rb"^\{[\w.]*\}$|^env[.:]|^vault:|^arn:|^%\w+%$"),
    ("call", rb"[A-Za-z_][\w.]*[(\[]|\)\s*$|->|::|^self\.|^this\.|&&|\|\||\+\s|\s\+|=>"),
    ("member", rb"^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$"),
    ("camel case", rb"^[A-Za-z][a-z]+(?:[A-Z][a-z]+)+\d{0,2}$"),
    ("snake case", rb"^[A-Za-z]+(?:[_.:/-][A-Za-z0-9]+)+$"),
    ("upper snake case", rb"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$"),
    ("hexadecimal", rb"^(?:0x)?[0-9a-fA-F]+$"),
    ("uuid", rb"^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"),
    ("number", rb"^[\d.,:+-]+$"),
    ("address", rb"^[\w.+-]+@[\w-]+\.|^\w{2,12}://|^[./~]|^[A-Z]:\\|\.(?:com|org|net|io|js|py|go|"
     rb"rb|ya?ml|json|pem|key|crt|txt|md|html?|xml)\b"),
    ("path", rb"^[\w.-]*(?:/[\w.-]+)+/?$"),
    ("sentence", rb"^\W*[A-Za-z']+(?:[ ,.:]+[A-Za-z'0-9]+){2,}"),
    ("digest or public", rb"^(?:sha\d+|md5|\{\w+\}|\$\w+\$|ssh-|AAAA[BCE]|ENC\(|vault:|\$ANSIBLE)"),
    ("public certificate", rb"^MII[A-D]"),
    ("json", rb"^[{\[]"),
    ("date", rb"^\d{4}-\d\d-\d\d"),
    ("version", rb"^v?\d+\.\d+"),
    ("ascending", rb"(?i)^(?=.{3,24}$).*(?:1234|abcd|qwer|asdf|zxcv|9876|1111|0000|aaaa|1q2w)"),
    ("base64 end", rb"={1,2}$"),
    ("escape", rb"\\[nrtux0]|%[0-9A-F]{2}"),
    ("regular expression", rb"\\[dswb]|\[\^?\w-\w|\.[*+]|\(\?"),
    ("colon", rb":"),
    ("space", rb"\s"),
    ("punctuation", rb"[!@#$%^&*?]"),
    ("year", rb"(?:19|20)\d\d"),
    ("word and digits", rb"^[A-Za-z]+[\W_]?\d{1,4}\W?$"),
)  # fmt: skip
_SHAPE_EXPRESSIONS = tuple(re.compile(expression) for _, expression in _SHAPES)
_LENGTHS = (16, 20, 24, 28, 32, 36, 40, 43, 44, 48, 56, 64, 86, 88, 96, 128)
_RUN = re.compile(rb"[a-z]+|[A-Z]+|[0-9]+|[^A-Za-z0-9]+")

NAMES: tuple[str, ...] = (
    *(f"form {form}" for form in FORMS),
    *(f"the name says {name}" for name, _ in _KEY_GROUPS),
    *(f"the name ends with {name}" for name, _ in _KEY_GROUPS[:6]),
    "the name ends with id", "length of the name", "words in the name", "the name is in capitals",
    "the name has dots", "the name starts with a sign", "the name starts with a capital",
    *(f"operator {operator}" for operator in _OPERATORS),
    "a call around the value", "a quoted name", "a list",
    'quote "', "quote '", "quote `", "an escaped quote", "no quote",
    "length", "entropy", "entropy for its length", "lower case letters", "capitals", "digits",
    "other characters", "changes of character class", "different characters", "a usual length",
    "length divisible by four", "vowels", "starts with a capital", "letters alone",
    "one case", "letter pairs", "least likely letters", "in dictionary words",
    "longest dictionary word", "in dictionary words as leet", "value in the name",
    "name in the value",
    *(f"shape: {name}" for name, _ in _SHAPES),
    "length of the line", "indentation", "places in the line", "quotes in the line",
    "parentheses in the line", "ends the line", "a call after it", "a member after it",
    "a comma after it", "a semicolon after it",
    *(name for name, _ in _CONTEXT), *(name for name, _ in _NEAR),
)  # fmt: skip
"""What each number of `vector` says."""

VALUE_NAMES = frozenset(NAMES[NAMES.index("length") : NAMES.index("length of the line")])
"""Those that only the value decides."""


def near(text: bytes) -> tuple[bool, ...]:
    """Which of the things worth knowing stand in the text around a line."""
    lowered = text.lower()
    return tuple(any(word in lowered for word in words) for _, words in _NEAR)


def _entropy(value: bytes) -> float:
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values())


def _operator(place: Place) -> str:
    sign = place.operator.strip(b" \t\"'`\\])[")
    for operator in ("=>", ":=", "==", "!=", "=", ":", ",", "(", ">"):
        if sign.startswith(operator.encode()):
            return "==" if operator == "==" else operator
    return ""


def vector(place: Place, around: Surroundings, language: Language) -> list[float]:
    """The features of a place, in the order of `NAMES`."""
    line = around.line
    value = line[place.start : place.end]
    size = len(value)
    words = key_words(place.key) if place.form != "url" else [b"url"]
    last = words[-1] if words else b""
    groups = [any(word in group for word in words) for _, group in _KEY_GROUPS]
    operator = _operator(place)
    lower = sum(97 <= byte <= 122 for byte in value)
    upper = sum(65 <= byte <= 90 for byte in value)
    digits = sum(48 <= byte <= 57 for byte in value)
    entropy = _entropy(value)
    like = language.likeness(value)
    lowered = value.lower()
    head, tail = line[: place.key_start], line[place.end + len(place.quote) :]
    return [
        *(float(place.form == form) for form in FORMS),
        *map(float, groups),
        *(float(last in group) for _, group in _KEY_GROUPS[:6]),
        float(last in (b"id", b"ids")), float(len(place.key)), float(len(words)),
        float(place.key.isupper()), float(b"." in place.key), float(place.key[:1] in (b"$", b"@")),
        float(place.key[:1].isupper()),
        *(float(operator == each) for each in _OPERATORS),
        float(b"(" in place.operator), float(place.operator[:1] in (b'"', b"'", b"\\", b"`")),
        float(b"[" in place.operator),
        float(place.quote == b'"'), float(place.quote == b"'"), float(place.quote == b"`"),
        float(place.quote[:1] == b"\\"), float(not place.quote),
        float(size), entropy, entropy / math.log2(size) if size > 1 else 0.0,
        lower / size, upper / size, digits / size, (size - lower - upper - digits) / size,
        len(_RUN.findall(value)) / size, len(set(value)) / size, float(size in _LENGTHS),
        float(size % 4 == 0), sum(byte in b"aeiouAEIOU" for byte in value) / size,
        float(value[:1].isupper()), float(lower + upper == size),
        float(not lower or not upper), *map(float, like),
        float(lowered in place.key.lower()), float(len(last) > 2 and last in lowered),
        *(float(each.search(value) is not None) for each in _SHAPE_EXPRESSIONS),
        float(min(len(line), 2000)), float(len(line) - len(line.lstrip())), float(around.places),
        float(line.count(b'"') + line.count(b"'")), float(line.count(b"(")),
        float(not tail.strip(b" \t\r,;)}]")), float(tail[:1] == b"("), float(tail[:1] == b"."),
        float(tail[:1] == b","), float(tail[:1] == b";"),
        *(float(each.search(head) is not None) for each in _CONTEXT_EXPRESSIONS),
        *map(float, around.near),
    ]  # fmt: skip
