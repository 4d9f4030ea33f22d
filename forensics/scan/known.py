"""Values whose removal is to be attested: out of a clone made before, or as given. They stay in
memory."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from detectors.literals.forms import too_short
from detectors.literals.values import MOST_VALUES
from detectors.secret import Secret
from forensics.errors import UsageProblem
from forensics.git.inflate import Damaged
from forensics.git.lfs import PayloadStore
from forensics.git.repository import Repository
from forensics.git.single import SingleObjects, single_objects
from forensics.index.database import Connection
from forensics.index.sources import Source, sources_of_secrets
from forensics.key import Key
from forensics.scan.payloads import payload_windows
from forensics.scan.setup import ScannerSetup

__all__ = ["KnownValue", "given_values", "values_from"]

_LEAST, _MOST = 4, 1 << 16
"""Bytes of a value."""
_ENCODED = b"base64:"
_OF_FILTER_REPO = re.compile(rb"\A(?:literal|regex|glob):|==>")


class KnownValue(NamedTuple):
    """A value to look for, and what may be said of it."""

    fingerprint: str
    preview: str
    rule: str
    by_chance: bool
    secret: Secret


def given_values(lines: Iterable[bytes], key: Key) -> list[KnownValue]:
    """One value a line, each once, without blanks or quotes around it; after `base64:` any bytes at
    all, encoded.

    Raises:
        UsageProblem: a line is no value that can be looked for, or there is none.
    """
    found: dict[str, KnownValue] = {}
    for number, line in enumerate(lines, 1):
        value = line.removeprefix(codecs.BOM_UTF8 if number == 1 else b"").strip()
        if b"\0" in value:  # UTF-16, for one
            raise UsageProblem(
                f"line {number} of the values has zero bytes", "give text as UTF-8, else base64:…"
            )
        if _OF_FILTER_REPO.search(value):
            raise UsageProblem(
                f"line {number} of the values is written for git filter-repo",
                "give the value alone",
            )
        if value[:1] in (b'"', b"'") and value[1:].endswith(value[:1]):
            value = value[1:-1]
        if not value:
            continue
        if value.startswith(_ENCODED):
            try:
                value = base64.b64decode(value[len(_ENCODED) :], validate=True)
            except binascii.Error:
                raise UsageProblem(
                    f"what follows base64: in line {number} of the values is not base64",
                    "encode the value again",
                ) from None
        if not _LEAST <= len(value) <= _MOST:
            raise UsageProblem(
                f"the value in line {number} has {len(value):,} bytes",
                f"give values of {_LEAST} to {_MOST:,} bytes",
            )
        fingerprint = key.fingerprint(value).hex()
        secret = Secret(value)
        found[fingerprint] = KnownValue(fingerprint, secret.preview(), "", too_short(value), secret)
    return _bounded(list(found.values()), "no values were given", "give one a line")


def _bounded(values: list[KnownValue], without: str, hint: str) -> list[KnownValue]:
    if not values:
        raise UsageProblem(without, hint)
    if len(values) > MOST_VALUES:
        raise UsageProblem(f"there are {len(values):,} values", f"select at most {MOST_VALUES:,}")
    return values


def _selected(sources: Sequence[Source], wanted: Sequence[str]) -> set[str]:
    """The fingerprints meant by their starts; without any, all."""
    known = {source.fingerprint for source in sources}
    if not wanted:
        return known
    chosen: set[str] = set()
    for start in wanted:
        fits = {one for one in known if one.startswith(start.lower())}
        if len(fits) != 1:
            count = "no secret" if not fits else f"{len(fits)} secrets"
            raise UsageProblem(
                f"{count} of that clone has a fingerprint with that start",
                "`forensics findings` there lists them",
            )
        chosen |= fits
    return chosen


def values_from(
    connection: Connection,
    row: int,
    repository: Repository,
    setup: ScannerSetup,
    key: Key,
    wanted: Sequence[str] = (),
) -> tuple[list[KnownValue], list[str]]:
    """The secrets that an index knows of a clone, read again out of it.

    Args:
        connection: of the index.
        row: of the clone in it.
        repository: the clone.
        setup: what to find them with.
        key: the index's.
        wanted: starts of fingerprints; none for all.

    Returns:
        The values, and the fingerprints of those that could not be read again.

    Raises:
        UsageProblem: a start means no secret, or several; or there are none at all.
    """
    sources = sources_of_secrets(connection, row)
    left = _selected(sources, wanted)
    facts = {source.fingerprint: source for source in sources if source.fingerprint in left}
    values: dict[str, KnownValue] = {}
    store = PayloadStore(repository.common_dir)
    with single_objects(repository) as objects:
        for source in sources:
            if source.fingerprint not in left or not source.oid:
                continue
            for fingerprint, secret in _read_again(objects, store, source, setup, key).items():
                if fingerprint in left and len(secret) >= _LEAST:
                    left.discard(fingerprint)
                    one = facts[fingerprint]
                    short = too_short(secret.reveal())
                    values[fingerprint] = KnownValue(
                        fingerprint, one.preview, one.rule, short, secret
                    )
    found = [values[one] for one in sorted(values)]
    if not left:
        _bounded(found, "that clone holds no secret that is known", "scan it, or give --values")
    return found, sorted(left)


def _read_again(
    objects: SingleObjects, store: PayloadStore, source: Source, setup: ScannerSetup, key: Key
) -> dict[str, Secret]:
    """Every secret in an object of the clone or a payload that it points to, by fingerprint."""
    try:
        _, content = objects.read(source.oid)
    except Damaged:
        return {}
    found: dict[str, Secret] = {}
    part = content[source.start : source.end]
    if key.fingerprint(part).hex() == source.fingerprint:
        found[source.fingerprint] = Secret(part)
    for each in (content, *payload_windows(store, source.oid, content)):
        for hit in setup.scanner().scan(each).hits:
            found[key.fingerprint(hit.secret.reveal()).hex()] = hit.secret
    return found
