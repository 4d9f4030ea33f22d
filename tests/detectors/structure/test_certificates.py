"""Certificates say which key they are of, and their number, as openssl does."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest

from detectors.structure import Token, inspect
from detectors.structure.certificates import certificate, in_armour

KINDS = {"rsa": ["rsa:2048"], "ec": ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"]}


def _made(folder: Path, kind: str, serial: str) -> tuple[bytes, bytes]:
    """A key and its certificate."""
    key, crt = folder / "key", folder / "crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-nodes", "-newkey", *KINDS[kind], "-subj", "/CN=parcels",
         "-set_serial", serial, "-keyout", key, "-out", crt],
        check=True, capture_output=True,
    )  # fmt: skip
    return key.read_bytes(), crt.read_bytes()


def _openssl(*arguments: str, given: bytes) -> bytes:
    return subprocess.run(
        ["openssl", *arguments], input=given, capture_output=True, check=True
    ).stdout


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "serial", ["0x7f", "0x80", "0x1267", "0xf0e1d2c3b4a5968778695a4b3c2d1e0f01"]
)
def test_number_and_key_are_what_openssl_prints(kind: str, serial: str, tmp_path: Path) -> None:
    """The key is told as the private half tells it."""
    key, crt = _made(tmp_path, kind, serial)
    (data,) = in_armour(crt)
    found = certificate(data)
    assert found is not None
    printed = _openssl("x509", "-noout", "-serial", given=crt)
    assert printed.decode().strip() == f"serial={found.serial}"
    assert found.public == dict(inspect("pem", Token(key.strip())).facts)["public key"]
    assert certificate(_openssl("x509", "-outform", "DER", given=crt)) == found


@pytest.mark.parametrize(
    "written",
    [
        lambda crt: crt,
        lambda crt: crt.replace(b"\n", b"\r\n"),
        lambda crt: b"tls: |\n" + b"".join(b"    %s\n" % line for line in crt.splitlines()),
        lambda crt: b'{"crt": "%s"}' % crt.replace(b"\n", rb"\n"),
        lambda crt: b"  tls.crt: " + base64.b64encode(crt),
        lambda crt: b"tls.pem: " + base64.b64encode(b"-----BEGIN OTHER-----\n" + crt),
    ],
    ids=["plain", "crlf", "indented", "escaped", "base64", "second in base64"],
)
def test_certificates_are_found_as_they_are_written(written, tmp_path: Path) -> None:
    """Also two in a row."""
    _, crt = _made(tmp_path, "ec", "0x1267")
    _, other = _made(tmp_path, "ec", "0x1268")
    told = [certificate(data) for data in in_armour(written(crt + other))]
    assert [one.serial for one in told if one] == ["1267", "1268"]


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_what_is_cut_off_is_none(cut: int, tmp_path: Path) -> None:
    """Nor is what is no certificate at all."""
    _, crt = _made(tmp_path, "ec", "0x1267")
    (data,) = in_armour(crt)
    assert certificate(data[:-cut]) is None
    assert certificate(data + b"0") is None
    assert certificate(b"") is None
    assert certificate(data[4:]) is None
