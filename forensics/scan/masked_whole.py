"""A whole file as it may be shown: every secret in it masked, and what stood at its path before."""

from __future__ import annotations

from collections.abc import Callable, Collection

from forensics.errors import UsageProblem
from forensics.git.single import SingleObjects
from forensics.index.database import Connection
from forensics.index.shown_place import fingerprints_at, spans_in
from forensics.key import Key
from forensics.scan.masked_object import LARGEST, MaskedObject, Values, masked, secret_spans
from forensics.scan.reveal import read_values
from forensics.scan.setup import ScannerSetup

__all__ = ["masked_whole"]

_MOST_SECRETS = 200
"""Whose values are read again, to be looked for in the object."""


def masked_whole(
    connection: Connection,
    key: Key,
    row: int,
    content: bytes,
    oid: bytes,
    setup: ScannerSetup,
    *,
    single: SingleObjects | None = None,
    path: bytes | None = None,
    secrets: Collection[str] = (),
    go_on: Callable[[], None] = lambda: None,
) -> MaskedObject:
    """An object whose secrets are masked: those that the index knows in it, those that rules find
    there now, and wherever they stand the values of all these, of `secrets` and of the secrets
    that were at its path.

    Args:
        connection: of the index.
        key: the index's.
        row: of the repository in it.
        content: of the object.
        oid: its id.
        setup: what else to find.
        single: reads the repository in which values are read again.
        path: at which it stands.
        secrets: fingerprints of secrets to look for.
        go_on: called between the parts of it, which take long; what it raises ends it.

    Raises:
        UsageProblem: it is too large, or could not be looked through.
    """
    if len(content) > LARGEST:
        raise UsageProblem(f"{len(content):,} bytes are too many to show", "look at the context")
    spans = spans_in(connection, row, [oid])[oid]
    all_spans = secret_spans(content, spans, setup.scanner(), key)
    if all_spans is None:
        raise UsageProblem("it could not be looked through, so it is not shown", "try again")
    go_on()
    values = Values()
    values.learn(content, all_spans)
    if single is not None:
        there = () if path is None else fingerprints_at(connection, row, [path], _MOST_SECRETS)
        wanted = {*secrets, *there}
        found = read_values(single.repository, connection, key, wanted, setup, single)
        values.read_again(found)
        go_on()
    return masked(content, all_spans, values)
