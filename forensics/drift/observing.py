"""A version of a configuration file as observations: no value leaves this module."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from detectors.canonical import canonical
from forensics.config.settings import Setting, read_settings
from forensics.config.slot import document
from forensics.drift.model import Observation, Place, Reading
from forensics.drift.sections import sections
from forensics.drift.traits import shape_of, traits_of
from forensics.key import Key

if TYPE_CHECKING:
    from forensics.drift.environments import Placer

__all__ = ["observe"]

_ARMOUR = b"-----BEGIN "
_SOPS = b"ENC[AES256_GCM,"
_OTHER_BASE = re.compile(rb"0x[0-9a-fA-F]{1,16}|0o[0-7]{1,22}")
_HASH = re.compile(r"\.hashes(?:\[\d+\])?\Z")
_SOPS_FLAT = re.compile(r"sops[_.]([a-z].*)")
_REMEMBERED = 512
"""Bytes of the longest value that is only told once."""
_LISTED = re.compile(r"__list_(\d+)__map_")


def observe(path: bytes, content: bytes, place: Place, key: Key, placer: Placer) -> Reading:
    """What a version of a file holds.

    Args:
        path: of the file.
        content: all of it.
        place: where the file belongs.
        key: makes the fingerprints.
        placer: knows names of environments.
    """
    settings = read_settings(path, content)
    encrypted = _SOPS in content
    locks = path.endswith(b".lock.hcl")
    observations = []
    for environment, setting in sections(path, place, settings, placer.names):
        name = setting.key
        if locks and _HASH.search(name):
            continue  # it follows from the version, and from who wrote the file on which system
        if encrypted and (of_sops := _of_sops(name)):
            environment, name = "", of_sops
        observations.append(
            Observation(
                environment,
                name,
                setting.line,
                setting.kind,
                setting.type,
                *_told(_canonical(setting), name, setting.kind, key, placer),
            )
        )
    return Reading(tuple(observations), settings.trouble)


def _told(
    text: bytes, name: str, kind: str, key: Key, placer: Placer
) -> tuple[bytes, bytes, frozenset[str]]:
    """Fingerprint, shape and traits of a value."""
    if len(text) > _REMEMBERED:
        return _tell(text, name, kind, key, placer)
    return _tell_once(text, name, kind, key, placer)


def _tell(
    text: bytes, name: str, kind: str, key: Key, placer: Placer
) -> tuple[bytes, bytes, frozenset[str]]:
    is_environment = _names_of(placer)
    fingerprint = shape = key.fingerprint(text)
    if kind == "literal" and (shaped := shape_of(text, is_environment)) != text:
        shape = key.fingerprint(b"shape\0" + shaped)
    return fingerprint, shape, traits_of(text, name, kind, is_environment)


# From one version of a file to the next, most of it stays.
_tell_once = lru_cache(maxsize=20_000)(_tell)


@lru_cache(maxsize=4)
def _names_of(placer: Placer) -> Callable[[str], bool]:
    """Whether a name is an environment's; remembers."""
    names = placer.names

    @lru_cache(maxsize=100_000)
    def is_environment(name: str) -> bool:
        found = names.find(name)
        return found is not None and not found.before and not found.after

    return is_environment


def _canonical(setting: Setting) -> bytes:
    """The value as its fingerprint is made of: the same wherever and however it is written."""
    text = setting.text.strip()
    if setting.kind in ("ciphertext", "reference"):
        return text
    if setting.type == "boolean":
        return text.lower()
    if setting.type == "number" and _OTHER_BASE.fullmatch(text):
        return b"%d" % int(text, 0)
    return canonical(text, "pem") if text.startswith(_ARMOUR) else text


def _of_sops(name: str) -> str:
    """A key of SOPS's own data, as it would be in YAML; empty for any other."""
    plain = name[len(document(name)) :]
    if plain.startswith("sops."):
        return "sops." + _LISTED.sub(r"[\1].", plain[5:])
    flat = _SOPS_FLAT.fullmatch(plain)
    return "sops." + _LISTED.sub(r"[\1].", flat[1]) if flat else ""
