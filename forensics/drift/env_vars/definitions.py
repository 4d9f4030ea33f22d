"""Where environment variables get values: environment files, manifests, images, CI and scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from forensics.config.env_reads import is_test, language_of
from forensics.config.kinds import kind_of
from forensics.drift.env_vars.compose import composed, hands_on
from forensics.drift.env_vars.model import (
    CI,
    EXAMPLE,
    FILE,
    IMAGE,
    MANIFEST,
    SCRIPT,
    Definition,
)

__all__ = ["definitions", "is_example", "may_define"]

_LARGEST = 1 << 20
_MOST = 5_000
_EXAMPLE = re.compile(
    rb"(?:^|[._-])(?:examples?|samples?|templates?|tpl|dist|schema|defaults?)(?=$|[._-])"
)
_CI = re.compile(
    rb"(?:^|/)(?:\.github/(?:workflows|actions)/.*\.ya?ml|action\.ya?ml|\.gitlab-ci\.ya?ml"
    rb"|\.gitlab/.*\.ya?ml|.*\.gitlab-ci\.ya?ml|\.circleci/.*\.ya?ml|bitbucket-pipelines\.ya?ml"
    rb"|azure-pipelines.*\.ya?ml|\.azure.*/.*\.ya?ml|\.travis\.ya?ml|cloudbuild.*\.ya?ml"
    rb"|\.drone\.ya?ml|\.woodpecker.*\.ya?ml|buildspec.*\.ya?ml|Jenkinsfile.*|\.buildkite/.*\.ya?ml)$"
)
_NO_DEFINITION = re.compile(
    rb"(?:^|/)(?:node_modules|vendor|third_party)/|(?:pnpm-lock|package-lock|lock)\.(?:ya?ml|json|toml)$"
)

_NAME = rb"([A-Z][A-Z0-9_]*)"
_DOTENV = re.compile(rb"^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*(?:=|:[ \t])", re.MULTILINE)
_COMMENTED = re.compile(rb"^[ \t]*#+[ \t]*(?:export[ \t]+)?" + _NAME + rb"[ \t]*=", re.MULTILINE)
_YAML = re.compile(
    rb"^[ \t]*(?:-[ \t]+)?[\"']?" + _NAME + rb"[\"']?[ \t]*:(?=\s|$)"
    rb"|^[ \t]*-[ \t]+[\"']?" + _NAME + rb"(?:=|[\"']?[ \t]*(?:#.*)?$)"
    rb"|^[ \t]*(?:-[ \t]+)?(?:name|key|envVar|variable):[ \t]*[\"']?"
    + _NAME
    + rb"[\"']?[ \t]*(?:#.*)?$"
    rb"|\{[^\n{}]{0,200}\b(?:name|key):[ \t]*[\"']?" + _NAME + rb"\b",
    re.MULTILINE,
)
_IN_CI = re.compile(
    rb"\b(?:secrets|vars|env)\.([A-Za-z_]\w*)|(?<![\w$.-])" + _NAME + rb"=|^[ \t]*" + _NAME
    + rb"[ \t]*[:=](?!=)|\b(?:credentials\(|variable:[ \t]*)['\"]?" + _NAME,
    re.MULTILINE,
)  # fmt: skip
_TABLE = re.compile(
    rb"^[ \t]*\"?" + _NAME + rb"\"?[ \t]*[=:]|\bname[ \t]*[=:][ \t]*\"" + _NAME + rb"\"",
    re.MULTILINE,
)
_JSON = re.compile(
    rb"\"" + _NAME + rb"\"[ \t]*:|\"(?:name|Name|key|Key)\"[ \t]*:[ \t]*\"" + _NAME + rb"\""
)
_PACKAGE = re.compile(rb"(?<![\w$.{-])" + _NAME + rb"=")
_SCRIPT = re.compile(
    rb"(?:^|[\s;&(])(?:export|setx?)[ \t]+" + _NAME + rb"="
    rb"|(?:-e|--env|--build-arg|--set-env-vars)[ =]\"?" + _NAME
    + rb"|(?:^|[ \t;&|(])" + _NAME + rb"=(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s;&|]*)[ \t]+[\w./-]",
    re.MULTILINE,
)  # fmt: skip
_UNIT = re.compile(rb"^Environment=[\"']?" + _NAME + rb"=", re.MULTILINE)
_IMAGE = re.compile(
    rb"^[ \t]*(ENV|ARG)[ \t]+((?:[^\n\\]|\\\r?\n|\\.)*)", re.IGNORECASE | re.MULTILINE
)
_PAIR = re.compile(rb"(?:^|[\s])([A-Za-z_]\w*)=(\"(?:[^\"\\]|\\.)*\"|'[^']*'|\S*)")


class _Kind(NamedTuple):
    role: str
    pattern: re.Pattern[bytes]


_BY_KIND = {
    "yaml": _Kind(MANIFEST, _YAML),
    "hcl": _Kind(MANIFEST, _TABLE),
    "toml": _Kind(MANIFEST, _TABLE),
    "json": _Kind(MANIFEST, _JSON),
    "shell": _Kind(SCRIPT, _SCRIPT),
    "procfile": _Kind(SCRIPT, _SCRIPT),
    "ini": _Kind(MANIFEST, _UNIT),
    "properties": _Kind(MANIFEST, _TABLE),
}


def may_define(path: bytes) -> bool:
    """Whether a file can define environment variables, by its path alone."""
    if _NO_DEFINITION.search(path):
        return False
    return bool(_CI.search(path)) or _kind(path) in (*_BY_KIND, "dotenv", "dockerfile")


def _kind(path: bytes) -> str:
    """How a file reads, by its path: `env.ts` is code."""
    kind = kind_of(path, b"")
    return "code" if kind == "dotenv" and language_of(path) else kind


def is_example(path: bytes) -> bool:
    """Whether a file documents variables instead of setting them."""
    name = path.rpartition(b"/")[2].lower()
    return _kind(path) == "dotenv" and _EXAMPLE.search(name) is not None


def definitions(path: bytes, content: bytes) -> tuple[Definition, ...]:
    """The variables that a file gives a value, or documents. Never raises."""
    if len(content) > _LARGEST or b"\0" in content[:8000] or _NO_DEFINITION.search(path):
        return ()
    found: list[Definition] = []
    for name, at, role, passes, own in _found(path, content):
        if len(found) == _MOST:
            break
        line = content.count(b"\n", 0, at) + 1
        found.append(Definition(path, line, name.decode(), role, passes, own))
    return tuple(found)


def _found(path: bytes, content: bytes) -> Iterator[tuple[bytes, int, str, bool, bool]]:
    """Name, offset, role, whether it hands on itself, and whether it is the code's own."""
    kind = _kind(path) if language_of(path) else kind_of(path, content)
    name = path.rpartition(b"/")[2]
    if kind == "dotenv":
        example = is_example(path)
        role, own = (EXAMPLE if example else FILE), not is_test(path)
        for found in _DOTENV.finditer(content):
            yield found[1], found.start(1), role, False, own
        # An example says in a comment what may be set.
        for found in _COMMENTED.finditer(content) if example else ():
            yield found[1], found.start(1), role, False, False
    elif kind == "dockerfile":
        yield from _image(content)
    elif _CI.search(path):
        yield from _matches(_IN_CI, content, CI)
    elif language_of(path) == "compose":
        yield from composed(path, content)
    elif name == b"package.json":
        yield from _matches(_PACKAGE, content, SCRIPT)
    elif kind in _BY_KIND:
        yield from _matches(_BY_KIND[kind].pattern, content, _BY_KIND[kind].role)


def _matches(
    pattern: re.Pattern[bytes], content: bytes, role: str
) -> Iterator[tuple[bytes, int, str, bool, bool]]:
    for found in pattern.finditer(content):
        group = found.lastindex
        if group is not None:
            end = content.find(b"\n", found.end())
            rest = content[found.end() : end if end >= 0 else len(content)][:300]
            passes = hands_on(rest, found[group])
            yield found[group], found.start(group), role, passes, False


def _image(content: bytes) -> Iterator[tuple[bytes, int, str, bool, bool]]:
    for found in _IMAGE.finditer(content):
        argument, text = found[1].upper() == b"ARG", found[2]
        pairs = list(_PAIR.finditer(text))
        if not pairs and not argument:  # `ENV NAME value`, as it was written once
            alone = re.match(rb"([A-Za-z_]\w*)[ \t]+", text)
            if alone:
                yield alone[1], found.start(2), IMAGE, False, False
        for pair in pairs:
            passes = hands_on(pair[2], pair[1])
            yield pair[1], found.start(2) + pair.start(1), IMAGE, passes, False
