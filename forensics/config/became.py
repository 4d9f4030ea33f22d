"""What became of a slot in another version of its file."""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple

from forensics.config.read import read_slots
from forensics.config.slot import Slot, Slots, document, slots_named
from forensics.config.standing import Standing, standing

__all__ = ["Became", "became_in", "what_became"]

_MANIFESTS = frozenset({"yaml", "json"})
_DATA = re.compile(r"data[.\[]")
_UNCERTAIN = frozenset({"text"})
_ELSEWHERE = (
    (
        "kubernetes secretKeyRef",
        r"(?:valueFrom\.)?(?:secretKeyRef|secretRef|fieldRef|configMapKeyRef)"
        r"|secretName|existingSecret",
    ),
    ("vault", r"(?i:.*vault.*|remoteRef|.*secretsmanager.*|aws_secret|externalSecret)"),
    ("environment", r"(?i:\$?env|environment|from_env)"),
    ("template", r"Ref|Fn::[A-Za-z0-9]+|\$ref"),
    ("file", r"(?i:file|from_file|path)"),
)  # fmt: skip
_CHILD = tuple((by, re.compile(rf"(?:{pattern})(?:[.\[].*)?")) for by, pattern in _ELSEWHERE)
_BESIDE = (
    ("file", ("_FILE", "_file", "File", "-file", "_PATH", "_path", "Path")),
    (
        "kubernetes secretKeyRef",
        ("SecretRef", "_secret_ref", "SecretKeyRef", "SecretName", "ExistingSecret"),
    ),
    (
        "vault",
        ("_ARN", "_arn", "_SECRET_ARN", "_secret_arn", "SecretArn", "_VAULT_PATH", "_vault_path",
         "_SECRET_ID", "_secret_id"),
    ),
    ("environment", ("_ENV", "_env", "FromEnv", "_from_env", "EnvVar")),
)  # fmt: skip


class Became(NamedTuple):
    """What stands where a slot was."""

    kind: str
    """As in `Standing`, or `absent`."""
    by: str = ""
    slot: Slot | None = None
    uncertain: bool = False
    """Whether the file could not be parsed, or was read without a grammar."""


def what_became(path: bytes, content: bytes, key: str, kind: str = "") -> Became:
    """What stands at `key` in a version of a file.

    A key that is there under another name is absent: whether its value is, the caller knows.

    Args:
        path: of the file then.
        content: of it.
        key: of the slot in the version before.
        kind: how that was read.
    """
    return became_in(read_slots(path, content, kind=kind), content, key)


def became_in(slots: Slots, content: bytes, key: str) -> Became:
    """`what_became` in a version that was read already, as `slots`."""
    uncertain = bool(slots.trouble)
    if slots.kind == "key" and slots.slots:
        # Encrypted as a whole, it hides every slot that it had.
        whole = standing(content, slots.slots[0], "key")
        if not key or whole.kind == "ciphertext":
            return Became(*whole, slots.slots[0], uncertain)
    found = _follow(slots, key)
    if found is None:
        return Became("absent", uncertain=uncertain or slots.kind in _UNCERTAIN)
    slot, by = found
    if by:
        return Became("ciphertext" if by == "sealed-secret" else "reference", by, slot, uncertain)
    stands: Standing = standing(content, slot, slots.kind)
    if stands.kind == "literal" and slots.kind in _MANIFESTS:
        stands = _encoded(content, slot) or stands
    return Became(stands.kind, stands.by, slot, uncertain)


def _encoded(content: bytes, slot: Slot) -> Standing | None:
    """What stands in the data of a Kubernetes Secret, which is in base64, where that is no value of
    its own."""
    if not _DATA.match(slot.key[len(document(slot.key)) :]):
        return None
    try:
        plain = base64.b64decode(content[slot.start : slot.end], validate=True).strip()
    except (binascii.Error, ValueError):
        return None
    stands = standing(plain, Slot(slot.key, 0, len(plain), slot.line), "yaml")
    return None if stands.kind == "literal" else stands


def _follow(slots: Slots, key: str) -> tuple[Slot, str] | None:
    """The slot that took the place, and what the value comes through if the slot's name tells.

    That is the slot of this key, else one that has the value come from elsewhere:
    `key.secretKeyRef`, `env[name=X].valueFrom.…` for `env[name=X].value`, `KEY_FILE` for `KEY`,
    the key in the data of a sealed or external secret.
    """
    same = slots_named(slots, key)
    if same:
        return same[0], ""
    name = document(key)
    plain = key[len(name) :]
    stems = [plain + ".", plain + "["]
    if plain.endswith(".value"):
        stems.insert(0, plain.removesuffix("value"))
    kept: tuple[Slot, str] | None = None
    data = re.fullmatch(r"(?:stringData|data)(?=[.\[])(.*)", plain)
    for slot in slots.slots:
        other = slot.key[len(document(slot.key)) :]
        for stem in stems:
            if not other.startswith(stem):
                continue
            rest = other[len(stem) :]
            by = next((by for by, child in _CHILD if child.match(rest)), "")
            if by:
                return slot, by
        for by, endings in _BESIDE:
            if other.startswith(plain) and other[len(plain) :] in endings:
                kept = kept or (slot, by)
        if data and other == f"spec.encryptedData{data[1]}":
            return slot, "sealed-secret"
        if data and other.startswith(f"spec.data[secretKey={data[1][1:]}].remoteRef"):
            return slot, "vault"
    return kept
