"""What a value that is assigned may mean instead of a secret: a text for people, a version, a rule
for inputs, an item's id, a name of the program."""

from __future__ import annotations

import re
import unicodedata

from detectors.assignments.places import Place

__all__ = ["means_something_else"]

_SENTENCE = re.compile(rb"[A-Z][A-Za-z'-]*(?:[ ,]+[A-Za-z][A-Za-z'-]*)+[ .!?:]*")
_REPLY = re.compile(rb"(?:[1-5][0-9]{2}[ -]|\+OK |-ERR )[A-Za-z].*")
"""What a server of FTP, SMTP or POP3 answers (RFC 959, RFC 5321, RFC 1939)."""
_WORDS_FOR_PASSWORD = (
    "passwort", "kennwort", "senha", "palavra-passe", "contraseña", "contrasena", "contrasenya",
    "clave", "parola", "parolă", "hasło", "haslo", "heslo", "jelszó", "jelszo", "salasana",
    "lösenord", "losenord", "passord", "adgangskode", "kodeord", "wachtwoord", "şifre", "şifrə",
    "sifre", "lozinka", "geslo", "parool", "slaptažodis", "parole", "sandi", "lykilorð",
)  # fmt: skip
_WORD_FOR_PASSWORD = re.compile(
    rb"(?i)[a-z-]*(?:%b)" % "|".join(filter(str.isascii, _WORDS_FOR_PASSWORD)).encode()
)
"""Another may stand before it: `Adminpasswort`."""
_RELEASE = rb"[\^~<>=v ]{0,4}[0-9]{1,5}(?:\.(?:[0-9]{1,9}|[x*])){%s}(?:-[a-z][\w.]{0,20})?"
_VERSIONS = re.compile(
    rb"(?:(?:npm|workspace|patch):(?:@?[\w./-]{1,80}@)?)?"
    + _RELEASE % b"1,3"
    + rb"(?: ?(?:\|\||,| - | ) ?"
    + _RELEASE % b"0,3"
    + rb"){0,20}"
)
"""A release, as an image's tag has it, or a range of them, as a lock file does."""
_MOMENT = re.compile(
    rb"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
    rb"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
"""A date with a time of day, as ISO 8601 has it."""
_NUMBER = re.compile(rb"[+-]?[0-9]{1,3}(?:_[0-9]{3})+")
"""With its thousands apart, as programs may write it."""
_CONDITION = re.compile(rb"[A-Za-z_][\w.]* (?:[<>=!]=|[<>]) [\w.]+")
_RULES_FOR_INPUT = re.compile(rb"[a-z_]+(?::[\w,]+)?(?:\|[a-z_]+(?::[\w,]+)?)+")
"""Such as `nullable|string|max:255`."""
_EXPRESSION = re.compile(
    rb"^(?:A-Z|a-z|0-9|A-F|a-f){2,}[^A-Za-z0-9]{0,12}$|"
    rb"\[[^\[\]]{0,20}\w-\w[^\[\]]{0,20}\](?:\{[0-9]{1,4}(?:,[0-9]{0,4})?\}|[+*])"
)
"""Part of a regular expression: characters, and how many."""
_ENCRYPTED = re.compile(rb"(?i)(?:k8s:)?enc:")
"""Starts of what is written encrypted."""
_DIGEST = re.compile(rb"(?i)(?:md5|sha-?(?:1|224|256|384|512)|blake[23]b?)[:-][0-9a-f]{32,128}")
"""With the name of its algorithm. Of a password it may be a stored one."""
_PUBLIC_KEY = re.compile(
    rb"age1[02-9ac-hj-np-z]{58}|(?:[a-z0-9]{1,16}_){0,4}pub(?:_[a-z0-9]{1,16}){0,4}"
)
"""Recipients of age, https://age-encryption.org/v1, and names of public halves."""
_MASKED = re.compile(
    rb"(?:[A-Za-z0-9]{1,12}[-_.]){1,4}(?:[xX]+|\*+)|.*[-_.][xX]{3}(?:[-_.].*)?", re.DOTALL
)
"""The start of a token, as an example has it: `ghp_xxx`, or one of its parts."""
_CONSTANT = re.compile(rb"[A-Z]{2,16}(?:_[A-Z]{2,16}){1,6}")
_DEFINITION = re.compile(rb"(?:[A-Za-z_]\w*\.)*#[A-Z]\w*")
"""Of CUE: `core.#Secret`."""
_SHORTEST = 4
_CHOSEN = re.compile(rb"(?i)pass|pwd|secret")
_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LETTERS = re.compile(rb"[A-Za-z\x80-\xff'-]+")
_NEXT_KIND = re.compile(rb"(?i) +(?:password|passphrase|secret|token|(?:api )?key)\b(?! *[:=])")
"""What the word before it only names: `Neo4j password (required)`."""
_NEXT_WORD = re.compile(rb" +[A-Za-z\x80-\xff][\w\x80-\xff'-]*(?![\w:=\x80-\xff'-])")
_ENVIRONMENT = re.compile(rb"(?i)(?:getenv|get_env|environ\.get|\benv|env::var)\([\"'`]?\Z")
"""What takes the name of a variable, and says what stands in it."""
_FIELDS = re.compile(rb"[A-Za-z]+(?::[A-Za-z]+)+")
_PARTS = re.compile(rb"[:/]")
_PART = re.compile(rb"[A-Za-z]{1,20}(?:[-_]?[0-9]{1,6})?|[*#]*")
"""Of a resource's name, or of a pattern for several: `v1:item_12:*`."""
_PREFIX = re.compile(rb"[A-Za-z_:-]+:")
"""What a key in a cache starts with."""
_OF_THE_PROGRAM = re.compile(rb"[$@]|(?:self|this)\.")
"""Starts of the names of variables and members: what follows them without quotes is a name too."""
_NAME = re.compile(rb"[A-Za-z_$][A-Za-z_.$-]*")
_POINTER = re.compile(rb"[*&][A-Za-z_]+(?:\.[A-Za-z_]+)*")
_VARIABLE = re.compile(rb"[a-z]{2,}(?:[A-Z][a-z]+)+")
_ACTION = re.compile(
    rb"(?i:change|reset|forgot|update|set|get|create|verify|validate|check|show|hide|generate)"
    rb"(?:_|(?=[A-Z]))"
)
"""Starts of the names of actions and rights."""
_CAMEL_CASE = re.compile(rb"[A-Za-z][a-z]+(?:[A-Z][a-z]+)+")


def means_something_else(place: Place, line: bytes) -> bool:
    """Whether what is assigned at a place is no secret by what it means."""
    value, key = line[place.start : place.end], place.key.lower()
    if _is_text(value) or _VERSIONS.fullmatch(value) or _RULES_FOR_INPUT.fullmatch(value):
        return True
    if _MOMENT.fullmatch(value) or _NUMBER.fullmatch(value) or _CONDITION.fullmatch(value):
        return True
    if _ENVIRONMENT.search(place.operator):
        return True
    if _EXPRESSION.search(value) or _ENCRYPTED.match(value) or _MASKED.fullmatch(value):
        return True
    if _PUBLIC_KEY.fullmatch(value) or (b"pass" not in key and _DIGEST.fullmatch(value)):
        return True
    if b"\\" in value and len(value.replace(b"\\", b"")) < _SHORTEST:
        return True
    if not _CHOSEN.search(key) and value.lower() in key:
        return True
    sign = place.operator.strip(b" \t\"'`\\")
    if key == b"key" and sign == b":" and _UUID.fullmatch(value):
        return True  # of an item among others: it opens nothing
    return not place.quote and _is_word_of_more(place, value, line, sign)


def _is_text(value: bytes) -> bool:
    """Whether a value is a label, a sentence or a server's reply, in any language.

    One word of Latin letters with accents may still be a password.
    """
    if value.isascii():
        return (
            _SENTENCE.fullmatch(value) is not None
            or _REPLY.fullmatch(value) is not None
            or _WORD_FOR_PASSWORD.fullmatch(value) is not None
        )
    text = value.decode(errors="replace")
    if any(map(str.isdigit, text)):
        return False
    written = [each for each in text if unicodedata.category(each)[0] in "LM"]
    if len(written) * 4 < 3 * sum(not each.isspace() for each in text):
        return False
    foreign = sum(not each.isascii() for each in written)
    return " " in text or foreign * 2 >= len(written) or text.lower() in _WORDS_FOR_PASSWORD


def _is_word_of_more(place: Place, value: bytes, line: bytes, sign: bytes) -> bool:
    """Whether a value without quotes is a text's first word, what a shell says where a variable is
    missing, the start of a key, the rest of an address, one of several fields, or a name in a
    program."""
    if sign == b":" and _LETTERS.fullmatch(value) and _NEXT_WORD.match(line, place.end):
        return True
    if sign == b":" and _NEXT_KIND.match(line, place.end):
        return True
    if place.operator == b":" and (
        value[:2] == b"//" or _one_of_fields(place, value, line) or _names_resource(place, value)
    ):
        return True
    if _POINTER.fullmatch(value):
        return True
    if _VARIABLE.fullmatch(value) and line[place.end : place.end + 1] == b",":
        return True  # a member of an object, or an argument
    if _CONSTANT.fullmatch(value) or _DEFINITION.fullmatch(value):
        return True
    if _PREFIX.fullmatch(value):
        return True
    if value[:1] == b"?" and line[max(0, place.key_start - 2) : place.key_start] == b"${":
        return True
    if _OF_THE_PROGRAM.match(place.key) and _NAME.fullmatch(value):
        return True
    return _ACTION.match(place.key) is not None and _CAMEL_CASE.fullmatch(value) is not None


def _one_of_fields(place: Place, value: bytes, line: bytes) -> bool:
    """Whether a line of several fields is described: `name:password:UID:GID`."""
    before = line[max(0, place.key_start - 1) : place.key_start]
    return before == b":" and _FIELDS.fullmatch(value) is not None


def _names_resource(place: Place, value: bytes) -> bool:
    """Whether a name goes on after a colon: `vendorkey:v1:item_12:*`."""
    parts = _PARTS.split(value)
    return (
        len(parts) > 1
        and not _CHOSEN.search(place.key)
        and all(_PART.fullmatch(part) for part in parts)
    )
