"""Files of lines: INI, .conf, .netrc and .pgpass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.config.lines import line_of, value_span
from forensics.config.slot import Found, Reading, key_text

__all__ = ["read_conf", "read_ini", "read_netrc", "read_postgres"]

_BOM = b"\xef\xbb\xbf"
_SECTION = re.compile(rb"[ \t]*+\[(?P<name>[^\[\]\n]*+)\]")
_OPTION = re.compile(rb"[ \t]*+(?![#;\[])(?P<key>[^\s=:;#\[][^=:\n]{0,199}?)[ \t]*(?P<mark>[=:])")
_DIRECTIVE = re.compile(
    rb"[ \t]*+(?P<key>[A-Za-z][\w.-]*+(?:[ \t]++[A-Za-z][\w.-]*+(?=[ \t]++\S))?)[ \t]++(?=\S)"
)
_ENVIRONMENT = re.compile(rb"\"((?:[^\"\\]|\\.)*+)\"|'([^']*+)'|([^\s\"']\S*+)")
_VARIABLE = re.compile(rb"[A-Za-z_]\w*")
_ESCAPED = re.compile(rb"\\([\"\\$`])")


def read_ini(content: bytes) -> Reading:
    """`key = value` under `[section]`; lines that are more indented go on with the value.

    The variables of systemd's `Environment=` are slots of their own.
    """
    found: list[Found] = []
    section = ""
    continues = False
    trouble = ""
    for start, end in _lines(content):
        header = _SECTION.match(content, start, end)
        if header:
            section, continues = key_text(header["name"].strip()) + ".", False
            continue
        match = _OPTION.match(content, start, end)
        if match is None:
            if continues and content[start : start + 1] in b" \t" and content[start:end].strip():
                found[-1] = _continued(content, found[-1], start, end)
            else:
                continues = False
                if not trouble and content[start:end].lstrip().startswith(b"["):
                    trouble = f"no section in line {line_of(content, start)}"
            continue
        continues = True
        variables = _variables(content, match, end) if match["key"] == b"Environment" else []
        if variables:
            found += [each._replace(key=section + each.key) for each in variables]
            continue
        span = value_span(content, match.end(), end, b"#;")
        found.append(Found(section + key_text(match["key"]), *span))
    return Reading(found, trouble)


def _continued(content: bytes, last: Found, start: int, end: int) -> Found:
    """`last` with one more line, which is joined to it by a line end."""
    line = content[start:end].strip()
    first = start + content[start:end].index(line)
    before = content[last.start : last.end] if last.text is None else last.text
    begin = last.start if last.end > last.start else first
    return Found(last.key, begin, first + len(line), b"\n".join(filter(None, [before, line])))


def _variables(content: bytes, option: re.Match[bytes], end: int) -> list[Found]:
    """The variables of systemd's `Environment="A=b c" D=e`."""
    found = []
    for match in _ENVIRONMENT.finditer(content, option.end(), end):
        name, _, rest = content[slice(*_inside(match))].partition(b"=")
        if not _VARIABLE.fullmatch(name):
            return []
        first, last = _inside(match)
        text = _ESCAPED.sub(rb"\1", rest) if match[1] is not None else rest
        key = f"Environment.{key_text(name)}"
        found.append(Found(key, min(first + len(name) + 1, last), last, text))
    return found


def _inside(match: re.Match[bytes]) -> tuple[int, int]:
    return next(match.span(group) for group in (1, 2, 3) if match[group] is not None)


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
