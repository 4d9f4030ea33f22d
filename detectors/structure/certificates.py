"""Certificates: their serial numbers, and the public halves of the keys that they are of."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from detectors.structure.der import (
    BIT_STRING,
    CONTEXT_0,
    INTEGER,
    SEQUENCE,
    NotDer,
    elements,
    sequence,
)
from detectors.structure.keys import public_half

__all__ = ["Certificate", "certificate", "in_armour"]

_ARMOUR = re.compile(
    rb"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----"
    rb"((?:[A-Za-z0-9+/=\s]|\\[rn]|[\"',]){64,30000}?)-----END "
)
_WRAPPED = re.compile(rb"LS0tLS1CRUdJTi[A-Za-z0-9+/]{64,400000}={0,2}")
"""Base64 of what starts with `-----BEGIN`, as a Kubernetes Secret has it."""
_LINE_ENDS = re.compile(rb"\\[rn]|[^A-Za-z0-9+/]")
_MOST = 500
_MOST_WRAPPED = 50


class Certificate(NamedTuple):
    """What a certificate says, as far as it tells which key it is of."""

    serial: str
    """As `openssl x509 -serial` prints it."""
    public: str
    """The fingerprint of its public key, as `ssh-keygen -l` prints it; empty where it has none."""


def in_armour(content: bytes) -> Iterator[bytes]:
    """The certificates in PEM in a file, also indented, with escaped line ends or in base64, each
    in DER."""
    wrapped = islice(_WRAPPED.finditer(content), _MOST_WRAPPED)
    texts = [content, *(_decoded(one[0]) for one in wrapped)]
    found = (one[1] for text in texts for one in _ARMOUR.finditer(text))
    for text in islice(found, _MOST):
        yield _decoded(_LINE_ENDS.sub(b"", text))


def _decoded(text: bytes) -> bytes:
    text = text.rstrip(b"=")
    if len(text) % 4 == 1:
        text = text[:-1]
    return b64decode(text + b"=" * (-len(text) % 4))


def certificate(data: bytes) -> Certificate | None:
    """What a certificate in DER says; None where it is none.

    Source: RFC 5280.
    """
    try:
        outer = sequence(data)
        if len(outer) != 3 or outer[0].tag != SEQUENCE or outer[2].tag != BIT_STRING:
            return None
        told = elements(outer[0].body)
        if told and told[0].tag == CONTEXT_0:  # the version
            told = told[1:]
        if len(told) < 6 or told[0].tag != INTEGER or told[5].tag != SEQUENCE:
            return None
        serial = told[0].body.hex().upper().removeprefix("00") or "00"
        return Certificate(serial[:64], public_half(told[5].body))
    except NotDer:
        return None
