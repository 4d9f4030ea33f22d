"""What a detector reports."""

from __future__ import annotations

from typing import NamedTuple

from detectors.rule import Rule
from detectors.secret import Secret

__all__ = ["Hit", "Kind", "Pairing"]


class Pairing(NamedTuple):
    """How a kind belongs to others: a secret to its ids, or an id to its secrets."""

    partners: tuple[str, ...] = ()
    """Ids of the kinds without which a secret of this one cannot be used."""
    within: int = 20
    """Most line breaks between a secret and a partner of it."""
    identifier: str = ""
    """What the thing is called, where it is a public id and no secret: `access key id`."""
    alone: bool = True
    """Whether it is reported where nothing it belongs to stands near it."""


class Kind(NamedTuple):
    """What a detector can report, described once for lists, tables and reports."""

    id: str
    title: str
    severity: str
    why: str
    remedy: str
    prefix: str = ""
    """Public start of the secret, which may be shown."""
    generic: bool = False
    """Whether only the context of a value is known, not its provider's shape."""
    pairing: Pairing = Pairing()
    foreign: bool = False
    """Whether another tool's plugin reports it: on the same place, rules win."""

    @classmethod
    def of(cls, rule: Rule) -> Kind:
        """What `rule` reports."""
        return cls(
            rule.id, rule.title, rule.severity, rule.why, rule.remedy, rule.prefix, rule.generic,
            Pairing(rule.partners, rule.within, rule.identifier, rule.alone),
        )  # fmt: skip


class Hit(NamedTuple):
    """One secret at one place in one content."""

    kind: Kind
    start: int
    """First byte of the secret in the content."""
    end: int
    """One past its last byte."""
    secret: Secret
    """The value in canonical form."""
    confidence: float
    """0 to 1."""
    checksum: bool | None = None
    """Whether the token passes its own format's test; None where there is none."""
    facts: tuple[tuple[str, str], ...] = ()
    """What the token says about itself, name and value; holds no secret."""
    reasons: tuple[tuple[str, float], ...] = ()
    """For a generic kind: what moved the score, and by how much."""
    decoded: str = ""
    """What the value had to be decoded from, outermost first, as in `base64 > gzip`."""
    partner: tuple[int, int] | None = None
    """First byte, and one past the last, of the id or secret that belongs to this one."""
    ignored: str = ""
    """What says that this is to be ignored; empty where nothing does. After `ignoring.PENDING`,
    what does so only at some paths or in some commits."""
