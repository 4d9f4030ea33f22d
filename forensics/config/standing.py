"""What stands in a slot: a value itself, or something that refers to one or hides it."""

from __future__ import annotations

import re
from typing import NamedTuple

from forensics.config.expression import LOOKUP
from forensics.config.slot import Slot

__all__ = ["SWITCH", "Standing", "standing", "standing_of", "tagged", "value_span_of"]

_LONGEST = 65_536
_LONGEST_EXPRESSION = 1_000
_LONGEST_PLACEHOLDER = 200


class Standing(NamedTuple):
    """What stands in a slot, never its text."""

    kind: str
    """`literal`, `reference`, `ciphertext`, `placeholder` or `empty`."""
    by: str = ""
    """What a reference goes through, or what made a ciphertext."""


_IS_LITERAL = Standing("literal")

_CIPHERTEXTS = (
    ("sops", rb"ENC\[AES256_GCM,.*\]"),
    ("ansible-vault", rb"\$ANSIBLE_VAULT;.*"),
    ("pgp", rb"-----BEGIN PGP MESSAGE-----.*"),
    ("age", rb"-----BEGIN AGE ENCRYPTED FILE-----.*|age-encryption\.org/.*"),
    ("git-crypt", rb"\0GITCRYPT.*"),
    ("eyaml", rb"ENC\[(?:PKCS7|GPG|KMS),.*\]"),
    ("jasypt", rb"ENC\([^()]*\)"),
)
_VAULTS = (
    rb"(?:ref\+\w+|secretref\+\w+|vault|op|sm|gcp-?sm|awssm|aws-sm|akv|keyvault|doppler|infisical"
    rb"|bws?|keepass|pass|chamber|berglas|secretsmanager|ssm|azurekeyvault)://.*"
    rb"|(?:vault|bao|openbao):[\w/.-]+(?:[#:].*)?|>>?vault:.*"
    rb"|(?:ssm|secretsmanager|(?:aws|gcp|azure|google):secret[\w-]*|keyring):[\w/.:-]+"
    rb"|\(\([\w./-]+\)\)"
    rb"|@Microsoft\.KeyVault\(.*\)"
    rb"|arn:aws[\w-]*:(?:secretsmanager|ssm):.*"
    rb"|\{\{-?\s*resolve:(?:secretsmanager|ssm|ssm-secure):.*\}\}"
    rb"|\{\{-?\s*(?:vault|lookup\s*\(?\s*[\"'](?:[\w.]*vault|aws_secret|hashi)|op://|with secret)"
    rb".*\}\}"
    rb"|\$\{(?:\w+:)?(?:vault|(?:aws-)?secretsmanager|sm|ssm|keyvault|gcp-secret|secret)[:/@].*\}"
    rb"|\{\{resolve:(?:secretsmanager|ssm).*\}\}|projects/[^/\s]+/secrets/\S+"
)
_REFERENCES = (
    ("ci secret", rb"\$\{\{-?\s*(?:secrets|github\.token|inputs\.secrets)\b.*\}\}|secrets\.\w+"),
    ("vault", _VAULTS),
    (
        "environment",
        rb"\$\{\{?\s*(?:env[.:])?[A-Za-z_]\w*(?::?\?[^{}]*|:?[-=])?\s*\}?\}|\$\w+|\$env:\w+|%\w+%"
        rb"|\$\(\w+\)|\{\{-?\s*(?:env\b|\.Env\b|getenv\b|lookup\s*\(\s*[\"']env\b|ansible_env).*\}\}"
        rb"|!?env\((?:[A-Za-z_:]+)\)|%env\([^()]*\)%|<%=\s*ENV\b.*%>|\$\{(?:sys|env)[:.][\w.]+\}"
        rb"|\$\{!?\w+\}",
    ),
    (
        "template",
        rb"\{\{.*\}\}|<%.*%>|\{%.*%\}|\$\{\{.*\}\}|\$\{[\w.:-]+\}|#\{[^{}]*\}#?|@[\w.]+@|__[A-Z]\w+__|%\(\w+\)s|\$__file\{.*\}",
    ),
    ("file", rb"/(?:var/)?run/secrets/\S+|/etc/secrets/\S+|file:(?:///?)?/\S+"),
    ("function", rb"`[^`]+`|\$\([^()]*(?:\([^()]*\)[^()]*)*\)"),
)
_CODE = (
    (
        "environment",
        rb"(?:.*\W)?(?:process\.env|import\.meta\.env|os\.environ|os\.getenv|getenv|[Ee]nviron\w*|ENV|env|env!|option_env!|\$_ENV|\$_SERVER|Getenv|LookupEnv|Deno\.env|System\.getenv|get_env|env::var)\b.*",
    ),
    (
        "vault",
        rb"(?i:.*(?:vault|secret_?s?_?manager|keyvault|ssm\b|get_?secret|secrets\.get|data\.aws_secrets).*)",
    ),
    ("function", rb".*\(.*\).*"),
    ("variable", rb"[!&*@$]*[A-Za-z_$][\w$]*(?:(?:\??\.|->|::)[\w$]+|\[[^\[\]]*\])*[!?]?"),
)
_CONSTANT = re.compile(rb"(?i:true|false|[-+]?\d[\w.]*)")
_EMPTY = re.compile(rb"(?i:null|nil|none|undefined|nullptr|~|\"\"|'')?")
_PLACEHOLDER = re.compile(
    rb"(?i:<[^<>\n]{1,80}>|\[[\w .-]{1,60}\]|x{3,}|\*{3,}|\.{3,}|-{2,}|_{2,}|#{3,}"
    rb"|.{0,20}(?:\b|_)(?:change|replace|fill|insert|enter|put|set|add)[-_ .]?"
    rb"(?:me|this|it|in|your?|here|with)(?![a-z]).{0,60}"
    rb"|(?:your|my|some|the|an?)[-_ ].{0,40}(?:here|key|token|secret|password|value)"
    rb"|todo|tbd|fixme|dummy|example|sample|n/?a|none|unset|not[-_ ]?set|replaced?|secret[-_ ]?here"
    rb"|\W*(?:redacted|removed|masked|hidden|placeholder)\W*"
    rb"|(?:xxx+|[*]{3,})[-_\w*]{0,20}"
    rb"|(?:[a-z]\w{0,19}[-_])?(?:x{8,}|\*{4,}|\.{3,})"
    rb"|true|false|yes|no|on|off|enabled|disabled|[-+]?\d)"
)
_DEFAULT = re.compile(
    rb"\$\{(?!(?:env|ssm|sys|self|opt|cf|file|secret|vault|custom|param):)"
    rb"(?:[\w.]+\s*:[-=]?+|\w+[-=])(?P<value>[^{}$?+][^{}$]*)\}"
)
"""A variable and what stands for it where there is none; not where it comes from a source that is
named, as the Serverless Framework has it."""
SWITCH = re.compile(rb"(?i:true|false|yes|no|on|off|enabled|disabled|none|[-+]?\d++(?:\.\d++)?)")
"""Values that are none where a secret is looked for."""
_CIPHERED = frozenset(b"E$-a\0")
"""What a ciphertext starts with."""
_TELLING = re.compile(rb"[$%{:<@`#]|secrets|\A__|\(")
"""What stands somewhere in every reference."""
_DOLLAR = ord("$")
_CODE_KINDS = frozenset({"code", "text"})
_EXPRESSIONS = frozenset({"code", "text", "hcl"})


def _compiled(known: tuple[tuple[str, bytes], ...]) -> tuple[tuple[str, re.Pattern[bytes]], ...]:
    return tuple((by, re.compile(pattern, re.S)) for by, pattern in known)


_BY_CIPHERTEXT = _compiled(_CIPHERTEXTS)
_BY_REFERENCE = _compiled(_REFERENCES)
_BY_CODE = _compiled(_CODE)
_TERRAFORM = re.compile(
    rb"(?:\$\{)?(?:var|local|module|each|self|data|random_\w+|aws_\w+)\.[\w.\[\]\"-]+\}?"
)
_TAG = re.compile(rb"![\w!:/-]+(?=[ \t\r\n\"'|>]*+\Z)|![\w!:/-]+(?=[ \t]+[|>\"'][^\n]*\n?[ \t]*\Z)")


def standing(content: bytes, slot: Slot, kind: str) -> Standing:
    """What stands in `slot`.

    A reference with a literal default is a literal: `value_span_of` is where that is.

    Args:
        content: of the file.
        slot: one of its slots.
        kind: how the file was read.
    """
    value = content[slot.start : min(slot.end, slot.start + _LONGEST)].strip()
    if kind == "yaml":
        match = _TAG.search(
            content, max(0, slot.start - 100, content.rfind(b":", 0, slot.start)), slot.start
        )
        by_tag = tagged(match[0], value) if match else None
        if by_tag:
            return by_tag
    if not value:
        return _nothing(content, slot, kind)
    quoted = content[slot.start - 1 : slot.start] in (b'"', b"'", b"`") and slot.start > 0
    if kind in _CODE_KINDS and quoted and _interpolated(content, slot, value):
        return Standing("reference", "variable")
    if kind == "shell" and content[slot.start - 1 : slot.start] == b"`" and slot.start > 0:
        return Standing("reference", "function")
    raw = _raw(content, slot, kind)
    return _stands(value, slot.key, kind, quoted=quoted, raw=raw)


def standing_of(text: bytes, key: str, kind: str, type_of: str) -> Standing:
    """What stands in a setting, by its value as a program gets it.

    Unlike in a slot, where secrets are looked for, a switch such as `true` or `none` is a value.

    Args:
        text: the value.
        key: of the setting.
        kind: how the file was read.
        type_of: of the value, as `Setting.type`.
    """
    if type_of in ("number", "boolean"):
        return _IS_LITERAL
    value = text[:_LONGEST].strip()
    if type_of == "null" or not value:
        return Standing("empty")
    if SWITCH.fullmatch(value):
        return _IS_LITERAL
    return _stands(value, key, kind, quoted=type_of == "string", raw=False)


def _stands(value: bytes, key: str, kind: str, *, quoted: bool, raw: bool) -> Standing:
    if value[0] in _CIPHERED:
        for by, pattern in _BY_CIPHERTEXT:
            if pattern.fullmatch(value):
                return Standing("ciphertext", by)
    if "encryptedData" in key and (".encryptedData." in f".{key}." or "encryptedData[" in key):
        return Standing("ciphertext", "sealed-secret")
    if not quoted and _EMPTY.fullmatch(value):
        return Standing("empty")
    if value[0] == _DOLLAR and (default := _DEFAULT.fullmatch(value)):
        stands_in = _PLACEHOLDER.fullmatch(default["value"].strip())
        return Standing("reference", "environment") if stands_in else _IS_LITERAL
    if (kind not in _CODE_KINDS or quoted) and _TELLING.search(value):
        for by, pattern in _BY_REFERENCE:
            if pattern.fullmatch(value) and not (by == "environment" and raw):
                return Standing("reference", by)
    if kind in _EXPRESSIONS and not quoted:
        expression = _expression(value[:_LONGEST_EXPRESSION], kind)
        if expression:
            return expression
    if len(value) <= _LONGEST_PLACEHOLDER and _PLACEHOLDER.fullmatch(value):
        return Standing("placeholder")
    return _IS_LITERAL


def value_span_of(content: bytes, slot: Slot) -> tuple[int, int]:
    """Where the literal of a slot stands: its default, where it is `${NAME:-default}`."""
    match = _DEFAULT.fullmatch(content, slot.start, min(slot.end, slot.start + _LONGEST))
    return match.span("value") if match else (slot.start, slot.end)


def _nothing(content: bytes, slot: Slot, kind: str) -> Standing:
    """`- KEY` in a list of variables takes the value from where the file is used."""
    before = content[slot.start - 1 : slot.start]
    if kind in ("yaml", "json") and slot.start and (before.isalnum() or before == b"_"):
        return Standing("reference", "environment")
    return Standing("empty")


def tagged(tag: bytes, value: bytes) -> Standing | None:
    """What a tag before a value in YAML makes of it, if anything."""
    tag = tag.lower()
    if b"vault" in tag:
        if value.startswith(b"$ANSIBLE_VAULT;"):
            return Standing("ciphertext", "ansible-vault")
        return Standing("reference", "vault")
    if tag in (b"!ref", b"!sub", b"!getatt", b"!importvalue", b"!reference"):
        return Standing("reference", "template")
    if tag in (b"!secret", b"!secrets"):
        return Standing("reference", "vault")
    if tag in (b"!env", b"!env_var", b"!envvar"):
        return Standing("reference", "environment")
    return None


def _raw(content: bytes, slot: Slot, kind: str) -> bool:
    """Whether the shell takes `$` there as it is: between single quotes."""
    return (
        content[slot.start : slot.start + 1] == b"$"
        and kind in ("shell", "dotenv")
        and content[slot.start - 1 : slot.start] == b"'"
    )


def _expression(value: bytes, kind: str) -> Standing | None:
    """What an expression in code refers to; None if it is a value."""
    if _CONSTANT.fullmatch(value):
        return None
    if kind == "hcl" and _TERRAFORM.fullmatch(value):
        by = "vault" if b"secret" in value and b"data." in value else "variable"
        return Standing("reference", by)
    for by, pattern in _BY_CODE[: 2 if kind == "text" else 4]:
        if pattern.fullmatch(value) and (by != "function" or _looks_up(value)):
            return Standing("reference", by)
    if kind == "text":
        return None
    return Standing("reference", "function") if b"(" in value else None


def _looks_up(value: bytes) -> bool:
    """Whether a call gets a value from elsewhere."""
    name = value.partition(b"(")[0].decode("latin-1")
    return bool(LOOKUP.search(name)) or not re.search(rb"[\"'`]", value)


def _interpolated(content: bytes, slot: Slot, value: bytes) -> bool:
    """Whether the text between quotes is nothing but a variable put in."""
    before = content[max(0, slot.start - 4) : slot.start - 1]
    if content[slot.start - 1 : slot.start] == b"`" or before[-1:] == b"$":
        return bool(re.fullmatch(rb"\$?\{[^{}]*\}", value))
    if before[-1:].lower() == b"f" and not before[-2:-1].isalnum():
        return bool(re.fullmatch(rb"\{[^{}]*\}", value))
    return bool(re.fullmatch(rb"#\{[^{}]*\}", value))
