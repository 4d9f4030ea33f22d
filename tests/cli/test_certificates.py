"""Serial numbers of certificates, told of the keys that they belong to."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fixtures_repos.builder import Builder
from tests.cli.command import forensics

pytestmark = pytest.mark.usefixtures("key")


class Authority:
    """Makes keys and certificates."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()

    def key(self) -> bytes:
        """A new private key."""
        made = ["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
        return subprocess.run(made, check=True, capture_output=True).stdout

    def certificate(self, key: bytes, serial: int) -> bytes:
        """A certificate of the key."""
        (self._folder / "key").write_bytes(key)
        done = subprocess.run(
            ["openssl", "req", "-x509", "-new", "-key", self._folder / "key",
             "-subj", "/CN=parcels", "-set_serial", str(serial)],
            check=True, capture_output=True,
        )  # fmt: skip
        return done.stdout


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    return Builder(tmp_path / "r")


def _stories(builder: Builder) -> list[dict[str, Any]]:
    """Of every private key, as `show` tells it."""
    forensics("scan", builder.path)
    lines = forensics("findings", builder.path, "-f", "jsonl").lines
    names = dict.fromkeys(one["secret"] for one in lines)
    return [json.loads(forensics("show", name, builder.path, "-f", "json").out) for name in names]


def _serial(story: dict[str, Any]) -> str | None:
    found: str | None = story["facts"].get("certificate serial")
    return found


def test_a_certificate_beside_its_key(authority: Authority, builder: Builder) -> None:
    """In a file of its own, not the one of another key that stands nearer by name."""
    key, other = authority.key(), authority.key()
    builder.write("deploy/tls.key", key)
    builder.write("deploy/tls.crt", authority.certificate(key, 0x0A17))
    builder.write("deploy/tls.key.crt", authority.certificate(other, 0x0B17))
    builder.commit("Serve by TLS")
    (story,) = _stories(builder)
    assert _serial(story) == "0A17"


def test_a_certificate_before_its_key(authority: Authority, builder: Builder) -> None:
    """In one file; the certificate of who signed it, after it, is not the key's."""
    key, signer = authority.key(), authority.key()
    chain = authority.certificate(key, 0x2A17) + key + authority.certificate(signer, 0x2B17)
    builder.write("haproxy.txt", chain)
    builder.commit("Serve by TLS")
    (story,) = _stories(builder)
    assert _serial(story) == "2A17"


def test_a_secret_of_kubernetes(authority: Authority, builder: Builder) -> None:
    """Both in base64, the certificate first."""
    key = authority.key()
    crt = base64.b64encode(authority.certificate(key, 0x3A17))
    builder.write(
        "k8s/tls.yaml",
        b"apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\nmetadata:\n  name: parcels\n"
        b"data:\n  tls.crt: %s\n  tls.key: %s\n" % (crt, base64.b64encode(key)),
    )
    builder.commit("Serve by TLS")
    (story,) = _stories(builder)
    assert _serial(story) == "3A17"


def test_rollovers_are_followed_by_serial(authority: Authority, builder: Builder) -> None:
    """A new certificate of the same key, then a new key: what stood in the slot says which."""
    keys = [authority.key(), authority.key()]
    for which, serial in ((0, 0x4A17), (0, 0x4B17), (1, 0x4C17)):
        builder.write("tls.key", keys[which])
        builder.write("tls.crt", authority.certificate(keys[which], serial))
        builder.commit(f"Certificate {serial:X}")
    stories = _stories(builder)
    assert {_serial(one) for one in stories} == {"4A17, 4B17", "4C17"}
    stood = [one["identifier"] for one in stories[0]["slots"] if one["secret"]]
    assert stood == [{"certificate serial": "4A17, 4B17"}, {"certificate serial": "4C17"}]


def test_a_certificate_that_comes_later(authority: Authority, builder: Builder) -> None:
    """A second scan tells of it, as a first one would."""
    key = authority.key()
    builder.write("tls.key", key)
    builder.commit("A key")
    assert [_serial(one) for one in _stories(builder)] == [None]
    builder.write("certs/parcels.pem", authority.certificate(key, 0x5A17))
    builder.commit("Its certificate")
    assert [_serial(one) for one in _stories(builder)] == ["5A17"]
