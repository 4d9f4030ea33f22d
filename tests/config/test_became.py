"""What became of a slot in the next version of its file."""

from __future__ import annotations

import pytest

from forensics.config.became import what_became
from forensics.config.read import read_slots

_ENV = b"env:\n- name: DB\n"
_SECRET = b"kind: Secret\nmetadata: {name: s}\n"

CHANGES = {
    "another literal": (b"a.env", b"DB=old", b"A=1\nDB=new", "DB", "literal", ""),
    "a variable": (b"a.env", b"DB=old", b"DB=${DB}", "DB", "reference", "environment"),
    "nothing": (b"a.env", b"DB=old", b"DB=", "DB", "empty", ""),
    "gone": (b"a.env", b"DB=old", b"A=1", "DB", "absent", ""),
    "renamed": (b"a.env", b"DB=old", b"DATABASE=old", "DB", "absent", ""),
    "a stand-in": (b"a.env", b"DB=old", b"DB=changeme", "DB", "placeholder", ""),
    "a file of its own": (
        b"a.env", b"DB=old", b"DB_FILE=/run/secrets/db", "DB", "reference", "file"
    ),
    "a secret of the cluster": (
        b"a.yml", _ENV + b"  value: old\n",
        _ENV + b"  valueFrom: {secretKeyRef: {name: s, key: k}}\n",
        "env[name=DB].value", "reference", "kubernetes secretKeyRef",
    ),
    "a mapping that refers": (
        b"a.yml", b"db: old\n", b"db:\n  secretKeyRef: {name: s}\n",
        "db", "reference", "kubernetes secretKeyRef",
    ),
    "encrypted with SOPS": (
        b"a.yml", b"db: old\n", b"db: ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]\n",
        "db", "ciphertext", "sops",
    ),
    "sealed": (
        b"a.yml", _SECRET + b"data: {db: old}\n",
        b"kind: SealedSecret\nspec:\n  encryptedData: {db: AgB}\n",
        "data.db", "ciphertext", "sealed-secret",
    ),
    "an external secret": (
        b"a.yml", _SECRET + b"data: {db: old}\n",
        b"kind: ExternalSecret\nspec:\n  data:\n  - secretKey: db\n    remoteRef: {key: k}\n",
        "data.db", "reference", "vault",
    ),
    "encrypted as a whole": (
        b"a.yml", b"db: old\n", b"$ANSIBLE_VAULT;1.1;AES256\n6162\n",
        "db", "ciphertext", "ansible-vault",
    ),
    "one document of two": (
        b"a.yml", _SECRET + b"data: {db: old}\n",
        _SECRET + b"data: {db: new}\n---\nkind: Pod\nmetadata: {name: p}\n",
        "data.db", "literal", "",
    ),
    "code that asks the environment": (
        b"a.py", b"DB = 'old'\n", b"import os\nDB = os.environ['DB']\n",
        "DB", "reference", "environment",
    ),
    "terraform's reference": (
        b"a.json", b'{"db": "old"}', b'{"db": {"Ref": "Db"}}', "db", "reference", "template"
    ),
    "a key file replaced": (b"id_rsa", b"old", b"new", "", "literal", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_slot_became(name):
    """Replaced, externalised, emptied and deleted are told apart."""
    path, before, after, key, kind, by = CHANGES[name]
    assert key in [slot.key for slot in read_slots(path, before).slots]
    became = what_became(path, after, key, read_slots(path, before).kind)
    assert (became.kind, became.by) == (kind, by)
    assert not became.uncertain
    assert (became.slot is None) == (kind == "absent")


def test_what_is_absent_from_a_file_that_does_not_parse_is_uncertain():
    """Unparsable is not absent."""
    became = what_became(b"a.yml", b"a: [\nb: c\n", "db")
    assert (became.kind, became.uncertain) == ("absent", True)


def test_an_encrypted_file_under_a_name_that_tells_nothing_is_read_as_before():
    """The kind of the version before decides where the name does not."""
    assert what_became(b"renamed", b"DB=new two\n", "DB", "dotenv").kind == "literal"


def test_a_slot_with_a_longer_name_is_no_successor():
    """`DB_HOST` is not what became of `DB`."""
    assert what_became(b".env", b"DB_HOST=x\nDBX=y\n", "DB").kind == "absent"


def test_of_two_documents_neither_is_taken_for_the_one_before():
    """If two have the key, it is not known which is meant."""
    two = b"kind: A\nmetadata: {name: x}\nk: 1\n---\nkind: B\nmetadata: {name: y}\nk: 2\n"
    assert what_became(b"a.yml", two, "k").kind == "absent"
