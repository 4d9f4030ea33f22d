"""Structures compared with what others published: test vectors, and other programs' keys."""

import base64
import subprocess

import pytest

from detectors.structure import Token, inspect
from detectors.structure.azure import client_secret_checksum, marvin32
from detectors.structure.encodings import base58check
from detectors.structure.pgp import crc24
from detectors.template import expand


def test_the_account_in_a_key_id_is_that_of_the_published_example():
    """https://medium.com/@TalBeerySec/a-short-note-on-aws-key-id-f88cc4317489 names both."""
    facts = dict(inspect("aws-access-key-id", Token(b"ASIA" + b"Y34FZKBOKMUTVV7A")).facts)
    assert facts["AWS account"] == "609629065308"
    assert facts["kind"].startswith("temporary")


def test_an_old_key_id_tells_no_account():
    """In the older generation, no account number is known to stand."""
    facts = dict(inspect("aws-access-key-id", Token(b"AKIA" + b"IOSFODNN7BQKPLEA")).facts)
    assert facts == {"kind": "long-term key"}


def test_marvin_is_that_of_the_published_test():
    """From the tests of .NET: the empty text under its first seed."""
    assert marvin32(b"", bytes.fromhex("004fb61a001bdbcc")) == 0x302009BC


def test_a_client_secret_ends_as_in_the_published_example():
    """https://github.com/microsoft/security-utilities gives one made of one letter."""
    assert client_secret_checksum(b"zzz8Q~" + b"z" * 31) == b"blP"


@pytest.mark.parametrize("text", ["A12UEL5L", "a12uel5l", "split1checkupstagehandshakeupstream"
                                  "erranterredcaperred2y9e3w"])  # fmt: skip
def test_bech32_accepts_what_its_specification_does(text: str):
    """BIP 173 lists strings that are right, and says that one changed letter makes them wrong."""
    assert inspect("bech32", Token(text.encode())).valid is True
    changed = text[:-1] + ("q" if text.islower() else "Q")
    assert inspect("bech32", Token(changed.encode())).valid is False


def test_bech32_in_mixed_case_is_wrong():
    """As BIP 173 demands."""
    assert inspect("bech32", Token(b"A12uel5l")).valid is False


def test_base58check_reads_the_address_of_the_first_block():
    """Known to everybody, and no secret."""
    body = base58check(b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")
    assert body is not None
    assert body.hex() == "0062e907b15cbf27d5425399ebf6f0fb50ebb88f18"


def test_crc24_is_that_of_the_published_test():
    """The check value of CRC-24/OPENPGP."""
    assert crc24(b"123456789") == 0x21CF02


@pytest.mark.parametrize("label", ["RSA PRIVATE KEY", "PRIVATE KEY"])
def test_a_fingerprint_is_what_ssh_keygen_prints(label: str, tmp_path):
    """Of the public half, so that it can be looked for where the key is authorized."""
    file = tmp_path / "key"
    value = expand(f"{{pem:{label}}}", 3)
    file.write_bytes(value)
    file.chmod(0o600)
    printed = subprocess.run(["ssh-keygen", "-l", "-f", file], capture_output=True, text=True)
    facts = dict(inspect("pem", Token(value.strip())).facts)
    assert facts["public key"] in printed.stdout
    assert facts["public key"].startswith("SHA256:")


@pytest.mark.parametrize("kind", ["rsa", "ed25519", "ecdsa"])
@pytest.mark.parametrize("passphrase", ["", "correct"])
def test_a_key_of_openssh_is_read(kind: str, passphrase: str, tmp_path):
    """With or without encryption its public half is told."""
    file = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-f", file], check=True)
    printed = subprocess.run(["ssh-keygen", "-l", "-f", file], capture_output=True, text=True)
    structure = inspect("pem", Token(file.read_bytes().strip()))
    facts = dict(structure.facts)
    assert structure.valid is True
    assert facts["public key"] in printed.stdout
    assert (facts["encrypted"] == "no") is (passphrase == "")


def test_the_signature_of_a_jwt_made_with_a_secret_from_documentation_is_told():
    """Anybody can sign such a token, whatever is kept secret."""
    import hmac

    head, body, _ = expand("{jwt:HS256}").split(b".")
    signed = base64.urlsafe_b64encode(hmac.digest(b"your-256-bit-secret", head + b"." + body,
                                                  "sha256")).rstrip(b"=")  # fmt: skip
    facts = dict(inspect("jwt", Token(b".".join((head, body, signed)))).facts)
    assert "anybody can sign" in facts["signed with"]
