"""A whole file as it may be shown: every secret in it masked, and what is known from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Collection

from forensics.errors import UsageProblem
from forensics.git.single import SingleObjects
from forensics.index.database import Connection
from forensics.index.shown_place import spans_in
from forensics.key import Key
from forensics.scan.masked_object import LARGEST, MaskedObject, Values, masked, secret_spans
from forensics.scan.setup import ScannerSetup
from forensics.scan.values_at_hand import values_at_hand

__all__ = ["masked_whole"]


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
    there now, and wherever they or long pieces of them stand the values of all these, of
    `secrets`, and of the secrets of the repository.

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
    if single is not None:
        paths = () if path is None else (path,)
        values = values_at_hand(connection, key, row, single, setup, paths=paths, secrets=secrets)
        go_on()
    values.learn(content, all_spans)
    return masked(content, all_spans, values)
