"""Private keys of OpenSSH.

Source: https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key
"""

from __future__ import annotations

from detectors.structure.keys import Key, ssh_fingerprint

__all__ = ["MAGIC", "openssh", "ssh_strings"]

MAGIC = b"openssh-key-v1\0"
_MOST_STRINGS = 16


def ssh_strings(data: bytes, most: int = _MOST_STRINGS) -> tuple[list[bytes], bytes]:
    """Up to `most` strings, each after its length, at the start of `data`, and what is left.

    Raises:
        ValueError: one is cut off.
    """
    found: list[bytes] = []
    while data and len(found) < most:
        size = int.from_bytes(data[:4], "big")
        if len(data) < 4 + size:
            raise ValueError("cut off")
        found.append(data[4 : 4 + size])
        data = data[4 + size :]
    return found, data


def _kind(public: bytes) -> str:
    parts, _ = ssh_strings(public)
    name = parts[0].decode("ascii")
    if name == "ssh-rsa":
        return f"RSA, {int.from_bytes(parts[2], 'big').bit_length()} bits"
    if name == "ssh-dss":
        return f"DSA, {int.from_bytes(parts[1], 'big').bit_length()} bits"
    known = {"ssh-ed25519": "Ed25519", "ecdsa-sha2-nistp256": "EC, P-256",
             "ecdsa-sha2-nistp384": "EC, P-384", "ecdsa-sha2-nistp521": "EC, P-521"}  # fmt: skip
    return known.get(name, name[:40])


def openssh(data: bytes) -> tuple[Key, str]:
    """A key, and by what it is encrypted (`none` where it is not).

    Without encryption, two copies of a random number say whether the key is whole.

    Raises:
        ValueError: it is no such key, or cut off.
    """
    if not data.startswith(MAGIC):
        raise ValueError("not an OpenSSH key")
    (cipher, _, _), rest = ssh_strings(data[len(MAGIC) :], 3)
    if int.from_bytes(rest[:4], "big") < 1:
        raise ValueError("no key in it")
    (public, private), _ = ssh_strings(rest[4:], 2)
    how = cipher.decode("ascii")
    genuine = how != "none" or (len(private) >= 8 and private[:4] == private[4:8])
    return Key(_kind(public), genuine, ssh_fingerprint(public)), how
