"""Values of configuration that may be shown because nothing about them looks like a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from detectors.scanner import Scanner
from forensics.config.settings import Setting, read_settings
from forensics.drift.key_names import last_name, looks_secret
from forensics.drift.model import Cell, Matrix
from forensics.git.inflate import Damaged
from forensics.git.repository import Repository
from forensics.git.single import SingleObjects
from forensics.git.trees import PathLookup
from forensics.scan.cut_values import CutValues

__all__ = ["plain_values"]

_KINDS = frozenset(("literal", "placeholder", "reference"))
_LONGEST = 2000
_LARGEST = 8 << 20
_TELLING = re.compile(
    r"(?i)passw|passphrase|secret|token|credential|api[_.-]?key|private|(?<![a-z])(?:pass|pwd|creds"
    r"|keys?|auth|salt|pepper|pin|dsn|jwt|otp|cert|signature|bearer|cookie|session)(?![a-z])"
)
"""Anywhere in a key. More is hidden than need be: whoever sees a value has no use for a guess."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_COMMON = re.compile(rb"(?i)true|false|yes|no|on|off|null|none|.{0,3}", re.DOTALL)
"""What is no secret, whatever it stands under."""
_WITH_PASSWORD = re.compile(rb"://[^\s/@]*:[^\s/@]*@")


class _File(NamedTuple):
    """A version of a configuration file, as far as it may be shown."""

    settings: tuple[Setting, ...]
    secrets: frozenset[bytes]
    """Values that are found to be secrets, or stand under a key that looks like one's."""


def plain_values(
    repository: Repository, matrix: Matrix, paths: Iterable[str], scanner: Scanner
) -> dict[tuple[str, str, str], str]:
    """Values by set, key and environment, read again from the repository.

    None is given under a key that looks like a secret's, none in which the scanner finds a secret,
    none of a Kubernetes Secret, and none that is one of these elsewhere or a long piece of one.

    Args:
        repository: to read.
        matrix: whose cells want a value.
        paths: of all configuration there is at its commit.
        scanner: finds secrets.
    """
    wanted = [
        (row.set, row.key, name, cell)
        for row in matrix.rows
        if not _telling(row.key)
        for name, cell in row.cells.items()
        if cell.path and cell.line and cell.state in ("value", "placeholder", "reference")
    ]
    commit = bytes.fromhex(matrix.commit)
    with repository.git() as git:
        single = SingleObjects(repository, git, None)
        lookup = PathLookup(single, repository.hash_bytes)
        files = {
            path: _read(single, lookup.blob(commit, path.encode()), path.encode(), scanner)
            for path in sorted({*paths, *(cell.path for *_, cell in wanted)})
        }
    secrets = frozenset[bytes]().union(*(file.secrets for file in files.values()))
    cut = CutValues((one, "") for one in secrets)
    found = {}
    for name, key, environment, cell in wanted:
        value = _value(files[cell.path].settings, key, cell, secrets)
        if value is not None and not any(cut.standing_in(value.encode())):
            found[name, key, environment] = value
    return found


def _read(single: SingleObjects, blob: bytes | None, path: bytes, scanner: Scanner) -> _File:
    nothing = _File((), frozenset())
    try:
        content = single.read(blob)[1] if blob else b""
    except Damaged:
        return nothing
    if not content or len(content) > _LARGEST:
        return nothing
    told = read_settings(path, content)
    result = scanner.scan(content)
    if told.trouble or result.timed_out or result.failed:
        return nothing
    spans = [(hit.start, hit.end) for hit in result.hits]
    plain, secret = [], set()
    for one in told.settings:
        hidden = _telling(one.key) or any(a < one.end and one.start < b for a, b in spans)
        if hidden and one.kind == "literal" and not _COMMON.fullmatch(one.text):
            secret.add(one.text)
        elif not hidden and one.kind in _KINDS and not _WITH_PASSWORD.search(one.text):
            plain.append(one)
    if _holds_secret_objects(told.settings):
        return _File((), frozenset(one.text for one in told.settings if one.kind == "literal"))
    return _File(tuple(plain), frozenset(secret))


def _telling(key: str) -> bool:
    return looks_secret(key) or bool(_TELLING.search(_CAMEL.sub("_", key)))


def _holds_secret_objects(settings: Iterable[Setting]) -> bool:
    """Whether the file has a Kubernetes Secret, under whatever keys."""
    return any(one.text == b"Secret" and last_name(one.key) == "kind" for one in settings)


def _value(
    settings: Iterable[Setting], key: str, cell: Cell, secrets: frozenset[bytes]
) -> str | None:
    """What stands under the key on the cell's line; None where that is not one thing."""
    there = [
        one
        for one in settings
        if one.line == cell.line and (one.key == key or last_name(one.key) == last_name(key))
    ]
    if len(there) != 1 or there[0].text in secrets or len(there[0].text) > _LONGEST:
        return None
    try:
        return there[0].text.decode()
    except UnicodeDecodeError:
        return None
