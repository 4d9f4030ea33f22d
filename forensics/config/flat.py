"""Slots of files of lines: dotenv, properties, INI, .conf, .netrc and .pgpass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.config.lines import value_span
from forensics.config.slot import Found, Reading, key_text

__all__ = ["read_conf", "read_dotenv", "read_ini", "read_netrc", "read_postgres", "read_properties"]

_BOM = b"\xef\xbb\xbf"
_DOTENV = re.compile(
    rb"[ \t]*+(?:(?:export|set|setx|declare -x|-)[ \t]++)?(?P<key>[A-Za-z_][\w.-]*+)[ \t]*+[=:]"
)
_PROPERTY = re.compile(
    rb"[ \t]*+(?![#!])(?P<key>//[^\s=]++|(?:[^\s=:\\]|\\.)++)(?:[ \t]*+[=:]|[ \t]|$)", re.S
)
_SECTION = re.compile(rb"[ \t]*+\[(?P<name>[^\[\]\n]*+)\]")
_OPTION = re.compile(rb"[ \t]*+(?![#;\[])(?P<key>[^\s=:;#\[][^=:\n]{0,199}?)[ \t]*(?P<mark>[=:])")
_DIRECTIVE = re.compile(
    rb"[ \t]*+(?P<key>[A-Za-z][\w.-]*+(?:[ \t]++[A-Za-z][\w.-]*+(?=[ \t]++\S))?)[ \t]++(?=\S)"
)
_ENVIRONMENT = re.compile(rb"[\"']?(?P<key>[A-Za-z_]\w*)=")


def read_dotenv(content: bytes) -> Reading:
    """`KEY=value`, with `export` or without; values in quotes may go on on other lines."""
    found = []
    done = 0
    for start, end in _lines(content):
        match = _DOTENV.match(content, start, end) if start >= done else None
        if match:
            span = value_span(content, match.end(), end, b"#", across=True)
            found.append(Found(key_text(match["key"]), *span))
            done = span[1]
    return Reading(found)


def read_properties(content: bytes) -> Reading:
    """`key=value`, `key: value` and `key value`; a backslash at the end continues the line."""
    found = []
    done = 0
    for start, end in _lines(content):
        if start < done:
            continue
        match = _PROPERTY.match(content, start, end)
        if match is None:
            continue
        while content[end - 1 : end] == b"\\" and end < len(content):
            following = content.find(b"\n", end + 1)
            end = following if following >= 0 else len(content)
        done = end
        begin = match.end()
        while begin < end and content[begin] in b" \t=:":
            if content[begin] in b"=:" and content[match.end() - 1] in b"=:":
                break
            begin += 1
        found.append(Found(key_text(match["key"]), *value_span(content, begin, end)))
    return Reading(found)


def read_ini(content: bytes) -> Reading:
    """`key = value` under `[section]`; lines that are more indented go on with the value.

    The variables of systemd's `Environment=` are slots of their own.
    """
    found: list[Found] = []
    section = ""
    continues = False
    for start, end in _lines(content):
        header = _SECTION.match(content, start, end)
        if header:
            section, continues = key_text(header["name"].strip()) + ".", False
            continue
        match = _OPTION.match(content, start, end)
        if match is None:
            if continues and content[start : start + 1] in b" \t" and content[start:end].strip():
                last = found[-1]
                begin = (
                    last.start if last.end > last.start else start + _indent(content, start, end)
                )
                found[-1] = Found(last.key, begin, start + len(content[start:end].rstrip()))
            else:
                continues = False
            continue
        continues = True
        first, last_byte = value_span(content, match.end(), end, b"#;")
        if match["key"] == b"Environment":
            variable = _ENVIRONMENT.match(content, match.end(), end)
            if variable:
                last_byte -= content[last_byte - 1 : last_byte] in (b'"', b"'")
                key = f"{section}Environment.{key_text(variable['key'])}"
                found.append(Found(key, variable.end(), max(last_byte, variable.end())))
                continue
        found.append(Found(section + key_text(match["key"]), first, last_byte))
    return Reading(found)


def read_conf(content: bytes) -> Reading:
    """`key = value` as in INI files and `key value` as in nginx.conf or redis.conf."""
    found = list(read_ini(content).found)
    taken = {content.rfind(b"\n", 0, each.start) for each in found}
    for start, end in _lines(content):
        match = _DIRECTIVE.match(content, start, end) if start - 1 not in taken else None
        if match is None:
            continue
        while end > start and content[end - 1] in b"; \t":
            end -= 1
        key = b" ".join(match["key"].split())
        found.append(Found(key_text(key), *value_span(content, match.end(), end, b"#")))
    return Reading(found)


def read_netrc(content: bytes) -> Reading:
    """`machine NAME login … password …`: slots `NAME.login` and `NAME.password`."""
    found = []
    machine = "default"
    words = re.finditer(rb"\S+", content)
    for word in words:
        if word[0] not in (b"machine", b"login", b"password", b"account"):
            continue
        value = next(words, None)
        if value is None:
            break
        if word[0] == b"machine":
            machine = key_text(value[0])
        else:
            found.append(Found(f"{machine}.{key_text(word[0])}", *value.span()))
    return Reading(found)


def read_postgres(content: bytes) -> Reading:
    """`host:port:database:user:password`: the first four are the key."""
    found = []
    for start, end in _lines(content):
        match = re.compile(rb"(?!#)((?:[^:\\\n]|\\.)*+:){4}").match(content, start, end)
        if match:
            key = key_text(content[start : match.end() - 1])
            found.append(Found(key, *value_span(content, match.end(), end)))
    return Reading(found)


def _lines(content: bytes) -> Iterator[tuple[int, int]]:
    """Where lines start and end, without what ends them."""
    start = len(_BOM) if content.startswith(_BOM) else 0
    while start < len(content):
        end = content.find(b"\n", start)
        end = end if end >= 0 else len(content)
        yield start, end - (content[end - 1 : end] == b"\r" and end > start)
        start = end + 1


def _indent(content: bytes, start: int, end: int) -> int:
    return len(content[start:end]) - len(content[start:end].lstrip())
