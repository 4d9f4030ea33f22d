"""A reader of DER, as much of it as private keys need.

Source: ITU-T X.690.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["BIT_STRING", "CONTEXT_0", "CONTEXT_1", "INTEGER", "OCTET_STRING", "OID", "SEQUENCE",
           "Element", "NotDer", "elements", "encoded", "integer", "only", "sequence"]  # fmt: skip

INTEGER, BIT_STRING, OCTET_STRING, OID, SEQUENCE = 2, 3, 4, 6, 0x30
CONTEXT_0, CONTEXT_1 = 0xA0, 0xA1
_MOST_ELEMENTS = 64


class NotDer(ValueError):
    """These bytes are no DER of the shape that was asked for."""


class Element(NamedTuple):
    """A tag and what stands in it."""

    tag: int
    body: bytes


def elements(data: bytes) -> list[Element]:
    """The elements that `data` is a run of.

    Raises:
        NotDer: it is none, or one of too many.
    """
    found: list[Element] = []
    at = 0
    while at < len(data):
        if len(found) == _MOST_ELEMENTS or at + 2 > len(data):
            raise NotDer
        tag, size = data[at], data[at + 1]
        at += 2
        if size >= 0x80:
            width = size & 0x7F
            if not 1 <= width <= 4 or at + width > len(data):
                raise NotDer
            size = int.from_bytes(data[at : at + width], "big")
            at += width
        if at + size > len(data):
            raise NotDer
        found.append(Element(tag, data[at : at + size]))
        at += size
    return found


def only(data: bytes, tag: int) -> bytes:
    """What stands in the one element that `data` is.

    Raises:
        NotDer: it is not one of that tag.
    """
    found = elements(data)
    if len(found) != 1 or found[0].tag != tag:
        raise NotDer
    return found[0].body


def sequence(data: bytes) -> list[Element]:
    """The elements of the one sequence that `data` is.

    Raises:
        NotDer: it is not one.
    """
    return elements(only(data, SEQUENCE))


def integer(element: Element) -> int:
    """The number that an element is.

    Raises:
        NotDer: it is none.
    """
    if element.tag != INTEGER or not element.body:
        raise NotDer
    return int.from_bytes(element.body, "big", signed=True)


def encoded(tag: int, body: bytes) -> bytes:
    """An element of that tag around `body`."""
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    width = (size.bit_length() + 7) // 8
    return bytes((tag, 0x80 | width)) + size.to_bytes(width, "big") + body
